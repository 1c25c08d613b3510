// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "formats/csaf/advisory.hpp"
#include "formats/csaf/ranges.hpp"
#include "formats/invalid_files.hpp"

namespace lockstep::formats::csaf {
namespace {

using test::read_file;
using test::shared_path;
using test::source_path;

std::string word_of_event(Event::Kind kind) {
  constexpr std::array words = {"introduced", "fixed", "last_affected", "limit", "after"};
  return words[static_cast<std::size_t>(kind)];
}

std::string text_of(const Affected& affected) {
  std::string text = affected.ecosystem + " " + affected.package + ":";
  for (const std::string& version : affected.versions)
    text += " " + version;
  for (const AffectedRange& range : affected.ranges) {
    text += " [";
    for (const Event& event : range.events)
      text += word_of_event(event.kind) + " " + event.version + " ";
    text.back() = ']';
  }
  return text + (affected.partly_read ? " and more" : "");
}

TEST(CsafAdvisories, PackagesAndRangesAreThoseOfTheProductTree) {
  Diagnostics problems;
  const auto advisories =
      read_advisories(read_file(source_path("tests/data/formats/csaf/advisory/left-2.0.json")),
                      "left.json", problems);
  ASSERT_TRUE(advisories.has_value());
  ASSERT_EQ(advisories->size(), 1U);
  const Advisory& advisory = advisories->front();
  EXPECT_EQ(advisory.id, "QS-2026-002");
  EXPECT_EQ(advisory.aliases, std::vector<std::string>{"CVE-2026-12345"});
  EXPECT_EQ(advisory.weaknesses, std::vector<std::string>{"CWE-79"});
  ASSERT_EQ(advisory.severity.size(), 1U);
  EXPECT_EQ(advisory.severity[0].type, "CVSS_V3");
  ASSERT_EQ(advisory.affected.size(), 2U);
  EXPECT_EQ(advisory.form, AdvisoryForm::csaf);
  EXPECT_EQ(advisory.affected[0].cpe, "cpe:2.3:a:quayside:box:8:*:*:*:*:*:*:*");
  EXPECT_EQ(text_of(advisory.affected[0]), "CPE a:quayside:box:");
  EXPECT_EQ(text_of(advisory.affected[1]),
            "npm @quayside/left: 1.0.0 [introduced 2.0.0 fixed 2.1.0] [introduced 3.0.0 "
            "last_affected 3.2.0] and more");
  const std::string said = test::text_of(problems);
  EXPECT_NE(said.find("warning[csaf.range]"), std::string::npos) << said;
  EXPECT_NE(said.find("1 with a package URL of the type deb, whose versions have "
                      "no order that it names, 1 with a range of versions that cannot be read, 1 "
                      "with neither package URL nor CPE"),
            std::string::npos)
      << said;
}

// Filed as the matcher asks: packages of Conan and Hex by their name alone.
TEST(CsafAdvisories, NamesPackagesAsTheirEcosystemDoes) {
  const auto filed = [](const std::string& purl) {
    std::string bytes = read_file(source_path("tests/data/formats/csaf/advisory/left-2.0.json"));
    const std::string written = "pkg:npm/%40quayside/left";
    for (auto at = bytes.find(written); at != std::string::npos; at = bytes.find(written, at))
      bytes.replace(at, written.size(), purl);
    Diagnostics problems;
    const auto advisories = read_advisories(bytes, "left.json", problems);
    EXPECT_TRUE(advisories.has_value());
    const Affected& affected = advisories->front().affected.back();
    return affected.ecosystem + " " + affected.package;
  };
  EXPECT_EQ(filed("pkg:conan/acme/left"), "ConanCenter left");
  EXPECT_EQ(filed("pkg:hex/acme/left"), "Hex left");
  EXPECT_EQ(filed("pkg:vscode-extension/acme/left"), "VSCode acme.left");
  EXPECT_EQ(filed("pkg:composer/acme/left"), "Packagist acme/left");
}

TEST(CsafAdvisories, PublishedOnesWithoutPackageUrlsSaySo) {
  LS_NEEDS_SHARED("vuln/data/csaf");
  int documents = 0;
  for (const auto& file : test::files_in(shared_path("vuln/data/csaf"))) {
    if (file.extension() != ".json") continue;
    Diagnostics problems;
    const auto advisories = read_advisories(read_file(file.string()), "icsa.json", problems);
    ASSERT_TRUE(advisories.has_value()) << file;
    EXPECT_TRUE(advisories->empty()) << file;
    EXPECT_NE(test::text_of(problems).find("csaf.not_evaluated"), std::string::npos) << file;
    ++documents;
  }
  EXPECT_GT(documents, 100);
}

TEST(CsafAdvisories, OtherDocumentsAreRefused) {
  Diagnostics problems;
  EXPECT_EQ(
      read_advisories("{\"document\":{\"csaf_version\":\"1.2\"}}", "a.json", problems).error().code,
      "csaf.version");
  EXPECT_EQ(read_advisories("{", "a.json", problems).error().code, "json.syntax");
  EXPECT_FALSE(looks_like("{\"vulns\":[]}"));
}

/// VERS specification, "Normalized, canonical representation and validation", and CSAF 2.1.
TEST(CsafRanges, AreCanonicalOrSayWhatTheyLack) {
  const auto problem = [](std::string_view name) {
    const VersionRange range = parse_range(name);
    return range.problem.empty() ? problem_of_order(name) : range.problem;
  };
  for (const char* good :
       {"vers:npm/1.2.3|>=2.0.0|<5.0.0", "vers:pypi/0.0.0|0.0.1|1.0|2.0rc1", "vers:all/*",
        "vers:npm/>=2.2.0|!=2.2.1|<2.3.0", "vers:tomee/>=8.0.0-M1|<=8.0.1", "<=2", ">=8.1.5",
        ">10.9a|!=10.9c|!=10.9f|<=10.9k", "vers:intdot/<1.10.0"})
    EXPECT_EQ(problem(good), "") << good;
  for (const char* bad :
       {"vers:npm/>=2.0.0|<1.0.0", "vers:npm/1.0.0|1.0.0", "vers:npm/>=1.0.0|>=2.0.0",
        "vers:npm/1.0.0|<2.0.0", "vers:npm/=1.0.0", "vers:npm/*", "vers:all/<1", "all versions < 4",
        "<", "vers:npm/>=1.0.0|<2%", "1.0|"})
    EXPECT_NE(problem(bad), "") << bad;
}

TEST(CsafRanges, OverlapWhenAVersionIsInBoth) {
  const auto overlaps = [](std::string_view a, std::string_view b) {
    const VersionRange left = parse_range(a);
    const VersionRange right = parse_range(b);
    EXPECT_EQ(overlap(left, right, left.type), overlap(right, left, left.type)) << a << " " << b;
    return overlap(left, right, left.type);
  };
  EXPECT_TRUE(overlaps("vers:intdot/>2.1.0|<4.2.0", "vers:intdot/>1.2.0|<2.4.0"));
  EXPECT_FALSE(overlaps("vers:intdot/>2.1.0|<4.2.0", "vers:intdot/>1.2.0|<=2.1.0"));
  EXPECT_TRUE(overlaps("vers:intdot/>=2.1.0|<4.2.0", "vers:intdot/>1.2.0|<=2.1.0"));
  EXPECT_FALSE(overlaps("vers:intdot/<2.0", "vers:intdot/>=2.0"));
  EXPECT_FALSE(overlaps("vers:intdot/<2.0|>=10.0", "vers:intdot/2.0|9.9"));
  EXPECT_TRUE(overlaps("vers:all/*", "vers:intdot/1.0"));
  EXPECT_FALSE(overlaps("vers:intdot/<2.0|!=1.0", "vers:intdot/1.0"));
}

}  // namespace
}  // namespace lockstep::formats::csaf
