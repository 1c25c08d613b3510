// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lockstep::store {

/// The steps that lead from an empty SQLite database to the present tables; step i leaves
/// `user_version` i + 1. A released step is never changed: the next change is a new file.
std::span<const std::string_view> sqlite_migrations();

}  // namespace lockstep::store
