// SPDX-License-Identifier: Apache-2.0
#include "domain/cvss.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "support/paths.hpp"

namespace lockstep {

namespace {

constexpr const char* suite = "vuln/suites/cvss/";

/// "None" or a number.
std::optional<double> number_of(std::string_view text) {
  if (trim(text) == "None") return std::nullopt;
  return std::strtod(std::string(text).c_str(), nullptr);
}

/// "VECTOR - (base, temporal, environmental)", "VECTOR - (score,)" or "VECTOR - score".
void expect_line_holds(std::string_view line) {
  const std::size_t dash = line.find(" - ");
  const std::string_view vector = line.substr(0, dash);
  std::string_view numbers = line.substr(dash + 3);
  if (numbers.starts_with('(')) numbers = numbers.substr(1, numbers.size() - 2);
  if (numbers.ends_with(',')) numbers.remove_suffix(1);
  const auto expected = split(numbers, ',');
  const auto scores = score_cvss(vector);
  ASSERT_TRUE(scores) << line << ": " << scores.error().message;
  if (expected.size() == 3) {
    EXPECT_EQ(scores->base, number_of(expected[0])) << line;
    EXPECT_EQ(scores->temporal, number_of(expected[1])) << line;
    EXPECT_EQ(scores->environmental, number_of(expected[2])) << line;
  } else {
    EXPECT_EQ(scores->overall, number_of(expected[0])) << line;
  }
}

std::vector<Json> read_lines(const std::string& relative) {
  std::vector<Json> documents;
  const std::string text = test::read_file(test::shared_path(relative));
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    Diagnostics problems;
    auto parsed = parse_json(line, relative, problems);
    EXPECT_TRUE(parsed) << line;
    if (parsed) documents.push_back(*std::move(parsed));
  }
  EXPECT_FALSE(documents.empty()) << relative;
  return documents;
}

}  // namespace

TEST(CvssSuite, VectorsHaveTheirScores) {
  LS_NEEDS_SHARED("vuln/suites/cvss/redhat");
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::shared_path(std::string(suite) + "redhat"))) {
    const std::string text = test::read_file(entry.path().string());
    for (const std::string_view line : split(text, '\n')) {
      if (trim(line).empty()) continue;
      expect_line_holds(trim(line));
      ++count;
    }
  }
  EXPECT_GE(count, 3800U);
}

TEST(CvssSuite, MacroVectorsHaveTheirScores) {
  LS_NEEDS_SHARED("vuln/suites/cvss/first");
  for (const Json& row : read_lines(std::string(suite) + "first/macro-scores.jsonl")) {
    const auto scores = score_cvss(*row["vector"].as_string());
    ASSERT_TRUE(scores) << to_canonical_json(row) << scores.error().message;
    EXPECT_EQ(scores->overall, *row["score"].as_number()) << to_canonical_json(row);
    EXPECT_EQ(scores->rating, lower_case(*row["severity"].as_string())) << to_canonical_json(row);
  }
}

TEST(CvssSuite, TakesVectorsAndRefusesOtherTexts) {
  LS_NEEDS_SHARED("vuln/suites/cvss/go-cvss");
  for (const char* version : {"20", "30", "31", "40"}) {
    for (const Json& row : read_lines(std::string(suite) + "go-cvss/parse" + version + ".jsonl")) {
      EXPECT_EQ(score_cvss(*row["vector"].as_string()).has_value(), !*row["err"].as_bool())
          << to_canonical_json(row);
    }
  }
}

/// The suite repeats a score where the vector names no metric of the next group.
TEST(CvssSuite, NamedVectorsHaveTheirScores) {
  LS_NEEDS_SHARED("vuln/suites/cvss/go-cvss");
  for (const char* version : {"20", "30", "31", "40"}) {
    for (const Json& row : read_lines(std::string(suite) + "go-cvss/scores" + version + ".jsonl")) {
      const auto scores = score_cvss(*row["vector"].as_string());
      ASSERT_TRUE(scores) << to_canonical_json(row) << scores.error().message;
      if (const auto expected = row["ExpectedScore"].as_number()) {
        EXPECT_EQ(scores->overall, *expected) << to_canonical_json(row);
        continue;
      }
      const double base = *scores->base;
      const double temporal = scores->temporal.value_or(base);
      EXPECT_EQ(base, *row["ExpectedBaseScore"].as_number()) << to_canonical_json(row);
      EXPECT_EQ(temporal, *row["ExpectedTemporalScore"].as_number()) << to_canonical_json(row);
      EXPECT_EQ(scores->environmental.value_or(temporal),
                *row["ExpectedEnvironmentalScore"].as_number())
          << to_canonical_json(row);
    }
  }
}

}  // namespace lockstep
