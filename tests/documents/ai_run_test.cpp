// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents/ai_run_page.hpp"
#include "documents/html_check.hpp"
#include "documents/json/json.hpp"
#include "documents/schema_check.hpp"
#include "support/sample_dossier.hpp"

namespace lockstep::documents {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

AiRun some_run() {
  AiRun run;
  run.dossier = test::sample_dossier();
  run.worker_sha256 = std::string(64, 'b');
  run.state = State::fail;
  run.exit = 1;
  for (const Measurement& measurement : run.dossier.measurements) {
    AiTestRun& one = run.tests[measurement.id];
    one.measured_at = "2028-09-04T08:00:00Z";
    one.details.grid = "8-bit pixels";
    one.details.class_names = {"zero", "<one>", "two"};
    one.details.classes = {{0, "zero", 40, 40, 30}, {1, "<one>", 40, 38, 2}, {2, "two", 5, 5, 0}};
    one.details.examples = {{3, "1/a.png", 1, 0, 0.03, true, {}}, {9, "", 1, 2, 0.05, false, {}}};
    one.details.examples_sha256 = std::string(64, 'c');
    one.files = {"test-x/examples.npz", "test-x/000003-original.png"};
    one.pictures = {{3, "original", "perturbed", "difference"}};
  }
  return run;
}

TEST(AiRun, TheDocumentFollowsItsSchema) {
  const AiRun run = some_run();
  ASSERT_FALSE(run.dossier.measurements.empty());
  const Json json = ai_run_json(run);
  EXPECT_THAT(test::SchemaCheck::problems(json, "ai-run.schema.json"), IsEmpty());
  EXPECT_THAT(test::SchemaCheck::problems(ai_run_json(run, Times::without), "ai-run.schema.json"),
              IsEmpty());
  EXPECT_THAT(test::SchemaCheck::problems(Json::object_of({{"exit", 0}}), "ai-run.schema.json"),
              Not(IsEmpty()));
  const Json& first = json["tests"].items().front();
  EXPECT_EQ(first["worst_class"]["label"].as_int(), 1);
  EXPECT_EQ(first["worst_class"]["robust"]["accuracy"].as_number(), 0.05);
}

TEST(AiRun, WhatWasMeasuredBeforeIsTheSameWithoutTimes) {
  AiRun run = some_run();
  const std::string before = to_canonical_json(ai_run_json(run, Times::without));
  for (auto& [id, one] : run.tests) {
    one.is_reused = true;
    one.measured_at = "2029-01-01T00:00:00Z";
    one.files.clear();
  }
  EXPECT_EQ(to_canonical_json(ai_run_json(run, Times::without)), before);
  EXPECT_NE(to_canonical_json(ai_run_json(run)), to_canonical_json(ai_run_json(some_run())));
}

TEST(AiRun, FewSamplesMakeNoWorstClass) {
  AttackDetails details;
  details.classes = {{0, "", 9, 9, 0}};
  EXPECT_EQ(worst_class(details), nullptr);
  details.classes = {{0, "", 10, 9, 3}, {1, "", 100, 90, 20}, {2, "", 9, 0, 0}};
  ASSERT_NE(worst_class(details), nullptr);
  EXPECT_EQ(worst_class(details)->label, 1);
}

TEST(AiRun, ThePageShowsVerdictsClassesAndPictures) {
  const std::string page = ai_run_page(some_run());
  EXPECT_THAT(page, HasSubstr("&lt;one&gt;"));
  EXPECT_THAT(page, HasSubstr("src=\"data:image/png;base64,b3JpZ2luYWw=\""));
  EXPECT_THAT(page, HasSubstr("sample 3, 1/a.png: distance 0.03"));
  EXPECT_THAT(page, HasSubstr("perturbed: zero"));
  EXPECT_THAT(page, HasSubstr("2 adversarial examples confirmed. 1 of them still deceive"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  const test::HtmlPage read = test::read_html(page);
  EXPECT_THAT(read.problems, IsEmpty());
  EXPECT_EQ(read.count("img"), 3 * some_run().tests.size());
  EXPECT_EQ(page, ai_run_page(some_run()));
}

TEST(AiRun, ARunOfNothingSaysSo) {
  AiRun run;
  run.dossier.product.name = "Nothing";
  run.dossier.not_checked = {{"reader", "the product file asks for no test of this model"}};
  EXPECT_THAT(ai_run_page(run), HasSubstr("No test was run."));
  EXPECT_THAT(ai_run_page(run), HasSubstr("asks for no test"));
  EXPECT_THAT(test::SchemaCheck::problems(ai_run_json(run), "ai-run.schema.json"), IsEmpty());
}

}  // namespace
}  // namespace lockstep::documents
