// SPDX-License-Identifier: Apache-2.0
// The shortest way to a hyperplane within a box.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "ai/worker/evasion/geometry.hpp"
#include "ai/worker/evasion/row_loops.hpp"
#include "ai/worker/evasion/row_vectors.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {
namespace {

using loops::Doubles;
using loops::Floats;

/// How far each element may go against the plane's direction.
/// @param sign 1 where <w, point> has to fall, -1 where it has to grow
LS_WIDE void fill_rooms(const float* point,
                        const float* w,
                        std::size_t count,
                        float sign,
                        float low,
                        float high,
                        float* room,
                        float* weight) {
  for (std::size_t i = 0; i < count; ++i) {
    const float slope = sign * w[i];
    const float most = slope > 0 ? point[i] - low : high - point[i];
    weight[i] = w[i] < 0 ? -w[i] : w[i];
    room[i] = most > 0 && w[i] != 0 ? most : 0;
  }
}

/// What a change reaches towards the plane, and how fast that grows with r.
struct Reach {
  double reached = 0;
  double rate = 0;
};

/// Linf: every element changes by min(r, room). L2: by min(r * weight, room).
template <bool IsLinf>
[[gnu::always_inline]] inline Reach reach_in(const float* room,
                                             const float* weight,
                                             std::size_t count,
                                             float r) {
  loops::Places reached;
  loops::Places rate;
  const auto add = [&](std::size_t v, const Floats& most, const Floats& w) {
    const Floats wanted = IsLinf ? Floats{} + r : r * w;
    const Floats slope = IsLinf ? w : w * w;
    const auto is_free = wanted < most;
    reached.sums[v] += loops::doubles(w * (is_free ? wanted : most));
    rate.sums[v] += loops::doubles(is_free ? slope : Floats{});
  };
  std::size_t i = 0;
  for (; i + loops::places <= count; i += loops::places)
    for (std::size_t v = 0; v < loops::vectors; ++v)
      add(v, loops::floats(room + i + v * loops::width),
          loops::floats(weight + i + v * loops::width));
  for (; i < count; ++i)
    add(0, Floats{room[i]}, Floats{weight[i]});
  return {reached.added_up(), rate.added_up()};
}

LS_WIDE Reach reach_linf(const float* room, const float* weight, std::size_t count, float r) {
  return reach_in<true>(room, weight, count, r);
}

LS_WIDE Reach reach_l2(const float* room, const float* weight, std::size_t count, float r) {
  return reach_in<false>(room, weight, count, r);
}

/// Writes the changes for r, against the plane's direction.
LS_WIDE void fill_changes(const float* w,
                          const float* room,
                          const float* weight,
                          std::size_t count,
                          float sign,
                          float r,
                          bool is_linf,
                          float* change) {
  for (std::size_t i = 0; i < count; ++i) {
    const float wanted = is_linf ? r : r * weight[i];
    const float size = wanted < room[i] ? wanted : room[i];
    change[i] = sign * w[i] > 0 ? -size : size;
  }
}

/// Grows r from 0 until the plane is reached. What is reached is concave and piecewise linear in r,
/// so Newton's steps come from below and end exactly.
float grown(Row room, Row weight, double gap, bool is_linf) {
  double r = 0;
  for (int i = 0; i < 64; ++i) {
    const Reach reach = (is_linf ? reach_linf : reach_l2)(room.data(), weight.data(), room.size(),
                                                          static_cast<float>(r));
    const double missing = gap - reach.reached;
    if (missing <= 1e-6 * gap || reach.rate <= 0) break;
    r += missing / reach.rate;
  }
  return static_cast<float>(r);
}

/// L1: the elements with the largest weights first, each as far as it may.
void fill_greedily(
    Row w, Row room, Row weight, double gap, float sign, std::vector<float>& change) {
  std::vector<std::size_t> order(w.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return weight[i]; });
  double missing = gap;
  for (const std::size_t i : order) {
    if (missing <= 0 || weight[i] <= 0) break;
    const double each = weight[i];
    const double wanted = std::min(missing / each, static_cast<double>(room[i]));
    change[i] = static_cast<float>(sign * w[i] > 0 ? -wanted : wanted);
    missing -= wanted * each;
  }
}

}  // namespace

std::vector<float> to_hyperplane(Row point, Row w, double b, const Threat& threat) {
  const std::size_t count = point.size();
  const double above = product(w, point) - b;
  const float sign = above >= 0 ? 1.0F : -1.0F;
  const double gap = std::abs(above);
  std::vector<float> room(count);
  std::vector<float> weight(count);
  fill_rooms(point.data(), w.data(), count, sign, static_cast<float>(threat.low),
             static_cast<float>(threat.high), room.data(), weight.data());
  std::vector<float> change(count, 0);
  if (threat.norm == Norm::l1) {
    fill_greedily(w, room, weight, gap, sign, change);
    return change;
  }
  const bool is_linf = threat.norm == Norm::linf;
  fill_changes(w.data(), room.data(), weight.data(), count, sign, grown(room, weight, gap, is_linf),
               is_linf, change.data());
  return change;
}

}  // namespace lockstep::ai
