// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_database.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <thread>

#include "store/migrations.hpp"

namespace lockstep::store {
namespace {

/// Applies what is missing, all in one transaction.
Result<> migrate(SqliteConnection& connection, const std::string& path) {
  return connection.transaction([&]() -> Result<> {
    TRY(const auto found, connection.query("PRAGMA user_version"));
    const std::int64_t version = found.empty() ? 0 : number_of(found[0][0]);
    const auto steps = sqlite_migrations();
    const auto newest = static_cast<std::int64_t>(steps.size());
    if (version < 0 || version > newest)
      return fail(ErrorKind::input, "store.newer",
                  fmt::format("expected a store of version {} or older, found version {}; use the "
                              "lockstep that wrote it",
                              newest, version),
                  {path, 0, 0});
    for (std::int64_t step = version; step < newest; ++step) {
      TRY_VOID(connection.run(steps[static_cast<std::size_t>(step)]));
      TRY_VOID(connection.run(fmt::format("PRAGMA user_version = {}", step + 1)));
    }
    return {};
  });
}

Result<> limit_size(SqliteConnection& connection, std::int64_t bytes_max) {
  TRY(const auto found, connection.query("PRAGMA page_size"));
  const std::int64_t page = found.empty() ? 4096 : number_of(found[0][0]);
  return connection.run(
      fmt::format("PRAGMA max_page_count = {}", std::max<std::int64_t>(1, bytes_max / page)));
}

Result<> make_folder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return {};
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem) return {};
  return fail(ErrorKind::input, "store.unwritable",
              fmt::format("the folder of the store cannot be made: {}", problem.message()),
              {path, 0, 0});
}

/// SQLite does not wait for its turn when it makes a file one with a write-ahead log: of several
/// that open a new file at once, all but one are told that it is busy. They try again until
/// `timeout_ms`.
Result<> write_ahead(SqliteConnection& connection, int timeout_ms) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(timeout_ms);
  for (;;) {
    const auto done = connection.query("PRAGMA journal_mode = WAL");
    if (done) return {};
    if (done.error().code != "store.busy" || Clock::now() >= end)
      return tl::unexpected(done.error());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

Result<SqliteConnection> open_database(const std::string& path, const SqliteOptions& options) {
  TRY_VOID(make_folder(path));
  TRY(SqliteConnection connection, SqliteConnection::open(path));
  connection.set_timeout(options.timeout_ms);
  TRY_VOID(write_ahead(connection, options.timeout_ms));
  TRY_VOID(connection.run("PRAGMA synchronous = FULL"));
  TRY_VOID(limit_size(connection, options.bytes_max));
  TRY_VOID(migrate(connection, path));
  return connection;
}

}  // namespace lockstep::store
