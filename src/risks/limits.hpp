// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep::risks {

/// Draws per scenario: enough for about two digits of the 95 % value.
inline constexpr std::uint32_t iterations_default = 100'000;

/// Draws for the sensitivity of a risk: its rank correlations are good to about a hundredth.
inline constexpr std::uint32_t iterations_sensitivity = 20'000;

/// A probability of 1 in 30 days would be an infinite rate; a rate is at most one event an hour.
inline constexpr double rate_max_per_year = 8760;

/// Of a thresholds.lock file.
inline constexpr std::size_t lock_bytes_max = std::size_t{4} << 20U;
inline constexpr std::size_t lock_depth_max = 8;
inline constexpr std::size_t lock_nodes_max = 200'000;

}  // namespace lockstep::risks
