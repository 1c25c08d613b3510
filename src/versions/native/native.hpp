// SPDX-License-Identifier: Apache-2.0
// The family of native ranges: what a package manager itself says of a version and a range in its
// own notation, with its rules for pre-releases, local versions and branches, which no VERS can
// say. Each notation is one file and one row; docs/how-to-add/native-range.md shows a whole member.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "versions/scheme.hpp"

namespace lockstep::versions {

/// What a term asks of a version.
enum class Relation : std::uint8_t {
  any,
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  like,        ///< begins with the same numbers: "==1.2.*"
  unlike,      ///< does not
  compatible,  ///< "~> 1.2"
  identical,   ///< is the same text: "===1.2"
};

struct NativeTerm {
  Relation relation = Relation::any;
  std::string version;  ///< in the normal form of the notation; "" for any

  bool operator==(const NativeTerm&) const = default;
};

/// Terms that must all hold.
using NativeTerms = std::vector<NativeTerm>;

/// Which pre-releases are in a range; for the notations of npm, Cargo, NuGet and Python. The others
/// have no rule for them.
enum class Prereleases : std::uint8_t {
  by_rule,  ///< as the package manager has it when nobody says anything
  all,      ///< a pre-release is like every other version
  none,     ///< none that the range does not name
};

struct NativeOptions {
  Prereleases prereleases = Prereleases::by_rule;
  bool is_loose = false;  ///< npm: also texts such as "1.2.3beta" and "01.02.03"
};

struct NativeSyntax;

/// A range that was read. Made by parse_native().
struct NativeRange {
  const NativeSyntax* syntax = nullptr;
  NativeOptions options;
  std::vector<NativeTerms> alternatives;
};

/// The notation of one package manager.
struct NativeSyntax {
  std::string_view name;          ///< a type of VERS: "npm"
  std::string_view specified_by;  ///< where the notation is written down
  const Scheme* scheme;           ///< the order of the versions

  /// Alternatives, of which one must hold; nothing when the text is no range of this notation. Time
  /// linear in the length of the text, but for a few characters of look-ahead.
  std::optional<std::vector<NativeTerms>> (*parse)(std::string_view text,
                                                   const NativeOptions& options);

  /// Whether the version, in any spelling of the notation, fulfils the terms. False for a text that
  /// is no version, unless a term asks for that text.
  bool (*holds)(const NativeTerms& terms, std::string_view version, const NativeOptions& options);

  /// Whether some version is in both ranges. Null where nobody has said how; no value for ranges of
  /// which it cannot be told.
  std::optional<bool> (*intersects)(const NativeRange& a, const NativeRange& b) = nullptr;

  /// Whether every version of the one is in the other; as above.
  std::optional<bool> (*is_within)(const NativeRange& a, const NativeRange& b) = nullptr;
};

/// All notations, sorted by name.
std::span<const NativeSyntax* const> native_syntaxes();

/// The notation of a type of VERS or package URLs, or of another name of its order, in any case:
/// "npm", "gem", "RubyGems", "cargo". Null for others.
const NativeSyntax* native_syntax_named(std::string_view name);

/// The longest text of a native range, and the most terms in one.
inline constexpr std::size_t max_native_bytes = std::size_t{1} << 16U;
inline constexpr std::size_t max_native_terms = 4096;

/// Errors: vers.native, vers.size.
Result<NativeRange> parse_native(const NativeSyntax& syntax,
                                 std::string_view text,
                                 const NativeOptions& options = {});

/// Whether the text is a version of the notation.
bool is_version(const NativeRange& range, std::string_view text);

bool contains(const NativeRange& range, std::string_view version);

/// Whether the version is not in the range, and every alternative ends before it.
bool is_above(const NativeRange& range, std::string_view version);

/// Whether the version is not in the range, and every alternative begins after it.
bool is_below(const NativeRange& range, std::string_view version);

/// Whether the ranges, of one notation, have a version in common. No value where it cannot be told.
std::optional<bool> intersects(const NativeRange& a, const NativeRange& b);

/// Whether every version of `a` is in `b`, ranges of one notation. No value where it cannot be
/// told.
std::optional<bool> is_within(const NativeRange& a, const NativeRange& b);

/// Whether some version may fulfil both terms.
using Meets = bool (*)(const NativeTerm& a, const NativeTerm& b, const NativeOptions& options);

/// Whether two alternatives of the ranges have terms that all meet, two by two, also within each.
bool meet_two_by_two(const NativeRange& a, const NativeRange& b, Meets meets);

/// ">=1.2.0"
std::string to_text(const NativeTerm& term);

/// The terms in plain comparators: "^1.2 || 3" of npm is ">=1.2.0 <2.0.0-0||>=3.0.0 <4.0.0-0".
std::string to_text(const NativeRange& range);

/// Whether an order of a version and the version of a term fulfils one of the six comparators;
/// false for the other relations.
bool holds(Relation relation, std::weak_ordering order);

// One row per file.
extern const NativeSyntax native_cargo;
extern const NativeSyntax native_composer;
extern const NativeSyntax native_gem;
extern const NativeSyntax native_golang;
extern const NativeSyntax native_maven;
extern const NativeSyntax native_npm;
extern const NativeSyntax native_nuget;
extern const NativeSyntax native_pypi;

}  // namespace lockstep::versions
