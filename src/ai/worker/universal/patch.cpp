// SPDX-License-Identifier: Apache-2.0
// An adversarial patch: a square that covers a part of the picture, turned by up to 20 degrees,
// scaled by 0.9 to 1.1, at any place where it is whole; found over random layings. A point of the
// picture that the square covers takes the value between the four nearest points of the patch.
//
// Source: Brown et al. 2017, "Adversarial patch", arXiv 1712.09665. Steps: Adam (Kingma and Ba
// 2015).
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "ai/worker/universal/shared_change.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

constexpr double turn_most = 20 * std::numbers::pi / 180;
constexpr double scale_least = 0.9;
constexpr double scale_most = 1.1;
constexpr float rate = 0.05F;  ///< of Adam, in units of the range
constexpr float beta1 = 0.9F;
constexpr float beta2 = 0.999F;

/// A point of the patch and its share of a point of the picture.
struct Share {
  std::int64_t place = 0;  ///< row * side + column
  float weight = 0;
};

class Patch final : public SharedChange {
 public:
  Patch(std::int64_t side, const PictureLayout& layout, const ValueRange& range, std::uint64_t seed)
      : side_(side),
        layout_(layout),
        low_(static_cast<float>(range.low)),
        high_(static_cast<float>(range.high)),
        seed_(seed),
        gathered_(points()),
        mean_(points()),
        square_(points()) {
    values_.assign(points(), (low_ + high_) / 2);
  }

  std::string_view source() const override { return "Brown et al. 2017, arXiv 1712.09665"; }

  double size() const override { return static_cast<double>(side_); }

  std::vector<std::int64_t> shape() const override { return {layout_.channels, side_, side_}; }

  void randomise() override {
    Random random({seed_, stream_of("universal.control"), 0, 0});
    for (float& value : values_)
      value = static_cast<float>(random.uniform(low_, high_));
  }

  void lay(std::span<const float> x, const Laying& laying, std::span<float> to) const override {
    std::ranges::copy(x, to.begin());
    for_each_covered(laying, [&](std::int64_t c, std::size_t place, std::span<const Share> shares) {
      float value = 0;
      for (const Share& share : shares)
        value += share.weight * values_[at(c, share.place)];
      to[place] = value;
    });
  }

  void gather(std::span<const float>,
              const Laying& laying,
              std::span<const float> gradient) override {
    for_each_covered(laying, [&](std::int64_t c, std::size_t place, std::span<const Share> shares) {
      for (const Share& share : shares)
        gathered_[at(c, share.place)] += share.weight * gradient[place];
    });
  }

  void climb(double) override {
    ++steps_;
    const float correction1 = 1 - std::pow(beta1, static_cast<float>(steps_));
    const float correction2 = 1 - std::pow(beta2, static_cast<float>(steps_));
    for (std::size_t i = 0; i < values_.size(); ++i) {
      mean_[i] = beta1 * mean_[i] + (1 - beta1) * gathered_[i];
      square_[i] = beta2 * square_[i] + (1 - beta2) * gathered_[i] * gathered_[i];
      const float step = (mean_[i] / correction1) / (std::sqrt(square_[i] / correction2) + 1e-12F);
      values_[i] = std::clamp(values_[i] + rate * (high_ - low_) * step, low_, high_);
      gathered_[i] = 0;
    }
  }

 private:
  std::size_t points() const { return static_cast<std::size_t>(layout_.channels * side_ * side_); }

  std::size_t at(std::int64_t channel, std::int64_t place) const {
    return static_cast<std::size_t>(channel * side_ * side_ + place);
  }

  /// Calls `work(channel, place in the sample, shares)` for each value that the square covers.
  template <typename Work>
  void for_each_covered(const Laying& laying, const Work& work) const {
    Random random({seed_, stream_of("universal.laying"), laying.draw, laying.sample});
    const double turn = random.uniform(-turn_most, turn_most);
    const double cosine = std::cos(turn);
    const double sine = std::sin(turn);
    // The square with its turned corners fits into the picture, made smaller where it must be.
    const double spread = std::abs(cosine) + std::abs(sine);
    const auto least = static_cast<double>(std::min(layout_.height, layout_.width));
    const double edge = std::min(
        static_cast<double>(side_) * random.uniform(scale_least, scale_most), least / spread);
    const double half = edge * spread / 2;
    const double middle_x = random.uniform(half, static_cast<double>(layout_.width) - half);
    const double middle_y = random.uniform(half, static_cast<double>(layout_.height) - half);
    const double scale = static_cast<double>(side_) / edge;
    const auto first_y = static_cast<std::int64_t>(std::max(0.0, std::floor(middle_y - half)));
    const auto last_y = std::min(layout_.height - 1, static_cast<std::int64_t>(middle_y + half));
    const auto first_x = static_cast<std::int64_t>(std::max(0.0, std::floor(middle_x - half)));
    const auto last_x = std::min(layout_.width - 1, static_cast<std::int64_t>(middle_x + half));
    for (std::int64_t y = first_y; y <= last_y; ++y)
      for (std::int64_t x = first_x; x <= last_x; ++x) {
        const double dx = static_cast<double>(x) + 0.5 - middle_x;
        const double dy = static_cast<double>(y) + 0.5 - middle_y;
        const double u = (cosine * dx + sine * dy) * scale + static_cast<double>(side_) / 2;
        const double v = (cosine * dy - sine * dx) * scale + static_cast<double>(side_) / 2;
        if (u < 0 || v < 0 || u >= static_cast<double>(side_) || v >= static_cast<double>(side_))
          continue;
        const auto shares = shares_at(u - 0.5, v - 0.5);
        for (std::int64_t c = 0; c < layout_.channels; ++c)
          work(c, static_cast<std::size_t>(layout_.place(c, y, x)), shares);
      }
  }

  /// The four points around (u, v); beyond the border its own.
  std::array<Share, 4> shares_at(double u, double v) const {
    const double left = std::floor(u);
    const double top = std::floor(v);
    const auto a = static_cast<float>(u - left);
    const auto b = static_cast<float>(v - top);
    const auto held = [&](double at) {
      return std::clamp<std::int64_t>(static_cast<std::int64_t>(at), 0, side_ - 1);
    };
    const std::int64_t x0 = held(left);
    const std::int64_t x1 = held(left + 1);
    const std::int64_t y0 = held(top) * side_;
    const std::int64_t y1 = held(top + 1) * side_;
    return {{{y0 + x0, (1 - a) * (1 - b)},
             {y0 + x1, a * (1 - b)},
             {y1 + x0, (1 - a) * b},
             {y1 + x1, a * b}}};
  }

  std::int64_t side_;
  PictureLayout layout_;
  float low_;
  float high_;
  std::uint64_t seed_;
  std::vector<float> gathered_;
  std::vector<float> mean_;  ///< of Adam
  std::vector<float> square_;
  int steps_ = 0;
};

}  // namespace

std::unique_ptr<SharedChange> make_patch(std::int64_t side,
                                         const PictureLayout& layout,
                                         const ValueRange& range,
                                         std::uint64_t seed) {
  return std::make_unique<Patch>(side, layout, range, seed);
}

}  // namespace lockstep::ai
