// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/version_check.hpp"
#include "frontends/cli/commands/commands.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"VERS", "a range of versions, such as 'vers:npm/>=1.0.0|<2.0.0'"},
    Positional{"VERSION", "the version that is asked about"},
};

Result<Outcome> run_vers_contains(const Arguments& arguments, Environment&) {
  const std::string version = arguments.text("VERSION");
  TRY(const app::RangeCheck check, app::check_range(arguments.text("VERS"), version));
  Outcome outcome;
  outcome.exit = check.contains ? exit_code::ok : exit_code::gate_failed;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/vers/1"},
                                                   {"vers", check.range},
                                                   {"version", version},
                                                   {"contains", check.contains},
                                                   {"exit", outcome.exit}}));
    return outcome;
  }
  outcome.text = fmt::format("{} is {}in {}\n", version, check.contains ? "" : "not ", check.range);
  return outcome;
}

}  // namespace

const Command vers_contains = {
    "vers contains",
    "tells whether a version is in a range of versions (exit 1: it is not)",
    positionals,
    {},
    "lockstep vers contains 'vers:pypi/>=1.0|!=1.5|<2.0' 1.5\n"
    "lockstep vers contains 'vers:deb/<1:2.3-1' 1:2.2-9 --format json",
    run_vers_contains,
};

}  // namespace lockstep::frontends
