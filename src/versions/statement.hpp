// SPDX-License-Identifier: Apache-2.0
// Statements about an order, such as other people's tables of versions are made of:
//
//   # comment
//   1.0~rc1 < 1.0
//   1.0 = 0:1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "versions/scheme.hpp"

namespace lockstep::versions {

struct StatementReport {
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::vector<std::string> lines;  ///< "line 3: 1.0 < 0.9, but lockstep says >", in file order
};

/// Compares each line "A OP B" of the text (OP one of < = >, with white space around it) with the
/// scheme's order. Blank lines and lines that begin with '#' are passed over. `file` is for
/// messages. Errors: version.statement for the first line that is no statement, version.size for a
/// line or a text over the limits of limits.hpp.
Result<StatementReport> check_statements(const Scheme& scheme,
                                         std::string_view text,
                                         const std::string& file);

/// "40 right, 2 wrong"
std::string summary(const StatementReport& report);

}  // namespace lockstep::versions
