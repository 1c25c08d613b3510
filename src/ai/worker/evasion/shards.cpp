// SPDX-License-Identifier: Apache-2.0
// The unit of work is a micro-batch that fits the cache, not a share of the samples: the same
// batches are formed for every number of threads, so the numbers in them are the same to the last
// bit. LibTorch's own threads stay off (one per operator call costs more than it gains at this
// size).
#include "ai/worker/evasion/shards.hpp"

#include <ATen/Parallel.h>
#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <optional>
#include <vector>

#include "base/parallel.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

/// LibTorch's exceptions stop here for everything that shards do.
Result<> guarded(const std::function<Result<>(std::size_t)>& work, std::size_t piece) {
  try {
    return work(piece);
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::input, "ai.memory",
                "the attack needs more memory than the limit allows");
  } catch (const std::exception& trouble) {
    const std::string text = trouble.what();
    return fail(ErrorKind::internal, "ai.attack",
                "an attack stopped: " + quotable(text.substr(0, text.find('\n')), 200));
  }
}

}  // namespace

Result<> run_shards(std::size_t count,
                    std::size_t size,
                    int threads,
                    Progress& progress,
                    const std::function<Result<>(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::size_t done = 0;
  std::vector<std::optional<Error>> errors(count);
  const auto run = [&] {
    at::set_num_threads(1);
    for (std::size_t i = next++; i < count; i = next++) {
      if (progress.is_cancelled()) return;
      Result<> result = guarded(work, i);
      if (!result) {
        errors[i] = std::move(result).error();
        next = count;
        return;
      }
      const std::lock_guard lock(mutex);
      progress.advance(++done * size);
    }
  };
  in_threads(std::min(count, static_cast<std::size_t>(std::max(threads, 1))), run, [] {});
  for (std::optional<Error>& error : errors)
    if (error) return tl::unexpected<Error>(std::move(*error));
  if (progress.is_cancelled())
    return fail(ErrorKind::interrupted, "ai.cancelled", "the measurement was stopped");
  return {};
}

}  // namespace lockstep::ai
