// SPDX-License-Identifier: Apache-2.0
// A range is cut at its separators, each version is decoded once, and the constraints are sorted by
// the type's order. To ask whether a version is in it, the constraints other than "=" and "!=" are
// read from the left as the ends of intervals.
//
// Source: the VERS specification, clause 5; "How to parse and validate VERS".
#include "versions/vers.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <fmt/core.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

tl::unexpected<Error> refuse(std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message));
}

// The longer sign stands before its own beginning.
constexpr std::array<std::pair<std::string_view, Comparator>, 5> signs = {{
    {">=", Comparator::greater_or_equal},
    {"<=", Comparator::less_or_equal},
    {"!=", Comparator::not_equal},
    {">", Comparator::greater},
    {"<", Comparator::less},
}};

std::string_view sign_of(Comparator comparator) {
  for (const auto& [sign, each] : signs) {
    if (each == comparator) return sign;
  }
  return "";
}

bool opens(Comparator comparator) {
  return comparator == Comparator::greater || comparator == Comparator::greater_or_equal;
}

bool closes(Comparator comparator) {
  return comparator == Comparator::less || comparator == Comparator::less_or_equal;
}

/// Characters that a version only holds encoded.
bool is_reserved(char c) {
  constexpr std::string_view reserved = "><=!*|%";
  return reserved.find(c) != std::string_view::npos;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Result<std::string> decode(std::string_view encoded) {
  std::string text;
  text.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const char c = encoded[i];
    if (c != '%') {
      if (is_reserved(c)) {
        return refuse("vers.encoding",
                      fmt::format("expected '{}' in a version of a VERS to be percent-encoded, "
                                  "found '{}'",
                                  c, quotable(encoded)));
      }
      text += c;
      continue;
    }
    const int high = i + 2 < encoded.size() ? hex_value(encoded[i + 1]) : -1;
    const int low = i + 2 < encoded.size() ? hex_value(encoded[i + 2]) : -1;
    const int byte = high * 16 + low;
    if (high < 0 || low < 0 || byte < ' ' || byte > '~') {
      return refuse("vers.encoding",
                    fmt::format("expected the two hexadecimal digits of a printable ASCII "
                                "character after each '%' of a VERS, found '{}'",
                                quotable(encoded)));
    }
    text += static_cast<char>(byte);
    i += 2;
  }
  return text;
}

Result<VersConstraint> parse_constraint(std::string_view text) {
  VersConstraint constraint;
  for (const auto& [sign, comparator] : signs) {
    if (!text.starts_with(sign)) continue;
    constraint.comparator = comparator;
    text.remove_prefix(sign.size());
    break;
  }
  if (text.empty() || text.front() == '=') {
    return refuse("vers.constraint",
                  fmt::format("expected a version, or one of >=, <=, !=, >, < and a version, found "
                              "'{}{}'",
                              sign_of(constraint.comparator), quotable(text)));
  }
  TRY(constraint.version, decode(text));
  return constraint;
}

Result<std::vector<VersConstraint>> parse_constraints(std::string_view text) {
  std::vector<VersConstraint> constraints;
  for (const std::string_view piece : split(text, '|')) {
    if (piece.empty()) {
      return refuse("vers.constraint",
                    fmt::format("expected a constraint before, between and after "
                                "the '|' of a VERS, found none in '{}'",
                                quotable(text)));
    }
    if (constraints.size() == max_vers_constraints) {
      return refuse("vers.size",
                    fmt::format("expected at most {} constraints in a VERS, found more",
                                max_vers_constraints));
    }
    TRY(VersConstraint constraint, parse_constraint(piece));
    constraints.push_back(std::move(constraint));
  }
  return constraints;
}

Result<> check_type(std::string_view type) {
  const auto is_type_character = [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-';
  };
  if (type.empty() || !is_letter(type.front()) || !std::ranges::all_of(type, is_type_character)) {
    return refuse("vers.type", fmt::format("expected a VERS type of lower-case letters, digits, "
                                           "'.' and '-' that begins with a letter, found '{}'",
                                           quotable(type)));
  }
  if (type == "invalid") {
    return refuse("vers.type",
                  "expected a VERS type, found 'invalid', which is reserved for what "
                  "is none");
  }
  return {};
}

/// Reads a range and leaves its constraints as they are written.
Result<Vers> parse_as_written(std::string_view text) {
  if (text.size() > max_vers_bytes) {
    return refuse("vers.size", fmt::format("expected a VERS of at most {} bytes, found {}",
                                           max_vers_bytes, text.size()));
  }
  constexpr std::string_view scheme = "vers:";
  const std::size_t slash = text.find('/');
  const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  if (!text.starts_with(scheme) || slash == std::string_view::npos || !printable) {
    return refuse(
        "vers.scheme",
        fmt::format("expected a VERS of printable ASCII characters without spaces such as "
                    "vers:npm/>=1.0.0|<2.0.0, found '{}'",
                    quotable(text)));
  }
  Vers range;
  range.type = text.substr(scheme.size(), slash - scheme.size());
  TRY_VOID(check_type(range.type));
  const std::string_view constraints = text.substr(slash + 1);
  range.is_any = constraints == "*";
  if (range.is_any) return range;
  if (range.type == "all" || range.type == "none") {
    return refuse("vers.constraint", fmt::format("expected vers:{0}/*, the only range of the type "
                                                 "'{0}', found '{1}'",
                                                 range.type, quotable(text)));
  }
  TRY(range.constraints, parse_constraints(constraints));
  return range;
}

/// Whether `second` may follow `first` in a canonical range, "!=" set aside.
bool may_follow(Comparator first, Comparator second) {
  if (first == Comparator::equal) return second == Comparator::equal || opens(second);
  if (closes(first)) return second == Comparator::equal || opens(second);
  return closes(second);
}

Result<> check_order(const Vers& range, const Scheme& scheme) {
  for (std::size_t i = 1; i < range.constraints.size(); ++i) {
    const std::string& before = range.constraints[i - 1].version;
    const std::string& after = range.constraints[i].version;
    if (std::is_lt(scheme.compare(before, after))) continue;
    return refuse("vers.order",
                  fmt::format("expected the versions of a VERS in ascending order and "
                              "each once, found '{}' before '{}'",
                              quotable(before), quotable(after)));
  }
  return {};
}

Result<> check_sequence(const Vers& range) {
  const VersConstraint* before = nullptr;
  for (const VersConstraint& constraint : range.constraints) {
    if (constraint.comparator == Comparator::not_equal) continue;
    if (before != nullptr && !may_follow(before->comparator, constraint.comparator)) {
      return refuse("vers.order",
                    fmt::format("expected no constraint that another one includes, found '{}{}' "
                                "before '{}{}'",
                                sign_of(before->comparator), quotable(before->version),
                                sign_of(constraint.comparator), quotable(constraint.version)));
    }
    before = &constraint;
  }
  return {};
}

Result<> check_datetime(const Vers& range) {
  for (const VersConstraint& constraint : range.constraints) {
    const std::string& version = constraint.version;
    if (version.find_first_of("tz") == std::string::npos && datetime.is_valid(version)) continue;
    return refuse("vers.constraint",
                  fmt::format("expected a timestamp of RFC 3339 with capital T and Z, found '{}'",
                              quotable(version)));
  }
  return {};
}

/// The state of a walk over sorted constraints: whether the version is in the interval that the
/// last one opened or closed.
struct Walk {
  const Scheme& scheme;
  std::string_view version;

  bool is_at(const VersConstraint& constraint) const {
    return std::is_eq(scheme.compare(version, constraint.version));
  }

  bool is_before(const VersConstraint& constraint) const {
    return std::is_lt(scheme.compare(version, constraint.version));
  }

  /// The nearest end of an interval below the version and the nearest above it decide. An end at
  /// the version itself excludes it, or contains() had an answer: an opening one is above it, a
  /// closing one below. Of two openings or two closings beside each other, the outer one holds.
  bool is_inside(const std::vector<VersConstraint>& constraints) const {
    const VersConstraint* below = nullptr;
    const VersConstraint* above = nullptr;
    for (const VersConstraint& each : constraints) {
      if (!opens(each.comparator) && !closes(each.comparator)) continue;
      if (is_before(each) || (is_at(each) && opens(each.comparator))) {
        above = &each;
        break;
      }
      below = &each;
    }
    if (below != nullptr && opens(below->comparator)) return true;
    return above != nullptr && closes(above->comparator);
  }
};

}  // namespace

Vers sorted(Vers range, const Scheme& scheme) {
  const auto is_before = [&scheme](const VersConstraint& a, const VersConstraint& b) {
    if (a.version == b.version) return closes(a.comparator) && opens(b.comparator);
    return std::is_lt(scheme.compare(a.version, b.version));
  };
  std::ranges::stable_sort(range.constraints, is_before);
  return range;
}

Result<Vers> parse_vers(std::string_view text) {
  TRY(Vers range, parse_as_written(text));
  const Scheme* scheme = scheme_named(range.type);
  return scheme == nullptr ? std::move(range) : sorted(std::move(range), *scheme);
}

Result<Vers> parse_canonical_vers(std::string_view text) {
  TRY(Vers range, parse_as_written(text));
  if (range.type == "datetime") TRY_VOID(check_datetime(range));
  if (const Scheme* scheme = scheme_named(range.type)) TRY_VOID(check_order(range, *scheme));
  TRY_VOID(check_sequence(range));
  return range;
}

std::string to_text(const Vers& range) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text = "vers:" + range.type + "/";
  if (range.is_any) return text + "*";
  bool first = true;
  for (const VersConstraint& constraint : range.constraints) {
    if (!first) text += '|';
    first = false;
    text += sign_of(constraint.comparator);
    for (const char c : constraint.version) {
      if (c > ' ' && c <= '~' && !is_reserved(c)) {
        text += c;
        continue;
      }
      const auto byte = static_cast<unsigned char>(c);
      text += '%';
      text += digits[byte >> 4U];
      text += digits[byte & 15U];
    }
  }
  return text;
}

Result<bool> contains(const Vers& range, std::string_view version) {
  if (range.is_any) return range.type != "none";
  const Scheme* scheme = scheme_named(range.type);
  if (scheme == nullptr) {
    return refuse("vers.type",
                  fmt::format("expected a VERS type whose versions have an order here, "
                              "found '{}'",
                              quotable(range.type)));
  }
  const Walk walk{*scheme, version};
  bool only_exclusions = true;
  bool excluded = false;
  for (const VersConstraint& each : range.constraints) {
    const bool exclusion = each.comparator == Comparator::not_equal;
    only_exclusions = only_exclusions && exclusion;
    if (!walk.is_at(each)) continue;
    const bool includes = each.comparator == Comparator::equal ||
                          each.comparator == Comparator::less_or_equal ||
                          each.comparator == Comparator::greater_or_equal;
    if (includes) return true;
    excluded = excluded || exclusion;
  }
  if (excluded) return false;
  return only_exclusions ? !range.constraints.empty() : walk.is_inside(range.constraints);
}

}  // namespace lockstep::versions
