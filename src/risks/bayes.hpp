// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "risks/distribution.hpp"

namespace lockstep::risks {

/// How good a scanner is at telling bad from good, from planted canaries. Without them a result
/// changes nothing: sensitivity + false alarms = 1.
struct Scanner {
  double sensitivity = 0.5;
  double false_alarms = 0.5;  ///< 1 - specificity
};

enum class ScanResult { clean, hit };

/// Conservative (95 %) bounds from canaries that were planted in this very pipeline.
/// @param found of `planted` bad ones; `alarms` on `good` ones
Scanner calibrated(int found, int planted, int alarms, int good);

/// How far a result moves the odds: (1 - Se)/Sp for a clean one, Se/(1 - Sp) for a hit.
double likelihood_ratio(const Scanner& scanner, ScanResult result);

/// The prior after the odds were multiplied by the ratio, held within [1/20, 20] by policy.
double updated(double prior, double ratio, double ratio_max = 20);

/// The rate after k incidents in `exposure` unit-years, from a prior rate that is worth
/// `prior_exposure` unit-years.
Gamma incident_rate(double prior_rate, double prior_exposure, int incidents, double exposure);

}  // namespace lockstep::risks
