// SPDX-License-Identifier: Apache-2.0
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

Json class_or_null(std::int64_t class_index) {
  return class_index < 0 ? Json() : Json(class_index);
}

Json to_json(const MetricValue& value) {
  const bool is_bare = !value.value || !value.interval;
  Json json = Json::object_of({{"metric", value.metric},
                               {"class", class_or_null(value.class_index)},
                               {"value", number_or_null(value.value)},
                               {"samples", value.samples},
                               {"method", text_or_null(value.method)},
                               {"why_not", is_bare ? text_or_null(value.why_not) : Json()}});
  json.set("count", value.count ? Json::object_of({{"successes", value.count->successes},
                                                   {"trials", value.count->trials}})
                                : Json());
  json.set("interval95", value.interval ? documents::to_json(*value.interval) : Json());
  return json;
}

Json to_json(const TemperatureScaling& scaling) {
  return Json::object_of({{"temperature", scaling.temperature},
                          {"fitted_on", scaling.fitted},
                          {"looked_at", scaling.looked},
                          {"error_before", scaling.error_before},
                          {"error_after", scaling.error_after},
                          {"log_loss_before", scaling.log_loss_before},
                          {"log_loss_after", scaling.log_loss_after}});
}

Json to_json(const Calibration& calibration) {
  return Json::object_of({{"scaling", calibration.scaling ? to_json(*calibration.scaling) : Json()},
                          {"error", calibration.error},
                          {"error_by_chance", calibration.error_by_chance},
                          {"p_value", calibration.p_value},
                          {"bins", list_of(calibration.bins, [](const ReliabilityBin& bin) {
                             return Json::object_of({{"low", bin.low},
                                                     {"high", bin.high},
                                                     {"confidence", bin.confidence},
                                                     {"right", documents::to_json(bin.accuracy)}});
                           })}});
}

Json to_json(const GroupMetrics& group) {
  return Json::object_of(
      {{"group", group.name},
       {"samples", group.samples},
       {"accuracy", documents::to_json(group.accuracy)},
       {"metrics", list_of(group.metrics, [](const MetricValue& one) { return to_json(one); })},
       {"state", to_text(group.state)},
       {"p_value", group.p_value},
       {"p_holm", group.p_holm},
       {"says", group.says}});
}

Json to_json(const Consistency& one) {
  return Json::object_of({{"against", one.against},
                          {"state", to_text(one.state)},
                          {"samples", one.samples},
                          {"difference", one.difference},
                          {"flips", one.flips},
                          {"says", one.says}});
}

Json to_json(const ModelComparison& one) {
  return Json::object_of({{"model", documents::to_json(one.other)},
                          {"device", one.answered_by.device},
                          {"engine", text_or_null(one.answered_by.engine)},
                          {"both", one.both},
                          {"only_this", one.only_this},
                          {"only_other", one.only_other},
                          {"neither", one.neither},
                          {"difference", one.difference},
                          {"p_value", one.p_value},
                          {"says", one.says}});
}

}  // namespace

Json to_json(const DeclaredVerdict& verdict) {
  const DeclaredTest& test = verdict.test;
  return Json::object_of({{"name", name_of(test.declared)},
                          {"model_id", text_or_null(verdict.model_id)},
                          {"metric", test.declared.metric},
                          {"class", class_or_null(test.declared.class_index)},
                          {"group", text_or_null(test.declared.group)},
                          {"declared", test.declared.value},
                          {"confidence", test.declared.confidence},
                          {"measured", to_json(test.measured)},
                          {"lower", number_or_null(test.lower)},
                          {"upper", number_or_null(test.upper)},
                          {"test", text_or_null(test.test)},
                          {"p_value", test.p_shown},
                          {"p_holm", verdict.p_holm},
                          {"p_refuted", test.p_refuted},
                          {"needed_samples", test.needed},
                          {"state", to_text(verdict.state)},
                          {"because", verdict.because}});
}

Json to_json(const Metrics& m) {
  Json data = to_json(m.data);
  data.set("samples", m.samples);
  Json json = Json::object_of({{"model_id", text_or_null(m.model_id)},
                               {"model", to_json(m.model)},
                               {"data", std::move(data)},
                               {"classes", m.classes},
                               {"seed", seed_json(m.seed)},
                               {"resamples", m.resamples},
                               {"outputs", m.classes == 0        ? "numbers"
                                           : m.are_probabilities ? "probabilities"
                                                                 : "scores"},
                               {"calibration", to_json(m.calibration)},
                               {"grouped_by", text_or_null(m.grouped_by)},
                               {"device", m.answered_by.device},
                               {"engine", text_or_null(m.answered_by.engine)},
                               {"worker_version", text_or_null(m.worker_version)}});
  json.set("metrics", list_of(m.values, [](const MetricValue& one) { return to_json(one); }));
  json.set("confusion", list_of(m.confusion, [](const std::vector<std::int64_t>& row) {
             return list_of(row, [](std::int64_t count) { return Json(count); });
           }));
  json.set("groups", list_of(m.groups, [](const GroupMetrics& one) { return to_json(one); }));
  json.set("consistency",
           list_of(m.consistency, [](const Consistency& one) { return to_json(one); }));
  json.set("comparison", m.comparison ? to_json(*m.comparison) : Json());
  return json;
}

Json metrics_json(const Metrics& metrics, std::span<const DeclaredVerdict> declared, int exit) {
  return to_json(metrics)
      .set("declared", list_of(declared, [](const DeclaredVerdict& one) { return to_json(one); }))
      .set("threads", metrics.threads)
      .set("schema", "lockstep/metrics/1")
      .set("exit", exit);
}

}  // namespace lockstep::documents
