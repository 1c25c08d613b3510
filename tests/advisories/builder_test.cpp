// SPDX-License-Identifier: Apache-2.0
// The builder within a bound on memory: the same bytes, whatever was spilled on the way.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/resource.h>

#include "advisories/builders.hpp"
#include "advisories/id_sets.hpp"
#include "advisories/package_runs.hpp"
#include "base/random.hpp"
#include "support/paths.hpp"

namespace lockstep::test {
namespace {

using advisories::AdvisoryIndex;
using advisories::IndexBuilder;

/// Records with few ids, packages and aliases, so that they meet often.
std::vector<Advisory> random_records(std::uint64_t seed, int number) {
  Random random(RandomKey{seed, 3});
  const auto pick = [&](const char* what, std::uint32_t below) {
    return fmt::format("{}-{}", what, random.below(below));
  };
  std::vector<Advisory> records;
  for (int i = 0; i < number; ++i) {
    Advisory one = advisory(pick("GHSA", 300), random.below(2) == 0 ? "npm" : "PyPI", pick("p", 50),
                            pick("1.0", 9));
    one.modified = Instant(std::chrono::seconds(1'767'000'000 + random.below(9) * 100'000));
    if (random.below(3) == 0) one.aliases = {pick("CVE-2026", 100)};
    if (random.below(5) == 0) one.aliases.push_back(pick("GHSA", 300));
    if (random.below(9) == 0) one.withdrawn = one.modified;
    if (random.below(4) == 0) one.form = AdvisoryForm::csaf;
    if (random.below(3) == 0) one.affected.push_back(one.affected.front());
    records.push_back(std::move(one));
  }
  return records;
}

void add_records(IndexBuilder& builder, const std::vector<Advisory>& records) {
  for (const Advisory& one : records)
    builder.add(one);
}

std::string written(IndexBuilder& builder) {
  std::string file;
  const auto size = builder.write([&](std::string_view bytes) -> Result<> {
    file += bytes;
    return {};
  });
  EXPECT_TRUE(size.has_value()) << size.error().message;
  EXPECT_EQ(*size, file.size());
  return file;
}

class Builder : public testing::Test {
 protected:
  void SetUp() override { folder_ = fresh_folder("builder"); }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(Builder, GivesTheSameBytesWhateverItSpills) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::vector<Advisory> records = random_records(seed, 600);
    IndexBuilder in_memory;
    add_records(in_memory, records);
    const std::string expected = in_memory.finish();
    std::ranges::reverse(records);
    for (const std::size_t memory : {std::size_t{1}, std::size_t{500}, std::size_t{20'000}}) {
      IndexBuilder spilling(folder_, memory);
      add_records(spilling, records);
      ASSERT_EQ(written(spilling), expected) << seed << " " << memory;
    }
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(Builder, MergesWithAnOlderIndexAsIfAllHadComeAtOnce) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const std::vector<Advisory> records = random_records(seed, 400);
    IndexBuilder all;
    add_records(all, records);
    const std::string expected = all.finish();
    IndexBuilder first;
    add_records(first, {records.begin(), records.begin() + 250});
    IndexBuilder second(folder_, 1'000);
    ASSERT_TRUE(second.add_all(*AdvisoryIndex::from_bytes(first.finish(), "older")));
    add_records(second, {records.begin() + 250, records.end()});
    ASSERT_EQ(written(second), expected) << seed;
  }
}

TEST_F(Builder, GoesBackToAMark) {
  const std::vector<Advisory> good = random_records(1, 100);
  const std::vector<Advisory> bad = random_records(2, 100);
  IndexBuilder only_good;
  add_records(only_good, good);
  const std::string expected = only_good.finish();
  for (const std::size_t memory : {std::size_t{1}, std::size_t{3'000}, std::size_t{1'000'000}}) {
    IndexBuilder builder(folder_, memory);
    const std::size_t start = builder.mark();
    add_records(builder, bad);
    builder.back_to(start);
    add_records(builder, {good.begin(), good.begin() + 50});
    const std::size_t middle = builder.mark();
    add_records(builder, bad);
    builder.back_to(middle);
    add_records(builder, {good.begin() + 50, good.end()});
    builder.back_to(builder.mark());
    ASSERT_EQ(written(builder), expected) << memory;
  }
}

TEST_F(Builder, CountsTheFormsOfAdvisoriesApart) {
  std::vector<Advisory> records = {advisory("GHSA-1", "npm", "a", "1"),
                                   advisory("V-1", "npm", "a", "1"),
                                   advisory("V-2", "npm", "b", "1")};
  records[1].form = records[2].form = AdvisoryForm::csaf;
  records[2].modified = parse_instant("2026-05-01T00:00:00Z");
  const auto index = index_of(records);
  ASSERT_EQ(index.sources().size(), 2U);
  EXPECT_EQ(index.sources()[0].source, "csaf");
  EXPECT_EQ(index.sources()[0].entries, 2);
  EXPECT_EQ(index.sources()[0].as_of, "2026-05-01");
  EXPECT_EQ(index.sources()[0].sha256, sha256(line_of(records[1]) + line_of(records[2])));
  EXPECT_EQ(index.sources()[1].source, "osv");
  EXPECT_EQ(index.sources()[1].entries, 1);
  EXPECT_EQ(index.sources()[1].as_of, "2026-01-02");
  const Day day = *parse_day("2026-04-01");
  EXPECT_EQ(index.age_on(day, AdvisoryForm::csaf).later, 1);
  EXPECT_EQ(index.age_on(day, AdvisoryForm::csaf).newest, parse_day("2026-01-02"));
  EXPECT_EQ(index.age_on(day, AdvisoryForm::osv).later, 0);
  EXPECT_EQ(index.age_on(day, AdvisoryForm::nvd).newest, std::nullopt);
}

/// The system refuses to make files larger than a limit, as a full disk does.
TEST_F(Builder, SaysWhenTheDiskIsFull) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{10'000, before.rlim_max};
  IndexBuilder builder(folder_, 20'000);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  add_records(builder, random_records(1, 600));
  const auto size = builder.write([](std::string_view) -> Result<> { return {}; });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(size.has_value());
  EXPECT_EQ(size.error().code, "file.unwritable");
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(Builder, RefusesAnOlderIndexWithADamagedRecord) {
  IndexBuilder first;
  add_records(first, random_records(1, 50));
  std::string bytes = first.finish();
  // The digest of the contents is not looked at here: as if somebody had made the file so.
  const std::size_t at = bytes.find("GHSA-", bytes.size() / 4) - 1;
  bytes[at] = '\x7f';
  IndexBuilder second;
  ASSERT_TRUE(second.add_all(*AdvisoryIndex::from_bytes(bytes, "older")));
  second.add(advisory("GHSA-new", "npm", "a", "1"));
  const auto nothing = [](std::string_view) -> Result<> { return {}; };
  const auto damaged = second.write(nothing);
  if (!damaged) {
    EXPECT_EQ(damaged.error().code, "data.index");
    second.forget_older();
    EXPECT_TRUE(second.write(nothing).has_value());
  }
}

RC_GTEST_PROP(PackageRuns,
              SortLikeAPlainSort,
              (std::vector<std::pair<std::uint8_t, std::uint8_t>> raw)) {
  const std::string folder = fresh_folder("packages");
  using Row = std::tuple<std::uint64_t, std::string, std::string, std::uint32_t>;
  std::vector<Row> expected;
  advisories::PackageRuns runs(folder, 100);
  std::uint32_t number = 0;
  for (const auto& [a, b] : raw) {
    // Few hashes, so that different names share one.
    const Row row{a % 3, fmt::format("e{}", b % 2), fmt::format("n{}", a % 5), number++};
    expected.push_back(row);
    RC_ASSERT(
        runs.hold({std::get<0>(row), std::get<1>(row), std::get<2>(row), {std::get<3>(row), 7}})
            .has_value());
  }
  std::ranges::sort(expected);
  std::vector<Row> found;
  RC_ASSERT(runs.walk([&](const advisories::PackageEntry& entry) -> Result<> {
                  found.emplace_back(entry.hash, std::string(entry.ecosystem),
                                     std::string(entry.name), entry.posting.record);
                  return {};
                })
                .has_value());
  RC_ASSERT(found == expected);
  std::filesystem::remove_all(folder);
}

RC_GTEST_PROP(IdSets,
              JoinLikeASlowClosure,
              (std::vector<std::pair<std::uint8_t, std::uint8_t>> raw)) {
  advisories::IdSets sets;
  std::vector<int> colour(256);
  for (int i = 0; i < 256; ++i)
    colour[static_cast<std::size_t>(i)] = i;
  for (const auto& [a, b] : raw) {
    sets.join(sets.number_of(std::to_string(a)), sets.number_of(std::to_string(b)));
    const int from = colour[a];
    const int to = colour[b];
    for (int& one : colour)
      one = one == from ? to : one;
  }
  for (const auto& [a, x] : raw) {
    for (const auto& [y, b] : raw) {
      const bool is_one =
          sets.root(*sets.find(std::to_string(a))) == sets.root(*sets.find(std::to_string(b)));
      RC_ASSERT(is_one == (colour[a] == colour[b]));
    }
  }
  RC_ASSERT(!sets.find("none").has_value());
}

}  // namespace
}  // namespace lockstep::test
