// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_statement.hpp"

#include <sqlite3.h>

namespace lockstep::store {

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<SqliteStatement> SqliteStatement::prepare(SqliteConnection& connection,
                                                 std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return sqlite_failure(connection.handle(), connection.path());
  return SqliteStatement(raw, connection.path());
}

SqliteStatement& SqliteStatement::bind(std::int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), ++bound_, value) != SQLITE_OK) is_bound_badly_ = true;
  return *this;
}

SqliteStatement& SqliteStatement::bind(std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  if (sqlite3_bind_text64(statement_.get(), ++bound_, data, text.size(), SQLITE_TRANSIENT,
                          SQLITE_UTF8) != SQLITE_OK)
    is_bound_badly_ = true;
  return *this;
}

SqliteStatement& SqliteStatement::bind_bytes(std::string_view bytes) {
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  if (sqlite3_bind_blob64(statement_.get(), ++bound_, data, bytes.size(), SQLITE_TRANSIENT) !=
      SQLITE_OK)
    is_bound_badly_ = true;
  return *this;
}

Result<bool> SqliteStatement::step() {
  const int code = is_bound_badly_ ? SQLITE_ERROR : sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  auto failure = sqlite_failure(sqlite3_db_handle(statement_.get()), path_);
  reset();
  if (code != SQLITE_DONE) return failure;
  return false;
}

Result<> SqliteStatement::run() {
  bool is_row = true;
  while (is_row) {
    TRY(is_row, step());
  }
  return {};
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_.get());
  bound_ = 0;
  is_bound_badly_ = false;
}

std::int64_t SqliteStatement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqliteStatement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace lockstep::store
