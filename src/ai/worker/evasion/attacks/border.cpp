// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attacks/border.hpp"

#include <algorithm>

namespace lockstep::ai {

std::vector<float> inward(Row gradient, Row x, const Threat& threat) {
  std::vector<float> free(gradient.begin(), gradient.end());
  for (std::size_t i = 0; i < free.size(); ++i)
    if ((free[i] < 0 && x[i] <= static_cast<float>(threat.low)) ||
        (free[i] > 0 && x[i] >= static_cast<float>(threat.high)))
      free[i] = 0;
  return free;
}

double dual_length(Row gradient, Norm norm) {
  const std::vector<float> zeros(gradient.size(), 0);
  const Norm dual = norm == Norm::linf ? Norm::l1 : norm == Norm::l1 ? Norm::linf : Norm::l2;
  return std::max(distance(gradient, zeros, dual), 1e-12);
}

Search<bool> draw_in(Seat& seat, int halvings) {
  if (seat.nearest() == Trace::none) co_return false;
  const std::vector<float> outer(seat.nearest_point().begin(), seat.nearest_point().end());
  double right = 0;
  double wrong = seat.nearest();
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (right + wrong);
    std::vector<float> x = outer;
    project(x, seat.x, seat.threat, middle);
    const Answer answer = co_await seat.ask(x);
    (seat.offer_nearer(answer, x) ? wrong : right) = middle;
  }
  co_return true;
}

}  // namespace lockstep::ai
