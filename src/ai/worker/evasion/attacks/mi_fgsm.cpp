// SPDX-License-Identifier: Apache-2.0
// FGSM in several steps, along the sum of the gradients so far, each divided by its L1 norm: steps
// that do not turn with every bend of one net carry over better to another.
//
// Source: Dong et al. 2018, "Boosting adversarial attacks with momentum", arXiv 1710.06081.
#include <algorithm>
#include <cmath>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/border.hpp"
#include "ai/worker/evasion/geometry.hpp"

namespace lockstep::ai {
namespace {

Search<bool> climb(Seat& seat) {
  const double length = seat.threat.epsilon / seat.options.steps;
  std::vector<float> x = seat.x;
  std::vector<float> sum(x.size(), 0);
  for (int i = 0; i < seat.options.steps; ++i) {
    const Answer answer = co_await seat.ask(x, cross_entropy_loss);
    if (seat.options.keep_best && seat.is_broken(answer, x)) co_return true;
    double size = 0;
    for (std::size_t k = 0; k < x.size(); ++k)
      size += std::abs(static_cast<double>(answer.gradient[k]));
    const double scale = 1 / std::max(size, 1e-12);
    for (std::size_t k = 0; k < x.size(); ++k)
      sum[k] += static_cast<float>(scale * static_cast<double>(answer.gradient[k]));
    // Under L1 a step goes to few elements: to none that the bounds stop.
    const bool is_sparse = seat.threat.norm == Norm::l1;
    step(x, is_sparse ? inward(sum, x, seat.threat) : sum, seat.threat.norm, length);
    project(x, seat.x, seat.threat, seat.threat.epsilon);
  }
  seat.offer(x);
  co_return false;
}

}  // namespace

Search<bool> search_mi_fgsm(Seat& seat) {
  return climb(seat);
}

}  // namespace lockstep::ai
