// SPDX-License-Identifier: Apache-2.0
// One measurement: the clean accuracy, then each attack on the samples that still stand, then the
// checks on all of that, then the same attacks at the other epsilons of a curve.
//
// Only samples that the net gets right are attacked; a wrong one is broken from the start. Every
// number is a count with its exact interval. A sample that falls at one epsilon of the curve has
// fallen at all larger ones, because the smaller ball lies in the larger. Attacks that look for the
// nearest point of a wrong class run once: the confirmed distances are the whole curve.
//
// Source: Clopper and Pearson 1934, for the intervals.
#include "ai/worker/evasion/measure.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "ai/worker/data/fit.hpp"
#include "ai/worker/evasion/black_box.hpp"
#include "ai/worker/evasion/campaign.hpp"
#include "ai/worker/evasion/distances.hpp"
#include "ai/worker/evasion/rows.hpp"
#include "ai/worker/evasion/soundness.hpp"
#include "ai/worker/evasion/target.hpp"
#include "ai/worker/limits.hpp"
#include "base/text.hpp"
#include "domain/accuracy.hpp"

namespace lockstep::ai {
namespace {

using Indices = std::vector<std::int64_t>;

constexpr int steps_max = 100'000;
constexpr int restarts_max = 1'000;
constexpr int passes_max = 1'000;
constexpr std::int64_t batch_max = 65'536;

tl::unexpected<Error> bad_plan(std::string what, std::string found) {
  return fail(ErrorKind::usage, "ai.plan", fmt::format("expected {}, found {}", what, found));
}

Result<> check_plan(const EvasionPlan& plan) {
  std::vector<double> epsilons = plan.curve;
  epsilons.push_back(plan.epsilon);
  for (const double epsilon : epsilons)
    if (!std::isfinite(epsilon) || epsilon <= 0 || epsilon > limits::magnitude)
      return bad_plan(fmt::format("an epsilon above 0 and up to {:g}", limits::magnitude),
                      fmt::format("{:g}", epsilon));
  if (plan.steps < 0 || plan.steps > steps_max)
    return bad_plan(fmt::format("1 to {} steps", steps_max), std::to_string(plan.steps));
  if (plan.restarts < 1 || plan.restarts > restarts_max)
    return bad_plan(fmt::format("1 to {} restarts", restarts_max), std::to_string(plan.restarts));
  if (plan.passes < 1 || plan.passes > passes_max)
    return bad_plan(fmt::format("1 to {} averaged passes", passes_max),
                    std::to_string(plan.passes));
  if (plan.batch_size < 1 || plan.batch_size > batch_max)
    return bad_plan(fmt::format("a batch of 1 to {} samples", batch_max),
                    std::to_string(plan.batch_size));
  if (plan.samples < 1) return bad_plan("at least 1 sample", std::to_string(plan.samples));
  if (plan.attacks.empty()) return bad_plan("at least one attack", "none");
  return {};
}

Result<Norm> norm_of(const std::string& name) {
  if (name == "linf") return Norm::linf;
  if (name == "l2") return Norm::l2;
  if (name == "l1") return Norm::l1;
  return fail(ErrorKind::usage, "ai.norm",
              fmt::format("expected the norm linf, l2 or l1, found '{}'", quotable(name)));
}

/// The attacks of a plan in order, with their steps and restarts.
struct Planned {
  const AttackRow* row;
  AttackOptions options;
};

Result<std::vector<Planned>> planned(const EvasionPlan& plan, Norm norm) {
  std::vector<Planned> all;
  for (const std::string& name : plan.attacks) {
    const std::vector<Stage> stages = stages_of(name, norm);
    if (stages.empty()) {
      const std::vector<std::string> known = attack_names();
      const auto near = nearest(name, known);
      return fail(
          ErrorKind::usage, "ai.attack",
          fmt::format("expected one of the attacks {}, found '{}'{}", join(known, ", "),
                      quotable(name), near ? fmt::format("; did you mean '{}'?", *near) : ""));
    }
    for (const Stage& stage : stages) {
      if (!plan.target.empty() && !stage.attack->takes_target)
        return fail(
            ErrorKind::usage, "ai.no_target",
            fmt::format("the attack {} cannot be told a class to reach{}", stage.attack->name,
                        stages.size() > 1 ? fmt::format(", and is part of {}", name) : ""));
      if (!takes_norm(*stage.attack, plan.norm))
        return fail(ErrorKind::usage, "ai.norm",
                    fmt::format("expected one of the norms {} for {}, found '{}'",
                                stage.attack->norms, name, plan.norm));
      // The parameters of a sequence are fixed: that makes its numbers comparable.
      const bool is_fixed = stage.restarts > 0;
      all.push_back({stage.attack,
                     {is_fixed || plan.steps == 0 ? stage.attack->steps : plan.steps,
                      is_fixed ? stage.restarts : plan.restarts, plan.random_start, plan.keep_best,
                      plan.seed, stage.passes > 0 ? stage.passes : plan.passes}});
    }
  }
  return all;
}

/// Errors: ai.no_columns for an attack on rows of data that are none.
Result<> check_table(const std::vector<Planned>& all, const Samples& samples) {
  if (samples.table != nullptr) return check_rows(samples.x, *samples.table, samples.file);
  for (const Planned& one : all)
    if (one.row->needs_table)
      return fail(ErrorKind::usage, "ai.no_columns",
                  fmt::format("the attack {} changes rows of a table, and the data have no "
                              "description of their columns; name it by --columns FILE, or by "
                              "'columns' in the product file",
                              one.row->name),
                  {samples.file, 0, 0});
  return {};
}

int most_passes(const std::vector<Planned>& all) {
  int most = 1;
  for (const Planned& one : all)
    most = std::max(most, one.options.passes);
  return most;
}

bool is_all_nearest(const std::vector<Planned>& all) {
  return std::ranges::all_of(all, [](const auto& one) { return one.row->goal == Goal::nearest; });
}

std::string budget_of(const EvasionPlan& plan, const std::vector<Planned>& all) {
  std::string text;
  for (const Planned& one : all) {
    const bool is_alone = all.size() == 1;
    text += fmt::format(
        "{}{}{} step{}, {} restart{}{}", text.empty() ? "" : "; ",
        is_alone ? "" : std::string(one.row->name) + " ", one.options.steps,
        one.options.steps == 1 ? "" : "s", one.options.restarts,
        one.options.restarts == 1 ? "" : "s",
        one.options.passes == 1 ? "" : fmt::format(", {} passes averaged", one.options.passes));
  }
  if (is_all_nearest(all)) return text + ", nearest point kept";
  return fmt::format("{}, {} start, {} iterate kept", text,
                     plan.random_start ? "random" : "no random", plan.keep_best ? "best" : "last");
}

Indices without(const Indices& all, const Indices& gone) {
  Indices left;
  std::ranges::set_difference(all, gone, std::back_inserter(left));
  return left;
}

/// What a sequence of attacks did.
struct Ledger {
  Indices standing;  ///< samples that no attack broke
  std::vector<AttackRun> attacks;
  std::int64_t claimed = 0;
  std::int64_t confirmed = 0;
  Reach reach;
  Indices exhausted;  ///< of the standing, those that have nothing left to ask about
};

/// Runs the attacks in order, each on what the former left standing and have not exhausted.
Result<Ledger> run_cascade(const Campaign& campaign,
                           const EvasionPlan& plan,
                           const Threat& threat,
                           Indices standing) {
  TRY(const std::vector<Planned> all, planned(plan, threat.norm));
  Ledger ledger{std::move(standing), {}, 0, 0, Reach(campaign.samples.count()), {}};
  for (const auto& [row, options] : all) {
    const Indices left = without(ledger.standing, ledger.exhausted);
    campaign.progress.stage(fmt::format("{} {} {}", row->name, plan.norm, threat.epsilon),
                            left.size());
    const auto start = std::chrono::steady_clock::now();
    TRY(const AttackTally tally, run_attack(campaign, *row, options, threat, left));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const auto broken = static_cast<std::int64_t>(tally.broken.size());
    ledger.attacks.push_back({std::string(row->name), std::string(row->source), tally.tried, broken,
                              tally.forward, tally.backward, seconds.count()});
    ledger.claimed += tally.claimed;
    ledger.confirmed += broken;
    ledger.reach.add(*row, left, tally);
    ledger.standing = without(ledger.standing, tally.broken);
    Indices exhausted;
    std::ranges::set_union(ledger.exhausted, tally.exhausted, std::back_inserter(exhausted));
    ledger.exhausted = without(exhausted, tally.broken);
  }
  return ledger;
}

/// The samples that stand at another epsilon: read from the distances where all attacks looked for
/// the nearest point, else found by running them again.
Result<Indices> standing_at(const Campaign& campaign,
                            const EvasionPlan& plan,
                            const Threat& threat,
                            Indices left,
                            const Reach& reach) {
  TRY(const std::vector<Planned> all, planned(plan, threat.norm));
  if (is_all_nearest(all)) {
    std::erase_if(left, [&](std::int64_t i) {
      return is_within(reach.distance[static_cast<std::size_t>(i)], threat.epsilon);
    });
    return left;
  }
  TRY(Ledger ledger, run_cascade(campaign, plan, threat, std::move(left)));
  return std::move(ledger.standing);
}

/// The robust accuracy at each epsilon of the curve and at the plan's own.
Result<std::vector<CurvePoint>> curve_of(const Campaign& campaign,
                                         const EvasionPlan& plan,
                                         const Threat& threat,
                                         const Indices& right,
                                         const Ledger& ledger,
                                         std::int64_t total) {
  std::vector<CurvePoint> curve;
  if (plan.curve.empty()) return curve;
  std::set<double> epsilons(plan.curve.begin(), plan.curve.end());
  epsilons.insert(plan.epsilon);
  Indices left = right;
  for (const double epsilon : epsilons) {
    if (epsilon == plan.epsilon) {
      Indices both;
      std::ranges::set_intersection(left, ledger.standing, std::back_inserter(both));
      left = std::move(both);
    } else {
      Threat other = threat;
      other.epsilon = epsilon;
      TRY(left, standing_at(campaign, plan, other, std::move(left), ledger.reach));
    }
    curve.push_back({epsilon, accuracy_of(static_cast<std::int64_t>(left.size()), total)});
  }
  return curve;
}

/// Images live in [0, 1]. Samples that do not are kept in the range that the data set itself has.
Threat threat_of(Norm norm, const EvasionPlan& plan, const Samples& samples) {
  const auto [low, high] = value_range(samples);
  return Threat{norm, plan.epsilon, low, high, samples.table};
}

SoundnessCheck own_bounds(const Threat& threat) {
  return {"input_bounds", State::warn, threat.high - threat.low,
          fmt::format("the samples reach from {:.4g} to {:.4g}, not 0 to 1: the attacks stay in "
                      "that range, and epsilon is in these units",
                      threat.low, threat.high)};
}

SoundnessCheck possible_rows(const TableChanges& table, const Samples& samples) {
  const auto value = static_cast<double>(table.impossible) / static_cast<double>(samples.count());
  if (table.impossible == 0)
    return {"possible_rows", State::pass, 0,
            "all samples are rows that the description of the columns allows"};
  return {"possible_rows", State::warn, value,
          fmt::format("{} of {} samples are rows that the description of the columns says cannot "
                      "exist: an attack must mend them, too, to break them, and robust accuracy "
                      "may be over-stated",
                      table.impossible, samples.count())};
}

Indices right_samples(const Samples& samples, const at::Tensor& logits) {
  const at::Tensor places =
      is_fooled(logits, samples.y).logical_not().nonzero().squeeze(1).contiguous();
  const auto* data = places.data_ptr<std::int64_t>();
  return {data, data + places.numel()};
}

}  // namespace

Result<EvasionOutcome> measure_evasion(const Classifier& classifier,
                                       const Samples& samples,
                                       const EvasionPlan& plan,
                                       int threads,
                                       Progress& progress) {
  TRY_VOID(check_plan(plan));
  TRY(const Norm norm, norm_of(plan.norm));
  TRY(const std::vector<Planned> all, planned(plan, norm));
  TRY_VOID(check_table(all, samples));
  for (const Planned& one : all)
    TRY_VOID(check_reach(classifier, *one.row));
  const std::int64_t batch = classifier.batch_for(plan.batch_size);
  EvasionOutcome outcome;
  Campaign campaign{classifier,         samples,   batch,           threads, progress,
                    &outcome.confirmed, plan.seed, most_passes(all)};
  const Threat threat = threat_of(norm, plan, samples);

  Measurement& m = outcome.measurement;
  progress.stage("clean", static_cast<std::uint64_t>(samples.count()));
  TRY(const at::Tensor logits, logits_of(campaign, batch));
  TRY_VOID(check_scores(logits, classifier.file()));
  TRY_VOID(check_labels(samples, logits.size(1)));
  const Indices all_right = right_samples(samples, logits);
  Targets targets;
  if (!plan.target.empty()) {
    TRY(targets, targets_of(plan.target, samples, logits));
    campaign.wanted = targets.wanted;
    campaign.start = targets.start;
  }
  const Indices right = without(all_right, targets.left_out);
  const auto left_out = static_cast<std::int64_t>(targets.left_out.size());
  const std::int64_t total = samples.count() - left_out;
  TRY(const Ledger ledger, run_cascade(campaign, plan, threat, right));
  campaign.confirmed = nullptr;  // what the checks and the curve find is not the test's
  std::ranges::sort(outcome.confirmed, {}, &Confirmed::index);
  m.attacks = ledger.attacks;
  m.claimed = ledger.claimed;
  m.confirmed = ledger.confirmed;
  m.distances = summary_of(ledger.reach);
  if (samples.table != nullptr) {
    m.table = table_changes(outcome.confirmed, samples);
    m.table->exhausted = static_cast<std::int64_t>(ledger.exhausted.size());
  }

  Measured measured{logits, right, ledger.standing, {}, threat, plan.seed};
  measured.runs = m.attacks;
  measured.passes = campaign.passes;
  progress.stage("soundness", 0);
  TRY(m.soundness, check_soundness(campaign, measured));
  if (samples.table != nullptr)
    m.soundness.push_back(possible_rows(*m.table, samples));
  else if (threat.low != 0 || threat.high != 1)
    m.soundness.push_back(own_bounds(threat));
  EvasionPlan drawn = plan;
  if (plan.curve.empty() && is_all_nearest(all)) drawn.curve = tenths_of(ledger.reach);
  TRY(m.curve, curve_of(campaign, drawn, threat, right, ledger, total));

  m.id = plan.id;
  m.model_id = plan.model_id;
  m.samples = samples.count();
  m.target = plan.target;
  m.left_out = left_out;
  m.norm = plan.norm;
  m.epsilon = plan.epsilon;
  m.knowledge = plan.knowledge;
  m.budget = budget_of(plan, all);
  m.seed = plan.seed;
  m.batch_size = batch;
  m.clean = accuracy_of(static_cast<std::int64_t>(right.size()), total);
  m.robust = accuracy_of(static_cast<std::int64_t>(ledger.standing.size()), total);
  m.answered_by = classifier.answered_by();
  m.threads = threads;
  m.worker_version = LOCKSTEP_VERSION;
  const auto count = static_cast<std::size_t>(samples.count());
  outcome.is_right.assign(count, 0);
  outcome.is_broken.assign(count, 1);
  for (const std::int64_t i : all_right)
    outcome.is_right[static_cast<std::size_t>(i)] = 1;
  // What was left out stands as it was.
  for (const std::int64_t i : without(all_right, right))
    outcome.is_broken[static_cast<std::size_t>(i)] = 0;
  for (const std::int64_t i : ledger.standing)
    outcome.is_broken[static_cast<std::size_t>(i)] = 0;
  return outcome;
}

}  // namespace lockstep::ai
