// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lockstep::formats::osv {

/// Bytes of one document.
constexpr std::size_t max_document_bytes = std::size_t{64} << 20U;
/// Nested arrays and objects.
constexpr std::size_t max_depth = 64;
/// Records in one document.
constexpr std::size_t max_records = 1'000'000;
/// Problems kept of one record; the rest are counted in a last one.
constexpr std::size_t max_problems = 100;

}  // namespace lockstep::formats::osv
