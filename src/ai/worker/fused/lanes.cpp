// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/lanes.hpp"

namespace lockstep::ai::fused {

#ifdef LOCKSTEP_LANES_X86
extern const Lanes avx512_lanes;
extern const Lanes avx2_lanes;
#endif
extern const Lanes portable_lanes;

const Lanes* const* usable_lanes(int* count) {
  static const Lanes* usable[3];
  static const int found = [] {
    int n = 0;
#ifdef LOCKSTEP_LANES_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") != 0) usable[n++] = &avx512_lanes;
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0)
      usable[n++] = &avx2_lanes;
#endif
    usable[n++] = &portable_lanes;
    return n;
  }();
  *count = found;
  return usable;
}

const Lanes& best_lanes() {
  int count = 0;
  return *usable_lanes(&count)[0];
}

}  // namespace lockstep::ai::fused
