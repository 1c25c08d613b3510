// SPDX-License-Identifier: Apache-2.0
// Finding signs. Two ways: words anywhere in the running text, with what must stand behind them
// (a date, an address, a number) within a short distance; and labels, which stand at the beginning
// of a line or in the first cell of a row, with their text behind them or below:
//
//     1. Product name:   Quayside Reader        label "product name", value "Quayside Reader"
//     The support period ends in December 2032. words "support period ends", value 2032-12
//
// Documents that write the same in other words are not understood; the item then says that the
// words were not found, and a person looks.
#include "regulations/checks/signs.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "regulations/checks/dates.hpp"
#include "regulations/checks/fold.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::size_t words_shown = 160;
constexpr std::size_t date_reach = 100;
constexpr std::size_t number_reach = 120;
constexpr std::size_t address_lines = 3;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80U;
}

/// A text without the number of its item: "1. ", "(a) ", "II) ".
std::string_view without_number(std::string_view line) {
  line = trim(line);
  std::string_view rest = line;
  if (rest.starts_with('(')) rest.remove_prefix(1);
  std::size_t size = 0;
  while (size < rest.size() && size < 5 && (is_alnum(rest[size]) || rest[size] == '.'))
    ++size;
  const bool is_marked = size > 0 && size < rest.size() &&
                         (rest[size] == ')' || rest[size - 1] == '.' || is_digit(rest[size - 1]));
  const bool is_parted =
      size < rest.size() && (rest[size] == ')' || rest[size] == ' ' || rest[size] == '\t');
  return is_marked && is_parted ? trim(rest.substr(size + 1)) : line;
}

struct Labelled {
  std::string label;  ///< folded
  std::string_view value;
  bool goes_on = false;  ///< it ends in a colon, so that its value stands on the next line
};

/// The line as label and value: parted by a colon, a tab or two spaces. A line that nothing parts
/// is a label without a value, such as a heading.
Labelled labelled(std::string_view line) {
  line = without_number(line);
  const std::size_t cut = std::min({line.find(':'), line.find('\t'), line.find("  ")});
  std::string_view label = line.substr(0, cut);
  std::string_view value = cut == std::string_view::npos ? std::string_view() : line.substr(cut);
  while (value.starts_with(':') || value.starts_with(' ') || value.starts_with('\t'))
    value.remove_prefix(1);
  if (label.ends_with(')')) label = label.substr(0, label.rfind('('));
  return {fold(label), trim(value), trim(line).ends_with(':')};
}

std::string_view token_at(std::string_view line, std::size_t at) {
  constexpr std::string_view stops = " \t<>\"'()[],;";
  const std::size_t before = line.find_last_of(stops, at);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  std::string_view token = line.substr(begin, line.find_first_of(stops, at) - begin);
  while (token.ends_with('.') || token.ends_with(':'))
    token.remove_suffix(1);
  return token;
}

std::optional<std::string> url_in(std::string_view line) {
  for (const std::string_view begin : {"http://", "https://", "www."}) {
    const std::size_t at = line.find(begin);
    if (at == std::string_view::npos) continue;
    const std::string_view token = token_at(line, at);
    if (token.size() > begin.size() + 3) return std::string(token);
  }
  return std::nullopt;
}

std::optional<std::string> contact_in(std::string_view line) {
  for (std::size_t at = line.find('@'); at != std::string_view::npos; at = line.find('@', at + 1)) {
    const std::string_view token = token_at(line, at);
    const std::size_t sign = token.find('@');
    if (sign > 0 && sign != std::string_view::npos &&
        token.substr(sign).find('.') != std::string_view::npos)
      return std::string(token);
  }
  return url_in(line);
}

/// The words up to the end of their sentence: a full stop behind a long word.
std::string_view sentence(std::string_view text) {
  constexpr std::size_t long_word = 5;
  std::size_t letters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_stop = text[i] == '.' && (i + 1 == text.size() || text[i + 1] == ' ');
    if (is_stop && letters >= long_word) return text.substr(0, i);
    letters = is_alnum(text[i]) && !is_digit(text[i]) ? letters + 1 : 0;
  }
  return text;
}

/// Four digits that stand alone: no part of a date, of an act's number or of a longer number.
std::optional<std::string> number4_in(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    std::size_t end = i;
    while (end < text.size() && is_digit(text[end]))
      ++end;
    const char before = i == 0 ? ' ' : text[i - 1];
    const char behind = end == text.size() ? ' ' : text[end];
    const bool is_alone =
        before != '/' && before != '.' && !is_alnum(before) && behind != '/' && !is_alnum(behind);
    if (end - i == 4 && is_alone) return std::string(text.substr(i, 4));
    i = end;
  }
  return std::nullopt;
}

class Finder {
 public:
  Finder(const Checks& checks, const ReceivedFile& file)
      : checks_(checks), file_(file), folded_(fold_lines(file.lines)) {
    for (int sign = 0; sign < static_cast<int>(checks.signs.size()); ++sign) {
      if (at(sign).value == SignValue::label) {
        for_each_words(sign, [&](const std::string& words) { labels_[words].push_back(sign); });
      }
    }
  }

  std::vector<SignHit> find() {
    find_fields();
    find_labels();
    for (int sign = 0; sign < static_cast<int>(checks_.signs.size()); ++sign) {
      if (at(sign).value == SignValue::label) continue;
      for_each_words(sign, [&](const std::string& words) { find_words_of(sign, words); });
    }
    std::ranges::stable_sort(hits_, {}, [](const SignHit& hit) {
      return std::tuple(hit.sign, !hit.has_value, hit.page, hit.line);
    });
    const auto doubles = std::ranges::unique(hits_, [](const SignHit& a, const SignHit& b) {
      return a.sign == b.sign && a.page == b.page && a.line == b.line;
    });
    hits_.erase(doubles.begin(), doubles.end());
    return std::move(hits_);
  }

  const FoldedText& folded() const { return folded_; }

 private:
  const Sign& at(int sign) const { return checks_.signs[static_cast<std::size_t>(sign)]; }

  template <typename Do>
  void for_each_words(int sign, Do&& act) const {
    for (const std::string& words : at(sign).words)
      act(words);
    for (const Language& language : checks_.languages) {
      const auto found = language.signs.find(sign);
      if (found == language.signs.end()) continue;
      for (const std::string& words : found->second)
        act(words);
    }
  }

  void add(int sign, std::size_t line, const std::optional<std::string>& value) {
    const auto same = std::ranges::count(hits_, sign, &SignHit::sign);
    if (static_cast<std::size_t>(same) >= hits_max) return;
    const ReceivedLine& at_line = file_.lines[line];
    hits_.push_back({sign, at_line.page, at_line.line, quotable(trim(at_line.text), words_shown),
                     value.value_or(""), value.has_value()});
  }

  void find_fields() {
    for (const ReceivedField& field : file_.fields) {
      const int sign = checks_.sign(field.sign);
      if (sign < 0) continue;
      const auto value = value_of_field(sign, field.value);
      hits_.push_back({sign, 0, field.line, quotable(field.value, words_shown), value.value_or(""),
                       value.has_value()});
    }
  }

  std::optional<std::string> value_of_field(int sign, const std::string& text) const {
    const SignValue wanted = at(sign).value;
    if (wanted == SignValue::month || wanted == SignValue::day) return date_in(fold(text), wanted);
    return text;
  }

  void find_labels() {
    for (std::size_t i = 0; i < file_.lines.size(); ++i) {
      const Labelled here = labelled(file_.lines[i].text);
      // A label in two languages: "Product name / Produktname".
      for (const std::string_view piece : split(here.label, '/')) {
        const auto known = labels_.find(trim(piece));
        if (known == labels_.end()) continue;
        std::string value(here.value);
        if (value.empty() && here.goes_on && i + 1 < file_.lines.size())
          value = trim(file_.lines[i + 1].text);
        const bool has_words = std::ranges::any_of(value, is_alnum);
        for (const int sign : known->second)
          add(sign, i, has_words ? std::optional(quotable(value, words_shown)) : std::nullopt);
        break;
      }
    }
  }

  void find_words_of(int sign, const std::string& words) {
    std::size_t found = 0;
    for (std::size_t at_text = find_words(folded_.text, words); at_text != std::string::npos;
         at_text = find_words(folded_.text, words, at_text + words.size())) {
      const std::size_t line = folded_.line_of(at_text);
      add(sign, line, value_behind(sign, line, at_text + words.size()));
      if (++found == hits_max) return;
    }
  }

  std::optional<std::string> date_in(std::string_view folded, SignValue wanted) const {
    const auto date = first_date(folded, checks_.languages);
    if (!date || (wanted == SignValue::day && date->day == 0)) return std::nullopt;
    return to_text(*date);
  }

  std::optional<std::string> value_behind(int sign, std::size_t line, std::size_t end) const {
    const std::string_view behind = std::string_view(folded_.text).substr(end);
    switch (at(sign).value) {
      case SignValue::none:
      case SignValue::label:
        return std::string();
      case SignValue::month:
      case SignValue::day:
        return date_in(sentence(behind.substr(0, date_reach)), at(sign).value);
      case SignValue::number4:
        return number4_in(behind.substr(0, number_reach));
      case SignValue::contact:
        return in_lines(line, contact_in);
      case SignValue::url:
        return in_lines(line, url_in);
    }
    return std::nullopt;
  }

  /// An address in the line or in the next ones; it is looked for as it was written.
  template <typename Find>
  std::optional<std::string> in_lines(std::size_t line, Find&& find_in) const {
    const std::size_t end = std::min(file_.lines.size(), line + address_lines);
    for (std::size_t i = line; i < end; ++i)
      if (auto found = find_in(file_.lines[i].text)) return found;
    return std::nullopt;
  }

  const Checks& checks_;
  const ReceivedFile& file_;
  FoldedText folded_;
  std::map<std::string, std::vector<int>, std::less<>> labels_;
  std::vector<SignHit> hits_;
};

/// Whether a line is a heading with these words: little stands before or behind them.
bool is_heading(std::string_view line, std::string_view words) {
  constexpr std::size_t before_max = 14;
  constexpr std::size_t behind_max = 40;
  const std::size_t at = find_words(line, words);
  // What is not found stands at the largest number.
  return at <= before_max && line.size() <= at + words.size() + behind_max;
}

/// Where a heading of the kind stands near the beginning, or nothing. A line of a table of contents
/// is none: it ends in dots.
std::optional<SeenAt> heading_of(const Checks& checks, const ReceivedFile& file, int kind) {
  const std::size_t end = std::min(file.lines.size(), heading_lines);
  for (std::size_t i = 0; i < end; ++i) {
    if (file.lines[i].text.find("....") != std::string::npos) continue;
    const std::string line = fold(without_number(file.lines[i].text));
    for (const Language& language : checks.languages) {
      const auto words = language.headings.find(kind);
      if (words == language.headings.end()) continue;
      for (const std::string& one : words->second) {
        if (!is_heading(line, one)) continue;
        return SeenAt{file.path,
                      file.lines[i].page,
                      file.lines[i].line,
                      checks.kinds[static_cast<std::size_t>(kind)].id,
                      quotable(trim(file.lines[i].text), words_shown),
                      ""};
      }
    }
  }
  return std::nullopt;
}

void tell_kinds(const Checks& checks, ReadDocument& document) {
  const ReceivedFile& file = *document.file;
  for (int kind = 0; kind < static_cast<int>(checks.kinds.size()); ++kind) {
    const DocumentKind& rule = checks.kinds[static_cast<std::size_t>(kind)];
    std::optional<SeenAt> where;
    if (std::ranges::find(file.kinds, rule.id) != file.kinds.end())
      where = SeenAt{file.path, 0, 0, rule.id, file.about, ""};
    const auto sees = [&](int sign) { return document.has(sign); };
    if (!where && (rule.also.empty() || std::ranges::any_of(rule.also, sees)))
      where = heading_of(checks, file, kind);
    for (const SignHit& hit : document.hits)
      if (!where && std::ranges::find(rule.by_sign, hit.sign) != rule.by_sign.end())
        where = SeenAt{file.path, hit.page, hit.line, rule.id, hit.words, hit.value};
    if (!where) continue;
    document.kinds.push_back(kind);
    document.headings.emplace_back(kind, std::move(*where));
  }
}

void tell_language(const Checks& checks, const FoldedText& folded, ReadDocument& document) {
  const std::string& form = document.file->form;
  const auto words = split(folded.text, ' ');
  std::size_t letters = 0;
  std::map<std::string_view, std::size_t> count;
  for (const std::string_view word : words) {
    if (word.empty() || is_digit(word.front())) continue;
    ++letters;
    ++count[word];
  }
  std::size_t most = 0;
  for (const Language& language : checks.languages) {
    std::size_t sum = 0;
    for (const std::string& common : language.common)
      if (const auto found = count.find(common); found != count.end()) sum += found->second;
    if (sum <= most) continue;
    most = sum;
    document.language = language.id;
  }
  if (letters >= language_words && most * 100 >= letters * language_share) return;
  document.language.clear();
  const bool is_prose = form != "json" && form != "xml" && form != "sbom";
  if (letters >= language_words && is_prose && document.unread.empty())
    document.unread = "not in a language that is known here";
}

}  // namespace

bool ReadDocument::is_kind(int kind) const {
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool ReadDocument::has(int sign) const {
  return std::ranges::find(hits, sign, &SignHit::sign) != hits.end();
}

ReadDocument read_document(const Checks& checks, const ReceivedFile& file) {
  ReadDocument document;
  document.file = &file;
  document.unread = file.unread;
  Finder finder(checks, file);
  document.hits = finder.find();
  tell_kinds(checks, document);
  tell_language(checks, finder.folded(), document);
  return document;
}

}  // namespace lockstep::regulations
