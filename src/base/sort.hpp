// SPDX-License-Identifier: Apache-2.0
// Orders of millions of elements, for where the standard's sort takes long.
#pragma once

#include <boost/sort/pdqsort/pdqsort.hpp>
#include <boost/sort/spinsort/spinsort.hpp>
#include <functional>
#include <ranges>

namespace lockstep {

/// Sorts by a number of each element, without a branch for each comparison. Elements with the same
/// number come in no order of their own.
template <std::ranges::random_access_range Range, typename Number>
void sort_by_number(Range& range, Number number) {
  boost::sort::pdqsort_branchless(range.begin(), range.end(), [&](const auto& a, const auto& b) {
    return std::invoke(number, a) < std::invoke(number, b);
  });
}

/// Sorts what is, in the main, a few runs that are in order each: those are merged.
template <std::ranges::random_access_range Range, typename Less>
void sort_runs(Range& range, Less less) {
  boost::sort::spinsort(range.begin(), range.end(), less);
}

}  // namespace lockstep
