// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents/json/json.hpp"
#include "documents/schema_check.hpp"
#include "domain/corruption.hpp"

namespace lockstep::documents {
namespace {

using testing::IsEmpty;

TEST(CorruptionJson, FitsItsSchemaAndNamesWhatAnswered) {
  CorruptionReport report;
  report.model = {"model.onnx", "aa"};
  report.data = {"test.npz", "bb"};
  report.samples = 40;
  report.table = "small";
  report.clean = {38, 40, clopper_pearson(38, 40)};
  report.cells = {{"fog", 1, report.clean, std::nullopt}};
  report.answered_by = {"cuda", "LibTorch on cuda:0"};
  summarise(report);
  Json json = corruption_json(report, 0);
  EXPECT_THAT(test::SchemaCheck::problems(json, "corruption.schema.json"), IsEmpty());
  EXPECT_EQ(json["device"].string_or(""), "cuda");
  EXPECT_EQ(json["engine"].string_or(""), "LibTorch on cuda:0");
  EXPECT_TRUE(json["baseline"].is_null());

  report.cells[0].baseline_correct = 30;
  report.errors = CorruptionErrors{
      {"https://models.example/x", ""}, {"cpu", "the service (scores)"}, {}, {}, {}};
  json = corruption_json(report, 0);
  EXPECT_THAT(test::SchemaCheck::problems(json, "corruption.schema.json"), IsEmpty());
  EXPECT_EQ(json["baseline"]["device"].string_or(""), "cpu");
  EXPECT_EQ(json["baseline"]["engine"].string_or(""), "the service (scores)");
  json.set("cells", "none");
  EXPECT_FALSE(test::SchemaCheck::problems(json, "corruption.schema.json").empty());
}

}  // namespace
}  // namespace lockstep::documents
