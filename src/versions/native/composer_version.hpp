// SPDX-License-Identifier: Apache-2.0
// Versions and names of branches as Composer normalises them before it compares them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::versions {

/// What follows the numbers of a version: "-beta.2-dev".
struct ComposerModifier {
  std::string_view word;    ///< in its normal spelling: "beta"; "" for none
  std::string_view number;  ///< ".2"
  bool is_dev = false;
};

/// Takes the modifier at `at` and moves `at` behind it.
ComposerModifier take_composer_modifier(std::string_view text, std::size_t& at);

/// "1.0.0.0-beta2" of "v1.0b2", "2010.01.02" of a date, "1.9999999.9999999.9999999-dev" of
/// "1.x-dev", "dev-main" of a branch. Flags of stability (@dev), aliases (as 1.0) and build
/// metadata are dropped.
std::optional<std::string> normal_composer(std::string_view version);

/// The same of the name of a branch: "1.x" and "main" have the two last forms.
std::string normal_composer_branch(std::string_view name);

/// One of dev, alpha, beta, RC, stable.
std::string_view composer_stability(std::string_view version);

/// "1.2." of "1.2.x-dev" and "1.2-dev"; nothing for others.
std::optional<std::string> composer_numeric_alias(std::string_view branch);

/// Without " as 1.0" at the end.
std::string_view without_composer_alias(std::string_view text);

/// The flag "@beta" at the end, in lower case and without the sign; "" for none.
std::string_view composer_flag(std::string_view text);

}  // namespace lockstep::versions
