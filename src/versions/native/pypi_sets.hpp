// SPDX-License-Identifier: Apache-2.0
// Specifiers of Python as sets of versions: intervals in the order of PEP 440.
#pragma once

#include <optional>

#include "versions/native/native.hpp"

namespace lockstep::versions {

/// Whether some version fulfils both; nothing when one of them compares texts ("===").
std::optional<bool> pypi_intersects(const NativeRange& a, const NativeRange& b);

/// Whether every version of `a` is one of `b`; nothing when one of them compares texts. Versions
/// between two that follow each other directly (1.0.dev1 and 1.0.dev2) count, though there are
/// none.
std::optional<bool> pypi_is_within(const NativeRange& a, const NativeRange& b);

}  // namespace lockstep::versions
