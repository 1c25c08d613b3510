// SPDX-License-Identifier: Apache-2.0
// Which records count as different, held against what was changed by hand.
#include "advisories/snapshot.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "advisories/gate.hpp"
#include "base/random.hpp"
#include "builders.hpp"

namespace lockstep::advisories {
namespace {

using test::advisory;
using Ids = std::set<std::string>;

struct Data {
  std::vector<Advisory> records;
  std::vector<KnownExploited> listed;
  std::vector<Epss> scores;

  AdvisoryIndex index() const {
    IndexBuilder builder;
    for (const Advisory& record : records)
      builder.add(record);
    builder.add(KnownExploitedList{"cisa-kev", "2026-01-01", listed}, sha256("kev"));
    if (!scores.empty()) builder.add(EpssTable{"v1", "2026-01-01", scores}, sha256("epss"));
    return test::index_of(builder);
  }
};

/// A: a flaw of two records; B: alone; C: a distributor's record that stands for a CVE.
Data some_data() {
  Data data;
  data.records = {advisory("GHSA-a", "npm", "left", "2"), advisory("PYSEC-a", "PyPI", "left", "2"),
                  advisory("GHSA-b", "npm", "right", "2"),
                  advisory("DSA-c", "Debian:12", "zlib", "2")};
  data.records[0].aliases = {"CVE-2026-1000"};
  data.records[1].aliases = {"CVE-2026-1000"};
  data.records[3].upstream = {"CVE-2026-3000"};
  return data;
}

/// The ids of the records that differ and are there now, and of those that are gone.
Ids different(const Data& before, const Data& now, const GatePolicy& policy = default_policy()) {
  const auto old_index = before.index();
  const auto new_index = now.index();
  const auto was = snapshot_of(old_index, policy);
  const auto is = snapshot_of(new_index, policy);
  const auto changes = differences(was->rows, is->rows);
  Ids ids;
  for (const std::uint32_t record : records_of(*is, changes))
    ids.insert(std::string(*new_index.id(record)));
  for (const SnapshotChange& change : changes)
    for (const Advisory& record : before.records)
      if (change.kind == SnapshotChange::Kind::gone && record_key(record.id) == change.key)
        ids.insert("gone " + record.id);
  return ids;
}

TEST(Snapshot, EqualDataDiffersInNothing) {
  EXPECT_EQ(different(some_data(), some_data()), Ids());
}

TEST(Snapshot, AChangedRecordTakesItsFlawWithIt) {
  Data now = some_data();
  now.records[0].summary = "Another summary";
  EXPECT_EQ(different(some_data(), now), (Ids{"GHSA-a", "PYSEC-a"}));
  now = some_data();
  now.records[2].withdrawn = parse_instant("2026-02-01T00:00:00Z");
  EXPECT_EQ(different(some_data(), now), Ids{"GHSA-b"});
}

TEST(Snapshot, ARecordThatJoinsAFlawOrLeavesItChangesTheOthers) {
  Data now = some_data();
  now.records[2].aliases = {"CVE-2026-1000"};
  EXPECT_EQ(different(some_data(), now), (Ids{"GHSA-a", "PYSEC-a", "GHSA-b"}));
  EXPECT_EQ(different(now, some_data()), (Ids{"GHSA-a", "PYSEC-a", "GHSA-b"}));
}

TEST(Snapshot, AddedAndGoneRecords) {
  Data now = some_data();
  now.records.push_back(advisory("GHSA-d", "npm", "left", "3"));
  EXPECT_EQ(different(some_data(), now), Ids{"GHSA-d"});
  EXPECT_EQ(different(now, some_data()), Ids{"gone GHSA-d"});
}

TEST(Snapshot, AListNamesAnIdOfTheFlawOrOneThatItStandsFor) {
  Data now = some_data();
  now.listed = {{"CVE-2026-1000", "cisa-kev", "2026-01-01", false, "", ""}};
  EXPECT_EQ(different(some_data(), now), (Ids{"GHSA-a", "PYSEC-a"}));
  now.listed = {{"CVE-2026-3000", "cisa-kev", "2026-01-01", false, "", ""}};
  EXPECT_EQ(different(some_data(), now), Ids{"DSA-c"});
  Data later = now;
  later.listed[0].date_added = "2026-01-02";
  EXPECT_EQ(different(now, later), Ids{"DSA-c"});
  now.listed = {{"CVE-2026-9999", "cisa-kev", "2026-01-01", false, "", ""}};
  EXPECT_EQ(different(some_data(), now), Ids());
}

TEST(Snapshot, AScoreCountsWhereItCrossesABoundOfThePolicy) {
  GatePolicy policy = default_policy();
  policy.rules.emplace_back();
  policy.rules.back().when.epss.at_least = 0.5;
  Data before = some_data();
  Data now = some_data();
  before.scores = {{"CVE-2026-1000", 0.1, 0.1}, {"CVE-2026-3000", 0.1, 0.1}};
  now.scores = {{"CVE-2026-1000", 0.49, 0.4}, {"CVE-2026-3000", 0.5, 0.4}};
  EXPECT_EQ(different(before, now, policy), Ids{"DSA-c"});
  EXPECT_EQ(different(before, now), Ids());
  EXPECT_EQ(different(some_data(), before, policy), (Ids{"GHSA-a", "PYSEC-a", "DSA-c"}));
}

TEST(Snapshot, DifferencesAreThoseOfASlowComparison) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    Random random({seed, stream_of("differences"), 0, 0});
    std::vector<SnapshotRow> before;
    std::vector<SnapshotRow> now;
    for (auto* rows : {&before, &now}) {
      for (std::uint32_t i = random.below(12); i > 0; --i)
        rows->push_back({random.below(6), random.below(3)});
      std::ranges::sort(*rows);
    }
    std::map<std::uint64_t, int> expected;
    for (std::uint64_t key = 0; key < 6; ++key) {
      std::multiset<std::uint64_t> was;
      std::multiset<std::uint64_t> is;
      for (const SnapshotRow& row : before)
        if (row.key == key) was.insert(row.value);
      for (const SnapshotRow& row : now)
        if (row.key == key) is.insert(row.value);
      if (was != is) expected[key] = was.empty() ? 0 : (is.empty() ? 2 : 1);
    }
    std::map<std::uint64_t, int> found;
    for (const SnapshotChange& change : differences(before, now))
      found[change.key] = static_cast<int>(change.kind);
    EXPECT_EQ(found, expected) << seed;
  }
}

TEST(Snapshot, BytesComeBackAndDamageIsRefused) {
  const std::vector<SnapshotRow> rows = {{1, 7}, {1, 8}, {std::uint64_t{1} << 63U, 0}};
  const std::string bytes = encode(rows);
  EXPECT_EQ(*decode_snapshot(bytes), rows);
  EXPECT_TRUE(decode_snapshot("")->empty());
  EXPECT_EQ(decode_snapshot(bytes.substr(1)).error().code, "data.snapshot");
  EXPECT_EQ(decode_snapshot(bytes.substr(16) + bytes.substr(0, 16)).error().code, "data.snapshot");
}

/// Where the matcher looks, the keys must lead: every candidate of a component shares a key with
/// the packages that records name.
TEST(Snapshot, TheKeysOfAComponentAreThoseOfItsRecords) {
  const std::vector<std::pair<std::string, Advisory>> cases = {
      {"pkg:npm/left@1", advisory("A", "npm", "left", "2")},
      {"pkg:pypi/Big.Name@1", advisory("A", "PyPI", "big_name", "2")},
      {"pkg:deb/debian/zlib@1?distro=debian-12", advisory("A", "Debian:12", "zlib", "2")},
      {"pkg:deb/debian/zlib@1", advisory("A", "Debian:11", "zlib", "2")},
      {"pkg:deb/debian/libz1@1?distro=debian-12&upstream=zlib",
       advisory("A", "Debian:12", "zlib", "2")},
      {"pkg:golang/host/Mod@v1#v2", advisory("A", "Go", "host/mod/v2", "2")},
      {"pkg:composer/drupal/core@1",
       advisory("A", "Packagist:https://packages.drupal.org/8", "drupal/core", "2")},
      {"pkg:rpm/rhel/zlib@1?distro=rhel-9",
       advisory("A", "Red Hat:enterprise_linux:9::baseos", "zlib", "2")},
      {"pkg:deb/ubuntu/zlib@1?distro=ubuntu-24.04", advisory("A", "Ubuntu:24.04:LTS", "zlib", "2")},
  };
  for (const auto& [purl, record] : cases) {
    const auto index = test::index_of({record});
    const auto listed = package_keys_of(index, 0);
    const auto asked = package_keys_of(*parse_purl(purl));
    ASSERT_EQ(listed->size(), 1U);
    EXPECT_NE(std::ranges::find(asked, listed->front()), asked.end()) << purl;
  }
  const auto other = package_keys_of(*parse_purl("pkg:npm/right@1"));
  EXPECT_EQ(std::ranges::find(other, package_key("npm", "left")), other.end());
}

}  // namespace
}  // namespace lockstep::advisories
