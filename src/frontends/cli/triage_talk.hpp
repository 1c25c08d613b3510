// SPDX-License-Identifier: Apache-2.0
// The questions of `vuln triage`: one finding at a time, in lines, so that it works on every
// terminal and without one.
#pragma once

#include <string>
#include <vector>

#include "app/triage.hpp"
#include "base/result.hpp"
#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

struct TriageTalk {
  enum class Ending {
    complete,  ///< every finding was decided or left out
    written,   ///< the person wants to have written what is decided so far
    stopped,   ///< the person goes on another time: a word, Ctrl-C, the end of the input
  };
  Ending ending = Ending::complete;
  std::vector<Decision> decisions;
};

/// Asks about the chosen cases in their order. What is decided is kept in the file at `kept` after
/// each answer. @param decisions those of an earlier sitting; what they decide is not asked again
/// Errors: file.unwritable.
Result<TriageTalk> talk_about(const std::vector<const app::TriageCase*>& chosen,
                              std::vector<Decision> decisions,
                              const std::string& by,
                              const std::string& kept,
                              Environment& environment);

/// What is known about a finding, in lines of at most the width.
std::string facts_of(const app::TriageCase& one, int width);

}  // namespace lockstep::frontends
