// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/soundness_climb.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty_like.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>

#include "ai/worker/evasion/ball.hpp"
#include "ai/worker/nets/loss.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

constexpr std::size_t slope_samples = 8;
constexpr std::uint32_t directions = 32;
constexpr double difference_step = 0.01;  ///< in L2, of the box's side
constexpr double slope_warn = 0.05;
constexpr double slope_fail = 0.2;
constexpr std::size_t climb_samples = 32;
constexpr std::array<int, 3> step_counts = {10, 40, 200};
constexpr int steps = 40;
constexpr std::size_t ball_parts = 4;
constexpr int last_quarter = 30;
constexpr double still_rising = 0.2;

/// The lead of the class that is second on the clean sample, over the right one: it has a slope
/// where the cross entropy is lost to rounding.
struct Lead {
  std::vector<std::int64_t> right;
  std::vector<std::int64_t> second;

  double of(const at::Tensor& logits, std::size_t i) const {
    const auto row = static_cast<std::int64_t>(i);
    return logits[row][second[i]].item<double>() - logits[row][right[i]].item<double>();
  }

  ScoreLoss loss() const {
    return [this](std::int64_t first, std::int64_t count, std::int64_t classes, const float*,
                  float* dz) {
      std::fill_n(dz, count * classes, 0.0F);
      for (std::int64_t i = 0; i < count; ++i) {
        dz[i * classes + second[static_cast<std::size_t>(first + i)]] = 1;
        dz[i * classes + right[static_cast<std::size_t>(first + i)]] = -1;
      }
    };
  }
};

Lead lead_of(const Campaign& campaign,
             const Measured& measured,
             const std::vector<std::int64_t>& index) {
  Lead lead;
  for (const std::int64_t i : index) {
    const at::Tensor z = measured.logits[i].to(at::kFloat).contiguous();
    std::int64_t second = 0;
    lead.right.push_back(campaign.samples.y[i].item<std::int64_t>());
    (void)best_wrong(z.data_ptr<float>(), z.size(0), lead.right.back(), 1, &second);
    lead.second.push_back(second);
  }
  return lead;
}

/// One random direction of length 1 for each sample.
at::Tensor random_directions(const Points& points, std::uint64_t seed, std::uint32_t draw) {
  const at::Tensor u = at::empty_like(points.x.to(at::kDouble).contiguous());
  const std::int64_t features = u.numel() / points.count();
  for (std::int64_t i = 0; i < points.count(); ++i) {
    Random random(RandomKey{seed, stream_of("slope"), draw,
                            static_cast<std::uint32_t>(points.index[static_cast<std::size_t>(i)])});
    double* row = u.data_ptr<double>() + i * features;
    double size = 0;
    for (std::int64_t k = 0; k < features; ++k) {
      row[k] = random.normal();
      size += row[k] * row[k];
    }
    for (std::int64_t k = 0; k < features; ++k)
      row[k] /= std::sqrt(size);
  }
  return u;
}

/// Slopes that the gradient promises, against those that two passes show. Both points lie within
/// the bounds: what a net says outside, if anything, is nobody's concern.
Result<SoundnessCheck> finite_differences(const Campaign& campaign, const Measured& measured) {
  const Points points = points_at(campaign, first_of(measured.right, slope_samples));
  const Lead lead = lead_of(campaign, measured, points.index);
  TRY(const Classifier::Gradient gradient, campaign.classifier.gradient(points.x, lead.loss()));
  const double h = difference_step * (measured.threat.high - measured.threat.low);
  double product = 0;
  double promised = 0;
  double shown = 0;
  for (std::uint32_t draw = 0; draw < directions; ++draw) {
    const at::Tensor way = h * random_directions(points, measured.seed, draw);
    const at::Tensor x = points.x.to(at::kDouble);
    const auto type = points.x.scalar_type();
    const at::Tensor after = (x + way).clamp(measured.threat.low, measured.threat.high).to(type);
    const at::Tensor before = (x - way).clamp(measured.threat.low, measured.threat.high).to(type);
    TRY(const at::Tensor ahead, campaign.classifier.logits(after));
    TRY(const at::Tensor behind, campaign.classifier.logits(before));
    const at::Tensor between = after.to(at::kDouble) - before.to(at::kDouble);
    const at::Tensor rises = (gradient.input.to(at::kDouble) * between).flatten(1).sum(1);
    for (std::size_t i = 0; i < points.index.size(); ++i) {
      const double slope = lead.of(ahead, i) - lead.of(behind, i);
      const double promise = rises[static_cast<std::int64_t>(i)].item<double>();
      product += slope * promise;
      promised += promise * promise;
      shown += slope * slope;
    }
  }
  const bool is_flat = promised == 0 && shown == 0;
  const double value = is_flat ? 0 : 1 - product / std::max(std::sqrt(promised * shown), 1e-300);
  const State state = value > slope_fail   ? State::fail
                      : value > slope_warn ? State::warn
                                           : State::pass;
  return SoundnessCheck{
      "finite_differences", state, value,
      fmt::format(
          "slopes along {} random directions at {} samples agree with the gradient to {:.3f} "
          "(1 is perfect){}",
          directions, points.index.size(), 1 - value,
          is_flat                ? ": both are zero"
          : state == State::pass ? ""
                                 : ": the gradient is not that of the function, and attacks "
                                   "that follow it go astray")};
}

/// PGD with more steps must not break less.
Result<SoundnessCheck> more_steps(const Campaign& campaign, const Measured& measured) {
  const std::vector<std::int64_t> looked = first_of(measured.right, climb_samples);
  std::vector<std::size_t> broken;
  for (const int count : step_counts) {
    const AttackOptions options{count, 1, false, true, measured.seed};
    TRY(const AttackTally tally,
        run_attack(campaign, *find_attack("pgd"), options, measured.threat, looked));
    broken.push_back(tally.broken.size());
  }
  std::size_t lost = 0;
  for (std::size_t i = 1; i < broken.size(); ++i)
    lost = std::max(lost, broken[i - 1] - std::min(broken[i - 1], broken[i]));
  const State state = 10 * lost > looked.size() ? State::fail
                      : lost > 1                ? State::warn
                                                : State::pass;
  return SoundnessCheck{
      "more_steps", state,
      static_cast<double>(lost) / static_cast<double>(std::max<std::size_t>(looked.size(), 1)),
      fmt::format("pgd with {}, {} and {} steps breaks {}, {} and {} of {} samples{}",
                  step_counts[0], step_counts[1], step_counts[2], broken[0], broken[1], broken[2],
                  looked.size(),
                  state == State::pass ? "" : ": more steps find less, so the climb is unsteady")};
}

/// What falls within a small ball stands in no larger one, since it lies in that, too; and what
/// stands falls little by little.
Result<SoundnessCheck> nested_balls(const Campaign& campaign, const Measured& measured) {
  const std::vector<std::int64_t> looked = first_of(measured.right, climb_samples);
  std::vector<std::int64_t> fallen;  // rising
  std::vector<std::size_t> broken;
  std::size_t lost = 0;
  for (std::size_t part = 1; part <= ball_parts; ++part) {
    Threat threat = measured.threat;
    threat.epsilon *= static_cast<double>(part) / ball_parts;
    const AttackOptions options{steps, 1, false, true, measured.seed};
    TRY(const AttackTally tally,
        run_attack(campaign, *find_attack("pgd"), options, threat, looked));
    std::vector<std::int64_t> stands_again;
    std::ranges::set_difference(fallen, tally.broken, std::back_inserter(stands_again));
    lost = std::max(lost, stands_again.size());
    std::vector<std::int64_t> both;
    std::ranges::set_union(fallen, tally.broken, std::back_inserter(both));
    fallen = std::move(both);
    broken.push_back(tally.broken.size());
  }
  std::size_t cliff = 0;
  for (std::size_t i = 1; i < broken.size(); ++i)
    cliff = std::max(cliff, broken[i] - std::min(broken[i - 1], broken[i]));
  const State state = 10 * lost > looked.size()                    ? State::fail
                      : lost > 1 || 10 * cliff > 9 * looked.size() ? State::warn
                                                                   : State::pass;
  return SoundnessCheck{
      "nested_balls", state,
      static_cast<double>(lost) / static_cast<double>(std::max<std::size_t>(looked.size(), 1)),
      fmt::format("within a quarter, half, three quarters and all of epsilon pgd breaks {} of {} "
                  "samples{}",
                  fmt::join(broken, ", "), looked.size(),
                  state == State::pass ? ""
                  : lost > 1 ? ": larger balls, in which the smaller ones lie, lose some again"
                             : ": nearly all fall at once, as where a gradient is hidden")};
}

Result<double> loss_of(const Campaign& campaign, const at::Tensor& x, const Points& points) {
  TRY(const at::Tensor logits, campaign.classifier.logits(x));
  const at::Tensor z = logits.to(at::kDouble);
  return (z.logsumexp({1}) - z.gather(1, points.y.unsqueeze(1)).squeeze(1)).sum().item<double>();
}

/// The loss of what still stands must have stopped rising at the end of a climb.
Result<SoundnessCheck> converged(const Campaign& campaign, const Measured& measured) {
  const Points points = points_at(campaign, first_of(measured.standing, climb_samples));
  const double length = 2.5 * measured.threat.epsilon / steps;
  at::Tensor x = points.x;
  double earlier = 0;
  for (int i = 0; i < steps; ++i) {
    if (i == last_quarter) {
      TRY(earlier, loss_of(campaign, x, points));
    }
    TRY(const Classifier::Gradient gradient, campaign.classifier.gradient(x, points.y));
    x = projected(x + ascent(gradient.input, x, measured.threat).mul_(length), points.x,
                  measured.threat);
  }
  TRY(const double last, loss_of(campaign, x, points));
  const double value = last <= 1e-6 ? 0 : (last - earlier) / last;
  const State state = value > still_rising ? State::warn : State::pass;
  return SoundnessCheck{
      "converged", state, value,
      fmt::format(
          "in the last quarter of {} steps the loss of {} samples that stand {} by {:.1f} %{}",
          steps, points.index.size(), value < 0 ? "falls" : "rises", 100 * std::abs(value),
          state == State::pass ? "" : ": it has not come to rest; more steps may break more")};
}

}  // namespace

Result<std::vector<SoundnessCheck>> check_climb(const Campaign& campaign,
                                                const Measured& measured) {
  std::vector<SoundnessCheck> checks;
  TRY(checks.emplace_back(), finite_differences(campaign, measured));
  TRY(checks.emplace_back(), more_steps(campaign, measured));
  TRY(checks.emplace_back(), nested_balls(campaign, measured));
  if (!measured.standing.empty()) {
    TRY(checks.emplace_back(), converged(campaign, measured));
  }
  for (SoundnessCheck& check : checks)
    if (!std::isfinite(check.value))
      check = {check.check, State::fail, 0,
               "scores or slopes near the samples are no numbers (NaN, or without end): what "
               "follows them may go astray"};
  return checks;
}

}  // namespace lockstep::ai
