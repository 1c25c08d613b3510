// SPDX-License-Identifier: Apache-2.0
#include "store/watch_store.hpp"

#include <gtest/gtest.h>

#include "base/diagnostics.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_connection.hpp"
#include "support/paths.hpp"

namespace lockstep::store {
namespace {

class WatchTables : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    const std::string url =
        GetParam() ? "sqlite:" + lockstep::test::fresh_folder("watch-store") + "/store.db"
                   : "memory:";
    auto opened = WatchStore::open(url);
    ASSERT_TRUE(opened.has_value()) << to_text(opened.error());
    store_ = *std::move(opened);
  }

  WatchedRelease release(const std::string& version) {
    WatchedRelease made;
    made.product = "crane";
    made.version = version;
    made.released = *parse_day("2028-03-01");
    made.bills = {{"a.json", std::string(64, 'a'), "CycloneDX 1.6", "urn:uuid:1", 2}};
    made.names = {"pkg:generic/crane@1"};
    made.statements = "{}";
    made.reachability = {{"pkg:npm/a", "CVE-2028-1", "no", "never called", "callgraph 2"}};
    made.is_pending = true;
    return made;
  }

  Result<> add(std::int64_t number,
               const std::string& name,
               std::int64_t id,
               const std::string& reference,
               std::vector<std::uint64_t> packages = {7}) {
    return store_->add_part(
        number, {{"pkg:npm/" + name, name, "1"}, id, packages, 0, reference, "optional"});
  }

  std::unique_ptr<WatchStore> store_;
};

TEST_P(WatchTables, GiveBackAReleaseAsItWas) {
  const auto number = store_->put(release("1"));
  ASSERT_TRUE(number.has_value()) << to_text(number.error());
  const auto found = store_->find("crane", "1");
  ASSERT_TRUE(found.has_value() && found->has_value());
  EXPECT_EQ((*found)->number, *number);
  EXPECT_EQ((*found)->bills.at(0).serial, "urn:uuid:1");
  EXPECT_EQ((*found)->names, (std::vector<std::string>{"pkg:generic/crane@1"}));
  EXPECT_EQ((*found)->support_until, std::nullopt);
  EXPECT_EQ((*found)->reachability, release("1").reachability);
  EXPECT_TRUE((*found)->is_pending);
  ASSERT_TRUE(store_->clear_pending(*number).has_value());
  EXPECT_FALSE((*store_->releases()).at(0).is_pending);
  EXPECT_EQ(*store_->find("crane", "2"), std::nullopt);
}

TEST_P(WatchTables, ComponentsOfOneNumberAreToldApart) {
  const std::int64_t number = *store_->put(release("1"));
  ASSERT_TRUE(add(number, "left", 5, "a").has_value());
  ASSERT_TRUE(add(number, "right", 5, "b").has_value());
  ASSERT_TRUE(add(number, "right", 5, "c").has_value());
  ASSERT_TRUE(add(number, "left", 5, "d").has_value());
  const auto ids = store_->components_of_package(7);
  ASSERT_EQ(ids->size(), 2U);
  EXPECT_EQ(store_->component((*ids)[0])->name, "left");
  EXPECT_EQ(store_->component((*ids)[1])->name, "right");
  EXPECT_EQ(store_->parts_of_component((*ids)[0])->size(), 2U);
  EXPECT_EQ(store_->parts_of_component((*ids)[1])->size(), 2U);
  EXPECT_EQ(store_->parts_of_release(number)->size(), 4U);
}

TEST_P(WatchTables, ErasingAReleaseLeavesWhatOthersHold) {
  const std::int64_t first = *store_->put(release("1"));
  const std::int64_t second = *store_->put(release("2"));
  ASSERT_TRUE(add(first, "left", 5, "a").has_value());
  ASSERT_TRUE(add(first, "right", 6, "b").has_value());
  ASSERT_TRUE(add(second, "left", 5, "a").has_value());
  const std::uint64_t mark[] = {~std::uint64_t{0}};
  ASSERT_TRUE(store_->set_marks(6, mark).has_value());
  EXPECT_EQ(*store_->components_of_mark(~std::uint64_t{0}), (std::vector<std::int64_t>{6}));
  ASSERT_TRUE(store_->put_row({0, {6, first, 0, "b", ""}, "{}", ""}).has_value());
  ASSERT_TRUE(store_->erase(first).has_value());
  EXPECT_EQ(*store_->components_of_package(7), (std::vector<std::int64_t>{5}));
  EXPECT_TRUE(store_->components_of_mark(~std::uint64_t{0})->empty());
  EXPECT_EQ(store_->sizes()->rows, 0);
  EXPECT_EQ(store_->sizes()->parts, 1);
}

TEST_P(WatchTables, ErasingAReleaseLeavesTheComponentsThatRowsOfOthersAreAbout) {
  const std::int64_t first = *store_->put(release("1"));
  const std::int64_t second = *store_->put(release("2"));
  ASSERT_TRUE(add(second, "left", 5, "a").has_value());
  ASSERT_TRUE(store_->put_row({0, {5, second, 0, "a", ""}, "{}", "2028-01-31"}).has_value());
  ASSERT_TRUE(store_->erase_parts(second).has_value());  // Its bill is renewed.
  ASSERT_TRUE(store_->erase(first).has_value());
  EXPECT_EQ(*store_->components_to_recheck("2028-02-01"), (std::vector<std::int64_t>{5}));
  ASSERT_TRUE(store_->component(5).has_value());
  EXPECT_EQ(store_->component(5)->name, "left");
}

TEST_P(WatchTables, RowsToRecheckAreThoseWhoseDayIsOver) {
  ASSERT_TRUE(store_->put_row({0, {1, 1, 0, "a", ""}, "{}", "2028-01-31"}).has_value());
  ASSERT_TRUE(store_->put_row({0, {2, 1, 0, "b", ""}, "{}", ""}).has_value());
  EXPECT_TRUE(store_->components_to_recheck("2028-01-31")->empty());
  EXPECT_EQ(*store_->components_to_recheck("2028-02-01"), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(*store_->components_with_rows(), (std::vector<std::int64_t>{1, 2}));
}

TEST_P(WatchTables, ATargetGetsWhatItHasNotTaken) {
  EXPECT_TRUE(*store_->add_notice("k1", "{}"));
  EXPECT_FALSE(*store_->add_notice("k1", "{}"));
  EXPECT_TRUE(*store_->add_notice("k2", "{}"));
  ASSERT_EQ(store_->waiting("a")->size(), 2U);
  ASSERT_TRUE(store_->put_delivery({1, "a", true, 1, "t", ""}).has_value());
  ASSERT_TRUE(store_->put_delivery({2, "a", false, 1, "t", "refused"}).has_value());
  ASSERT_EQ(store_->waiting("a")->size(), 1U);
  EXPECT_EQ(store_->waiting("a")->at(0).key, "k2");
  EXPECT_EQ((*store_->delivery(2, "a"))->problem, "refused");
  // The first notice was told to "a" already; a target that is named later gets the second.
  ASSERT_EQ(store_->waiting("b")->size(), 1U);
  EXPECT_EQ(store_->waiting("b")->at(0).key, "k2");
}

TEST_P(WatchTables, ANewTargetGetsWhatNobodyTookThoughLaterNoticesWereTaken) {
  for (const char* key : {"k1", "k2", "k3"})
    EXPECT_TRUE(*store_->add_notice(key, "{}"));
  ASSERT_TRUE(store_->put_delivery({1, "a", true, 1, "t", ""}).has_value());
  ASSERT_TRUE(store_->put_delivery({2, "a", false, 1, "t", "refused"}).has_value());
  ASSERT_TRUE(store_->put_delivery({3, "a", true, 1, "t", ""}).has_value());
  ASSERT_EQ(store_->waiting("b")->size(), 1U);
  EXPECT_EQ(store_->waiting("b")->at(0).key, "k2");
}

TEST_P(WatchTables, StateIsBytes) {
  EXPECT_EQ(*store_->state("x"), "");
  const std::string bytes("\0\xff\n", 3);
  ASSERT_TRUE(store_->set_state("x", bytes).has_value());
  EXPECT_EQ(*store_->state("x"), bytes);
}

TEST_P(WatchTables, AFailedTransactionLeavesNothing) {
  const auto failed = store_->transaction([&]() -> Result<> {
    TRY_VOID(store_->set_state("x", "1"));
    return fail(ErrorKind::input, "store.full", "no");
  });
  EXPECT_FALSE(failed.has_value());
  EXPECT_EQ(*store_->state("x"), "");
}

INSTANTIATE_TEST_SUITE_P(Kinds, WatchTables, testing::Bool());

/// A store as the third migration left it, with one release and a row of each kind.
void make_old_store(const std::string& path) {
  auto connection = SqliteConnection::open(path);
  ASSERT_TRUE(connection.has_value());
  for (const std::string_view step : sqlite_migrations().first(3))
    ASSERT_TRUE(connection->run(step).has_value());
  constexpr std::string_view rows = R"sql(
INSERT INTO watch_release VALUES (1, 'crane', '1', '2028-03-01', '', '2028-03-02T00:00:00Z', '',
  '[]', '[]', '', '', 0, 0);
INSERT INTO watch_component VALUES (5, 'pkg:npm/left@1', 'left', '1');
INSERT INTO watch_part VALUES (5, 1, 0, 'left', '');
INSERT INTO watch_row VALUES
  (1, 5, 1, 0, 'left', '',
   '{"kind":"finding","open":true,"state":"fail","exploited":["cisa-kev"]}', ''),
  (2, 5, 1, 0, 'left', '', '{"kind":"finding","open":true,"state":"warn","exploited":[]}', ''),
  (3, 5, 1, 0, 'left', '', '{"kind":"finding","open":false,"state":"pass","exploited":["x"]}', ''),
  (4, 5, 1, 0, 'left', '', '{"kind":"not_checked"}', '');
PRAGMA user_version = 3;
)sql";
  ASSERT_TRUE(connection->run(rows).has_value());
}

TEST(WatchStoreOfVersion3, IsBroughtToThePresentOne) {
  const std::string path = lockstep::test::fresh_folder("old-store") + "/store.db";
  make_old_store(path);
  const auto store = WatchStore::open("sqlite:" + path);
  ASSERT_TRUE(store.has_value()) << to_text(store.error());
  const auto counts = (*store)->counts();
  ASSERT_TRUE(counts.has_value()) << to_text(counts.error());
  EXPECT_EQ(counts->at(1).open, 2);
  EXPECT_EQ(counts->at(1).failing, 1);
  EXPECT_EQ(counts->at(1).exploited, 1);
  EXPECT_EQ(counts->at(1).not_checked, 1);
  const auto release = (*store)->find("crane", "1");
  ASSERT_TRUE(release.has_value() && release->has_value());
  EXPECT_TRUE((*release)->reachability.empty());
  const auto component = (*store)->component(5);
  ASSERT_TRUE(component.has_value());
  EXPECT_EQ(component->cpe_names, "");
  EXPECT_EQ(component->beside, "");
}

TEST(WatchStoreUrl, IsHeldAgainstTheKnownForms) {
  EXPECT_EQ(WatchStore::open("postgresql://x").error().code, "store.unavailable");
  EXPECT_EQ(WatchStore::open("x").error().code, "store.scheme");
}

}  // namespace
}  // namespace lockstep::store
