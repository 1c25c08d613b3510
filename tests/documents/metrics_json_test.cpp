// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "documents/charts/charts.hpp"
#include "documents/json/json.hpp"
#include "documents/json/parts.hpp"
#include "documents/schema_check.hpp"
#include "support/sample_dossier.hpp"

namespace lockstep::documents {
namespace {

TEST(MetricsJson, FollowsItsSchema) {
  Metrics metrics = test::sample_metrics();
  const std::vector<DeclaredVerdict> declared = test::sample_declared();
  EXPECT_EQ(test::SchemaCheck::problems(metrics_json(metrics, declared, 1), "metrics.schema.json"),
            std::vector<std::string>{});
  metrics.comparison = ModelComparison{
      {"old.onnx", "cc"}, {"cuda", "LibTorch on cuda:0"}, 480, 12, 3, 5, 0.018, 0.035, "better"};
  metrics.worker_version.clear();
  metrics.grouped_by.clear();
  metrics.groups.clear();
  EXPECT_EQ(test::SchemaCheck::problems(metrics_json(metrics, {}, 0), "metrics.schema.json"),
            std::vector<std::string>{});
  const Json json = metrics_json(metrics, {}, 0);
  EXPECT_EQ(json["device"].string_or(""), "cpu");
  EXPECT_EQ(json["engine"].string_or(""), "fused loops");
  EXPECT_EQ(json["comparison"]["device"].string_or(""), "cuda");
  EXPECT_NE(test::SchemaCheck::problems(Json::object_of({{"schema", "lockstep/metrics/1"}}),
                                        "metrics.schema.json"),
            std::vector<std::string>{});
}

TEST(MetricsJson, KeepsNumbersAndReasons) {
  const Json json = metrics_json(test::sample_metrics(), test::sample_declared(), 4);
  EXPECT_EQ(json["exit"].as_int(), 4);
  EXPECT_EQ(json["metrics"].items()[0]["interval95"].items().size(), 2U);
  EXPECT_EQ(json["metrics"].items()[1]["why_not"].string_or(""),
            "4 wrong answers are too few to resample (at least 10)");
  EXPECT_TRUE(json["metrics"].items()[1]["interval95"].is_null());
  EXPECT_EQ(json["declared"].items()[0]["name"].string_or(""), "accuracy");
  EXPECT_EQ(json["declared"].items()[1]["state"].string_or(""), "underpowered");
}

TEST(ReliabilityDiagram, HasTheSameNumbersInItsTable) {
  const auto figure = reliability_diagram("reader", test::sample_metrics().calibration);
  ASSERT_TRUE(figure);
  EXPECT_EQ(figure->data.rows.size(), 2U);
  EXPECT_NE(figure->drawing.description.find("in 1 of them the confidence lies outside"),
            std::string::npos)
      << figure->drawing.description;
  // Confidence 0.5 stands in the middle of the axis, a share of 1 at its top.
  EXPECT_NE(figure->drawing.shapes.find("<circle cx=\"234.0\" cy=\"188.0\""), std::string::npos)
      << figure->drawing.shapes;
  EXPECT_FALSE(reliability_diagram("reader", Calibration{}));
}

}  // namespace
}  // namespace lockstep::documents
