// SPDX-License-Identifier: Apache-2.0
// Points drawn at random from the ball. Needs no gradient, so it cannot be misled by one: where
// noise breaks what a gradient attack left standing, the gradients were not telling the truth.
//
// Source: Carlini et al. 2019, "On evaluating adversarial robustness", section 4 (random noise).
#include <ATen/ops/arange.h>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/ball.hpp"

namespace lockstep::ai {
namespace {

class Noise final : public Attack {
 public:
  explicit Noise(const AttackOptions& options) : options_(options) {}

  Result<at::Tensor> propose(Oracle& net, const Points& points, const Threat& threat) override {
    at::Tensor answer = points.x.clone();
    Points standing = points;
    at::Tensor places = at::arange(points.count(), at::kLong);
    const int draws = options_.steps * options_.restarts;
    for (int draw = 0; draw < draws && standing.count() > 0; ++draw) {
      const at::Tensor drawn = random_point(standing, threat, options_.seed, stream_of("noise"),
                                            static_cast<std::uint32_t>(draw));
      const at::Tensor candidate = projected(drawn, standing.x, threat);
      TRY(const at::Tensor logits, net.logits(candidate));
      const at::Tensor fooled = is_reached(logits, standing);
      const at::Tensor done = fooled.nonzero().squeeze(1);
      if (done.size(0) == 0) continue;
      answer.index_copy_(0, places.index_select(0, done), candidate.index_select(0, done));
      const at::Tensor kept = fooled.logical_not().nonzero().squeeze(1);
      standing = standing.at(kept);
      places = places.index_select(0, kept);
    }
    return answer;
  }

 private:
  AttackOptions options_;
};

}  // namespace

std::unique_ptr<Attack> make_noise(const AttackOptions& options) {
  return std::make_unique<Noise>(options);
}

}  // namespace lockstep::ai
