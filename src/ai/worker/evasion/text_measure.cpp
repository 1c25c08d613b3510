// SPDX-License-Identifier: Apache-2.0
// As measure.cpp does for numbers: the clean accuracy, each attack on the texts that still stand,
// and checks on that. An attack adds one edit after the other, so that a text which falls to few
// edits has fallen to more: one run with the largest epsilon is the whole curve.
#include "ai/worker/evasion/text_measure.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "ai/worker/data/fit.hpp"
#include "ai/worker/evasion/attacks/text_attacks.hpp"
#include "ai/worker/evasion/shards.hpp"
#include "base/text.hpp"
#include "domain/accuracy.hpp"

namespace lockstep::ai {
namespace {

using Unit = TextAttackRow::Unit;
using Indices = std::vector<std::int64_t>;

constexpr std::int64_t edits_max = 1000;
constexpr double beaten_share = 0.005;  ///< of the right texts; above it the attack was too weak

std::int64_t edits_of(double epsilon) {
  return static_cast<std::int64_t>(std::floor(epsilon));
}

Result<std::vector<const TextAttackRow*>> planned(const EvasionPlan& plan, const TextModel& model) {
  if (plan.norm != "edits")
    return fail(ErrorKind::usage, "ai.norm",
                fmt::format("expected the norm edits for texts, found '{}'", quotable(plan.norm)));
  std::vector<double> epsilons = plan.curve;
  epsilons.push_back(plan.epsilon);
  for (const double epsilon : epsilons)
    if (!(epsilon >= 1 && epsilon <= edits_max))
      return fail(ErrorKind::usage, "ai.plan",
                  fmt::format("expected 1 to {} edits as epsilon, found {:g}", edits_max, epsilon));
  if (!plan.target.empty())
    return fail(ErrorKind::usage, "ai.no_target",
                fmt::format("expected attacks on texts without a class to reach, found '{}'",
                            quotable(plan.target)));
  if (plan.samples < 1 || plan.batch_size < 1)
    return fail(
        ErrorKind::usage, "ai.plan",
        fmt::format("expected at least 1 sample, and a batch of at least 1, found {} and {}",
                    plan.samples, plan.batch_size));
  std::vector<const TextAttackRow*> rows;
  for (const std::string& name : plan.attacks) {
    const TextAttackRow* const row = find_text_attack(name);
    if (row == nullptr) {
      std::vector<std::string> known;
      for (const TextAttackRow& each : text_attacks())
        known.emplace_back(each.name);
      return fail(ErrorKind::usage, "ai.attack",
                  fmt::format("expected one of the attacks on texts {}, found '{}'",
                              join(known, ", "), quotable(name)));
    }
    if (row->sees == Sees::gradients && !model.why_no_gradient().empty())
      return fail(ErrorKind::usage, "ai.gradients",
                  fmt::format("expected a model with gradients for {}, found none: {}", name,
                              model.why_no_gradient()),
                  {model.file(), 0, 0});
    rows.push_back(row);
  }
  if (!rows.empty()) return rows;
  return fail(ErrorKind::usage, "ai.plan", "expected at least one attack, found none");
}

/// What is the same while one model is attacked.
struct Hunt {
  const TextModel& model;
  const TextSet& set;
  std::int64_t budget = 0;
  std::uint64_t seed = 1;
  int threads = 1;
  Progress& progress;
};

/// Scores of all texts, `batch` at a time.
Result<at::Tensor> logits_of(const Hunt& hunt, std::size_t batch) {
  const std::span<const TextSample> all = hunt.set.samples;
  std::vector<at::Tensor> parts((all.size() + batch - 1) / batch);
  TRY_VOID(
      run_shards(parts.size(), batch, hunt.threads, hunt.progress, [&](std::size_t i) -> Result<> {
        TRY(parts[i],
            hunt.model.logits(all.subspan(i * batch, std::min(batch, all.size() - i * batch))));
        return {};
      }));
  return at::cat(parts).to(at::kFloat);
}

struct Tally {
  std::int64_t claimed = 0;
  std::int64_t forward = 0;
  std::int64_t backward = 0;
  std::vector<TextPair> broken;  ///< rising index
};

/// Looks at what an attack brought, as if nobody had said anything about it.
Result<std::optional<TextPair>> confirmed(const Hunt& hunt,
                                          const TextAttackRow& row,
                                          TextSample found,
                                          std::int64_t index) {
  const TextSample& original = hunt.set.samples[static_cast<std::size_t>(index)];
  if (row.unit == Unit::characters)
    found.input = hunt.set.tokenizer.input_of(found.text, std::ssize(original.input));
  const std::int64_t label = hunt.set.labels[static_cast<std::size_t>(index)];
  const std::int64_t edits = edits_between(original, found, row.unit);
  if (edits < 1 || edits > hunt.budget || found.input.size() != original.input.size())
    return std::optional<TextPair>();
  TRY(const at::Tensor logits, hunt.model.logits({&found, 1}));
  const auto predicted = logits.argmax(1).item<std::int64_t>();
  if (predicted == label) return std::optional<TextPair>();
  return std::optional(TextPair{index, label, predicted, edits, std::move(found)});
}

Result<Tally> run_attack(const Hunt& hunt, const TextAttackRow& row, const Indices& targets) {
  std::vector<Tally> tallies(targets.size());
  TRY_VOID(
      run_shards(targets.size(), 1, hunt.threads, hunt.progress, [&](std::size_t i) -> Result<> {
        const std::int64_t index = targets[i];
        const TextSample& original = hunt.set.samples[static_cast<std::size_t>(index)];
        TextSeat seat{hunt.model,
                      hunt.set.tokenizer,
                      original,
                      hunt.set.labels[static_cast<std::size_t>(index)],
                      hunt.budget,
                      hunt.seed,
                      static_cast<std::uint32_t>(index)};
        TRY(auto found, row.search(seat));
        tallies[i].forward = seat.forward;
        tallies[i].backward = seat.backward;
        if (!found) return {};
        tallies[i].claimed = 1;
        TRY(auto pair, confirmed(hunt, row, *std::move(found), index));
        if (pair) tallies[i].broken.push_back(*std::move(pair));
        return {};
      }));
  Tally sum;
  for (Tally& one : tallies) {
    sum.claimed += one.claimed;
    sum.forward += one.forward;
    sum.backward += one.backward;
    std::ranges::move(one.broken, std::back_inserter(sum.broken));
  }
  return sum;
}

Indices without(const Indices& all, const std::vector<TextPair>& gone) {
  Indices left;
  for (const std::int64_t i : all)
    if (std::ranges::find(gone, i, &TextPair::index) == gone.end()) left.push_back(i);
  return left;
}

/// Attacks on characters need texts that give the inputs that were measured.
Result<> check_spelling(const TextSet& set, const std::vector<const TextAttackRow*>& rows) {
  const auto is_about_characters = [](const auto* row) { return row->unit == Unit::characters; };
  if (std::ranges::none_of(rows, is_about_characters)) return {};
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    const TextSample& one = set.samples[i];
    if (set.tokenizer.input_of(one.text, std::ssize(one.input)) == one.input) continue;
    return fail(ErrorKind::input, "ai.text",
                fmt::format("expected texts for an attack on characters; what the tokens of sample "
                            "{} spell gives other tokens: give the texts themselves as a .csv",
                            i));
  }
  return {};
}

SoundnessCheck clean_repeat(const at::Tensor& first, const at::Tensor& again) {
  const auto changed = again.argmax(1).ne(first.argmax(1)).sum().item<std::int64_t>();
  const double moved = (again - first).abs().max().item<double>();
  const double scale = std::max(first.abs().max().item<double>(), 1.0);
  const bool is_same = changed == 0 && moved <= 1e-2 * scale;
  return {"clean_repeat", is_same ? State::pass : State::fail, static_cast<double>(changed),
          fmt::format("a second pass, one text at a time, puts {} of {} texts into another class; "
                      "scores move by at most {:.2g}{}",
                      changed, first.size(0), moved,
                      is_same ? "" : ": the model is not deterministic, or computed wrongly")};
}

/// Chance alone must not break what the attacks left standing.
Result<SoundnessCheck> random_edits(const Hunt& hunt,
                                    const std::vector<const TextAttackRow*>& rows,
                                    const Indices& standing,
                                    std::size_t right) {
  const bool is_about_tokens =
      std::ranges::any_of(rows, [](const auto* row) { return row->unit == Unit::tokens; });
  const TextAttackRow& row =
      *find_text_attack(is_about_tokens ? "random-tokens" : "random-characters");
  TRY(const Tally tally, run_attack(hunt, row, standing));
  const double value =
      right == 0 ? 0 : static_cast<double>(tally.broken.size()) / static_cast<double>(right);
  const bool is_beaten = value > beaten_share;
  return SoundnessCheck{
      "random_edits", is_beaten ? State::fail : State::pass, value,
      fmt::format(
          "edits drawn by chance break {} of the {} texts that the attacks left standing{}",
          tally.broken.size(), standing.size(),
          is_beaten ? ": the attacks were too weak, and the robust accuracy is over-stated" : "")};
}

/// Whether the texts of flipped tokens give those tokens again: an attacker can only hand in texts.
SoundnessCheck spelling(const Hunt& hunt, const std::vector<TextPair>& broken) {
  const auto lost = std::ranges::count_if(broken, [&](const TextPair& pair) {
    return hunt.set.tokenizer.input_of(pair.changed.text, std::ssize(pair.changed.input)) !=
           pair.changed.input;
  });
  return {
      "spelling", lost == 0 ? State::pass : State::warn, static_cast<double>(lost),
      fmt::format("{} of {} changed inputs are not what their text gives{}", lost, broken.size(),
                  lost == 0 ? "" : ": whoever can only hand in texts cannot make those")};
}

SoundnessCheck meaning() {
  return {
      "meaning", State::not_checked, 0,
      "whether a person still reads the same in the changed texts was not looked at: read them"};
}

std::string budget_of(const std::vector<const TextAttackRow*>& rows, std::int64_t budget) {
  std::string text;
  for (const TextAttackRow* row : rows)
    text += fmt::format("{}{} at most {} {}", text.empty() ? "" : "; ", row->name, budget,
                        row->unit == Unit::tokens ? "tokens" : "characters");
  return text;
}

}  // namespace

Result<TextOutcome> measure_text_evasion(const TextModel& model,
                                         const TextSet& set,
                                         const EvasionPlan& plan,
                                         int threads,
                                         Progress& progress) {
  TRY(const auto rows, planned(plan, model));
  TRY_VOID(check_spelling(set, rows));
  std::set<double> epsilons(plan.curve.begin(), plan.curve.end());
  epsilons.insert(plan.epsilon);
  const Hunt hunt{model, set, edits_of(*epsilons.rbegin()), plan.seed, threads, progress};

  progress.stage("clean", set.samples.size());
  TRY(const at::Tensor logits, logits_of(hunt, static_cast<std::size_t>(plan.batch_size)));
  TRY_VOID(check_scores(logits, model.file()));
  const at::Tensor y = at::tensor(set.labels, at::kLong);
  TRY_VOID(check_labels({logits, y, ""}, logits.size(1)));
  const at::Tensor hits = logits.argmax(1).eq(y);
  TextOutcome outcome;
  Indices right;
  for (std::int64_t i = 0; i < hits.size(0); ++i) {
    outcome.is_right.push_back(hits[i].item<bool>() ? 1 : 0);
    if (hits[i].item<bool>()) right.push_back(i);
  }

  Measurement& m = outcome.measurement;
  Indices standing = right;
  for (const TextAttackRow* row : rows) {
    progress.stage(fmt::format("{} {} edits", row->name, hunt.budget), standing.size());
    const auto start = std::chrono::steady_clock::now();
    TRY(Tally tally, run_attack(hunt, *row, standing));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const auto broken = std::ssize(tally.broken);
    m.attacks.push_back({std::string(row->name), std::string(row->source), std::ssize(standing),
                         broken, tally.forward, tally.backward, seconds.count()});
    m.claimed += tally.claimed;
    m.confirmed += broken;
    standing = without(standing, tally.broken);
    std::ranges::move(tally.broken, std::back_inserter(outcome.broken));
  }
  std::ranges::sort(outcome.broken, {}, &TextPair::index);

  progress.stage("soundness", 0);
  TRY(const at::Tensor again, logits_of(hunt, 1));
  m.soundness.push_back(clean_repeat(logits, again));
  TRY(m.soundness.emplace_back(), random_edits(hunt, rows, standing, right.size()));
  m.soundness.push_back(spelling(hunt, outcome.broken));
  m.soundness.push_back(meaning());

  const auto total = std::ssize(set.samples);
  const auto standing_at = [&](double epsilon) {
    return std::ssize(right) - std::ranges::count_if(outcome.broken, [&](const TextPair& pair) {
             return pair.edits <= edits_of(epsilon);
           });
  };
  for (const double epsilon : epsilons)
    if (!plan.curve.empty()) m.curve.push_back({epsilon, accuracy_of(standing_at(epsilon), total)});
  m.id = plan.id;
  m.model_id = plan.model_id;
  m.samples = total;
  m.norm = plan.norm;
  m.epsilon = plan.epsilon;
  m.knowledge = plan.knowledge;
  m.budget = budget_of(rows, hunt.budget);
  m.seed = plan.seed;
  m.batch_size = plan.batch_size;
  m.clean = accuracy_of(std::ssize(right), total);
  m.robust = accuracy_of(standing_at(plan.epsilon), total);
  m.threads = threads;
  m.worker_version = LOCKSTEP_VERSION;
  std::erase_if(outcome.broken,
                [&](const TextPair& pair) { return pair.edits > edits_of(plan.epsilon); });
  outcome.is_broken.assign(static_cast<std::size_t>(total), 1);
  for (const std::int64_t i : right)
    outcome.is_broken[static_cast<std::size_t>(i)] = 0;
  for (const TextPair& pair : outcome.broken)
    outcome.is_broken[static_cast<std::size_t>(pair.index)] = 1;
  return outcome;
}

}  // namespace lockstep::ai
