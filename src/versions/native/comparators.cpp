// SPDX-License-Identifier: Apache-2.0
#include "versions/native/comparators.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "versions/native/native.hpp"
#include "versions/native/words.hpp"
#include "versions/semver.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

constexpr std::string_view nothing = "0.0.0-0";  ///< no version is less

/// Takes a number, or one of x X *, which is a number of no digits.
bool take_number(std::string_view& rest, std::string_view& number, bool is_loose) {
  if (!rest.empty() && (to_lower(rest.front()) == 'x' || rest.front() == '*')) {
    rest.remove_prefix(1);
    return true;
  }
  const std::size_t end = end_of_digits(rest, 0);
  number = rest.substr(0, end);
  rest.remove_prefix(end);
  return end > 0 && (is_loose || end == 1 || number.front() != '0');
}

std::string_view without_build(std::string_view text) {
  const std::size_t plus = text.find('+');
  if (plus == std::string_view::npos) return text;
  return is_identifier_list(text.substr(plus + 1), true) ? text.substr(0, plus) : text;
}

/// Three numbers and, with a hyphen, a pre-release. Nothing when a number is too large.
std::optional<std::string> joined(const std::array<std::string, 3>& numbers,
                                  std::string_view prerelease,
                                  std::string_view max_number) {
  std::string text;
  for (const std::string& number : numbers) {
    if (std::is_gt(compare_numbers(number, max_number))) return std::nullopt;
    if (!text.empty()) text += '.';
    const std::string_view plain = significant(number);
    text += plain.empty() ? std::string_view("0") : plain;
  }
  if (!prerelease.empty()) text.append("-").append(prerelease);
  return text;
}

/// With 0 for missing numbers.
std::array<std::string, 3> filled(const Partial& version) {
  std::array<std::string, 3> numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = version.numbers[i].empty() ? std::string_view("0") : version.numbers[i];
  return numbers;
}

/// The numbers after all that begin with the same `kept` ones.
std::array<std::string, 3> next(const Partial& version, std::size_t kept) {
  std::array<std::string, 3> numbers = {"0", "0", "0"};
  for (std::size_t i = 0; i < kept; ++i)
    numbers[i] = version.numbers[i];
  numbers[kept - 1] = successor(version.numbers[kept - 1]);
  return numbers;
}

/// How many numbers a caret keeps: up to the first that is not 0, but all that are given.
std::size_t kept_by_caret(const Partial& version) {
  const std::size_t count = version.count();
  for (std::size_t i = 0; i < count; ++i) {
    if (!significant(version.numbers[i]).empty()) return i + 1;
  }
  return count;
}

std::string_view numbers_of(std::string_view version) {
  return version.substr(0, version.find('-'));
}

bool is_prerelease(std::string_view version) {
  return version.find('-') != std::string_view::npos;
}

}  // namespace

std::optional<Partial> parse_partial(std::string_view text, bool is_loose) {
  std::string_view rest = without_build(without_spaces(text));
  while (!rest.empty() &&
         (to_lower(rest.front()) == 'v' || rest.front() == '=' || is_space(rest.front())))
    rest.remove_prefix(1);
  Partial partial;
  std::size_t given = 0;
  bool wildcard = false;
  for (; given < 3; ++given) {
    if (given > 0) {
      if (rest.empty() || rest.front() != '.') break;
      rest.remove_prefix(1);
    }
    std::string_view number;
    if (!take_number(rest, number, is_loose)) return std::nullopt;
    partial.is_out_of_order = partial.is_out_of_order || (wildcard && !number.empty());
    wildcard = wildcard || number.empty();
    if (!wildcard) partial.numbers[given] = number;
  }
  if (rest.empty()) return partial;
  if (given < 3) return std::nullopt;
  if (rest.front() == '-') {
    rest.remove_prefix(1);
  } else if (!is_loose) {
    return std::nullopt;
  }
  if (!is_identifier_list(rest, is_loose)) return std::nullopt;
  partial.prerelease = rest;
  return partial;
}

std::optional<std::string> full_version(std::string_view text,
                                        bool is_loose,
                                        std::string_view max_number) {
  const auto partial = parse_partial(text, is_loose);
  if (!partial || partial->count() != 3) return std::nullopt;
  return joined(filled(*partial), partial->prerelease, max_number);
}

std::string_view take_sign(std::string_view& rest) {
  std::size_t end = 0;
  if (rest.starts_with('~')) {
    end = rest.starts_with("~>") ? 2 : 1;
  } else if (rest.starts_with('^')) {
    end = 1;
  } else {
    end = rest.starts_with('<') || rest.starts_with('>') ? 1 : 0;
    if (rest.substr(end).starts_with('=')) ++end;
  }
  const std::string_view sign = rest.substr(0, end);
  rest = without_spaces(rest.substr(end));
  return sign;
}

void Comparators::add_term(NativeTerm term) {
  if (std::ranges::find(terms_, term) != terms_.end()) return;
  has_failed_ = has_failed_ || terms_.size() == max_native_terms;
  if (!has_failed_) terms_.push_back(std::move(term));
}

void Comparators::add_any() {
  add_term({Relation::any, ""});
}

void Comparators::add_version(Relation relation,
                              const std::array<std::string, 3>& numbers,
                              std::string_view prerelease) {
  auto version = joined(numbers, prerelease, max_number_);
  has_failed_ = has_failed_ || !version;
  if (!version) return;
  const std::string_view least = floor_.empty() ? "0.0.0" : nothing;
  if (relation == Relation::greater_or_equal && *version == least) return add_any();
  add_term({relation, *std::move(version)});
}

/// From the version on.
void Comparators::add_from(const Partial& from) {
  add_version(Relation::greater_or_equal, filled(from),
              from.count() == 3 ? from.prerelease : floor_);
}

/// Before the first pre-release after all versions with the same `kept` numbers.
void Comparators::add_before_next(const Partial& version, std::size_t kept) {
  add_version(Relation::less, next(version, kept), "0");
}

void Comparators::add_hyphen_range(const Partial& from, const Partial& to) {
  const bool all_prereleases = !floor_.empty();
  const auto is_release = [](const Partial& version) {
    return version.count() == 3 && version.prerelease.empty();
  };
  if (is_release(from)) {
    add_version(Relation::greater_or_equal, filled(from), floor_);
  } else if (from.count() > 0) {
    add_from(from);
  }
  if (to.count() == 0) return add_any();
  if (to.count() < 3 || (is_release(to) && all_prereleases)) {
    return add_before_next(to, to.count());
  }
  add_version(Relation::less_or_equal, filled(to), to.prerelease);
}

/// An operator, and a version that lacks numbers.
void Comparators::add_wildcard(std::string_view sign, const Partial& version) {
  const std::size_t count = version.count();
  if (count == 0) {
    const bool empty = sign == ">" || sign == "<";
    add_term(empty ? NativeTerm{Relation::less, std::string(nothing)} : NativeTerm());
  } else if (sign == ">") {
    add_version(Relation::greater_or_equal, next(version, count), floor_);
  } else if (sign == "<=") {
    add_before_next(version, count);
  } else if (sign == "<") {
    add_version(Relation::less, filled(version), "0");
  } else {
    add_from(version);
    if (sign != ">=") add_before_next(version, count);
  }
}

bool Comparators::add(std::string_view sign, const Partial& version) {
  const std::size_t count = version.count();
  const bool is_tilde = sign == "~" || sign == "~>";
  if (is_tilde || sign == "^") {
    if (count == 0) {
      add_any();
      return true;
    }
    add_from(version);
    add_before_next(version, is_tilde ? std::min<std::size_t>(count, 2) : kept_by_caret(version));
    return true;
  }
  constexpr std::array<std::pair<std::string_view, Relation>, 6> signs = {
      {{"", Relation::equal},
       {"=", Relation::equal},
       {"<", Relation::less},
       {"<=", Relation::less_or_equal},
       {">", Relation::greater},
       {">=", Relation::greater_or_equal}}};
  const auto* row = std::ranges::find(signs, sign, &std::pair<std::string_view, Relation>::first);
  if (row == signs.end() || version.is_out_of_order) return false;
  if (count < 3) {
    add_wildcard(sign, version);
  } else {
    add_version(row->second, filled(version), version.prerelease);
  }
  return true;
}

std::optional<NativeTerms> Comparators::terms() && {
  if (has_failed_) return std::nullopt;
  const NativeTerm none = {Relation::less, std::string(nothing)};
  if (std::ranges::find(terms_, none) != terms_.end()) return NativeTerms{none};
  std::erase_if(terms_, [](const NativeTerm& term) { return term.relation == Relation::any; });
  if (terms_.empty()) terms_.emplace_back();
  return std::move(terms_);
}

bool is_nothing(const NativeTerms& terms) {
  return terms.front().relation == Relation::less && terms.front().version == nothing;
}

bool holds_for_semver(const NativeTerms& terms, std::string_view version, bool all_prereleases) {
  const bool all = std::ranges::all_of(terms, [&](const NativeTerm& term) {
    return holds(term.relation, compare_semver(version, term.version));
  });
  if (!all || all_prereleases || !is_prerelease(version)) return all;
  return std::ranges::any_of(terms, [&](const NativeTerm& term) {
    return is_prerelease(term.version) && numbers_of(term.version) == numbers_of(version);
  });
}

}  // namespace lockstep::versions
