// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "formats/invalid_files.hpp"
#include "formats/nvd/read.hpp"
#include "support/paths.hpp"

namespace lockstep::formats::nvd {
namespace {

using test::read_file;
using test::shared_path;
using test::source_path;
using test::text_of;

std::vector<Advisory> read(const std::string& bytes, Diagnostics& problems) {
  Reader reader;
  auto advisories = reader.read(bytes, "nvd.json", problems);
  EXPECT_TRUE(advisories.has_value());
  return advisories ? *std::move(advisories) : std::vector<Advisory>();
}

std::string events_of(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    constexpr std::array words = {">=", "<", "<=", "limit", ">"};
    text += std::string(" ") + words[static_cast<std::size_t>(event.kind)] + event.version;
  }
  return text;
}

std::string entry_text(const Affected& affected) {
  std::string text = affected.ecosystem + " " + affected.package + " " + affected.cpe.substr(8);
  for (const AffectedRange& range : affected.ranges)
    text += " |" + events_of(range.events);
  for (const std::uint32_t group : affected.together_with)
    text += " with " + std::to_string(group);
  return text + (affected.partly_read ? " and more" : "");
}

TEST(Nvd, ReadsAPageOfTheApi) {
  Diagnostics problems;
  const auto all = read(read_file(source_path("tests/data/formats/nvd/page.json")), problems);
  ASSERT_EQ(all.size(), 3U);
  const Advisory& first = all[0];
  EXPECT_EQ(first.id, "NVD:CVE-2026-10001");
  EXPECT_EQ(first.aliases, std::vector<std::string>{"CVE-2026-10001"});
  EXPECT_EQ(first.summary, "A pump controller writes past the end of a buffer.");
  EXPECT_EQ(to_text(first.published.value_or(Instant{})), "2026-03-04T05:06:07Z");
  EXPECT_EQ(to_text(first.modified.value_or(Instant{})), "2026-04-05T06:07:08Z");
  EXPECT_FALSE(first.withdrawn.has_value());
  EXPECT_EQ(first.weaknesses, std::vector<std::string>{"CWE-787"});
  // The NVD's own score, not that of the other.
  ASSERT_EQ(first.severity.size(), 2U);
  EXPECT_EQ(first.severity[0].score, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
  EXPECT_EQ(first.severity[1].type, "CVSS_V2");

  ASSERT_EQ(first.affected.size(), 3U);
  EXPECT_EQ(entry_text(first.affected[0]),
            "CPE a:acme:pump_control a:acme:pump_control:*:*:*:*:*:*:*:* | >=1.0 <1.4.2 | >2.0 "
            "<=2.3");
  EXPECT_EQ(entry_text(first.affected[1]),
            "CPE a:acme:pump_control a:acme:pump_control:3.0:beta1:*:*:*:*:*:*");
  EXPECT_EQ(entry_text(first.affected[2]),
            "CPE o:acme:pump_firmware o:acme:pump_firmware:*:*:*:*:*:*:*:* | >=0 <7 with 1");
  ASSERT_EQ(first.cpe_groups.size(), 2U);
  ASSERT_EQ(first.cpe_groups[1].size(), 2U);
  EXPECT_EQ(first.cpe_groups[1][1].name, "cpe:2.3:h:acme:pump_200:-:*:*:*:*:*:*:*");

  // Rejected, so that it makes no findings, and explains why old ones are gone.
  EXPECT_EQ(to_text(all[1].withdrawn.value_or(Instant{})), "2026-04-06T00:00:00Z");
}

TEST(Nvd, TellsWhatItCannotEvaluate) {
  Diagnostics problems;
  const auto all = read(read_file(source_path("tests/data/formats/nvd/page.json")), problems);
  ASSERT_EQ(all.size(), 3U);
  const Advisory& last = all[2];
  ASSERT_EQ(last.affected.size(), 2U);
  EXPECT_EQ(last.summary, "Both");
  // Of a node of AND each match asks for the others.
  EXPECT_EQ(entry_text(last.affected[0]), "CPE a:acme:left a:acme:left:1.0:*:*:*:*:*:*:* with 1");
  EXPECT_EQ(entry_text(last.affected[1]),
            "CPE a:acme:right a:acme:right:*:*:*:*:*:*:*:* | >=0 <=2.0 with 0");
  EXPECT_EQ(text_of(problems),
            "nvd.json:73:25: error[nvd.value]: vulnerabilities[2].cve.lastModified: expected a "
            "time such as 2026-09-11T10:00:00.000, found 'soon'\n"
            "nvd.json:81:13: warning[nvd.configuration]: "
            "vulnerabilities[2].cve.configurations[0].nodes[1]: expected a node without 'negate', "
            "found one; it is not evaluated\n"
            "nvd.json:83:46: error[nvd.value]: "
            "vulnerabilities[2].cve.configurations[0].nodes[1].cpeMatch[1].criteria: expected a "
            "CPE that begins with 'cpe:2.3:' or 'cpe:/', found 'acme never'\n");
}

TEST(Nvd, TakesTheFormsOfMirrors) {
  const std::string cve = R"({"id": "CVE-2026-10001", "sourceIdentifier": "a@example.org",
    "published": "2026-03-04T05:06:07.123", "lastModified": "2026-04-05T06:07:08.900"})";
  for (const std::string& document :
       {cve, R"({"cve": )" + cve + "}", R"({"identifier": "x", "item": {"cve": )" + cve + "}}",
        R"({"cve_items": [)" + cve + "]}", R"({"vulnerabilities": [{"cve": )" + cve + "}]}"}) {
    Diagnostics problems;
    const auto all = read(document, problems);
    EXPECT_TRUE(looks_like(document));
    ASSERT_EQ(all.size(), 1U) << document;
    EXPECT_EQ(all[0].id, "NVD:CVE-2026-10001");
    EXPECT_EQ(text_of(problems), "");
  }
}

TEST(Nvd, RefusesOtherDocuments) {
  Reader reader;
  Diagnostics problems;
  const auto wrong = reader.read(R"({"CVE_Items": []})", "old.json", problems);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, "nvd.shape");
  const auto broken = reader.read("{", "old.json", problems);
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().code, "nvd.syntax");
}

TEST(Nvd, ReadsTheRecordsOfTheMatcherSuite) {
  LS_NEEDS_SHARED("vuln/suites/grype-matcher");
  int records = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(shared_path("vuln/suites/grype-matcher"))) {
    const std::string path = entry.path().string();
    if (path.find("/nvd/results/") == std::string::npos || !entry.is_regular_file()) continue;
    const std::string bytes = read_file(path);
    EXPECT_TRUE(looks_like(bytes)) << path;
    Diagnostics problems;
    const auto all = read(bytes, problems);
    EXPECT_EQ(text_of(problems), "") << path;
    ASSERT_EQ(all.size(), 1U) << path;
    EXPECT_FALSE(all[0].affected.empty()) << path;
    EXPECT_FALSE(all[0].severity.empty()) << path;
    ++records;
  }
  EXPECT_GT(records, 0);
}

}  // namespace
}  // namespace lockstep::formats::nvd
