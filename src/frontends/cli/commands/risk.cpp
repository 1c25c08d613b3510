// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "app/assess.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/commands/request.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array show_positionals = {Positional{"ID", "id of a risk, as `risk list` shows it"}};

Result<Dossier> register_of(const Arguments& arguments,
                            Environment& environment,
                            Diagnostics& problems) {
  TRY(const app::AssessRequest request, assess_request(arguments, environment));
  return app::assess(request, environment.files, environment.progress, problems);
}

int exit_of(const std::vector<Risk>& risks) {
  int exit = exit_code::ok;
  for (const Risk& risk : risks) {
    if (risk.state == State::fail) exit = higher_ranking(exit, exit_code::gate_failed);
    if (risk.state == State::human) exit = higher_ranking(exit, exit_code::human);
  }
  return exit;
}

std::string probability(double value) {
  return fmt::format("{:.2g}", value);
}

Result<Outcome> run_list(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  const auto dossier = register_of(arguments, environment, outcome.problems);
  if (!dossier) return failed(dossier.error(), std::move(outcome.problems));
  outcome.exit = exit_of(dossier->risks);
  if (arguments.is_json()) {
    outcome.text = app::risks_document(dossier->risks, outcome.exit);
    return outcome;
  }
  Table table({"Risk", "Level", "Band", "95 %", "Severity", "State", "Title"});
  for (const Risk& risk : dossier->risks)
    table.add({risk.id, risk.level.empty() ? "-" : risk.level, risk.band.empty() ? "-" : risk.band,
               risk.level.empty() ? "-" : probability(risk.current.q95),
               std::to_string(risk.harm.severity), std::string(words(risk.state)), risk.title});
  outcome.text = table.to_text(environment.width);
  return outcome;
}

/// What each input would do to the level, and which one to look into next.
std::string sensitivity(const Risk& risk, int width) {
  Table inputs({"Input", "5 %", "Level", "95 %", "Level", "Rank corr.", "Other level"});
  for (const InputSensitivity& one : risk.sensitivity)
    inputs.add({one.input, probability(one.low), one.level_low, probability(one.high),
                one.level_high,
                one.rank_correlation ? fmt::format("{:.2f}", *one.rank_correlation) : "-",
                fmt::format("{:.0f} %", 100 * one.crossing)});
  std::string text = inputs.is_empty() ? "" : "\n" + inputs.to_text(width);
  text += risk.next_evidence.empty()
              ? "\nnext best evidence: none; no single input, known better, changes the level\n"
              : fmt::format("\nnext best evidence: {}\n", risk.next_evidence);
  return text;
}

std::string page(const Risk& risk, int width) {
  const auto columns_of = static_cast<std::size_t>(width);
  std::string text = fmt::format("{}\n{}\n\n", risk.id, wrap(risk.title, columns_of));
  const auto line = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("{:<14}{}\n", name, wrap(value, columns_of, 14));
  };
  line("state", std::string(words(risk.state)));
  line("level", fmt::format("{} ({}, severity {} {})", risk.level, risk.band, risk.harm.severity,
                            risk.harm.harm_class));
  line("tags", join(risk.tags, ", "));
  line("because", risk.because);
  line("situation", risk.situation);
  line("acts", join(risk.acts, ", "));
  line("requirements", join(risk.requirements, ", "));
  line("techniques", join(risk.techniques, ", "));
  line("rests on", join(risk.findings, ", "));
  line("decision", risk.decision);
  line("probability",
       fmt::format("median {}, 95 % {} (Monte-Carlo error {}), over {} years, seed {}",
                   probability(risk.current.median), probability(risk.current.q95),
                   probability(risk.current.monte_carlo_error), risk.horizon_years, risk.seed));
  line("inherent", fmt::format("median {}, 95 % {}", probability(risk.inherent.median),
                               probability(risk.inherent.q95)));
  Table numbers({"Number", "Value", "Source", "Evidence or reason"});
  for (const NumberOrigin& number : risk.numbers)
    numbers.add({number.name, number.value, number.source, number.evidence});
  if (!numbers.is_empty()) text += "\n" + numbers.to_text(width);
  text += sensitivity(risk, width);
  Table controls({"Control", "Kind", "Effect", "Weight", "Title"});
  for (const Control& control : risk.controls)
    controls.add({control.id, control.hierarchy, fmt::format("{:.2f}", control.effectiveness),
                  fmt::format("{:.2f}", control.weight), control.title});
  if (!controls.is_empty()) text += "\n" + controls.to_text(width);
  return text;
}

Result<Outcome> run_show(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  const auto dossier = register_of(arguments, environment, outcome.problems);
  if (!dossier) return failed(dossier.error(), std::move(outcome.problems));
  const std::string id = arguments.text("ID");
  const auto found = std::ranges::find(dossier->risks, id, &Risk::id);
  if (found == dossier->risks.end()) {
    std::vector<std::string> known;
    for (const Risk& risk : dossier->risks)
      known.push_back(risk.id);
    std::string message = fmt::format("there is no risk '{}'", quotable(id));
    if (const auto near = nearest(id, known)) message += fmt::format("; did you mean '{}'?", *near);
    return fail(ErrorKind::usage, "usage.choice", std::move(message));
  }
  outcome.exit = exit_of({*found});
  outcome.text = arguments.is_json() ? app::risks_document({*found}, outcome.exit)
                                     : page(*found, environment.width);
  return outcome;
}

}  // namespace

const Command risk_list = {
    "risk list",
    "lists the one register of risks for both acts",
    {},
    {},
    "lockstep risk list --as-of 2028-09-04\n"
    "lockstep risk list --format json",
    run_list,
};

const Command risk_show = {
    "risk show",
    "shows one risk with every number and where it comes from",
    show_positionals,
    {},
    "lockstep risk show evasion.reader",
    run_show,
};

}  // namespace lockstep::frontends
