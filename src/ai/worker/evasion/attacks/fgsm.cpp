// SPDX-License-Identifier: Apache-2.0
// One step of length epsilon along the gradient of the loss: under Linf along its signs, under L2
// along the gradient itself. Cheap, weak, and a check on stronger attacks: what one step breaks,
// many steps must break too.
//
// Source: Goodfellow, Shlens and Szegedy 2015, "Explaining and harnessing adversarial examples".
#include <ATen/TensorOperators.h>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/ball.hpp"

namespace lockstep::ai {
namespace {

class Fgsm final : public Attack {
 public:
  Result<at::Tensor> propose(Oracle& net, const Points& points, const Threat& threat) override {
    TRY(const Classifier::Gradient gradient, net.gradient(points.x, points));
    const at::Tensor step = ascent(gradient.input, points.x, threat) * threat.epsilon;
    return projected(points.x + step, points.x, threat);
  }
};

}  // namespace

std::unique_ptr<Attack> make_fgsm(const AttackOptions& /*options*/) {
  return std::make_unique<Fgsm>();
}

}  // namespace lockstep::ai
