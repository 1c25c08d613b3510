// SPDX-License-Identifier: Apache-2.0
// Ranges as package managers and advisories write them, as VERS.
//
// Two notations cover nearly all types. Comparators: alternatives between "||", in each some
// conditions between spaces or commas, in each an operator and a version; what differs between the
// types is what ^, ~, ~>, ~= and x stand for, and how a version is normalised. Intervals: "[1.0,
// 2.0)", with commas between them. OpenSSL and nginx have lists.
//
// Source: npm semver, "Ranges"; Gem::Requirement; PEP 440, "Version specifiers"; Conan 2, "Version
// ranges"; NuGet, "Version ranges"; Maven POM Reference, "Dependency Version Requirement
// Specification"; nginx security advisories; GitLab advisory database, "affected_range".
#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <fmt/core.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "versions/coerce.hpp"
#include "versions/native/words.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"
#include "versions/vers.hpp"

namespace lockstep::versions {

namespace {

using Constraints = std::vector<VersConstraint>;

tl::unexpected<Error> refuse(std::string_view type, std::string_view native) {
  return fail(ErrorKind::input, "vers.native",
              fmt::format("expected a range in the notation of '{}', found '{}'", quotable(type),
                          quotable(native)));
}

bool is_semantic(std::string_view type) {
  constexpr std::array<std::string_view, 6> types = {"npm",   "composer", "golang",
                                                     "cargo", "hex",      "semver"};
  return std::ranges::find(types, type) != types.end();
}

std::string normalised(std::string_view type, std::string_view version) {
  if (is_semantic(type)) return coerced_semver(version);
  if (type == "pypi") return normal_pypi(version);
  if (type == "conan" && version.ends_with('-')) version.remove_suffix(1);
  return std::string(version);
}

/// The numbers at the front of a version; x, X and * end them.
struct Numbers {
  std::vector<std::string> given;
  bool has_wildcard = false;
};

Numbers numbers_of(std::string_view version) {
  if (!version.empty() && to_lower(version.front()) == 'v') version.remove_prefix(1);
  Numbers numbers;
  for (const std::string_view piece : split(version, '.')) {
    if (piece == "x" || piece == "X" || piece == "*") {
      numbers.has_wildcard = true;
      break;
    }
    const std::size_t end = end_of_digits(piece, 0);
    if (end == 0) break;
    numbers.given.emplace_back(piece.substr(0, end));
    if (end < piece.size()) break;
  }
  return numbers;
}

/// The first version after all that begin like the first `count` numbers.
std::string next_after(const Numbers& numbers, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i + 1 < count; ++i)
    text += numbers.given[i] + ".";
  return text + successor(numbers.given[count - 1]);
}

/// How many numbers a caret keeps: up to the first that is not 0.
std::size_t kept_by_caret(const Numbers& numbers) {
  for (std::size_t i = 0; i < numbers.given.size(); ++i) {
    if (!significant(numbers.given[i]).empty()) return i + 1;
  }
  return numbers.given.size();
}

std::string joined(const Numbers& numbers) {
  std::string text;
  for (const std::string& number : numbers.given)
    text += (text.empty() ? "" : ".") + number;
  return text;
}

/// From a version up to the next one of which the first `count` numbers differ.
void add_span(Constraints& out, std::string_view type, std::string_view from, std::string upper) {
  out.push_back({Comparator::greater_or_equal, normalised(type, from)});
  if (type == "conan") {
    out.push_back({Comparator::less, upper + "-"});
  } else {
    out.push_back({Comparator::less, normalised(type, upper)});
  }
}

struct Operator {
  std::string_view sign;
  Comparator comparator;
};

// The longer sign stands before its own beginning.
constexpr std::array<Operator, 9> operators = {{
    {"===", Comparator::equal},
    {">=", Comparator::greater_or_equal},
    {"<=", Comparator::less_or_equal},
    {"==", Comparator::equal},
    {"!=", Comparator::not_equal},
    {"<>", Comparator::not_equal},
    {">", Comparator::greater},
    {"<", Comparator::less},
    {"=", Comparator::equal},
}};

bool is_operator(char c) {
  constexpr std::string_view signs = "<>=!~^";
  return signs.find(c) != std::string_view::npos;
}

/// A '!' alone is the epoch's sign of PEP 440.
bool begins_operator(std::string_view text, std::size_t at) {
  return is_operator(text[at]) && (text[at] != '!' || text.substr(at + 1, 1) == "=");
}

/// One condition: an operator, "" for none, and a version.
struct Condition {
  std::string_view sign;
  std::string_view version;
};

/// The conditions of one alternative. Spaces may stand between an operator and its version.
std::vector<Condition> conditions_of(std::string_view text) {
  std::vector<Condition> conditions;
  const auto separates = [](char c) { return is_space(c) || c == ','; };
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && separates(text[at]))
      ++at;
    const std::size_t start = at;
    while (at < text.size() && is_operator(text[at]))
      ++at;
    const std::string_view sign = text.substr(start, at - start);
    while (at < text.size() && is_space(text[at]))
      ++at;
    const std::size_t version = at;
    while (at < text.size() && !separates(text[at]) && !begins_operator(text, at))
      ++at;
    if (!sign.empty() || at > version)
      conditions.push_back({sign, text.substr(version, at - version)});
  }
  return conditions;
}

/// ^ ~ ~> ~=. Returns whether the sign is one of them.
bool add_approximate(Constraints& out, std::string_view type, const Condition& condition) {
  const Numbers numbers = numbers_of(condition.version);
  if (numbers.given.empty()) return false;
  const std::size_t count = numbers.given.size();
  std::size_t kept = 0;
  if (condition.sign == "^") {
    kept = kept_by_caret(numbers);
  } else if (condition.sign == "~" || (condition.sign == "~>" && type == "npm")) {
    kept =
        type == "composer" ? std::max<std::size_t>(count, 2) - 1 : std::min<std::size_t>(count, 2);
  } else if (condition.sign == "~>" || condition.sign == "~=") {
    kept = std::max<std::size_t>(count, 2) - 1;
  } else {
    return false;
  }
  const std::string_view from = numbers.has_wildcard ? std::string_view() : condition.version;
  add_span(out, type, from.empty() ? joined(numbers) : std::string(from),
           next_after(numbers, std::min(kept, count)));
  return true;
}

/// 1.2.x, also behind an operator that says the same.
bool add_wildcard(Constraints& out, std::string_view type, const Condition& condition) {
  const Numbers numbers = numbers_of(condition.version);
  if (!numbers.has_wildcard || numbers.given.empty()) return false;
  const std::size_t count = numbers.given.size();
  if (condition.sign == "<") {
    out.push_back({Comparator::less, normalised(type, joined(numbers))});
  } else if (condition.sign == ">") {
    out.push_back({Comparator::greater_or_equal, normalised(type, next_after(numbers, count))});
  } else if (condition.sign == "<=") {
    out.push_back({Comparator::less, normalised(type, next_after(numbers, count))});
  } else {
    add_span(out, type, joined(numbers), next_after(numbers, count));
  }
  return true;
}

bool is_star(std::string_view version) {
  return version == "*" || version == "x" || version == "X";
}

/// One alternative; `any` is set where it holds every version.
bool add_alternative(Constraints& out, std::string_view type, std::string_view text, bool& any) {
  const auto conditions = conditions_of(text);
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const Condition& condition = conditions[i];
    if (condition.version.empty()) return false;
    const bool hyphen_range =
        i + 2 < conditions.size() && conditions[i + 1].version == "-" && condition.sign.empty();
    if (hyphen_range) {
      out.push_back({Comparator::greater_or_equal, normalised(type, condition.version)});
      out.push_back({Comparator::less_or_equal, normalised(type, conditions[i + 2].version)});
      i += 2;
      continue;
    }
    if (is_star(condition.version)) {
      any = true;
      continue;
    }
    // VERS has no exclusion of more than one version.
    if (condition.sign == "!=" && condition.version.ends_with(".*")) return false;
    if (add_approximate(out, type, condition) || add_wildcard(out, type, condition)) continue;
    const auto row = condition.sign.empty()
                         ? std::ranges::find(operators, "=", &Operator::sign)
                         : std::ranges::find(operators, condition.sign, &Operator::sign);
    if (row == operators.end()) return false;
    out.push_back({row->comparator, normalised(type, condition.version)});
  }
  return true;
}

bool add_comparators(Vers& range, std::string_view native) {
  std::string_view rest = native;
  if (range.type == "conan") rest = rest.substr(0, rest.find(", include_prerelease"));
  bool any = false;
  for (const std::string_view alternative : split_at(rest, "||")) {
    if (!add_alternative(range.constraints, range.type, alternative, any)) return false;
  }
  if (!any || !range.constraints.empty())
    return !range.constraints.empty() || range.type == "conan";
  if (range.type == "conan") {
    range.constraints.push_back({Comparator::greater_or_equal, "0.0.0"});
  } else {
    range.is_any = true;
  }
  return true;
}

/// "[1.0,2.0),[3.0]"; a bare version is a least version.
bool add_intervals(Vers& range, std::string_view native) {
  std::string_view rest = without_spaces(native);
  if (rest.empty()) return false;
  if (rest.front() != '[' && rest.front() != '(') {
    if (rest.find_first_of("[]() ,") != std::string_view::npos) return false;
    range.constraints.push_back({Comparator::greater_or_equal, std::string(rest)});
    return true;
  }
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of("])");
    if ((rest.front() != '[' && rest.front() != '(') || end == std::string_view::npos) return false;
    const bool from_included = rest.front() == '[';
    const bool to_included = rest[end] == ']';
    const std::string_view inside = rest.substr(1, end - 1);
    const std::size_t comma = inside.find(',');
    const std::string_view from = without_spaces(inside.substr(0, comma));
    if (comma == std::string_view::npos) {
      if (from.empty() || !from_included || !to_included) return false;
      range.constraints.push_back({Comparator::equal, std::string(from)});
    } else {
      const std::string_view to = without_spaces(inside.substr(comma + 1));
      if (to.find(',') != std::string_view::npos) return false;
      if (from.empty() && to.empty()) range.is_any = true;
      if (!from.empty()) {
        range.constraints.push_back(
            {from_included ? Comparator::greater_or_equal : Comparator::greater,
             std::string(from)});
      }
      if (!to.empty()) {
        range.constraints.push_back(
            {to_included ? Comparator::less_or_equal : Comparator::less, std::string(to)});
      }
    }
    rest = without_spaces(rest.substr(end + 1));
    if (rest.starts_with(',')) rest = without_spaces(rest.substr(1));
  }
  if (range.is_any) range.constraints.clear();
  return true;
}

/// "1.1.4-1.2.8, 0.8.40+": a plus sign holds what follows in the same branch if it is a stable one,
/// of an even second number; a mainline branch goes on for ever.
bool add_nginx(Vers& range, std::string_view native) {
  for (const std::string_view each : split(native, ',')) {
    std::string_view piece = without_spaces(each);
    if (piece == "all") {
      range.is_any = true;
      continue;
    }
    if (piece.empty() || !is_digit(piece.front())) return false;
    const std::size_t hyphen = piece.find('-');
    if (piece.ends_with('+')) {
      piece.remove_suffix(1);
      range.constraints.push_back({Comparator::greater_or_equal, coerced_semver(piece)});
      const Numbers numbers = numbers_of(piece);
      const bool stable = numbers.given.size() > 1 && (numbers.given[1].back() - '0') % 2 == 0;
      if (stable) {
        range.constraints.push_back({Comparator::less, coerced_semver(next_after(numbers, 2))});
      }
    } else if (hyphen != std::string_view::npos) {
      range.constraints.push_back(
          {Comparator::greater_or_equal, coerced_semver(piece.substr(0, hyphen))});
      range.constraints.push_back(
          {Comparator::less_or_equal, coerced_semver(piece.substr(hyphen + 1))});
    } else {
      range.constraints.push_back({Comparator::equal, coerced_semver(piece)});
    }
  }
  if (range.is_any) range.constraints.clear();
  return true;
}

bool add_list(Vers& range, std::string_view native) {
  for (const std::string_view each : split(native, ',')) {
    const std::string_view version = without_spaces(each);
    if (version.empty()) return false;
    range.constraints.push_back({Comparator::equal, std::string(version)});
  }
  return true;
}

bool add_native(Vers& range, std::string_view native) {
  if (range.type == "nuget" || range.type == "maven") return add_intervals(range, native);
  if (range.type == "nginx") return add_nginx(range, native);
  if (range.type == "openssl") return add_list(range, native);
  return add_comparators(range, native);
}

}  // namespace

Result<Vers> vers_from_native(std::string_view type, std::string_view native) {
  if (native.size() > max_vers_bytes) {
    return fail(ErrorKind::input, "vers.size",
                fmt::format("expected a range of at most {} bytes, found {}", max_vers_bytes,
                            native.size()));
  }
  Vers range;
  range.type = lower_case(type);
  const Scheme* scheme = scheme_named(range.type);
  if (scheme == nullptr) {
    return fail(ErrorKind::input, "vers.type",
                fmt::format("expected a VERS type whose versions have an order here, found '{}'",
                            quotable(type)));
  }
  if (!add_native(range, native)) return refuse(type, native);
  if (range.constraints.size() > max_vers_constraints) return refuse(type, native);
  // PHP has 1.0-stable before 1.0-alpha; the semantic versions made here do not.
  return sorted(std::move(range), range.type == "composer" ? semver : *scheme);
}

}  // namespace lockstep::versions
