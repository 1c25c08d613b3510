// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <array>

namespace lockstep::store {
namespace {

// Each file is SQL within a raw string literal, so that it is compiled in as it stands.
constexpr std::array<std::string_view, 5> steps = {
#include "store/migrations/001_evidence_and_runs.sql"
    ,
#include "store/migrations/002_measurements.sql"
    ,
#include "store/migrations/003_watch.sql"
    ,
#include "store/migrations/004_watch_names.sql"
    ,
#include "store/migrations/005_watch_reachability.sql"
};

}  // namespace

std::span<const std::string_view> sqlite_migrations() {
  return steps;
}

}  // namespace lockstep::store
