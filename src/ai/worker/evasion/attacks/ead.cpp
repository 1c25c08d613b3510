// SPDX-License-Identifier: Apache-2.0
// Elastic net: minimises c max(z_right - best other z, 0) + |x' - x|_2^2 + beta |x' - x|_1 by
// accelerated proximal gradient steps: a step down the smooth part, then every change shrinks by
// beta, and what is smaller becomes zero. So few elements change. The weight c is found in nine
// runs, as by Carlini and Wagner (cw.cpp); the point that counts is the nearest under L1.
//
// Source: Chen et al. 2018, "EAD: elastic-net attacks to deep neural networks via adversarial
// examples", arXiv 1709.04114.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/border.hpp"
#include "ai/worker/evasion/geometry.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {
namespace {

constexpr int runs = 9;
constexpr double first_weight = 1e-3;
constexpr double progress_least = 0.9999;
constexpr double rate = 0.01;
constexpr double beta_share = 0.01;  ///< beta, in widths of the bounds
constexpr int halvings = 10;

/// What one step multiplies by, and shrinks changes by.
struct Pace {
  float weight;  ///< of the gradient of the lead
  float beta;
  float rate;
  float momentum;  ///< of the last change of x
};

/// One step: `x` from `y` by descent and shrinking, then `y` beyond it.
LS_WIDE void descend(const float* gradient,
                     const float* centre,
                     std::size_t count,
                     Pace pace,
                     float low,
                     float high,
                     float* x,
                     float* y) {
  const float beta = pace.beta;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = 2 * (y[i] - centre[i]) - pace.weight * gradient[i];
    const float moved = y[i] - pace.rate * g;
    const float change = moved - centre[i];
    const float up = moved - beta < high ? moved - beta : high;
    const float down = moved + beta > low ? moved + beta : low;
    const float next = change > beta ? up : change < -beta ? down : centre[i];
    y[i] = next + pace.momentum * (next - x[i]);
    x[i] = next;
  }
}

/// What is minimised runs once with a weight. True when some iterate was of a wrong class.
Search<bool> run(Seat& seat, double weight) {
  const auto low = static_cast<float>(seat.threat.low);
  const auto high = static_cast<float>(seat.threat.high);
  std::vector<float> x = seat.x;
  std::vector<float> y = seat.x;
  const double shrinks = beta_share * (seat.threat.high - seat.threat.low);
  const int tenth = (seat.options.steps + 9) / 10;
  double before = std::numeric_limits<double>::infinity();
  bool is_found = false;
  for (int i = 0; i < seat.options.steps; ++i) {
    Answer answer = co_await seat.ask(y, lead_loss);
    const double lead = *answer.losses;
    if (i % tenth == 0) {
      const double away = distance(y, seat.x, Norm::l2);
      const double sum =
          away * away + weight * std::max(-lead, 0.0) + shrinks * distance(y, seat.x, Norm::l1);
      if (!(sum <= progress_least * before)) break;
      before = sum;
    }
    const double share = static_cast<double>(i) / seat.options.steps;
    descend(answer.gradient, seat.x.data(), x.size(),
            {lead < 0 ? static_cast<float>(weight) : 0.0F, static_cast<float>(shrinks),
             static_cast<float>(rate * std::sqrt(1 - share)),
             static_cast<float>(i) / static_cast<float>(i + 3)},
            low, high, x.data(), y.data());
    answer = co_await seat.ask(x);
    is_found = seat.offer_nearer(answer, x) || is_found;
  }
  co_return is_found;
}

}  // namespace

Search<bool> search_ead(Seat& seat) {
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.offer_nearer(clean, seat.x)) co_return true;
  double failed = 0;
  double succeeded = std::numeric_limits<double>::infinity();
  const double width = seat.threat.high - seat.threat.low;
  double weight = first_weight * width * width;  // changes are squared, in units of the bounds
  for (int i = 0; i < runs; ++i) {
    const bool is_found = co_await run(seat, weight);
    (is_found ? succeeded : failed) = weight;
    weight = std::isinf(succeeded) ? 10 * weight : 0.5 * (failed + succeeded);
  }
  const bool is_found = co_await draw_in(seat, halvings);
  co_return is_found;
}

}  // namespace lockstep::ai
