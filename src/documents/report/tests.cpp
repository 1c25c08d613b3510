// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "documents/charts/charts.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

const TestVerdict* verdict_of(const Dossier& dossier, const std::string& test) {
  const auto found = std::ranges::find(dossier.verdicts, test, &TestVerdict::test);
  return found == dossier.verdicts.end() ? nullptr : &*found;
}

/// The techniques of the risks that rest on the test.
std::string techniques_of(const Dossier& dossier, const std::string& test) {
  std::vector<std::string> techniques;
  for (const Risk& risk : dossier.risks)
    if (std::ranges::find(risk.findings, test) != risk.findings.end())
      techniques.insert(techniques.end(), risk.techniques.begin(), risk.techniques.end());
  std::ranges::sort(techniques);
  const auto rest = std::ranges::unique(techniques);
  techniques.erase(rest.begin(), rest.end());
  return join(techniques, ", ");
}

Line accuracy_line(const Accuracy& accuracy) {
  if (accuracy.total == 0) return "nothing was counted";
  const double share = static_cast<double>(accuracy.correct) / static_cast<double>(accuracy.total);
  return fmt::format("{} ({} of {}; 95 % interval {})", percent(share), accuracy.correct,
                     accuracy.total, percent(accuracy.interval95));
}

Line lock_line(const Threshold& threshold) {
  if (threshold.locked_at.empty())
    return Line{mark(State::warn, "never locked"),
                "  The threshold was not fixed before the test was run."};
  return Line{"locked at " + threshold.locked_at, Break{}, Code{threshold.sha256}};
}

Definitions verdict_list(const TestVerdict& verdict) {
  const Threshold& threshold = verdict.threshold;
  Definitions list;
  list.entries.emplace_back("Threshold", fmt::format("{} at most {}, at the 95 % bound",
                                                     threshold.metric, percent(threshold.at_most)));
  list.entries.emplace_back("Why this threshold", given(threshold.reason));
  list.entries.emplace_back("Approved by", given(threshold.approver));
  list.entries.emplace_back("Lock", lock_line(threshold));
  list.entries.emplace_back("Attacks that succeeded",
                            fmt::format("{} of {}: {}; one-sided 95 % bounds {} and {}",
                                        verdict.successes, verdict.attempts, percent(verdict.rate),
                                        percent(verdict.lower95), percent(verdict.upper95)));
  if (verdict.needed_samples > 0)
    list.entries.emplace_back("Samples needed to decide", "about " + count(verdict.needed_samples));
  return list;
}

Definitions setup_list(const Dossier& dossier, const Measurement& test) {
  const std::string techniques = techniques_of(dossier, test.id);
  Definitions list;
  list.entries.emplace_back("Threat", techniques.empty()
                                          ? Line("evasion; no risk of the register names it")
                                          : Line{"evasion ", Code{techniques}});
  list.entries.emplace_back(
      "Attacker", fmt::format("{}; {}",
                              test.knowledge == "white_box" ? "knows the model and its weights"
                                                            : test.knowledge,
                              test.budget));
  list.entries.emplace_back(
      "Allowed change", test.norm == "share"
                            ? fmt::format("a patch over {} of the picture", percent(test.epsilon))
                            : fmt::format("{} norm at most {}", test.norm, number(test.epsilon)));
  list.entries.emplace_back("Model", Line{Code{test.model.path}, Break{}, Code{test.model.sha256}});
  list.entries.emplace_back(
      "Data", Line{Code{test.data.path}, " (" + count_of(test.samples, "sample", "samples") + ")",
                   Break{}, Code{test.data.sha256}});
  list.entries.emplace_back("Accuracy without attack", accuracy_line(test.clean));
  list.entries.emplace_back("Accuracy left under attack", accuracy_line(test.robust));
  list.entries.emplace_back(
      "Looked at again", fmt::format("{} of {} adversarial examples held when checked one by one",
                                     test.confirmed, test.claimed));
  list.entries.emplace_back(
      "Run", fmt::format("seed {}, batch {}, {}, {}, worker {}", test.seed, test.batch_size,
                         test.answered_by.device, count_of(test.threads, "thread", "threads"),
                         test.worker_version.empty() ? "unknown" : test.worker_version));
  if (!test.answered_by.engine.empty())
    list.entries.emplace_back("Answered by", Line{Foreign{test.answered_by.engine}});
  return list;
}

Table attack_table(const Measurement& test) {
  Table table{"Attacks of " + test.id,
              {{"Attack"},
               {"Tried", Column::Align::numbers},
               {"Broken", Column::Align::numbers},
               {"Forward passes", Column::Align::numbers},
               {"Backward passes", Column::Align::numbers},
               {"Source"}},
              {}};
  for (const AttackRun& attack : test.attacks)
    table.rows.push_back(
        {{Line{Code{attack.name}}, count(attack.tried), count(attack.broken), count(attack.forward),
          count(attack.backward), Line{Foreign{attack.source}}},
         ""});
  return table;
}

/// How far the nearest wrong answers are, and how near attacks that see answers only had come.
Table distance_table(const Measurement& test, const Distances& distances) {
  Table table{fmt::format("Nearest wrong answers of {}", test.id),
              {{"After"},
               {"Samples attacked", Column::Align::numbers},
               {"Found", Column::Align::numbers},
               {"Median distance", Column::Align::numbers},
               {"Median over all", Column::Align::numbers},
               {"Mean distance", Column::Align::numbers}},
              {}};
  const auto over = [](std::int64_t found, double value) {
    return found > 0 ? Line(number(value)) : Line("-");
  };
  for (const Distances::After& mark : distances.after)
    table.rows.push_back(
        {{count_of(mark.questions, "question", "questions"), count(distances.attacked),
          count(mark.fooled), over(mark.fooled, mark.median), "-", "-"},
         ""});
  table.rows.push_back(
      {{"all questions, confirmed", count(distances.attacked), count(distances.fooled),
        over(distances.fooled, distances.median),
        distances.median_attacked ? Line(number(*distances.median_attacked)) : Line("-"),
        over(distances.fooled, distances.mean)},
       ""});
  return table;
}

Table soundness_table(const Measurement& test) {
  Table table{"Checks on the measurement of " + test.id, {{"Check"}, {"State"}, {"Says"}}, {}};
  for (const SoundnessCheck& check : test.soundness)
    table.rows.push_back(
        {{Line{Code{check.check}}, Line{mark(check.state)}, Line{Foreign{check.says}}}, ""});
  return table;
}

/// Verdicts of tests that could not be run.
Section orphan_section(const TestVerdict& verdict) {
  Section section{test_anchor(verdict.test), "Test " + verdict.test, {}};
  section.blocks.emplace_back(says(Line{mark(verdict.state), "  ", Foreign{verdict.because}}));
  section.blocks.emplace_back(not_checked("There is no measurement for this test."));
  return section;
}

bool was_measured(const Dossier& dossier, const std::string& test) {
  return std::ranges::find(dossier.measurements, test, &Measurement::id) !=
         dossier.measurements.end();
}

}  // namespace

Section test_section(const Dossier& dossier, const Measurement& test) {
  Section section{test_anchor(test.id), "Test " + test.id, {}};
  const TestVerdict* verdict = verdict_of(dossier, test.id);
  if (verdict == nullptr) {
    section.blocks.emplace_back(
        not_checked("The test was run, but no threshold was there to judge it by."));
  } else {
    section.blocks.emplace_back(says(Line{mark(verdict->state), "  ", Foreign{verdict->because}}));
    section.blocks.emplace_back(verdict_list(*verdict));
  }
  section.blocks.emplace_back(setup_list(dossier, test));
  std::optional<Threshold> threshold;
  if (verdict != nullptr) threshold = verdict->threshold;
  if (auto figure = accuracy_curve(test, threshold))
    section.blocks.emplace_back(std::move(*figure));
  if (test.distances) section.blocks.emplace_back(distance_table(test, *test.distances));
  if (!test.attacks.empty()) section.blocks.emplace_back(attack_table(test));
  if (test.soundness.empty())
    section.blocks.emplace_back(not_checked("The measurement itself was not checked."));
  else
    section.blocks.emplace_back(soundness_table(test));
  return section;
}

Section report_tests(const Dossier& dossier) {
  Section section{"tests", "Tests of the AI model against attacks", {}};
  if (dossier.measurements.empty() && dossier.verdicts.empty()) {
    section.blocks.emplace_back(not_checked("No evasion test was run."));
  } else {
    section.blocks.emplace_back(
        says("An attack shows how weak a model is at least; a stronger attack may do better. An "
             "attacker who may try often succeeds more often than the rates below say."));
    for (const Measurement& test : dossier.measurements)
      section.blocks.emplace_back(test_section(dossier, test));
    for (const TestVerdict& verdict : dossier.verdicts)
      if (!was_measured(dossier, verdict.test))
        section.blocks.emplace_back(orphan_section(verdict));
  }
  Section others{"other-tests", "Poisoning, confidentiality and certificates", {}};
  others.blocks.emplace_back(
      not_checked("This dossier holds no scan for poisoned data, no test of what the model gives "
                  "away, and no certificate of robustness."));
  section.blocks.emplace_back(std::move(others));
  return section;
}

}  // namespace lockstep::documents
