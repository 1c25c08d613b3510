// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/lanes.hpp"

#define LANES_NAME avx2
#define LANES_TABLE avx2_lanes
#define LANES_FLOATS 8
#include "ai/worker/fused/lanes.inc"
