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

/// Regular expressions, compiled once each.
class Patterns {
 public:
  Patterns();
  Patterns(const Patterns&) = delete;
  Patterns& operator=(const Patterns&) = delete;
  ~Patterns();

  /// Whether the pattern is found in the text; a text on which the search would take too long does
  /// not match. The pattern comes from a schema of ours and compiles (LS_CHECK).
  bool matches(const std::string& text, const std::string& pattern);

 private:
  struct Compiled;
  std::map<std::string, std::unique_ptr<Compiled>> compiled_;
};

}  // namespace lockstep::formats
