// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents/json/json.hpp"
#include "documents/schema_check.hpp"
#include "domain/universal.hpp"

namespace lockstep::documents {
namespace {

using testing::IsEmpty;

TEST(UniversalJson, FitsItsSchema) {
  UniversalReport report;
  report.model = {"model.onnx", "aa"};
  report.data = {"test.npz", "bb"};
  report.clean = {38, 40, clopper_pearson(38, 40)};
  report.changed = report.control = report.trained = report.clean;
  for (const auto kind : {UniversalChange::Kind::perturbation, UniversalChange::Kind::patch}) {
    report.change = {kind, "linf", 0.1, 0.2};
    EXPECT_THAT(test::SchemaCheck::problems(universal_json(report, 0), "universal.schema.json"),
                IsEmpty());
  }
  report.answered_by = {"cuda", "LibTorch on cuda:0"};
  Json json = universal_json(report, 0);
  EXPECT_EQ(json["device"].string_or(""), "cuda");
  EXPECT_EQ(json["engine"].string_or(""), "LibTorch on cuda:0");
  json.set("change", Json::object_of({{"kind", "sticker"}}));
  EXPECT_FALSE(test::SchemaCheck::problems(json, "universal.schema.json").empty());
}

}  // namespace
}  // namespace lockstep::documents
