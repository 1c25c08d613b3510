// SPDX-License-Identifier: Apache-2.0
// Source: Composer documentation, "Versions and constraints"; composer/semver, VersionParser.
#include "versions/native/composer_version.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "versions/native/words.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

constexpr std::string_view branch_number = "9999999";

// The longer word stands before its own beginning.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> words = {
    {{"stable", "stable"},
     {"beta", "beta"},
     {"b", "beta"},
     {"rc", "RC"},
     {"alpha", "alpha"},
     {"a", "alpha"},
     {"patch", "patch"},
     {"pl", "patch"},
     {"p", "patch"}}};

bool starts_with(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         compare_ignoring_case(text.substr(0, lower.size()), lower) == 0;
}

bool is_mark(std::string_view text, std::size_t at, std::string_view marks) {
  return at < text.size() && marks.find(text[at]) != std::string_view::npos;
}

/// "1.2.3.4": one to four numbers, the first of at most five digits. Returns where they end, 0 when
/// there are none, and appends them with zeros for missing ones.
std::size_t take_numbers(std::string_view text, std::string& out) {
  std::size_t at = end_of_digits(text, 0);
  if (at == 0 || at > 5) return 0;
  std::size_t count = 1;
  for (; count < 4 && is_mark(text, at, ".") && at + 1 < text.size() && is_digit(text[at + 1]);
       ++count) {
    at = end_of_digits(text, at + 1);
  }
  out = text.substr(0, at);
  for (; count < 4; ++count)
    out += ".0";
  return at;
}

bool ends_after_modifier(std::string_view text, std::size_t at) {
  take_composer_modifier(text, at);
  return at == text.size();
}

/// Up to two groups of one to three digits, then a modifier.
std::optional<std::size_t> end_of_tails(std::string_view text, std::size_t at, int count) {
  if (count < 2) {
    const std::size_t digits = at + (is_mark(text, at, ".:-") ? 1 : 0);
    const std::size_t end = std::min(end_of_digits(text, digits), digits + 3);
    for (std::size_t i = end; i > digits; --i) {
      if (const auto found = end_of_tails(text, i, count + 1)) return found;
    }
  }
  return ends_after_modifier(text, at) ? std::optional(at) : std::nullopt;
}

/// Up to six pairs of digits after the year, as many as possible.
std::optional<std::size_t> end_of_pairs(std::string_view text, std::size_t at, int count) {
  if (count < 6) {
    const std::size_t digits = at + (is_mark(text, at, ".:-") ? 1 : 0);
    if (end_of_digits(text, digits) >= digits + 2) {
      if (const auto found = end_of_pairs(text, digits + 2, count + 1)) return found;
    }
  }
  return count > 0 ? end_of_tails(text, at, 0) : std::nullopt;
}

/// "2010-01-02-10-20-30.0.3". Returns where the date ends, or 0.
std::size_t take_date(std::string_view text, std::string& out) {
  if (end_of_digits(text, 0) < 4) return 0;
  const auto end = end_of_pairs(text, 4, 0);
  if (!end) return 0;
  out = text.substr(0, *end);
  std::ranges::replace_if(out, [](char c) { return !is_digit(c); }, '.');
  return *end;
}

/// What stands before "-dev" or ".dev", or nothing.
std::optional<std::string_view> branch_before_dev(std::string_view version) {
  constexpr std::string_view dev = "dev";
  if (version.size() < dev.size()) return std::nullopt;
  const std::size_t at = version.size() - dev.size();
  if (!starts_with(version.substr(at), dev)) return std::nullopt;
  version.remove_suffix(dev.size());
  if (version.ends_with('.') || version.ends_with('-')) version.remove_suffix(1);
  return version;
}

std::string_view without_build(std::string_view version) {
  const std::size_t plus = version.find('+');
  if (plus == std::string_view::npos || plus == 0 || plus + 1 == version.size()) return version;
  const bool one_word = std::ranges::none_of(version, is_space) &&
                        version.substr(0, plus).find(',') == std::string_view::npos;
  return one_word ? version.substr(0, plus) : version;
}

}  // namespace

ComposerModifier take_composer_modifier(std::string_view text, std::size_t& at) {
  ComposerModifier modifier;
  if (is_mark(text, at, "._-")) ++at;
  for (const auto& [word, normal] : words) {
    if (!starts_with(text.substr(at), word)) continue;
    modifier.word = normal;
    at += word.size();
    const std::size_t start = at;
    for (;;) {
      const std::size_t digits = at + (is_mark(text, at, ".-") ? 1 : 0);
      const std::size_t end = end_of_digits(text, digits);
      if (end == digits) break;
      at = end;
    }
    modifier.number = text.substr(start, at - start);
    break;
  }
  const std::size_t dev = at + (is_mark(text, at, ".-") ? 1 : 0);
  modifier.is_dev = starts_with(text.substr(std::min(dev, text.size())), "dev");
  if (modifier.is_dev) at = dev + 3;
  return modifier;
}

std::string_view without_composer_alias(std::string_view text) {
  const auto pieces = words_of(text);
  const bool alias =
      pieces.size() == 3 && pieces[1] == "as" && text.find(',') == std::string_view::npos;
  return alias ? pieces[0] : text;
}

std::string_view composer_flag(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return {};
  constexpr std::array<std::string_view, 5> flags = {"stable", "rc", "beta", "alpha", "dev"};
  const auto* row = std::ranges::find_if(flags, [&](std::string_view flag) {
    return compare_ignoring_case(text.substr(at + 1), flag) == 0;
  });
  return row == flags.end() ? std::string_view() : *row;
}

std::string normal_composer_branch(std::string_view name) {
  name = without_spaces(name);
  std::string_view rest = name;
  if (starts_with(rest, "v")) rest.remove_prefix(1);
  std::string text;
  for (int count = 0; count < 4; ++count) {
    if (rest.empty() && count > 0) {
      text.append(".").append(branch_number);
      continue;
    }
    if (count > 0) {
      if (rest.front() != '.') break;
      rest.remove_prefix(1);
      text += '.';
    }
    const std::size_t end = end_of_digits(rest, 0);
    const bool wildcard = count > 0 && end == 0 && is_mark(rest, 0, "xX*");
    if (end == 0 && !wildcard) break;
    text += wildcard ? branch_number : rest.substr(0, end);
    rest.remove_prefix(wildcard ? 1 : end);
    if (count == 3 && rest.empty()) return text + "-dev";
  }
  const bool complete = std::ranges::count(text, '.') == 3 && rest.empty() && !text.ends_with('.');
  return complete ? text + "-dev" : "dev-" + std::string(name);
}

std::optional<std::string> normal_composer(std::string_view version) {
  version = without_composer_alias(without_spaces(version));
  if (!composer_flag(version).empty()) version = version.substr(0, version.rfind('@'));
  if (version == "master" || version == "trunk" || version == "default") {
    return "dev-" + std::string(version);
  }
  if (starts_with(version, "dev-")) return "dev-" + std::string(version.substr(4));
  version = without_build(version);
  std::string_view rest = version;
  if (starts_with(rest, "v")) rest.remove_prefix(1);
  std::string text;
  std::size_t end = take_numbers(rest, text);
  if (end == 0 || !ends_after_modifier(rest, end)) end = take_date(rest, text);
  if (end > 0) {
    const ComposerModifier modifier = take_composer_modifier(rest, end);
    if (modifier.word == "stable") return text;
    if (!modifier.word.empty()) {
      std::string_view number = modifier.number;
      while (is_mark(number, 0, ".-"))
        number.remove_prefix(1);
      text.append("-").append(modifier.word).append(number);
    }
    if (modifier.is_dev) text += "-dev";
    return text;
  }
  const auto branch = branch_before_dev(version);
  if (!branch) return std::nullopt;
  std::string normal = normal_composer_branch(*branch);
  return normal.starts_with("dev-") ? std::nullopt : std::optional(std::move(normal));
}

std::string_view composer_stability(std::string_view version) {
  version = version.substr(0, version.find('#'));
  if (version.starts_with("dev-") || version.ends_with("-dev")) return "dev";
  version = version.substr(0, version.find('+'));
  for (std::size_t at = 0; at < version.size(); ++at) {
    if (!ends_after_modifier(version, at)) continue;
    const ComposerModifier modifier = take_composer_modifier(version, at);
    if (modifier.is_dev) return "dev";
    if (modifier.word == "alpha" || modifier.word == "beta" || modifier.word == "RC") {
      return modifier.word;
    }
    return "stable";
  }
  return "stable";
}

std::optional<std::string> composer_numeric_alias(std::string_view branch) {
  constexpr std::string_view dev = "-dev";
  if (branch.size() < dev.size() || !starts_with(branch.substr(branch.size() - dev.size()), dev)) {
    return std::nullopt;
  }
  branch.remove_suffix(dev.size());
  if (branch.size() > 2 && starts_with(branch.substr(branch.size() - 2), ".x")) {
    branch.remove_suffix(2);
  }
  const auto pieces = split(branch, '.');
  if (!std::ranges::all_of(pieces, is_number)) return std::nullopt;
  return std::string(branch) + ".";
}

}  // namespace lockstep::versions
