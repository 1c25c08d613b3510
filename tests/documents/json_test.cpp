// SPDX-License-Identifier: Apache-2.0
#include "documents/json/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "documents/declaration.hpp"
#include "documents/schema_check.hpp"
#include "support/golden.hpp"
#include "support/sample_dossier.hpp"

namespace lockstep::documents {
namespace {

using test::sample_dossier;
using test::SchemaCheck;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

struct Made {
  std::string schema;  ///< file name without the ending
  Json json;
};

EvidenceRow row_of(const Evidence& evidence) {
  return {1, evidence, std::string(64, '0'), sha256("row")};
}

/// Every document of the contract, made from `dossier`.
std::vector<Made> all_documents(const Dossier& dossier) {
  std::vector<Made> made = {{"scope", scope_json(dossier.product.name, dossier.law, dossier.exit)},
                            {"findings", findings_json(dossier.boms, dossier.data, dossier.findings,
                                                       dossier.unmatched, 1)},
                            {"risks", risks_json(dossier.risks, 1)},
                            {"evidence", evidence_json(dossier.evidence, 0)},
                            {"evidence", evidence_json(dossier.evidence, 0, Times::without)},
                            {"dossier", dossier_json(dossier)},
                            {"dossier", dossier_json(dossier, Times::without)},
                            {"declaration", declaration_json(dossier)}};
  for (const Measurement& test : dossier.measurements) {
    made.push_back({"evasion", evasion_json(test, 0)});
    made.push_back({"evasion", evasion_json(test, 0, Times::without)});
  }
  std::vector<EvidenceRow> rows;
  for (const Evidence& one : dossier.evidence)
    rows.push_back(row_of(one));
  made.push_back({"evidence", evidence_json(rows, 0)});
  return made;
}

TEST(Json, EveryDocumentKeepsItsSchema) {
  Dossier compared = sample_dossier();
  compared.since_baseline = {
      "run.json", std::string(64, 'a'), "", "", {"CVE-1 in curl 7.88.1"}, {"CVE-2 in curl 7.88.1"},
      {},         {"cra.sbom"}};
  for (const Dossier& dossier : {sample_dossier(), compared, Dossier{}})
    for (const Made& made : all_documents(dossier))
      EXPECT_THAT(SchemaCheck::problems(made.json, made.schema + ".schema.json"), IsEmpty())
          << made.schema;
}

TEST(Json, TheCheckerSeesWhatIsWrong) {
  Json scope = scope_json("x", test::sample_law(), 0);
  scope.set("exit", 9).set("new", 1);
  scope.set("codes", Json::object());
  EXPECT_THAT(SchemaCheck::problems(scope, "scope.schema.json"),
              UnorderedElementsAre("$.exit: is none of the choices: 9",
                                   "$: has new, which no schema describes", "$.codes: lacks ai_act",
                                   "$.codes: lacks article_12", "$.codes: lacks cra",
                                   "$.codes: lacks cra_routes", "$.codes: lacks nis2"));
}

/// The members of the contract, as written in it.
TEST(Json, HasTheFieldsOfTheContract) {
  const Dossier dossier = sample_dossier();
  const auto has = [](const Json& json, const std::vector<std::string>& keys) {
    for (const std::string& key : keys)
      EXPECT_NE(json.find(key), nullptr) << key;
  };
  const Json scope = scope_json(dossier.product.name, dossier.law, 0);
  has(scope,
      {"schema", "product", "as_of", "codes", "answers", "obligations", "missing_facts", "exit"});
  has(scope["codes"], {"cra", "cra_routes", "ai_act", "nis2", "article_12"});
  has(scope["answers"].items()[0], {"act", "question", "state", "cites", "because", "missing"});
  has(scope["obligations"].items()[0],
      {"id", "cites", "applies_from", "state", "because", "missing"});
  has(scope["missing_facts"].items()[0], {"fact", "question", "would_decide"});
  const Json findings =
      findings_json(dossier.boms, dossier.data, dossier.findings, dossier.unmatched, 1);
  has(findings, {"schema", "sbom", "data", "findings", "unmatched", "exit"});
  has(findings["sbom"], {"path", "sha256", "components"});
  has(findings["data"].items()[0], {"source", "as_of", "advisories", "sha256"});
  const Json& first = findings["findings"].items()[0];
  has(first, {"component", "purl", "advisory", "aliases", "because", "fixed", "severity", "epss",
              "known_exploited", "vex", "state"});
  has(first["severity"], {"source", "vector", "score", "rating"});
  has(first["epss"], {"probability", "percentile", "date"});
  has(findings["findings"].items()[1]["vex"], {"status", "statement"});
  has(findings["unmatched"].items()[0], {"component", "reason"});
  const Json evasion = evasion_json(dossier.measurements[0], 0);
  has(evasion, {"schema", "model", "data", "threat", "seed", "clean", "robust", "attacks",
                "reverified", "soundness", "device", "threads", "exit"});
  has(evasion["data"], {"path", "sha256", "samples"});
  has(evasion["threat"], {"norm", "epsilon", "knowledge", "budget"});
  has(evasion["clean"], {"correct", "accuracy", "interval95"});
  has(evasion["attacks"].items()[0],
      {"name", "source", "tried", "broken", "forward", "backward", "seconds"});
  has(evasion["reverified"], {"claimed", "confirmed"});
  has(evasion["soundness"].items()[0], {"check", "state", "value", "says"});
}

TEST(Json, SaysWhatTheValuesSay) {
  const Json evasion = evasion_json(test::sample_measurement(), 0);
  EXPECT_EQ(evasion["clean"]["accuracy"].as_number(), 0.992);
  EXPECT_EQ(evasion["robust"]["correct"].as_int(), 206);
  const Dossier dossier = sample_dossier();
  const Json findings =
      findings_json(dossier.boms, dossier.data, dossier.findings, dossier.unmatched, 1);
  EXPECT_EQ(findings["sbom"]["components"].as_int(), 6);
  EXPECT_EQ(findings["data"].items()[0]["advisories"].as_int(), 241003);
  EXPECT_EQ(findings["findings"].items()[4]["severity"]["rating"].string_or(""), "unknown");
  EXPECT_TRUE(findings["findings"].items()[4]["severity"]["score"].is_null());
}

TEST(Json, DistancesOverNoSamplesAreNull) {
  Measurement test = test::sample_measurement();
  EXPECT_TRUE(evasion_json(test, 0)["distances"].is_null());
  test.distances = Distances{9, 4, 1.5, 1.25, std::nullopt, {{1000, 0, 0}, {5000, 4, 1.25}}};
  const Json some = evasion_json(test, 0)["distances"];
  EXPECT_EQ(some["median"].as_number(), 1.25);
  EXPECT_TRUE(some["median_attacked"].is_null());
  EXPECT_TRUE(some["after"].items()[0]["median"].is_null());
  EXPECT_THAT(SchemaCheck::problems(evasion_json(test, 0), "evasion.schema.json"), IsEmpty());
  test.distances = Distances{9, 0, 0, 0, std::nullopt, {}};
  EXPECT_TRUE(evasion_json(test, 0)["distances"]["mean"].is_null());
  EXPECT_THAT(SchemaCheck::problems(evasion_json(test, 0), "evasion.schema.json"), IsEmpty());
}

TEST(Json, FindingsAsTextAreTheTreeWritten) {
  const Dossier dossier = sample_dossier();
  const SinceBaseline since{"run.json", std::string(64, 'a'), "", "", {"CVE-1 in curl"}, {}, {},
                            {}};
  for (const auto& baseline : {std::optional<SinceBaseline>(), std::optional(since)}) {
    Json tree = findings_json(dossier.boms, dossier.data, dossier.findings, dossier.unmatched, 1);
    tree.set("baseline", baseline_json(baseline));
    EXPECT_EQ(joined(findings_text(dossier.boms, dossier.data, dossier.findings, dossier.unmatched,
                                   baseline, 1)),
              to_pretty_json(tree));
  }
}

TEST(Json, WithoutTimesTheDossierDoesNotKnowWhenItWasMade) {
  Dossier dossier = sample_dossier();
  const std::string before = to_canonical_json(dossier_json(dossier, Times::without));
  dossier.measurements[0].attacks[0].seconds = 99;
  for (Evidence& one : dossier.evidence)
    one.made_at = "2030-01-01T00:00:00Z";
  dossier.run_id = "another";
  EXPECT_EQ(to_canonical_json(dossier_json(dossier, Times::without)), before);
  EXPECT_THAT(before, Not(HasSubstr("seconds")));
  EXPECT_THAT(before, Not(HasSubstr("made_at")));
  EXPECT_THAT(to_canonical_json(dossier_json(dossier)), HasSubstr("\"seconds\":99"));
  dossier.seed = 2;
  EXPECT_NE(to_canonical_json(dossier_json(dossier, Times::without)), before);
}

TEST(Json, LargeSeedsKeepTheirDigits) {
  Measurement test = test::sample_measurement();
  test.seed = 18446744073709551615U;
  EXPECT_EQ(evasion_json(test, 0)["seed"].string_or(""), "18446744073709551615");
  test.seed = 1;
  EXPECT_EQ(evasion_json(test, 0)["seed"].as_int(), 1);
}

TEST(Json, DossierIsTheGoldenOne) {
  test::expect_golden("documents/dossier.json", to_pretty_json(dossier_json(sample_dossier())));
}

}  // namespace
}  // namespace lockstep::documents
