// SPDX-License-Identifier: Apache-2.0
// Versions of opam packages: the order of Debian for a whole text, without epoch and revision. So
// 1.0~beta < 1.0 < 1.0-1 < 1.0.1, and a hyphen is a character like others.
//
// Source: The opam manual, "Version ordering".
#include <algorithm>
#include <compare>
#include <string_view>

#include "versions/debian.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

bool is_valid(std::string_view version) {
  constexpr std::string_view marks = "-_+.~";
  return !version.empty() && version.size() <= max_version_bytes &&
         std::ranges::all_of(version, [marks](char c) {
           return is_digit(c) || is_letter(c) || marks.find(c) != std::string_view::npos;
         });
}

}  // namespace

constinit const Scheme opam = {"opam", "The opam manual, Version ordering", compare_debian_part,
                               is_valid};

}  // namespace lockstep::versions
