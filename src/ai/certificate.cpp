// SPDX-License-Identifier: Apache-2.0
#include "ai/certificate.hpp"

#include <array>

#include "ai/fields.hpp"

namespace lockstep::ai {
namespace {

constexpr std::array<std::pair<std::string_view, CertificatePlan::Kind>, 3> kinds{{
    {"bounds", CertificatePlan::Kind::bounds},
    {"smoothing", CertificatePlan::Kind::smoothing},
    {"property", CertificatePlan::Kind::property},
}};

Json json_of(const SmoothingPlan& plan) {
  return Json::object_of({{"sigma", plan.sigma},
                          {"selection_draws", plan.selection_draws},
                          {"draws", plan.draws},
                          {"alpha", plan.alpha},
                          {"is_prediction", plan.is_prediction},
                          {"batch_size", plan.batch_size},
                          {"seed", std::to_string(plan.seed)}});
}

Json json_of(const Smoothing& smoothing) {
  Json curve = Json::array();
  for (const RadiusPoint& point : smoothing.curve)
    curve.push(
        Json::object_of({{"radius", point.radius}, {"certified", to_json(point.certified)}}));
  return Json::object_of({{"sigma", smoothing.sigma},
                          {"selection_draws", smoothing.selection_draws},
                          {"draws", smoothing.draws},
                          {"alpha", smoothing.alpha},
                          {"abstained", smoothing.abstained},
                          {"average_radius", smoothing.average_radius},
                          {"curve", std::move(curve)}});
}

Smoothing smoothing_of(Fields& outer, const Json& json) {
  Fields fields(json);
  Smoothing smoothing;
  smoothing.sigma = fields.number("sigma");
  smoothing.selection_draws = fields.integer("selection_draws");
  smoothing.draws = fields.integer("draws");
  smoothing.alpha = fields.number("alpha");
  smoothing.abstained = fields.integer("abstained");
  smoothing.average_radius = fields.number("average_radius");
  for (const Json& item : fields.items("curve")) {
    Fields point(item);
    const double radius = point.number("radius");
    smoothing.curve.push_back({radius, read_accuracy(point, "certified")});
    if (!point.is_good()) fields.complain("radii with their accuracy", "curve");
  }
  if (!fields.is_good()) outer.complain("what smoothing measured", "smoothing");
  return smoothing;
}

void read_rows(Fields& fields, Certificate& c) {
  for (const Json& item : fields.items("rows")) {
    Fields row(item);
    c.rows.push_back({row.integer("index"), row.integer("label"), row.integer("predicted"),
                      row.number("bound")});
    if (!row.is_good()) fields.complain("samples with their bounds", "rows");
  }
  for (const Json& item : fields.items("soundness")) {
    Fields check(item);
    const auto state = parse_state(check.text("state"));
    c.soundness.push_back({check.text("check"), state.value_or(State::not_checked),
                           check.number("value"), check.text("says")});
    if (!check.is_good() || !state) fields.complain("checks with their states", "soundness");
  }
}

}  // namespace

Json to_json(const CertificatePlan& plan) {
  const auto* const kind =
      std::ranges::find(kinds, plan.kind, [](const auto& row) { return row.second; });
  return Json::object_of({{"kind", kind->first},
                          {"method", plan.method},
                          {"norm", plan.norm},
                          {"epsilon", plan.epsilon},
                          {"samples", plan.samples},
                          {"property", plan.property},
                          {"timeout_seconds", plan.timeout_seconds},
                          {"smoothing", json_of(plan.smoothing)}});
}

Result<CertificatePlan> read_certificate_plan(const Json& json) {
  Fields fields(json);
  CertificatePlan plan;
  const std::string name = fields.text("kind");
  const auto* const kind =
      std::ranges::find(kinds, name, [](const auto& row) { return row.first; });
  if (kind == kinds.end())
    fields.complain("bounds, smoothing or property", "kind");
  else
    plan.kind = kind->second;
  plan.method = fields.text("method");
  plan.norm = fields.text("norm");
  plan.epsilon = fields.number("epsilon");
  plan.samples = fields.integer("samples");
  plan.property = fields.text("property");
  plan.timeout_seconds = fields.number("timeout_seconds");
  if (!fields.is_good()) return fields.error();
  Fields inner(fields.member("smoothing"));
  SmoothingPlan& smoothing = plan.smoothing;
  smoothing.sigma = inner.number("sigma");
  smoothing.selection_draws = inner.integer("selection_draws");
  smoothing.draws = inner.integer("draws");
  smoothing.alpha = inner.number("alpha");
  smoothing.is_prediction = inner.flag("is_prediction");
  smoothing.batch_size = inner.integer("batch_size");
  smoothing.seed = inner.word("seed");
  if (!inner.is_good()) return inner.error();
  return plan;
}

Json to_json(const Certificate& c) {
  Json rows = Json::array();
  for (const CertifiedSample& row : c.rows)
    rows.push(Json::object_of({{"index", row.index},
                               {"label", row.label},
                               {"predicted", row.predicted},
                               {"bound", row.bound}}));
  Json soundness = Json::array();
  for (const SoundnessCheck& check : c.soundness)
    soundness.push(Json::object_of({{"check", check.check},
                                    {"state", lockstep::to_text(check.state)},
                                    {"value", check.value},
                                    {"says", check.says}}));
  return Json::object_of({{"model", c.model.path},
                          {"model_sha256", c.model.sha256},
                          {"data", c.data.path},
                          {"data_sha256", c.data.sha256},
                          {"preprocessing", c.preprocessing},
                          {"samples", c.samples},
                          {"method", c.method},
                          {"norm", c.norm},
                          {"epsilon", c.epsilon},
                          {"seed", std::to_string(c.seed)},
                          {"clean", to_json(c.clean)},
                          {"verified", to_json(c.verified)},
                          {"attacked", c.attacked ? to_json(*c.attacked) : Json()},
                          {"smoothing", c.smoothing ? json_of(*c.smoothing) : Json()},
                          {"rows", std::move(rows)},
                          {"soundness", std::move(soundness)},
                          {"device", c.answered_by.device},
                          {"engine", c.answered_by.engine},
                          {"seconds", c.seconds},
                          {"worker_version", c.worker_version}});
}

Result<Certificate> read_certificate(const Json& json) {
  Fields fields(json);
  Certificate c;
  c.model = {fields.text("model"), fields.text("model_sha256")};
  c.data = {fields.text("data"), fields.text("data_sha256")};
  c.preprocessing = fields.text("preprocessing");
  c.samples = fields.integer("samples");
  c.method = fields.text("method");
  c.norm = fields.text("norm");
  c.epsilon = fields.number("epsilon");
  c.seed = fields.word("seed");
  c.clean = read_accuracy(fields, "clean");
  c.verified = read_accuracy(fields, "verified");
  if (fields.member("attacked").is_object()) c.attacked = read_accuracy(fields, "attacked");
  if (fields.member("smoothing").is_object())
    c.smoothing = smoothing_of(fields, fields.member("smoothing"));
  read_rows(fields, c);
  c.answered_by = {fields.text("device"), fields.text("engine")};
  c.seconds = fields.number("seconds");
  c.worker_version = fields.text("worker_version");
  if (!fields.is_good()) return fields.error();
  return c;
}

Json to_json(const PropertyAnswer& a) {
  return Json::object_of({{"model", a.model.path},
                          {"model_sha256", a.model.sha256},
                          {"property", a.property.path},
                          {"property_sha256", a.property.sha256},
                          {"verdict", lockstep::to_text(a.verdict)},
                          {"how", a.how},
                          {"inputs", list_of(a.inputs)},
                          {"outputs", list_of(a.outputs)},
                          {"domains", a.domains},
                          {"device", a.answered_by.device},
                          {"engine", a.answered_by.engine},
                          {"seconds", a.seconds},
                          {"worker_version", a.worker_version}});
}

Result<PropertyAnswer> read_property_answer(const Json& json) {
  Fields fields(json);
  PropertyAnswer a;
  a.model = {fields.text("model"), fields.text("model_sha256")};
  a.property = {fields.text("property"), fields.text("property_sha256")};
  const auto verdict = parse_verdict(fields.text("verdict"));
  if (!verdict) fields.complain("sat, unsat, timeout or unknown", "verdict");
  a.verdict = verdict.value_or(PropertyAnswer::Verdict::unknown);
  a.how = fields.text("how");
  a.inputs = fields.numbers("inputs");
  a.outputs = fields.numbers("outputs");
  a.domains = fields.integer("domains");
  a.answered_by = {fields.text("device"), fields.text("engine")};
  a.seconds = fields.number("seconds");
  a.worker_version = fields.text("worker_version");
  if (a.verdict == PropertyAnswer::Verdict::sat && (a.inputs.empty() || a.outputs.empty()))
    fields.complain("a counterexample with its scores", "inputs");
  if (!fields.is_good()) return fields.error();
  return a;
}

}  // namespace lockstep::ai
