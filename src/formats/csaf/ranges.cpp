// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/ranges.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "base/text.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::formats::csaf {
namespace {

using Comparator = Constraint::Comparator;

/// Types that the VERS specification registers, and the scheme here where it has another name.
struct TypeRow {
  std::string_view type;
  std::string_view scheme = "";
};

constexpr std::array types = {
    TypeRow{"all", "-"},
    TypeRow{"alpine", "apk"},
    TypeRow{"alpm"},
    TypeRow{"apk"},
    TypeRow{"cargo", "crates"},
    TypeRow{"composer", "packagist"},
    TypeRow{"conan"},
    TypeRow{"cpan", "-"},
    TypeRow{"cran"},
    TypeRow{"datetime"},
    TypeRow{"deb", "debian"},
    TypeRow{"ebuild", "gentoo"},
    TypeRow{"gem", "rubygems"},
    TypeRow{"generic"},
    TypeRow{"gentoo"},
    TypeRow{"github", "semver"},
    TypeRow{"golang", "go"},
    TypeRow{"hackage"},
    TypeRow{"hex", "semver"},
    TypeRow{"intdot"},
    TypeRow{"lexicographic"},
    TypeRow{"maven"},
    TypeRow{"mattermost", "semver"},
    TypeRow{"mozilla", "-"},
    TypeRow{"nginx", "semver"},
    TypeRow{"none", "-"},
    TypeRow{"npm"},
    TypeRow{"nuget"},
    TypeRow{"opam"},
    TypeRow{"openssl"},
    TypeRow{"pub"},
    TypeRow{"pypi"},
    TypeRow{"rpm"},
    TypeRow{"semver"},
    TypeRow{"swift", "semver"},
};

const versions::Scheme* scheme_of(std::string_view type) {
  const auto row = std::ranges::find(types, type, &TypeRow::type);
  if (row == types.end()) return nullptr;
  const std::string_view name = row->scheme.empty() ? type : row->scheme;
  for (const versions::Scheme* scheme : versions::schemes())
    if (scheme->name == name) return scheme;
  return nullptr;
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
      {"<=", Comparator::at_most},
      {">=", Comparator::at_least},
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

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = versions::to_lower(c);
  return lower >= 'a' && lower <= 'f' ? std::optional<int>(lower - 'a' + 10) : std::nullopt;
}

/// Without percent encoding; nothing when it is broken.
std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    plain += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return plain;
}

std::string problem_of_text(std::string_view version) {
  if (version.empty()) return "a comparator without a version";
  if (version.find_first_of("<>=!*") != std::string_view::npos)
    return fmt::format("a comparator inside '{}'", quotable(version));
  if (version.find_first_of(" \t\r\n") != std::string_view::npos)
    return fmt::format("a blank in '{}'", quotable(version));
  return "";
}

bool is_lower_bound(Comparator comparator) {
  return comparator == Comparator::greater || comparator == Comparator::at_least;
}

bool is_upper_bound(Comparator comparator) {
  return comparator == Comparator::less || comparator == Comparator::at_most;
}

/// VERS, "Normalized, canonical representation and validation": what may follow what, once the
/// constraints are sorted.
std::string problem_of_sequence(const std::vector<Constraint>& constraints) {
  const Constraint* before = nullptr;
  const Constraint* bound_before = nullptr;
  for (const Constraint& next : constraints) {
    if (next.comparator == Comparator::not_equal) continue;
    if (before != nullptr && before->comparator == Comparator::equal &&
        is_upper_bound(next.comparator))
      return fmt::format("'{}' stands for itself and is below '{}', which covers it",
                         quotable(before->version), quotable(next.version));
    before = &next;
    if (next.comparator == Comparator::equal) continue;
    if (bound_before != nullptr &&
        is_lower_bound(bound_before->comparator) == is_lower_bound(next.comparator))
      return fmt::format("'{}' and '{}' are bounds of one direction, one of which says nothing",
                         quotable(bound_before->version), quotable(next.version));
    bound_before = &next;
  }
  return "";
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
      if (!open) open = Interval{one->version, one->comparator == Comparator::at_least, {}, false};
    } else {
      Interval closed = open.value_or(Interval{});
      closed.high = one->version;
      closed.has_high = one->comparator == Comparator::at_most;
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
    name.remove_prefix(5);
    range.type = name.substr(0, name.find('/'));
    name.remove_prefix(range.type.size() + 1);
    if (name == "*") {
      range.is_all = true;
      if (range.type != "all" && range.type != "none")
        range.problem = "all versions are written as vers:all/*";
      return range;
    }
    if (range.type == "all" || range.type == "none") {
      range.problem = fmt::format("vers:{} holds nothing but '*'", range.type);
      return range;
    }
  }
  for (std::string_view piece : split(name, '|')) {
    const bool has_equal_sign = piece.starts_with('=');
    const Comparator comparator = take_comparator(piece);
    std::string problem = problem_of_text(piece);
    const auto version = range.is_vers ? decoded(piece) : std::optional<std::string>(piece);
    if (problem.empty() && !version)
      problem = fmt::format("a broken percent encoding in '{}'", quotable(piece));
    if (problem.empty() && range.is_vers && has_equal_sign) problem = "'=', which is left out";
    if (range.problem.empty()) range.problem = problem;
    range.constraints.push_back({comparator, version.value_or(std::string(piece))});
  }
  return range;
}

bool is_registered_type(std::string_view type) {
  return std::ranges::find(types, type, &TypeRow::type) != types.end();
}

bool is_known_type(std::string_view type) {
  return type == "all" || type == "none" || type == "intdot" || scheme_of(type) != nullptr;
}

std::weak_ordering compare_versions(std::string_view type, std::string_view a, std::string_view b) {
  const versions::Scheme* scheme = scheme_of(type);
  return scheme == nullptr ? compare_loosely(a, b) : scheme->compare(a, b);
}

std::string problem_of_order(const VersionRange& range) {
  if (!range.is_vers || !range.problem.empty() || range.is_all || !is_known_type(range.type))
    return "";
  const versions::Scheme* scheme = scheme_of(range.type);
  for (const Constraint& one : range.constraints)
    if (scheme != nullptr && !scheme->is_valid(one.version))
      return fmt::format("'{}' is no version of the type {}", quotable(one.version), range.type);
  for (std::size_t i = 1; i < range.constraints.size(); ++i) {
    const std::string& before = range.constraints[i - 1].version;
    const std::string& next = range.constraints[i].version;
    const auto order = compare_versions(range.type, before, next);
    if (std::is_eq(order)) return fmt::format("'{}' is there twice", quotable(next));
    if (std::is_gt(order))
      return fmt::format("'{}' stands before '{}', which is smaller", quotable(before),
                         quotable(next));
  }
  return problem_of_sequence(range.constraints);
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
                        !has(Comparator::greater) && !has(Comparator::at_least) &&
                        !has(Comparator::at_most) && !has(Comparator::not_equal);
  return names_it || (has(Comparator::at_least) && has(Comparator::at_most));
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
