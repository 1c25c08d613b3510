// SPDX-License-Identifier: Apache-2.0
#include "advisories/gate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// "fixed, by Acme in https://acme.example/vex-1"
std::string spoken_by(const AppliedVex& vex) {
  std::string text = vex.status;
  if (!vex.author.empty()) text += fmt::format(", by {}", quotable(vex.author));
  if (!vex.document.empty()) text += fmt::format(" in {}", quotable(vex.document));
  return text;
}

/// Whether a statement ends the matter.
bool is_settled(const Finding& finding) {
  if (!finding.vex) return false;
  if (finding.vex->status == "fixed") return true;
  return finding.vex->status == "not_affected" && !finding.vex->statement.empty();
}

bool reaches(std::string_view word, std::string_view threshold) {
  const std::vector<std::string> words = gate_words();
  const auto rank = std::ranges::find(words, word);
  const auto wanted = std::ranges::find(words, threshold);
  return rank != words.end() && wanted != words.end() && rank >= wanted;
}

/// How far the matter is, for a finding that is not settled.
std::string standing(const Finding& finding) {
  if (!finding.vex) return "no statement settles it";
  if (finding.vex->status == "not_affected") {
    return fmt::format("the statement '{}' gives no reason", spoken_by(*finding.vex));
  }
  return fmt::format("the statement is '{}'", spoken_by(*finding.vex));
}

/// "cisa-kev since 2021-12-10, eu-kev"
std::string listed_by(const Finding& finding) {
  std::vector<std::string> lists = finding.known_exploited;
  for (std::string& list : lists) {
    const auto fact = std::ranges::find(finding.exploited, list, &Exploitation::source);
    if (fact != finding.exploited.end() && !fact->since.empty()) list += " since " + fact->since;
  }
  return join(lists, ", ");
}

std::string rating_text(const Rating& rating) {
  if (rating.score) return fmt::format("{} ({:.1f})", rating.word, *rating.score);
  return rating.word;
}

std::pair<State, std::string> judged(const Finding& finding, const GatePolicy& policy) {
  if (is_settled(finding)) {
    const std::string reason =
        finding.vex->statement.empty() ? "" : ": " + quotable(finding.vex->statement, 200);
    return {State::pass, spoken_by(*finding.vex) + reason};
  }
  const std::string open = standing(finding);
  if (!finding.known_exploited.empty()) {
    return {State::fail,
            fmt::format("listed as exploited by {}, and {}", listed_by(finding), open)};
  }
  if (reaches(finding.severity.word, policy.fail_at)) {
    return {State::fail, fmt::format("rated {}, where the policy stops at {}, and {}",
                                     rating_text(finding.severity), policy.fail_at, open)};
  }
  if (finding.severity.word == "unknown") {
    return {State::human, fmt::format("nobody rated it, and {}", open)};
  }
  return {State::human, fmt::format("rated {}, and {}", rating_text(finding.severity), open)};
}

}  // namespace

std::vector<std::string> gate_words() {
  return {"none", "low", "medium", "high", "critical", "never"};
}

std::vector<Finding> judge(std::vector<Finding> findings, const GatePolicy& policy) {
  for (Finding& finding : findings) {
    std::tie(finding.state, finding.state_because) = judged(finding, policy);
  }
  return findings;
}

}  // namespace lockstep::advisories
