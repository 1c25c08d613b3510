// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "base/time.hpp"
#include "domain/product.hpp"
#include "risks/vulnerability.hpp"

namespace lockstep::risks {

/// How long users stay exposed to a weakness that everyone can read about.
struct ExposureWindow {
  double days = 365;      ///< W, the value that counts
  double days_low = 0;    ///< W could be as short as this: the 5 % quantile of the records, or 0
  bool is_shown = false;  ///< from records with valid evidence; false: a value of policy
  std::string because;    ///< which records, or why there are none that count
};

/// W from the maker's own records, or the value of policy where they show nothing: no record, fewer
/// fixes than the policy wants, no evidence behind them, or evidence that has expired.
ExposureWindow exposure_window(const Product& product,
                               const VulnerabilityPolicy& policy,
                               Day as_of);

/// The value at the nearest rank, ceil(p n): the largest value for p = 0.95 and n < 20, so that few
/// records never look faster than their slowest.
/// @param values at least one, in any order  @param p in (0, 1]
double nearest_rank(std::span<const double> values, double p);

}  // namespace lockstep::risks
