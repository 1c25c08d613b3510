// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "base/json.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/file_name.hpp"
#include "formats/csaf/moment.hpp"
#include "formats/csaf/validate.hpp"
#include "formats/invalid_files.hpp"
#include "formats/lists.hpp"

namespace lockstep::formats::csaf {
namespace {

namespace fs = std::filesystem;
using test::read_file;
using test::shared_path;
using test::source_path;

const Instant now = *parse_instant("2026-11-27T00:00:00Z");

Diagnostics problems_of(const std::string& file) {
  Diagnostics problems;
  validate(read_file(file), fs::path(file).filename().string(), problems, now);
  return problems;
}

std::set<std::string> codes_of(const Diagnostics& problems) {
  std::set<std::string> codes;
  for (const Diagnostic& entry : problems.entries())
    codes.insert(entry.code);
  return codes;
}

TEST(Csaf, GoodDocumentsHaveNoProblemButTestsThatAreNotMade) {
  for (const auto& file : test::files_in(source_path("tests/data/formats/csaf/good"))) {
    const Diagnostics problems = problems_of(file.string());
    EXPECT_EQ(codes_of(problems), std::set<std::string>{"csaf.not_checked"})
        << test::text_of(problems);
  }
}

TEST(Csaf, BadDocumentsHaveAllTheirProblemsWithTheirPlaces) {
  test::expect_messages("tests/data/formats/csaf/bad",
                        [](const std::string& bytes, const std::string& name) {
                          Diagnostics problems;
                          validate(bytes, name, problems, now);
                          return test::text_of(problems);
                        });
}

TEST(Csaf, EachTestHasItsRowOnce) {
  for (const Version version : {Version::v2_0, Version::v2_1}) {
    std::set<std::string_view> numbers;
    for (const csaf::Test& test : tests_of(version)) {
      EXPECT_TRUE(numbers.insert(test.number).second) << test.number;
      EXPECT_TRUE(test.check != nullptr || !test.unchecked.empty()) << test.number;
    }
  }
}

/// What the standard's suite says of one file.
struct Case {
  std::string test;
  std::string group;
  std::string file;
  bool must_fail = false;
  std::optional<bool> is_valid;
};

std::vector<Case> cases_of(const std::string& folder) {
  std::vector<Case> cases;
  Diagnostics problems;
  const auto list = parse_json(read_file(folder + "/testcases.json"), "testcases.json", problems);
  if (!list) return cases;
  for (const Json& test : (*list)["tests"].items())
    for (const char* kind : {"failures", "valid"})
      for (const Json& file : test[kind].items())
        cases.push_back({test["id"].string_or(""), test["group"].string_or(""),
                         folder + "/" + file["name"].string_or(""),
                         std::string_view(kind) == "failures", file["valid"].as_bool()});
  return cases;
}

/// Whether this program does not make the test, or not the part that would find what is wrong.
bool is_not_made(const Case& one) {
  const auto tests =
      tests_of(one.file.find("csaf_2.0") != std::string::npos ? Version::v2_0 : Version::v2_1);
  for (const csaf::Test& test : tests)
    if (test.number == one.test)
      return test.check == nullptr || (one.must_fail && !test.unchecked.empty());
  return true;
}

/// Files that the suite calls valid, but that fail another mandatory test by its own words.
bool contradicts_itself(const std::string& file) {
  for (const char* name : {
           "2024-6-1-10-13",     // a base score of 9.0 for a vector whose base is 10.0 (6.1.9)
           "2024-6-1-27-13-16",  // a product id twice, another nowhere (6.1.1, 6.1.2)
           "2024-6-1-50-14",     // a product id twice (6.1.2)
           "2024-6-1-50-15",     // the same
           "2024-6-2-08-02",     // MD5 twice for one file (6.1.25)
           "2024-6-2-39-02-01",  // no note of the category description (6.1.27.14)
       })
    if (file.find(name) != std::string::npos) return true;
  return false;
}

class CsafSuite : public testing::TestWithParam<const char*> {};

TEST_P(CsafSuite, EachFileFailsTheTestThatItIsMadeFor) {
  const std::string folder = shared_path("vuln/suites/csaf/") + GetParam();
  LS_NEEDS_SHARED("vuln/suites/csaf");
  std::map<std::string, int> tried;
  for (const Case& one : cases_of(folder)) {
    const Diagnostics problems = problems_of(one.file);
    if (one.is_valid && !contradicts_itself(one.file)) {
      EXPECT_EQ(!problems.has_errors(), *one.is_valid) << one.file << test::text_of(problems);
    }
    if (is_not_made(one)) continue;
    EXPECT_EQ(codes_of(problems).contains(one.test), one.must_fail)
        << one.test << " " << one.file << "\n"
        << test::text_of(problems);
    ++tried[one.group];
  }
  EXPECT_GT(tried["mandatory"], 80);
}

INSTANTIATE_TEST_SUITE_P(Versions, CsafSuite, testing::Values("csaf_2.0", "csaf_2.1"));

/// Folders "mandatoryTest_6_1_31/failing" and ".../valid", of CSAF 2.0.
TEST(CsafReferenceValidator, ItsOwnFilesFailAndPassTheTestOfTheirFolder) {
  LS_NEEDS_SHARED("vuln/suites/csaf");
  const std::string folder = shared_path("vuln/suites/csaf/validator-lib/tests");
  int tried = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const std::string kind = entry.path().parent_path().filename().string();
    std::string number = entry.path().parent_path().parent_path().filename().string();
    number = number.substr(number.find('_') + 1);
    std::replace(number.begin(), number.end(), '_', '.');
    const Diagnostics problems = problems_of(entry.path().string());
    EXPECT_EQ(codes_of(problems).contains(number), kind == "failing") << entry.path() << "\n"
                                                                      << test::text_of(problems);
    ++tried;
  }
  EXPECT_GT(tried, 10);
}

/// The reference validator finds three of 2,383 published documents wrong, all by their CWE.
TEST(CsafAdvisories, PublishedOnesAreValidButForNamesOfWeaknesses) {
  LS_NEEDS_SHARED("vuln/data/csaf");
  int read = 0;
  for (const auto& entry : fs::directory_iterator(shared_path("vuln/data/csaf"))) {
    if (entry.path().extension() != ".json") continue;
    const Diagnostics problems = problems_of(entry.path().string());
    ++read;
    for (const Diagnostic& problem : problems.entries())
      if (problem.severity == Severity::error) {
        EXPECT_EQ(problem.code, "6.1.11") << to_text(problem);
      }
  }
  EXPECT_GT(read, 100);
}

// CSAF 2.0, 5.1, its examples and the empty id.
TEST(CsafFileName, KeepsFewLetters) {
  EXPECT_EQ(file_name("Example Company - 2019-YH3234"), "example_company_-_2019-yh3234.json");
  EXPECT_EQ(file_name("RHBA-2019:0024"), "rhba-2019_0024.json");
  EXPECT_EQ(file_name("2022_#01-A"), "2022_01-a.json");
}

TEST(CsafMoments, HaveOneOrderAcrossZonesFractionsAndLeapSeconds) {
  const std::vector<std::string> sorted = {
      "2026-01-01T00:30:00+02:00",   "2025-12-31T23:00:00Z",    "2025-12-31T23:00:00.01Z",
      "2025-12-31T23:00:00.1-00:00", "2025-12-31T23:59:59.99Z", "2025-12-31T23:59:60Z",
      "2026-01-01T00:00:00Z"};
  for (std::size_t i = 1; i < sorted.size(); ++i)
    EXPECT_LT(parse_moment(sorted[i - 1]), parse_moment(sorted[i])) << sorted[i];
  EXPECT_EQ(parse_moment("2026-01-01T00:00:00.50Z"), parse_moment("2026-01-01T01:00:00.5+01:00"));
  for (const char* bad :
       {"2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+0200", "2026-02-30T00:00:00Z"})
    EXPECT_EQ(parse_moment(bad), std::nullopt) << bad;
}

// RFC 5646, appendix A, and tags that it calls wrong.
TEST(Languages, AreThoseOfTheRegistry) {
  for (const char* good :
       {"de", "i-enochian", "zh-Hant", "zh-cmn-Hans-CN", "sr-Latn-RS", "sl-rozaj", "sl-rozaj-biske",
        "de-CH-1901", "hy-Latn-IT-arevela", "en-US", "es-419", "de-CH-x-phonebk", "x-whatever",
        "qaa-Qaaa-QM-x-southern", "en-a-myext-b-another", "zh-gan-hak-CN", "i-default"})
    EXPECT_EQ(problem_of_language(good).empty(), std::string_view(good) != "zh-gan-hak-CN") << good;
  for (const char* bad : {"EZ", "de-419-DE", "a-DE", "ar-a-aaa-b-bbb-a-ccc", "en--US", "", "x",
                          "en-x", "de-1901-1901", "en-yue"})
    EXPECT_FALSE(problem_of_language(bad).empty()) << bad;
  EXPECT_TRUE(has_private_subtag("qtx"));
  EXPECT_TRUE(has_private_subtag("en-QM"));
  EXPECT_FALSE(has_private_subtag("en-US"));
}

TEST(Weaknesses, HaveTheirNamesByEdition) {
  EXPECT_EQ(weakness_in("CWE-79", "4.13")->name,
            "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')");
  EXPECT_TRUE(weakness_in("CWE-596", "4.13")->is_deprecated);
  EXPECT_EQ(weakness_in("CWE-1023", "4.13")->mapping, Weakness::Mapping::review);
  EXPECT_FALSE(weakness_in("CWE-1000", "4.13").has_value());  // a view
  EXPECT_EQ(cwe_edition_on("2024-01-21"), "4.13");
  EXPECT_EQ(cwe_edition_on("2001-01-01"), "");
}

}  // namespace
}  // namespace lockstep::formats::csaf
