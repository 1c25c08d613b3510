// SPDX-License-Identifier: Apache-2.0
// From probability and severity to a level, and from a level to what must be done.
//
// Both tables are data: the matrix (data/risks/matrix.yaml, with its source) and what each level
// asks for (data/risks/policy.yaml). A decision counts while it has a name, a reason and, where
// the level wants one, an expiry that is near enough and not yet past. Grave and irreversible harm
// to rights is never accepted on probability alone, whatever the level.
//
// GAP(5): a second reviewer of a high risk, and the tag for significant cybersecurity risks, have
// no place in the product file and the register yet.
//
// Source: risk method, section 5.
#include "risks/levels.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"

namespace lockstep::risks {
namespace {

/// Why the decision does not count; "" when it does.
std::string flaw(const RiskJudgement* judgement, int expires_within_days, Day as_of) {
  if (judgement == nullptr || judgement->decision.empty()) return "nobody has decided";
  if (judgement->decision != "accepted" && judgement->decision != "mitigated")
    return fmt::format("expected the decision accepted or mitigated, found '{}'",
                       quotable(judgement->decision));
  if (judgement->by.empty()) return "the decision names nobody";
  if (judgement->reason.empty()) return "the decision gives no reason";
  const auto expires = parse_day(judgement->expires);
  if (!judgement->expires.empty() && !expires)
    return fmt::format("expected the expiry as a date, found '{}'", quotable(judgement->expires));
  if (expires && *expires < as_of)
    return fmt::format("the decision expired on {}", judgement->expires);
  if (expires_within_days == 0) return "";
  if (!expires) return "the decision has no expiry";
  if (*expires > as_of + std::chrono::days(expires_within_days))
    return fmt::format("the decision expires on {}, later than the {} days that the policy allows",
                       judgement->expires, expires_within_days);
  return "";
}

std::string words(const RiskJudgement& judgement) {
  std::string text = fmt::format("{} by {}", judgement.decision, quotable(judgement.by));
  if (!judgement.expires.empty()) text += " until " + judgement.expires;
  return text;
}

}  // namespace

Rated rate(double probability, int severity, const RiskRules& rules) {
  LS_CHECK(1 <= severity && severity <= 4, "severity lies between 1 and 4");
  LS_CHECK(!rules.bands.empty(), "the matrix has bands");
  const auto column = static_cast<std::size_t>(severity - 1);
  const auto found =
      std::ranges::find_if(rules.bands, [&](const Band& band) { return probability > band.above; });
  const Band& band = found == rules.bands.end() ? rules.bands.back() : *found;
  return {band.words, band.levels[column]};
}

Decided decide(const LevelPolicy& level,
               const Harm& harm,
               const RiskJudgement* judgement,
               Day as_of) {
  using Asks = LevelPolicy::Asks;
  const bool is_grave = harm.harm_class == "R" && harm.severity == 4;
  if (level.asks == Asks::redesign) return {level.then, level.says, ""};
  if (level.asks == Asks::decision || is_grave) {
    const std::string missing = flaw(judgement, level.expires_within_days, as_of);
    if (missing.empty()) return {level.then, words(*judgement), ""};
    const std::string why =
        is_grave ? "grave harm to rights is not accepted on probability alone, and " : "";
    return {State::human, level.says, why + missing};
  }
  if (judgement != nullptr && !judgement->decision.empty()) {
    const std::string missing = flaw(judgement, level.expires_within_days, as_of);
    if (missing.empty()) return {level.then, words(*judgement), ""};
    return {State::human, level.says, missing};
  }
  if (level.asks == Asks::reason && (judgement == nullptr || judgement->reason.empty()))
    return {State::human, level.says, "the reason is not recorded"};
  return {level.then, level.says, ""};
}

}  // namespace lockstep::risks
