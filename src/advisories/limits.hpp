// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lockstep::advisories {

/// Bounds on what an index file may say about itself, so that a damaged one cannot ask for more
/// work or memory than its own size.
constexpr std::size_t max_index_bytes = std::size_t{16} << 30U;
/// Events of one range that are evaluated; a range with more is reported as not evaluated.
constexpr std::size_t max_events = 100'000;

}  // namespace lockstep::advisories
