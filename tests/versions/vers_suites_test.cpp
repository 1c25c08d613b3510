// SPDX-License-Identifier: Apache-2.0
// The ranges of the VERS specification's own suite, and of real advisories.
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "support/paths.hpp"
#include "versions/vers.hpp"

namespace lockstep::versions {

namespace {

std::vector<Json> tests_of(const std::string& name) {
  const std::string path = "vuln/suites/vers/" + name + ".json";
  Diagnostics problems;
  const auto file = parse_json(test::read_file(test::shared_path(path)), path, problems);
  EXPECT_TRUE(file) << path;
  if (!file) return {};
  const auto& items = (file->is_array() ? *file : (*file)["tests"]).items();
  EXPECT_FALSE(items.empty()) << path;
  return {items.begin(), items.end()};
}

std::string text_of(const Result<Vers>& range) {
  return range ? to_text(*range) : to_text(range.error());
}

}  // namespace

TEST(VersSuite, NativeRangesHold) {
  LS_NEEDS_SHARED("vuln/suites/vers");
  for (const char* file :
       {"conan_range_from_native_basic_test", "conan_range_from_native_test",
        "gem_range_from_native_test", "nginx_range_from_native_test", "npm_range_from_native_test",
        "nuget_range_from_native_test", "openssl_range_from_native_test",
        "pypi_range_from_native_test", "univers-composer_gitlab_range_from_native",
        "univers-conan_gitlab_range_from_native", "univers-gem_gitlab_range_from_native",
        "univers-golang_gitlab_range_from_native", "univers-npm_gitlab_range_from_native",
        "univers-pypi_gitlab_range_from_native"}) {
    for (const Json& each : tests_of(file)) {
      const Json& input = each["input"];
      EXPECT_EQ(text_of(vers_from_native(*input["scheme"].as_string(),
                                         *input["native_range"].as_string())),
                *each["expected_output"].as_string())
          << file << ": " << *input["native_range"].as_string();
    }
  }
}

TEST(VersSuite, ContainmentHolds) {
  LS_NEEDS_SHARED("vuln/suites/vers");
  for (const char* file : {"npm_range_containment_test", "pypi_range_containment_test"}) {
    for (const Json& each : tests_of(file)) {
      const Json& input = each["input"];
      const auto range = parse_vers(*input["vers"].as_string());
      ASSERT_TRUE(range) << text_of(range);
      const auto found = contains(*range, *input["version"].as_string());
      ASSERT_TRUE(found);
      EXPECT_EQ(*found, *each["expected_output"].as_bool()) << to_canonical_json(input);
    }
  }
}

/// These are put in order, but neither simplified nor refused.
TEST(VersSuite, ValidationAndRoundtripsHold) {
  LS_NEEDS_SHARED("vuln/suites/vers");
  for (const Json& each : tests_of("pypi_range_validate_test")) {
    EXPECT_EQ(text_of(parse_vers(*each["input"].as_string())),
              *each["expected_output"].as_string());
  }
  for (const Json& each : tests_of("univers-pypi_range_roundtrip")) {
    EXPECT_EQ(text_of(parse_vers(*each["input"]["vers"].as_string())),
              *each["expected_output"].as_string());
  }
}

TEST(VersSuite, CanonicalParsingHolds) {
  LS_NEEDS_SHARED("vuln/suites/vers");
  for (const Json& each : tests_of("vers_canonical_parse_test")) {
    const auto range = parse_canonical_vers(*each["input"].as_string());
    if (each["expected_failure"].as_bool().value_or(false)) {
      EXPECT_FALSE(range) << *each["input"].as_string();
      continue;
    }
    ASSERT_TRUE(range) << text_of(range);
    EXPECT_EQ(range->type, *each["expected_output"]["scheme"].as_string());
    const auto& expected = each["expected_output"]["version_constraints"].items();
    ASSERT_EQ(range->constraints.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(range->constraints[i].version, *expected[i].items()[1].as_string());
    }
  }
}

}  // namespace lockstep::versions
