// SPDX-License-Identifier: Apache-2.0
// The attack of Carlini and Wagner: minimises |x' - x|^2 + c max(z_right - best other z, 0) with
// Adam. x' is middle + half tanh(w) of free variables w, so that it cannot leave the bounds. How
// much the second term weighs is found in nine runs: c grows tenfold until a run succeeds, then is
// halved between the last that failed and the least that succeeded. A run is given up when a tenth
// of it has brought less than a ten-thousandth.
//
// Source: Carlini and Wagner 2017, "Towards evaluating the robustness of neural networks", arXiv
// 1608.04644.
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
constexpr float rate = 0.01F;
constexpr float beta1 = 0.9F;
constexpr float beta2 = 0.999F;
constexpr float inner = 0.999999F;  ///< of the half width: the bounds themselves are infinitely far
constexpr int halvings = 10;

/// Free variables, Adam's moments, and the point that they stand for.
struct Variables {
  std::vector<float> w;
  std::vector<float> mean;
  std::vector<float> square;
  std::vector<float> x;
  std::vector<float> slope;  ///< of x by w

  explicit Variables(const std::vector<float>& start)
      : w(start),
        mean(start.size(), 0),
        square(start.size(), 0),
        x(start.size()),
        slope(start.size()) {}
};

/// What one step of Adam multiplies by.
struct Pace {
  float weight;  ///< of the gradient of the lead
  float rate;
  float root;  ///< of the correction of the second moment
};

/// e^-y for y >= 0, to the last bits of float32: 2^-n times a polynomial on [0, log 2).
inline float decay(float y) {
  const float scaled = std::min(y * 1.44269504F, 126.0F);
  const auto whole = static_cast<std::int32_t>(scaled);
  const float f = (scaled - static_cast<float>(whole)) * -0.69314718F;
  const float power =
      1 + f * (1 + f * (0.5F + f * (0.16666667F +
                                    f * (0.04166667F + f * (0.00833333F + f * 0.00138889F)))));
  return power * __builtin_bit_cast(float, (127 - whole) << 23);
}

/// x = middle + half tanh(w), and its slope.
LS_WIDE void place(
    const float* w, std::size_t count, float middle, float half, float* x, float* slope) {
  for (std::size_t i = 0; i < count; ++i) {
    const float size = w[i] < 0 ? -w[i] : w[i];
    const float t = decay(2 * size);
    const float tanh = (1 - t) / (1 + t);
    x[i] = middle + (w[i] < 0 ? -half * tanh : half * tanh);
    slope[i] = half * (1 - tanh * tanh);
  }
}

/// A step down |x - centre|^2 - weight * lead.
LS_WIDE void descend(const float* gradient,
                     const float* centre,
                     const float* x,
                     const float* slope,
                     std::size_t count,
                     Pace pace,
                     float* w,
                     float* mean,
                     float* square) {
  for (std::size_t i = 0; i < count; ++i) {
    const float g = (2 * (x[i] - centre[i]) - pace.weight * gradient[i]) * slope[i];
    mean[i] = beta1 * mean[i] + (1 - beta1) * g;
    square[i] = beta2 * square[i] + (1 - beta2) * g * g;
    w[i] -= pace.rate * mean[i] / (__builtin_sqrtf(square[i]) * pace.root + 1e-8F);
  }
}

/// What is minimised runs once with a weight. True when some iterate was of a wrong class.
Search<bool> run(Seat& seat, const std::vector<float>& start, double weight) {
  const auto middle = static_cast<float>(0.5 * (seat.threat.low + seat.threat.high));
  const auto half = static_cast<float>(0.5 * (seat.threat.high - seat.threat.low));
  Variables now(start);
  const std::size_t count = start.size();
  const int tenth = (seat.options.steps + 9) / 10;
  double before = std::numeric_limits<double>::infinity();
  double decay1 = 1;
  double decay2 = 1;
  bool is_found = false;
  for (int i = 0; i < seat.options.steps; ++i) {
    place(now.w.data(), count, middle, half, now.x.data(), now.slope.data());
    const Answer answer = co_await seat.ask(now.x, lead_loss);
    is_found = seat.offer_nearer(answer, now.x) || is_found;
    const double lead = *answer.losses;
    if (i % tenth == 0) {
      const double away = distance(now.x, seat.x, Norm::l2);
      const double sum = away * away + weight * std::max(-lead, 0.0);
      if (!(sum <= progress_least * before)) break;
      before = sum;
    }
    decay1 *= static_cast<double>(beta1);
    decay2 *= static_cast<double>(beta2);
    const Pace pace{lead < 0 ? static_cast<float>(weight) : 0.0F,
                    static_cast<float>(static_cast<double>(rate) / (1 - decay1)),
                    static_cast<float>(1 / std::sqrt(1 - decay2))};
    descend(answer.gradient, seat.x.data(), now.x.data(), now.slope.data(), count, pace,
            now.w.data(), now.mean.data(), now.square.data());
  }
  co_return is_found;
}

}  // namespace

Search<bool> search_cw(Seat& seat) {
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.offer_nearer(clean, seat.x)) co_return true;
  const double middle = 0.5 * (seat.threat.low + seat.threat.high);
  const double half = 0.5 * (seat.threat.high - seat.threat.low);
  std::vector<float> start(seat.x.size());
  for (std::size_t i = 0; i < start.size(); ++i)
    start[i] = static_cast<float>(std::atanh(static_cast<double>(inner) *
                                             std::clamp((seat.x[i] - middle) / half, -1.0, 1.0)));
  double failed = 0;
  double succeeded = std::numeric_limits<double>::infinity();
  double weight = first_weight * 4 * half * half;  // changes are squared, in units of the bounds
  for (int i = 0; i < runs; ++i) {
    const bool is_found = co_await run(seat, start, weight);
    (is_found ? succeeded : failed) = weight;
    weight = std::isinf(succeeded) ? 10 * weight : 0.5 * (failed + succeeded);
  }
  const bool is_found = co_await draw_in(seat, halvings);
  co_return is_found;
}

}  // namespace lockstep::ai
