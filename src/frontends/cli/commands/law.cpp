// SPDX-License-Identifier: Apache-2.0
// The law itself as lockstep holds it; `law show` is in explain.cpp, `law diff` in law_diff.cpp.
#include "app/law.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

using regulations::Covered;

constexpr std::array cases_positionals = {
    Positional{"FILTER", "part of a case's id or of its file's path", false},
};

constexpr std::array coverage_options = {
    Option{"--format", "text|json|markdown", "how to answer (default text)"},
};

Json to_json(const app::ActSummary& one) {
  Json changes = Json::array();
  for (const regulations::Change& change : one.act.changes)
    changes.push(Json::object_of({{"by", change.by},
                                  {"celex", change.celex},
                                  {"applies", change.applies},
                                  {"says", change.says}}));
  Json dates = Json::array();
  for (const regulations::NamedDate& date : one.dates)
    for (const regulations::DatedValue& value : date.values)
      dates.push(Json::object_of(
          {{"id", date.id},
           {"what", date.what},
           {"day", to_text(value.day)},
           {"cites", Json::array_of(date.cites)},
           {"law_from", value.in_force.from ? Json(to_text(*value.in_force.from)) : Json{}},
           {"law_until", value.in_force.until ? Json(to_text(*value.in_force.until)) : Json{}}}));
  return Json::object_of({{"id", one.act.id},
                          {"short_title", one.act.short_title},
                          {"title", one.act.title},
                          {"celex", one.act.celex},
                          {"eli", one.act.eli},
                          {"official_journal", one.act.oj},
                          {"in_force", to_text(one.act.in_force)},
                          {"changes", std::move(changes)},
                          {"dates", std::move(dates)},
                          {"provisions", one.provisions},
                          {"decisions", one.decisions},
                          {"requirements", one.requirements},
                          {"cases", one.cases}});
}

/// "(the law until 2026-07-26)", or "" for a day that stands.
std::string validity(const regulations::DatedValue& value) {
  return value.in_force.until ? fmt::format(" (the law until {})", to_text(*value.in_force.until))
                              : std::string();
}

std::string act_text(const app::ActSummary& one, std::size_t width) {
  std::string text = fmt::format("{}  {}\n  {}\n  {}\n  {}\n", one.act.short_title, one.act.id,
                                 wrap(one.act.title, width, 2), one.act.oj, one.act.eli);
  text += fmt::format("  in force since {}\n", to_text(one.act.in_force));
  for (const regulations::Change& change : one.act.changes)
    text += "  " +
            wrap(fmt::format("changed by {} from {}: {}", change.by, change.applies, change.says),
                 width, 4) +
            "\n";
  for (const regulations::NamedDate& date : one.dates)
    for (const regulations::DatedValue& value : date.values)
      text += fmt::format("  {}  {}\n", to_text(value.day),
                          wrap(date.what + validity(value), width, 14));
  return text + fmt::format("  {} provisions, {} decisions, {} requirements, {} cases rest on it\n",
                            one.provisions, one.decisions, one.requirements, one.cases);
}

Result<Outcome> run_list(const Arguments& arguments, Environment& environment) {
  TRY(const auto acts, app::law_acts());
  Outcome outcome;
  if (arguments.is_json()) {
    Json rows = Json::array();
    for (const app::ActSummary& one : acts)
      rows.push(to_json(one));
    outcome.text = to_pretty_json(Json::object_of(
        {{"schema", "lockstep/law/1"}, {"acts", std::move(rows)}, {"exit", exit_code::ok}}));
    return outcome;
  }
  for (const app::ActSummary& one : acts)
    outcome.text += (outcome.text.empty() ? "" : "\n") +
                    act_text(one, static_cast<std::size_t>(environment.width));
  return outcome;
}

Json to_json(const app::CaseOutcome& one) {
  return Json::object_of({{"id", one.tried.id},
                          {"says", one.tried.says},
                          {"file", one.tried.where.file},
                          {"as_of", to_text(one.tried.as_of)},
                          {"state", one.differences.empty() ? "pass" : "fail"},
                          {"differences", Json::array_of(one.differences)}});
}

Result<Outcome> run_cases(const Arguments& arguments, Environment&) {
  TRY(const auto cases, app::law_cases(arguments.text("FILTER")));
  const auto passed = std::ranges::count_if(
      cases, [](const app::CaseOutcome& one) { return one.differences.empty(); });
  const auto failed = static_cast<std::ptrdiff_t>(cases.size()) - passed;
  Outcome outcome;
  outcome.exit = failed == 0 ? exit_code::ok : exit_code::gate_failed;
  if (arguments.is_json()) {
    Json rows = Json::array();
    for (const app::CaseOutcome& one : cases)
      rows.push(to_json(one));
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/law-cases/1"},
                                                   {"cases", std::move(rows)},
                                                   {"passed", std::int64_t{passed}},
                                                   {"failed", std::int64_t{failed}},
                                                   {"exit", outcome.exit}}));
    return outcome;
  }
  for (const app::CaseOutcome& one : cases) {
    outcome.text += fmt::format("{} {}\n", one.differences.empty() ? "PASS" : "FAIL", one.tried.id);
    for (const std::string& difference : one.differences)
      outcome.text += "  " + difference + "\n";
  }
  outcome.text += fmt::format("{} passed, {} failed\n", passed, failed);
  return outcome;
}

Json coverage_json(const app::LawCoverage& coverage) {
  Json rows = Json::array();
  for (const Covered& one : coverage.provisions) {
    const auto& provision = coverage.law.provisions[static_cast<std::size_t>(one.provision)];
    rows.push(
        Json::object_of({{"act", coverage.law.acts[static_cast<std::size_t>(provision.act)].id},
                         {"path", provision.path},
                         {"says", provision.says},
                         {"state", regulations::to_text(one.how)},
                         {"reason", provision.gap.empty() ? Json{} : Json(provision.gap)},
                         {"rules", Json::array_of(one.rules)},
                         {"cases", Json::array_of(one.cases)}}));
  }
  return Json::object_of({{"schema", "lockstep/law-coverage/1"},
                          {"provisions", std::move(rows)},
                          {"exit", exit_code::ok}});
}

std::string coverage_text(const app::LawCoverage& coverage, int width) {
  std::string text;
  for (std::size_t act = 0; act < coverage.law.acts.size(); ++act) {
    Table table({"Provision", "State", "Cases", "By, or why not"});
    for (const Covered& one : coverage.provisions) {
      const auto& provision = coverage.law.provisions[static_cast<std::size_t>(one.provision)];
      if (static_cast<std::size_t>(provision.act) != act) continue;
      table.add({provision.path, std::string(regulations::to_text(one.how)),
                 std::to_string(one.cases.size()),
                 one.how == Covered::How::gap ? provision.gap : join(one.rules, ", ")});
    }
    text += fmt::format("{}{}\n{}", act == 0 ? "" : "\n", coverage.law.acts[act].short_title,
                        table.to_text(width));
  }
  return text;
}

Result<Outcome> run_coverage(const Arguments& arguments, Environment& environment) {
  TRY(const app::LawCoverage coverage, app::law_coverage());
  Outcome outcome;
  const std::string format = arguments.text("--format", "text");
  outcome.text = format == "json"       ? to_pretty_json(coverage_json(coverage))
                 : format == "markdown" ? app::to_markdown(coverage)
                                        : coverage_text(coverage, environment.width);
  return outcome;
}

}  // namespace

const Command law_cases = {
    "law cases",
    "tries the cases of the law against the law that is built in",
    cases_positionals,
    {},
    "lockstep law cases\n"
    "lockstep law cases eu-2024-2847/\n"
    "lockstep law cases --format json",
    run_cases,
};

const Command law_coverage = {
    "law coverage",
    "says for each provision which rules stand for it, or why none does",
    {},
    coverage_options,
    "lockstep law coverage\n"
    "lockstep law coverage --format markdown -o coverage.md",
    run_coverage,
};

const Command law_list = {
    "law list",
    "lists the acts with their dates, their changes and what is ruled of them",
    {},
    {},
    "lockstep law list\n"
    "lockstep law list --format json",
    run_list,
};

}  // namespace lockstep::frontends
