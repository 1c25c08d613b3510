// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lockstep::formats::nvd {

/// Bytes of one document; the feed of one year has about 200 million.
constexpr std::size_t max_document_bytes = std::size_t{512} << 20U;
/// Nested arrays and objects.
constexpr std::size_t max_depth = 64;
/// Groups of which an entry asks one product each; what is behind them is never met.
constexpr std::size_t max_groups = 64;
/// Bytes of a description that stand for a title, at most.
constexpr std::size_t max_summary_bytes = 300;

}  // namespace lockstep::formats::nvd
