// SPDX-License-Identifier: Apache-2.0
#include "formats/product/parts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "domain/universal.hpp"

namespace lockstep::formats {
namespace {

using Words = std::vector<std::string>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr NumberRange probability{0, 1, false, "a number from 0 to 1"};
constexpr NumberRange size_of_change{0, infinity, true, "a number above 0"};
constexpr NumberRange positive{0, infinity, true, "a number above 0"};
constexpr NumberRange any_number{-infinity, infinity, false, "a number"};
constexpr NumberRange rate_per_year{0, infinity, false, "a number of at least 0"};
constexpr NumberRange days_until_fixed{0, 36'500, false, "a number of days from 0 to 36500"};
constexpr NumberRange confidence_range{0.5, 0.999999, false, "a number from 0.5 to 0.999999"};
constexpr std::int64_t most_classes = 1'000'000;
constexpr std::int64_t most_samples = 1'000'000'000;
constexpr std::int64_t most_steps = 1'000'000;
constexpr std::int64_t most_restarts = 10'000;
constexpr std::int64_t most_passes = 1'000;

/// Where a key's value stands, or the section when it has none.
Position where_of(Section& section, std::string_view key) {
  const Json& value = section.any(key);
  return value.is_null() ? section.where() : value.at(section.where().file);
}

bool is_country(const std::string& text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

Operator read_operator(Section section) {
  Operator one;
  one.where = section.where();
  one.name = section.text("name");
  one.address = section.text("address");
  one.country = section.text("country");
  one.email = section.text("email");
  one.website = section.text("website");
  if (!one.country.empty() && !is_country(one.country))
    section.problem("product.country",
                    fmt::format("expected a country as two capital letters such as NO, found '{}'",
                                quotable(one.country)),
                    "country");
  section.finish();
  return one;
}

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

Evidence read_evidence_entry(Section section) {
  Evidence entry;
  entry.id = section.text("id", Presence::required);
  entry.kind = section.text("kind", Presence::required);
  entry.subject = section.text("path", Presence::required);
  entry.shows = section.texts("shows");
  entry.made_by = section.text("made_by");
  entry.made_at = section.day_text("date");
  entry.expires = section.day_text("expires");
  entry.note = section.text("note");
  section.finish();
  return entry;
}

ControlInput read_control(Section section) {
  const Words hierarchy = {"design", "protective", "information"};
  const Words strength = {"measured", "reviewed", "declared"};
  ControlInput control;
  control.where = section.where();
  control.id = section.text("id", Presence::required);
  control.title = section.text("title", Presence::required);
  control.hierarchy = section.word("hierarchy", hierarchy, Presence::required);
  control.effectiveness =
      section.number("effectiveness", probability, Presence::required).value_or(0);
  control.strength = section.word("strength", strength, Presence::required);
  control.evidence = section.text("evidence");
  control.date = section.day_text("date");
  section.finish();
  return control;
}

/// A 90 % interval, written [low, high].
std::pair<std::optional<double>, std::optional<double>> read_interval(Section& section,
                                                                      std::string_view key,
                                                                      const NumberRange& range) {
  if (section.any(key).is_null()) return {};
  const bool is_pair = section.any(key).is_array() && section.any(key).items().size() == 2;
  const std::vector<double> ends = section.numbers(key, range);
  if (section.any(key).is_array() && !is_pair)
    section.problem("product.type",
                    fmt::format("expected a list of two numbers such as [0.2, 5] for '{}.{}', "
                                "found a list of {}",
                                section.name(), key, section.any(key).items().size()),
                    key);
  if (!is_pair || ends.size() != 2) return {};
  if (ends[0] <= ends[1]) return {ends[0], ends[1]};
  section.problem("product.order",
                  fmt::format("expected the smaller number first for '{}.{}', found [{}, {}]",
                              section.name(), key, ends[0], ends[1]),
                  key);
  return {};
}

RiskJudgement read_risk(Section section) {
  const Words classes = {"H", "R", "C", "I", "A", "N", "P", "K"};
  const Words decisions = {"accepted", "mitigated"};
  RiskJudgement risk;
  risk.where = section.where();
  risk.id = section.text("id", Presence::required);
  std::tie(risk.rate_low, risk.rate_high) = read_interval(section, "rate", rate_per_year);
  std::tie(risk.harm_low, risk.harm_high) = read_interval(section, "harm", probability);
  risk.harm_class = section.word("class", classes);
  risk.severity = static_cast<int>(section.whole_number("severity", 1, 4).value_or(0));
  risk.reason = section.text("reason");
  risk.by = section.text("by");
  risk.date = section.day_text("date");
  risk.decision = section.word("decision", decisions);
  risk.reviewed_by = section.text("reviewed_by");
  risk.reviewed_by_where = where_of(section, "reviewed_by");
  risk.expires = section.day_text("expires");
  risk.expires_where = where_of(section, "expires");
  risk.controls = section.texts("controls");
  section.finish();
  return risk;
}

template <typename Entry>
std::vector<Entry> read_list(Section& file, std::string_view key, Entry (*read)(Section)) {
  std::vector<Entry> entries;
  const std::size_t count = file.list(key).size();
  for (std::size_t i = 0; i < count; ++i)
    entries.push_back(read(file.element(key, i)));
  return entries;
}

SbomInput read_sbom(Section section) {
  SbomInput sbom;
  sbom.where = section.where();
  sbom.path = section.text("path", Presence::required);
  sbom.part = section.text("part");
  section.finish();
  return sbom;
}

}  // namespace

void read_description(Section section, Product& product) {
  product.name = section.text("name", Presence::required);
  product.version = section.text("version", Presence::required);
  product.type = section.text("type");
  product.description = section.text("description");
  product.intended_purpose = section.text("intended_purpose");
  product.foreseeable_misuse = section.texts("foreseeable_misuse");
  product.placed_on_market = section.day("placed_on_market");
  product.facts_answered = section.day("facts_answered");
  Section support = section.section("support");
  product.support_from = support.day("from");
  product.support_until = support.day("until");
  product.support_reason = support.text("reason");
  if (product.support_from && product.support_until &&
      *product.support_until < *product.support_from)
    support.problem("product.order",
                    fmt::format("expected the end of support on or after its start ({}), found {}",
                                to_text(*product.support_from), to_text(*product.support_until)),
                    "until");
  support.finish();
  section.finish();
}

void read_operators(Section section, Product& product) {
  product.manufacturer = read_operator(section.section("manufacturer"));
  product.authorised_representative = read_operator(section.section("authorised_representative"));
  product.importer = read_operator(section.section("importer"));
  section.finish();
}

void read_security(Section section, Product& product) {
  product.security_contact = section.text("contact");
  product.disclosure_policy = section.text("disclosure_policy");
  section.finish();
}

HandlingInput read_handling(Section section) {
  HandlingInput handling;
  handling.where = where_of(section, "days_to_fix");
  handling.days_to_fix = section.numbers("days_to_fix", days_until_fixed);
  handling.evidence = section.text("evidence");
  section.finish();
  return handling;
}

std::vector<SbomInput> read_sboms(Section& file) {
  return read_list(file, "sboms", read_sbom);
}

std::vector<ModelInput> read_models(Section& file) {
  return read_list(file, "models", read_model);
}

std::vector<Evidence> read_evidence(Section& file) {
  return read_list(file, "evidence", read_evidence_entry);
}

std::vector<ControlInput> read_controls(Section& file) {
  return read_list(file, "controls", read_control);
}

std::vector<RiskJudgement> read_risks(Section& file) {
  return read_list(file, "risks", read_risk);
}

DeclarationInput read_declaration(Section section) {
  DeclarationInput declaration;
  declaration.number = section.text("number");
  declaration.object = section.text("object");
  declaration.standards = section.texts("standards");
  declaration.notified_body = section.text("notified_body");
  declaration.notified_body_number = section.text("notified_body_number");
  declaration.certificate = section.text("certificate");
  declaration.procedure = section.text("procedure");
  declaration.place = section.text("place");
  declaration.date = section.day_text("date");
  declaration.signatory = section.text("signatory");
  declaration.function = section.text("function");
  declaration.additional = section.text("additional");
  section.finish();
  return declaration;
}

}  // namespace lockstep::formats
