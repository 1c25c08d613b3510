// SPDX-License-Identifier: Apache-2.0
#include "formats/product/product.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>

#include "base/json.hpp"
#include "base/text.hpp"
#include "formats/invalid_files.hpp"
#include "formats/product/facts.hpp"

namespace lockstep::formats {
namespace {

using test::read_file;
using test::source_path;

std::string problems_of(const std::string& bytes, const std::string& name) {
  Diagnostics problems;
  const auto product = read_product(bytes, name, problems);
  return test::text_of(problems) + (product ? "" : to_text(product.error()) + "\n");
}

Product valid(const std::string& name) {
  Diagnostics problems;
  auto product = read_product(read_file(source_path("tests/data/formats/product/valid/" + name)),
                              name, problems);
  EXPECT_EQ(test::text_of(problems), "");
  EXPECT_TRUE(product.has_value());
  return product ? *product : Product{};
}

std::vector<Fact> facts_of(const std::string& text) {
  Diagnostics problems;
  auto facts = read_facts(text, "facts.yaml", problems);
  EXPECT_TRUE(facts.has_value() && !problems.has_errors()) << test::text_of(problems);
  return facts ? *facts : std::vector<Fact>{};
}

std::string line_of(const std::vector<Fact>& facts) {
  std::string text;
  for (const Fact& fact : facts)
    text += fact.name + "=" + to_text(fact.value) + ";";
  return text;
}

TEST(ProductFile, EveryInvalidFileGivesItsMessages) {
  test::expect_messages("tests/data/formats/product/invalid", problems_of);
}

TEST(ProductFile, ReadsEveryKey) {
  const Product product = valid("quayside.yaml");
  EXPECT_EQ(product.name, "Quayside Reader");
  EXPECT_EQ(product.version, "3.2.0");
  EXPECT_EQ(product.type, "QR-3");
  EXPECT_EQ(product.foreseeable_misuse.size(), 2U);
  EXPECT_EQ(to_text(product.placed_on_market.value()), "2028-09-04");
  EXPECT_EQ(to_text(product.support_until.value()), "2033-09-04");
  EXPECT_EQ(product.manufacturer.country, "NO");
  EXPECT_EQ(product.authorised_representative.name, "Quayside EU GmbH");
  EXPECT_EQ(product.importer.country, "DE");
  EXPECT_EQ(product.security_contact, "mailto:psirt@quayside.example");
  EXPECT_EQ(product.disclosure_policy, "https://quayside.example/cvd");
  EXPECT_EQ(product.handling.days_to_fix, (std::vector<double>{3, 6.5, 30}));
  EXPECT_EQ(product.handling.evidence, "policy.cvd");
  EXPECT_EQ(product.handling.where.line, 58);
  EXPECT_EQ(product.sboms.at(0).part, "application");
  EXPECT_EQ(product.vex.at(0), "vex/quayside.openvex.json");
  EXPECT_EQ(product.evidence.at(0).shows.at(0), "cra.cvd_policy");
  EXPECT_EQ(product.evidence.at(0).made_at, "2028-05-01");
  EXPECT_EQ(product.controls.at(0).effectiveness, 0.8);
  EXPECT_EQ(product.declaration.notified_body_number, "0123");
  EXPECT_EQ(product.declaration.function, "head of product");
  EXPECT_EQ(product.sha256.size(), 64U);
}

TEST(ProductFile, ReadsEveryDeclaredValue) {
  const ModelInput model = valid("quayside.yaml").models.at(0);
  EXPECT_EQ(model.groups, "site");
  ASSERT_EQ(model.declared.size(), 2U);
  EXPECT_EQ(model.declared[0].declared, (DeclaredMetric{"recall", 3, "night", 0.9, 0.99}));
  EXPECT_EQ(model.declared[0].data, "data/night.npz");
  EXPECT_EQ(model.declared[0].reason, "manual 4.2");
  EXPECT_EQ(model.declared[1].declared, (DeclaredMetric{"accuracy", -1, "", 0.95, 0.95}));
  EXPECT_EQ(model.declared[1].where.line, 34);
}

TEST(ProductFile, TheSchemaForEditorsKnowsTheMetrics) {
  Diagnostics problems;
  const auto schema = parse_json(read_file(source_path("data/schemas/product.schema.json")),
                                 "product.schema.json", problems);
  ASSERT_TRUE(schema.has_value());
  const Json& model = (*schema)["properties"]["models"]["items"]["properties"];
  std::vector<std::string> names;
  for (const Json& name : model["declared"]["items"]["properties"]["metric"]["enum"].items())
    names.push_back(name.string_or(""));
  std::vector<std::string> rows;
  for (const MetricRow& row : metric_rows())
    rows.emplace_back(row.name);
  EXPECT_EQ(names, rows);
}

TEST(ProductFile, ReadsHowAServiceIsAsked) {
  Diagnostics problems;
  const auto product = read_product(R"(lockstep: 1
product: {name: A, version: "1"}
models:
  - id: asked
    path: https://models.example/scores
    endpoint:
      {form: kserve, named: m, queries: 500, per_request: 8, parallel: 2, timeout: 9, token_from: K}
    evasion:
      - {id: a, attack: square, epsilon: 0.1, max_attack_success: 0.4, eot: 5}
      - {id: b, attack: patch, epsilon: 0.1, max_attack_success: 0.4}
)",
                                    "lockstep.yaml", problems);
  ASSERT_TRUE(product.has_value() && !problems.has_errors()) << test::text_of(problems);
  const ModelInput& model = product->models.at(0);
  EXPECT_EQ(model.endpoint, (EndpointOptions{"kserve", "m", 8, 2, 9, 5, 500}));
  EXPECT_EQ(model.token_from, "K");
  EXPECT_EQ(model.evasion.at(0).passes, 5);
  EXPECT_EQ(model.evasion.at(0).norm, "linf");
  EXPECT_EQ(model.evasion.at(1).norm, "share");
}

TEST(ProductFile, ReadsEveryNumberOfAnEvasionTest) {
  const EvasionTest test = valid("quayside.yaml").models.at(0).evasion.at(0);
  EXPECT_EQ(test.epsilon, 0.03);
  EXPECT_EQ(test.steps, 20);
  EXPECT_EQ(test.restarts, 2);
  EXPECT_EQ(test.samples, 500);
  EXPECT_FALSE(test.random_start);
  EXPECT_EQ(test.knowledge, "grey_box");
  EXPECT_EQ(test.max_attack_success, 0.4);
  EXPECT_EQ(test.curve, (std::vector<double>{0.01, 0.02, 0.05}));
  EXPECT_EQ(test.where.line, 36);
}

TEST(ProductFile, ReadsWhatStandsBetweenTheDataAndTheNet) {
  const ModelInput model = valid("quayside.yaml").models.at(0);
  EXPECT_EQ(model.columns, "data/columns.yaml");
  EXPECT_EQ(model.preprocessing, (Preprocessing{255, {1, 2, 3}, {0.5}, "nhwc"}));
  EXPECT_EQ(to_text(model.preprocessing), "(255 x - [1, 2, 3]) / 0.5");
}

TEST(ProductFile, ReadsEveryNumberOfARisk) {
  const RiskJudgement risk = valid("quayside.yaml").risks.at(0);
  EXPECT_EQ(risk.rate_low, 0.2);
  EXPECT_EQ(risk.rate_high, 5);
  EXPECT_EQ(risk.harm_low, 0.001);
  EXPECT_EQ(risk.harm_high, 0.01);
  EXPECT_EQ(risk.harm_class, "H");
  EXPECT_EQ(risk.severity, 3);
  EXPECT_EQ(risk.decision, "mitigated");
  EXPECT_EQ(risk.reviewed_by, "B. Reviewer");
  EXPECT_EQ(risk.reviewed_by_where.line, 44);
  EXPECT_EQ(risk.expires_where.line, 44);
  EXPECT_EQ(risk.controls.at(0), "operator_confirm");
}

TEST(ProductFile, TheLeastFileHasANameAndAVersion) {
  const Product product = valid("least.yaml");
  EXPECT_EQ(product.name, "Least");
  EXPECT_EQ(product.version, "1.0");
  EXPECT_TRUE(product.facts.empty());
}

TEST(ProductFile, ReturnsWhatItCouldReadBesideTheProblems) {
  Diagnostics problems;
  const auto product = read_product(
      "lockstep: 1\nproduct: {name: A, version: 1, placed_on_market: soon}\n"
      "models: [{id: m, path: m.onnx, evasion: [{id: t, epsilon: -1}]}]\n",
      "p.yaml", problems);
  ASSERT_TRUE(product.has_value());
  EXPECT_EQ(product->name, "A");
  EXPECT_EQ(product->models.at(0).evasion.at(0).id, "t");
  EXPECT_EQ(problems.error_count(), 3U);
}

/// A document with one unknown key in every map that the schema describes; `keys` collects what the
/// schema knows there, sorted, by the name that messages give the map.
Json with_unknown_keys(const Json& schema,
                       const std::string& name,
                       std::map<std::string, std::string>& keys) {
  Json node = Json::object_of({{"zzzzzzzzzzzzzzzz", 1}});
  std::vector<std::string> known;
  for (const auto& [key, property] : schema["properties"].members()) {
    known.push_back(key);
    const std::string path = name.empty() ? key : name + "." + key;
    if (!property["properties"].is_null()) node.set(key, with_unknown_keys(property, path, keys));
    if (property["items"]["properties"].is_null()) continue;
    node.set(key, Json::array().push(with_unknown_keys(property["items"], path + "[0]", keys)));
  }
  std::sort(known.begin(), known.end());
  keys[name.empty() ? "the product file" : "'" + name + "'"] = join(known, ", ");
  return node;
}

TEST(ProductFile, TheSchemaForEditorsKnowsTheKeysOfTheReader) {
  Diagnostics problems;
  const auto schema = parse_json(read_file(source_path("data/schemas/product.schema.json")),
                                 "product.schema.json", problems);
  ASSERT_TRUE(schema.has_value());
  std::map<std::string, std::string> in_schema;
  const Json document = with_unknown_keys(*schema, "", in_schema);
  ASSERT_TRUE(read_product(to_pretty_json(document), "p.yaml", problems).has_value());
  std::map<std::string, std::string> in_reader;
  for (const Diagnostic& entry : problems.entries()) {
    if (entry.code != "product.unknown_key") continue;
    constexpr std::string_view before = "expected a key of ";
    constexpr std::string_view between = ", found 'zzzzzzzzzzzzzzzz'; it has ";
    const std::size_t at = entry.message.find(between);
    ASSERT_NE(at, std::string::npos) << entry.message;
    std::vector<std::string> words;
    const std::string list = entry.message.substr(at + between.size());
    for (const auto word : split(list, ','))
      words.emplace_back(trim(word));
    std::sort(words.begin(), words.end());
    in_reader[entry.message.substr(before.size(), at - before.size())] = join(words, ", ");
  }
  EXPECT_EQ(in_reader, in_schema);
}

TEST(Facts, NestedAndDottedNamesAreTheSame) {
  EXPECT_EQ(line_of(facts_of("ai: {is_ai_system: yes, use: {area: ports}}\n")),
            line_of(facts_of("ai.is_ai_system: yes\nai.use.area: ports\n")));
}

TEST(Facts, AValueIsWhatItLooksLike) {
  const auto facts = facts_of(
      "a: yes\nb: False\nc: 42\nd: 0.5\ne: 2028-09-04\nf: unknown\ng:\nh: [x, y]\ni: []\nj: NO\n"
      "k: \"42\"\nl: nan\nm: \"2028-09-04\"\nn: -3\no: 2028-02-30\n");
  ASSERT_EQ(facts.size(), 15U);
  EXPECT_EQ(std::get<bool>(facts[0].value), true);
  EXPECT_EQ(std::get<bool>(facts[1].value), false);
  EXPECT_EQ(std::get<std::int64_t>(facts[2].value), 42);
  EXPECT_EQ(std::get<double>(facts[3].value), 0.5);
  EXPECT_EQ(to_text(std::get<Day>(facts[4].value)), "2028-09-04");
  EXPECT_FALSE(is_known(facts[5].value));
  EXPECT_FALSE(is_known(facts[6].value));
  EXPECT_EQ(std::get<std::vector<std::string>>(facts[7].value).size(), 2U);
  EXPECT_TRUE(std::get<std::vector<std::string>>(facts[8].value).empty());
  EXPECT_EQ(std::get<std::string>(facts[9].value), "NO");
  EXPECT_EQ(std::get<std::string>(facts[10].value), "42");
  EXPECT_EQ(std::get<std::string>(facts[11].value), "nan");
  EXPECT_EQ(to_text(std::get<Day>(facts[12].value)), "2028-09-04");
  EXPECT_EQ(std::get<std::int64_t>(facts[13].value), -3);
  EXPECT_EQ(std::get<std::string>(facts[14].value), "2028-02-30");
}

TEST(Facts, EachFactKnowsItsLine) {
  const auto facts = facts_of("a:\n  b: yes\n  c:\n    - x\n");
  EXPECT_EQ(to_text(facts.at(0).provenance), "facts.yaml:2");
  EXPECT_EQ(to_text(facts.at(1).provenance), "facts.yaml:3");
}

TEST(Facts, AJsonMapOfFactsIsReadToo) {
  EXPECT_EQ(line_of(facts_of("{\"ai.is_ai_system\": true, \"x\": {\"y\": \"unknown\"}}")),
            "ai.is_ai_system=yes;x.y=unknown;");
}

}  // namespace
}  // namespace lockstep::formats
