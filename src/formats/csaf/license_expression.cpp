// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/license_expression.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::formats::csaf {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_id(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  });
}

/// The pieces between blanks; parentheses are pieces of their own.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    if (text[at] == '(' || text[at] == ')') {
      ++end;
    } else {
      while (end < text.size() && !is_blank(text[end]) && text[end] != '(' && text[end] != ')')
        ++end;
    }
    pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

bool is_operator(std::string_view piece) {
  return piece == "AND" || piece == "OR" || piece == "and" || piece == "or";
}

bool is_with(std::string_view piece) {
  return piece == "WITH" || piece == "with";
}

/// Why a name is none: a reference written in other letters, a part that CSAF forbids.
std::string problem_of_name(std::string_view id, std::string_view prefix) {
  const std::string lower = lower_case(id);
  if (lower.starts_with("documentref-")) return "a DocumentRef, which CSAF does not allow";
  for (const std::string_view known : {"LicenseRef-", "AdditionRef-"}) {
    if (!lower.starts_with(lower_case(known))) continue;
    if (!id.starts_with(known)) return fmt::format("'{}' in other letters", known);
    if (known != prefix) return fmt::format("{} in the place of the other kind", known);
    if (!is_id(id.substr(known.size())))
      return fmt::format("no letters, digits, '-' and '.' alone behind {}", known);
    return "";
  }
  return is_id(id) ? "" : fmt::format("'{}', which is no identifier", quotable(id));
}

}  // namespace

LicenseExpression parse_license_expression(std::string_view text) {
  LicenseExpression expression;
  const auto object = [&](std::string problem) {
    if (expression.problem.empty()) expression.problem = std::move(problem);
  };
  std::size_t open = 0;
  bool needs_name = true;      // at the start, after an operator and after '('
  bool may_have_with = false;  // right after a licence
  bool needs_exception = false;
  for (std::string_view piece : pieces_of(text)) {
    if (needs_exception) {
      object(problem_of_name(piece, "AdditionRef-"));
      expression.names.push_back({piece, true});
      needs_exception = false;
    } else if (piece == "(") {
      if (!needs_name) object("a '(' without an operator before it");
      ++open;
      may_have_with = false;
    } else if (piece == ")") {
      if (needs_name || open == 0) object("a ')' in the wrong place");
      if (open > 0) --open;
      may_have_with = false;
    } else if (is_operator(piece)) {
      if (needs_name) object(fmt::format("'{}' without a licence before it", piece));
      needs_name = true;
      may_have_with = false;
    } else if (is_with(piece)) {
      if (!may_have_with) object(fmt::format("'{}' without a licence before it", piece));
      needs_exception = true;
      may_have_with = false;
    } else {
      if (!needs_name) object(fmt::format("'{}' without an operator before it", quotable(piece)));
      const bool has_plus = piece.ends_with('+') && !piece.starts_with("LicenseRef-");
      if (has_plus) piece.remove_suffix(1);
      object(problem_of_name(piece, "LicenseRef-"));
      expression.names.push_back({piece, false});
      needs_name = false;
      may_have_with = true;
    }
  }
  if (needs_name || needs_exception) object("nothing where a name should stand");
  if (open > 0) object("a '(' that is not closed");
  return expression;
}

}  // namespace lockstep::formats::csaf
