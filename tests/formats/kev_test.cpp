// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "formats/invalid_files.hpp"
#include "formats/kev/read.hpp"
#include "support/paths.hpp"

namespace lockstep::test {
namespace {

KnownExploitedList read(const std::string& text, Diagnostics& problems) {
  auto list = formats::kev::read(text, "kev.json", problems);
  EXPECT_TRUE(list.has_value());
  return list ? *std::move(list) : KnownExploitedList{};
}

TEST(Kev, ReadsTheCatalogueOfCisa) {
  Diagnostics problems;
  const auto list =
      read(R"({"dateReleased": "2026-08-07T16:45:47.0648Z", "count": 2, "vulnerabilities": [
      {"cveID": "CVE-2021-44228", "dateAdded": "2021-12-10", "knownRansomwareCampaignUse": "Known"},
      {"cveID": "CVE-2026-1", "dateAdded": "2026-01-01"},
      {"cveID": "CVE-2026-12345", "dateAdded": "soon", "knownRansomwareCampaignUse": "Unknown"}]})",
           problems);
  EXPECT_EQ(list.source, "cisa-kev");
  EXPECT_EQ(list.as_of, "2026-08-07");
  ASSERT_EQ(list.entries.size(), 2U);
  EXPECT_EQ(list.entries[0].cve, "CVE-2021-44228");
  EXPECT_EQ(list.entries[0].date_added, "2021-12-10");
  EXPECT_TRUE(list.entries[0].ransomware);
  EXPECT_FALSE(list.entries[1].ransomware);
  EXPECT_EQ(text_of(problems),
            "kev.json:3:7: error[kev.entry]: expected a CVE id such as CVE-2021-44228 in 'cveID', "
            "found 'CVE-2026-1'; the entry is left out\n"
            "kev.json:4:7: warning[kev.date]: expected a date such as 2026-09-11 in 'dateAdded', "
            "found 'soon'\n"
            "kev.json:1:56: warning[kev.count]: expected 2 entries as 'count' says, found 3; the "
            "file may be cut off\n");
}

TEST(Kev, ReadsTheListOfTheUnionInBothItsForms) {
  Diagnostics problems;
  const auto list = read(R"([
      {"cveID": "CVE-2026-59310", "euvdID": "EUVD-2026-51097", "dateReported": "2026/08/10",
       "originSource": "cnw", "exploitationType": "APT"},
      {"cveID": "CVE-2026-59311", "dateReported": "2026-08-11",
       "exploitationType": ["APT", "Ransomware"]}])",
                         problems);
  EXPECT_EQ(text_of(problems), "");
  EXPECT_EQ(list.source, "eu-kev");
  EXPECT_EQ(list.as_of, "2026-08-11");
  ASSERT_EQ(list.entries.size(), 2U);
  EXPECT_EQ(list.entries[0].euvd, "EUVD-2026-51097");
  EXPECT_EQ(list.entries[0].date_added, "2026-08-10");
  EXPECT_FALSE(list.entries[0].ransomware);
  EXPECT_TRUE(list.entries[1].ransomware);
}

TEST(Kev, ReadsEntriesOfTheUnionWithoutAReadableCve) {
  Diagnostics problems;
  const auto list = read(R"([
      {"euvdID": "EUVD-2026-51097", "dateReported": "2026/08/10", "originSource": "cra"},
      {"cveID": "CVE-26-1", "euvdID": "EUVD-2026-51098", "dateReported": "2026/08/10"},
      {"cveID": "", "euvdID": "51099", "dateReported": "2026/08/10"}])",
                         problems);
  ASSERT_EQ(list.entries.size(), 2U);
  EXPECT_EQ(list.entries[0].cve, "EUVD-2026-51097");
  EXPECT_EQ(list.entries[0].origin, "CRA");
  EXPECT_EQ(list.entries[1].cve, "EUVD-2026-51098");
  EXPECT_EQ(
      text_of(problems),
      "kev.json:3:7: warning[kev.entry]: expected a CVE id such as CVE-2021-44228 in 'cveID', "
      "found 'CVE-26-1'; the entry counts under EUVD-2026-51098\n"
      "kev.json:4:7: error[kev.entry]: expected a CVE id such as CVE-2021-44228 in 'cveID', "
      "found ''; the entry is left out\n");
  EXPECT_TRUE(formats::kev::looks_like(R"([{"euvdID": "EUVD-2026-51097"}])"));
}

TEST(Kev, ExploitedSinceTheFirstReport) {
  Diagnostics problems;
  const auto list = read(R"([
      {"cveID": "CVE-2026-59310", "dateReported": "2026/08/12", "originSource": "ENISA"},
      {"cveID": "CVE-2026-59311", "dateReported": "2026/08/11", "originSource": "NCSC HU"},
      {"cveID": "CVE-2026-59310", "dateReported": "2026-08-09", "originSource": "cnw",
       "exploitationType": ["ransomware"], "euvdID": "EUVD-2026-51097"}])",
                         problems);
  EXPECT_EQ(text_of(problems), "");
  ASSERT_EQ(list.entries.size(), 2U);
  EXPECT_EQ(list.entries[0].date_added, "2026-08-09");
  EXPECT_EQ(list.entries[0].origin, "CNW");
  EXPECT_EQ(list.entries[0].euvd, "EUVD-2026-51097");
  EXPECT_TRUE(list.entries[0].ransomware);
  EXPECT_EQ(list.entries[1].origin, "NCSC HU");
  EXPECT_EQ(list.as_of, "2026-08-11");
}

TEST(Kev, RefusesOtherDocuments) {
  Diagnostics problems;
  const auto list = formats::kev::read("{\"vulns\": []}", "kev.json", problems);
  ASSERT_FALSE(list.has_value());
  EXPECT_EQ(to_text(list.error()),
            "kev.json:1:1: error[kev.shape]: expected the CISA catalogue (an object with "
            "'vulnerabilities') or the EU list (an array of entries), found neither");
  EXPECT_FALSE(formats::kev::looks_like("{\"id\": \"GO-1\", \"modified\": \"\"}"));
}

TEST(Kev, ReadsTheSharedLists) {
  LS_NEEDS_SHARED("vuln/data/kev/known_exploited_vulnerabilities.json");
  Diagnostics problems;
  const std::string bytes =
      read_file(shared_path("vuln/data/kev/known_exploited_vulnerabilities.json"));
  EXPECT_TRUE(formats::kev::looks_like(bytes));
  const auto cisa = read(bytes, problems);
  EXPECT_EQ(cisa.entries.size(), 1662U);  // its own "count"
  EXPECT_EQ(cisa.as_of, "2026-08-07");
  const std::string eu_bytes = read_file(shared_path("vuln/data/kev/eukev/eukev.json"));
  EXPECT_TRUE(formats::kev::looks_like(eu_bytes));
  const auto eu = read(eu_bytes, problems);
  EXPECT_EQ(eu.entries.size(), 39U);
  EXPECT_EQ(text_of(problems), "");
  std::set<std::string> known;
  for (const KnownExploited& entry : cisa.entries)
    known.insert(entry.cve);
  std::size_t only_in_eu = 0;
  for (const KnownExploited& entry : eu.entries)
    only_in_eu += known.contains(entry.cve) ? 0 : 1;
  EXPECT_EQ(only_in_eu, 7U);
}

}  // namespace
}  // namespace lockstep::test
