// SPDX-License-Identifier: Apache-2.0
// What a maker declares of a model is a claim; a measurement on samples shows it, shows that it
// does not hold, or is too small to say. Measuring 0.98 does not show "at least 0.98": a model that
// is a little worse gives the same as often. So the p-value decides, at the declared confidence.
//
// Several declared values are several chances to pass by luck: Holm's method raises the p-values of
// those of one model. What is shown not to hold is said at once: it needs no second one to be
// wrong.
//
// Source: Holm 1979; risk method, section 4.2, which does the same for tests of evasion.
#include "risks/declared.hpp"

#include <fmt/format.h>

#include "base/statistics.hpp"

namespace lockstep::risks {
namespace {

std::string counted(const DeclaredTest& test) {
  const MetricValue& measured = test.measured;
  std::string text = fmt::format("{} measured {:.4f}", name_of(test.declared), *measured.value);
  if (measured.count)
    text += fmt::format(" ({} of {})", measured.count->successes, measured.count->trials);
  else
    text += fmt::format(" on {} samples", measured.samples);
  const MetricRow* row = find_metric(test.declared.metric);
  const bool is_higher = row == nullptr || row->better == Better::higher;
  return text + fmt::format(", {} {:.4f} with {:.4g} % confidence; declared at {} {:.4g}",
                            is_higher ? "at least" : "at most",
                            is_higher ? *test.lower : *test.upper, 100 * test.declared.confidence,
                            is_higher ? "least" : "most", test.declared.value);
}

void explain_underpowered(DeclaredVerdict& verdict) {
  verdict.state = State::underpowered;
  if (verdict.test.needed > 0)
    verdict.because += fmt::format("; too few samples to decide: at this value about {} are needed",
                                   verdict.test.needed);
  else
    verdict.because += "; no feasible number of samples decides a value so near";
}

void judge(DeclaredVerdict& verdict, std::size_t family) {
  const DeclaredTest& test = verdict.test;
  if (!test.measured.value || !test.lower || !test.upper) {
    const std::string name = name_of(test.declared);
    verdict.because = test.measured.value
                          ? fmt::format("{} measured {:.4f}, which nothing bounds: {}", name,
                                        *test.measured.value, test.measured.why_not)
                          : fmt::format("{} was not measured: {}", name, test.measured.why_not);
    return;
  }
  const double alpha = 1 - test.declared.confidence;
  verdict.because = counted(test);
  if (test.p_refuted <= alpha) {
    verdict.state = State::fail;
    verdict.because +=
        fmt::format("; shown not to hold ({}, p = {:.3g})", test.test, test.p_refuted);
  } else if (verdict.p_holm <= alpha) {
    verdict.state = State::pass;
    verdict.because += fmt::format("; shown ({}, p = {:.3g}", test.test, test.p_shown);
    if (family > 1)
      verdict.because += fmt::format(", {:.3g} for {} declared values", verdict.p_holm, family);
    verdict.because += ")";
  } else {
    if (test.p_shown <= alpha)
      verdict.because += fmt::format(
          "; corrected for {} declared values it is not shown (p = "
          "{:.3g})",
          family, verdict.p_holm);
    explain_underpowered(verdict);
  }
}

}  // namespace

std::vector<DeclaredVerdict> judge_declared(const std::string& model_id,
                                            std::span<const Metrics> metrics) {
  std::vector<double> p_values;
  for (const Metrics& one : metrics)
    for (const DeclaredTest& test : one.declared)
      p_values.push_back(test.p_shown);
  const std::vector<double> adjusted = holm(p_values);
  std::vector<DeclaredVerdict> verdicts;
  for (const Metrics& one : metrics) {
    for (const DeclaredTest& test : one.declared) {
      verdicts.push_back(
          {model_id, one.data.path, test, State::not_checked, adjusted[verdicts.size()], ""});
      judge(verdicts.back(), adjusted.size());
    }
  }
  return verdicts;
}

}  // namespace lockstep::risks
