// SPDX-License-Identifier: Apache-2.0
// Two small updates by Bayes' rule: a judged prior after a scan, and a judged rate after incidents.
//
// Source: risk method, sections 4.3 and 4.5.
#include "risks/bayes.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/statistics.hpp"

namespace lockstep::risks {

Scanner calibrated(int found, int planted, int alarms, int good) {
  return {lower_bound(found, planted), upper_bound(alarms, good)};
}

double likelihood_ratio(const Scanner& scanner, ScanResult result) {
  LS_CHECK(0 < scanner.false_alarms && scanner.false_alarms < 1,
           "false alarms lie between 0 and 1");
  return result == ScanResult::clean ? (1 - scanner.sensitivity) / (1 - scanner.false_alarms)
                                     : scanner.sensitivity / scanner.false_alarms;
}

double updated(double prior, double ratio, double ratio_max) {
  LS_CHECK(0 < prior && prior < 1 && ratio_max >= 1, "a prior lies between 0 and 1");
  const double odds = prior / (1 - prior) * std::clamp(ratio, 1 / ratio_max, ratio_max);
  return odds / (1 + odds);
}

Gamma incident_rate(double prior_rate, double prior_exposure, int incidents, double exposure) {
  return {prior_rate * prior_exposure + incidents, prior_exposure + exposure};
}

}  // namespace lockstep::risks
