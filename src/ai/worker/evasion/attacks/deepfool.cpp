// SPDX-License-Identifier: Apache-2.0
// DeepFool: takes the borders between the right class and its best rivals as planes, steps onto the
// nearest one, and does so again from there until the net is wrong. On a linear net the first step
// is exact: |f| / |w|, in the dual norm.
//
// Steps go a fiftieth beyond the plane, as the authors' do, so as to end on its far side. What was
// too much of it is taken back by bisection at the end.
//
// Source: Moosavi-Dezfooli, Fawzi and Frossard 2016, "DeepFool: a simple and accurate method to
// fool deep neural networks", arXiv 1511.04599.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/border.hpp"
#include "ai/worker/evasion/geometry.hpp"

namespace lockstep::ai {
namespace {

constexpr float overshoot = 1.02F;
constexpr double least_gap = 1e-6;  ///< of the largest score
constexpr double smallest_length = 1e-12;
constexpr std::int64_t rivals_most = 9;
constexpr int halvings = 10;

/// Adds the step onto the nearest plane to `change`. False when no gradient shows one.
bool step_to_nearest(const Answer& answer,
                     std::int64_t rivals,
                     Norm norm,
                     std::vector<float>& change) {
  double largest = 0;
  for (std::int64_t c = 0; c < answer.classes; ++c)
    largest = std::max(largest, std::abs(static_cast<double>(answer.logits[c])));
  double nearest = std::numeric_limits<double>::infinity();
  double length = 0;
  Row w;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rivals); ++i) {
    const Row gradient(answer.gradient + i * change.size(), change.size());
    const double size = dual_length(gradient, norm);
    const double away =
        (std::abs(static_cast<double>(answer.losses[i])) + least_gap * largest) / size;
    if (!(away < nearest) || size <= smallest_length) continue;
    nearest = away;
    length = size;
    w = gradient;
  }
  if (w.empty()) return false;
  for (std::size_t k = 0; k < change.size(); ++k) {
    const double along = norm == Norm::linf ? (w[k] > 0   ? 1.0
                                               : w[k] < 0 ? -1.0
                                                          : 0.0)
                                            : static_cast<double>(w[k]) / length;
    change[k] += static_cast<float>(nearest * along);
  }
  return true;
}

Search<bool> fool(Seat& seat) {
  std::array<std::int64_t, rivals_most> targets{};
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.offer_nearer(clean, seat.x)) co_return true;
  const std::int64_t rivals =
      best_wrong(clean.logits, clean.classes, seat.right, rivals_most, targets.data());
  const std::span<const std::int64_t> towards(targets.data(), static_cast<std::size_t>(rivals));
  const auto low = static_cast<float>(seat.threat.low);
  const auto high = static_cast<float>(seat.threat.high);
  std::vector<float> x = seat.x;
  std::vector<float> change(x.size(), 0);
  std::vector<float> rows;
  for (int i = 0; i <= seat.options.steps; ++i) {
    rows.clear();
    for (std::int64_t k = 0; k < rivals; ++k)
      rows.insert(rows.end(), x.begin(), x.end());
    const Answer answer = co_await seat.ask(rows, difference_loss, towards);
    if (seat.offer_nearer(answer, x)) break;
    if (i == seat.options.steps || !step_to_nearest(answer, rivals, seat.threat.norm, change))
      break;
    for (std::size_t k = 0; k < x.size(); ++k)
      x[k] = std::clamp(seat.x[k] + overshoot * change[k], low, high);
  }
  const bool is_found = co_await draw_in(seat, halvings);
  co_return is_found;
}

}  // namespace

Search<bool> search_deepfool(Seat& seat) {
  return fool(seat);
}

}  // namespace lockstep::ai
