// SPDX-License-Identifier: Apache-2.0
// A box that cannot be decided is halved along the input whose width moves the open rows most. The
// intervals of a box hold in its halves too, so that activations which are settled stay settled,
// and the cost of a box falls with its size. Boxes are taken from the end of the list, in batches:
// the list stays as short as it is deep.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>

#include "ai/worker/certify/verify.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

/// Boxes that are open, with what is known of their intervals.
struct Boxes {
  Domain domain;
  Intervals known;
};

Boxes joined(const std::vector<Boxes>& all) {
  Boxes one = all.front();
  std::vector<Tensor> lows;
  std::vector<Tensor> highs;
  for (const Boxes& each : all) {
    lows.push_back(each.domain.low);
    highs.push_back(each.domain.high);
  }
  one.domain.low = at::cat(lows);
  one.domain.high = at::cat(highs);
  for (std::size_t v = 0; v < one.known.size(); ++v) {
    if (!one.known[v].low.defined()) continue;
    lows.clear();
    highs.clear();
    for (const Boxes& each : all) {
      lows.push_back(each.known[v].low);
      highs.push_back(each.known[v].high);
    }
    one.known[v] = {at::cat(lows), at::cat(highs)};
  }
  return one;
}

Boxes chosen(const Boxes& all, const Tensor& places) {
  Boxes some{all.domain.at(places), all.known};
  for (Interval& interval : some.known)
    if (interval.low.defined())
      interval = {interval.low.index_select(0, places), interval.high.index_select(0, places)};
  return some;
}

/// Both halves of each box along its axis. @param axis [B] int64
Boxes halved(const Boxes& boxes, const Tensor& axis) {
  Boxes left = boxes;
  Boxes right = boxes;
  const Tensor at = axis.unsqueeze(1);
  const Tensor middle = (boxes.domain.low.gather(1, at) + boxes.domain.high.gather(1, at)) * 0.5;
  left.domain.high = boxes.domain.high.scatter(1, at, middle);
  right.domain.low = boxes.domain.low.scatter(1, at, middle);
  return joined({left, right});
}

/// Only what activations and curves read is worth keeping.
Intervals kept(const Graph& graph, Intervals intervals) {
  for (std::size_t v = 0; v < intervals.size(); ++v)
    if (!graph.is_before_activation(static_cast<int>(v)) &&
        !graph.is_before_curve(static_cast<int>(v)))
      intervals[v] = {};
  return intervals;
}

/// Boxes that are bounded together: so many that the rows of one value stay in memory.
std::int64_t batch_of(const Graph& graph) {
  const std::int64_t widest = *std::ranges::max_element(graph.sizes());
  return std::clamp<std::int64_t>(4'000'000 / (widest * widest), 4, 512);
}

/// The rows of all clauses under each other, and where each clause lies in them.
struct Table {
  Tensor rows;                                                 ///< [1, S, outputs]
  Tensor bounds;                                               ///< [S]
  std::vector<std::pair<std::int64_t, std::int64_t>> clauses;  ///< first row, count

  explicit Table(const std::vector<Rows>& all) {
    std::vector<Tensor> factors;
    std::vector<Tensor> limits;
    std::int64_t first = 0;
    for (const Rows& each : all) {
      factors.push_back(each.factors);
      limits.push_back(each.bounds);
      clauses.emplace_back(first, each.bounds.size(0));
      first += each.bounds.size(0);
    }
    rows = at::cat(factors).unsqueeze(0);
    bounds = at::cat(limits);
  }

  /// Which clauses are open in each box, by row: [B, S]. A clause is refuted where one of its rows
  /// stays above its bound.
  Tensor open(const Tensor& low, double margin) const {
    std::vector<Tensor> columns;
    for (const auto& [first, count] : clauses) {
      const Tensor is_open =
          std::get<0>((low.narrow(1, first, count) - bounds.narrow(0, first, count)).max(1, true))
              .le(margin);
      columns.push_back(is_open.expand({low.size(0), count}));
    }
    return at::cat(columns, 1);
  }
};

/// Corners where the linear bounds of the rows are least, tried as counterexamples.
std::optional<Tensor> lucky_corner(const Graph& graph,
                                   const std::vector<Rows>& clauses,
                                   const Boxes& boxes,
                                   const Tensor& coefficients) {
  const std::int64_t count = std::min<std::int64_t>(boxes.domain.count(), 64);
  for (std::int64_t row = 0; row < std::min<std::int64_t>(coefficients.size(1), 8); ++row) {
    const Tensor corner =
        at::where(coefficients.narrow(0, 0, count).select(1, row).gt(0),
                  boxes.domain.low.narrow(0, 0, count), boxes.domain.high.narrow(0, 0, count));
    const Tensor middle =
        (boxes.domain.low.narrow(0, 0, count) + boxes.domain.high.narrow(0, 0, count)) * 0.5;
    const Tensor points = row == 0 ? at::cat({corner, middle}) : corner;
    const Tensor scores = graph.scores(points);
    for (const Rows& rows : clauses) {
      const Tensor missed = violation(rows, scores);
      const auto best = missed.argmin().item<std::int64_t>();
      if (missed[best].item<double>() <= 0) return points.narrow(0, best, 1);
    }
  }
  return std::nullopt;
}

}  // namespace

Search split_inputs(const Graph& graph,
                    const Domain& box,
                    const std::vector<Rows>& clauses,
                    double margin,
                    const Deadline& deadline) {
  const at::NoGradGuard no_gradients;
  const Table table(clauses);
  const std::int64_t batch = batch_of(graph);
  Search search;
  std::vector<Boxes> stack{{box, Intervals(graph.sizes().size())}};
  while (!stack.empty()) {
    if (deadline.is_over()) {
      search.end = Search::End::out_of_time;
      return search;
    }
    std::vector<Boxes> taken;
    for (std::int64_t count = 0; !stack.empty() && count < batch; stack.pop_back()) {
      count += stack.back().domain.count();
      taken.push_back(std::move(stack.back()));
    }
    Boxes boxes = joined(taken);
    search.domains += boxes.domain.count();
    const Intervals intervals = linear_bounds(graph, boxes.domain, boxes.known);
    const Answer answer = lower_bounds(graph, boxes.domain, intervals, {graph.last(), table.rows});
    const Tensor open = table.open(answer.low, margin);
    const Tensor places = open.any(1).nonzero().squeeze(1);
    if (places.size(0) == 0) continue;
    boxes.known = kept(graph, intervals);
    boxes = chosen(boxes, places);
    const Tensor coefficients = answer.input.index_select(0, places);
    if (auto point = lucky_corner(graph, clauses, boxes, coefficients)) {
      search.end = Search::End::found;
      search.point = *point;
      return search;
    }
    const Tensor width = boxes.domain.high - boxes.domain.low;
    const Tensor weight =
        (coefficients.abs() * open.index_select(0, places).to(at::kDouble).unsqueeze(2)).sum(1);
    // An input whose width is used up cannot be halved; nor can a box of such inputs.
    const Tensor score =
        at::where(width.gt(1e-12), weight * width + width * 1e-9, at::full_like(width, -1.0));
    const auto best = score.max(1);
    if (std::get<0>(best).lt(0).any().item<bool>()) return search;  // stuck
    boxes = halved(boxes, std::get<1>(best));
    // In pieces of a batch, so that the next round takes as many as it can hold.
    for (std::int64_t first = 0; first < boxes.domain.count(); first += batch) {
      const std::int64_t count = std::min(batch, boxes.domain.count() - first);
      stack.push_back(chosen(boxes, at::arange(first, first + count, at::kLong)));
    }
  }
  search.end = Search::End::proved;
  return search;
}

}  // namespace lockstep::ai::certify
