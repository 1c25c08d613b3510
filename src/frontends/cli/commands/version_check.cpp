// SPDX-License-Identifier: Apache-2.0
#include "app/version_check.hpp"

#include <array>
#include <fmt/format.h>

#include "frontends/cli/commands/commands.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"ECOSYSTEM", "such as PyPI, npm, Maven, Debian, Go, crates.io"},
    Positional{"FILE", "lines `A < B`, `A = B` or `A > B`; `#` begins a comment"},
};

Result<Outcome> run_version_check(const Arguments& arguments, Environment& environment) {
  TRY(const app::VersionCheck check,
      app::check_versions(arguments.text("ECOSYSTEM"), arguments.text("FILE"), environment.files));
  Outcome outcome;
  outcome.exit = check.wrong > 0 ? exit_code::gate_failed : exit_code::ok;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/version-check/1"},
                                                   {"right", check.right},
                                                   {"wrong", check.wrong},
                                                   {"lines", Json::array_of(check.lines)},
                                                   {"exit", outcome.exit}}));
    return outcome;
  }
  for (const std::string& line : check.lines)
    outcome.text += line + "\n";
  outcome.text += check.summary + "\n";
  return outcome;
}

}  // namespace

const Command version_check = {
    "version-check",
    "holds statements about versions against an ecosystem's order",
    positionals,
    {},
    "lockstep version-check Debian versions.txt",
    run_version_check,
};

}  // namespace lockstep::frontends
