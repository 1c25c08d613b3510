// SPDX-License-Identifier: Apache-2.0
// The words of an HTML page. Not a browser: tags are dropped, a few of them end a line or a cell,
// and what stands in a script, a style or a comment is no text.
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"
#include "formats/received/limits.hpp"
#include "formats/received/received.hpp"

namespace lockstep::formats {
namespace {

constexpr std::array<std::string_view, 28> blocks = {
    "address", "article", "aside",   "blockquote", "br", "div", "dl",     "footer", "form", "h1",
    "h2",      "h3",      "h4",      "h5",         "h6", "hr",  "header", "li",     "main", "nav",
    "ol",      "p",       "section", "table",      "tr", "ul",  "title",  "body"};
constexpr std::array<std::string_view, 4> unseen = {"script", "style", "template", "noscript"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 42> names = {{
    {"amp", "&"},    {"lt", "<"},     {"gt", ">"},     {"quot", "\""},  {"apos", "'"},
    {"nbsp", " "},   {"shy", ""},     {"auml", "ä"},   {"ouml", "ö"},   {"uuml", "ü"},
    {"Auml", "Ä"},   {"Ouml", "Ö"},   {"Uuml", "Ü"},   {"szlig", "ß"},  {"eacute", "é"},
    {"egrave", "è"}, {"ecirc", "ê"},  {"agrave", "à"}, {"acirc", "â"},  {"aacute", "á"},
    {"ccedil", "ç"}, {"iacute", "í"}, {"oacute", "ó"}, {"uacute", "ú"}, {"ntilde", "ñ"},
    {"igrave", "ì"}, {"ograve", "ò"}, {"ugrave", "ù"}, {"icirc", "î"},  {"ocirc", "ô"},
    {"Eacute", "É"}, {"Egrave", "È"}, {"Agrave", "À"}, {"oslash", "ø"}, {"aring", "å"},
    {"ndash", "–"},  {"mdash", "—"},  {"rsquo", "’"},  {"lsquo", "‘"},  {"hellip", "…"},
    {"copy", "©"},   {"reg", "®"},
}};

std::string utf8_of(std::uint32_t code) {
  if (code < 0x20 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return " ";
  std::string out;
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
  return out;
}

class Words {
 public:
  explicit Words(std::string_view html) : rest_(html) {}

  std::string read() {
    while (!rest_.empty() && out_.size() <= received_text_bytes) {
      if (rest_.starts_with("<!--")) {
        skip_behind("-->");
      } else if (rest_.front() == '<' && rest_.size() > 1 && is_tag(rest_[1])) {
        tag();
      } else if (rest_.front() == '&') {
        reference();
      } else {
        character();
      }
    }
    return std::move(out_);
  }

 private:
  static bool is_tag(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '!' || c == '?';
  }

  void skip_behind(std::string_view end) {
    const std::size_t at = rest_.find(end);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
  }

  /// The end of a tag: '>' outside quotes.
  std::size_t end_of_tag() const {
    char quote = 0;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i;
      }
    }
    return std::string_view::npos;
  }

  void tag() {
    std::size_t end = end_of_tag();
    // A quote that never ends would swallow the page.
    if (end == std::string_view::npos) end = rest_.find('>');
    if (end == std::string_view::npos) return rest_.remove_prefix(rest_.size());
    std::string_view name = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    const bool is_end = name.starts_with('/');
    if (is_end) name.remove_prefix(1);
    const std::string word = lower_case(name.substr(0, name.find_first_of(" \t\r\n/>")));
    if (word == "td" || word == "th" || word == "dt") {
      if (is_end) out_ += '\t';
    } else if (word == "dd") {
      if (is_end) out_ += '\n';  // a term and its description stand on one line
    } else if (std::ranges::find(blocks, word) != blocks.end()) {
      out_ += '\n';
    }
    if (!is_end && std::ranges::find(unseen, word) != unseen.end()) skip_element(word);
  }

  void skip_element(const std::string& word) {
    while (!rest_.empty()) {
      skip_behind("</");
      if (lower_case(rest_.substr(0, word.size())) == word) return skip_behind(">");
    }
  }

  void reference() {
    const std::size_t end = rest_.substr(0, 12).find(';');
    if (end == std::string_view::npos) return character();
    const std::string_view name = rest_.substr(1, end - 1);
    if (name.starts_with('#')) {
      const bool is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
      const std::string_view digits = name.substr(is_hex ? 2 : 1);
      std::uint32_t code = 0;
      const auto [stop, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
      if (error != std::errc{} || stop != digits.data() + digits.size()) return character();
      out_ += utf8_of(code);
    } else {
      const auto known =
          std::ranges::find(names, name, &std::pair<std::string_view, std::string_view>::first);
      if (known == names.end()) return character();
      out_ += known->second;
    }
    rest_.remove_prefix(end + 1);
  }

  void character() {
    const char c = rest_.front();
    // White space of the source is one space; only blocks make lines.
    out_ += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::string add_html_lines(std::string_view html, std::vector<ReceivedLine>& lines) {
  return add_lines(Words(html).read(), 0, lines);
}

}  // namespace lockstep::formats
