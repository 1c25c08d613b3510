// SPDX-License-Identifier: Apache-2.0
// A universal perturbation, found by steps along the sign (Linf) or the direction (L2) of the
// gradient of the mean loss, with momentum.
//
// Source: Moosavi-Dezfooli et al. 2017, "Universal adversarial perturbations", arXiv 1610.08401;
// found by gradients of the mean loss as in Shafahi et al. 2020, "Universal adversarial training",
// arXiv 1811.11304.
#include <algorithm>
#include <cmath>
#include <utility>

#include "ai/worker/universal/shared_change.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

constexpr float momentum = 0.9F;
constexpr double first_step = 0.2;  ///< of epsilon; steps shrink evenly to a fiftieth of it

float norm2(std::span<const float> values) {
  double squares = 0;
  for (const float value : values)
    squares += static_cast<double>(value) * value;
  return static_cast<float>(std::sqrt(squares));
}

class Perturbation final : public SharedChange {
 public:
  Perturbation(const UniversalChange& change,
               std::vector<std::int64_t> sample,
               const ValueRange& range,
               std::uint64_t seed)
      : is_linf_(change.norm == "linf"),
        epsilon_(static_cast<float>(change.epsilon)),
        low_(static_cast<float>(range.low)),
        high_(static_cast<float>(range.high)),
        seed_(seed),
        sample_(std::move(sample)) {
    std::size_t features = 1;
    for (const std::int64_t size : sample_)
      features *= static_cast<std::size_t>(size);
    values_.assign(features, 0);
    gathered_.assign(features, 0);
    velocity_.assign(features, 0);
  }

  std::string_view source() const override {
    return "Moosavi-Dezfooli et al. 2017, arXiv 1610.08401; Shafahi et al. 2020, arXiv 1811.11304";
  }

  double size() const override {
    if (!is_linf_) return norm2(values_);
    float most = 0;
    for (const float value : values_)
      most = std::max(most, std::abs(value));
    return most;
  }

  std::vector<std::int64_t> shape() const override { return sample_; }

  void randomise() override {
    Random random({seed_, stream_of("universal.control"), 0, 0});
    for (float& value : values_)
      value = is_linf_ ? (random.below(2) == 0 ? -epsilon_ : epsilon_)
                       : static_cast<float>(random.normal());
    if (!is_linf_) scale_to(epsilon_);
  }

  void lay(std::span<const float> x, const Laying&, std::span<float> to) const override {
    for (std::size_t i = 0; i < x.size(); ++i)
      to[i] = std::clamp(x[i] + values_[i], low_, high_);
  }

  /// What is cut off at the end of the range does not move.
  void gather(std::span<const float> x, const Laying&, std::span<const float> gradient) override {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const float moved = x[i] + values_[i];
      if (moved >= low_ && moved <= high_) gathered_[i] += gradient[i];
    }
  }

  void climb(double progress) override {
    const float size = std::max(norm2(gathered_), 1e-20F);
    for (std::size_t i = 0; i < values_.size(); ++i)
      velocity_[i] = momentum * velocity_[i] + gathered_[i] / size;
    std::ranges::fill(gathered_, 0.0F);
    const auto length = static_cast<float>(first_step * (1 - 0.98 * progress)) * epsilon_;
    const float speed = std::max(norm2(velocity_), 1e-20F);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const float sign = velocity_[i] > 0 ? 1.0F : velocity_[i] < 0 ? -1.0F : 0.0F;
      values_[i] += length * (is_linf_ ? sign : velocity_[i] / speed);
      if (is_linf_) values_[i] = std::clamp(values_[i], -epsilon_, epsilon_);
    }
    if (!is_linf_ && norm2(values_) > epsilon_) scale_to(epsilon_);
  }

 private:
  void scale_to(float epsilon) {
    const float factor = epsilon / std::max(norm2(values_), 1e-20F);
    for (float& value : values_)
      value *= factor;
  }

  bool is_linf_;
  float epsilon_;
  float low_;
  float high_;
  std::uint64_t seed_;
  std::vector<std::int64_t> sample_;
  std::vector<float> gathered_;
  std::vector<float> velocity_;
};

}  // namespace

std::unique_ptr<SharedChange> make_perturbation(const UniversalChange& change,
                                                std::vector<std::int64_t> sample,
                                                const ValueRange& range,
                                                std::uint64_t seed) {
  return std::make_unique<Perturbation>(change, std::move(sample), range, seed);
}

}  // namespace lockstep::ai
