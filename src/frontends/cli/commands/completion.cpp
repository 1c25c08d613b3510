// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/parse.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {Positional{"SHELL", "bash, zsh or fish"}};

Result<Outcome> run_completion(const Arguments& arguments, Environment&) {
  TRY(std::string script, completion(arguments.text("SHELL")));
  return Outcome{exit_code::ok, std::move(script), {}};
}

}  // namespace

const Command completion_command = {
    "completion",
    "writes the completion script of a shell",
    positionals,
    {},
    "source <(lockstep completion bash)\n"
    "lockstep completion fish > ~/.config/fish/completions/lockstep.fish",
    run_completion,
};

}  // namespace lockstep::frontends
