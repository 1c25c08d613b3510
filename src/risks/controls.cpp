// SPDX-License-Identifier: Apache-2.0
// What controls leave over of a risk.
//
// A control takes away the share e, as far as its evidence carries: w is 1 for measured, less for
// reviewed and declared, halves every year unless the evidence has an expiry of its own, and is 0
// once that has passed. Warnings and training may not do more than halve a risk, whatever is
// declared: measures in the design come first.
//
// DEVIATION(4.4): all controls count as independent; the product file has no word for a common
// cause yet, and the report says so.
//
// Source: risk method, section 4.4.
#include "risks/controls.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::risks {
namespace {

struct Weight {
  double value = 0;
  std::string because;
};

std::optional<double> strength_of(const std::string& word, const ControlPolicy& policy) {
  if (word == "measured") return policy.measured;
  if (word == "reviewed") return policy.reviewed;
  if (word == "declared") return policy.declared;
  return std::nullopt;
}

Weight aged(
    double strength, std::string_view word, Day made, Day as_of, const ControlPolicy& policy) {
  if (made > as_of)
    return {0, fmt::format("its evidence is dated {}, in the future", to_text(made))};
  const double days = static_cast<double>((as_of - made).count());
  return {strength * age_factor(days, policy.half_life_days),
          fmt::format("{} {:.0f} days ago", word, days)};
}

Weight weigh(const ControlInput& input,
             std::span<const Evidence> evidence,
             Day as_of,
             const ControlPolicy& policy) {
  const auto strength = strength_of(input.strength, policy);
  if (!strength)
    return {0, fmt::format("expected strength measured, reviewed or declared, found '{}'",
                           quotable(input.strength))};
  const auto found = std::ranges::find(evidence, input.evidence, &Evidence::id);
  const bool has_evidence = !input.evidence.empty() && found != evidence.end();
  if (!has_evidence && (input.strength != "declared" || !input.evidence.empty()))
    return {0, fmt::format("its evidence '{}' is not listed", quotable(input.evidence))};
  if (has_evidence && !found->expires.empty()) {
    const auto expires = parse_day(found->expires);
    if (!expires || *expires < as_of)
      return {0, fmt::format("its evidence expired on {}", quotable(found->expires))};
    return {*strength, fmt::format("{}, evidence valid until {}", input.strength, found->expires)};
  }
  const auto made = parse_day(input.date);
  if (!made) return {0, "its evidence has no date"};
  return aged(*strength, input.strength, *made, as_of, policy);
}

}  // namespace

double age_factor(double days, double half_life_days) {
  return std::exp2(-days / half_life_days);
}

WeighedControl weigh_control(const ControlInput& input,
                             std::span<const Evidence> evidence,
                             Day as_of,
                             const ControlPolicy& policy) {
  const Weight weight = weigh(input, evidence, as_of, policy);
  const double effectiveness = std::clamp(input.effectiveness, 0.0, 1.0);
  return {{input.id, input.title, input.hierarchy, effectiveness, weight.value, input.evidence},
          fmt::format("{} (weight {:.2f}): {}", input.id, weight.value, weight.because)};
}

double residual(std::span<const Control> controls, const ControlPolicy& policy) {
  double technical = 1;
  double information = 1;
  for (const Control& control : controls) {
    const bool is_technical = control.hierarchy == "design" || control.hierarchy == "protective";
    (is_technical ? technical : information) *= 1 - control.weight * control.effectiveness;
  }
  return technical * std::max(information, policy.information_least);
}

}  // namespace lockstep::risks
