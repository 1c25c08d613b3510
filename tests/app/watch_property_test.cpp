// SPDX-License-Identifier: Apache-2.0
// What the delta makes of the kept rows is what a scan of every release says, whatever changed in
// between and in whatever order.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

#include "advisories/gate.hpp"
#include "app/scan.hpp"
#include "app/watch/run.hpp"
#include "watch_support.hpp"

namespace lockstep::test {
namespace {

/// A release with what it was made of, for the slow way.
struct Release {
  std::string version;
  std::vector<Bom> boms;
  std::vector<VexStatement> statements;
  std::vector<Reachability> reachability;
  bool is_watched = true;
};

using Rows = std::multiset<std::string>;

std::string line(const std::string& version,
                 const std::string& bill,
                 const std::string& reference,
                 const Json& face) {
  return fmt::format("{} {} {} {}", version, bill, reference, to_canonical_json(face));
}

/// Every release scanned from its bills.
Rows scanned(const std::vector<Release>& releases,
             const advisories::AdvisoryIndex& index,
             const GatePolicy& policy,
             Day day) {
  Rows rows;
  for (const Release& release : releases) {
    if (!release.is_watched) continue;
    const auto scan = app::scan_boms(
        release.boms, {release.statements, &policy, release.reachability, day}, index);
    EXPECT_TRUE(scan.has_value());
    for (const Finding& finding : scan->findings)
      rows.insert(line(release.version, finding.sbom, finding.reference, app::face_of(finding)));
    for (const Unmatched& one : scan->unmatched) {
      if (one.possible.empty()) continue;
      const std::string version = one.purl.empty() ? "" : parse_purl(one.purl)->version;
      rows.insert(line(release.version, one.sbom, one.reference, app::face_of(one, version)));
    }
  }
  return rows;
}

/// Open, failing, exploited and not checked.
using Counts = std::array<std::int64_t, 4>;

Rows kept(store::WatchStore& store) {
  Rows rows;
  const auto counted = store.counts();
  const auto releases = store.releases();
  for (const WatchedRelease& release : *releases) {
    const auto all = store.rows_of_release(release.number);
    Counts counts{};
    for (const WatchedRow& row : *all) {
      Diagnostics problems;
      const auto face = parse_json(row.face, "face", problems);
      rows.insert(line(release.version,
                       release.bills.at(static_cast<std::size_t>(row.part.bill)).path,
                       row.part.reference, *face));
      const bool is_finding = (*face)["kind"] == Json("finding");
      const bool is_open = is_finding && (*face)["open"] == Json(true);
      counts[0] += is_open ? 1 : 0;
      counts[1] += is_open && (*face)["state"] == Json("fail") ? 1 : 0;
      counts[2] += is_open && !(*face)["exploited"].items().empty() ? 1 : 0;
      counts[3] += is_finding ? 0 : 1;
    }
    const auto found = counted->find(release.number);
    const WatchCounts kept = found == counted->end() ? WatchCounts{} : found->second;
    EXPECT_EQ(counts, (Counts{kept.open, kept.failing, kept.exploited, kept.not_checked}));
  }
  return rows;
}

void add(store::WatchStore& store, const Release& release) {
  app::ReleaseInput input;
  input.product = "crane";
  input.version = release.version;
  input.released = parse_day("2026-01-01");
  input.support_until = parse_day("2031-01-01");
  input.boms = release.boms;
  input.statements = release.statements;
  input.reachability = release.reachability;
  const auto added = app::add_release(store, std::move(input), Instant{});
  ASSERT_TRUE(added.has_value()) << to_text(added.error());
}

Release some_release(Random& random, const std::string& version) {
  Release release{version, {some_bom(random, "a.json"), some_bom(random, "b.json")}, {}, {}, true};
  // References are those of one bill only once: a doubled one is the same part.
  for (Bom& bom : release.boms) {
    std::set<std::string> seen;
    std::erase_if(bom.components,
                  [&](const Component& one) { return !seen.insert(one.reference).second; });
  }
  for (std::uint32_t i = 0; i < random.below(6); ++i)
    release.statements.push_back(some_statement(random, release.boms[random.below(2)]));
  for (std::uint32_t i = 0; i < random.below(6); ++i)
    release.reachability.push_back(some_reachability(random, release.boms[random.below(2)]));
  return release;
}

/// The default rules, with one on EPSS in front of them, one on the age of a fix, and one on code
/// that no call reaches.
GatePolicy some_policy(Random& random) {
  GatePolicy policy = advisories::default_policy();
  if (random.below(2) == 0) return policy;
  GateRule likely;
  likely.id = "likely";
  likely.when.epss.at_least = 0.5;
  likely.then = State::fail;
  GateRule old;
  old.id = "old";
  old.when.fix_age.at_least = 10;
  old.then = State::fail;
  GateRule unreached;
  unreached.id = "unreached";
  unreached.when.reachable = {"no"};
  unreached.then = State::warn;
  policy.rules.insert(policy.rules.begin(), {unreached, likely, old});
  return policy;
}

class WatchProperty : public testing::TestWithParam<std::uint32_t> {};

TEST_P(WatchProperty, TheDeltaSaysWhatAWholeScanSays) {
  Random random({GetParam(), stream_of("watch"), 0, 0});
  World world;
  for (int i = 0; i < 6; ++i)
    change(world, random);
  world.lists["cisa-kev"];
  world.lists["eu-kev"];
  const GatePolicy policy = some_policy(random);
  const auto store = store::WatchStore::open("memory:");
  ASSERT_TRUE(store.has_value());
  std::vector<Release> releases;
  Instant now = *parse_instant("2026-01-06T00:00:00Z");
  for (int step = 0; step < 14; ++step) {
    const std::uint32_t what = random.below(5);
    if (step < 2 || what == 0) {
      releases.push_back(some_release(random, std::to_string(step)));
      add(**store, releases.back());
    } else if (what == 1) {
      Release& old = releases[random.below(static_cast<std::uint32_t>(releases.size()))];
      if (old.is_watched) {
        old = some_release(random, old.version);
        add(**store, old);
      }
    }
    if (what != 2) change(world, random);
    now += std::chrono::days(random.below(5));
    const auto index = world.index();
    const auto run = app::run_watch(**store, index, policy, "", now);
    ASSERT_TRUE(run.has_value()) << to_text(run.error());
    EXPECT_EQ(run->delta.whole_because.empty(), step > 0) << run->delta.whole_because;
    const Day day = std::chrono::floor<std::chrono::days>(now);
    ASSERT_EQ(kept(**store), scanned(releases, index, policy, day)) << "step " << step;

    const auto again = app::run_watch(**store, index, policy, "", now);
    ASSERT_TRUE(again.has_value()) << to_text(again.error());
    EXPECT_TRUE(again->notices.empty());
    EXPECT_TRUE(again->tasks.empty());
    EXPECT_EQ(again->fresh + again->changed + again->settled, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, WatchProperty, testing::Range(0U, 24U));

}  // namespace
}  // namespace lockstep::test
