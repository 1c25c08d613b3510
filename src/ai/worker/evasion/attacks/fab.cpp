// SPDX-License-Identifier: Apache-2.0
// Fast adaptive boundary, targeted: looks for the nearest point of a wrong class. At each step the
// border between the right class and the target is taken as a plane; both the iterate and the
// sample are projected onto the plane within the box, and the next iterate lies between the two, a
// little beyond the plane. From a point of the wrong class it goes back a tenth of the way to the
// sample.
//
// It climbs no loss, so it finds what hides from attacks that do.
//
// Source: Croce and Hein 2020, "Minimally distorted adversarial examples with a fast adaptive
// boundary attack", arXiv 1907.02044; the targeted form: arXiv 2003.01690, section 5.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/geometry.hpp"
#include "ai/worker/evasion/row_loops.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {
namespace {

constexpr float beyond = 1.05F;    ///< of the way to the plane
constexpr double most_back = 0.1;  ///< largest share of the sample's projection
constexpr float kept = 0.9F;       ///< of the change, after a success

std::vector<float> start_of(const Seat& seat, double nearest, int draw) {
  Random random(RandomKey{seat.options.seed, stream_of("fab-t"), static_cast<std::uint32_t>(draw),
                          seat.index});
  return random_start(seat.x, seat.threat, 0.5 * std::min(nearest, seat.threat.epsilon), random);
}

double length_of(const std::vector<float>& change, Norm norm) {
  const double length = norm == Norm::linf
                            ? static_cast<double>(loops::largest(change.data(), change.size()))
                        : norm == Norm::l1 ? loops::sizes(change.data(), change.size())
                                           : std::sqrt(product(change, change));
  return std::max(length, 1e-8);
}

/// A point between the two, each a little beyond its projection.
LS_WIDE void mix(const float* a,
                 const float* of_a,
                 const float* b,
                 const float* of_b,
                 std::size_t count,
                 float share_of_b,
                 float low,
                 float high,
                 float* point) {
  for (std::size_t i = 0; i < count; ++i) {
    const float there =
        (1 - share_of_b) * (a[i] + beyond * of_a[i]) + share_of_b * (b[i] + beyond * of_b[i]);
    point[i] = there < low ? low : there > high ? high : there;
  }
}

/// x + share * (point - x).
LS_WIDE void draw_back(float* point, const float* x, std::size_t count, float share) {
  for (std::size_t i = 0; i < count; ++i)
    point[i] = x[i] + share * (point[i] - x[i]);
}

/// Between the projections of the iterate and of the sample.
std::vector<float> next_iterate(const Seat& seat,
                                const std::vector<float>& x,
                                const Answer& answer) {
  const Row gradient(answer.gradient, x.size());
  const double b = product(gradient, x) - static_cast<double>(*answer.losses);
  const std::vector<float> of_iterate = to_hyperplane(x, gradient, b, seat.threat);
  const std::vector<float> of_sample = to_hyperplane(seat.x, gradient, b, seat.threat);
  const double near = length_of(of_iterate, seat.threat.norm);
  const double far = length_of(of_sample, seat.threat.norm);
  std::vector<float> next(x.size());
  mix(x.data(), of_iterate.data(), seat.x.data(), of_sample.data(), x.size(),
      static_cast<float>(std::min(near / (near + far), most_back)),
      static_cast<float>(seat.threat.low), static_cast<float>(seat.threat.high), next.data());
  return next;
}

/// True when a point of a wrong class within epsilon was found. A point that is wrong needs no
/// gradient, because the search draws back from it: so, after one that was, it is asked first
/// whether the next is, too.
Search<bool> towards(Seat& seat, std::int64_t target, std::vector<float> x, double& nearest) {
  bool was_wrong = false;
  for (int i = 0; i <= seat.options.steps; ++i) {
    const bool is_last = i == seat.options.steps;
    const Loss first = was_wrong || is_last ? nullptr : difference_loss;
    Answer answer = co_await seat.ask(x, first, target);
    was_wrong = seat.is_wrong(answer);
    if (was_wrong) {
      const double there = distance(x, seat.x, seat.threat.norm);
      if (there <= seat.threat.epsilon && seat.is_broken(answer, x)) co_return true;
      nearest = std::min(nearest, there);
      draw_back(x.data(), seat.x.data(), x.size(), kept);
    }
    if (is_last) break;
    if (was_wrong || first == nullptr) answer = co_await seat.ask(x, difference_loss, target);
    x = next_iterate(seat, x, answer);
  }
  co_return false;
}

Search<bool> targeted(Seat& seat) {
  std::array<std::int64_t, 9> targets{};
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.is_broken(clean, seat.x)) co_return true;
  const std::int64_t count = best_wrong(clean.logits, clean.classes, seat.right, 9, targets.data());
  double nearest = std::numeric_limits<double>::infinity();
  for (int restart = 0; restart < seat.options.restarts; ++restart)
    for (std::int64_t i = 0; i < count; ++i) {
      std::vector<float> start = seat.x;
      if (restart > 0) start = start_of(seat, nearest, restart * 16 + static_cast<int>(i));
      const std::int64_t target = targets[static_cast<std::size_t>(i)];
      const bool is_broken = co_await towards(seat, target, std::move(start), nearest);
      if (is_broken) co_return true;
    }
  co_return false;
}

}  // namespace

Search<bool> search_fab_t(Seat& seat) {
  return targeted(seat);
}

}  // namespace lockstep::ai
