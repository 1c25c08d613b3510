// SPDX-License-Identifier: Apache-2.0
// The equations of CVSS 2.0. Each score is rounded to the nearest tenth, halves up.
//
// Source: FIRST, "A Complete Guide to the Common Vulnerability Scoring System Version 2.0",
// section 3.2.
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
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
    CvssMetric{"AV", "L A N", base},
    CvssMetric{"AC", "H M L", base},
    CvssMetric{"Au", "M S N", base},
    CvssMetric{"C", "N P C", base},
    CvssMetric{"I", "N P C", base},
    CvssMetric{"A", "N P C", base},
    CvssMetric{"E", "U POC F H ND", temporal},
    CvssMetric{"RL", "OF TF W U ND", temporal},
    CvssMetric{"RC", "UC UR C ND", temporal},
    CvssMetric{"CDP", "N L LM MH H ND", environmental},
    CvssMetric{"TD", "N L M H ND", environmental},
    CvssMetric{"CR", "L M H ND", environmental},
    CvssMetric{"IR", "L M H ND", environmental},
    CvssMetric{"AR", "L M H ND", environmental},
};

using Weights = std::initializer_list<std::pair<std::string_view, double>>;

/// The weight of a metric's value; `not_defined` for ND.
double weight(const CvssVector& vector,
              std::string_view metric,
              Weights weights,
              double not_defined = 0) {
  const std::string_view value = vector.value(metric, "ND");
  if (value == "ND") return not_defined;
  for (const auto& [word, number] : weights) {
    if (word == value) return number;
  }
  LS_CHECK(false, "a value of the table has no weight");
}

double impact_weight(const CvssVector& vector, std::string_view metric) {
  return weight(vector, metric, {{"N", 0.0}, {"P", 0.275}, {"C", 0.660}});
}

double requirement(const CvssVector& vector, std::string_view metric) {
  return weight(vector, metric, {{"L", 0.5}, {"M", 1.0}, {"H", 1.51}}, 1.0);
}

/// The decimals of the equations are few; what is within 1e-9 of a half is a half.
double round_to_tenth(double score) {
  return std::floor(score * 10 + 0.5 + 1e-9) / 10;
}

double base_score(const CvssVector& vector, double impact) {
  const double exploitability = 20 *
                                weight(vector, "AV", {{"L", 0.395}, {"A", 0.646}, {"N", 1.0}}) *
                                weight(vector, "AC", {{"H", 0.35}, {"M", 0.61}, {"L", 0.71}}) *
                                weight(vector, "Au", {{"M", 0.45}, {"S", 0.56}, {"N", 0.704}});
  const double factor = impact == 0 ? 0 : 1.176;
  return round_to_tenth((0.6 * impact + 0.4 * exploitability - 1.5) * factor);
}

double temporal_factor(const CvssVector& vector) {
  return weight(vector, "E", {{"U", 0.85}, {"POC", 0.9}, {"F", 0.95}, {"H", 1.0}}, 1.0) *
         weight(vector, "RL", {{"OF", 0.87}, {"TF", 0.90}, {"W", 0.95}, {"U", 1.0}}, 1.0) *
         weight(vector, "RC", {{"UC", 0.90}, {"UR", 0.95}, {"C", 1.0}}, 1.0);
}

double environmental_score(const CvssVector& vector) {
  const double impact =
      10.41 * (1 - (1 - impact_weight(vector, "C") * requirement(vector, "CR")) *
                       (1 - impact_weight(vector, "I") * requirement(vector, "IR")) *
                       (1 - impact_weight(vector, "A") * requirement(vector, "AR")));
  const double adjusted =
      round_to_tenth(base_score(vector, std::min(10.0, impact)) * temporal_factor(vector));
  const double collateral =
      weight(vector, "CDP", {{"N", 0.0}, {"L", 0.1}, {"LM", 0.3}, {"MH", 0.4}, {"H", 0.5}}, 0.0);
  const double targets =
      weight(vector, "TD", {{"N", 0.0}, {"L", 0.25}, {"M", 0.75}, {"H", 1.0}}, 1.0);
  return round_to_tenth((adjusted + (10 - adjusted) * collateral) * targets);
}

}  // namespace

Result<CvssScores> score_cvss_v2(std::string_view text) {
  TRY(const CvssVector vector, parse_cvss_metrics(text, metrics, CvssOrder::fixed));
  const double impact =
      10.41 * (1 - (1 - impact_weight(vector, "C")) * (1 - impact_weight(vector, "I")) *
                       (1 - impact_weight(vector, "A")));
  CvssScores scores;
  scores.version = "2.0";
  scores.base = base_score(vector, impact);
  scores.overall = *scores.base;
  if (vector.names(temporal)) {
    scores.temporal = round_to_tenth(*scores.base * temporal_factor(vector));
    scores.overall = *scores.temporal;
  }
  if (vector.names(environmental)) {
    scores.environmental = environmental_score(vector);
    scores.overall = *scores.environmental;
  }
  return scores;
}

}  // namespace lockstep
