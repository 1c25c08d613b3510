// SPDX-License-Identifier: Apache-2.0
// Any text, ordered by its bytes: the type "lexicographic" of VERS.
//
// Source: VERS types, "lexicographic".
#include <algorithm>
#include <compare>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

std::weak_ordering compare(std::string_view a, std::string_view b) {
  return a <=> b;
}

bool is_valid(std::string_view version) {
  return !version.empty() && version.size() <= max_version_bytes &&
         std::ranges::none_of(version, is_space);
}

}  // namespace

constinit const Scheme lexicographic = {"lexicographic", "VERS types, lexicographic", compare,
                                        is_valid};

}  // namespace lockstep::versions
