// SPDX-License-Identifier: Apache-2.0
// RayS: looks for the sign vector along which the border is nearest under Linf, told the class
// only. It turns the signs of halves, quarters, eighths ... of the elements, one block after the
// other; a turned ray is worth a bisection only when the net is wrong on it at the best radius so
// far, which is one question.
//
// Source: Chen and Gu 2020, "RayS: a ray searching method for hard-label adversarial attack", arXiv
// 2006.12792.
#include <algorithm>
#include <vector>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/decisions.hpp"

namespace lockstep::ai {
namespace {

constexpr double border_share = 5e-3;

/// The point at a radius along a ray of signs, in the bounds.
std::vector<float> on_ray(const Seat& seat, const std::vector<float>& signs, double radius) {
  std::vector<float> point = seat.x;
  for (std::size_t i = 0; i < point.size(); ++i)
    point[i] =
        std::clamp(point[i] + static_cast<float>(radius) * signs[i],
                   static_cast<float>(seat.threat.low), static_cast<float>(seat.threat.high));
  return point;
}

/// Turns the signs of a block; true when the block is the last of its level.
bool turn(std::vector<float>& signs, std::size_t blocks, std::size_t block) {
  const std::size_t size = (signs.size() + blocks - 1) / blocks;
  const std::size_t first = std::min(block * size, signs.size());
  const std::size_t end = std::min(first + size, signs.size());
  for (std::size_t i = first; i < end; ++i)
    signs[i] = -signs[i];
  return end == signs.size();
}

}  // namespace

Search<bool> search_rays(Seat& seat) {
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.offer_nearer(clean, seat.x)) co_return true;
  const std::int64_t budget = seat.asked() + seat.options.steps;
  std::vector<float> best(seat.x.size(), 1);
  double radius = seat.threat.high - seat.threat.low;
  std::size_t blocks = 1;
  std::size_t block = 0;
  bool is_first = true;
  while (seat.asked() < budget) {
    std::vector<float> signs = best;
    const bool is_last = is_first ? false : turn(signs, blocks, block);
    std::vector<float> point = on_ray(seat, signs, radius);
    const Answer answer = co_await seat.ask(point);
    if (seat.offer_nearer(answer, point)) {
      point = co_await to_border(seat, std::move(point), border_share);
      radius = distance(point, seat.x, Norm::linf);
      best = std::move(signs);
    }
    if (is_first) {
      is_first = false;
      continue;
    }
    ++block;
    if (!is_last) continue;
    block = 0;
    blocks = blocks >= seat.x.size() ? 1 : 2 * blocks;
  }
  co_return seat.nearest() < Trace::none;
}

}  // namespace lockstep::ai
