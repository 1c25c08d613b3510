// SPDX-License-Identifier: Apache-2.0
// SPEED: a scan of a large bill touches tens of megabytes once. In pages of 4 KB, a third of its
// time went into the kernel, which had to be asked for each of them.
#include "base/memory.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>

namespace lockstep {

namespace {

constexpr std::uintptr_t large_page = std::uintptr_t{2} << 20U;
constexpr int step = 60 << 20;  // address space; what is never touched costs nothing

}  // namespace

void prepare_heap() {
  mallopt(M_TOP_PAD, step);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
  // What is given back is joined with its neighbours at once. Set aside first, as is the default,
  // it is all walked through each time that something large is given back.
  mallopt(M_MXFAST, 0);
  use_large_pages();
}

void use_large_pages() {
  // A heap grows upwards; what it hands out now is near its end.
  constexpr std::size_t some = std::size_t{1} << 20U;  // more than what is left of it
  void* here = std::malloc(some);                      // NOLINT: only its address is asked for
  const auto first = (reinterpret_cast<std::uintptr_t>(here) + large_page - 1) & ~(large_page - 1);
  std::free(here);  // NOLINT
  ::madvise(reinterpret_cast<void*>(first), step - 2 * large_page, MADV_HUGEPAGE);
}

}  // namespace lockstep
