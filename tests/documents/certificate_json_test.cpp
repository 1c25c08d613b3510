// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "documents/json/json.hpp"
#include "documents/schema_check.hpp"

namespace lockstep::documents {
namespace {

Certificate some_certificate() {
  Certificate c;
  c.model = {"reader.onnx", "aa"};
  c.data = {"test.npz", "bb"};
  c.samples = 2;
  c.method = "crown";
  c.norm = "linf";
  c.epsilon = 0.01;
  c.clean = {2, 2, clopper_pearson(2, 2)};
  c.verified = {1, 2, clopper_pearson(1, 2)};
  c.attacked = c.clean;
  c.rows = {{0, 3, 3, 0.5}, {1, 4, 4, -0.25}};
  c.soundness = {{"attack_agrees", State::pass, 0, "it does"}};
  return c;
}

void expect_valid(const Json& json) {
  EXPECT_EQ(test::SchemaCheck::problems(json, "certificate.schema.json"),
            std::vector<std::string>{});
}

TEST(CertificateJson, FollowsItsSchema) {
  Certificate c = some_certificate();
  expect_valid(certificate_json(c, 0));
  EXPECT_TRUE(certificate_json(c, 0)["preprocessing"].is_null());
  c.preprocessing = "(255 x - 127) / 64";
  EXPECT_EQ(certificate_json(c, 0)["preprocessing"].string_or(""), c.preprocessing);
  expect_valid(certificate_json(c, 0));
  c.smoothing = summary_of({{0, 3, 3, 0.5}, {1, 4, -1, 0}}, {0, 0.25});
  c.attacked.reset();
  c.method = "smoothing";
  c.worker_version = "0.1.0";
  EXPECT_EQ(certificate_json(c, 0)["device"].string_or(""), "cpu");
  EXPECT_TRUE(certificate_json(c, 0)["engine"].is_null());
  c.answered_by = {"cuda", "LibTorch on cuda:0"};
  EXPECT_EQ(certificate_json(c, 0)["device"].string_or(""), "cuda");
  EXPECT_EQ(certificate_json(c, 0)["engine"].string_or(""), "LibTorch on cuda:0");
  expect_valid(certificate_json(c, 0));
  PropertyAnswer answer;
  answer.verdict = PropertyAnswer::Verdict::sat;
  answer.inputs = {0.5};
  answer.outputs = {1, 2};
  expect_valid(certificate_json(answer, 1));
  EXPECT_NE(
      test::SchemaCheck::problems(Json::object_of({{"kind", "bounds"}}), "certificate.schema.json"),
      std::vector<std::string>{});
}

TEST(CertificateJson, KeepsNumbersAndVerdicts) {
  EXPECT_EQ(certificate_json(some_certificate(), 0)["verified"]["accuracy"].as_number(), 0.5);
  PropertyAnswer answer;
  answer.verdict = PropertyAnswer::Verdict::timeout;
  EXPECT_EQ(certificate_json(answer, 4)["verdict"].string_or(""), "timeout");
}

TEST(CertificateSummary, CountsWrongAndAbstainedAsNothing) {
  const Smoothing s =
      summary_of({{0, 1, 1, 1.0}, {1, 1, 2, 3.0}, {2, 0, -1, 0}, {3, 0, 0, 0.5}}, {0, 0.75});
  EXPECT_EQ(s.abstained, 1);
  EXPECT_EQ(s.average_radius, 0.375);
  EXPECT_EQ(s.curve[0].certified.correct, 2);
  EXPECT_EQ(s.curve[1].certified.correct, 1);
}

}  // namespace
}  // namespace lockstep::documents
