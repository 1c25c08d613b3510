// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/lanes.hpp"

#define LANES_NAME avx512
#define LANES_TABLE avx512_lanes
#define LANES_FLOATS 16
#include "ai/worker/fused/lanes.inc"
