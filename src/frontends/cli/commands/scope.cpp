// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "app/legal_view.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/commands/timeline.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--facts", "FILE", "a YAML map of fact to value, in place of a product file"},
    Option{"--what-if", "FACT=VALUE", "show what would be otherwise; may be repeated", true},
    Option{"--timeline", "", "what applies already and what comes when"},
    Option{"--format", "text|json|svg", "how to answer (default text); svg draws the timeline"},
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
  Table table({"Day", "Act", "Cites", "What"});
  for (const LegalDate& date : view.dates)
    table.add({to_text(date.day), date.act, date.cites, date.what});
  return "\n" + table.to_text(width);
}

std::string missing_lines(const LegalView& view, int width) {
  if (view.missing_facts.empty()) return {};
  std::string text = "\nFacts that would decide more, the most telling first:\n";
  for (const MissingFact& fact : view.missing_facts)
    text +=
        "  " +
        wrap(fmt::format("{}  {}", fact.fact, fact.question), static_cast<std::size_t>(width), 4) +
        "\n";
  return text;
}

/// What changed in the law since somebody last stood by the facts.
std::string since_lines(const LegalView& view, int width) {
  const auto columns = static_cast<std::size_t>(width);
  if (!view.facts_answered) {
    return "\n" +
           wrap(
               "Nobody said when the facts were answered; with `facts_answered` in the product "
               "file, later changes of the law are pointed out.",
               columns, 0) +
           "\n";
  }
  if (view.changes_since.empty()) return {};
  std::string text = fmt::format("\nThe law has changed since the facts were answered, on {}:\n",
                                 to_text(*view.facts_answered));
  for (const LawChange& change : view.changes_since) {
    text += "  " +
            wrap(fmt::format("{} {}{}: {}", to_text(change.day), change.act,
                             change.by.empty() ? "" : ", by " + change.by, change.says),
                 columns, 4) +
            "\n";
    const auto add = [&](std::string_view heading, const std::vector<std::string>& words) {
      constexpr std::size_t shown = 8;
      if (words.empty()) return;
      std::string list = join(std::span(words).first(std::min(shown, words.size())), ", ");
      if (words.size() > shown) list += fmt::format(" and {} more", words.size() - shown);
      text += "    " + wrap(fmt::format("{}: {}", heading, list), columns, 6) + "\n";
    };
    add("provisions", change.cites);
    add("looks at", change.facts);
    if (change.changed.empty())
      text += "    changes nothing for this product\n";
    else
      add("NEEDS A DECISION, for this product it changes", change.changed);
  }
  return text;
}

/// The one question to answer now, and how.
std::string next_lines(const app::LegalAnswer& answer, int width) {
  if (!answer.next) return {};
  const auto columns = static_cast<std::size_t>(width);
  const app::NextQuestion& next = *answer.next;
  return fmt::format(
      "\nNext question: {}\n  {}\n  Write it under `facts:`, for example `{}`,\n  or try "
      "`--what-if {}=...` first.\n",
      wrap(next.question, columns, 2), wrap("Answer with " + next.answer_with + ".", columns, 2),
      next.for_example, next.fact);
}

/// Columns of a cell, so that three of them and the numbers stay within the width of a page.
constexpr std::size_t cell_max = 16;

/// A list of codes in a cell of a table: the first ones, and how many more.
std::string shortened(const std::string& text, std::size_t shown_max) {
  if (text.size() <= shown_max) return text;
  const auto pieces = split(text, ',');
  std::string out;
  std::size_t taken = 0;
  for (const std::string_view piece : pieces) {
    if (taken > 0 && out.size() + piece.size() + 1 > shown_max) break;
    out += (taken > 0 ? "," : "") + std::string(piece);
    ++taken;
  }
  return taken == pieces.size() ? out : fmt::format("{} +{}", out, pieces.size() - taken);
}

/// The numbers of the what-ifs that lead to the change alone: "1, 3", or "only together".
std::string alone(const app::ScopeReport& report, const app::ViewChange& change) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < report.alone.size(); ++i)
    if (std::ranges::find(report.alone[i], change) != report.alone[i].end())
      numbers.push_back(std::to_string(i + 1));
  return numbers.empty() ? "only together" : join(numbers, ", ");
}

/// What a what-if changes alone, but not beside the others.
std::string undone_lines(const app::ScopeReport& report) {
  std::string text;
  for (std::size_t i = 0; i < report.alone.size(); ++i)
    for (const app::ViewChange& change : report.alone[i])
      if (std::ranges::find(report.changes, change) == report.changes.end())
        text += fmt::format("  {}  {}: {} -> {}\n", i + 1, change.what,
                            shortened(change.before, cell_max), shortened(change.after, cell_max));
  return text.empty() ? text : "\nAlone, but not beside the others:\n" + text;
}

std::string change_lines(const app::LegalRequest& request,
                         const app::ScopeReport& report,
                         int width) {
  std::string text = "\n";
  const bool several = !report.alone.empty();
  for (std::size_t i = 0; several && i < request.what_if.size(); ++i)
    text += fmt::format("What if {}: {}\n", i + 1, quotable(request.what_if[i]));
  if (report.changes.empty()) return text + "Nothing would be otherwise.\n" + undone_lines(report);
  std::vector<std::string> header{"What would be otherwise", "Now", "Then"};
  if (several) header.emplace_back("By");
  Table table(header);
  for (const app::ViewChange& change : report.changes) {
    std::vector<std::string> row{quotable(change.what, several ? 30 : 40),
                                 shortened(change.before, cell_max), change.after};
    if (several) {
      row[2] = shortened(change.after, cell_max);
      row.push_back(alone(report, change));
    }
    table.add(std::move(row));
  }
  return text + table.to_text(width) + undone_lines(report);
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
  outcome.exit = answer->exit;
  if (arguments.is_json()) {
    outcome.text = app::scope_document(*answer, request.what_if);
    return outcome;
  }
  const LegalView& view = answer->report.view;
  if (arguments.text("--format") == "svg") {
    outcome.text = app::timeline_svg(view);
    return outcome;
  }
  if (arguments.has("--timeline")) {
    outcome.text = arguments.text("--output").ends_with(".svg")
                       ? app::timeline_svg(view)
                       : fmt::format("{}, the law as of {}\n\n{}", answer->subject,
                                     to_text(view.as_of), timeline_text(view, environment.width));
    return outcome;
  }
  outcome.text = fmt::format("{}, the law as of {}\n\n", answer->subject, to_text(view.as_of)) +
                 code_lines(view.codes) +
                 answer_lines(view, arguments.has("--why"), environment.width) +
                 conflict_lines(view, environment.width) + date_lines(view, environment.width) +
                 missing_lines(view, environment.width);
  if (!request.what_if.empty())
    outcome.text += change_lines(request, answer->report, environment.width);
  outcome.text += since_lines(view, environment.width);
  outcome.text += next_lines(*answer, environment.width);
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
    "lockstep scope --timeline -o dates.svg\n"
    "lockstep scope --why",
    run_scope,
};

}  // namespace lockstep::frontends
