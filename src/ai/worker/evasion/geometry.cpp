// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/geometry.hpp"

#include <algorithm>
#include <cmath>

#include "ai/worker/evasion/row_loops.hpp"

namespace lockstep::ai {
namespace {

constexpr double tiny = 1e-12;
constexpr int l1_steps_most = 48;
constexpr double l1_aim = 1 - 1e-7;     ///< of epsilon, so that rounding does not end outside
constexpr double l1_enough = 1 - 3e-7;  ///< of epsilon

double length_of(Row row) {
  return std::sqrt(loops::product(row.data(), row.data(), row.size()));
}

void project_l2(std::span<float> point, Row x, const Threat& threat, double epsilon) {
  const auto low = static_cast<float>(threat.low);
  const auto high = static_cast<float>(threat.high);
  const double length = distance(point, x, Norm::l2);
  if (length > epsilon)
    loops::draw_towards(point.data(), x.data(), x.size(), epsilon / std::max(length, tiny), low,
                        high);
  else
    loops::clamp(point.data(), x.size(), low, high);
}

/// Each change shrinks by the same amount, no further than to zero, and no more is left than the
/// box has room for. What is left falls piecewise linearly with the amount: Newton's steps find it,
/// and bisection where they leave what is known.
void project_l1(std::span<float> point, Row x, const Threat& threat, double epsilon) {
  const std::size_t count = x.size();
  const auto low = static_cast<float>(threat.low);
  const auto high = static_cast<float>(threat.high);
  std::vector<float> size(count);
  std::vector<float> room(count);
  loops::changes(point.data(), x.data(), count, low, high, size.data(), room.data());
  const auto left_after = [&](double shrink) {
    return loops::left_after(size.data(), room.data(), count, static_cast<float>(shrink));
  };
  double shrink = 0;
  loops::Left left = left_after(0);
  if (left.sum > epsilon) {
    double less = 0;
    double at = 0;
    shrink = static_cast<double>(loops::largest(size.data(), count));
    for (int i = 0; i < l1_steps_most; ++i) {
      const double wanted = at + (left.sum - epsilon * l1_aim) / std::max(left.rate, 1.0);
      at = wanted > less && wanted < shrink ? wanted : 0.5 * (less + shrink);
      left = left_after(at);
      (left.sum > epsilon ? less : shrink) = at;
      if (left.sum <= epsilon && left.sum >= epsilon * l1_enough) break;
    }
  }
  loops::take_changes(point.data(), x.data(), count, size.data(), room.data(),
                      static_cast<float>(shrink), low, high);
}

}  // namespace

double product(Row a, Row b) {
  return loops::product(a.data(), b.data(), a.size());
}

double distance(Row a, Row b, Norm norm) {
  const std::size_t count = a.size();
  if (norm == Norm::linf) return loops::largest_between(a.data(), b.data(), count);
  if (norm == Norm::l1) return loops::sizes_between(a.data(), b.data(), count);
  return std::sqrt(loops::squares_between(a.data(), b.data(), count));
}

void clip(std::span<float> point, const Threat& threat) {
  loops::clamp(point.data(), point.size(), static_cast<float>(threat.low),
               static_cast<float>(threat.high));
}

void project(std::span<float> point, Row x, const Threat& threat, double epsilon) {
  if (threat.norm == Norm::l2) return project_l2(point, x, threat, epsilon);
  if (threat.norm == Norm::l1) return project_l1(point, x, threat, epsilon);
  loops::clamp_around(point.data(), x.data(), x.size(), static_cast<float>(epsilon),
                      static_cast<float>(threat.low), static_cast<float>(threat.high));
}

void step(std::span<float> point, Row gradient, Norm norm, double length, double share) {
  const std::size_t count = gradient.size();
  if (norm == Norm::linf) {
    loops::add_signs(point.data(), gradient.data(), count, static_cast<float>(length), 0);
  } else if (norm == Norm::l2) {
    const double scale = length / std::max(length_of(gradient), tiny);
    loops::add_scaled(point.data(), gradient.data(), count, scale);
  } else {
    std::vector<float> sizes(count);
    std::ranges::transform(gradient, sizes.begin(), [](float g) { return std::abs(g); });
    const auto places = static_cast<double>(count);
    const auto place = static_cast<std::size_t>(std::clamp((1 - share) * places, 0.0, places - 1));
    const auto nth = sizes.begin() + static_cast<std::ptrdiff_t>(place);
    std::ranges::nth_element(sizes, nth);
    const std::size_t moved = loops::at_least(gradient.data(), count, *nth);
    const auto by = static_cast<float>(length / std::max(static_cast<double>(moved), 1.0));
    loops::add_signs(point.data(), gradient.data(), count, by, *nth);
  }
}

std::vector<float> random_start(Row x, const Threat& threat, double epsilon, Random& random) {
  std::vector<float> noise(x.size());
  for (float& value : noise)
    value = static_cast<float>(threat.norm == Norm::linf ? random.uniform(-1, 1) : random.normal());
  std::vector<float> point(x.begin(), x.end());
  if (threat.norm == Norm::l1) {
    const auto width = static_cast<float>(threat.high - threat.low);
    for (std::size_t i = 0; i < x.size(); ++i)
      point[i] += width * noise[i];
    project(point, x, threat, epsilon);
    return point;
  }
  double length = threat.norm == Norm::l2 ? length_of(noise) : 0;
  if (threat.norm == Norm::linf)
    for (const float value : noise)
      length = std::max(length, static_cast<double>(std::abs(value)));
  const double scale = epsilon / std::max(length, tiny);
  for (std::size_t i = 0; i < x.size(); ++i)
    point[i] += static_cast<float>(scale * static_cast<double>(noise[i]));
  clip(point, threat);
  return point;
}

}  // namespace lockstep::ai
