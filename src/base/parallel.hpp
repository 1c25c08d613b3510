// SPDX-License-Identifier: Apache-2.0
// Work on many items by all cores of the machine, for work whose parts do not depend on each other.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

#include "base/memory.hpp"
#include "base/spread.hpp"

namespace lockstep {

/// How many threads do work at the same time.
inline std::size_t cores() {
  constexpr std::size_t most = 16;
  // Asked once: the answer comes from files of the system.
  static const std::size_t found =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most);
  return found;
}

/// Into how many parts `items` are cut: `each` for each core, and none smaller than `least`.
inline std::size_t parts_of(std::size_t items, std::size_t least, std::size_t each = 1) {
  return std::clamp<std::size_t>(items / least, 1, cores() * each);
}

/// Runs `work()` in this thread and in up to `threads` - 1 new ones, fewer where no more are to be
/// had, each after `begin()`. Waits for all. Neither throws anything.
template <typename Work, typename Begin>
void in_threads(std::size_t threads, const Work& work, const Begin& begin) {
  std::vector<std::jthread> others;
  for (; threads > 1; --threads) {
    try {
      others.emplace_back([&] {
        begin();
        work();
      });
      spread(others.back());
    } catch (const std::system_error&) {  // no more threads are to be had
      break;
    }
  }
  work();
}

/// Cuts the numbers from 0 to `items` into `parts` pieces, which the cores take in turn. Each core
/// makes itself a worker, `make_worker()`, which is called as `worker(part, begin, end)` for the
/// pieces that it takes, and throws nothing. Waits for all. Results belong into one place for each
/// part, so that their order is that of the items.
template <typename MakeWorker>
void in_turns(std::size_t items, std::size_t parts, const MakeWorker& make_worker) {
  std::atomic<std::size_t> next{0};
  const auto start_of = [=](std::size_t part) { return items * part / parts; };
  const auto work = [&] {
    auto&& worker = make_worker();
    for (std::size_t part = next++; part < parts; part = next++)
      worker(part, start_of(part), start_of(part + 1));
  };
  in_threads(std::min(parts, cores()), work, use_large_pages);
}

/// The same for work that needs nothing of its own for each core: `work(part, begin, end)`.
template <typename Work>
void in_parts(std::size_t items, std::size_t parts, const Work& work) {
  in_turns(items, parts, [&work]() -> const Work& { return work; });
}

/// Does `first` and `second` side by side, and waits for both; one after the other where that does
/// not pay. Neither throws anything.
template <typename First, typename Second>
void side_by_side(bool pays, const First& first, const Second& second) {
  const auto work = [&](std::size_t part, std::size_t, std::size_t) {
    if (part == 0)
      first();
    else
      second();
  };
  if (pays) return in_parts(2, 2, work);
  first();
  second();
}

}  // namespace lockstep
