// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/black_box.hpp"

#include <fmt/format.h>
#include <string>

#include "base/text.hpp"

namespace lockstep::ai {

Result<> check_reach(const Classifier& classifier, const AttackRow& row) {
  if (classifier.endpoint() == nullptr || row.sees != Sees::gradients) return {};
  std::vector<std::string> others;
  for (const AttackRow& each : attacks())
    if (each.sees != Sees::gradients) others.emplace_back(each.name);
  return fail(ErrorKind::usage, "ai.gradients",
              fmt::format("expected an attack that can do without gradients, which a model behind "
                          "an address does not give ({}), found {}",
                          join(others, ", "), row.name),
              {classifier.file(), 0, 0});
}

std::vector<SoundnessCheck> black_box_limits(const Endpoint& endpoint) {
  const std::int64_t asked = endpoint.questions();
  return {
      {"gradients", State::not_checked, 0,
       "the service gives no gradients: whether an attack that has them breaks more, and whether "
       "the attacks found what there is to find, is not known"},
      {"model_identity", State::not_checked, 0,
       "a model behind an address has no digest: only its operator knows whether it stays the "
       "same"},
      {"questions", State::pass, static_cast<double>(asked),
       fmt::format("the service was asked about {} samples in all, the checks included", asked)},
  };
}

}  // namespace lockstep::ai
