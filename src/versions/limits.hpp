// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lockstep::versions {

/// The longest text that any scheme calls a valid version. compare() orders longer texts too, in
/// time linear in their length.
inline constexpr std::size_t max_version_bytes = 4096;

/// The longest line and the longest file of statements that check_statements() reads.
inline constexpr std::size_t max_statement_bytes = 2 * max_version_bytes + 16;
inline constexpr std::size_t max_statements_bytes = std::size_t{64} << 20U;

}  // namespace lockstep::versions
