// SPDX-License-Identifier: Apache-2.0
// Fast minimum norm, and the decoupled direction and norm attack before it. Both walk along the
// normalised gradient with steps that fade out, and are brought back each time to a ball around the
// sample that shrinks a little after a point of a wrong class and grows a little after one of the
// right class. So the walk ends on the border, near the sample.
//
// Both climb the log odds against the right class, which point where the cross entropy does and do
// not vanish where the net is sure.
//
// FMN does so in any norm: the ball begins where a plane through the border would be, shrinks and
// grows by ever less, and is never larger than what was found. DDN is the L2 form with a ball that
// begins at 1 (of the width of the bounds), changes by a twentieth throughout, and puts every
// iterate on its sphere. Elements that would only leave the bounds have no part in a step: without
// them a plane is as far as the bounds allow, where the authors' programs expect it nearer.
//
// Source: Pintor, Roli, Brendel and Biggio 2021, "Fast minimum-norm adversarial attacks through
// adaptive norm constraints", arXiv 2102.12827; Rony et al. 2019, "Decoupling direction and norm
// for efficient gradient-based L2 adversarial attacks and defenses", arXiv 1811.09600.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/border.hpp"
#include "ai/worker/evasion/geometry.hpp"

namespace lockstep::ai {
namespace {

constexpr int halvings = 10;
constexpr double beyond = 1.05;  ///< of the way to the plane, so as to end on its far side
constexpr double tiny = 1e-12;

/// From `first` to `last` along half a cosine wave.
double fading(double first, double last, int step, int steps) {
  return last + (first - last) * 0.5 * (1 + std::cos(std::numbers::pi * step / steps));
}

/// The radius of the ball, after what the net said about an iterate.
class Radius {
 public:
  Radius(double first, double change, double change_last)
      : radius_(first), change_(change), change_last_(change_last) {}

  double value() const { return radius_; }

  void shrink(int step, int steps) { radius_ *= 1 - change(step, steps); }

  void grow(int step, int steps) { radius_ *= 1 + change(step, steps); }

  void set(double radius) { radius_ = radius; }

 private:
  double change(int step, int steps) const { return fading(change_, change_last_, step, steps); }

  double radius_;
  double change_;
  double change_last_;
};

}  // namespace

Search<bool> search_fmn(Seat& seat) {
  const Norm norm = seat.threat.norm;
  const double width = seat.threat.high - seat.threat.low;
  const int steps = seat.options.steps;
  // Steps are as long as one element may change; under Linf, where all may, ten times that.
  const double longest = (norm == Norm::linf ? 10 : 1) * width;
  Radius radius(0, 0.05, 1e-4);
  std::vector<float> x = seat.x;
  for (int i = 0; i < steps; ++i) {
    const Answer answer = co_await seat.ask(x, log_odds_loss);
    const std::vector<float> gradient = inward({answer.gradient, x.size()}, x, seat.threat);
    if (seat.offer_nearer(answer, x)) {
      if (i == 0) co_return true;
      radius.shrink(i, steps);
      radius.set(std::min(radius.value(), seat.nearest()));
    } else if (seat.nearest() == Trace::none) {
      radius.set(distance(x, seat.x, norm) +
                 beyond * std::abs(static_cast<double>(seat.lead_of(answer))) /
                     dual_length(gradient, norm));
    } else {
      radius.grow(i, steps);
    }
    step(x, gradient, Norm::l2, fading(longest, 1e-5 * width, i, steps));
    project(x, seat.x, seat.threat, radius.value());
  }
  const bool is_found = co_await draw_in(seat, halvings);
  co_return is_found;
}

Search<bool> search_ddn(Seat& seat) {
  const double width = seat.threat.high - seat.threat.low;
  const int steps = seat.options.steps;
  Radius radius(width, 0.05, 0.05);
  const auto low = static_cast<float>(seat.threat.low);
  const auto high = static_cast<float>(seat.threat.high);
  std::vector<float> x = seat.x;
  for (int i = 0; i < steps; ++i) {
    const Answer answer = co_await seat.ask(x, log_odds_loss);
    const bool is_wrong = seat.offer_nearer(answer, x);
    if (i == 0 && is_wrong) co_return true;
    if (is_wrong)
      radius.shrink(i, steps);
    else if (i > 0)
      radius.grow(i, steps);
    const std::vector<float> gradient = inward({answer.gradient, x.size()}, x, seat.threat);
    step(x, gradient, Norm::l2, fading(width, 0.01 * width, i, steps));
    const double scale = radius.value() / std::max(distance(x, seat.x, Norm::l2), tiny);
    for (std::size_t k = 0; k < x.size(); ++k)
      x[k] = std::clamp(seat.x[k] + static_cast<float>(scale) * (x[k] - seat.x[k]), low, high);
  }
  const bool is_found = co_await draw_in(seat, halvings);
  co_return is_found;
}

}  // namespace lockstep::ai
