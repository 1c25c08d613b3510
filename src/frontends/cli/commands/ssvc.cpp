// SPDX-License-Identifier: Apache-2.0
#include "app/ssvc.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"TREE", "supplier, deployer, cisa, bod-26-04, ...; without it: all of them", false},
    Positional{"POINT=VALUE",
               "what is known, such as exploitation=active; several values with "
               "commas; what is left out is unknown",
               false, true},
};

std::string list_of(const SsvcTables& tables, int width) {
  Table table({"Tree", "Decides", "Asks for"});
  for (const SsvcTable& one : tables.tables) {
    std::vector<std::string> points;
    for (const SsvcPoint* point : one.points)
      points.push_back(point->id);
    table.add({one.id, one.title, join(points, ", ")});
  }
  return table.to_text(width);
}

std::string text_of(const SsvcDecision& decision, int width) {
  std::string text = fmt::format("{}: {}\n{}\n\n", decision.table->id, decision.table->title,
                                 decision.table->source);
  Table table({"Point", "Answer", "Because"});
  for (const SsvcAnswer& answer : decision.answers)
    table.add({answer.point->id, join(answer.possible, " or "), answer.because});
  text += table.to_text(width);
  text += fmt::format("\n{}: {}\n", decision.is_decided() ? "Outcome" : "Possible outcomes",
                      join(decision.outcomes, " or "));
  if (decision.missing.empty()) return text;
  text += "To decide, answer:\n";
  for (const SsvcAnswer& answer : decision.answers) {
    if (std::ranges::find(decision.missing, answer.point->id) == decision.missing.end()) continue;
    text += fmt::format("  {} ({})  {}\n", answer.point->id, join(answer.point->values, ", "),
                        answer.point->ask.empty() ? answer.point->name : answer.point->ask);
  }
  return text;
}

Result<Outcome> run_ssvc(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const auto tables, app::embedded_ssvc());
  if (!arguments.has("TREE")) {
    outcome.text = arguments.is_json() ? app::ssvc_trees_document(*tables)
                                       : list_of(*tables, environment.width);
    return outcome;
  }
  const auto decision = app::decide_tree(*tables, arguments.text("TREE"),
                                         arguments.all("POINT=VALUE"), outcome.problems);
  if (!decision) return failed(decision.error(), std::move(outcome.problems));
  if (!decision->is_decided()) outcome.exit = exit_code::incomplete;
  outcome.text = arguments.is_json() ? app::ssvc_document(*decision, outcome.exit)
                                     : text_of(*decision, environment.width);
  return outcome;
}

}  // namespace

const Command ssvc_command = {
    "ssvc",
    "walks a decision tree of SSVC with what is known",
    positionals,
    {},
    "lockstep ssvc\n"
    "lockstep ssvc supplier exploitation=active automatable=yes value_density=diffuse\n"
    "lockstep ssvc bod-26-04 in_kev=yes publicly_exposed=yes automatable=no technical_impact=total",
    run_ssvc,
};

}  // namespace lockstep::frontends
