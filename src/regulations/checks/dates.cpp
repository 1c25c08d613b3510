// SPDX-License-Identifier: Apache-2.0
#include "regulations/checks/dates.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <vector>

namespace lockstep::regulations {
namespace {

struct Token {
  int number = -1;  ///< of digits, at most four of them; -1 for a word
  int month = 0;    ///< of a month's name
  std::size_t digits = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80U;
}

int month_of(std::string_view word, std::span<const Language> languages) {
  for (const Language& language : languages) {
    for (std::size_t i = 0; i < language.months.size(); ++i) {
      const std::string& name = language.months[i];
      // "Dec" and "Sept" are short for a month where three letters are left.
      if (word == name || (word.size() >= 3 && word.size() <= 4 && name.starts_with(word)))
        return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

/// What may stand between the parts of a date: "31. de diciembre", "the 31st", "1er".
bool is_filler(std::string_view word) {
  constexpr std::string_view fillers[] = {"de", "del", "of", "st", "nd", "rd", "th", "er", "den"};
  return std::ranges::find(fillers, word) != std::end(fillers);
}

std::vector<Token> tokens_of(std::string_view text, std::span<const Language> languages) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    if (is_digit(text[i])) {
      while (end < text.size() && is_digit(text[end]))
        ++end;
      Token token{-1, 0, end - i, i, end};
      if (token.digits <= 4) std::from_chars(text.data() + i, text.data() + end, token.number);
      tokens.push_back(token);
    } else if (is_letter(text[i])) {
      while (end < text.size() && is_letter(text[end]))
        ++end;
      const std::string_view word = text.substr(i, end - i);
      if (!is_filler(word)) tokens.push_back({-1, month_of(word, languages), 0, i, end});
    } else {
      end = i + 1;
    }
    i = end;
  }
  return tokens;
}

bool is_year(const Token& token) {
  return token.digits == 4 && token.number >= 2000 && token.number < 2200;
}

bool is_month(const Token& token) {
  return token.digits > 0 && token.digits <= 2 && token.number >= 1 && token.number <= 12;
}

bool is_day(const Token& token) {
  return token.digits > 0 && token.digits <= 2 && token.number >= 1 && token.number <= 31;
}

/// Whether the parts stand close enough to belong together.
bool is_near(const Token& a, const Token& b) {
  constexpr std::size_t gap_max = 6;  // ". de ", a filler with its spaces
  return b.begin - a.end <= gap_max;
}

std::optional<WrittenDate> date_of(const Token& a, const Token& b, const Token& c) {
  if (!is_near(a, b) || !is_near(b, c)) return std::nullopt;
  if (is_year(a) && is_month(b) && is_day(c)) return WrittenDate{a.number, b.number, c.number};
  if (!is_year(c)) return std::nullopt;
  if (is_day(a) && b.month > 0) return WrittenDate{c.number, b.month, a.number};
  if (a.month > 0 && is_day(b)) return WrittenDate{c.number, a.month, b.number};
  if (is_day(a) && is_month(b)) return WrittenDate{c.number, b.number, a.number};
  if (is_month(a) && is_day(b)) return WrittenDate{c.number, a.number, b.number};
  return std::nullopt;
}

std::optional<WrittenDate> date_of(const Token& a, const Token& b) {
  if (!is_near(a, b)) return std::nullopt;
  if (is_year(a) && is_month(b)) return WrittenDate{a.number, b.number, 0};
  if (is_year(b) && a.month > 0) return WrittenDate{b.number, a.month, 0};
  if (is_year(b) && is_month(a)) return WrittenDate{b.number, a.number, 0};
  return std::nullopt;
}

}  // namespace

std::optional<WrittenDate> first_date(std::string_view folded,
                                      std::span<const Language> languages) {
  const std::vector<Token> tokens = tokens_of(folded, languages);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (i + 2 < tokens.size())
      if (const auto found = date_of(tokens[i], tokens[i + 1], tokens[i + 2])) return found;
    if (const auto found = date_of(tokens[i], tokens[i + 1])) return found;
  }
  return std::nullopt;
}

std::string to_text(const WrittenDate& date) {
  return date.day > 0 ? fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day)
                      : fmt::format("{:04}-{:02}", date.year, date.month);
}

std::optional<Day> last_day(const WrittenDate& date) {
  const auto month =
      std::chrono::year{date.year} / std::chrono::month{static_cast<unsigned>(date.month)};
  const std::chrono::year_month_day found =
      date.day > 0 ? month / std::chrono::day{static_cast<unsigned>(date.day)}
                   : std::chrono::year_month_day{month / std::chrono::last};
  if (!found.ok()) return std::nullopt;
  return Day{found};
}

}  // namespace lockstep::regulations
