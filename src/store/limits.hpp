// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep::store {

/// Of one stored text: an evidence row, a dossier.
inline constexpr int text_bytes_max = 256 << 20;

/// Of the whole database file.
inline constexpr std::int64_t database_bytes_max = std::int64_t{64} << 30;

/// How long a writer waits for another one.
inline constexpr int busy_timeout_ms = 5000;

/// Problems that verifying lists one by one; the rest are counted.
inline constexpr std::size_t problems_max = 100;

}  // namespace lockstep::store
