// SPDX-License-Identifier: Apache-2.0
// Single rules of the standard's tests: a document without problems, changed in few places.
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "formats/csaf/validate.hpp"
#include "formats/invalid_files.hpp"

namespace lockstep::formats::csaf {
namespace {

using Codes = std::set<std::string>;
using Changes =
    std::vector<std::pair<std::string, std::string>>;  ///< pieces of text, what replaces

Diagnostics problems_after(const std::string& version, const Changes& changes) {
  std::string bytes = test::read_file(
      test::source_path("tests/data/formats/csaf/good/advisory-" + version + ".json"));
  for (const auto& [from, to] : changes) {
    const std::size_t at = bytes.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) bytes.replace(at, from.size(), to);
  }
  Diagnostics problems;
  validate(bytes, "changed.json", problems, *parse_instant("2026-11-27T00:00:00Z"));
  return problems;
}

Codes codes_after(const std::string& version, const Changes& changes) {
  Codes codes;
  const Diagnostics problems = problems_after(version, changes);
  for (const Diagnostic& entry : problems.entries())
    codes.insert(entry.code);
  return codes;
}

/// An advisory's profile would ask for more.
std::pair<std::string, std::string> category(const std::string& word) {
  return {"\"csaf_security_advisory\"", "\"" + word + "\""};
}

// CSAF 2.1, 6.1.26: the names of all profiles but CSAF Base are kept.
TEST(CsafCategories, MayBeLikeCsafBase) {
  for (const char* version : {"2.0", "2.1"}) {
    for (const char* word : {"csafbase", "CSAF Base", "base", "csaf_base"})
      EXPECT_FALSE(codes_after(version, {category(word)}).contains("6.1.26")) << word;
    for (const char* word : {"csafvex", "Csaf_Base", "csaf_other", "security advisory"})
      EXPECT_TRUE(codes_after(version, {category(word)}).contains("6.1.26")) << word;
  }
}

// CVSS 2.0 has no words for its scores; those that others give it go up to HIGH.
TEST(CsafScores, OfVersion2HaveNoSeverity) {
  const auto with = [](const std::string& score) {
    return codes_after("2.1", {{"\"cvss_v3\": {",
                                "\"cvss_v2\": {\"version\": \"2.0\", \"baseSeverity\": \"HIGH\", "
                                "\"vectorString\": \"AV:N/AC:L/Au:N/C:C/I:C/A:C\", "
                                "\"baseScore\": " +
                                    score + "}, \"cvss_v3\": {"}});
  };
  EXPECT_FALSE(with("10.0").contains("6.1.9"));
  EXPECT_TRUE(with("9.9").contains("6.1.9"));
}

// CSAF 2.1, 6.1.50: where the order of the type is not known, all other rules count; VERS wants
// each version once.
TEST(CsafRanges, NameEachVersionOnceWhateverTheirOrder) {
  const auto with = [](const std::string& range) {
    return codes_after("2.1", {{"\"product_version\"", "\"product_version_range\""},
                               {"\"1.0\"", "\"" + range + "\""}});
  };
  for (const char* range : {"vers:quay/<1.0|>1.0", "vers:quay/1.0|2.0|1.0", "<1.0|>1.0", "1|2|2"})
    EXPECT_TRUE(with(range).contains("6.1.50")) << range;
  for (const char* range : {"vers:quay/<1.0|>2.0", "<1.0|>1.0.0", "1|2|>02"})
    EXPECT_FALSE(with(range).contains("6.1.50")) << range;
}

// CSAF 2.1, 6.1.27.13 and 6.2.39.1 speak of status groups, which have more keys than one.
TEST(CsafAdvisoryStatus, CountsForEveryKeyOfItsGroup) {
  const std::pair<std::string, std::string> other_product = {
      "\"category\": \"vendor\",\n    \"name\": \"Quayside\"\n   }",
      "\"category\": \"vendor\", \"name\": \"Quayside\"}, {\"category\": \"product_name\", "
      "\"name\": \"Writer\", \"product\": {\"name\": \"Writer\", \"product_id\": \"W\"}}"};
  const auto with = [&](const std::string& key) {
    return codes_after("2.1",
                       {other_product, {"\"fixed\": [", "\"" + key + "\": [\"W\"], \"fixed\": ["}});
  };
  EXPECT_TRUE(with("first_fixed").contains("6.1.27.13"));
  EXPECT_TRUE(with("first_affected").contains("6.2.39.1"));
  EXPECT_TRUE(with("last_affected").contains("6.2.39.1"));
  EXPECT_FALSE(with("recommended").contains("6.1.27.13"));
}

// CSAF 2.1, 6.2.39.1: a range that ends before a version says that there is such a version.
TEST(CsafAdvisoryStatus, OfRangeThatEndsWantsWhatIsBehindIt) {
  const auto with = [](const std::string& range) {
    return codes_after("2.1", {{"\"product_version\"", "\"product_version_range\""},
                               {"\"1.0\"", "\"" + range + "\""},
                               {"\"fixed\": [\n     \"R11\"\n    ],", ""},
                               {"vendor_fix", "none_available"}});
  };
  EXPECT_TRUE(with("vers:intdot/<1.1").contains("6.2.39.1"));
  EXPECT_TRUE(with("<1.1").contains("6.2.39.1"));
  EXPECT_FALSE(with("vers:intdot/<=1.0").contains("6.2.39.1"));
}

// CSAF 2.1, 6.2.39.2 to 6.2.40 and 6.2.46: a test that needs a translation which nobody recorded is
// left out, and this is said.
TEST(CsafLanguages, WithoutTranslationsAreSaid) {
  const auto said = [](const std::string& language, const std::string& word) {
    const Diagnostics problems =
        problems_after("2.1", {category(word),
                               {"\"lang\": \"en\"", "\"lang\": \"" + language + "\""},
                               {"\"CC-BY-4.0\"", "\"LicenseRef-Quayside\""}});
    Codes tests;
    for (const Diagnostic& entry : problems.entries())
      if (entry.code == "csaf.not_checked" &&
          entry.message.find("translation") != std::string::npos)
        tests.insert(entry.message.substr(5, entry.message.find(' ', 5) - 5));
    return tests;
  };
  EXPECT_EQ(said("fr-FR", "csaf_base"), (Codes{"6.2.40", "6.2.46"}));
  EXPECT_EQ(said("nl", "csaf_withdrawn"), (Codes{"6.2.39.2", "6.2.40", "6.2.46"}));
  EXPECT_EQ(said("nl", "csaf_superseded"), (Codes{"6.2.39.3", "6.2.39.4", "6.2.40", "6.2.46"}));
  EXPECT_EQ(said("de-AT", "csaf_superseded"), Codes());
  EXPECT_EQ(said("en-GB", "csaf_withdrawn"), Codes());
}

// SPDX 3.0.1, annex of license expressions: MIT, Mit and mIt are one licence.
TEST(CsafLicenses, AreFoundInLettersOfEitherCase) {
  const auto with = [](const std::string& license) {
    return codes_after("2.1", {{"CC-BY-4.0", license}});
  };
  for (const char* license :
       {"mit", "cc-by-4.0", "Apache-2.0 WITH llvm-EXCEPTION", "LicenseRef-scancode-Public-Domain"})
    EXPECT_EQ(with(license), Codes{"csaf.not_checked"}) << license;
  EXPECT_TRUE(with("gfdl-1.1").contains("6.2.44"));
  EXPECT_TRUE(with("mitt").contains("6.2.45"));
}

// CSAF 2.1, 6.2.42: CPE of either binding say what the branches say, without wildcards.
TEST(CsafHelpers, OfCpeAreReadAsSuch) {
  const auto with = [](const std::string& cpe) {
    return codes_after("2.1", {{"\"purls\": [\n           \"pkg:generic/reader@1.0\"\n          ]",
                                "\"cpe\": \"" + cpe + "\""}});
  };
  for (const char* cpe : {"cpe:2.3:a:quayside:reader:1.0:*:*:*:*:*:*:*",
                          "cpe:/a:quayside:reader:1%2e0", "cpe:/a:quayside:reader:1.0:-:~~pro~~~"})
    EXPECT_FALSE(with(cpe).contains("6.2.42")) << cpe;
  for (const char* cpe :
       {"cpe:2.3:a:quay*:reader:1.0:*:*:*:*:*:*:*", "cpe:2.3:a:quayside:reader:1.?:*:*:*:*:*:*:*",
        "cpe:/a:quayside:reader", "cpe:/a:quayside:reader:1.0::~~~linux~~"})
    EXPECT_TRUE(with(cpe).contains("6.2.42")) << cpe;
}

}  // namespace
}  // namespace lockstep::formats::csaf
