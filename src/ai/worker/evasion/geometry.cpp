// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {
namespace {

constexpr double tiny = 1e-12;

// SPEED: eight sums side by side, so that the compiler can use wide registers; the same eight,
// without fused multiply-adds (see the build file), on every processor.
constexpr std::size_t lanes = 8;

void clip(std::span<float> point, const Threat& threat) {
  const auto low = static_cast<float>(threat.low);
  const auto high = static_cast<float>(threat.high);
  for (float& value : point)
    value = std::clamp(value, low, high);
}

LS_WIDE double product_of(Row a, Row b) {
  double sums[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= a.size(); i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      sums[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
  double sum = 0;
  for (; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  for (const double each : sums)
    sum += each;
  return sum;
}

double length_of(Row row) {
  return std::sqrt(product_of(row, row));
}

void project_l2(std::span<float> point, Row x, const Threat& threat, double epsilon) {
  const double length = distance(point, x, Norm::l2);
  if (length > epsilon) {
    const double scale = epsilon / std::max(length, tiny);
    for (std::size_t i = 0; i < x.size(); ++i)
      point[i] = static_cast<float>(x[i] + scale * (static_cast<double>(point[i]) - x[i]));
  }
  clip(point, threat);
}

/// Each change shrinks by the same amount, no further than to zero, and no more is left than the
/// box has room for; the amount is found by bisection.
void project_l1(std::span<float> point, Row x, const Threat& threat, double epsilon) {
  std::vector<float> size(x.size());
  std::vector<float> room(x.size());
  double most = 0;
  const auto low = static_cast<float>(threat.low);
  const auto high = static_cast<float>(threat.high);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float change = point[i] - x[i];
    size[i] = std::abs(change);
    room[i] = std::max(change >= 0 ? high - x[i] : x[i] - low, 0.0F);
    most = std::max(most, static_cast<double>(size[i]));
  }
  const auto left_after = [&](double shrink) {
    const auto by = static_cast<float>(shrink);
    double sum = 0;
    for (std::size_t i = 0; i < size.size(); ++i)
      sum += static_cast<double>(std::clamp(size[i] - by, 0.0F, room[i]));
    return sum;
  };
  double shrink = 0;
  if (left_after(0) > epsilon) {
    double less = 0;
    shrink = most;
    for (int i = 0; i < 40; ++i) {
      const double middle = 0.5 * (less + shrink);
      (left_after(middle) > epsilon ? less : shrink) = middle;
    }
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float left = std::clamp(size[i] - static_cast<float>(shrink), 0.0F, room[i]);
    point[i] = std::clamp(point[i] >= x[i] ? x[i] + left : x[i] - left, low, high);
  }
}

/// How far each element may go against the plane's direction, and which way.
struct Rooms {
  std::vector<float> room;
  std::vector<float> weight;  ///< |w|
  double gap = 0;             ///< what <w, point> has to lose, above 0
  float sign = 1;             ///< 1 where losing it means going against w

  Rooms(Row point, Row w, double b, const Threat& threat)
      : room(point.size()), weight(point.size()) {
    const double product = product_of(w, point) - b;
    sign = product >= 0 ? 1.0F : -1.0F;
    gap = std::abs(product);
    for (std::size_t i = 0; i < point.size(); ++i) {
      weight[i] = std::abs(w[i]);
      const bool goes_down = sign * w[i] > 0;
      room[i] = std::max(goes_down ? point[i] - static_cast<float>(threat.low)
                                   : static_cast<float>(threat.high) - point[i],
                         0.0F);
      if (w[i] == 0) room[i] = 0;
    }
  }
};

/// What a change reaches towards the plane, and how fast that grows with r.
struct Reach {
  double reached = 0;
  double rate = 0;
};

/// Linf: every element changes by min(r, room). L2: by min(r * weight, room).
LS_WIDE Reach reach_of(const Rooms& rooms, float r, bool is_linf) {
  double reached[lanes] = {};
  double rate[lanes] = {};
  const std::size_t count = rooms.room.size();
  const float* room = rooms.room.data();
  const float* weight = rooms.weight.data();
  const auto add = [&](std::size_t i, std::size_t lane) {
    const float w = weight[i];
    const float wanted = is_linf ? r : r * w;
    const bool is_free = wanted < room[i];
    reached[lane] += static_cast<double>(w * (is_free ? wanted : room[i]));
    rate[lane] += static_cast<double>(is_free ? (is_linf ? w : w * w) : 0.0F);
  };
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      add(i + lane, lane);
  for (; i < count; ++i)
    add(i, 0);
  Reach sum;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    sum.reached += reached[lane];
    sum.rate += rate[lane];
  }
  return sum;
}

/// Grows r from 0 until the plane is reached. What is reached is concave and piecewise linear in r,
/// so Newton's steps come from below and end exactly.
float grown(const Rooms& rooms, bool is_linf) {
  double r = 0;
  for (int i = 0; i < 64; ++i) {
    const Reach reach = reach_of(rooms, static_cast<float>(r), is_linf);
    const double missing = rooms.gap - reach.reached;
    if (missing <= 1e-6 * rooms.gap || reach.rate <= 0) break;
    r += missing / reach.rate;
  }
  return static_cast<float>(r);
}

}  // namespace

double product(Row a, Row b) {
  return product_of(a, b);
}

double distance(Row a, Row b, Norm norm) {
  double result = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    if (norm == Norm::linf)
      result = std::max(result, std::abs(difference));
    else
      result += norm == Norm::l2 ? difference * difference : std::abs(difference);
  }
  return norm == Norm::l2 ? std::sqrt(result) : result;
}

void project(std::span<float> point, Row x, const Threat& threat, double epsilon) {
  if (threat.norm == Norm::l2) return project_l2(point, x, threat, epsilon);
  if (threat.norm == Norm::l1) return project_l1(point, x, threat, epsilon);
  const auto most = static_cast<float>(epsilon);
  const auto low = static_cast<float>(threat.low);
  const auto high = static_cast<float>(threat.high);
  for (std::size_t i = 0; i < x.size(); ++i)
    point[i] = std::clamp(std::clamp(point[i], x[i] - most, x[i] + most), low, high);
}

void step(std::span<float> point, Row gradient, Norm norm, double length, double share) {
  if (norm == Norm::linf) {
    const auto by = static_cast<float>(length);
    for (std::size_t i = 0; i < point.size(); ++i)
      point[i] += gradient[i] > 0 ? by : gradient[i] < 0 ? -by : 0.0F;
  } else if (norm == Norm::l2) {
    const double scale = length / std::max(length_of(gradient), tiny);
    for (std::size_t i = 0; i < point.size(); ++i)
      point[i] += static_cast<float>(scale * static_cast<double>(gradient[i]));
  } else {
    std::vector<float> sizes(gradient.size());
    std::ranges::transform(gradient, sizes.begin(), [](float g) { return std::abs(g); });
    const auto count = static_cast<double>(sizes.size());
    const auto place = static_cast<std::size_t>(std::clamp((1 - share) * count, 0.0, count - 1));
    const auto nth = sizes.begin() + static_cast<std::ptrdiff_t>(place);
    std::ranges::nth_element(sizes, nth);
    const float least = *nth;
    std::size_t moved = 0;
    for (const float g : gradient)
      moved += g != 0 && std::abs(g) >= least ? 1U : 0U;
    const auto by = static_cast<float>(length / std::max(static_cast<double>(moved), 1.0));
    for (std::size_t i = 0; i < point.size(); ++i)
      if (gradient[i] != 0 && std::abs(gradient[i]) >= least)
        point[i] += gradient[i] > 0 ? by : -by;
  }
}

std::vector<float> random_start(Row x, const Threat& threat, double epsilon, Random& random) {
  std::vector<float> noise(x.size());
  for (float& value : noise)
    value = static_cast<float>(threat.norm == Norm::linf ? random.uniform(-1, 1) : random.normal());
  std::vector<float> point(x.begin(), x.end());
  if (threat.norm == Norm::l1) {
    for (std::size_t i = 0; i < x.size(); ++i)
      point[i] += noise[i];
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

std::vector<float> to_hyperplane(Row point, Row w, double b, const Threat& threat) {
  const Rooms rooms(point, w, b, threat);
  std::vector<float> sizes(point.size(), 0);
  if (threat.norm != Norm::l1) {
    const bool is_linf = threat.norm == Norm::linf;
    const float r = grown(rooms, is_linf);
    for (std::size_t i = 0; i < sizes.size(); ++i)
      sizes[i] = std::min(is_linf ? r : r * rooms.weight[i], rooms.room[i]);
  } else {
    // The elements with the largest weights first, each as far as it may.
    std::vector<std::size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return rooms.weight[i]; });
    double missing = rooms.gap;
    for (const std::size_t i : order) {
      if (missing <= 0 || rooms.weight[i] <= 0) break;
      const double weight = rooms.weight[i];
      const double wanted = std::min(missing / weight, static_cast<double>(rooms.room[i]));
      sizes[i] = static_cast<float>(wanted);
      missing -= wanted * weight;
    }
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const bool goes_down = rooms.sign * w[i] > 0;
    if (goes_down) sizes[i] = -sizes[i];
  }
  return sizes;
}

}  // namespace lockstep::ai
