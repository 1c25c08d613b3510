// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lockstep::advisories {

/// Bounds on what an index file may say about itself, so that a damaged one cannot ask for more
/// work or memory than its own size.
constexpr std::size_t max_index_bytes = std::size_t{16} << 30U;
/// What the builder keeps in memory of records, and again of entries, before it spills.
constexpr std::size_t builder_memory_bytes = std::size_t{32} << 20U;
/// What it keeps of one section, and walks of an older index, before it gives the memory back.
constexpr std::size_t section_memory_bytes = std::size_t{4} << 20U;
/// Events of one range that are evaluated; a range with more is reported as not evaluated.
constexpr std::size_t max_events = 100'000;

}  // namespace lockstep::advisories
