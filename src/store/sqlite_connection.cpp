// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_connection.hpp"

#include <fmt/format.h>
#include <memory>
#include <sqlite3.h>
#include <utility>

#include "base/text.hpp"
#include "store/limits.hpp"

namespace lockstep::store {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// The codes of SQLite in our words. What the file's content can cause is `verification`, what the
/// machine can cause is `input`.
tl::unexpected<Error> translated(int code, const char* says, const std::string& path) {
  const Position where{path, 0, 0};
  const std::string detail = quotable(says == nullptr ? "" : says);
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(ErrorKind::input, "store.busy",
                  "another program is writing to the store; try again when it has finished", where);
    case SQLITE_FULL:
      return fail(ErrorKind::input, "store.full",
                  "there is no room to write to the store; nothing was changed, free some space "
                  "and run again",
                  where);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_IOERR:
      return fail(ErrorKind::input, "store.unwritable",
                  fmt::format("the store cannot be opened for writing ({}); check its folder and "
                              "its permissions",
                              detail),
                  where);
    default:
      return fail(ErrorKind::verification, "store.corrupt",
                  fmt::format("expected a store that lockstep wrote, found something else or a "
                              "damaged one ({}); restore a copy, or move it away to begin anew",
                              detail),
                  where);
  }
}

int bind(sqlite3_stmt* statement, int index, const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, index, *number);
  const auto& text = std::get<std::string>(value);
  return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_TRANSIENT,
                             SQLITE_UTF8);
}

SqlValue column(sqlite3_stmt* statement, int index) {
  if (sqlite3_column_type(statement, index) == SQLITE_INTEGER)
    return std::int64_t{sqlite3_column_int64(statement, index)};
  const void* bytes = sqlite3_column_blob(statement, index);
  const int size = sqlite3_column_bytes(statement, index);
  if (bytes == nullptr || size <= 0) return std::string();
  return std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

}  // namespace

Result<SqliteConnection> SqliteConnection::open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  SqliteConnection connection(handle, path);
  if (code != SQLITE_OK)
    return translated(code, handle == nullptr ? "" : sqlite3_errmsg(handle), path);
  // The file may come from anyone: its schema may not call functions with side effects.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, text_bytes_max);
  return connection;
}

SqliteConnection::SqliteConnection(SqliteConnection&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), path_(std::move(other.path_)) {}

SqliteConnection::~SqliteConnection() {
  sqlite3_close_v2(handle_);
}

void SqliteConnection::set_timeout(int milliseconds) {
  sqlite3_busy_timeout(handle_, milliseconds);
}

tl::unexpected<Error> sqlite_failure(sqlite3* handle, const std::string& path) {
  return translated(sqlite3_extended_errcode(handle), sqlite3_errmsg(handle), path);
}

Result<> SqliteConnection::run(std::string_view statements) {
  if (sqlite3_exec(handle_, std::string(statements).c_str(), nullptr, nullptr, nullptr) !=
      SQLITE_OK)
    return sqlite_failure(handle_, path_);
  return {};
}

Result<std::vector<SqlRow>> SqliteConnection::query(std::string_view statement,
                                                    std::initializer_list<SqlValue> parameters) {
  sqlite3_stmt* raw = nullptr;
  const int size = static_cast<int>(statement.size());
  if (sqlite3_prepare_v2(handle_, statement.data(), size, &raw, nullptr) != SQLITE_OK)
    return sqlite_failure(handle_, path_);
  const Statement prepared(raw);
  int index = 0;
  for (const SqlValue& value : parameters)
    if (bind(prepared.get(), ++index, value) != SQLITE_OK) return sqlite_failure(handle_, path_);
  std::vector<SqlRow> rows;
  int code = sqlite3_step(prepared.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(prepared.get())) {
    SqlRow row;
    for (int i = 0; i < sqlite3_column_count(prepared.get()); ++i)
      row.push_back(column(prepared.get(), i));
    rows.push_back(std::move(row));
  }
  if (code != SQLITE_DONE) return sqlite_failure(handle_, path_);
  return rows;
}

Result<> SqliteConnection::transaction(const std::function<Result<>()>& work) {
  TRY_VOID(run("BEGIN IMMEDIATE"));
  Result<> done = work();
  if (done) done = run("COMMIT");
  // A failed commit may have ended the transaction already; a second end of it is no error here.
  if (!done && sqlite3_get_autocommit(handle_) == 0)
    sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  return done;
}

std::string text_of(const SqlValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

std::int64_t number_of(const SqlValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? 0 : *number;
}

}  // namespace lockstep::store
