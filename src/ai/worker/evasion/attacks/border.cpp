// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attacks/border.hpp"

#include <algorithm>
#include <cmath>

#include "ai/worker/evasion/row_loops.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {

namespace {

LS_WIDE void keep_inward(
    const float* gradient, const float* x, std::size_t count, float low, float high, float* free) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_stopped = gradient[i] < 0 ? x[i] <= low : x[i] >= high;
    free[i] = is_stopped ? 0 : gradient[i];
  }
}

}  // namespace

std::vector<float> inward(Row gradient, Row x, const Threat& threat) {
  std::vector<float> free(gradient.size());
  keep_inward(gradient.data(), x.data(), free.size(), static_cast<float>(threat.low),
              static_cast<float>(threat.high), free.data());
  return free;
}

double dual_length(Row gradient, Norm norm) {
  const std::size_t count = gradient.size();
  const double length = norm == Norm::linf ? loops::sizes(gradient.data(), count)
                        : norm == Norm::l1
                            ? static_cast<double>(loops::largest(gradient.data(), count))
                            : std::sqrt(product(gradient, gradient));
  return std::max(length, 1e-12);
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
