// SPDX-License-Identifier: Apache-2.0
#include "domain/cvss.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
        EXPECT_EQ(scores->nomenclature, row["ExpectedNomenclature"].string_or(""))
            << to_canonical_json(row);
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

TEST(Cvss, PublishedVulnerabilitiesHaveTheirScores) {
  struct Published {
    const char* vector;
    const char* version;
    double overall;
    const char* rating;
  };

  // CVE-2014-0160 and CVE-2021-44228 as the NVD publishes them; the examples of the standards.
  for (const Published& each : {
           Published{"AV:N/AC:L/Au:N/C:P/I:N/A:N", "2.0", 5.0, "medium"},
           Published{"AV:N/AC:M/Au:N/C:C/I:C/A:C", "2.0", 9.3, "high"},
           Published{"AV:L/AC:H/Au:N/C:C/I:C/A:C", "2.0", 6.2, "medium"},
           Published{"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "3.0", 7.5, "high"},
           Published{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "3.1", 10.0, "critical"},
           Published{"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", "3.1", 0.0, "none"},
           Published{"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", 7.7,
                     "high"},
           Published{"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/E:A", "4.0",
                     8.8, "high"},
       }) {
    const auto scores = score_cvss(each.vector);
    ASSERT_TRUE(scores) << each.vector << ": " << scores.error().message;
    EXPECT_EQ(scores->version, each.version) << each.vector;
    EXPECT_EQ(scores->overall, each.overall) << each.vector;
    EXPECT_EQ(scores->rating, each.rating) << each.vector;
  }
}

TEST(Cvss, OverallCountsWhatTheVectorNames) {
  const auto v2 = score_cvss("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H");
  ASSERT_TRUE(v2);
  EXPECT_EQ(v2->base, 7.8);
  EXPECT_EQ(v2->temporal, 6.4);
  EXPECT_EQ(v2->environmental, 9.2);
  EXPECT_EQ(v2->overall, 9.2);
  // The modified equations of 3.1 give 7.8 here, but nothing is modified.
  const auto v3 = score_cvss("CVSS:3.1/AV:L/AC:L/PR:H/UI:R/S:C/C:H/I:H/A:H");
  ASSERT_TRUE(v3);
  EXPECT_EQ(v3->base, 7.7);
  EXPECT_EQ(v3->overall, 7.7);
  const auto v4 = score_cvss(
      "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U/CR:L/IR:L/AR:L");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->base, 10.0);
  EXPECT_EQ(v4->threat, 9.1);
  EXPECT_FALSE(v4->temporal);
  EXPECT_LE(v4->overall, *v4->threat);
  EXPECT_LE(v4->overall, *v4->environmental);
}

TEST(Cvss, SaysWhatIsWrong) {
  const std::string v4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H";
  const std::string v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"",
       "expected a CVSS vector that begins with CVSS:4.0/, CVSS:3.1/, CVSS:3.0/ or AV: (version "
       "2), found ''"},
      {"CVSS:3.2/AV:N",
       "expected a CVSS vector that begins with CVSS:4.0/, CVSS:3.1/, CVSS:3.0/ or "
       "AV: (version 2), found 'CVSS:3.2/AV:N'"},
      {v3 + "/", "expected a metric such as AV:N in a CVSS vector, found ''"},
      {v3 + "/MSI:S", "expected a metric such as AV:N in a CVSS vector, found 'MSI:S'"},
      {v3 + "/E", "expected a metric such as AV:N in a CVSS vector, found 'E'"},
      {v3 + "/E:A", "expected one of X/H/F/P/U for the CVSS metric E, found 'A'"},
      {v3 + "/E:", "expected one of X/H/F/P/U for the CVSS metric E, found ''"},
      {v3 + "/E:X H", "expected one of X/H/F/P/U for the CVSS metric E, found 'X H'"},
      {v3 + "/E:H/E:H", "expected the CVSS metric E once, found it twice"},
      {v3.substr(0, v3.size() - 4),
       "expected the CVSS metric A with one of H/L/N, found none in 'AV:N/AC:L/PR:N/UI:N/S:C/C:H/"
       "I:H'"},
      {v4 + "/CR:H/E:A",
       "expected the CVSS metric E before CR, in the order of the standard, found "
       "it after"},
      {"AV:N/Au:N/AC:L/C:P/I:N/A:N",
       "expected the CVSS metric AC before Au, in the order of the "
       "standard, found it after"},
      {v3 + std::string(600, '/'), "expected a CVSS vector of at most 512 bytes, found 644"},
  };
  for (const auto& [vector, message] : cases) {
    const auto scores = score_cvss(vector);
    ASSERT_FALSE(scores) << vector;
    EXPECT_EQ(scores.error().code, "cvss.vector");
    EXPECT_EQ(scores.error().message, message);
  }
}

/// Every base vector of version 4 has a score, and no impact is the only way to zero.
TEST(Cvss, EveryVectorOfVersion4HasAScore) {
  const std::vector<std::pair<std::string, std::string>> metrics = {
      {"AV", "NALP"}, {"AC", "LH"},  {"AT", "NP"},  {"PR", "NLH"},
      {"UI", "NPA"},  {"VC", "HLN"}, {"VI", "HLN"}, {"VA", "HLN"}};
  std::vector<std::string> vectors = {"CVSS:4.0"};
  for (const auto& [name, values] : metrics) {
    std::vector<std::string> longer;
    for (const std::string& vector : vectors) {
      for (const char value : values)
        longer.push_back(vector + "/" + name + ":" + value);
    }
    vectors = std::move(longer);
  }
  const std::vector<std::string> tails = {"/SC:N/SI:N/SA:N", "/SC:H/SI:L/SA:N/E:P/CR:L/IR:M/AR:H",
                                          "/SC:L/SI:N/SA:N/E:U/CR:M/IR:M/AR:L/MSI:S"};
  for (const std::string& vector : vectors) {
    for (const std::string& tail : tails) {
      const auto scores = score_cvss(vector + tail);
      ASSERT_TRUE(scores) << vector << tail;
      EXPECT_GE(scores->overall, 0.0) << vector << tail;
      EXPECT_LE(scores->overall, 10.0) << vector << tail;
      const bool no_impact = vector.ends_with("/VC:N/VI:N/VA:N") && tail == tails[0];
      EXPECT_EQ(scores->rating == "none", no_impact) << vector << tail;
    }
  }
}

}  // namespace lockstep
