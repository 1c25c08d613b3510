// SPDX-License-Identifier: Apache-2.0
// The questions of `init` on a terminal.
#pragma once

#include <string>

#include "app/interview.hpp"
#include "base/result.hpp"
#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

enum class Ending {
  complete,  ///< nothing more is worth asking
  done,      ///< the person wants the file now
  later,     ///< the person goes on another time: a word, Ctrl-C, the end of the input
};

/// Asks a person until one of the endings, and keeps the answers in the file at `kept` after each.
/// The interview may come with answers of an earlier sitting. Errors: file.unwritable.
Result<Ending> converse(app::Interview& interview,
                        const std::string& kept,
                        Environment& environment);

}  // namespace lockstep::frontends
