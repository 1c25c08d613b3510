// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep {

/// The scores of one CVSS vector, each from 0 to 10 with one decimal.
struct CvssScores {
  std::string version;  ///< "2.0", "3.0", "3.1", "4.0"
  /// The base metrics alone.
  std::optional<double> base;
  /// Versions 2 and 3. Version 2 has one only where the vector names a temporal metric.
  std::optional<double> temporal;
  /// Versions 2 and 4 have one only where the vector names an environmental metric; in version 4
  /// the threat metric stays out of it.
  std::optional<double> environmental;
  /// Version 4, where the vector names the threat metric: base and threat.
  std::optional<double> threat;
  /// Version 4: which groups of metrics entered `overall`: "CVSS-B", "CVSS-BT", "CVSS-BE" or
  /// "CVSS-BTE"; a metric that is named as not defined (X) enters nothing. "" in other versions.
  std::string nomenclature;
  /// With all metrics that the vector names: the number to show.
  double overall = 0;
  /// The word for `overall`: none, low, medium, high, critical. Version 2 knows low to high only.
  std::string rating;
};

/// Scores a vector of CVSS 2.0 (without a prefix), 3.0, 3.1 or 4.0 (with "CVSS:3.1/"). Strict:
/// every mandatory metric once, no unknown metric or value; in versions 2 and 4 in the standard's
/// order. Error: cvss.vector.
/// Source: FIRST, "A Complete Guide to CVSS Version 2.0"; Specification Documents of CVSS 3.0, 3.1
/// and 4.0.
Result<CvssScores> score_cvss(std::string_view vector);

}  // namespace lockstep
