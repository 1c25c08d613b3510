// SPDX-License-Identifier: Apache-2.0
// Gradient descent on the conditions of a clause, from random points and corners of the box, all
// clauses and starts side by side. The length of a step falls from a quarter of the box to nothing.
// The first round goes by signs, which is quickest where the conditions agree; in the others every
// input has a step of its own (Adam), which comes to rest where they pull against each other.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <array>

#include "ai/worker/certify/adam.hpp"
#include "ai/worker/certify/verify.hpp"
#include "base/random.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

constexpr std::int64_t starts = 32;
constexpr std::int64_t few_starts = 8;
/// The rounds, each from points of its own.
constexpr std::array<Descent, 3> rounds{{{60, 0.25, true}, {60, 0.1, false}, {60, 0.1, false}}};
/// What a candidate aims for below the bound, so that rounding to float32 does not lose it.
constexpr double aim = 1e-5;

Tensor start_points(const Domain& box, std::int64_t count, std::uint64_t seed, std::size_t round) {
  const std::int64_t width = box.low.size(1);
  Tensor shares = at::empty({count, width}, at::kDouble);
  auto* data = shares.data_ptr<double>();
  for (std::int64_t i = 0; i < count; ++i) {
    Random random(RandomKey{seed, stream_of("property"), static_cast<std::uint32_t>(round),
                            static_cast<std::uint32_t>(i)});
    for (std::int64_t k = 0; k < width; ++k) {
      const double share = i == 0 && round < 2 ? 0.5 : random.uniform();
      *data++ = i % 2 == 1 ? (share < 0.5 ? 0.0 : 1.0) : share;
    }
  }
  return box.low + shares * (box.high - box.low);
}

}  // namespace

Result<std::optional<Tensor>> descend(const Scores& scores_of,
                                      const Domain& box,
                                      const Rows& rows,
                                      Tensor x,
                                      const Descent& by,
                                      const Deadline& deadline) {
  const Tensor reach = box.high - box.low;
  double length = by.length;
  Adam adam(0.99, 1e-30);
  std::optional<Tensor> found;
  double best = 0;
  for (int step = 0; step < by.steps && !deadline.is_over(); ++step) {
    const Tensor leaf = x.detach().set_requires_grad(true);
    TRY(const Tensor scores, scores_of(leaf));
    const Tensor missed = violation(rows, scores.detach());
    const Tensor place = missed.argmin();
    const double least = missed[place.item<std::int64_t>()].item<double>();
    if (least <= 0 && (!found || least < best)) {
      found = leaf.detach().narrow(0, place.item<std::int64_t>(), 1).clone();
      best = least;
    }
    if (found && best <= -aim) return found;
    const Tensor loss = (scores.matmul(rows.factors.t()) - rows.bounds + aim).clamp_min(0).sum();
    if (!loss.requires_grad()) return found;
    loss.backward();
    if (!leaf.grad().defined()) return found;
    const Tensor way = by.by_signs ? leaf.grad().sign() : adam.step(leaf.grad() * reach);
    const Tensor move = way * reach * length;
    x = at::maximum(at::minimum(leaf.detach() - move, box.high), box.low);
    length *= 0.92;
  }
  return found;
}

Result<std::optional<Tensor>> attack(const PropertyNet& net,
                                     const Domain& box,
                                     const std::vector<Rows>& clauses,
                                     std::uint64_t seed,
                                     const Deadline& deadline) {
  const at::AutoGradMode gradients(true);
  // Nets without a graph may be run one sample at a time; in wide boxes a descent goes far from
  // any start.
  const std::int64_t count = net.graph() == nullptr ? 4 : net.inputs() > 100 ? few_starts : starts;
  const Scores scores = [&](const Tensor& x) -> Result<Tensor> {
    return net.graph() == nullptr ? net.scores(x) : Result<Tensor>(net.graph()->scores(x));
  };
  for (std::size_t round = 0; round < rounds.size(); ++round)
    for (const Rows& rows : clauses) {
      if (deadline.is_over()) return std::optional<Tensor>();
      const Tensor points = start_points(box, count, seed, round);
      TRY(auto found, descend(scores, box, rows, points, rounds[round], deadline));
      if (found) return found;
    }
  return std::optional<Tensor>();
}

}  // namespace lockstep::ai::certify
