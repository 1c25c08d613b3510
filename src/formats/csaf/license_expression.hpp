// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::formats::csaf {

/// One name in a licence expression; a view into its text.
struct LicenseName {
  std::string_view id;        ///< without the "+" of "or later"
  bool is_exception = false;  ///< it stands behind WITH
};

struct LicenseExpression {
  std::vector<LicenseName> names;  ///< in order
  std::string problem;             ///< what breaks the grammar, in words; "" when nothing does
};

/// Reads an expression. Source: SPDX 3.0.1, annex B; CSAF 2.1, 3.2.2.6 (no DocumentRef).
LicenseExpression parse_license_expression(std::string_view text);

}  // namespace lockstep::formats::csaf
