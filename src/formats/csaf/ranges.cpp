// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/ranges.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <unordered_set>

#include "base/text.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::formats::csaf {
namespace {

/// Types that the VERS specification registers.
constexpr std::array<std::string_view, 35> types = {
    "all",    "alpine",     "alpm",     "apk",     "cargo",  "composer", "conan",
    "cpan",   "cran",       "datetime", "deb",     "ebuild", "gem",      "generic",
    "gentoo", "github",     "golang",   "hackage", "hex",    "intdot",   "lexicographic",
    "maven",  "mattermost", "mozilla",  "nginx",   "none",   "npm",      "nuget",
    "opam",   "openssl",    "pub",      "pypi",    "rpm",    "semver",   "swift",
};

const versions::Scheme* scheme_of(std::string_view type) {
  return is_registered_type(type) ? versions::scheme_named(type) : nullptr;
}

/// Runs of digits as numbers, all else by its bytes; a leading v does not count, nor do zeros at
/// the end ("1.0" is "1").
std::weak_ordering compare_loosely(std::string_view a, std::string_view b) {
  const auto without_v = [](std::string_view text) {
    return text.size() > 1 && (text[0] == 'v' || text[0] == 'V') && versions::is_digit(text[1])
               ? text.substr(1)
               : text;
  };
  a = without_v(a);
  b = without_v(b);
  while (!a.empty() && !b.empty()) {
    if (versions::is_digit(a[0]) && versions::is_digit(b[0])) {
      const std::size_t in_a = versions::end_of_digits(a, 0);
      const std::size_t in_b = versions::end_of_digits(b, 0);
      const auto order = versions::compare_numbers(a.substr(0, in_a), b.substr(0, in_b));
      if (std::is_neq(order)) return order;
      a.remove_prefix(in_a);
      b.remove_prefix(in_b);
      continue;
    }
    if (a[0] != b[0]) return a[0] <=> b[0];
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  const auto has_value = [](std::string_view rest) {
    return rest.find_first_not_of(".0") != std::string_view::npos;
  };
  return has_value(a) <=> has_value(b);
}

bool looks_like_vers(std::string_view name) {
  if (!name.starts_with("vers:")) return false;
  name.remove_prefix(5);
  const std::string_view type = name.substr(0, name.find('/'));
  const auto is_type_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
  };
  return !type.empty() && !versions::is_digit(type[0]) &&
         std::ranges::all_of(type, is_type_character) && name.size() > type.size() + 1;
}

Comparator take_comparator(std::string_view& text) {
  constexpr std::array<std::pair<std::string_view, Comparator>, 6> words = {{
      {"!=", Comparator::not_equal},
      {"<=", Comparator::less_or_equal},
      {">=", Comparator::greater_or_equal},
      {"<", Comparator::less},
      {">", Comparator::greater},
      {"=", Comparator::equal},
  }};
  for (const auto& [word, comparator] : words)
    if (text.starts_with(word)) {
      text.remove_prefix(word.size());
      return comparator;
    }
  return Comparator::equal;
}

std::string problem_of_text(std::string_view version) {
  if (version.empty()) return "a comparator without a version";
  if (version.find_first_of("<>=!*") != std::string_view::npos)
    return fmt::format("a comparator inside '{}'", quotable(version));
  if (version.find_first_of(" \t\r\n") != std::string_view::npos)
    return fmt::format("a blank in '{}'", quotable(version));
  return "";
}

std::string problem_of_repeated(const VersionRange& range) {
  std::unordered_set<std::string_view> seen;
  for (const Constraint& one : range.constraints)
    if (!seen.insert(one.version).second)
      return fmt::format("'{}' more than once", quotable(one.version));
  return "";
}

bool is_lower_bound(Comparator comparator) {
  return comparator == Comparator::greater || comparator == Comparator::greater_or_equal;
}

/// One piece of a range; an end that is absent is infinite.
struct Interval {
  std::optional<std::string_view> low;
  bool has_low = false;
  std::optional<std::string_view> high;
  bool has_high = false;
};

std::vector<Interval> intervals_of(const VersionRange& range, std::string_view type) {
  if (range.is_all) return {Interval{}};
  std::vector<const Constraint*> sorted;
  for (const Constraint& one : range.constraints)
    if (one.comparator != Comparator::not_equal) sorted.push_back(&one);
  std::ranges::stable_sort(sorted, [&](const Constraint* a, const Constraint* b) {
    return std::is_lt(compare_versions(type, a->version, b->version));
  });
  std::vector<Interval> intervals;
  std::optional<Interval> open;
  for (const Constraint* one : sorted) {
    if (one->comparator == Comparator::equal) {
      intervals.push_back({one->version, true, one->version, true});
    } else if (is_lower_bound(one->comparator)) {
      if (!open)
        open = Interval{one->version, one->comparator == Comparator::greater_or_equal, {}, false};
    } else {
      Interval closed = open.value_or(Interval{});
      closed.high = one->version;
      closed.has_high = one->comparator == Comparator::less_or_equal;
      intervals.push_back(closed);
      open.reset();
    }
  }
  if (open) intervals.push_back(*open);
  return intervals;
}

bool meet(const Interval& a, const Interval& b, std::string_view type) {
  const auto ends_before = [&](const Interval& left, const Interval& right) {
    if (!left.high || !right.low) return false;
    const auto order = compare_versions(type, *left.high, *right.low);
    return std::is_lt(order) || (std::is_eq(order) && !(left.has_high && right.has_low));
  };
  return !ends_before(a, b) && !ends_before(b, a);
}

bool excludes(const VersionRange& range, std::string_view type, std::string_view version) {
  return std::ranges::any_of(range.constraints, [&](const Constraint& one) {
    return one.comparator == Comparator::not_equal &&
           std::is_eq(compare_versions(type, one.version, version));
  });
}

}  // namespace

VersionRange parse_range(std::string_view name) {
  VersionRange range;
  range.is_vers = looks_like_vers(name);
  if (range.is_vers) {
    range.type = name.substr(5, name.find('/') - 5);
    auto vers = versions::parse_vers(name);
    if (!vers) {
      range.problem = vers.error().message;
      return range;
    }
    range.is_all = vers->is_any;
    range.constraints = std::move(vers->constraints);
    if (range.is_all && range.type != "all" && range.type != "none")
      range.problem = "all versions are written as vers:all/*";
    return range;
  }
  for (std::string_view piece : split(name, '|')) {
    const Comparator comparator = take_comparator(piece);
    if (range.problem.empty()) range.problem = problem_of_text(piece);
    range.constraints.push_back({comparator, std::string(piece)});
  }
  return range;
}

bool is_registered_type(std::string_view type) {
  return std::ranges::find(types, type) != types.end();
}

bool is_known_type(std::string_view type) {
  return type == "all" || type == "none" || scheme_of(type) != nullptr;
}

std::weak_ordering compare_versions(std::string_view type, std::string_view a, std::string_view b) {
  const versions::Scheme* scheme = scheme_of(type);
  return scheme == nullptr ? compare_loosely(a, b) : scheme->compare(a, b);
}

std::string problem_of_order(std::string_view name) {
  const VersionRange range = parse_range(name);
  const versions::Scheme* scheme = range.is_vers ? scheme_of(range.type) : nullptr;
  if (!range.problem.empty()) return "";
  // Of an order that is not known, only what is written alike is the same version.
  if (scheme == nullptr) return problem_of_repeated(range);
  for (const Constraint& one : range.constraints)
    if (!scheme->is_valid(one.version))
      return fmt::format("'{}' is no version of the type {}", quotable(one.version), range.type);
  const auto canonical = versions::parse_canonical_vers(name);
  return canonical ? "" : canonical.error().message;
}

bool is_single(const VersionRange& range) {
  if (range.is_all || range.constraints.empty()) return false;
  const auto& list = range.constraints;
  const std::string& first = list.front().version;
  const bool all_the_same = std::ranges::all_of(list, [&](const Constraint& one) {
    return one.version == first || (is_known_type(range.type) &&
                                    std::is_eq(compare_versions(range.type, one.version, first)));
  });
  if (!all_the_same) return false;
  const auto has = [&](Comparator comparator) {
    return std::ranges::find(list, comparator, &Constraint::comparator) != list.end();
  };
  const bool names_it = has(Comparator::equal) && !has(Comparator::less) &&
                        !has(Comparator::greater) && !has(Comparator::greater_or_equal) &&
                        !has(Comparator::less_or_equal) && !has(Comparator::not_equal);
  return names_it || (has(Comparator::greater_or_equal) && has(Comparator::less_or_equal));
}

bool is_open_above(const VersionRange& range) {
  const Constraint* last = nullptr;
  for (const Constraint& one : range.constraints) {
    if (one.comparator == Comparator::not_equal) continue;
    const bool is_later = last == nullptr || !is_known_type(range.type) ||
                          std::is_gteq(compare_versions(range.type, one.version, last->version));
    if (is_later) last = &one;
  }
  return last != nullptr && is_lower_bound(last->comparator);
}

bool contains(const VersionRange& range, std::string_view type, std::string_view version) {
  const Interval point{version, true, version, true};
  return !excludes(range, type, version) &&
         std::ranges::any_of(intervals_of(range, type),
                             [&](const Interval& interval) { return meet(interval, point, type); });
}

bool overlap(const VersionRange& a, const VersionRange& b, std::string_view type) {
  for (const Interval& left : intervals_of(a, type))
    for (const Interval& right : intervals_of(b, type)) {
      if (!meet(left, right, type)) continue;
      // What meets in one version alone is nothing when either range leaves that version out.
      const bool is_left_point = left.low && left.high && *left.low == *left.high;
      const bool is_right_point = right.low && right.high && *right.low == *right.high;
      const std::string_view point = is_left_point ? *left.low : is_right_point ? *right.low : "";
      if (point.empty() || !(excludes(a, type, point) || excludes(b, type, point))) return true;
    }
  return false;
}

}  // namespace lockstep::formats::csaf
