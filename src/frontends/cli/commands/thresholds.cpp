// SPDX-License-Identifier: Apache-2.0
#include "app/thresholds.hpp"

#include <array>
#include <fmt/format.h>

#include "app/evidence.hpp"
#include "app/inputs.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array lock_options = {
    Option{"--approver", "NAME", "who approves them; kept in the lock"},
};

Result<Outcome> run_lock(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const std::string path, product_path(arguments, environment));
  const auto report = app::lock_thresholds(path, arguments.text("--approver"), environment.now,
                                           environment.files, outcome.problems);
  if (!report) return failed(report.error(), std::move(outcome.problems));
  if (arguments.is_json()) {
    Json tests = Json::array();
    for (const auto& locked : report->locked)
      tests.push(locked.threshold.id);
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/thresholds-lock/1"},
                                                   {"path", report->path},
                                                   {"tests", std::move(tests)},
                                                   {"exit", outcome.exit}}));
    return outcome;
  }
  for (const auto& locked : report->locked)
    outcome.text += fmt::format("{}: {} {}, locked {}\n", locked.threshold.id,
                                locked.is_declared ? "declared" : "attack success at most",
                                locked.threshold.at_most, locked.threshold.locked_at);
  outcome.text +=
      fmt::format("{} thresholds in {}; commit that file\n", report->locked.size(), report->path);
  return outcome;
}

struct Checked {
  std::vector<risks::ThresholdCheck> checks;
  Diagnostics problems;
};

Result<Checked> check(const Arguments& arguments, Environment& environment) {
  Checked checked;
  TRY(const std::string path, product_path(arguments, environment));
  TRY(const Product product, app::read_product_file(path, environment.files, checked.problems));
  TRY(const auto first,
      app::first_results(store_url(arguments, environment, path), environment.files));
  TRY(checked.checks, app::check_thresholds(product, environment.files, first, checked.problems));
  return checked;
}

Json to_json(const risks::ThresholdCheck& check) {
  return Json::object_of({{"test", check.test},
                          {check.is_declared ? "declared" : "at_most", check.threshold.at_most},
                          {"planned_samples", check.threshold.planned_samples},
                          {"locked_at", check.threshold.locked_at},
                          {"approver", check.threshold.approver},
                          {"sha256", check.threshold.sha256},
                          {"state", to_text(check.state)},
                          {"because", check.because}});
}

Outcome show(const Checked& checked, bool is_json, int width, int exit) {
  Outcome outcome{exit, {}, checked.problems};
  if (is_json) {
    Json rows = Json::array();
    for (const auto& one : checked.checks)
      rows.push(to_json(one));
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/thresholds-check/1"},
                                                   {"thresholds", std::move(rows)},
                                                   {"exit", exit}}));
    return outcome;
  }
  Table table({"Test", "At most", "Samples", "State", "Because"});
  for (const auto& one : checked.checks)
    table.add({one.test,
               fmt::format("{}{}", one.threshold.at_most, one.is_declared ? " declared" : ""),
               one.is_declared ? "" : std::to_string(one.threshold.planned_samples),
               std::string(words(one.state)), one.because});
  outcome.text = table.to_text(width);
  return outcome;
}

Result<Outcome> run_show(const Arguments& arguments, Environment& environment) {
  TRY(const Checked checked, check(arguments, environment));
  return show(checked, arguments.is_json(), environment.width, exit_code::ok);
}

Result<Outcome> run_verify(const Arguments& arguments, Environment& environment) {
  TRY(const Checked checked, check(arguments, environment));
  int exit = checked.problems.has_errors() ? exit_code::verification : exit_code::ok;
  for (const auto& one : checked.checks)
    if (one.state != State::pass) exit = higher_ranking(exit, exit_code::human);
  return show(checked, arguments.is_json(), environment.width, exit);
}

}  // namespace

const Command thresholds_lock = {
    "thresholds lock",
    "fixes the limits of the AI tests, to be done before the first result",
    {},
    lock_options,
    "lockstep thresholds lock --approver 'Head of safety'",
    run_lock,
};

const Command thresholds_show = {
    "thresholds show",
    "lists the limits of the AI tests and whether they are locked",
    {},
    {},
    "lockstep thresholds show",
    run_show,
};

const Command thresholds_verify = {
    "thresholds verify",
    "checks that no limit was set or changed after a result",
    {},
    {},
    "lockstep thresholds verify --format json",
    run_verify,
};

}  // namespace lockstep::frontends
