// SPDX-License-Identifier: Apache-2.0
// Projected gradient descent: from a start inside the ball, `steps` steps of length
// 2.5 * epsilon / steps along the gradient, each brought back into the ball and the bounds.
//
// Two ways to end. `keep_best` stops a sample at its first iterate that the net gets wrong, and
// takes it out of the batch: the rest of the batch gets cheaper, and an iterate that wanders back
// to the right class cannot hide the success. Without it the last iterate is the answer, which is
// what the known libraries return, for comparison with them.
//
// An iterate counts as wrong only when another class leads by `clear_lead`: a lead within rounding
// would be lost again when the caller looks at the sample alone.
//
// Source: Madry et al. 2018, "Towards deep learning models resistant to adversarial attacks".
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <limits>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/ball.hpp"

namespace lockstep::ai {
namespace {

constexpr double clear_lead = 1e-4;

/// How far the best wrong class is above the right one, or the class to reach above all others:
/// [samples]; where a score is no number, infinitely above the right one, and below the others.
at::Tensor lead(const at::Tensor& logits, const Points& points) {
  const bool is_targeted = points.wanted.defined();
  const double infinity = std::numeric_limits<double>::infinity();
  const at::Tensor labels = (is_targeted ? points.wanted : points.y).unsqueeze(1);
  const at::Tensor named = logits.gather(1, labels).squeeze(1);
  const at::Tensor others = logits.scatter(1, labels, -infinity);
  const at::Tensor above = std::get<0>(others.max(1)) - named;
  const at::Tensor ahead = is_targeted ? above.neg() : above;
  return ahead.masked_fill(ahead.isnan(), is_targeted ? -infinity : infinity);
}

class Pgd final : public Attack {
 public:
  explicit Pgd(const AttackOptions& options) : options_(options) {}

  Result<at::Tensor> propose(Oracle& net, const Points& points, const Threat& threat) override {
    at::Tensor answer = points.x.clone();
    Points standing = points;
    at::Tensor places = at::arange(points.count(), at::kLong);  // of the standing in `answer`
    for (int restart = 0; restart < options_.restarts && standing.count() > 0; ++restart) {
      TRY(const at::Tensor found, climb(net, standing, threat, restart));
      answer.index_copy_(0, places, found);
      if (restart + 1 == options_.restarts) break;
      TRY(const at::Tensor logits, net.logits(found));
      const at::Tensor kept = is_reached(logits, standing).logical_not().nonzero().squeeze(1);
      standing = standing.at(kept);
      places = places.index_select(0, kept);
    }
    return answer;
  }

 private:
  /// One step. Under L1 the libraries walk along the whole gradient and scale back to the ball; the
  /// sparse step and the exact projection, which find more, are for the best iterate.
  at::Tensor moved(const at::Tensor& iterate,
                   const at::Tensor& gradient,
                   double step,
                   const at::Tensor& x,
                   const Threat& threat) const {
    if (threat.norm != Norm::l1 || options_.keep_best)
      return projected(iterate + ascent(gradient, iterate, threat).mul_(step), x, threat);
    const auto lengths = [](const at::Tensor& rows) {
      std::vector<std::int64_t> shape(static_cast<std::size_t>(rows.dim()), 1);
      shape[0] = rows.size(0);
      return rows.flatten(1).abs().sum(1).clamp_min(1e-12).reshape(shape);
    };
    const at::Tensor change = iterate + gradient / lengths(gradient) * step - x;
    return (x + change * (threat.epsilon / lengths(change)).clamp_max(1))
        .clamp(threat.low, threat.high);
  }

  Result<at::Tensor> climb(Oracle& net,
                           const Points& points,
                           const Threat& threat,
                           int restart) const {
    const double step = 2.5 * threat.epsilon / options_.steps;
    at::Tensor answer = points.x.clone();
    at::Tensor places = at::arange(points.count(), at::kLong);
    Points standing = points;
    at::Tensor iterate = points.x;
    if (options_.random_start)
      iterate = projected(random_point(points, threat, options_.seed, stream_of("pgd"),
                                       static_cast<std::uint32_t>(restart)),
                          points.x, threat);
    for (int i = 0; i < options_.steps; ++i) {
      TRY(Classifier::Gradient gradient, net.gradient(iterate, standing));
      if (options_.keep_best) {
        const at::Tensor is_done = lead(gradient.logits, standing).gt(clear_lead);
        if (is_done.any().item<bool>()) {
          const at::Tensor done = is_done.nonzero().squeeze(1);
          answer.index_copy_(0, places.index_select(0, done), iterate.index_select(0, done));
          const at::Tensor kept = is_done.logical_not().nonzero().squeeze(1);
          standing = standing.at(kept);
          places = places.index_select(0, kept);
          iterate = iterate.index_select(0, kept);
          gradient.input = gradient.input.index_select(0, kept);
          if (standing.count() == 0) return answer;
        }
      }
      iterate = moved(iterate, gradient.input, step, standing.x, threat);
    }
    answer.index_copy_(0, places, iterate);
    return answer;
  }

  AttackOptions options_;
};

}  // namespace

std::unique_ptr<Attack> make_pgd(const AttackOptions& options) {
  return std::make_unique<Pgd>(options);
}

}  // namespace lockstep::ai
