// SPDX-License-Identifier: Apache-2.0
// Constraints of Composer: "^1.2 || ~2.0, !=2.3.1", "1.0 - 2.0", "1.*", "dev-main", ">=1.0@beta".
//
// Versions are normalised to four numbers (composer_version.hpp) and compared as PHP does. A lower
// end without a modifier begins at the dev version (>=1.0.0.0-dev), and so an upper end that is
// left out ends before the dev version. A branch equals itself, differs from everything else, and
// is neither before nor after anything.
//
// Source: Composer documentation, "Versions and constraints"; composer/semver, VersionParser and
// Constraint.
#include "versions/native/composer.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "versions/native/composer_version.hpp"
#include "versions/native/native.hpp"
#include "versions/native/words.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

// The longer sign stands before its own beginning.
constexpr std::array<std::pair<std::string_view, Relation>, 8> signs = {
    {{"<>", Relation::not_equal},
     {"!=", Relation::not_equal},
     {">=", Relation::greater_or_equal},
     {"<=", Relation::less_or_equal},
     {"==", Relation::equal},
     {">", Relation::greater},
     {"<", Relation::less},
     {"=", Relation::equal}}};

bool is_branch(std::string_view version) {
  return version.starts_with("dev-");
}

bool is_wildcard(std::string_view piece) {
  return piece == "*" || piece == "x" || piece == "X";
}

/// Up to four numbers, and what follows them.
struct Numbers {
  std::vector<std::string_view> given;
  ComposerModifier modifier;
  bool is_branch = false;     ///< "1.x-dev"
  bool has_wildcard = false;  ///< "1.2.*"
  bool has_build = false;     ///< "1.2+build"

  bool has_stability() const { return !modifier.word.empty() || modifier.is_dev || is_branch; }
};

/// "v1.2.3.4-beta2+build", "1.2.x-dev" or "1.2.*"; nothing for other texts.
std::optional<Numbers> numbers_of(std::string_view text) {
  if (!text.empty() && to_lower(text.front()) == 'v') text.remove_prefix(1);
  Numbers numbers;
  std::size_t at = 0;
  while (numbers.given.size() < 4) {
    const std::size_t end = end_of_digits(text, at);
    if (end == at) break;
    numbers.given.push_back(text.substr(at, end - at));
    at = end;
    if (at + 1 >= text.size() || text[at] != '.' || !is_digit(text[at + 1])) break;
    ++at;
  }
  if (numbers.given.empty()) return std::nullopt;
  const std::size_t start = at;
  while (at + 1 < text.size() && text[at] == '.' && is_wildcard(text.substr(at + 1, 1)))
    at += 2;
  numbers.has_wildcard = at > start && at == text.size() && numbers.given.size() < 4;
  if (numbers.has_wildcard) return numbers;
  if (at == start + 2) {
    const ComposerModifier modifier = take_composer_modifier(text, at);
    numbers.is_branch = modifier.is_dev && modifier.word.empty();
    if (!numbers.is_branch) return std::nullopt;
  } else {
    at = start;
    numbers.modifier = take_composer_modifier(text, at);
  }
  const std::string_view build = text.substr(at);
  numbers.has_build = build.size() > 1 && build.front() == '+';
  return build.empty() || numbers.has_build ? std::optional(numbers) : std::nullopt;
}

/// The first `count` numbers, the last of them plus `increment`, filled with zeros to four, with
/// "-dev".
std::string bound(const Numbers& numbers, std::size_t count, bool incremented) {
  std::string text;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) text += '.';
    if (i >= count || i >= numbers.given.size()) {
      text += incremented && i + 1 == count ? '1' : '0';
    } else if (incremented && i + 1 == count) {
      text += successor(numbers.given[i]);
    } else {
      text += numbers.given[i];
    }
  }
  return text + "-dev";
}

std::optional<std::string> lower_bound(std::string_view version, const Numbers& numbers) {
  auto normal = normal_composer(version);
  if (normal && !numbers.has_stability()) *normal += "-dev";
  return normal;
}

using Terms = std::optional<NativeTerms>;

/// From the version up to the next one of which the first `kept` numbers differ.
Terms span_from(std::string_view version, const Numbers& numbers, std::size_t kept) {
  // What Composer appends to build metadata is dropped with it.
  const auto low = numbers.has_build ? normal_composer(version) : lower_bound(version, numbers);
  if (!low) return std::nullopt;
  return NativeTerms{{Relation::greater_or_equal, *low},
                     {Relation::less, bound(numbers, kept, true)}};
}

Terms tilde_range(std::string_view version) {
  const auto numbers = numbers_of(version);
  if (!numbers || numbers->has_wildcard) return std::nullopt;
  const std::size_t position = numbers->given.size() + (numbers->is_branch ? 1 : 0);
  return span_from(version, *numbers, std::max<std::size_t>(position, 2) - 1);
}

Terms caret_range(std::string_view version) {
  const auto numbers = numbers_of(version);
  if (!numbers || numbers->has_wildcard) return std::nullopt;
  const auto& given = numbers->given;
  std::size_t kept = 3;
  if (given[0] != "0" || given.size() < 2) {
    kept = 1;
  } else if (given[1] != "0" || given.size() < 3) {
    kept = 2;
  }
  return span_from(version, *numbers, kept);
}

Terms wildcard_range(const Numbers& numbers) {
  const std::size_t count = numbers.given.size();
  NativeTerms terms;
  const std::string low = bound(numbers, count, false);
  if (low != "0.0.0.0-dev") terms.push_back({Relation::greater_or_equal, low});
  terms.push_back({Relation::less, bound(numbers, count, true)});
  return terms;
}

/// "1.0 - 2.0": the upper end holds all versions that begin like it when it lacks numbers.
Terms hyphen_range(std::string_view from, std::string_view to) {
  const auto low_numbers = numbers_of(from);
  const auto high_numbers = numbers_of(to);
  if (!low_numbers || !high_numbers) return std::nullopt;
  const auto low = lower_bound(from, *low_numbers);
  auto high = normal_composer(to);
  if (!low || !high) return std::nullopt;
  const NativeTerm begin = {Relation::greater_or_equal, *low};
  if (high_numbers->given.size() >= 3 || high_numbers->has_stability()) {
    return NativeTerms{begin, {Relation::less_or_equal, *std::move(high)}};
  }
  return NativeTerms{begin,
                     {Relation::less, bound(*high_numbers, high_numbers->given.size(), true)}};
}

/// Whether the version says itself how stable it is: "1.0-beta", "1.0-dev".
bool names_stability(std::string_view version) {
  for (std::size_t hyphen = version.find('-'); hyphen != std::string_view::npos;
       hyphen = version.find('-', hyphen + 1)) {
    std::size_t at = hyphen;
    take_composer_modifier(version, at);
    if (at == version.size()) return true;
  }
  return false;
}

Terms comparator(std::string_view text, std::string_view stability) {
  Relation relation = Relation::equal;
  for (const auto& [sign, each] : signs) {
    if (!text.starts_with(sign)) continue;
    relation = each;
    text = without_spaces(text.substr(sign.size()));
    break;
  }
  auto version = normal_composer(text);
  if (!version && text.ends_with("-dev") && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '/';
      })) {
    version = "dev-" + std::string(text.substr(0, text.size() - 4));
  }
  if (!version) return std::nullopt;
  if (relation != Relation::equal && !stability.empty() &&
      composer_stability(*version) == "stable") {
    version->append("-").append(stability);
  } else if ((relation == Relation::less || relation == Relation::greater_or_equal) &&
             !names_stability(text) && !text.starts_with("dev-")) {
    *version += "-dev";
  }
  return NativeTerms{{relation, *std::move(version)}};
}

/// "dev-main#ab12" and "1.x-dev#ab12" name a commit, which no version does.
std::string_view without_reference(std::string_view text) {
  const std::size_t hash = text.find('#');
  if (hash == std::string_view::npos || hash + 1 == text.size()) return text;
  const std::string_view branch = text.substr(0, hash);
  return is_branch(branch) || branch.ends_with(".x-dev") ? branch : text;
}

Terms parse_constraint(std::string_view text) {
  text = without_composer_alias(text);
  std::string_view stability;
  if (const std::string_view flag = composer_flag(text); !flag.empty()) {
    text = text.substr(0, text.rfind('@'));
    if (text.empty()) text = "*";
    if (flag != "stable") stability = flag == "rc" ? "RC" : flag;
  }
  text = without_reference(text);
  const auto pieces = split_at(text, ".");
  const bool has_v = !text.empty() && to_lower(text.front()) == 'v';
  if (is_wildcard(pieces.front().substr(has_v ? 1 : 0)) &&
      std::all_of(pieces.begin() + 1, pieces.end(), is_wildcard)) {
    if (!has_v && pieces.size() == 1) return NativeTerms{NativeTerm()};
    return NativeTerms{{Relation::greater_or_equal, "0.0.0.0-dev"}};
  }
  if (text.starts_with("~>")) return std::nullopt;
  if (text.starts_with('~')) return tilde_range(text.substr(1));
  if (text.starts_with('^')) return caret_range(text.substr(1));
  if (const auto numbers = numbers_of(text); numbers && numbers->has_wildcard) {
    return wildcard_range(*numbers);
  }
  if (const auto words = words_of(text);
      words.size() == 3 && words[1] == "-" && numbers_of(words[0]) && numbers_of(words[2])) {
    return hyphen_range(words[0], words[2]);
  }
  return comparator(text, stability);
}

std::string with_single_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != ' ' || !out.ends_with(' ')) out += c;
  }
  return out;
}

/// Where a comma or space that separates two constraints begins, and where the next one begins; the
/// spaces behind an operator, around "as" and around a hyphen separate nothing.
struct Separator {
  std::size_t begin;
  std::size_t end;
};

std::optional<Separator> separator_at(std::string_view text, std::size_t at) {
  constexpr std::string_view joining = "=>< ,";
  if (at == 0 || joining.find(text[at - 1]) != std::string_view::npos) return std::nullopt;
  if (at >= 2 && text.substr(at - 2, 2) == "as") return std::nullopt;
  std::size_t mark = at;
  if (text[mark] == ' ' && mark + 1 < text.size() && text[mark + 1] == ',') ++mark;
  if (text[mark] != ' ' && text[mark] != ',') return std::nullopt;
  if (text[mark - 1] == '-') return std::nullopt;
  std::size_t end = mark + 1;
  if (end < text.size() && text[end] == '-') return std::nullopt;
  if (end < text.size() && text[end] == ' ') ++end;
  const std::string_view after = text.substr(end);
  if (after.empty() || after.front() == ',' || after.starts_with("as")) return std::nullopt;
  return Separator{at, end};
}

std::optional<NativeTerms> parse_alternative(std::string_view text) {
  NativeTerms terms;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const auto separator = at == text.size() ? Separator{at, at + 1} : separator_at(text, at);
    if (!separator) {
      ++at;
      continue;
    }
    const auto more = parse_constraint(without_spaces(text.substr(start, at - start)));
    if (!more) return std::nullopt;
    terms.insert(terms.end(), more->begin(), more->end());
    start = at = separator->end;
  }
  return terms;
}

std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions&) {
  const std::string single = with_single_spaces(without_spaces(text));
  std::vector<NativeTerms> alternatives;
  for (std::string_view rest = single;;) {
    const std::size_t bar = std::min(rest.find('|'), rest.size());
    auto terms = parse_alternative(without_spaces(rest.substr(0, bar)));
    if (!terms) return std::nullopt;
    alternatives.push_back(*std::move(terms));
    if (bar == rest.size()) return alternatives;
    rest.remove_prefix(bar + (rest.substr(bar).starts_with("||") ? 2 : 1));
  }
}

bool compare_as(Relation relation, std::string_view a, std::string_view b) {
  const bool branch = is_branch(a) || is_branch(b);
  if (!branch) return holds(relation, packagist.compare(a, b));
  if (relation == Relation::not_equal) return a != b;
  return relation == Relation::equal && a == b;
}

bool is_upward(Relation relation) {
  return relation == Relation::greater || relation == Relation::greater_or_equal;
}

bool holds_for(const NativeTerms& terms, std::string_view text, const NativeOptions& options) {
  const auto version = normal_composer(text);
  if (!version) return false;
  const NativeTerm itself = {Relation::equal, *version};
  return std::ranges::all_of(
      terms, [&](const NativeTerm& term) { return composer_terms_meet(term, itself, options); });
}

std::optional<bool> composer_intersects(const NativeRange& a, const NativeRange& b) {
  return meet_two_by_two(a, b, composer_terms_meet);
}

}  // namespace

bool composer_terms_meet(const NativeTerm& a, const NativeTerm& b, const NativeOptions&) {
  if (a.relation == Relation::any || b.relation == Relation::any) return true;
  const bool a_equal = a.relation == Relation::equal;
  const bool b_equal = b.relation == Relation::equal;
  if (a_equal) return compare_as(b.relation, a.version, b.version);
  if (b_equal) return compare_as(a.relation, b.version, a.version);
  const bool a_not = a.relation == Relation::not_equal;
  const bool b_not = b.relation == Relation::not_equal;
  if (a_not && b_not) return true;
  if (a_not) return !is_branch(b.version);
  if (b_not) return !is_branch(a.version);
  if (is_branch(a.version) || is_branch(b.version)) return false;
  if (is_upward(a.relation) == is_upward(b.relation)) return true;
  const auto order = packagist.compare(a.version, b.version);
  if (std::is_neq(order)) return is_upward(a.relation) == std::is_lt(order);
  return a.relation != Relation::less && a.relation != Relation::greater &&
         b.relation != Relation::less && b.relation != Relation::greater;
}

constinit const NativeSyntax native_composer = {
    "composer", "Composer documentation, Versions and constraints",
    &packagist, parse,
    holds_for,  composer_intersects};

}  // namespace lockstep::versions
