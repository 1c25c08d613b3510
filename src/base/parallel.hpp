// SPDX-License-Identifier: Apache-2.0
// Work on many items by all cores of the machine, for work whose parts do not depend on each other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

#include "base/memory.hpp"

namespace lockstep {

/// Into how many parts `items` are cut: one for each core, and none smaller than `least`.
inline std::size_t parts_of(std::size_t items, std::size_t least) {
  constexpr std::size_t most = 16;
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most);
  return std::clamp<std::size_t>(items / least, 1, cores);
}

/// Calls `work(part, begin, end)` for each of `parts` pieces of the numbers from 0 to `items`, each
/// but the first in a thread of its own, and waits for all. `work` throws nothing. Results belong
/// into one place for each part, so that their order is that of the items.
template <typename Work>
void in_parts(std::size_t items, std::size_t parts, const Work& work) {
  const auto start_of = [=](std::size_t part) { return items * part / parts; };
  const auto do_part = [&](std::size_t part) { work(part, start_of(part), start_of(part + 1)); };
  std::vector<std::jthread> threads;
  for (std::size_t part = 1; part < parts; ++part) {
    try {
      threads.emplace_back([&do_part, part] {
        use_large_pages();
        do_part(part);
      });
    } catch (const std::system_error&) {  // no more threads are to be had
      do_part(part);
    }
  }
  do_part(0);
}

/// Calls `first` in a thread of its own beside `second`, and waits for both; one after the other
/// where that does not pay. Neither throws anything.
template <typename First, typename Second>
void side_by_side(bool pays, const First& first, const Second& second) {
  in_parts(2, pays ? 2 : 1, [&](std::size_t part, std::size_t, std::size_t) {
    if (!pays || part == 1) first();
    if (!pays || part == 0) second();
  });
}

}  // namespace lockstep
