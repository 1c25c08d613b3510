// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "formats/ghsa/read.hpp"
#include "formats/invalid_files.hpp"
#include "support/paths.hpp"

namespace lockstep::formats::ghsa {
namespace {

using test::read_file;
using test::source_path;
using test::text_of;

/// ">=1.0.0 <1.0.5 | =0.2.0", or "no range"
std::string read_range(std::string_view written) {
  std::vector<std::string> versions;
  const auto ranges = parse_range(written, versions);
  if (!ranges) return "no range";
  std::string text;
  for (const AffectedRange& range : *ranges) {
    if (!text.empty()) text += " | ";
    for (const Event& event : range.events) {
      constexpr std::array words = {">=", "<", "<=", "limit", ">"};
      if (&event != &range.events.front()) text += ' ';
      text += words[static_cast<std::size_t>(event.kind)] + event.version;
    }
  }
  for (const std::string& version : versions)
    text += (text.empty() ? "=" : " | =") + version;
  return text;
}

// The forms are those that GitHub documents for `vulnerable_version_range`.
TEST(Ghsa, ReadsRanges) {
  EXPECT_EQ(read_range("= 0.2.0"), "=0.2.0");
  EXPECT_EQ(read_range("<= 1.0.8"), ">=0 <=1.0.8");
  EXPECT_EQ(read_range("< 0.1.11"), ">=0 <0.1.11");
  EXPECT_EQ(read_range(">= 4.3.0, < 4.3.5"), ">=4.3.0 <4.3.5");
  EXPECT_EQ(read_range(">= 4.3.0 < 4.3.5"), ">=4.3.0 <4.3.5");
  EXPECT_EQ(read_range(">=4.3.0,<4.3.5"), ">=4.3.0 <4.3.5");
  EXPECT_EQ(read_range(">= 0.0.1"), ">=0.0.1");
  EXPECT_EQ(read_range("> 2.0, <= 2.3"), ">2.0 <=2.3");
  EXPECT_EQ(read_range("< 1.2 || >= 2.0, < 2.2 || = 3"), ">=0 <1.2 | >=2.0 <2.2 | =3");
}

TEST(Ghsa, RefusesWhatIsNoRange) {
  for (const std::string_view written :
       {"", "1.0", "before 2", ">= 1, >= 2", "<", "= 1, < 2", "< 1 ||", "~> 1.2"}) {
    EXPECT_EQ(read_range(written), "no range") << written;
  }
}

TEST(Ghsa, ReadsAnAnswerOfTheApi) {
  const std::string bytes = read_file(source_path("tests/data/formats/ghsa/list.json"));
  EXPECT_TRUE(looks_like(bytes));
  Diagnostics problems;
  const auto read = read_advisories(bytes, "list.json", problems);
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 2U);
  const Advisory& first = read->front();
  EXPECT_EQ(first.id, "GHSA-2222-3333-4444");
  EXPECT_EQ(first.aliases, std::vector<std::string>{"CVE-2026-20001"});
  EXPECT_EQ(first.severity_word, "medium");
  ASSERT_EQ(first.severity.size(), 1U);
  EXPECT_EQ(first.severity[0].type, "CVSS_V3");
  EXPECT_EQ(first.weaknesses, std::vector<std::string>{"CWE-20"});
  EXPECT_FALSE(first.withdrawn.has_value());
  ASSERT_EQ(first.affected.size(), 2U);
  EXPECT_EQ(first.affected[0].ecosystem, "npm");
  EXPECT_EQ(first.affected[0].package, "@acme/pad");
  // Two ranges, and where to go from the second.
  ASSERT_EQ(first.affected[0].ranges.size(), 3U);
  EXPECT_EQ(first.affected[0].ranges[1].events[0].kind, Event::Kind::introduced_after);
  EXPECT_EQ(first.affected[0].ranges[2].events[1].version, "2.3.1");
  EXPECT_EQ(first.affected[1].ecosystem, "PyPI");
  EXPECT_EQ(first.affected[1].versions, std::vector<std::string>{"0.2.0"});

  const Advisory& second = read->back();
  EXPECT_TRUE(second.withdrawn.has_value());
  EXPECT_EQ(second.severity_word, "");
  ASSERT_EQ(second.affected.size(), 1U);
  EXPECT_TRUE(second.affected[0].partly_read);
  EXPECT_EQ(
      text_of(problems),
      "list.json:40:19: warning[ghsa.time]: expected a time such as 2026-09-11T10:00:00Z in "
      "'updated_at', found 'last week'\n"
      "list.json:43:7: note[ghsa.ecosystem]: expected a package of an ecosystem that packages "
      "are matched in, found 'acme' of 'other' in GHSA-5555-6666-7777; it is not evaluated\n"
      "list.json:44:96: warning[ghsa.range]: expected a range such as '>= 1.0.0, < 1.0.5', "
      "found 'before 2' in GHSA-5555-6666-7777\n"
      "list.json:49:3: error[ghsa.missing]: expected a member 'ghsa_id', found none; the "
      "advisory is left out\n");
}

TEST(Ghsa, RefusesOtherDocuments) {
  Diagnostics problems;
  const auto read = read_advisories(R"({"id": "GHSA-2222-3333-4444"})", "osv.json", problems);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, "ghsa.shape");
}

}  // namespace
}  // namespace lockstep::formats::ghsa
