// SPDX-License-Identifier: Apache-2.0
// A statement that is prepared once and run many times.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/sqlite_connection.hpp"

struct sqlite3_stmt;

namespace lockstep::store {

/// Not to outlive its connection. Parameters are bound in order; texts are copied.
class SqliteStatement {
 public:
  /// Errors: as those of the connection.
  static Result<SqliteStatement> prepare(SqliteConnection& connection, std::string_view sql);

  SqliteStatement& bind(std::int64_t value);
  SqliteStatement& bind(std::string_view text);
  SqliteStatement& bind_bytes(std::string_view bytes);

  /// Whether there is a row; after the last one the statement can be bound again.
  Result<bool> step();
  /// Runs a statement whose rows nobody wants.
  Result<> run();
  /// Leaves the rows that are left.
  void reset();

  /// A column of the present row, from 0. The text lives until the next step or reset.
  std::int64_t number(int column) const;
  std::string_view text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  SqliteStatement(sqlite3_stmt* statement, std::string path)
      : statement_(statement), path_(std::move(path)) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::string path_;
  int bound_ = 0;
  bool is_bound_badly_ = false;
};

}  // namespace lockstep::store
