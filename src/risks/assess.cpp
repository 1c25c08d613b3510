// SPDX-License-Identifier: Apache-2.0
// The one risk register, for cybersecurity and for AI.
//
//   event ---> attack succeeds ---> hazardous situation ---> harm
//   rate a      probability v                                 probability h
//
// Each rule names scenarios with the numbers that it can measure or derive. A person's judgement
// in the product file adds what only a person can know: how often the event comes, how often
// success hurts someone, how badly. The product of all factors is the yearly rate, and the 95 %
// value of P(T) = 1 - exp(-rate T) decides the level: a thin clean test must not look better than
// a thick imperfect one. What nobody judged stays unknown, and asks for a person; it never becomes
// a quiet default.
//
// Source: risk method, sections 3 to 5.
#include "risks/assess.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

#include "base/check.hpp"
#include "base/text.hpp"
#include "risks/levels.hpp"
#include "risks/rules/rule.hpp"
#include "risks/sensitivity.hpp"

namespace lockstep::risks {
namespace {

/// What a judgement adds to a scenario, and what it leaves open.
struct Judged {
  std::vector<Factor> factors;
  std::vector<std::string> missing;  ///< "the rate of events"
  bool has_level = true;             ///< false: a factor has no value at all
};

std::string filled(std::string text, const std::string& subject) {
  constexpr std::string_view hole = "{asset}";
  for (std::size_t at = text.find(hole); at != std::string::npos;
       at = text.find(hole, at + subject.size()))
    text.replace(at, hole.size(), subject);
  return text;
}

bool is_interval(std::optional<double> low, std::optional<double> high, double at_most) {
  return low && high && *low > 0 && *low <= *high && *high <= at_most && std::isfinite(*high);
}

constexpr double rate_at_most = rate_max_per_year;

std::string signed_reason(const RiskJudgement& judgement) {
  std::string text = quotable(judgement.reason, 400);
  if (!judgement.by.empty()) text += fmt::format(" ({}", quotable(judgement.by));
  if (!judgement.by.empty() && !judgement.date.empty()) text += ", " + quotable(judgement.date);
  if (!judgement.by.empty()) text += ")";
  return text;
}

std::string interval_text(double low, double high) {
  return fmt::format("{} to {} (90 % interval)", shown(low), shown(high));
}

void judge_rate(const Scenario& scenario,
                const RiskJudgement* judgement,
                Judged& judged,
                Risk& risk) {
  if (scenario.is_rate_known) return;
  if (judgement == nullptr ||
      !is_interval(judgement->rate_low, judgement->rate_high, rate_at_most)) {
    judged.missing.emplace_back("how often the event comes (rate)");
    judged.has_level = false;
    risk.numbers.push_back({"a", "unknown", "judged", "nobody has judged it"});
    return;
  }
  judged.factors.push_back({"a", judged_interval(*judgement->rate_low, *judgement->rate_high)});
  risk.numbers.push_back(
      {"a", interval_text(*judgement->rate_low, *judgement->rate_high) + " per unit-year", "judged",
       signed_reason(*judgement)});
}

void judge_harm(const RiskJudgement* judgement, Judged& judged, Risk& risk) {
  if (judgement == nullptr || !is_interval(judgement->harm_low, judgement->harm_high, 1)) {
    judged.missing.emplace_back("how often success leads to the harm (harm)");
    judged.factors.push_back({"h", Fixed{1}, 0, 1, 1, Bounds{0, 1}});
    risk.numbers.push_back(
        {"h", "1", "policy", "nobody has judged it: every success counts as harm"});
    return;
  }
  judged.factors.push_back(
      {"h", judged_interval(*judgement->harm_low, *judgement->harm_high), 0, 1, 1});
  risk.numbers.push_back({"h", interval_text(*judgement->harm_low, *judgement->harm_high), "judged",
                          signed_reason(*judgement)});
}

void judge_severity(const RiskInput& input,
                    const Category& category,
                    const RiskJudgement* judgement,
                    Judged& judged,
                    Risk& risk) {
  risk.harm = category.harm;
  const bool has_severity =
      judgement != nullptr && 1 <= judgement->severity && judgement->severity <= 4;
  const std::vector<std::string>& classes = input.rules.policy.harm_classes;
  const bool has_class =
      judgement != nullptr && std::ranges::find(classes, judgement->harm_class) != classes.end();
  if (has_severity) risk.harm.severity = judgement->severity;
  if (has_class) risk.harm.harm_class = judgement->harm_class;
  if (has_severity) risk.harm.reason = signed_reason(*judgement);
  if (!has_severity) judged.missing.emplace_back("how bad the harm is (severity)");
  risk.numbers.push_back({"severity",
                          fmt::format("{} {}", risk.harm.harm_class, risk.harm.severity),
                          has_severity ? "judged" : "policy", risk.harm.reason});
}

void add_controls(const RiskInput& input, const RiskJudgement* judgement, Risk& risk) {
  if (judgement == nullptr) return;
  const Product& product = input.product;
  for (const std::string& id : judgement->controls) {
    const auto found = std::ranges::find(product.controls, id, &ControlInput::id);
    if (found == product.controls.end()) continue;
    WeighedControl weighed =
        weigh_control(*found, product.evidence, input.as_of, input.rules.policy.controls);
    risk.numbers.push_back({"w e", shown(weighed.control.weight * weighed.control.effectiveness),
                            found->strength == "measured" ? "measured" : "judged",
                            weighed.because});
    risk.controls.push_back(std::move(weighed.control));
  }
}

double horizon(const RiskInput& input, const Scenario& scenario, Risk& risk) {
  if (scenario.horizon_years > 0) return scenario.horizon_years;
  const Product& product = input.product;
  const bool has_period = product.support_from && product.support_until &&
                          *product.support_until > *product.support_from;
  const double days_per_year = 365.25;
  const double years =
      has_period ? static_cast<double>((*product.support_until - *product.support_from).count()) /
                       days_per_year
                 : input.rules.policy.horizon_years;
  risk.numbers.push_back({"T", fmt::format("{:.3g} years", years),
                          has_period ? "derived" : "policy",
                          has_period ? "the support period" : "no support period is stated"});
  return years;
}

/// Likelihood, band and level from all factors.
void set_level(const RiskInput& input, const Judged& judged, Risk& risk) {
  if (!judged.has_level) {
    risk.inherent = {1, 1, 0};
    risk.current = risk.inherent;
    risk.band = "not known";
    risk.level = level_unknown;
    return;
  }
  const RateSummary rate_summary = rate_of(risk.id, judged.factors, input.seed);
  const double left = residual(risk.controls, input.rules.policy.controls);
  risk.inherent = likelihood_over(rate_summary, risk.horizon_years);
  risk.current = likelihood_over(rate_summary, risk.horizon_years, left);
  const Rated rated = rate(risk.current.q95, risk.harm.severity, input.rules);
  risk.band = rated.band;
  risk.level = rated.level;
  const SignificantRisk& significant = input.rules.policy.significant;
  if (is_significant(risk, significant)) risk.tags.push_back(significant.words);
  risk.numbers.push_back({"residual", shown(left), "derived",
                          risk.controls.empty()
                              ? "no controls are named"
                              : "product of 1 - w e; controls count as independent"});
}

bool has_only_information(const Risk& risk) {
  return !risk.controls.empty() && std::ranges::all_of(risk.controls, [](const Control& control) {
    return control.hierarchy == "information";
  });
}

/// Whether a person's decision stands, so that a gate of the second kind is answered.
bool has_decision(const RiskJudgement* judgement, const Decided& decided) {
  return judgement != nullptr && !judgement->decision.empty() && decided.because.empty();
}

/// State, decision and the sentence that says why.
void set_state(const RiskInput& input,
               const Scenario& scenario,
               const RiskJudgement* judgement,
               const Judged& judged,
               Risk& risk) {
  std::vector<std::string> reasons = {scenario.because};
  Decided decided;
  if (!judged.has_level) {
    decided.decision = "a person must judge the missing numbers";
    reasons.emplace_back("without them there is no level");
  } else {
    decided = decide(*input.rules.level(risk.level), risk.harm, judgement, input.as_of);
    reasons.push_back(fmt::format("95 % value {} over {:.3g} years ({}), severity {} ({}): {}",
                                  shown(risk.current.q95), risk.horizon_years, risk.band,
                                  risk.harm.severity, risk.harm.harm_class, risk.level));
  }
  if (!risk.tags.empty()) {
    const SignificantRisk& policy = input.rules.policy.significant;
    reasons.push_back(fmt::format("{}: 95 % value above {} and severity {} or more (policy)",
                                  policy.words, policy.probability_above,
                                  policy.severity_at_least));
  }
  risk.decision = decided.decision;
  risk.state = decided.state;
  if (!decided.because.empty()) reasons.push_back(decided.because);
  if (!judged.missing.empty()) {
    // A level that rests on defaults asks for a person; it is not shown to hold or not to hold.
    risk.state = State::human;
    reasons.push_back("not judged: " + join(judged.missing, ", "));
  }
  const bool is_answered = scenario.gate == State::human && has_decision(judgement, decided);
  if (scenario.gate != State::pass && !is_answered) {
    risk.state = worse(risk.state, scenario.gate);
    reasons.push_back(scenario.gate_because);
  }
  if (has_only_information(risk)) {
    if (risk.state == State::pass) risk.state = State::warn;
    reasons.emplace_back("its controls only inform; measures in the design come first");
  }
  risk.because = join(reasons, "; ");
}

Risk make_risk(const RiskInput& input, const Category& category, Scenario scenario) {
  Risk risk;
  risk.id = category.id + "." + scenario.asset;
  const std::string subject =
      quotable(scenario.subject.empty() ? scenario.asset : scenario.subject, 120);
  risk.title = filled(category.title, subject);
  risk.situation = filled(category.situation, subject);
  risk.asset = subject;
  risk.acts = category.acts;
  risk.requirements = category.requirements;
  risk.cause = category.cause;
  risk.techniques = category.techniques;
  risk.seed = input.seed;
  risk.numbers = scenario.numbers;
  risk.findings = scenario.findings;

  const auto found = std::ranges::find(input.product.risks, risk.id, &RiskJudgement::id);
  const RiskJudgement* judgement = found == input.product.risks.end() ? nullptr : &*found;
  Judged judged;
  judged.factors = scenario.factors;
  judge_rate(scenario, judgement, judged, risk);
  judge_harm(judgement, judged, risk);
  judge_severity(input, category, judgement, judged, risk);
  add_controls(input, judgement, risk);
  risk.horizon_years = horizon(input, scenario, risk);
  set_level(input, judged, risk);
  risk.sensitivity = sensitivity_of(risk, judged.factors, scenario.horizon_years_low, input.rules);
  risk.next_evidence = judged.has_level ? next_best_evidence(risk.sensitivity) : "a";
  set_state(input, scenario, judgement, judged, risk);
  return risk;
}

std::vector<std::string> ids_of(std::span<const Risk> risks) {
  std::vector<std::string> ids;
  for (const Risk& risk : risks)
    ids.push_back(risk.id);
  return ids;
}

/// Problems of one judgement's own values.
void check_values(const RiskJudgement& judgement,
                  const Product& product,
                  const RiskRules& rules,
                  Diagnostics& problems) {
  const auto& [low, high] = std::pair(judgement.rate_low, judgement.rate_high);
  if ((low || high) && !is_interval(low, high, rate_at_most))
    problems.error("risk.interval",
                   fmt::format("expected a rate with 0 < low <= high <= {} per year in '{}'; give "
                               "the 90 % interval",
                               rate_at_most, quotable(judgement.id)),
                   judgement.where);
  if ((judgement.harm_low || judgement.harm_high) &&
      !is_interval(judgement.harm_low, judgement.harm_high, 1))
    problems.error("risk.interval",
                   fmt::format("expected a harm with 0 < low <= high <= 1 in '{}'; give the 90 % "
                               "interval of a probability",
                               quotable(judgement.id)),
                   judgement.where);
  if (judgement.severity < 0 || judgement.severity > 4)
    problems.error("risk.severity",
                   fmt::format("expected a severity from 1 to 4 in '{}', found {}",
                               quotable(judgement.id), judgement.severity),
                   judgement.where);
  const std::vector<std::string>& classes = rules.policy.harm_classes;
  if (!judgement.harm_class.empty() &&
      std::ranges::find(classes, judgement.harm_class) == classes.end())
    problems.error(
        "risk.harm_class",
        fmt::format("expected one of the classes {} in '{}', found '{}'", join(classes, ", "),
                    quotable(judgement.id), quotable(judgement.harm_class)),
        judgement.where);
  if (!judgement.decision.empty() && judgement.decision != "accepted" &&
      judgement.decision != "mitigated")
    problems.error("risk.decision",
                   fmt::format("expected the decision accepted or mitigated in '{}', found '{}'",
                               quotable(judgement.id), quotable(judgement.decision)),
                   judgement.where);
  for (const std::string& control : judgement.controls)
    if (std::ranges::find(product.controls, control, &ControlInput::id) == product.controls.end())
      problems.error("risk.control",
                     fmt::format("expected a control that the product file lists in '{}', found "
                                 "'{}'; add it under 'controls'",
                                 quotable(judgement.id), quotable(control)),
                     judgement.where);
}

}  // namespace

std::vector<Risk> assess_risks(const RiskInput& input) {
  std::vector<Risk> risks;
  std::map<std::string, int> seen;
  for (const Rule& rule : all_rules()) {
    const Category* category = input.rules.category(rule.id);
    LS_CHECK(category != nullptr, "each rule has its category in data/risks");
    for (Scenario& scenario : rule.find(input, *category)) {
      // Two names may differ only in letters that an id cannot hold.
      const int before = seen[category->id + "." + scenario.asset]++;
      if (before > 0) scenario.asset += fmt::format("-{}", before + 1);
      risks.push_back(make_risk(input, *category, std::move(scenario)));
    }
  }
  std::ranges::sort(risks, {}, &Risk::id);
  return risks;
}

void check_judgements(const Product& product,
                      std::span<const Risk> risks,
                      const RiskRules& rules,
                      Diagnostics& problems) {
  const std::vector<std::string> ids = ids_of(risks);
  for (const RiskJudgement& judgement : product.risks) {
    if (std::ranges::find(ids, judgement.id) == ids.end()) {
      const auto near = nearest(judgement.id, ids);
      problems.warning("risk.unknown",
                       fmt::format("expected the id of a risk in the register, found '{}'; {}",
                                   quotable(judgement.id),
                                   near ? "did you mean '" + *near + "'?"
                                        : std::string("remove it if the risk is gone")),
                       judgement.where);
    }
    check_values(judgement, product, rules, problems);
  }
}

}  // namespace lockstep::risks
