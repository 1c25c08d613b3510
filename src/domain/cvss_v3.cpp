// SPDX-License-Identifier: Apache-2.0
// The equations of CVSS 3.0 and 3.1. They differ in two places: how a score is rounded up to a
// tenth, and the impact of a modified vector with changed scope.
//
// Source: FIRST, Specification Documents of CVSS 3.0 (section 8) and 3.1 (section 7, appendix A).
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.hpp"
#include "base/result.hpp"
#include "domain/cvss.hpp"
#include "domain/cvss_vector.hpp"

namespace lockstep {

namespace {

using enum CvssGroup;

constexpr std::array metrics = {
    CvssMetric{"AV", "N A L P", base},
    CvssMetric{"AC", "L H", base},
    CvssMetric{"PR", "N L H", base},
    CvssMetric{"UI", "N R", base},
    CvssMetric{"S", "U C", base},
    CvssMetric{"C", "H L N", base},
    CvssMetric{"I", "H L N", base},
    CvssMetric{"A", "H L N", base},
    CvssMetric{"E", "X H F P U", temporal},
    CvssMetric{"RL", "X U W T O", temporal},
    CvssMetric{"RC", "X C R U", temporal},
    CvssMetric{"CR", "X H M L", environmental},
    CvssMetric{"IR", "X H M L", environmental},
    CvssMetric{"AR", "X H M L", environmental},
    CvssMetric{"MAV", "X N A L P", environmental},
    CvssMetric{"MAC", "X L H", environmental},
    CvssMetric{"MPR", "X N L H", environmental},
    CvssMetric{"MUI", "X N R", environmental},
    CvssMetric{"MS", "X U C", environmental},
    CvssMetric{"MC", "X H L N", environmental},
    CvssMetric{"MI", "X H L N", environmental},
    CvssMetric{"MA", "X H L N", environmental},
};

using Weights = std::initializer_list<std::pair<std::string_view, double>>;

double weight_of(std::string_view value, Weights weights) {
  for (const auto& [word, number] : weights) {
    if (word == value) return number;
  }
  LS_CHECK(false, "a value of the table has no weight");
}

/// Which metrics an equation speaks of: those of the vector, or the modified ones over them.
enum class View { original, modified };

std::string_view value_in(const CvssVector& vector, View view, const std::string& metric) {
  const std::string_view original = vector.value(metric);
  if (view == View::original) return original;
  const std::string_view modified = vector.value("M" + metric, "X");
  return modified == "X" ? original : modified;
}

double round_up(double score, CvssMinor minor) {
  if (minor == CvssMinor::zero) return std::ceil(score * 10 - 1e-9) / 10;
  const double units = std::round(score * 100'000);
  return std::ceil(units / 10'000) / 10;
}

double exploitability(const CvssVector& vector, View view) {
  const bool changed = value_in(vector, view, "S") == "C";
  const double access =
      weight_of(value_in(vector, view, "AV"), {{"N", 0.85}, {"A", 0.62}, {"L", 0.55}, {"P", 0.2}});
  const double complexity = weight_of(value_in(vector, view, "AC"), {{"L", 0.77}, {"H", 0.44}});
  const double privileges =
      weight_of(value_in(vector, view, "PR"),
                {{"N", 0.85}, {"L", changed ? 0.68 : 0.62}, {"H", changed ? 0.5 : 0.27}});
  const double interaction = weight_of(value_in(vector, view, "UI"), {{"N", 0.85}, {"R", 0.62}});
  return 8.22 * access * complexity * privileges * interaction;
}

double impact_weight(const CvssVector& vector, View view, const std::string& metric) {
  const double impact =
      weight_of(value_in(vector, view, metric), {{"H", 0.56}, {"L", 0.22}, {"N", 0.0}});
  if (view == View::original) return impact;
  return impact * weight_of(vector.value(metric + "R", "X"),
                            {{"X", 1.0}, {"H", 1.5}, {"M", 1.0}, {"L", 0.5}});
}

double impact(const CvssVector& vector, View view, CvssMinor minor) {
  double sub_score = 1 - (1 - impact_weight(vector, view, "C")) *
                             (1 - impact_weight(vector, view, "I")) *
                             (1 - impact_weight(vector, view, "A"));
  if (view == View::modified) sub_score = std::min(sub_score, 0.915);
  if (value_in(vector, view, "S") == "U") return 6.42 * sub_score;
  const double tail = view == View::modified && minor == CvssMinor::one
                          ? std::pow(sub_score * 0.9731 - 0.02, 13)
                          : std::pow(sub_score - 0.02, 15);
  return 7.52 * (sub_score - 0.029) - 3.25 * tail;
}

/// The base score of the vector, or of the modified vector.
double base_score(const CvssVector& vector, View view, CvssMinor minor) {
  const double impact_score = impact(vector, view, minor);
  if (impact_score <= 0) return 0;
  const double factor = value_in(vector, view, "S") == "C" ? 1.08 : 1.0;
  return round_up(std::min(factor * (impact_score + exploitability(vector, view)), 10.0), minor);
}

double temporal_factor(const CvssVector& vector) {
  return weight_of(vector.value("E", "X"),
                   {{"X", 1.0}, {"H", 1.0}, {"F", 0.97}, {"P", 0.94}, {"U", 0.91}}) *
         weight_of(vector.value("RL", "X"),
                   {{"X", 1.0}, {"U", 1.0}, {"W", 0.97}, {"T", 0.96}, {"O", 0.95}}) *
         weight_of(vector.value("RC", "X"), {{"X", 1.0}, {"C", 1.0}, {"R", 0.96}, {"U", 0.92}});
}

}  // namespace

Result<CvssScores> score_cvss_v3(std::string_view text, CvssMinor minor) {
  TRY(const CvssVector vector, parse_cvss_metrics(text, metrics, CvssOrder::any));
  const double factor = temporal_factor(vector);
  CvssScores scores;
  scores.version = minor == CvssMinor::one ? "3.1" : "3.0";
  scores.base = base_score(vector, View::original, minor);
  scores.temporal = round_up(*scores.base * factor, minor);
  scores.environmental = round_up(base_score(vector, View::modified, minor) * factor, minor);
  // In 3.1 the modified equations give another number even where nothing is modified, so they
  // count only where the vector defines an environmental metric.
  scores.overall = vector.defines(environmental) ? *scores.environmental : *scores.temporal;
  return scores;
}

}  // namespace lockstep
