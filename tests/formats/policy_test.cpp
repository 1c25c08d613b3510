// SPDX-License-Identifier: Apache-2.0
#include "formats/policy/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/invalid_files.hpp"
#include "formats/reachability/reachability.hpp"

namespace lockstep::formats {
namespace {

using testing::ElementsAre;

TEST(PolicyFiles, ThatAreWrongSayEverythingAtOnce) {
  test::expect_messages(
      "tests/data/formats/policy/invalid", [](const std::string& bytes, const std::string& name) {
        Diagnostics problems;
        const auto policy = read_policy(bytes, name, problems);
        return test::text_of(problems) + (policy ? "" : to_text(policy.error()) + "\n");
      });
}

TEST(PolicyFiles, GiveWhatAPersonWrote) {
  Diagnostics problems;
  const auto policy =
      read_policy(test::read_file(test::source_path("tests/data/formats/policy/valid/whole.yaml")),
                  "whole.yaml", problems);
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(test::text_of(problems), "");
  EXPECT_EQ(policy->name, "Quayside gate");
  EXPECT_EQ(policy->ssvc_tree, "supplier");
  ASSERT_EQ(policy->ssvc_inputs.size(), 2U);
  EXPECT_THAT(policy->ssvc_inputs[1].values, ElementsAre("diffuse", "concentrated"));
  ASSERT_EQ(policy->ssvc_answers.size(), 1U);
  EXPECT_EQ(policy->ssvc_answers[0].inputs[0].because, "given by A. Maker");
  EXPECT_THAT(policy->ssvc_answers[0].inputs[0].values, ElementsAre("no"));
  ASSERT_EQ(policy->rules.size(), 6U);
  EXPECT_THAT(policy->rules[3].when.severity, ElementsAre("medium", "high", "critical"));
  EXPECT_EQ(policy->rules[3].when.severity_from, "medium");
  EXPECT_EQ(policy->rules[3].when.has_fix, true);
  EXPECT_EQ(policy->rules[3].when.fix_age.at_least, 30);
  EXPECT_THAT(policy->rules[4].when.reachable, ElementsAre("no"));
  EXPECT_EQ(policy->rules[4].then, State::warn);
  EXPECT_THAT(policy->rules[5].when.ecosystem, ElementsAre("npm"));
}

TEST(ReachabilityFiles, ThatAreWrongSayEverythingAtOnce) {
  test::expect_messages("tests/data/formats/reachability/invalid", [](const std::string& bytes,
                                                                      const std::string& name) {
    Diagnostics problems;
    const auto entries = read_reachability(bytes, name, problems);
    return test::text_of(problems) + (entries ? "" : to_text(entries.error()) + "\n");
  });
}

TEST(ReachabilityFiles, GiveWhatTheToolFound) {
  Diagnostics problems;
  const auto entries = read_reachability(
      test::read_file(test::source_path("fuzz/corpus/formats_reachability/go.yaml")), "go.yaml",
      problems);
  ASSERT_TRUE(entries.has_value());
  EXPECT_EQ(test::text_of(problems), "");
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ(entries->at(0).reachable, "no");
  EXPECT_EQ(entries->at(0).tool, "call graph 2.1");
  EXPECT_EQ(entries->at(1).because, "");
}

}  // namespace
}  // namespace lockstep::formats
