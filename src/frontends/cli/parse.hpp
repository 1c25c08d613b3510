// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

/// A command to run with its arguments.
struct Call {
  const Command* command = nullptr;
  Arguments arguments;
};

/// A text to print instead of running something: --help, --version.
struct Show {
  std::string text;
};

/// Reads the words of a command line. Unknown commands and options get the nearest known one.
/// Errors: usage.command, usage.option, usage.missing, usage.choice.
Result<std::variant<Call, Show>> parse(std::span<const std::string> words);

/// The help of one command, of one group ("vuln") or of the program ("").
std::string help(std::string_view name);

/// A completion script made from the rows. Errors: usage.choice.
Result<std::string> completion(std::string_view shell);

}  // namespace lockstep::frontends
