// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/legal_view.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--facts", "FILE", "a YAML map of fact to value, in place of a product file"},
    Option{"--what-if", "FACT=VALUE", "show what would be otherwise; may be repeated", true},
    Option{"--why", "", "every step of every decision, with its facts and provisions"},
};

/// The codes; with many of them still possible, how many and the first ones.
std::string listed(const std::vector<std::string>& codes) {
  constexpr std::size_t shown = 8;
  if (codes.empty()) return "unknown";
  if (codes.size() <= shown) return join(codes, ", ");
  return fmt::format("{} outcomes still possible: {}, ...", codes.size(),
                     join(std::span(codes).first(shown), ", "));
}

std::string code_lines(const ScopeCodes& codes) {
  return fmt::format(
      "CRA            {}\nCRA routes     {}\nAI Act         {}\nNIS2           {}\nCRA Article 12 "
      "{}\n",
      listed(codes.cra),
      codes.cra_routes.empty() ? "none of its own, or not known" : listed(codes.cra_routes),
      listed(codes.ai_act), listed(codes.nis2), codes.article_12);
}

std::string mark(Truth answer) {
  switch (answer) {
    case Truth::yes:
      return "yes";
    case Truth::no:
      return "no";
    case Truth::unknown:
      return "not known";
  }
  return "not known";
}

std::string step_lines(const Answer& answer) {
  std::string text;
  for (const DecisionStep& step : answer.steps) {
    text += fmt::format("    {} {}: {}", step.id, step.question, mark(step.answer));
    if (!step.outcome.empty()) text += " -> " + step.outcome;
    text += fmt::format("  [{}]", join(step.cites, ", "));
    if (!step.outcome.empty() && !step.basis.empty() && step.basis != "text")
      text += fmt::format(" (basis: {})", step.basis);
    text += "\n";
    for (const std::string& reason : step.because)
      text += "      " + reason + "\n";
    for (const std::string& fact : step.missing)
      text += "      missing: " + fact + "\n";
  }
  return text;
}

std::string answer_lines(const LegalView& view, bool with_steps, int width) {
  std::string text = "\nAnswers:\n";
  for (const Answer& answer : view.answers) {
    const std::string line = fmt::format(
        "{}  {}: {} [{}]", answer.id, answer.question,
        listed(answer.codes.empty() ? std::vector<std::string>{mark(answer.state)} : answer.codes),
        join(answer.cites, ", "));
    text += "  " + wrap(line, static_cast<std::size_t>(width), 4) + "\n";
    if (with_steps) {
      text += step_lines(answer);
    } else {
      for (const std::string& reason : answer.because)
        text += "    " + reason + "\n";
    }
  }
  return text;
}

std::string conflict_lines(const LegalView& view, int width) {
  std::string text;
  for (const Conflict& conflict : view.conflicts) {
    if (conflict.applies == Truth::no) continue;
    const auto line = [&](const std::string& what) {
      text += "    " + wrap(what, static_cast<std::size_t>(width), 6) + "\n";
    };
    text += fmt::format("  {}{}\n", conflict.id,
                        conflict.applies == Truth::unknown ? "  (perhaps)" : "");
    line(conflict.collides);
    line((conflict.stated ? "as stated: " : "our proposal: ") + conflict.resolution);
    if (!conflict.stated) line("state another reading under " + conflict.stated_in);
  }
  return text.empty() ? text : "\nWhere the acts collide:\n" + text;
}

std::string date_lines(const LegalView& view, int width) {
  if (view.dates.empty()) return {};
  Table table({"Day", "Act", "What", "Cites"});
  for (const LegalDate& date : view.dates)
    table.add({to_text(date.day), date.act, date.what, date.cites});
  return "\n" + table.to_text(width);
}

std::string missing_lines(const LegalView& view) {
  if (view.missing_facts.empty()) return {};
  std::string text = "\nFacts that would decide more, the most telling first:\n";
  for (const MissingFact& fact : view.missing_facts)
    text += fmt::format("  {}  {}\n", fact.fact, fact.question);
  return text;
}

std::string change_lines(const std::vector<app::ViewChange>& changes, int width) {
  if (changes.empty()) return "\nNothing would be otherwise.\n";
  Table table({"What would be otherwise", "Now", "Then"});
  for (const app::ViewChange& change : changes)
    table.add({change.what, change.before, change.after});
  return "\n" + table.to_text(width);
}

Result<Outcome> run_scope(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  app::LegalRequest request;
  request.facts_file = arguments.text("--facts");
  request.what_if = arguments.all("--what-if");
  TRY(request.as_of, as_of(arguments, environment));
  if (request.facts_file.empty()) {
    TRY(request.product_file, product_path(arguments, environment));
  }
  const auto answer = app::legal_view(request, environment.files, outcome.problems);
  if (!answer) return failed(answer.error(), std::move(outcome.problems));
  if (arguments.is_json()) {
    outcome.text = answer->document;
    return outcome;
  }
  const LegalView& view = answer->report.view;
  outcome.text = fmt::format("{}, the law as of {}\n\n", answer->subject, to_text(view.as_of)) +
                 code_lines(view.codes) +
                 answer_lines(view, arguments.has("--why"), environment.width) +
                 conflict_lines(view, environment.width) + date_lines(view, environment.width) +
                 missing_lines(view);
  if (!request.what_if.empty())
    outcome.text += change_lines(answer->report.changes, environment.width);
  return outcome;
}

}  // namespace

const Command scope = {
    "scope",
    "says which acts apply, in which class, by which route, from when, and why",
    {},
    options,
    "lockstep scope --as-of 2028-09-04\n"
    "lockstep scope --facts facts.yaml --format json\n"
    "lockstep scope --what-if product.union_acts=machinery\n"
    "lockstep scope --why",
    run_scope,
};

}  // namespace lockstep::frontends
