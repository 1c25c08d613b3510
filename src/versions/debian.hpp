// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string_view>

namespace lockstep::versions {

/// An upstream version or a revision of Debian: runs of other characters and numbers in turns.
std::weak_ordering compare_debian_part(std::string_view a, std::string_view b);

}  // namespace lockstep::versions
