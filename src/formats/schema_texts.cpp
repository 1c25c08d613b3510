// SPDX-License-Identifier: Apache-2.0
#include "formats/schema_texts.hpp"

#include <algorithm>
#include <boost/regex.hpp>
#include <stdexcept>

#include "base/check.hpp"
#include "base/time.hpp"

namespace lockstep::formats {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// No blank, control character or one of the delimiters that no IRI holds unescaped.
bool has_iri_characters(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F ||
           std::string_view("<>\"{}|\\^`").find(c) != std::string_view::npos;
  });
}

bool has_scheme(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return false;
  return std::ranges::all_of(text.substr(0, colon), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

bool is_date_time(std::string_view text) {
  return text.size() > 10 && (text[10] == 'T' || text[10] == 't') &&
         parse_instant(text).has_value();
}

/// RFC 3986, section 4.1: any text of its characters; what looks like a scheme is one.
bool is_reference(std::string_view text) {
  const std::size_t colon = text.find(':');
  const bool may_have_scheme =
      colon != std::string_view::npos && text.substr(0, colon).find_first_of("/?#") == text.npos;
  return has_iri_characters(text) && (!may_have_scheme || has_scheme(text));
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find(' ') == std::string_view::npos;
}

}  // namespace

std::string_view says_of_format(std::string_view format) {
  if (format == "date-time") return "a time such as 2026-09-11T10:00:00Z";
  if (format == "date") return "a date such as 2026-09-11";
  if (format == "uri" || format == "iri") return "a URI such as https://example.org";
  if (format == "iri-reference" || format == "uri-reference") return "a URI without blanks";
  if (format == "idn-email") return "an e-mail address";
  return "";
}

bool has_format(std::string_view text, std::string_view format) {
  if (format == "date-time") return is_date_time(text);
  if (format == "date") return parse_day(text).has_value();
  if (format == "uri" || format == "iri") return has_scheme(text) && has_iri_characters(text);
  if (format == "iri-reference") return has_iri_characters(text);
  if (format == "uri-reference") return is_reference(text);
  if (format == "idn-email") return is_email(text);
  return true;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

struct Pattern::Compiled {
  boost::regex expression;
};

Pattern::Pattern(std::string text) : text_(std::move(text)) {
  try {
    compiled_ = std::make_unique<const Compiled>(Compiled{boost::regex(text_)});
  } catch (const boost::regex_error&) {
    LS_CHECK(false, "a schema of ours has a pattern that does not compile");
  }
}

Pattern::~Pattern() = default;

bool Pattern::matches(const std::string& text) const {
  // As in ECMA-262, whose patterns those of schemas are: lines are nothing to ^ and $, and a dot is
  // no end of a line.
  const auto flags = boost::match_single_line | boost::match_not_dot_newline;
  try {
    return boost::regex_search(text, compiled_->expression, flags);
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace lockstep::formats
