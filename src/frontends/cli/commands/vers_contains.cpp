// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/version_check.hpp"
#include "frontends/cli/commands/commands.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"RANGE", "a VERS, such as 'vers:npm/>=1.0.0|<2.0.0'; a native range with --native"},
    Positional{"VERSION", "the version that is asked about"},
};
constexpr std::array options = {
    Option{"--native", "TYPE",
           "the range is in the notation of this package manager, with its rules: npm, pypi, gem, "
           "composer, nuget, maven, cargo, golang, ..."},
    Option{"--prereleases", "rule|all|none",
           "which pre-releases a native range holds: as the package manager has it, all, or none "
           "that it does not name"},
    Option{"--loose", "", "npm: also versions such as 1.2.3beta"},
};

/// "2.0.0 is not in >=1.2.0 <2.0.0-0: it is above"
std::string sentence(const app::RangeCheck& check, const std::string& version) {
  std::string text =
      fmt::format("{} is {}in {}", version, check.contains ? "" : "not ", check.range);
  if (!check.is_version && !check.contains) text += ": it is no version of this notation";
  if (!check.place.empty()) text += ": it is " + check.place;
  return text + "\n";
}

Result<app::RangeCheck> check(const Arguments& arguments) {
  const std::string range = arguments.text("RANGE");
  const std::string version = arguments.text("VERSION");
  if (!arguments.has("--native")) return app::check_range(range, version);
  return app::check_native_range(arguments.text("--native"), range, version,
                                 arguments.text("--prereleases", "rule"), arguments.has("--loose"));
}

Result<Outcome> run_vers_contains(const Arguments& arguments, Environment&) {
  TRY(const app::RangeCheck found, check(arguments));
  const std::string version = arguments.text("VERSION");
  Outcome outcome;
  outcome.exit = found.contains ? exit_code::ok : exit_code::gate_failed;
  if (!arguments.is_json()) {
    outcome.text = sentence(found, version);
    return outcome;
  }
  const bool native = arguments.has("--native");
  Json document = Json::object_of({{"schema", "lockstep/vers/1"},
                                   {native ? "comparators" : "vers", found.range},
                                   {"version", version},
                                   {"contains", found.contains},
                                   {"exit", outcome.exit}});
  if (native) {
    document.set("native", arguments.text("RANGE"));
    document.set("type", arguments.text("--native"));
    document.set("is_version", found.is_version);
    if (!found.place.empty()) document.set("place", found.place);
  }
  outcome.text = to_pretty_json(document);
  return outcome;
}

}  // namespace

const Command vers_contains = {
    "vers contains",
    "tells whether a version is in a range of versions (exit 1: it is not)",
    positionals,
    options,
    "lockstep vers contains 'vers:pypi/>=1.0|!=1.5|<2.0' 1.5\n"
    "lockstep vers contains --native npm '^1.2 || 3.x' 1.3.0\n"
    "lockstep vers contains 'vers:deb/<1:2.3-1' 1:2.2-9 --format json",
    run_vers_contains,
};

}  // namespace lockstep::frontends
