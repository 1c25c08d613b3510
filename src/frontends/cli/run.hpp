// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

/// What a command line printed and how it ended.
struct Printed {
  int exit = 0;
  std::string output;    ///< for standard output
  std::string problems;  ///< for standard error
  TextPieces more = {};  ///< follows `output`
};

/// Parses the words, runs the command, renders its outcome. Writes -o FILE itself, whole or not at
/// all. With --format json the output is one JSON document, also when something is wrong.
Printed run(std::span<const std::string> words, Environment& environment);

}  // namespace lockstep::frontends
