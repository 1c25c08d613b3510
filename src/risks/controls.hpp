// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/product.hpp"
#include "domain/risk.hpp"

namespace lockstep::risks {

/// Values of policy for controls.
struct ControlPolicy {
  double measured = 1.0;
  double reviewed = 0.7;
  double declared = 0.4;
  double half_life_days = 365;
  double information_least = 0.5;  ///< what information alone must leave over
};

/// Halves every `half_life_days`. @param days since the evidence was made, >= 0
double age_factor(double days, double half_life_days);

/// A control with its weight, and why it is what it is.
struct WeighedControl {
  Control control;
  std::string because;
};

/// Weighs what a person declared: strength of evidence times its age; 0 when the evidence is not
/// there, has expired, or has no date.
WeighedControl weigh_control(const ControlInput& input,
                             std::span<const Evidence> evidence,
                             Day as_of,
                             const ControlPolicy& policy);

/// The share that independent controls leave over: the product of 1 - w e, where information and
/// training together leave at least `information_least`.
double residual(std::span<const Control> controls, const ControlPolicy& policy);

}  // namespace lockstep::risks
