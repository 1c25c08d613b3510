// SPDX-License-Identifier: Apache-2.0
// Whether a text has the form that a schema's "format" or "pattern" asks for.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace lockstep::formats {

/// An example or description of a "format" in words, "" for one that is not checked.
std::string_view says_of_format(std::string_view format);

/// date-time, date, uri, uri-reference, iri-reference, iri, idn-email; every text has any other
/// format. Source: RFC 3339 section 5.6; RFC 3986 and 3987 as far as characters and the scheme go.
bool has_format(std::string_view text, std::string_view format);

/// Number of Unicode code points of a UTF-8 text.
std::size_t code_points(std::string_view text);

/// A regular expression.
class Pattern {
 public:
  /// @param text must compile (LS_CHECK)
  explicit Pattern(std::string text);
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern();

  /// Whether it is found in the text; a text on which the search would take too long does not
  /// match.
  bool matches(const std::string& text) const;

  const std::string& text() const { return text_; }

 private:
  struct Compiled;
  std::string text_;
  std::unique_ptr<const Compiled> compiled_;
};

/// Regular expressions of schemas of ours, compiled once each.
class Patterns {
 public:
  const Pattern& of(const std::string& text) {
    return patterns_.try_emplace(text, text).first->second;
  }

  bool matches(const std::string& text, const std::string& pattern) {
    return of(pattern).matches(text);
  }

 private:
  std::map<std::string, Pattern> patterns_;
};

}  // namespace lockstep::formats
