// SPDX-License-Identifier: Apache-2.0
// The keys of `models:`, with the tests and the values that are declared of each.
#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "base/text.hpp"
#include "domain/universal.hpp"
#include "formats/product/parts.hpp"

namespace lockstep::formats {
namespace {

using Words = std::vector<std::string>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr NumberRange probability{0, 1, false, "a number from 0 to 1"};
constexpr NumberRange size_of_change{0, infinity, true, "a number above 0"};
constexpr NumberRange positive{0, infinity, true, "a number above 0"};
constexpr NumberRange any_number{-infinity, infinity, false, "a number"};
constexpr NumberRange confidence_range{0.5, 0.999999, false, "a number from 0.5 to 0.999999"};
constexpr std::int64_t most_classes = 1'000'000;
constexpr std::int64_t most_samples = 1'000'000'000;
constexpr std::int64_t most_steps = 1'000'000;
constexpr std::int64_t most_restarts = 10'000;
constexpr std::int64_t most_passes = 1'000;

bool is_target(const std::string& text) {
  return text == "second" || text == "next" ||
         (text.size() <= 6 &&
          std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }));
}

/// A change that is the same for all samples has no restarts, and is made from the other half.
void check_universal(Section& section, EvasionTest& test) {
  const auto kind = universal_kind(test.attack);
  const bool is_patch = kind == UniversalChange::Kind::patch;
  if (is_patch && section.any("norm").is_null()) test.norm = "share";
  if (is_patch != (test.norm == "share"))
    section.problem("product.attack",
                    is_patch ? "expected no norm, or share, for the attack patch, whose epsilon is "
                               "the share of the picture that it covers"
                             : "expected the norm share for the attack patch only",
                    "norm");
  if (!kind) return;
  for (const std::string_view key : {"restarts", "eot", "start", "target"})
    if (!section.any(key).is_null())
      section.problem("product.attack",
                      fmt::format("expected no '{}' for the attack {}, which makes one change for "
                                  "all samples",
                                  key, test.attack),
                      key);
}

EvasionTest read_evasion_test(Section section) {
  const Words norms = {"linf", "l2", "l1", "edits", "share"};
  const Words knowledge = {"white_box", "grey_box", "black_box"};
  const Words starts = {"random", "none"};
  EvasionTest test;
  test.where = section.where();
  test.id = section.text("id", Presence::required);
  if (const auto attack = section.text("attack"); !attack.empty()) test.attack = attack;
  if (const auto norm = section.word("norm", norms); !norm.empty()) test.norm = norm;
  test.epsilon = section.number("epsilon", size_of_change, Presence::required).value_or(0);
  // 0: as many as the attack's authors say.
  test.steps = static_cast<int>(section.whole_number("steps", 1, most_steps).value_or(0));
  test.restarts =
      static_cast<int>(section.whole_number("restarts", 1, most_restarts).value_or(test.restarts));
  test.passes = static_cast<int>(section.whole_number("eot", 1, most_passes).value_or(test.passes));
  test.samples = section.whole_number("samples", 1, most_samples).value_or(test.samples);
  test.random_start = section.word("start", starts) != "none";
  test.target = section.text("target");
  if (!is_target(test.target))
    section.problem("product.target",
                    fmt::format("expected second, next or the number of a class as the class to "
                                "reach, found '{}'",
                                quotable(test.target)),
                    "target");
  if (const auto word = section.word("knowledge", knowledge); !word.empty()) test.knowledge = word;
  test.max_attack_success =
      section.number("max_attack_success", probability, Presence::required).value_or(0);
  check_universal(section, test);
  test.reason = section.text("reason");
  test.curve = section.numbers("curve", size_of_change);
  section.finish();
  return test;
}

/// The names of all metrics.
Words metric_names() {
  Words names;
  for (const MetricRow& row : metric_rows())
    names.emplace_back(row.name);
  return names;
}

DeclaredInput read_declared(Section section) {
  DeclaredInput entry;
  entry.where = section.where();
  DeclaredMetric& declared = entry.declared;
  const Words names = metric_names();
  declared.metric = section.word("metric", names, Presence::required);
  declared.class_index = section.whole_number("class", 0, most_classes).value_or(-1);
  declared.group = section.text("group");
  const auto value = section.number("value", any_number, Presence::required);
  declared.value = value.value_or(0);
  declared.confidence = section.number("confidence", confidence_range).value_or(0.95);
  entry.data = section.text("data");
  entry.reason = section.text("reason");
  if (!declared.metric.empty() && value)
    if (const std::string problem = problem_of(declared); !problem.empty())
      section.problem("product.declared", problem, "metric");
  section.finish();
  return entry;
}

std::vector<DeclaredInput> read_declared_values(Section& model) {
  std::vector<DeclaredInput> entries;
  for (std::size_t i = 0; i < model.list("declared").size(); ++i) {
    DeclaredInput entry = read_declared(model.element("declared", i));
    const auto is_same = [&](const DeclaredInput& other) {
      return name_of(other.declared) == name_of(entry.declared) && other.data == entry.data;
    };
    const auto earlier = std::ranges::find_if(entries, is_same);
    if (earlier != entries.end() && !entry.declared.metric.empty())
      model.element("declared", i)
          .problem("product.duplicate",
                   fmt::format("expected each value to be declared once, found '{}' again (line "
                               "{})",
                               quotable(name_of(entry.declared)), earlier->where.line),
                   "metric");
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// What stands between the data and the net.
Preprocessing read_preprocessing(Section section) {
  Preprocessing preprocessing;
  preprocessing.scale = section.number("scale", positive).value_or(1);
  preprocessing.mean = section.numbers("mean", any_number);
  preprocessing.deviation = section.numbers("deviation", positive);
  preprocessing.layout = section.word("layout", Words{"nchw", "nhwc"});
  const std::size_t means = preprocessing.mean.size();
  const std::size_t deviations = preprocessing.deviation.size();
  if (means > 1 && deviations > 1 && means != deviations)
    section.problem("product.preprocessing",
                    fmt::format("expected as many numbers under 'deviation' as under 'mean', or "
                                "one, found {} and {}",
                                deviations, means),
                    "deviation");
  section.finish();
  return preprocessing;
}

/// How a model is asked that is behind an address.
void read_endpoint(Section section, bool is_given, ModelInput& model) {
  const Words forms = {"scores", "kserve", "chat"};
  EndpointOptions& options = model.endpoint;
  options.form = section.word("form", forms);
  options.model = section.text("named");
  options.questions = section.whole_number("queries", 1, most_samples).value_or(0);
  options.rows = section.whole_number("per_request", 1, 65'536).value_or(options.rows);
  options.parallel =
      static_cast<int>(section.whole_number("parallel", 1, 64).value_or(options.parallel));
  options.timeout_seconds =
      static_cast<int>(section.whole_number("timeout", 1, 3600).value_or(options.timeout_seconds));
  model.token_from = section.text("token_from");
  if (is_given && !is_address(model.path))
    section.problem("product.endpoint",
                    fmt::format("expected 'endpoint' where the path of the model is an address, "
                                "found the path '{}'",
                                quotable(model.path, 200)),
                    "");
  section.finish();
}

ModelInput read_model(Section section) {
  ModelInput model;
  model.where = section.where();
  model.id = section.text("id", Presence::required);
  model.path = section.text("path", Presence::required);
  model.data = section.text("data");
  model.columns = section.text("columns");
  model.text = section.text("text");
  model.preprocessing = read_preprocessing(section.section("preprocessing"));
  read_endpoint(section.section("endpoint"), !section.any("endpoint").is_null(), model);
  model.purpose = section.text("purpose");
  model.groups = section.text("groups");
  model.declared = read_declared_values(section);
  for (std::size_t i = 0; i < section.list("evasion").size(); ++i)
    model.evasion.push_back(read_evasion_test(section.element("evasion", i)));
  section.finish();
  return model;
}

}  // namespace

std::vector<ModelInput> read_models(Section& file) {
  std::vector<ModelInput> models;
  for (std::size_t i = 0; i < file.list("models").size(); ++i)
    models.push_back(read_model(file.element("models", i)));
  return models;
}

}  // namespace lockstep::formats
