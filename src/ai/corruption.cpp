// SPDX-License-Identifier: Apache-2.0
#include "ai/corruption.hpp"

#include "ai/fields.hpp"

namespace lockstep::ai {
namespace {

Json json_of(const CorruptionErrors& errors) {
  return Json::object_of({{"model", errors.baseline.path},
                          {"sha256", errors.baseline.sha256},
                          {"device", errors.answered_by.device},
                          {"engine", errors.answered_by.engine},
                          {"clean", to_json(errors.baseline_clean)}});
}

CorruptionErrors errors_of(Fields& outer, const Json& json) {
  Fields fields(json);
  CorruptionErrors errors;
  errors.baseline = {fields.text("model"), fields.text("sha256")};
  errors.answered_by = {fields.text("device"), fields.text("engine")};
  errors.baseline_clean = read_accuracy(fields, "clean");
  if (!fields.is_good()) outer.complain("another model with its accuracy", "baseline");
  return errors;
}

}  // namespace

Json to_json(const CorruptionPlan& plan) {
  Json severities = Json::array();
  for (const int severity : plan.severities)
    severities.push(severity);
  return Json::object_of({{"corruptions", Json::array_of(plan.corruptions)},
                          {"severities", std::move(severities)},
                          {"baseline", plan.baseline},
                          {"samples", plan.samples},
                          {"batch_size", plan.batch_size},
                          {"seed", std::to_string(plan.seed)}});
}

Result<CorruptionPlan> read_corruption_plan(const Json& json) {
  Fields fields(json);
  CorruptionPlan plan;
  plan.corruptions = fields.texts("corruptions");
  for (const Json& severity : fields.items("severities")) {
    const auto value = severity.as_int();
    if (!value || *value < 1 || *value > 5) fields.complain("severities from 1 to 5", "severities");
    plan.severities.push_back(static_cast<int>(value.value_or(1)));
  }
  plan.baseline = fields.text("baseline");
  plan.samples = fields.integer("samples");
  plan.batch_size = fields.integer("batch_size");
  plan.seed = fields.word("seed");
  if (!fields.is_good()) return fields.error();
  return plan;
}

/// Counts alone: what follows from them is computed on the other side.
Json to_json(const CorruptionReport& report) {
  Json cells = Json::array();
  for (const CorruptionCell& cell : report.cells)
    cells.push(Json::object_of(
        {{"corruption", cell.corruption},
         {"severity", cell.severity},
         {"accuracy", to_json(cell.accuracy)},
         {"baseline", cell.baseline_correct ? Json(*cell.baseline_correct) : Json()}}));
  return Json::object_of({{"model", report.model.path},
                          {"model_sha256", report.model.sha256},
                          {"data", report.data.path},
                          {"data_sha256", report.data.sha256},
                          {"samples", report.samples},
                          {"seed", std::to_string(report.seed)},
                          {"table", report.table},
                          {"clean", to_json(report.clean)},
                          {"cells", std::move(cells)},
                          {"baseline", report.errors ? json_of(*report.errors) : Json()},
                          {"device", report.answered_by.device},
                          {"engine", report.answered_by.engine},
                          {"seconds", report.seconds},
                          {"worker_version", report.worker_version}});
}

Result<CorruptionReport> read_corruption_report(const Json& json) {
  Fields fields(json);
  CorruptionReport report;
  report.model = {fields.text("model"), fields.text("model_sha256")};
  report.data = {fields.text("data"), fields.text("data_sha256")};
  report.samples = fields.integer("samples");
  report.seed = fields.word("seed");
  report.table = fields.text("table");
  report.clean = read_accuracy(fields, "clean");
  for (const Json& item : fields.items("cells")) {
    Fields cell(item);
    CorruptionCell& made = report.cells.emplace_back();
    made.corruption = cell.text("corruption");
    made.severity = cell.small("severity");
    made.accuracy = read_accuracy(cell, "accuracy");
    if (!cell.member("baseline").is_null()) made.baseline_correct = cell.integer("baseline");
    if (!cell.is_good()) fields.complain("corruptions with their accuracy", "cells");
  }
  if (fields.member("baseline").is_object())
    report.errors = errors_of(fields, fields.member("baseline"));
  report.answered_by = {fields.text("device"), fields.text("engine")};
  report.seconds = fields.number("seconds");
  report.worker_version = fields.text("worker_version");
  if (!fields.is_good()) return fields.error();
  summarise(report);
  return report;
}

}  // namespace lockstep::ai
