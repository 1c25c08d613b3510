// SPDX-License-Identifier: Apache-2.0
#include "advisories/gate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "advisories/gate_conditions.hpp"
#include "advisories/vex.hpp"
#include "base/parallel.hpp"
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

/// "fixed, by Acme in vex-1: the reason"
std::string settling(const AppliedVex& vex) {
  std::string text = spoken_by(vex);
  if (!vex.carried_from.empty()) text += ", carried from " + quotable(vex.carried_from, 200);
  return text + (vex.statement.empty() ? "" : ": " + quotable(vex.statement, 200));
}

constexpr std::string_view unsettled = "no statement settles it";

/// How far the matter is, for a finding that a statement speaks of and does not settle.
std::string standing(const Finding& finding, Day as_of) {
  if (finding.vex->needs_confirmation) {
    return fmt::format("the statement '{}' is about {} and nobody confirmed it for this version",
                       spoken_by(*finding.vex), quotable(finding.vex->carried_from, 200));
  }
  if (!finding.vex->disagrees.empty()) {
    return fmt::format("two statements of one instant disagree: '{}' and '{}'",
                       spoken_by(*finding.vex), quotable(finding.vex->disagrees.front(), 200));
  }
  if (finding.vex->status == "not_affected") {
    return fmt::format("the statement '{}' gives no reason", spoken_by(*finding.vex));
  }
  std::string text = fmt::format("the statement is '{}'", spoken_by(*finding.vex));
  const auto until = parse_day(finding.vex->accepted_until);
  if (until && as_of > *until)
    text += fmt::format("; that {} accepted it ended on {}", quotable(finding.vex->accepted_by),
                        finding.vex->accepted_until);
  return text;
}

bool is_settled(const Finding& finding, Day as_of) {
  if (!finding.vex) return false;
  const auto words = statement_words(finding, as_of);
  return std::ranges::find(words, "settled") != words.end();
}

/// What the policy and the lists say about the points of the tree. What a list says is a fact, and
/// no policy answers otherwise.
std::vector<SsvcInput> inputs_of(const GatePolicy& policy,
                                 const SsvcTable& table,
                                 const Finding& finding,
                                 const GateFacts& facts) {
  std::vector<SsvcInput> inputs = policy.ssvc_inputs;
  for (const SsvcAnswers& answers : policy.ssvc_answers) {
    if (is_called(finding, answers.vulnerability))
      inputs.insert(inputs.end(), answers.inputs.begin(), answers.inputs.end());
  }
  const auto fill = [&](std::string_view id, std::string_view value, std::string because) {
    const auto point = std::ranges::find(table.points, id, &SsvcPoint::id);
    if (point == table.points.end()) return;
    std::erase_if(
        inputs, [&](const SsvcInput& input) { return lockstep::is_called(**point, input.point); });
    inputs.push_back({std::string(id), {std::string(value)}, std::move(because)});
  };
  const auto lists = [](const std::vector<std::string>& all, std::string_view list) {
    return std::ranges::find(all, list) != all.end();
  };
  // That no list names it does not mean that nobody exploits it: then the point stays unknown.
  if (!finding.known_exploited.empty())
    fill("exploitation", "active", "listed by " + join(finding.known_exploited, ", "));
  if (lists(finding.known_exploited, "cisa-kev"))
    fill("in_kev", "yes", "listed by cisa-kev");
  else if (lists(facts.lists, "cisa-kev"))
    fill("in_kev", "no", "not listed by cisa-kev");
  return inputs;
}

/// Asks the tree of the policy about the finding, where it names one.
Result<> walk(const GatePolicy& policy, const GateFacts& facts, Finding& finding) {
  finding.ssvc.reset();
  if (policy.ssvc_tree.empty() || facts.ssvc == nullptr) return {};
  const SsvcTable* table = facts.ssvc->find(policy.ssvc_tree);
  if (table == nullptr) {
    return fail(ErrorKind::input, "ssvc.tree",
                fmt::format("there is no tree '{}'", quotable(policy.ssvc_tree)), {policy.path});
  }
  auto decision = decide_ssvc(*facts.ssvc, *table, inputs_of(policy, *table, finding, facts));
  if (!decision) {
    Error error = decision.error();
    error.kind = ErrorKind::input;
    error.message += fmt::format(" (for {})", finding.flaw);
    if (error.where.file.empty()) error.where.file = policy.path;
    return tl::unexpected<Error>(std::move(error));
  }
  FindingSsvc& found = finding.ssvc.emplace(
      FindingSsvc{table->id, std::move(decision->outcomes), {}, std::move(decision->missing)});
  for (const SsvcAnswer& answer : decision->answers) {
    found.inputs.push_back(fmt::format("{} = {} ({})", answer.point->id,
                                       join(answer.possible, " or "), answer.because));
  }
  return {};
}

/// What the tools say; where two disagree, that it can be reached.
std::optional<FindingReach> reach_of(const Finding& finding, const GateFacts& facts) {
  std::optional<FindingReach> found;
  if (facts.reachability.empty()) return found;
  const auto purl = parse_purl(finding.purl);
  for (const Reachability& one : facts.reachability) {
    if (!is_called(finding, one.vulnerability)) continue;
    const auto wide = parse_purl(one.component);
    if (!wide || !purl || !covers(*wide, *purl)) continue;
    const bool weighs_more =
        !found || one.reachable == "yes" || (found->word == "unknown" && one.reachable == "no");
    if (weighs_more) found = {one.reachable, one.because, one.tool};
  }
  return found;
}

/// The facts that decided, in one sentence.
std::string sentence(std::string facts, const Finding& finding, Day as_of) {
  if (facts.empty()) facts = rating_phrase(finding);
  facts += ", and ";
  // SPEED: without a statement, which is the case of most, nothing is formatted.
  return finding.vex ? facts + standing(finding, as_of) : std::move(facts.append(unsettled));
}

/// Writes "rated: nobody rated it" as the next of `texts`. SPEED: over what stood there.
void add_named(std::string_view rule,
               std::string_view unknown,
               std::vector<std::string>& texts,
               std::size_t& used) {
  if (used == texts.size()) texts.emplace_back();
  texts[used++].assign(rule).append(": ").append(unknown);
}

void decide(Finding& finding, const GatePolicy& policy, const GateFacts& facts) {
  DecidingRule& decided = finding.decided_by;
  decided.policy = policy.name;
  decided.rule = "otherwise";
  decided.reason.clear();
  std::size_t not_asked = 0;
  const bool settles = is_settled(finding, facts.as_of);
  if (policy.settled_first && settles) {
    decided.rule = "settled";
    decided.not_asked.clear();
    finding.state = State::pass;
    finding.state_because = settling(*finding.vex);
    return;
  }
  finding.state = policy.otherwise;
  Held held;
  for (const GateRule& rule : policy.rules) {
    Held one = holds(rule.when, finding, facts);
    if (one.truth == Truth::unknown) add_named(rule.id, one.unknown, decided.not_asked, not_asked);
    if (one.truth != Truth::yes) continue;
    held = std::move(one);
    finding.state = rule.then;
    decided.rule = rule.id;
    decided.reason = rule.reason;
    break;
  }
  decided.not_asked.resize(not_asked);
  if (settles && held.facts.empty()) {
    finding.state_because = settling(*finding.vex);
  } else if (settles) {
    finding.state_because = fmt::format("{}; {}", held.facts, settling(*finding.vex));
  } else {
    finding.state_because = sentence(std::move(held.facts), finding, facts.as_of);
  }
  if (policy.path.empty()) return;
  finding.state_because +=
      fmt::format("; rule '{}' of '{}'{}", decided.rule, quotable(policy.name),
                  decided.reason.empty() ? "" : ": " + quotable(decided.reason, 200));
  if (!decided.not_asked.empty())
    finding.state_because +=
        fmt::format("; rules that could not be asked: {}", join(decided.not_asked, "; "));
}

}  // namespace

Result<> judge_all(std::span<Finding> findings, const GatePolicy& policy, const GateFacts& facts) {
  for (Finding& finding : findings) {
    finding.reach = reach_of(finding, facts);
    TRY_VOID(walk(policy, facts, finding));
    decide(finding, policy, facts);
  }
  return {};
}

std::vector<std::string> exploited_lists() {
  return {"cisa-kev", "eu-kev"};
}

std::vector<std::string> gate_words() {
  return {"none", "low", "medium", "high", "critical", "never"};
}

GatePolicy default_policy(const std::string& fail_at) {
  GatePolicy policy;
  GateRule exploited{"exploited", {}, State::fail, "", {}};
  exploited.when.exploited = {"any"};
  GateRule accepted{"accepted", {}, State::warn, "", {}};
  accepted.when.statement = {"accepted"};
  GateRule rated{"rated", {}, State::fail, "", {}};
  rated.when.severity_from = fail_at;
  const std::vector<std::string> words = gate_words();
  // "never" is the last word, and no rating.
  for (auto word = std::ranges::find(words, fail_at); word < words.end(); ++word)
    rated.when.severity.push_back(*word);
  policy.rules = {std::move(exploited), std::move(accepted), std::move(rated)};
  return policy;
}

Result<std::vector<Finding>> judge(std::vector<Finding> findings,
                                   const GatePolicy& policy,
                                   const GateFacts& facts) {
  constexpr std::size_t least = 500;  // fewer do not pay for a thread
  std::vector<Result<>> parts(parts_of(findings.size(), least));
  in_parts(findings.size(), parts.size(),
           [&](std::size_t part, std::size_t begin, std::size_t end) {
             const auto some = std::span(findings).subspan(begin, end - begin);
             parts[part] = judge_all(some, policy, facts);
           });
  for (const Result<>& part : parts)
    TRY_VOID(part);
  return findings;
}

}  // namespace lockstep::advisories
