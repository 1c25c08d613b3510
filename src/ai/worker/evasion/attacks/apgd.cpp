// SPDX-License-Identifier: Apache-2.0
// Auto-PGD: gradient ascent with momentum that chooses its own step. The step begins at twice
// epsilon. At checkpoints, which come closer together, it is halved and the search goes back to the
// best point so far, when the loss rose too seldom since the last one, or has not got better since
// the last two. Under L1 the steps are sparse, and how sparse follows the best point.
//
// Two details of the authors' program are kept, because published numbers rest on them: at the
// first checkpoint the first loss counts as a rise when it is above 0, and the second rule cannot
// fire there.
//
// The targeted form climbs towards each of the nine best wrong classes (five under L1) in turn.
// Under L1 each climb comes in three parts, in balls of three, two and one epsilon.
//
// Source: Croce and Hein 2020, "Reliable evaluation of adversarial robustness with an ensemble of
// diverse parameter-free attacks", arXiv 2003.01690; for L1: Croce and Hein 2021, arXiv 2103.01208.
#include <algorithm>
#include <array>
#include <cmath>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/pace.hpp"
#include "ai/worker/evasion/geometry.hpp"
#include "ai/worker/evasion/row_loops.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {
namespace {

constexpr float momentum = 0.75F;

struct Climb {
  Loss loss;
  std::int64_t target;
  int steps;
  double epsilon;
};

struct Climbed {
  bool is_broken = false;
  std::vector<float> best;  ///< the point of the highest loss
};

std::size_t changed_elements(Row a, Row b) {
  return loops::differing(a.data(), b.data(), a.size());
}

/// x + share * (moved - x) + (1 - share) * (x - before), in place of `moved`.
LS_WIDE void add_momentum(
    float* moved, const float* x, const float* before, std::size_t count, float share) {
  for (std::size_t i = 0; i < count; ++i)
    moved[i] = x[i] + (moved[i] - x[i]) * share + (x[i] - before[i]) * (1 - share);
}

Search<Climbed> climb(Seat& seat, Climb plan, std::vector<float> start, bool is_first) {
  const Norm norm = seat.threat.norm;
  std::vector<float> x = std::move(start);
  const bool is_inside = plan.epsilon <= seat.threat.epsilon;
  Answer answer = co_await seat.ask(x, plan.loss, plan.target);
  if (is_inside && seat.is_broken(answer, x)) co_return Climbed{true, x};
  std::vector<float> gradient(answer.gradient, answer.gradient + seat.features());
  std::vector<float> best = x;
  std::vector<float> best_gradient = gradient;
  std::vector<float> before = x;
  std::vector<float> moved;
  float best_loss = *answer.losses;
  Pace pace(plan.steps, plan.epsilon, norm, x.size(),
            is_first ? 0 : std::max<std::size_t>(changed_elements(x, seat.x), 1));
  pace.begin(best_loss);
  for (int i = 0; i < plan.steps; ++i) {
    moved = x;
    step(moved, gradient, norm, pace.step_length(), pace.share());
    project(moved, seat.x, seat.threat, plan.epsilon);
    if (norm != Norm::l1) {
      add_momentum(moved.data(), x.data(), before.data(), x.size(), i == 0 ? 1 : momentum);
      project(moved, seat.x, seat.threat, plan.epsilon);
    }
    before.swap(x);
    x.swap(moved);
    answer = co_await seat.ask(x, plan.loss, plan.target);
    if (is_inside && seat.is_broken(answer, x)) co_return Climbed{true, x};
    gradient.assign(answer.gradient, answer.gradient + seat.features());
    if (*answer.losses > best_loss) {
      best = x;
      best_gradient = gradient;
      best_loss = *answer.losses;
    }
    const std::size_t changed = norm == Norm::l1 ? changed_elements(best, seat.x) : 0;
    if (pace.goes_back(*answer.losses, best_loss, changed)) {
      x = best;
      gradient = best_gradient;
    }
  }
  co_return Climbed{false, std::move(best)};
}

/// A climb from a random start; under L1 through balls that shrink to the threat's own.
Search<bool> climb_anew(
    Seat& seat, Loss loss, std::int64_t target, std::uint32_t stream, int restart) {
  Random random(
      RandomKey{seat.options.seed, stream, static_cast<std::uint32_t>(restart), seat.index});
  const int steps = seat.options.steps;
  const double epsilon = seat.threat.epsilon;
  if (seat.threat.norm != Norm::l1) {
    const Climb plan{loss, target, steps, epsilon};
    const Climbed found =
        co_await climb(seat, plan, random_start(seat.x, seat.threat, epsilon, random), true);
    co_return found.is_broken;
  }
  const std::array<std::pair<double, double>, 3> parts{{{3, 0.3}, {2, 0.3}, {1, 0.4}}};
  std::vector<float> x = random_start(seat.x, seat.threat, 3 * epsilon, random);
  for (const auto& [radius, share] : parts) {
    const Climb plan{loss, target, std::max(static_cast<int>(share * steps), 1), radius * epsilon};
    project(x, seat.x, seat.threat, plan.epsilon);
    Climbed found = co_await climb(seat, plan, std::move(x), false);
    if (found.is_broken) co_return true;
    x = std::move(found.best);
  }
  co_return false;
}

/// @param loss, targeted_loss without a class to reach, and with one
Search<bool> restarted(Seat& seat, std::uint32_t stream, Loss free_loss, Loss targeted_loss) {
  const Loss loss = seat.wanted < 0 ? free_loss : targeted_loss;
  for (int restart = 0; restart < seat.options.restarts; ++restart) {
    const bool is_broken = co_await climb_anew(seat, loss, seat.wanted, stream, restart);
    if (is_broken) co_return true;
  }
  co_return false;
}

Search<bool> targeted(Seat& seat) {
  std::array<std::int64_t, 9> targets{};
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.is_broken(clean, seat.x)) co_return true;
  const std::int64_t wanted = seat.threat.norm == Norm::l1 ? 5 : 9;
  const std::int64_t count =
      best_wrong(clean.logits, clean.classes, seat.right, wanted, targets.data());
  for (int restart = 0; restart < seat.options.restarts; ++restart)
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t target = targets[static_cast<std::size_t>(i)];
      const int draw = restart * 16 + static_cast<int>(i);
      const bool is_broken =
          co_await climb_anew(seat, targeted_dlr_loss, target, stream_of("apgd-t"), draw);
      if (is_broken) co_return true;
    }
  co_return false;
}

}  // namespace

Search<bool> search_apgd_ce(Seat& seat) {
  return restarted(seat, stream_of("apgd-ce"), cross_entropy_loss, cross_entropy_loss);
}

Search<bool> search_apgd_dlr(Seat& seat) {
  return restarted(seat, stream_of("apgd-dlr"), dlr_loss, targeted_dlr_loss);
}

Search<bool> search_apgd_t(Seat& seat) {
  return targeted(seat);
}

}  // namespace lockstep::ai
