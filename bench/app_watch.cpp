// SPDX-License-Identifier: Apache-2.0
// Watching: a delta of 100 advisories against stored components as they grow, the pass over the
// index that finds the delta, and adding releases. The answer is held against a scan of the
// releases that the delta touches before anything is timed; a wrong one is not.
//
// LOCKSTEP_WATCH_MAX: the largest number of components (default 1,000,000). The store lies in the
// system's temporary folder.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "advisories/gate.hpp"
#include "advisories/match.hpp"
#include "advisories/snapshot.hpp"
#include "app/watch/answers.hpp"
#include "app/watch/releases.hpp"
#include "app/watch/run.hpp"
#include "base/check.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"

namespace {

using lockstep::Advisory;
using lockstep::Bom;
using lockstep::Instant;
using lockstep::Random;
namespace advisories = lockstep::advisories;
namespace app = lockstep::app;
namespace store = lockstep::store;

constexpr std::int64_t per_release = 250;
constexpr std::uint32_t packages = 200'000;

std::string package_name(std::uint32_t number) {
  return fmt::format("package-{}", number);
}

/// Some packages are in many products, most in few: the square of a uniform number.
std::uint32_t some_package(Random& random) {
  const double u = random.uniform();
  return static_cast<std::uint32_t>(u * u * packages);
}

Advisory advisory(const std::string& id, std::uint32_t package, const std::string& fixed) {
  Advisory made;
  made.id = id;
  made.modified = lockstep::parse_instant("2026-01-01T00:00:00Z");
  made.summary = "A weakness of " + package_name(package) + " that is described in some words";
  made.aliases = {"CVE-2026-" + id.substr(5)};
  lockstep::Affected affected;
  affected.ecosystem = "npm";
  affected.package = package_name(package);
  lockstep::AffectedRange range;
  range.events = {{lockstep::Event::Kind::introduced, "0"}, {lockstep::Event::Kind::fixed, fixed}};
  affected.ranges = {range};
  made.affected = {affected};
  return made;
}

/// `known` advisories, and after the delta 100 more about packages that products hold.
advisories::AdvisoryIndex index_of(std::uint32_t known, bool with_delta) {
  Random random({7, lockstep::stream_of("watch-index"), 0, 0});
  advisories::IndexBuilder builder;
  for (std::uint32_t i = 0; i < known; ++i) {
    const std::string id = fmt::format("TEST-{}", 10'000 + i);
    builder.add(advisory(id, random.below(packages), "1.0.1"));
  }
  for (std::uint32_t i = 0; with_delta && i < 100; ++i) {
    const std::string id = fmt::format("TEST-{}", 9'000'000 + i);
    builder.add(advisory(id, random.below(packages), "1.0.3"));
  }
  auto index = advisories::AdvisoryIndex::from_bytes(builder.finish(), "index");
  LS_CHECK(index.has_value(), "the index is damaged");
  return *std::move(index);
}

Bom bill(std::uint32_t release) {
  Random random({7, lockstep::stream_of("watch-bill"), 0, release});
  Bom bom;
  bom.path = "app.cdx.json";
  bom.sha256 = lockstep::sha256(std::to_string(release));
  bom.format = "CycloneDX 1.6";
  for (std::int64_t i = 0; i < per_release; ++i) {
    lockstep::Component component;
    component.name = package_name(some_package(random));
    component.version = fmt::format("1.{}.{}", random.below(4), random.below(10));
    auto purl =
        lockstep::parse_purl(fmt::format("pkg:npm/{}@{}", component.name, component.version));
    component.purl = *std::move(purl);
    component.reference = fmt::format("{}-{}", component.name, i);
    bom.components.push_back(std::move(component));
  }
  return bom;
}

std::string path_of(std::int64_t components) {
  return (std::filesystem::temp_directory_path() /
          fmt::format("lockstep-bench-watch-v{}-{}/store.db", advisories::index_version,
                      components))
      .string();
}

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void add_releases(store::WatchStore& into, std::int64_t components) {
  for (std::int64_t i = 0; i < components / per_release; ++i) {
    app::ReleaseInput input;
    input.product = "product";
    input.version = std::to_string(i);
    input.released = lockstep::parse_day("2028-01-01");
    input.support_until = lockstep::parse_day("2033-01-01");
    input.boms = {bill(static_cast<std::uint32_t>(i))};
    LS_CHECK(app::add_release(into, std::move(input), Instant{}).has_value(), "not added");
  }
}

const advisories::AdvisoryIndex& before_index() {
  static const auto index = index_of(250'000, false);
  return index;
}

const advisories::AdvisoryIndex& after_index() {
  static const auto index = index_of(250'000, true);
  return index;
}

/// A store whose releases were asked about with the index before the delta. Made once, kept.
std::unique_ptr<store::WatchStore> prepared(std::int64_t components) {
  const std::string path = path_of(components);
  const bool is_there = std::filesystem::exists(path);
  auto opened = store::WatchStore::open("sqlite:" + path);
  LS_CHECK(opened.has_value(), "the store cannot be opened");
  if (is_there) return *std::move(opened);
  add_releases(**opened, components);
  const auto run = app::run_watch(**opened, before_index(), advisories::default_policy(), "",
                                  *lockstep::parse_instant("2028-02-01"));
  LS_CHECK(run.has_value(), "the first run failed");
  return *std::move(opened);
}

std::vector<advisories::SnapshotChange> delta_of(const advisories::IndexSnapshot& now) {
  const auto before = advisories::snapshot_of(before_index(), advisories::default_policy());
  LS_CHECK(before.has_value(), "no snapshot");
  return advisories::differences(before->rows, now.rows);
}

/// The hits that the delta finds are those of all components of all releases with the packages.
void check_answer(store::WatchStore& from,
                  const app::ComponentAnswers& answers,
                  const advisories::AdvisoryIndex& index,
                  std::int64_t components) {
  std::set<std::string> found;
  for (const auto& [component, answer] : answers) {
    const auto parts = from.parts_of_component(component);
    for (const auto& finding : answer.findings)
      for (const auto& part : *parts)
        found.insert(fmt::format("{} {} {}", part.release, part.reference, finding.advisory));
  }
  std::set<std::string> expected;
  std::set<std::string> names;
  for (std::uint32_t record = 0; record < index.records(); ++record) {
    if (!index.id(record)->starts_with("TEST-90000")) continue;
    const auto summary = index.record(record)->summary;
    names.insert(summary.substr(14, summary.find(" that") - 14));
  }
  for (std::int64_t i = 0; i < components / per_release; ++i) {
    Bom bom = bill(static_cast<std::uint32_t>(i));
    std::erase_if(bom.components, [&](const auto& one) { return !names.contains(one.name); });
    const auto matched = advisories::match(bom, index);
    for (const auto& finding : matched->findings)
      expected.insert(fmt::format("{} {} {}", i + 1, finding.reference, finding.advisory));
  }
  LS_CHECK(found == expected, "the delta differs from a scan; nothing is timed");
}

/// From 100 advisories to the entries of bills that they touch, with the findings.
void match_delta(benchmark::State& state) {
  const auto from = prepared(state.range(0));
  const auto now = advisories::snapshot_of(after_index(), advisories::default_policy());
  const auto changes = delta_of(*now);
  LS_CHECK(changes.size() == 100, "the delta has other records");
  std::int64_t parts = 0;
  const auto work = [&](app::ComponentAnswers& answers) -> lockstep::Result<> {
    TRY(const auto touched, app::touched_by(changes, *now, after_index(), *from));
    TRY_VOID(app::add_answers(touched, after_index(), *from, answers));
    parts = 0;
    for (const auto& [component, answer] : answers) {
      if (answer.is_empty()) continue;
      TRY(const auto held, from->parts_of_component(component));
      parts += std::ssize(held);
    }
    // Leaves the store as it was, for the next round.
    return lockstep::fail(lockstep::ErrorKind::internal, "internal.fault", "rolled back");
  };
  {
    app::ComponentAnswers answers;
    LS_CHECK(!from->transaction([&] { return work(answers); }).has_value(), "not rolled back");
    if (state.range(0) <= 1'000'000) check_answer(*from, answers, after_index(), state.range(0));
  }
  for (auto round : state) {
    app::ComponentAnswers answers;
    benchmark::DoNotOptimize(from->transaction([&] { return work(answers); }));
  }
  state.counters["entries"] = static_cast<double>(parts);
  state.counters["file_MB"] =
      static_cast<double>(std::filesystem::file_size(path_of(state.range(0)))) / 1e6;
  state.counters["peak_MB"] = peak_mb();
}

/// One pass over 250,000 records, and the comparison with what was kept.
void find_delta(benchmark::State& state) {
  after_index();
  for (auto round : state) {
    const auto now = advisories::snapshot_of(after_index(), advisories::default_policy());
    benchmark::DoNotOptimize(now);
  }
  state.SetItemsProcessed(state.iterations() * after_index().records());
}

/// The whole run: pass over the index, match, judge, rows, notices, in one transaction that is
/// synchronised; every other round goes back.
void whole_run(benchmark::State& state) {
  const auto from = prepared(state.range(0));
  bool is_after = false;
  std::int64_t events = 0;
  for (auto round : state) {
    is_after = !is_after;
    const auto run =
        app::run_watch(*from, is_after ? after_index() : before_index(),
                       advisories::default_policy(), "", *lockstep::parse_instant("2028-02-01"));
    LS_CHECK(run.has_value() && run->delta.whole_because.empty(), "the run failed");
    events = run->fresh + run->settled;
  }
  if (is_after)
    LS_CHECK(app::run_watch(*from, before_index(), advisories::default_policy(), "",
                            *lockstep::parse_instant("2028-02-01"))
                 .has_value(),
             "the run failed");
  state.counters["events"] = static_cast<double>(events);
}

/// Releases of 250 components into an empty store.
void add_components(benchmark::State& state) {
  for (auto round : state) {
    auto opened = store::WatchStore::open("memory:");
    add_releases(**opened, state.range(0));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

std::int64_t largest() {
  const char* text = std::getenv("LOCKSTEP_WATCH_MAX");
  return text == nullptr ? 1'000'000 : std::atoll(text);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  for (std::int64_t components = 100'000; components <= largest(); components *= 10)
    benchmark->Arg(components);
}

}  // namespace

BENCHMARK(find_delta)->Unit(benchmark::kMillisecond);
BENCHMARK(match_delta)->Apply(sizes)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_run)->Apply(sizes)->Unit(benchmark::kMillisecond)->Iterations(4);
BENCHMARK(add_components)->Arg(100'000)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_MAIN();
