// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/lanes.hpp"

#define LANES_NAME portable
#define LANES_TABLE portable_lanes
#define LANES_FLOATS 4
#include "ai/worker/fused/lanes.inc"
