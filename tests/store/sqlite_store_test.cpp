// SPDX-License-Identifier: Apache-2.0
// What can go wrong with a database file: someone writes to it, two programs at once, a program
// that is killed, a full disk, a damaged file.
#include "store/sqlite_store.hpp"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <latch>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "support.hpp"
#include "support/paths.hpp"

namespace lockstep::store {
namespace {

using test::some;
using test::tamper;
using Texts = std::vector<std::string>;

std::string fresh_path() {
  return lockstep::test::fresh_folder("sqlite") + "/store.db";
}

std::unique_ptr<Store> opened(const std::string& path, const SqliteOptions& options = {}) {
  auto store = open_sqlite(path, options);
  if (!store) ADD_FAILURE() << to_text(store.error());
  return store ? std::move(*store) : nullptr;
}

const StoredRun run{"run-1", "2028-01-01", "2028-01-01T08:00:00Z", R"({"exit":0})"};

/// A store of one run with four rows of evidence (and the row of the run), closed again.
std::string prepared() {
  const std::string path = fresh_path();
  EXPECT_TRUE(opened(path)->save(run, some(4)).has_value());
  return path;
}

Texts found(const std::string& path) {
  return test::problems(*opened(path)->verify());
}

std::string open_error(const std::string& path, const SqliteOptions& options = {}) {
  const auto store = open_sqlite(path, options);
  return store ? "" : store.error().code;
}

TEST(SqliteStore, WhatWasWrittenIsThereAfterOpeningAgain) {
  const std::string path = prepared();
  EXPECT_EQ(opened(path)->evidence()->size(), 5U);
  EXPECT_EQ(*opened(path)->load("run-1"), run);
  EXPECT_TRUE(found(path).empty());
}

// A measurement that someone changed, moved to another key, or slipped in is never given back.
TEST(SqliteStore, AChangedMeasurementIsNotTrusted) {
  const struct {
    const char* sql;
    const char* says;
  } cases[] = {
      {"UPDATE measurement SET body = '{\"robust\":1000}'",
       "its text is not the one that row 5 chains"},
      {"UPDATE measurement SET key = 'other'", "its text is not the one that row 5 chains"},
      {"UPDATE measurement SET row = 2", "its text is not the one that row 2 chains"},
      {"UPDATE evidence SET body = replace(body, 'reader', 'writer') WHERE number = 5",
       "row 5 was changed after it was written: its text does not have its digest"},
      {"DELETE FROM evidence WHERE number = 5",
       "the end is cut off: 5 rows were written, the last one left is row 4"},
  };

  for (const auto& each : cases) {
    const std::string path = fresh_path();
    ASSERT_TRUE(opened(path)->append(some(4)).has_value());
    ASSERT_TRUE(opened(path)
                    ->keep({"key", "reader.linf", "lockstep", "2028-01-01T08:00:00Z", "{}"})
                    .has_value());
    EXPECT_TRUE(found(path).empty());
    tamper(path, each.sql);
    const auto got = opened(path)->measurement(
        std::string(each.sql).find("'other'") == std::string::npos ? "key" : "other");
    ASSERT_FALSE(got.has_value()) << each.sql;
    EXPECT_EQ(got.error().code, "store.corrupt");
    EXPECT_NE(got.error().message.find(each.says), std::string::npos) << got.error().message;
    EXPECT_FALSE(found(path).empty()) << each.sql;
  }
}

TEST(SqliteStore, TamperingBySqlIsFound) {
  const struct {
    const char* sql;
    const char* says;
  } rows[] = {
      {"UPDATE evidence SET body = replace(body, 'aaaa', 'bbbb') WHERE number = 3",
       "row 3 was changed after it was written: its text does not have its digest"},
      {"DELETE FROM evidence WHERE number = 2", "row 2 is missing"},
      {"DELETE FROM evidence WHERE number >= 5",
       "the end is cut off: 5 rows were written, the last one left is row 4"},
      {"UPDATE evidence SET number = 99 WHERE number = 2;"
       "UPDATE evidence SET number = 2 WHERE number = 3;"
       "UPDATE evidence SET number = 3 WHERE number = 99",
       "row 2 was written to follow row 3, and stands elsewhere now"},
      {"INSERT INTO evidence VALUES (6, '{}', 'x', 'y')",
       "row 6 was changed after it was written: its text does not have its digest"},
      {"UPDATE head SET digest = 'x'", "row 5 is not the one that the kept end of the chain names"},
      {"UPDATE run SET dossier = '{}'", "the dossier of run run-1 was changed after it was saved"},
      {"UPDATE run SET as_of = '2020-01-01'",
       "the time or the day of run run-1 was changed after it was saved"},
      {"UPDATE run SET made_at = '2020-01-01T00:00:00Z'",
       "the time or the day of run run-1 was changed after it was saved"},
      {"DELETE FROM run", "the dossier of run run-1 is missing"},
      {"INSERT INTO run VALUES (7, 'forged', '', '', '{}')", "run forged has no row in the chain"},
  };

  for (const auto& row : rows) {
    const std::string path = prepared();
    tamper(path, row.sql);
    const Texts texts = found(path);
    ASSERT_FALSE(texts.empty()) << row.sql;
    EXPECT_EQ(texts[0], row.says) << row.sql;
  }
}

TEST(SqliteStore, ARemovedHeadIsAnError) {
  const std::string path = prepared();
  tamper(path, "DELETE FROM head");
  EXPECT_EQ(opened(path)->verify().error().code, "store.corrupt");
  EXPECT_EQ(opened(path)->append(some(1)).error().code, "store.corrupt");
}

TEST(SqliteStore, ATriggerInTheFileDoesNotRun) {
  const std::string path = prepared();
  tamper(path, "CREATE TRIGGER steal AFTER INSERT ON evidence BEGIN DELETE FROM run; END");
  ASSERT_TRUE(opened(path)->append(some(1)).has_value());
  EXPECT_TRUE(opened(path)->load("run-1")->has_value());
}

TEST(SqliteStore, TwoConnectionsShareOneChain) {
  const std::string path = fresh_path();
  opened(path);
  constexpr int each = 40;
  const auto write = [&](const std::string& name) {
    const auto store = opened(path);
    for (int i = 0; i < each; ++i)
      EXPECT_TRUE(store->append(some(1, name)).has_value());
  };
  std::thread first(write, "first");
  std::thread second(write, "second");
  first.join();
  second.join();
  EXPECT_EQ(opened(path)->head()->count, 2 * each);
  EXPECT_TRUE(found(path).empty());
}

TEST(SqliteStore, SeveralMayMakeTheSameFileAtOnce) {
  for (int round = 0; round < 20; ++round) {
    const std::string path = fresh_path();
    std::latch together(4);
    std::vector<std::thread> openers;
    for (int i = 0; i < 4; ++i)
      openers.emplace_back([&] {
        together.arrive_and_wait();
        const auto store = open_sqlite(path);
        EXPECT_TRUE(store.has_value()) << (store ? "" : store.error().code);
      });
    for (std::thread& opener : openers)
      opener.join();
    EXPECT_EQ(opened(path)->head()->count, 0);
  }
}

TEST(SqliteStore, AWriterWhoNeverEndsIsNamed) {
  const std::string path = prepared();
  const auto store = opened(path, {.timeout_ms = 20});
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto blocked = store->append(some(1));
  ASSERT_FALSE(blocked.has_value());
  EXPECT_EQ(to_text(blocked.error()),
            path +
                ": error[store.busy]: another program is writing to the store; try again when "
                "it has finished");
  EXPECT_EQ(store->evidence()->size(), 5U);  // reading goes on
  sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  EXPECT_TRUE(store->append(some(1)).has_value());
}

TEST(SqliteStore, AFullDiskLeavesItWhole) {
  const std::string path = prepared();
  const ChainHead before = *opened(path)->head();
  const auto store = opened(path, {.bytes_max = 64 * 1024});
  StoredRun large = run;
  large.id = "run-2";
  large.dossier = std::string(1 << 20, 'x');
  const auto full = store->save(large, some(3));
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(to_text(full.error()),
            path +
                ": error[store.full]: there is no room to write to the store; nothing was "
                "changed, free some space and run again");
  EXPECT_EQ(*store->head(), before);
  EXPECT_TRUE(found(path).empty());
  EXPECT_TRUE(store->append(some(1)).has_value());  // a small one still fits
}

/// Runs `work` in another process that kills itself, and waits for its end.
template <typename Work>
void killed(Work work) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    work();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(SqliteStore, AKillInTheMiddleOfATransactionLeavesItWhole) {
  const std::string path = prepared();
  const ChainHead before = *opened(path)->head();
  killed([&] {
    sqlite3* handle = nullptr;
    sqlite3_open(path.c_str(), &handle);
    // A tiny cache makes the rows reach the disk before the commit that never comes.
    sqlite3_exec(handle,
                 "PRAGMA cache_size = 1; BEGIN IMMEDIATE;"
                 "WITH RECURSIVE n(i) AS (SELECT 6 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
                 "INSERT INTO evidence SELECT i, hex(randomblob(200)), 'x', 'y' FROM n;"
                 "UPDATE head SET count = 3000",
                 nullptr, nullptr, nullptr);
  });
  EXPECT_EQ(*opened(path)->head(), before);
  EXPECT_TRUE(found(path).empty());
  EXPECT_TRUE(opened(path)->append(some(1)).has_value());
  EXPECT_TRUE(found(path).empty());
}

TEST(SqliteStore, WhatWasAcknowledgedSurvivesAKill) {
  const std::string path = fresh_path();
  opened(path);
  int acknowledged[2];
  ASSERT_EQ(::pipe(acknowledged), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = open_sqlite(path);
    while (store && (*store)->append(some(2)).has_value())
      if (::write(acknowledged[1], "x", 1) != 1) break;
    ::_exit(1);
  }
  char byte = 0;
  int count = 0;
  for (; count < 20 && ::read(acknowledged[0], &byte, 1) == 1; ++count) {
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(acknowledged[0]);
  ::close(acknowledged[1]);
  EXPECT_EQ(count, 20);
  EXPECT_GE(opened(path)->head()->count, 40);
  EXPECT_EQ(opened(path)->head()->count % 2, 0);
  EXPECT_TRUE(found(path).empty());
}

TEST(SqliteStore, AFileThatIsNoDatabaseIsNamed) {
  const std::string path = fresh_path();
  std::ofstream(path) << std::string(5000, 'x');
  const auto store = open_sqlite(path);
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(to_text(store.error()),
            path +
                ": error[store.corrupt]: expected a store that lockstep wrote, found something "
                "else or a damaged one (file is not a database); restore a copy, or move it "
                "away to begin anew");
  EXPECT_EQ(store.error().kind, ErrorKind::verification);
}

TEST(SqliteStore, ADatabaseOfSomeoneElseIsNamed) {
  const std::string path = fresh_path();
  tamper(path, "CREATE TABLE evidence (x); PRAGMA user_version = 1");
  EXPECT_EQ(opened(path)->verify().error().code, "store.corrupt");
  EXPECT_EQ(opened(path)->append(some(1)).error().code, "store.corrupt");
}

TEST(SqliteStore, DamagedPagesAreFound) {
  const std::string path = fresh_path();
  {
    const auto store = opened(path);
    ASSERT_TRUE(store->append(some(500)).has_value());
  }
  tamper(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 2; page < 20; ++page) {
      file.seekp(page * 4096 + 8);
      file << std::string(200, '\xFF');
    }
  }
  const auto store = open_sqlite(path);
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ((*store)->verify().error().code, "store.corrupt");
}

TEST(SqliteStore, ANewerStoreIsLeftAlone) {
  const std::string path = prepared();
  tamper(path, "PRAGMA user_version = 99");
  const auto store = open_sqlite(path);
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(to_text(store.error()),
            path +
                ": error[store.newer]: expected a store of version 5 or older, found version "
                "99; use the lockstep that wrote it");
}

TEST(SqliteStore, APlaceThatCannotBeWrittenIsNamed) {
  EXPECT_EQ(open_error("/dev/null/store.db"), "store.unwritable");
  EXPECT_EQ(open_error(lockstep::test::fresh_folder("folder")), "store.unwritable");
}

TEST(SqliteStore, AMigrationIsWholeOrNotThere) {
  const std::string path = fresh_path();
  EXPECT_EQ(open_error(path, {.bytes_max = 4096}), "store.full");
  EXPECT_TRUE(opened(path)->append(some(1)).has_value());
  EXPECT_TRUE(found(path).empty());
}

}  // namespace
}  // namespace lockstep::store
