// SPDX-License-Identifier: Apache-2.0
// The days from the publication of a weakness to its fix reaching users.
//
// Here the way in which a maker handles vulnerabilities enters the numbers: with P30 = 0.225 the
// probability of being exploited before the fix is 0.058 for a window of 7 days, 0.112 for 14,
// 0.534 for 90 and 0.955 for a year. The window is the 95 % quantile of the maker's own records,
// not their mean: the one late fix is the one that is used. Records count when an entry of evidence
// that has not expired stands behind them and when there are enough of them; else a year counts,
// which needs no score for "no process", only the time for which nobody can show that users were
// safe.
//
// Source: risk method, section 4.1, exposure window.
#include "risks/exposure_window.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <vector>

#include "base/check.hpp"
#include "base/text.hpp"

namespace lockstep::risks {
namespace {

/// Why the records do not count; "" when they do.
std::string flaw(const Product& product, const VulnerabilityPolicy& policy, Day as_of) {
  const HandlingInput& handling = product.handling;
  if (handling.days_to_fix.empty())
    return "no record of how fast fixes reach users (handling.days_to_fix)";
  const std::string place = fmt::format("handling.days_to_fix, line {}", handling.where.line);
  if (handling.days_to_fix.size() < policy.fixes_at_least)
    return fmt::format("{}: {} fixes are fewer than the {} that the policy wants", place,
                       handling.days_to_fix.size(), policy.fixes_at_least);
  if (handling.evidence.empty()) return place + ": the records name no evidence";
  const auto found = std::ranges::find(product.evidence, handling.evidence, &Evidence::id);
  if (found == product.evidence.end())
    return fmt::format("{}: evidence '{}' is not listed", place, quotable(handling.evidence));
  if (found->expires.empty()) return "";
  const auto expires = parse_day(found->expires);
  if (expires && *expires >= as_of) return "";
  return fmt::format("{}: evidence '{}' expired on {}", place, quotable(handling.evidence),
                     quotable(found->expires));
}

}  // namespace

double nearest_rank(std::span<const double> values, double p) {
  LS_CHECK(!values.empty() && p > 0 && p <= 1, "a quantile needs values and 0 < p <= 1");
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  // A hair less, so that 0.95 of 20 is the 19th and not, by rounding, the 20th.
  const double rank = std::ceil(p * static_cast<double>(sorted.size()) - 1e-9);
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

ExposureWindow exposure_window(const Product& product,
                               const VulnerabilityPolicy& policy,
                               Day as_of) {
  const std::string missing = flaw(product, policy, as_of);
  if (!missing.empty())
    return {policy.days_to_fix_unknown, 0, false,
            fmt::format("{}: {:.0f} days count", missing, policy.days_to_fix_unknown)};
  const HandlingInput& handling = product.handling;
  return {
      nearest_rank(handling.days_to_fix, 0.95), nearest_rank(handling.days_to_fix, 0.05), true,
      fmt::format("95 % quantile of {} fixes (handling.days_to_fix, line {}; evidence '{}')",
                  handling.days_to_fix.size(), handling.where.line, quotable(handling.evidence))};
}

}  // namespace lockstep::risks
