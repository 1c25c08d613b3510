// SPDX-License-Identifier: Apache-2.0
// Versions of Haskell packages and of GHC: numbers between dots, compared from the left; the
// version that ends first is smaller: 1.0 < 1.0.0 < 1.1. A 'v' in front is skipped; a piece that is
// no number comes before all numbers, by its bytes.
//
// Source: Data.Version; Haskell Package Versioning Policy, "Version numbers".
#include <compare>
#include <string_view>

#include "versions/dotted.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

bool is_separator(char c) {
  return c == '.';
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  if (a.starts_with('v')) a.remove_prefix(1);
  if (b.starts_with('v')) b.remove_prefix(1);
  return compare_sequences(a, b, is_separator);
}

bool is_valid(std::string_view version) {
  if (version.empty() || version.size() > max_version_bytes) return false;
  if (is_separator(version.back())) return false;
  while (!version.empty()) {
    if (!is_number(take_piece(version, is_separator))) return false;
  }
  return true;
}

}  // namespace

constinit const Scheme hackage = {"hackage", "Haskell Package Versioning Policy", compare,
                                  is_valid};

}  // namespace lockstep::versions
