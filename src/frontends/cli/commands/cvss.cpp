// SPDX-License-Identifier: Apache-2.0
#include "domain/cvss.hpp"

#include <array>
#include <fmt/format.h>

#include "frontends/cli/commands/commands.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {Positional{"VECTOR", "a CVSS vector of version 2, 3 or 4"}};

Json number_or_null(const std::optional<double>& score) {
  return score ? Json(*score) : Json{};
}

Result<Outcome> run_cvss(const Arguments& arguments, Environment&) {
  TRY(const CvssScores scores, score_cvss(arguments.text("VECTOR")));
  Outcome outcome;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(Json::object_of(
        {{"schema", "lockstep/cvss/1"},
         {"version", scores.version},
         {"base", number_or_null(scores.base)},
         {"temporal", number_or_null(scores.temporal)},
         {"environmental", number_or_null(scores.environmental)},
         {"threat", number_or_null(scores.threat)},
         {"overall", scores.overall},
         {"nomenclature", scores.nomenclature.empty() ? Json{} : Json(scores.nomenclature)},
         {"rating", scores.rating},
         {"exit", outcome.exit}}));
    return outcome;
  }
  outcome.text =
      fmt::format("CVSS {}: {:.1f} {}{}\n", scores.version, scores.overall, scores.rating,
                  scores.nomenclature.empty() ? "" : " (" + scores.nomenclature + ")");
  const auto line = [&](const char* name, const std::optional<double>& score) {
    if (score) outcome.text += fmt::format("  {:<14}{:.1f}\n", name, *score);
  };
  line("base", scores.base);
  line("temporal", scores.temporal);
  line("threat", scores.threat);
  line("environmental", scores.environmental);
  return outcome;
}

}  // namespace

const Command cvss_command = {
    "cvss",
    "scores a CVSS vector",
    positionals,
    {},
    "lockstep cvss CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
    run_cvss,
};

}  // namespace lockstep::frontends
