// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "store/sqlite_database.hpp"
#include "store/store.hpp"

namespace lockstep::store {

/// Opens the SQLite file at `path`, makes it and its folder when they are not there, and brings
/// older ones up to date. Several programs may have it open: they write one after the other.
/// Errors: store.unwritable, store.corrupt, store.newer, store.busy, store.full.
Result<std::unique_ptr<Store>> open_sqlite(const std::string& path,
                                           const SqliteOptions& options = {});

}  // namespace lockstep::store
