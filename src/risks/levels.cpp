// SPDX-License-Identifier: Apache-2.0
// From probability and severity to a level, and from a level to what must be done.
//
// Both tables are data: the matrix (data/risks/matrix.yaml, with its source) and what each level
// asks for (data/risks/policy.yaml). A decision counts while it has a name and a reason and, where
// the level wants them, a second person who reviewed it and an expiry that is near enough and not
// yet past. Grave and irreversible harm to rights is never accepted on probability alone, whatever
// the level.
//
// GAP(5): whether further measures of design are not feasible, and measures of protection and of
// information exist, is for the reviewer of a high risk to read in the reason; nothing checks it.
//
// Source: risk method, section 5.
#include "risks/levels.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"

namespace lockstep::risks {
namespace {

/// The key that a sentence speaks of and the line of the product file: "'expires', line 40".
std::string key_at(std::string_view key, const Position& where) {
  return where.line > 0 ? fmt::format("'{}', line {}", key, where.line) : fmt::format("'{}'", key);
}

/// The same day of the month so many months later; the month's last day where there is none.
Day months_later(Day day, int months) {
  const std::chrono::year_month_day date{day};
  const std::chrono::year_month month =
      std::chrono::year_month{date.year(), date.month()} + std::chrono::months(months);
  const std::chrono::year_month_day same = month / date.day();
  return same.ok() ? Day(same) : Day(month / std::chrono::last);
}

/// What is wrong with the expiry of a decision; "" when nothing is.
std::string expiry_flaw(const RiskJudgement& judgement, const LevelPolicy& level, Day as_of) {
  const std::string key = key_at("expires", judgement.expires_where);
  const auto expires = parse_day(judgement.expires);
  if (!judgement.expires.empty() && !expires)
    return fmt::format("expected the expiry ({}) as a date, found '{}'", key,
                       quotable(judgement.expires));
  if (expires && *expires < as_of)
    return fmt::format("the decision expired on {} ({})", judgement.expires, key);
  if (level.expires_within_months == 0) return "";
  if (!expires) return fmt::format("the decision has no expiry ({})", key);
  const Day last = months_later(as_of, level.expires_within_months);
  if (*expires <= last) return "";
  return fmt::format(
      "the decision expires on {} ({}), after {}, the end of the {} months that the policy allows",
      judgement.expires, key, to_text(last), level.expires_within_months);
}

/// What is missing of the second person; "" when nothing is.
std::string reviewer_flaw(const RiskJudgement& judgement, const LevelPolicy& level) {
  if (level.decided_by_at_least < 2) return "";
  const std::string key = key_at("reviewed_by", judgement.reviewed_by_where);
  const std::string_view reviewer = trim(judgement.reviewed_by);
  if (reviewer.empty()) return fmt::format("nobody has reviewed the decision ({})", key);
  if (lower_case(reviewer) != lower_case(trim(judgement.by))) return "";
  return fmt::format("the decision was reviewed by the one who made it ({})", key);
}

/// Why the decision does not count, all reasons; "" when it does.
std::string flaw(const RiskJudgement* judgement, const LevelPolicy& level, Day as_of) {
  if (judgement == nullptr || judgement->decision.empty()) return "nobody has decided";
  if (judgement->decision != "accepted" && judgement->decision != "mitigated")
    return fmt::format("expected the decision accepted or mitigated, found '{}'",
                       quotable(judgement->decision));
  std::vector<std::string> flaws;
  if (judgement->by.empty()) flaws.emplace_back("the decision names nobody");
  if (judgement->reason.empty()) flaws.emplace_back("the decision gives no reason");
  flaws.push_back(reviewer_flaw(*judgement, level));
  flaws.push_back(expiry_flaw(*judgement, level, as_of));
  std::erase(flaws, "");
  return join(flaws, ", ");
}

std::string words(const RiskJudgement& judgement) {
  std::string text = fmt::format("{} by {}", judgement.decision, quotable(judgement.by));
  if (!judgement.reviewed_by.empty())
    text += fmt::format(", reviewed by {},", quotable(judgement.reviewed_by));
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
    const std::string missing = flaw(judgement, level, as_of);
    if (missing.empty()) return {level.then, words(*judgement), ""};
    const std::string why =
        is_grave ? "grave harm to rights is not accepted on probability alone, and " : "";
    return {State::human, level.says, why + missing};
  }
  if (judgement != nullptr && !judgement->decision.empty()) {
    const std::string missing = flaw(judgement, level, as_of);
    if (missing.empty()) return {level.then, words(*judgement), ""};
    return {State::human, level.says, missing};
  }
  if (level.asks == Asks::reason && (judgement == nullptr || judgement->reason.empty()))
    return {State::human, level.says, "the reason is not recorded"};
  return {level.then, level.says, ""};
}

}  // namespace lockstep::risks
