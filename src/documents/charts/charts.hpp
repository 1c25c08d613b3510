// SPDX-License-Identifier: Apache-2.0
// The charts of the report. Each gives a figure: a drawing with title and description, and a table
// with the same numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "documents/tree.hpp"
#include "domain/dossier.hpp"

namespace lockstep::documents {

/// Robust accuracy against epsilon with the band of the 95 % intervals; epsilon 0 is the clean
/// accuracy. A dashed line shows the accuracy that the threshold asks for, where there is one.
/// Nothing when the measurement has fewer than two points.
std::optional<Figure> accuracy_curve(const Measurement& test,
                                     const std::optional<Threshold>& threshold);

/// Share of right answers against confidence, with the exact interval of each bin. Nothing when
/// there are no bins.
std::optional<Figure> reliability_diagram(const std::string& model, const Calibration& calibration);

/// How many findings of each severity there are, and how many of them block or wait.
Figure severity_bars(const std::vector<Finding>& findings);

/// Probability of exploitation against severity, one shape for each finding that has both.
/// Nothing when there are none.
std::optional<Figure> exploit_scatter(const std::vector<Finding>& findings);

/// The legal dates of the product on one line, with the day of the report.
/// Nothing when there are none.
std::optional<Figure> timeline(const LegalView& law, Day as_of);

}  // namespace lockstep::documents
