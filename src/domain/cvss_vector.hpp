// SPDX-License-Identifier: Apache-2.0
// The inside of CVSS: reading a vector against a table of metrics, and the four sets of equations.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/cvss.hpp"

namespace lockstep {

enum class CvssGroup { base, temporal, environmental, supplemental };

/// One metric: its name and its values, in the standard's words.
struct CvssMetric {
  std::string_view name;
  std::string_view values;  ///< separated by spaces
  CvssGroup group;
};

enum class CvssOrder { any, fixed };

/// The metrics that a vector names. Views into the vector.
class CvssVector {
 public:
  CvssVector(std::span<const CvssMetric> metrics, std::vector<std::string_view> values)
      : metrics_(metrics), values_(std::move(values)) {}

  /// The value of a metric of the table, or `otherwise` where the vector does not name it.
  std::string_view value(std::string_view metric, std::string_view otherwise = {}) const;

  /// Whether the vector names a metric of the group.
  bool names(CvssGroup group) const;

  /// Whether the vector gives a metric of the group another value than X, "not defined".
  bool defines(CvssGroup group) const;

 private:
  std::span<const CvssMetric> metrics_;
  std::vector<std::string_view> values_;  ///< one per metric; "" when it is not named
};

/// Reads "AV:N/AC:L/..." Each metric at most once, those of the base group exactly once. Error:
/// cvss.vector.
Result<CvssVector> parse_cvss_metrics(std::string_view text,
                                      std::span<const CvssMetric> metrics,
                                      CvssOrder order);

/// The texts are what follows the prefix. Error: cvss.vector.
Result<CvssScores> score_cvss_v2(std::string_view text);

enum class CvssMinor { zero, one };

Result<CvssScores> score_cvss_v3(std::string_view text, CvssMinor minor);
Result<CvssScores> score_cvss_v4(std::string_view text);

/// The place of a macro vector of CVSS 4.0: one level, 0 the most severe, per equivalence set.
struct CvssMacroVector {
  int eq1 = 0;
  int eq2 = 0;
  int eq3 = 0;
  int eq4 = 0;
  int eq5 = 0;
  int eq6 = 0;
};

/// The score of a macro vector in tenths, or -1 when there is no such macro vector.
int cvss_macro_score(const CvssMacroVector& place);

}  // namespace lockstep
