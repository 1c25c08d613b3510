// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/loss.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace lockstep::ai {
namespace {

constexpr double smallest_divisor = 1e-12;

/// The places of the largest scores, largest first.
template <std::size_t Count>
std::array<std::int64_t, Count> largest(const float* z, std::int64_t classes) {
  std::array<std::int64_t, Count> places;
  places.fill(-1);
  for (std::int64_t c = 0; c < classes; ++c) {
    std::int64_t place = c;
    for (std::int64_t& held : places) {
      if (held >= 0 && z[held] >= z[place]) continue;
      std::swap(held, place);
      if (place < 0) break;
    }
  }
  return places;
}

/// -(z_right - z_other) / divisor, and its gradient; the divisor's own is `share` at each place.
template <std::size_t Count>
float ratio(const float* z,
            std::int64_t classes,
            std::int64_t right,
            std::int64_t other,
            const std::array<std::pair<std::int64_t, double>, Count>& shares,
            float* dz) {
  double divisor = smallest_divisor;
  for (const auto& [place, share] : shares)
    divisor += share * static_cast<double>(z[place]);
  const double numerator = static_cast<double>(z[right]) - static_cast<double>(z[other]);
  std::fill_n(dz, classes, 0.0F);
  dz[right] -= static_cast<float>(1 / divisor);
  dz[other] += static_cast<float>(1 / divisor);
  for (const auto& [place, share] : shares)
    dz[place] += static_cast<float>(share * numerator / (divisor * divisor));
  return static_cast<float>(-numerator / divisor);
}

}  // namespace

float cross_entropy_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz) {
  const std::int64_t named = target < 0 ? right : target;
  const float top = *std::max_element(z, z + classes);
  float sum = 0;
  for (std::int64_t c = 0; c < classes; ++c)
    sum += std::exp(z[c] - top);
  const float log_sum = std::log(sum);
  const float sign = target < 0 ? 1.0F : -1.0F;
  for (std::int64_t c = 0; c < classes; ++c)
    dz[c] = sign * (std::exp(z[c] - top - log_sum) - (c == named ? 1.0F : 0.0F));
  return -sign * (z[named] - top - log_sum);
}

float dlr_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t /*target*/, float* dz) {
  if (classes == 2) return difference_loss(z, classes, right, 1 - right, dz);
  const auto top = largest<3>(z, classes);
  const std::int64_t other = top[0] == right ? top[1] : top[0];
  using Share = std::pair<std::int64_t, double>;
  return ratio(z, classes, right, other, std::array{Share{top[0], 1.0}, Share{top[2], -1.0}}, dz);
}

float targeted_dlr_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz) {
  if (classes < 4) return difference_loss(z, classes, right, target, dz);
  const auto top = largest<4>(z, classes);
  using Share = std::pair<std::int64_t, double>;
  return ratio(z, classes, right, target,
               std::array{Share{top[0], 1.0}, Share{top[2], -0.5}, Share{top[3], -0.5}}, dz);
}

float difference_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz) {
  std::fill_n(dz, classes, 0.0F);
  dz[target] += 1;
  dz[right] -= 1;
  return z[target] - z[right];
}

namespace {

/// The class with the highest score but for one.
std::int64_t best_without(const float* z, std::int64_t classes, std::int64_t without) {
  std::int64_t best = without == 0 && classes > 1 ? 1 : 0;
  for (std::int64_t c = best + 1; c < classes; ++c)
    if (c != without && z[c] > z[best]) best = c;
  return best;
}

}  // namespace

float lead_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz) {
  if (target < 0) return difference_loss(z, classes, right, best_without(z, classes, right), dz);
  return difference_loss(z, classes, best_without(z, classes, target), target, dz);
}

float log_odds_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz) {
  const std::int64_t named = target < 0 ? right : target;
  const float sign = target < 0 ? 1.0F : -1.0F;
  const float top = z[best_without(z, classes, named)];
  float sum = 0;
  for (std::int64_t c = 0; c < classes; ++c) {
    dz[c] = c == named ? 0 : std::exp(z[c] - top);
    sum += dz[c];
  }
  for (std::int64_t c = 0; c < classes; ++c)
    dz[c] = sign * (c == named ? -1.0F : dz[c] / sum);
  return sign * (top + std::log(sum) - z[named]);
}

float lead(const float* z, std::int64_t classes, std::int64_t right, std::int64_t target) {
  const float infinity = std::numeric_limits<float>::infinity();
  if (std::any_of(z, z + classes, [](float score) { return std::isnan(score); }))
    return target < 0 ? infinity : -infinity;
  const std::int64_t named = target < 0 ? right : target;
  const float above = z[best_without(z, classes, named)] - z[named];
  return target < 0 ? above : -above;
}

std::int64_t best_wrong(const float* z,
                        std::int64_t classes,
                        std::int64_t right,
                        std::int64_t count,
                        std::int64_t* order) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(classes));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  std::erase(all, right);
  std::ranges::sort(
      all, [&](std::int64_t a, std::int64_t b) { return z[a] != z[b] ? z[a] > z[b] : a > b; });
  const std::int64_t found = std::min(count, static_cast<std::int64_t>(all.size()));
  std::copy_n(all.begin(), found, order);
  return found;
}

}  // namespace lockstep::ai
