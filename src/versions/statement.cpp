// SPDX-License-Identifier: Apache-2.0
#include "versions/statement.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <fmt/core.h>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/text.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

struct Statement {
  std::string_view left;
  char sign;
  std::string_view right;
};

/// The first of < = > that stands alone between white space parts the line, so that a version may
/// contain such a sign or a space.
std::optional<Statement> parse_statement(std::string_view line) {
  for (std::size_t i = 1; i + 1 < line.size(); ++i) {
    const char sign = line[i];
    if (sign != '<' && sign != '=' && sign != '>') continue;
    if (!is_space(line[i - 1]) || !is_space(line[i + 1])) continue;
    const Statement statement = {trim(line.substr(0, i)), sign, trim(line.substr(i + 1))};
    if (statement.left.empty() || statement.right.empty()) return std::nullopt;
    return statement;
  }
  return std::nullopt;
}

char sign_of(std::weak_ordering order) {
  if (std::is_lt(order)) return '<';
  return std::is_gt(order) ? '>' : '=';
}

}  // namespace

Result<StatementReport> check_statements(const Scheme& scheme,
                                         std::string_view text,
                                         const std::string& file) {
  if (text.size() > max_statements_bytes) {
    return fail(ErrorKind::input, "version.size",
                fmt::format("expected at most {} bytes of statements, found {}; split the file",
                            max_statements_bytes, text.size()),
                {file});
  }
  StatementReport report;
  int number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = trim(text.substr(start, end - start));
    start = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (line.size() > max_statement_bytes) {
      return fail(ErrorKind::input, "version.size",
                  fmt::format("expected a line of at most {} bytes, found {}", max_statement_bytes,
                              line.size()),
                  {file, number});
    }
    const auto statement = parse_statement(line);
    if (!statement) {
      return fail(ErrorKind::input, "version.statement",
                  fmt::format("expected 'A < B', 'A = B' or 'A > B', found '{}'", quotable(line)),
                  {file, number});
    }
    const char says = sign_of(scheme.compare(statement->left, statement->right));
    if (says == statement->sign) {
      ++report.right;
      continue;
    }
    ++report.wrong;
    report.lines.push_back(fmt::format("line {}: {} {} {}, but lockstep says {}", number,
                                       statement->left, statement->sign, statement->right, says));
  }
  return report;
}

std::string summary(const StatementReport& report) {
  return fmt::format("{} right, {} wrong", report.right, report.wrong);
}

}  // namespace lockstep::versions
