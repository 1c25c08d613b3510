// SPDX-License-Identifier: Apache-2.0
#include "ai/universal.hpp"

#include "ai/fields.hpp"

namespace lockstep::ai {
namespace {

Json to_json(const UniversalChange& change) {
  return Json::object_of({{"patch", change.kind == UniversalChange::Kind::patch},
                          {"norm", change.norm},
                          {"epsilon", change.epsilon},
                          {"area", change.area}});
}

UniversalChange read_change(Fields& outer, const Json& json) {
  Fields fields(json);
  UniversalChange change;
  change.kind =
      fields.flag("patch") ? UniversalChange::Kind::patch : UniversalChange::Kind::perturbation;
  change.norm = fields.text("norm");
  change.epsilon = fields.number("epsilon");
  change.area = fields.number("area");
  if (!fields.is_good()) outer.complain("a change", "change");
  return change;
}

}  // namespace

Json to_json(const UniversalPlan& plan) {
  Json json = Json::object_of({{"change", to_json(plan.change)},
                               {"steps", plan.steps},
                               {"samples", plan.samples},
                               {"seed", std::to_string(plan.seed)}});
  if (!plan.file.empty()) json.set("file", plan.file);
  return json;
}

Result<UniversalPlan> read_universal_plan(const Json& json) {
  Fields fields(json);
  UniversalPlan plan;
  plan.change = read_change(fields, fields.member("change"));
  plan.steps = fields.small("steps");
  plan.samples = fields.integer("samples");
  plan.seed = fields.word("seed");
  if (json.find("file") != nullptr) plan.file = fields.text("file");
  if (!fields.is_good()) return fields.error();
  return plan;
}

Json to_json(const UniversalReport& report) {
  return Json::object_of({{"model", report.model.path},
                          {"model_sha256", report.model.sha256},
                          {"data", report.data.path},
                          {"data_sha256", report.data.sha256},
                          {"change", to_json(report.change)},
                          {"steps", report.steps},
                          {"seed", std::to_string(report.seed)},
                          {"clean", to_json(report.clean)},
                          {"changed", to_json(report.changed)},
                          {"control", to_json(report.control)},
                          {"trained", to_json(report.trained)},
                          {"claimed", report.claimed},
                          {"confirmed", report.confirmed},
                          {"size", report.size},
                          {"kept", report.kept.path},
                          {"kept_sha256", report.kept.sha256},
                          {"forward", report.forward},
                          {"backward", report.backward},
                          {"source", report.source},
                          {"device", report.answered_by.device},
                          {"engine", report.answered_by.engine},
                          {"seconds", report.seconds},
                          {"worker_version", report.worker_version}});
}

Result<UniversalReport> read_universal_report(const Json& json) {
  Fields fields(json);
  UniversalReport report;
  report.model = {fields.text("model"), fields.text("model_sha256")};
  report.data = {fields.text("data"), fields.text("data_sha256")};
  report.change = read_change(fields, fields.member("change"));
  report.steps = fields.small("steps");
  report.seed = fields.word("seed");
  report.clean = read_accuracy(fields, "clean");
  report.changed = read_accuracy(fields, "changed");
  report.control = read_accuracy(fields, "control");
  report.trained = read_accuracy(fields, "trained");
  report.claimed = fields.integer("claimed");
  report.confirmed = fields.integer("confirmed");
  report.size = fields.number("size");
  report.kept = {fields.text("kept"), fields.text("kept_sha256")};
  report.forward = fields.integer("forward");
  report.backward = fields.integer("backward");
  report.source = fields.text("source");
  report.answered_by = {fields.text("device"), fields.text("engine")};
  report.seconds = fields.number("seconds");
  report.worker_version = fields.text("worker_version");
  if (!fields.is_good()) return fields.error();
  return report;
}

}  // namespace lockstep::ai
