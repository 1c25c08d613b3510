// SPDX-License-Identifier: Apache-2.0
#include "ai/metrics_plan.hpp"

#include "ai/fields.hpp"

namespace lockstep::ai {
namespace {

template <typename Values, typename Convert>
Json list_of(const Values& values, Convert convert) {
  Json list = Json::array();
  for (const auto& value : values)
    list.push(convert(value));
  return list;
}

Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

Json json_of(const Interval& interval) {
  return Json::object_of({{"low", interval.low}, {"high", interval.high}});
}

Interval interval_of(Fields& outer, const Json& json, std::string_view key) {
  Fields fields(json);
  const Interval interval{fields.number("low"), fields.number("high")};
  if (!fields.is_good()) outer.complain("an interval", key);
  return interval;
}

std::optional<double> number_if_any(Fields& fields, std::string_view key) {
  if (fields.member(key).is_null()) return std::nullopt;
  return fields.number(key);
}

Json json_of(const DeclaredMetric& declared) {
  return Json::object_of({{"metric", declared.metric},
                          {"class", declared.class_index},
                          {"group", declared.group},
                          {"value", declared.value},
                          {"confidence", declared.confidence}});
}

DeclaredMetric declared_of(Fields& outer, const Json& json) {
  Fields fields(json);
  DeclaredMetric declared{fields.text("metric"), fields.integer("class"), fields.text("group"),
                          fields.number("value"), fields.number("confidence")};
  if (!fields.is_good() || !(declared.confidence > 0 && declared.confidence < 1))
    outer.complain("declared values", "declared");
  return declared;
}

Json json_of(const MetricValue& value) {
  Json json = Json::object_of({{"metric", value.metric},
                               {"class", value.class_index},
                               {"value", number_or_null(value.value)},
                               {"samples", value.samples},
                               {"method", value.method},
                               {"why_not", value.why_not}});
  json.set("count", value.count ? Json::object_of({{"successes", value.count->successes},
                                                   {"trials", value.count->trials}})
                                : Json());
  json.set("interval", value.interval ? json_of(*value.interval) : Json());
  return json;
}

MetricValue value_of(Fields& outer, const Json& json, std::string_view key) {
  Fields fields(json);
  MetricValue value;
  value.metric = fields.text("metric");
  value.class_index = fields.integer("class");
  value.value = number_if_any(fields, "value");
  value.samples = fields.integer("samples");
  value.method = fields.text("method");
  value.why_not = fields.text("why_not");
  if (!fields.member("count").is_null()) {
    Fields count(fields.member("count"));
    value.count = Count{count.integer("successes"), count.integer("trials")};
    if (!count.is_good() || value.count->successes < 0 ||
        value.count->successes > value.count->trials)
      fields.complain("a count", "count");
  }
  if (!fields.member("interval").is_null())
    value.interval = interval_of(fields, fields.member("interval"), "interval");
  if (!fields.is_good() || find_metric(value.metric) == nullptr)
    outer.complain("values of metrics", key);
  return value;
}

std::vector<MetricValue> values_of(Fields& fields, std::string_view key) {
  std::vector<MetricValue> values;
  for (const Json& item : fields.items(key))
    values.push_back(value_of(fields, item, key));
  return values;
}

Json json_of(const TemperatureScaling& scaling) {
  return Json::object_of({{"temperature", scaling.temperature},
                          {"fitted", scaling.fitted},
                          {"looked", scaling.looked},
                          {"error_before", scaling.error_before},
                          {"error_after", scaling.error_after},
                          {"log_loss_before", scaling.log_loss_before},
                          {"log_loss_after", scaling.log_loss_after}});
}

TemperatureScaling scaling_of(Fields& outer, const Json& json) {
  Fields fields(json);
  const TemperatureScaling scaling{fields.number("temperature"),   fields.integer("fitted"),
                                   fields.integer("looked"),       fields.number("error_before"),
                                   fields.number("error_after"),   fields.number("log_loss_before"),
                                   fields.number("log_loss_after")};
  if (!fields.is_good() || !(scaling.temperature > 0)) outer.complain("a scaling", "scaling");
  return scaling;
}

Json json_of(const Calibration& calibration) {
  return Json::object_of({{"scaling", calibration.scaling ? json_of(*calibration.scaling) : Json()},
                          {"error", calibration.error},
                          {"error_by_chance", calibration.error_by_chance},
                          {"p_value", calibration.p_value},
                          {"bins", list_of(calibration.bins, [](const ReliabilityBin& bin) {
                             return Json::object_of({{"low", bin.low},
                                                     {"high", bin.high},
                                                     {"confidence", bin.confidence},
                                                     {"accuracy", to_json(bin.accuracy)}});
                           })}});
}

Calibration calibration_of(Fields& outer, const Json& json) {
  Fields fields(json);
  Calibration calibration;
  calibration.error = fields.number("error");
  calibration.error_by_chance = fields.number("error_by_chance");
  calibration.p_value = fields.number("p_value");
  if (!fields.member("scaling").is_null())
    calibration.scaling = scaling_of(fields, fields.member("scaling"));
  for (const Json& item : fields.items("bins")) {
    Fields bin(item);
    calibration.bins.push_back({bin.number("low"), bin.number("high"), bin.number("confidence"),
                                read_accuracy(bin, "accuracy")});
    if (!bin.is_good()) fields.complain("bins", "bins");
  }
  if (!fields.is_good()) outer.complain("a calibration", "calibration");
  return calibration;
}

Json json_of(const GroupMetrics& group) {
  return Json::object_of(
      {{"name", group.name},
       {"samples", group.samples},
       {"accuracy", to_json(group.accuracy)},
       {"metrics", list_of(group.metrics, [](const auto& one) { return json_of(one); })},
       {"state", lockstep::to_text(group.state)},
       {"p_value", group.p_value},
       {"p_holm", group.p_holm},
       {"says", group.says}});
}

GroupMetrics group_of(Fields& outer, const Json& json) {
  Fields fields(json);
  GroupMetrics group;
  group.name = fields.text("name");
  group.samples = fields.integer("samples");
  group.accuracy = read_accuracy(fields, "accuracy");
  group.metrics = values_of(fields, "metrics");
  const auto state = parse_state(fields.text("state"));
  group.state = state.value_or(State::not_checked);
  group.p_value = fields.number("p_value");
  group.p_holm = fields.number("p_holm");
  group.says = fields.text("says");
  if (!fields.is_good() || !state) outer.complain("groups with their metrics", "groups");
  return group;
}

Json json_of(const Consistency& one) {
  return Json::object_of({{"against", one.against},
                          {"state", lockstep::to_text(one.state)},
                          {"samples", one.samples},
                          {"difference", one.difference},
                          {"flips", one.flips},
                          {"says", one.says}});
}

Consistency consistency_of(Fields& outer, const Json& json) {
  Fields fields(json);
  Consistency one;
  one.against = fields.text("against");
  const auto state = parse_state(fields.text("state"));
  one.state = state.value_or(State::not_checked);
  one.samples = fields.integer("samples");
  one.difference = fields.number("difference");
  one.flips = fields.integer("flips");
  one.says = fields.text("says");
  if (!fields.is_good() || !state) outer.complain("comparisons of answers", "consistency");
  return one;
}

Json json_of(const DeclaredTest& test) {
  return Json::object_of({{"declared", json_of(test.declared)},
                          {"measured", json_of(test.measured)},
                          {"lower", number_or_null(test.lower)},
                          {"upper", number_or_null(test.upper)},
                          {"p_shown", test.p_shown},
                          {"p_refuted", test.p_refuted},
                          {"needed", test.needed},
                          {"test", test.test}});
}

DeclaredTest test_of(Fields& outer, const Json& json) {
  Fields fields(json);
  DeclaredTest test;
  test.declared = declared_of(fields, fields.member("declared"));
  test.measured = value_of(fields, fields.member("measured"), "measured");
  test.lower = number_if_any(fields, "lower");
  test.upper = number_if_any(fields, "upper");
  test.p_shown = fields.number("p_shown");
  test.p_refuted = fields.number("p_refuted");
  test.needed = fields.integer("needed");
  test.test = fields.text("test");
  if (!fields.is_good()) outer.complain("tests of declared values", "declared");
  return test;
}

Json json_of(const ModelComparison& one) {
  return Json::object_of({{"model", one.other.path},
                          {"model_sha256", one.other.sha256},
                          {"device", one.answered_by.device},
                          {"engine", one.answered_by.engine},
                          {"both", one.both},
                          {"only_this", one.only_this},
                          {"only_other", one.only_other},
                          {"neither", one.neither},
                          {"difference", one.difference},
                          {"p_value", one.p_value},
                          {"says", one.says}});
}

ModelComparison comparison_of(Fields& outer, const Json& json) {
  Fields fields(json);
  ModelComparison one;
  one.other = {fields.text("model"), fields.text("model_sha256")};
  one.answered_by = {fields.text("device"), fields.text("engine")};
  one.both = fields.integer("both");
  one.only_this = fields.integer("only_this");
  one.only_other = fields.integer("only_other");
  one.neither = fields.integer("neither");
  one.difference = fields.number("difference");
  one.p_value = fields.number("p_value");
  one.says = fields.text("says");
  if (!fields.is_good()) outer.complain("a comparison of models", "comparison");
  return one;
}

Json json_of(const std::vector<std::vector<std::int64_t>>& confusion) {
  return list_of(confusion, [](const std::vector<std::int64_t>& row) {
    return list_of(row, [](std::int64_t count) { return Json(count); });
  });
}

std::vector<std::vector<std::int64_t>> confusion_of(Fields& fields) {
  std::vector<std::vector<std::int64_t>> confusion;
  for (const Json& item : fields.items("confusion")) {
    std::vector<std::int64_t>& row = confusion.emplace_back();
    for (const Json& count : item.items()) {
      if (!count.as_int()) fields.complain("counts", "confusion");
      row.push_back(count.as_int().value_or(0));
    }
  }
  const auto is_short = [&](const auto& row) { return row.size() != confusion.size(); };
  if (std::ranges::any_of(confusion, is_short)) fields.complain("a square of counts", "confusion");
  return confusion;
}

}  // namespace

Json to_json(const MetricsPlan& plan) {
  return Json::object_of(
      {{"samples", plan.samples},
       {"batch_size", plan.batch_size},
       {"seed", std::to_string(plan.seed)},
       {"resamples", plan.resamples},
       {"groups", plan.groups},
       {"declared", list_of(plan.declared, [](const auto& one) { return json_of(one); })},
       {"family", plan.family},
       {"other", plan.other},
       {"other_sha256", plan.other_sha256}});
}

Result<MetricsPlan> read_metrics_plan(const Json& json) {
  Fields fields(json);
  MetricsPlan plan;
  plan.samples = fields.integer("samples");
  plan.batch_size = fields.integer("batch_size");
  plan.seed = fields.word("seed");
  plan.resamples = fields.integer("resamples");
  plan.groups = fields.text("groups");
  for (const Json& item : fields.items("declared"))
    plan.declared.push_back(declared_of(fields, item));
  plan.family = fields.integer("family");
  plan.other = fields.text("other");
  plan.other_sha256 = fields.text("other_sha256");
  if (plan.samples < 0) fields.complain("a number of samples", "samples");
  if (plan.batch_size < 1) fields.complain("a number above 0", "batch_size");
  if (plan.resamples < 1 || plan.resamples > 1'000'000)
    fields.complain("a number from 1 to 1000000", "resamples");
  if (!fields.is_good()) return fields.error();
  return plan;
}

Json to_json(const Metrics& m) {
  Json json = Json::object_of({{"model_id", m.model_id},
                               {"model", m.model.path},
                               {"model_sha256", m.model.sha256},
                               {"data", m.data.path},
                               {"data_sha256", m.data.sha256},
                               {"samples", m.samples},
                               {"classes", m.classes},
                               {"seed", std::to_string(m.seed)},
                               {"resamples", m.resamples},
                               {"are_probabilities", m.are_probabilities},
                               {"confusion", json_of(m.confusion)},
                               {"calibration", json_of(m.calibration)},
                               {"grouped_by", m.grouped_by},
                               {"device", m.answered_by.device},
                               {"engine", m.answered_by.engine},
                               {"threads", m.threads},
                               {"worker_version", m.worker_version}});
  const auto convert = [](const auto& one) { return json_of(one); };
  json.set("values", list_of(m.values, convert));
  json.set("groups", list_of(m.groups, convert));
  json.set("consistency", list_of(m.consistency, convert));
  json.set("declared", list_of(m.declared, convert));
  json.set("comparison", m.comparison ? json_of(*m.comparison) : Json());
  return json;
}

Result<Metrics> read_metrics(const Json& json) {
  Fields fields(json);
  Metrics m;
  m.model_id = fields.text("model_id");
  m.model = {fields.text("model"), fields.text("model_sha256")};
  m.data = {fields.text("data"), fields.text("data_sha256")};
  m.samples = fields.integer("samples");
  m.classes = fields.integer("classes");
  m.seed = fields.word("seed");
  m.resamples = fields.integer("resamples");
  m.are_probabilities = fields.flag("are_probabilities");
  m.confusion = confusion_of(fields);
  m.calibration = calibration_of(fields, fields.member("calibration"));
  m.grouped_by = fields.text("grouped_by");
  m.answered_by = {fields.text("device"), fields.text("engine")};
  m.threads = fields.small("threads");
  m.worker_version = fields.text("worker_version");
  m.values = values_of(fields, "values");
  for (const Json& item : fields.items("groups"))
    m.groups.push_back(group_of(fields, item));
  for (const Json& item : fields.items("consistency"))
    m.consistency.push_back(consistency_of(fields, item));
  for (const Json& item : fields.items("declared"))
    m.declared.push_back(test_of(fields, item));
  if (!fields.member("comparison").is_null())
    m.comparison = comparison_of(fields, fields.member("comparison"));
  if (!fields.is_good()) return fields.error();
  return m;
}

}  // namespace lockstep::ai
