// SPDX-License-Identifier: Apache-2.0
// The few things that the store needs of SQLite, as values and Results.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

struct sqlite3;

namespace lockstep::store {

/// A value bound to a parameter, or read from a column.
using SqlValue = std::variant<std::int64_t, std::string>;
using SqlRow = std::vector<SqlValue>;

/// One open database. Not shared between threads.
class SqliteConnection {
 public:
  /// Errors: store.unwritable, store.corrupt, store.busy.
  static Result<SqliteConnection> open(const std::string& path);

  SqliteConnection(SqliteConnection&& other) noexcept;
  SqliteConnection& operator=(SqliteConnection&&) = delete;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection();

  void set_timeout(int milliseconds);

  /// Runs statements without parameters and without results.
  Result<> run(std::string_view statements);

  /// Runs one statement with its parameters and gives all its rows.
  Result<std::vector<SqlRow>> query(std::string_view statement,
                                    std::initializer_list<SqlValue> parameters = {});

  /// Runs `work` in one transaction that holds the right to write from its start. Rolls back when
  /// `work` or the commit fails.
  Result<> transaction(const std::function<Result<>()>& work);

  sqlite3* handle() const { return handle_; }

  const std::string& path() const { return path_; }

 private:
  SqliteConnection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

  sqlite3* handle_ = nullptr;
  std::string path_;
};

/// What went wrong last on a connection, in our words. Errors: store.*.
tl::unexpected<Error> sqlite_failure(sqlite3* handle, const std::string& path);

/// The text or the number of a column; "" or 0 when it holds the other kind.
std::string text_of(const SqlValue& value);
std::int64_t number_of(const SqlValue& value);

}  // namespace lockstep::store
