// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/ball.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <cmath>

#include "ai/worker/evasion/geometry.hpp"
#include "base/check.hpp"

namespace lockstep::ai {
namespace {

/// Shapes one number per sample to broadcast over [samples, ...].
at::Tensor per_sample(const at::Tensor& numbers, std::int64_t rank) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(rank), 1);
  sizes[0] = numbers.size(0);
  return numbers.reshape(sizes);
}

at::Tensor lengths(const at::Tensor& x) {
  return x.flatten(1).norm(2, {1});
}

void fill_box(Random& random, double epsilon, float* out, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i)
    out[i] = static_cast<float>(random.uniform(-epsilon, epsilon));
}

/// Uniform in the L2 ball: a normal direction, and a radius whose volume is uniform.
void fill_ball(Random& random, double epsilon, float* out, std::int64_t count) {
  double squares = 0;
  std::vector<double> direction(static_cast<std::size_t>(count));
  for (double& each : direction) {
    each = random.normal();
    squares += each * each;
  }
  const double radius = epsilon * std::pow(random.uniform(), 1.0 / static_cast<double>(count));
  const double scale = squares > 0 ? radius / std::sqrt(squares) : 0;
  for (std::int64_t i = 0; i < count; ++i)
    out[i] = static_cast<float>(direction[static_cast<std::size_t>(i)] * scale);
}

/// Uniform in the L1 ball: exponential sizes and random signs, divided by their sum and one more.
void fill_diamond(Random& random, double epsilon, float* out, std::int64_t count) {
  std::vector<double> sizes(static_cast<std::size_t>(count));
  double sum = -std::log(1 - random.uniform());
  for (double& size : sizes) {
    size = -std::log(1 - random.uniform());
    sum += size;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const double size = epsilon * sizes[static_cast<std::size_t>(i)] / std::max(sum, 1e-300);
    out[i] = static_cast<float>(random.below(2) == 0 ? -size : size);
  }
}

}  // namespace

at::Tensor projected(const at::Tensor& candidate, const at::Tensor& x, const Threat& threat) {
  LS_CHECK(candidate.sizes() == x.sizes(), "a candidate has the shape of its sample");
  if (threat.norm == Norm::l1) {
    at::Tensor rows = candidate.to(at::kFloat).contiguous().clone();
    const at::Tensor centres = x.to(at::kFloat).contiguous();
    const std::int64_t count = x.size(0);
    const auto each = static_cast<std::size_t>(count == 0 ? 0 : x.numel() / count);
    for (std::int64_t i = 0; i < count; ++i)
      project({rows.data_ptr<float>() + static_cast<std::size_t>(i) * each, each},
              {centres.data_ptr<float>() + static_cast<std::size_t>(i) * each, each}, threat,
              threat.epsilon);
    return rows.to(x.scalar_type());
  }
  at::Tensor delta = candidate - x;
  if (threat.norm == Norm::linf) {
    delta.clamp_(-threat.epsilon, threat.epsilon);
  } else {
    const at::Tensor scale = (threat.epsilon / lengths(delta).clamp_min(1e-12)).clamp_max(1);
    delta.mul_(per_sample(scale, x.dim()));
  }
  return delta.add_(x).clamp_(threat.low, threat.high);
}

at::Tensor ascent(const at::Tensor& gradient, const at::Tensor& x, const Threat& threat) {
  if (threat.norm == Norm::linf) return gradient.sign();
  if (threat.norm == Norm::l1) {
    at::Tensor rows = at::zeros_like(gradient, at::TensorOptions().dtype(at::kFloat));
    // Where the bounds stop it, a step would be lost.
    const at::Tensor has_room = gradient.gt(0)
                                    .logical_and(x.lt(threat.high))
                                    .logical_or(gradient.lt(0).logical_and(x.gt(threat.low)));
    const at::Tensor from = (gradient * has_room).to(at::kFloat).contiguous();
    const std::int64_t count = from.size(0);
    const auto each = static_cast<std::size_t>(count == 0 ? 0 : from.numel() / count);
    for (std::int64_t i = 0; i < count; ++i)
      step({rows.data_ptr<float>() + static_cast<std::size_t>(i) * each, each},
           {from.data_ptr<float>() + static_cast<std::size_t>(i) * each, each}, threat.norm, 1);
    return rows.to(gradient.scalar_type());
  }
  return gradient / per_sample(lengths(gradient).clamp_min(1e-12), gradient.dim());
}

at::Tensor distances(const at::Tensor& a, const at::Tensor& b, Norm norm) {
  const at::Tensor delta = (a.to(at::kDouble) - b.to(at::kDouble)).flatten(1);
  if (norm == Norm::l1) return delta.abs().sum(1);
  return norm == Norm::linf ? std::get<0>(delta.abs().max(1)) : lengths(delta);
}

at::Tensor random_point(const Points& points,
                        const Threat& threat,
                        std::uint64_t seed,
                        std::uint32_t stream,
                        std::uint32_t draw) {
  at::Tensor noise = at::empty_like(points.x, at::TensorOptions().dtype(at::kFloat));
  const std::int64_t each = points.count() == 0 ? 0 : noise.numel() / points.count();
  for (std::int64_t i = 0; i < points.count(); ++i) {
    const auto sample = static_cast<std::uint32_t>(points.index[static_cast<std::size_t>(i)]);
    Random random(RandomKey{seed, stream, draw, sample});
    float* out = noise.data_ptr<float>() + i * each;
    if (threat.norm == Norm::linf)
      fill_box(random, threat.epsilon, out, each);
    else if (threat.norm == Norm::l2)
      fill_ball(random, threat.epsilon, out, each);
    else
      fill_diamond(random, threat.epsilon, out, each);
  }
  return points.x + noise.to(points.x.scalar_type());
}

}  // namespace lockstep::ai
