// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "documents/json/json.hpp"
#include "documents/schema_check.hpp"

namespace lockstep::documents {
namespace {

TEST(ModelJson, FollowsItsSchema) {
  ModelDescription d;
  d.path = "m.onnx";
  d.sha256 = std::string(64, 'a');
  d.operators = {{"Conv", 2}, {"Relu", 3}};
  d.inputs = {{"x", "float32", {-1, 3}}};
  d.checks = {{"weights_finite", State::pass, "all weights are finite numbers"}};
  const Json json = model_json(d, 0);
  EXPECT_EQ(test::SchemaCheck::problems(json, "model.schema.json"), std::vector<std::string>{});
  EXPECT_EQ(json["nodes"].as_int(), 5);
  EXPECT_TRUE(json["producer"].is_null());
  EXPECT_NE(test::SchemaCheck::problems(Json::object_of({{"exit", 0}}), "model.schema.json").size(),
            0U);
}

}  // namespace
}  // namespace lockstep::documents
