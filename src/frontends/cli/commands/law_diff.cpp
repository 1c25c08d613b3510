// SPDX-License-Identifier: Apache-2.0
#include "app/law_diff.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

using regulations::Turn;

constexpr std::array positionals = {
    Positional{"DAY1", "the earlier day, such as 2026-06-01"},
    Positional{"DAY2", "the later day"},
};

constexpr std::array options = {
    Option{"--facts", "FILE", "a YAML map of fact to value, in place of a product file"},
};

std::string_view kind_of(const Turn& turn) {
  switch (turn.kind) {
    case Turn::Kind::in_force:
      return "in_force";
    case Turn::Kind::change:
      return "change";
    case Turn::Kind::reached:
      return "reached";
  }
  return "change";
}

Json to_json(const app::LawDiff& diff, const Turn& turn) {
  return Json::object_of({{"day", to_text(turn.day)},
                          {"act", diff.acts[static_cast<std::size_t>(turn.act)]},
                          {"kind", kind_of(turn)},
                          {"rule", turn.rule},
                          {"says", turn.says},
                          {"by", turn.by.empty() ? Json{} : Json(turn.by)},
                          {"cites", Json::array_of(turn.cites)}});
}

Json to_json(const app::LawDiff& diff) {
  Json rows = Json::array();
  for (const app::LawDifference& one : diff.differences) {
    Json causes = Json::array();
    for (const std::size_t cause : one.causes)
      causes.push(to_json(diff, diff.turns[cause]));
    rows.push(Json::object_of({{"what", one.change.what},
                               {"before", one.change.before},
                               {"after", one.change.after},
                               {"causes", std::move(causes)}}));
  }
  return Json::object_of({{"schema", "lockstep/law-diff/1"},
                          {"subject", diff.subject},
                          {"from", to_text(diff.from)},
                          {"to", to_text(diff.to)},
                          {"differences", std::move(rows)},
                          {"exit", exit_code::ok}});
}

/// "2026-07-27 AI Act, by Regulation (EU) 2026/1744"
std::string cause_text(const app::LawDiff& diff, const Turn& turn) {
  std::string text =
      fmt::format("{} {}", to_text(turn.day), diff.acts[static_cast<std::size_t>(turn.act)]);
  if (turn.kind == Turn::Kind::in_force) return text + " comes into force";
  if (turn.kind == Turn::Kind::reached) text += ", a day that it names";
  return turn.by.empty() ? text : text + ", by " + turn.by;
}

std::string text_of(const app::LawDiff& diff, int width) {
  std::string text = fmt::format("{}, the law of {} against that of {}\n\n", diff.subject,
                                 to_text(diff.to), to_text(diff.from));
  if (diff.differences.empty()) return text + "Nothing is otherwise.\n";
  std::map<std::string, std::size_t> numbers;
  for (const app::LawDifference& one : diff.differences)
    for (const std::size_t cause : one.causes)
      numbers.emplace(cause_text(diff, diff.turns[cause]), 0);
  std::size_t next = 0;
  for (auto& [cause, number] : numbers)
    number = ++next;
  constexpr std::size_t cell_max = 24;
  Table table({"What", to_text(diff.from), to_text(diff.to), "By"});
  for (const app::LawDifference& one : diff.differences) {
    std::vector<std::size_t> by;
    for (const std::size_t cause : one.causes)
      by.push_back(numbers.at(cause_text(diff, diff.turns[cause])));
    std::ranges::sort(by);
    const auto doubles = std::ranges::unique(by);
    by.erase(doubles.begin(), doubles.end());
    std::vector<std::string> words;
    for (const std::size_t number : by)
      words.push_back(std::to_string(number));
    table.add({quotable(one.change.what, 30), quotable(one.change.before, cell_max - 6),
               quotable(one.change.after, cell_max - 1),
               words.empty() ? "not known" : join(words, ", ")});
  }
  text += table.to_text(width) + "\nBy:\n";
  for (const auto& [cause, number] : numbers)
    text += fmt::format("  {}  {}\n", number, wrap(cause, static_cast<std::size_t>(width), 5));
  return text;
}

Result<Day> day_of(const Arguments& arguments, std::string_view name) {
  TRY(const auto day, arguments.day(name));
  if (day) return *day;
  return fail(ErrorKind::usage, "usage.date", fmt::format("expected a day for {}", name));
}

Result<Outcome> run_diff(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  app::LegalRequest request;
  request.facts_file = arguments.text("--facts");
  TRY(const Day from, day_of(arguments, "DAY1"));
  TRY(const Day to, day_of(arguments, "DAY2"));
  if (request.facts_file.empty()) {
    TRY(request.product_file, product_path(arguments, environment));
  }
  const auto diff = app::law_diff(request, from, to, environment.files, outcome.problems);
  if (!diff) return failed(diff.error(), std::move(outcome.problems));
  outcome.text =
      arguments.is_json() ? to_pretty_json(to_json(*diff)) : text_of(*diff, environment.width);
  return outcome;
}

}  // namespace

const Command law_diff = {
    "law diff",
    "says what the law has otherwise for the product on a later day, and by what",
    positionals,
    options,
    "lockstep law diff 2026-06-01 2026-12-31\n"
    "lockstep law diff 2026-06-01 2026-12-31 --facts facts.yaml --format json",
    run_diff,
};

}  // namespace lockstep::frontends
