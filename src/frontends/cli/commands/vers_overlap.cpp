// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/version_check.hpp"
#include "frontends/cli/commands/commands.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"RANGE", "a range, such as the one that a manifest allows"},
    Positional{"OTHER", "another one, such as the affected versions"},
};
constexpr std::array options = {
    Option{"--native", "npm|composer|pypi", "the notation of both ranges (default npm)"},
    Option{"--prereleases", "rule|all|none",
           "which pre-releases the ranges hold: as the package manager has it, all, or none that "
           "they do not name"},
};

std::string sentence(const app::RangeRelation& relation) {
  std::string text = fmt::format("{} and {} have {}versions in common", relation.left,
                                 relation.right, relation.intersect ? "" : "no ");
  if (relation.intersect && relation.is_within.value_or(false)) {
    text += ", all versions of the first";
  }
  return text + "\n";
}

Result<Outcome> run_vers_overlap(const Arguments& arguments, Environment&) {
  TRY(const app::RangeRelation relation,
      app::relate_native_ranges(arguments.text("--native", "npm"), arguments.text("RANGE"),
                                arguments.text("OTHER"), arguments.text("--prereleases", "rule")));
  Outcome outcome;
  outcome.exit = relation.intersect ? exit_code::ok : exit_code::gate_failed;
  if (!arguments.is_json()) {
    outcome.text = sentence(relation);
    return outcome;
  }
  Json document = Json::object_of({{"schema", "lockstep/vers-overlap/1"},
                                   {"range", relation.left},
                                   {"other", relation.right},
                                   {"overlap", relation.intersect},
                                   {"exit", outcome.exit}});
  if (relation.is_within) document.set("within", *relation.is_within);
  outcome.text = to_pretty_json(document);
  return outcome;
}

}  // namespace

const Command vers_overlap = {
    "vers overlap",
    "tells whether two ranges have versions in common (exit 1: they have none)",
    positionals,
    options,
    "lockstep vers overlap '^1.2' '<1.4.7 || >=2 <2.3'\n"
    "lockstep vers overlap --native pypi '>=3.12,<3.13' '>=3.12' --format json",
    run_vers_overlap,
};

}  // namespace lockstep::frontends
