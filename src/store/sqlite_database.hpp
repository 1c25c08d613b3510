// SPDX-License-Identifier: Apache-2.0
// The one database file that all tables are in.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "store/limits.hpp"
#include "store/sqlite_connection.hpp"

namespace lockstep::store {

struct SqliteOptions {
  int timeout_ms = busy_timeout_ms;
  std::int64_t bytes_max = database_bytes_max;  ///< of the database file
};

/// Opens the SQLite file at `path`, makes it and its folder when they are not there, and brings
/// older ones up to date; ":memory:" is a database that is gone with the connection.
/// Errors: store.unwritable, store.corrupt, store.newer, store.busy, store.full.
Result<SqliteConnection> open_database(const std::string& path, const SqliteOptions& options = {});

}  // namespace lockstep::store
