// SPDX-License-Identifier: Apache-2.0
#include "advisories/index.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

#include "advisories/builders.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/match.hpp"
#include "base/random.hpp"
#include "support/paths.hpp"

namespace lockstep::test {
namespace {

using advisories::AdvisoryIndex;
using advisories::IndexBuilder;

const std::string digest_a = sha256("a");
const std::string digest_b = sha256("b");

std::vector<Advisory> some_records() {
  std::vector<Advisory> records = {advisory("GHSA-1", "npm", "left", "2.0.0"),
                                   advisory("PYSEC-1", "PyPI", "Some.Thing", "3"),
                                   advisory("GO-1", "Go", "example.org/M", "1.2.3"),
                                   advisory("CVE-2026-1000", "npm", "left", "")};
  records[0].aliases = {"CVE-2026-1000"};
  records[0].severity = {{"CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}};
  records[0].severity_word = "high";
  records[0].weaknesses = {"CWE-79"};
  records[0].upstream = {"CVE-1"};
  records[0].published = parse_instant("2025-01-01T00:00:00Z");
  records[1].withdrawn = parse_instant("2026-02-01T00:00:00Z");
  records[1].affected[0].versions = {"1", "2"};
  records[1].affected[0].partly_read = true;
  return records;
}

TEST(AdvisoryIndex, GivesBackWhatItWasGiven) {
  const auto index = index_of(some_records());
  ASSERT_EQ(index.records(), 4U);
  EXPECT_TRUE(index.verify().has_value());
  const auto found = index.find("npm", "left");
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(*index.id((*found)[0].record), "CVE-2026-1000");
  EXPECT_EQ(*index.id((*found)[1].record), "GHSA-1");
  const auto record = index.record((*found)[1].record);
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->aliases, std::vector<std::string>{"CVE-2026-1000"});
  EXPECT_EQ(record->summary, "About left");
  EXPECT_EQ(record->severity_word, "high");
  EXPECT_EQ(record->weaknesses, std::vector<std::string>{"CWE-79"});
  EXPECT_EQ(record->upstream, std::vector<std::string>{"CVE-1"});
  EXPECT_EQ(record->published, parse_instant("2025-01-01T00:00:00Z"));
  EXPECT_EQ(record->modified, parse_instant("2026-01-02T03:04:05Z"));
  ASSERT_EQ(record->severity.size(), 1U);

  const auto python = index.find("PyPI", "some-thing");
  ASSERT_EQ(python->size(), 1U);
  const auto entry = index.entry(python->front());
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->package, "Some.Thing");
  for (const char* version : {"1", "2"})
    EXPECT_EQ(index.entry(python->front(), version)->listed, advisories::Listed::ours) << version;
  for (const char* version : {"", "12", "3"})
    EXPECT_EQ(index.entry(python->front(), version)->listed, advisories::Listed::others) << version;
  EXPECT_TRUE(entry->partly_read);
  EXPECT_EQ(entry->ranges.at(0).events.at(1).version, "3");
  EXPECT_TRUE(*index.is_withdrawn(python->front().record));
  EXPECT_EQ(index.find("Go", "example.org/m")->size(), 1U);
  EXPECT_TRUE(index.find("npm", "right")->empty());
  EXPECT_TRUE(index.find("PyPI", "left")->empty());
}

/// Packages are found by their hash; each is tried, and as many that are not there.
TEST(AdvisoryIndex, FindsEachOfManyPackagesAndNoOther) {
  for (const int packages : {1, 2, 40, 3'000}) {
    IndexBuilder builder;
    for (int i = 0; i < packages; ++i) {
      const std::string number = std::to_string(i);
      builder.add(advisory("GHSA-" + number, "npm", "package-" + number, "1." + number));
    }
    const auto index = index_of(builder);
    for (int i = 0; i < packages; ++i) {
      const std::string number = std::to_string(i);
      const auto found = index.find("npm", "package-" + number);
      ASSERT_TRUE(found && found->size() == 1) << number;
      EXPECT_EQ(index.entry(found->front())->ranges.at(0).events.at(1).version, "1." + number);
      EXPECT_TRUE(index.find("npm", "other-" + number)->empty());
      EXPECT_TRUE(index.find("PyPI", "package-" + number)->empty());
    }
  }
}

TEST(AdvisoryIndex, KeepsTheNewestOfEachId) {
  Advisory old = advisory("GHSA-1", "npm", "a", "1.0.0");
  Advisory newer = advisory("GHSA-1", "npm", "a", "2.0.0");
  newer.modified = parse_instant("2026-05-01T00:00:00Z");
  for (const bool old_first : {true, false}) {
    IndexBuilder builder;
    builder.add(old_first ? old : newer);
    builder.add(old_first ? newer : old);
    const auto index = index_of(builder);
    ASSERT_EQ(index.records(), 1U);
    const auto entry = index.entry(index.find("npm", "a")->at(0));
    EXPECT_EQ(entry->ranges.at(0).events.at(1).version, "2.0.0");
  }
}

TEST(AdvisoryIndex, CountsItsAgeFromTheNewestDayThatIsNotInTheFuture) {
  std::vector<Advisory> records;
  for (const char* at : {"2026-03-01T23:59:59Z", "2026-05-01T00:00:00Z", "2026-05-01T09:00:00Z",
                         "2027-01-01T00:00:00Z"}) {
    records.push_back(advisory("GHSA-" + std::to_string(records.size()), "npm", "left", "2"));
    records.back().modified = parse_instant(at);
  }
  records.push_back(advisory("GHSA-undated", "npm", "left", "2"));
  records.back().modified.reset();
  const auto index = index_of(records);
  const auto age = [&index](const char* day) {
    const advisories::RecordAge found = index.age_on(*parse_day(day), AdvisoryForm::osv);
    return (found.newest ? to_text(*found.newest) : "none") + " " + std::to_string(found.later);
  };
  EXPECT_EQ(age("2026-02-28"), "none 4");
  EXPECT_EQ(age("2026-03-01"), "2026-03-01 3");
  EXPECT_EQ(age("2026-04-30"), "2026-03-01 3");
  EXPECT_EQ(age("2026-05-01"), "2026-05-01 1");
  EXPECT_EQ(age("2026-12-31"), "2026-05-01 1");
  EXPECT_EQ(age("2027-01-01"), "2027-01-01 0");
}

TEST(AdvisoryIndex, JoinsAliasesAcrossRecords) {
  std::vector<Advisory> records = {
      advisory("GHSA-1", "npm", "a", ""), advisory("GO-1", "Go", "b", ""),
      advisory("OSV-1", "PyPI", "c", ""), advisory("OSV-2", "PyPI", "d", "")};
  records[0].aliases = {"CVE-2026-1000"};
  records[1].aliases = {"CVE-2026-1000"};
  records[2].aliases = {"GO-1"};
  records[3].aliases = {"CVE-2026-1000"};
  records[3].withdrawn = parse_instant("2026-01-01T00:00:00Z");
  records[3].upstream = {"GHSA-1"};
  const auto index = index_of(records);
  const auto flaw = index.flaw_of(0);
  ASSERT_TRUE(flaw.has_value());
  EXPECT_EQ(flaw->ids, (std::vector<std::string_view>{"CVE-2026-1000", "GHSA-1", "GO-1", "OSV-1"}));
  EXPECT_EQ(flaw->records, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(index.flaw_of(3)->ids, std::vector<std::string_view>{"OSV-2"});
}

TEST(AdvisoryIndex, HoldsListsAndScores) {
  IndexBuilder builder;
  Advisory record = advisory("GHSA-1", "npm", "a", "");
  record.aliases = {"CVE-2026-1000"};
  builder.add(record);
  builder.add(
      KnownExploitedList{
          "cisa-kev", "2026-08-07", {{"CVE-2026-1000", "cisa-kev", "2026-08-01", true, ""}}},
      digest_a);
  builder.add(KnownExploitedList{"eu-kev",
                                 "2026-08-10",
                                 {{"CVE-2026-1000", "eu-kev", "2026-08-02", false, "EUVD-2026-7"}}},
              digest_b);
  builder.add(EpssTable{"v2025.03.14",
                        "2026-03-28",
                        {{"CVE-2026-1000", 0.94358, 0.99962}, {"CVE-1999-0001", 0.01025, 0.77197}}},
              digest_b);
  const auto index = index_of(builder);
  const auto known = index.known_exploited("CVE-2026-1000");
  ASSERT_EQ(known->size(), 2U);
  EXPECT_EQ(known->at(0).source, "cisa-kev");
  EXPECT_TRUE(known->at(0).ransomware);
  EXPECT_EQ(known->at(1).euvd, "EUVD-2026-7");
  EXPECT_TRUE(index.known_exploited("CVE-2026-1001")->empty());
  EXPECT_TRUE(index.known_exploited("GHSA-1")->empty());
  const auto score = index.epss("CVE-1999-0001");
  ASSERT_TRUE(score.has_value() && score->has_value());
  EXPECT_EQ((*score)->probability, 0.01025);  // the same double as the text
  EXPECT_EQ((*score)->percentile, 0.77197);
  EXPECT_EQ((*score)->date, "2026-03-28");
  EXPECT_EQ(index.flaw_of(0)->ids.back(), "EUVD-2026-7");
  ASSERT_EQ(index.sources().size(), 4U);
  EXPECT_EQ(index.sources()[1].source, "epss");
  EXPECT_EQ(index.sources()[1].edition, "v2025.03.14");
  EXPECT_EQ(index.sources()[3].source, "osv");
  EXPECT_EQ(index.sources()[3].as_of, "2026-01-02");
  EXPECT_EQ(index.sources()[3].sha256, sha256(line_of(record)));
}

TEST(AdvisoryIndex, IsTheSameWhateverTheOrder) {
  std::vector<Advisory> records = some_records();
  const KnownExploitedList list{
      "cisa-kev", "2026-08-07", {{"CVE-2026-1000", "cisa-kev", "2026-08-01", true, ""}}};
  std::string first;
  std::ranges::sort(records, {}, &Advisory::id);
  do {
    IndexBuilder builder;
    if (first.empty()) builder.add(list, digest_a);
    for (const Advisory& record : records)
      builder.add(record);
    if (!first.empty()) builder.add(list, digest_a);
    const std::string bytes = builder.finish();
    if (first.empty()) first = bytes;
    ASSERT_EQ(bytes, first);
  } while (std::ranges::next_permutation(records, {}, &Advisory::id).found);
  IndexBuilder again;
  ASSERT_TRUE(again.add_all(*AdvisoryIndex::from_bytes(first, "x")).has_value());
  EXPECT_EQ(again.finish(), first);
}

/// Asks everything that can be asked.
void ask_everything(const AdvisoryIndex& index) {
  for (std::uint32_t number = 0; number < std::min(index.records(), 10U); ++number) {
    (void)index.record(number).has_value();
    (void)index.id(number).has_value();
    (void)index.flaw_of(number).has_value();
    (void)index.is_withdrawn(number).has_value();
  }
  (void)advisories::match(bill({"pkg:npm/left@1.0.0", "pkg:pypi/some-thing@1"}), index).has_value();
  (void)index.known_exploited("CVE-2026-1000").has_value();
  (void)index.epss("CVE-2026-1000").has_value();
}

TEST(AdvisoryIndex, SurvivesEveryTruncationAndManyChanges) {
  IndexBuilder builder;
  for (const Advisory& record : some_records())
    builder.add(record);
  const std::string bytes = builder.finish();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto index = AdvisoryIndex::from_bytes(bytes.substr(0, size), "advisories.index");
    ASSERT_FALSE(index.has_value()) << size;
    ASSERT_EQ(index.error().code, "data.index");
  }
  Random random(RandomKey{7, 1});
  for (int round = 0; round < 5000; ++round) {
    std::string changed = bytes;
    const std::uint32_t at = random.below(static_cast<std::uint32_t>(bytes.size()));
    changed[at] = static_cast<char>(random.below(256));
    const auto index = AdvisoryIndex::from_bytes(changed, "advisories.index");
    if (!index) continue;
    if (changed != bytes) {
      ASSERT_FALSE(index->verify().has_value()) << at;
    }
    ask_everything(*index);
  }
}

TEST(AdvisoryIndex, SaysWhatIsWrong) {
  const std::string bytes = IndexBuilder().finish();
  const auto message = [](const std::string& changed) {
    return to_text(AdvisoryIndex::from_bytes(changed, "advisories.index").error());
  };
  const std::string start =
      "advisories.index: error[data.index]: expected a whole advisory index, found one with ";
  const std::string end = "; run 'lockstep data import' again";
  EXPECT_EQ(message("{}"), start + "another beginning than an index has" + end);
  std::string other = bytes;
  other[8] = 9;
  EXPECT_EQ(message(other), start + "version 9, where this program reads version 7" + end);
  other = bytes;
  other[30] = 9;
  EXPECT_EQ(message(other), start + "another end than an index has" + end);
  EXPECT_EQ(message(bytes + "x"), start + "another end than an index has" + end);
  EXPECT_TRUE(AdvisoryIndex::from_bytes(bytes, "x").has_value());
}

// A seed of another version would be refused at its front, and the fuzzer see nothing behind it.
TEST(AdvisoryIndex, TheSeedOfTheFuzzerHasThisVersion) {
  const auto seed = AdvisoryIndex::open(source_path("fuzz/corpus/advisories_index/small.index"));
  ASSERT_TRUE(seed.has_value()) << to_text(seed.error());
  EXPECT_TRUE(seed->verify().has_value());
  EXPECT_EQ(seed->records(), 7U);
}

TEST(FlawOrder, PutsCveFirstAndEuvdLast) {
  std::vector<std::string> ids = {"EUVD-2026-1", "PYSEC-1", "GHSA-2", "CVE-2026-2", "CVE-2026-1"};
  std::ranges::sort(ids, advisories::is_better_id);
  EXPECT_EQ(ids, (std::vector<std::string>{"CVE-2026-1", "CVE-2026-2", "GHSA-2", "PYSEC-1",
                                           "EUVD-2026-1"}));
}

TEST(FlawOrder, NumbersCveIdsUniquely) {
  EXPECT_LT(advisories::cve_number("CVE-1999-0001"), advisories::cve_number("CVE-1999-0002"));
  EXPECT_LT(advisories::cve_number("CVE-1999-99999"), advisories::cve_number("CVE-2000-0001"));
  for (const char* other : {"CVE-1999-1", "CVE-1999-00001", "CVE-99-0001", "GHSA-1",
                            "CVE-1999-0x01", "CVE-1999-1234567890123", ""}) {
    EXPECT_FALSE(advisories::cve_number(other).has_value()) << other;
  }
}

}  // namespace
}  // namespace lockstep::test
