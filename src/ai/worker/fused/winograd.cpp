// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/winograd.hpp"

#include <utility>

namespace lockstep::ai::fused {
namespace {

/// Of products, for each row that is moved to points or back: that takes additions, and memory.
constexpr std::int64_t moving_cost = 8;

/// The groups of the two last axes.
using Plane = std::array<std::vector<AxisGroup>, 2>;

Plane plane_of(const View& view, bool is_tiled) {
  const auto groups = [&](const Sliding& axis) {
    if (view.direction == Direction::forward)
      return is_tiled ? tiled_forward_groups(axis) : forward_groups(axis);
    return is_tiled ? tiled_backward_groups(axis) : backward_groups(axis);
  };
  Plane plane{groups(view.layer.axes[1]), groups(view.layer.axes[2])};
  // Squares have one number of outputs along both axes.
  const AxisGroup& y = plane[0].front();
  const AxisGroup& x = plane[1].front();
  if (y.products > 1 && x.products > 1 && y.outputs != x.outputs) {
    const Sliding& axis = view.layer.axes[1];
    plane[0] = view.direction == Direction::forward ? forward_groups(axis) : backward_groups(axis);
  }
  return plane;
}

/// Multiplications and additions for each pair of channels.
std::int64_t products_of(const Plane& plane) {
  std::int64_t all = 1;
  for (const auto& groups : plane) {
    std::int64_t sum = 0;
    for (const AxisGroup& group : groups)
      sum += group.products * group.target_entries() * group.source_entries();
    all *= sum;
  }
  return all;
}

/// Rows that are written for products, and that products write.
std::int64_t moved_rows(const View& view, const Plane& plane) {
  std::int64_t rows = 0;
  for (const AxisGroup& y : plane[0])
    for (const AxisGroup& x : plane[1]) {
      const std::int64_t points = y.products * x.products;
      if (points == 1) continue;
      rows += points * (y.source_entries() * x.source_entries() * view.source.channels +
                        y.target_entries() * x.target_entries() * view.target.channels);
    }
  return rows;
}

/// What a product at a point is multiplied by, of each tap.
std::array<double, 3> share_of_taps(const AxisGroup& group, std::int64_t point) {
  if (group.products == 1) return {1, 0, 0};
  const bool has_three = group.taps == 3;
  switch (point) {
    case 0:
      return {1, 0, 0};
    case 1:
      return {0.5, 0.5, has_three ? 0.5 : 0};
    case 2:
      return {0.5, -0.5, has_three ? 0.5 : 0};
    default:
      return {0, has_three ? 0.0 : 1.0, has_three ? 1.0 : 0};
  }
}

/// Weights at one point of both axes.
struct PointWeights {
  const View& view;
  const AxisGroup& y;
  const AxisGroup& x;
  std::array<double, 3> share_y;
  std::array<double, 3> share_x;

  /// @param target, source entries of y and x, and channels
  float at(const std::array<std::int64_t, 3>& target,
           const std::array<std::int64_t, 3>& source) const {
    double sum = 0;
    for (std::int64_t j = 0; j < y.taps; ++j)
      for (std::int64_t i = 0; i < x.taps; ++i) {
        const std::int64_t row = place(y, target[0], source[0], j);
        const std::int64_t column = place(x, target[1], source[1], i);
        if (row < 0 || column < 0) continue;
        sum += share_y[static_cast<std::size_t>(j)] * share_x[static_cast<std::size_t>(i)] *
               static_cast<double>(
                   view.weight(target[2], source[2], row * view.layer.axes[2].kernel + column));
      }
    return static_cast<float>(sum);
  }

  static std::int64_t place(const AxisGroup& group,
                            std::int64_t target,
                            std::int64_t source,
                            std::int64_t tap) {
    return group.kernel[static_cast<std::size_t>(
        (target * group.source_entries() + source) * group.taps + tap)];
  }
};

class Tiler {
 public:
  Tiler(const View& view, std::int64_t first_spare)
      : view_(view),
        zero_(static_cast<std::int32_t>(first_spare)),
        to_(view.target.in_order(0, view.target.channels)),
        from_(view.source.in_order(0, view.source.channels)) {
    plan_.slots = first_spare + 1;
  }

  void add(const AxisGroup& y, const AxisGroup& x) {
    const auto [found, is_new] =
        products_.try_emplace({y.pattern, x.pattern}, plan_.products.size());
    if (is_new) plan_.products.push_back(products(y, x));
    TilePlan& tile = plan_.tiles.emplace_back();
    tile.products = found->second;
    const bool is_square = y.products > 1 && x.products > 1;
    tile.points.axes = tile.outputs.axes = is_square ? 2 : 1;
    tile.points.first_target = zero_ + 1;
    tile.points.stride = stride_of(inputs(y, x));
    tile.points.sources = rows(view_.source, from_, y, x, y.products, x.products);
    tile.outputs.first_source = first_sum(y, x);
    tile.outputs.stride = stride_of(sums(y, x));
    tile.outputs.outputs = static_cast<std::int32_t>(std::max(y.outputs, x.outputs));
    for (const std::int32_t slot : rows(view_.target, to_, y, x, y.outputs, x.outputs))
      tile.outputs.targets.push_back({slot, no_activation, 0});
    if (view_.has_bias())
      for (std::int64_t entry = 0; entry < y.target_entries() * x.target_entries(); ++entry)
        for (const std::int64_t channel : to_)
          tile.outputs.bias.push_back(view_.layer.bias[static_cast<std::size_t>(channel)]);
    bytes_ += tile.points.sources.size() * sizeof(std::int32_t) +
              tile.outputs.targets.size() * sizeof(Target);
  }

  std::size_t bytes() const { return bytes_; }

  LayerPlan take() { return std::move(plan_); }

 private:
  std::int64_t inputs(const AxisGroup& y, const AxisGroup& x) const {
    return y.source_entries() * x.source_entries() * view_.source.channels;
  }

  std::int64_t sums(const AxisGroup& y, const AxisGroup& x) const {
    return y.target_entries() * x.target_entries() * view_.target.channels;
  }

  /// Rows from one point to the next. An even number of them would put the points of an item into
  /// few sets of the cache.
  static std::int32_t stride_of(std::int64_t rows) { return static_cast<std::int32_t>(rows | 1); }

  std::int32_t first_sum(const AxisGroup& y, const AxisGroup& x) const {
    return static_cast<std::int32_t>(zero_ + 1 + y.products * x.products * stride_of(inputs(y, x)));
  }

  /// Slots of the lines or squares of a side: [entry of y][entry of x][channel][along y][along x].
  Slots rows(const Side& side,
             const std::vector<std::int64_t>& channels,
             const AxisGroup& y,
             const AxisGroup& x,
             std::int64_t along_y,
             std::int64_t along_x) const {
    const auto& places_y = &side == &view_.source ? y.sources : y.targets;
    const auto& places_x = &side == &view_.source ? x.sources : x.targets;
    Slots slots;
    for (std::int64_t a = 0; a < std::ssize(places_y); a += along_y)
      for (std::int64_t b = 0; b < std::ssize(places_x); b += along_x)
        for (const std::int64_t channel : channels)
          for (std::int64_t i = a; i < a + along_y; ++i)
            for (std::int64_t k = b; k < b + along_x; ++k) {
              const std::int32_t row = places_y[static_cast<std::size_t>(i)];
              const std::int32_t column = places_x[static_cast<std::size_t>(k)];
              slots.push_back(row < 0 || column < 0
                                  ? zero_
                                  : side.slot(channel, side.position(0, row, column)));
            }
    return slots;
  }

  /// The products at all points of a kind of tile, on spare rows.
  LinearPlan products(const AxisGroup& y, const AxisGroup& x) {
    LinearPlan plan;
    const std::int64_t points = y.products * x.products;
    const auto split = [](std::int64_t i, const std::vector<std::int64_t>& channels,
                          std::int64_t entries_x) {
      const std::int64_t entry = i / std::ssize(channels);
      return std::array{entry / entries_x, entry % entries_x,
                        channels[static_cast<std::size_t>(i % std::ssize(channels))]};
    };
    for (std::int64_t point = 0; point < points; ++point) {
      const PointWeights weights{view_, y, x, share_of_taps(y, point / x.products),
                                 share_of_taps(x, point % x.products)};
      const auto weight = [&](std::int64_t t, std::int64_t s) {
        return weights.at(split(t, to_, x.target_entries()), split(s, from_, x.source_entries()));
      };
      const std::int64_t begin = pack(plan, sums(y, x), inputs(y, x), weight);
      append_blocks(plan, spare(first_sum(y, x) + point * stride_of(sums(y, x)), sums(y, x)),
                    spare(zero_ + 1 + point * stride_of(inputs(y, x)), inputs(y, x)), begin, false);
    }
    plan_.slots = std::max(plan_.slots, first_sum(y, x) + points * stride_of(sums(y, x)));
    bytes_ += bytes_of(plan);
    return plan;
  }

  static Slots spare(std::int64_t first, std::int64_t count) {
    Slots slots(static_cast<std::size_t>(count));
    std::iota(slots.begin(), slots.end(), static_cast<std::int32_t>(first));
    return slots;
  }

  const View& view_;
  std::int32_t zero_;  ///< a row of zeros, for what is outside the image
  std::vector<std::int64_t> to_;
  std::vector<std::int64_t> from_;
  LayerPlan plan_;
  std::map<std::pair<int, int>, std::size_t> products_;  ///< by patterns
  std::size_t bytes_ = 0;
};

}  // namespace

bool tiles_pay(const View& view) {
  const Sliding& depth = view.layer.axes[0];
  if (view.layer.groups > 1 || depth.inputs != 1 || depth.outputs != 1 || depth.kernel != 1 ||
      depth.before != 0 || view.target.positions() == 0 || view.source.positions() == 0)
    return false;
  const std::int64_t channels = view.source.channels * view.target.channels;
  const Plane tiled = plane_of(view, true);
  return channels * products_of(tiled) + moving_cost * moved_rows(view, tiled) <
         channels * products_of(plane_of(view, false));
}

std::optional<LayerPlan> tiled_plan_of(const View& view, std::int64_t first_spare) {
  const Plane plane = plane_of(view, true);
  const AxisGroup depth{{0}, {0}, {0}};
  Tiler tiler(view, first_spare);
  Planner others(view);
  for (const AxisGroup& y : plane[0])
    for (const AxisGroup& x : plane[1]) {
      if (y.products == 1 && x.products == 1)
        others.add({&depth, &y, &x}, 0);
      else
        tiler.add(y, x);
      if (tiler.bytes() + bytes_of(others.plan) > plan_bytes_max) return std::nullopt;
    }
  LayerPlan plan = tiler.take();
  plan.direct = std::move(others.plan);
  return plan;
}

}  // namespace lockstep::ai::fused
