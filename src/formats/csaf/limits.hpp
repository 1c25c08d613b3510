// SPDX-License-Identifier: Apache-2.0
// What the readers of CSAF accept at most. A document over a limit is an error that names it.
#pragma once

#include <cstddef>

#include "base/json.hpp"

namespace lockstep::formats::csaf {

/// The standard's guidance on size (appendix C) ends at some tens of megabytes. Branches nest by
/// two levels each, at most 30 of them.
inline constexpr TreeLimits document_limits{
    .bytes = std::size_t{128} << 20U, .depth = 160, .nodes = 4'000'000};

/// Members of product groups that are looked at, counted each time that an item names a group: a
/// small file can name a large group very often.
inline constexpr std::size_t group_members_max = 2'000'000;

/// Findings of one test that are kept. A test that fails so often says nothing new.
inline constexpr std::size_t test_findings_max = 100;

}  // namespace lockstep::formats::csaf
