// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "app/version_check.hpp"
#include "frontends/cli/commands/commands.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"VERSION", "a semantic version"},
    Positional{"STEP",
               "major, minor, patch, premajor, preminor, prepatch, prerelease, or release, which "
               "ends a pre-release"},
};
constexpr std::array options = {
    Option{"--base", "0|1|none", "the number of the first pre-release (default 0)"},
    Option{"--identifier", "WORD", "of the pre-release: 'beta' for 1.2.4-beta.0"},
};

Result<Outcome> run_vers_next(const Arguments& arguments, Environment&) {
  const std::string version = arguments.text("VERSION");
  TRY(const std::string next,
      app::next_version(version, arguments.text("STEP"), arguments.text("--identifier"),
                        arguments.text("--base", "0")));
  Outcome outcome;
  outcome.text = arguments.is_json()
                     ? to_pretty_json(Json::object_of({{"schema", "lockstep/vers-next/1"},
                                                       {"version", version},
                                                       {"next", next},
                                                       {"exit", outcome.exit}}))
                     : next + "\n";
  return outcome;
}

}  // namespace

const Command vers_next = {
    "vers next",
    "names the version that follows a semantic version by a step, as npm makes it",
    positionals,
    options,
    "lockstep vers next 1.2.3 minor\n"
    "lockstep vers next 1.2.3 prerelease --identifier rc",
    run_vers_next,
};

}  // namespace lockstep::frontends
