// SPDX-License-Identifier: Apache-2.0
// Ranges of semantic versions whose numbers may be missing or x, as npm and Cargo have them: ^1.2,
// ~1, 1.x, >=2. They become plain comparators; an interval is open above at the first pre-release
// of the next version (<2.0.0-0).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "versions/native/native.hpp"

namespace lockstep::versions {

/// A version of which numbers may be missing or x.
struct Partial {
  std::array<std::string_view, 3> numbers;  ///< "" when missing or x
  std::string_view prerelease;
  bool is_out_of_order = false;  ///< "1.x.3"

  std::size_t count() const {
    return static_cast<std::size_t>(std::ranges::find(numbers, "") - numbers.begin());
  }
};

/// Reads a version; 'v', '=' and spaces in front and build metadata behind do not count. `is_loose`
/// takes leading zeros, and a pre-release without its hyphen.
std::optional<Partial> parse_partial(std::string_view text, bool is_loose);

/// "1.2.3-beta" of a text with all three numbers, each of at most `max_number`.
std::optional<std::string> full_version(std::string_view text,
                                        bool is_loose,
                                        std::string_view max_number);

/// Takes the operator at the front, and the spaces after it: one of < <= > >= = ~ ~> ^, or "".
std::string_view take_sign(std::string_view& rest);

/// Collects the comparators of which all must hold.
class Comparators {
 public:
  /// @param all_prereleases intervals that come from missing numbers begin at a pre-release, too
  /// @param max_number digits of the largest number in a version
  Comparators(bool all_prereleases, std::string_view max_number)
      : floor_(all_prereleases ? "0" : ""), max_number_(max_number) {}

  /// One of < <= > >= = ~ ~> ^, or "" for =, and a version. False when they do not fit.
  bool add(std::string_view sign, const Partial& version);

  /// "1.2.3 - 2.3"
  void add_hyphen_range(const Partial& from, const Partial& to);

  /// Without doubles; "any" stands only alone, and nothing stands beside "nothing". Not a value
  /// when a number was too large, or there were too many terms.
  std::optional<NativeTerms> terms() &&;

 private:
  void add_wildcard(std::string_view sign, const Partial& version);
  void add_any();
  void add_from(const Partial& from);
  void add_before_next(const Partial& version, std::size_t kept);
  void add_version(Relation relation,
                   const std::array<std::string, 3>& numbers,
                   std::string_view prerelease);
  void add_term(NativeTerm term);

  std::string_view floor_;  ///< the pre-release at which missing numbers begin
  std::string_view max_number_;
  NativeTerms terms_;
  bool has_failed_ = false;
};

/// Whether the terms are those of an empty range.
bool is_nothing(const NativeTerms& terms);

/// Whether all terms hold for a full version. Unless all pre-releases count, one counts only where
/// a term names a pre-release of the same three numbers.
bool holds_for_semver(const NativeTerms& terms, std::string_view version, bool all_prereleases);

}  // namespace lockstep::versions
