// SPDX-License-Identifier: Apache-2.0
// A box that cannot be decided is halved along the input whose width moves the open rows most: by
// the linear bounds, and a little by the steepest that the rows can be, since a bound that has lost
// sight of an input is loose for its width. The intervals of a box hold in its halves too, so that
// activations which are settled stay settled, and the cost of a box falls with its size. Boxes are
// taken from the end of the list, in batches, those with the lowest bounds first: the list stays as
// short as it is deep. Every few rounds a descent starts from the middles of some.
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

  /// By how much each clause is refuted, by row: [B, S]. A clause is refuted where one of its rows
  /// stays above its bound.
  Tensor gaps(const Tensor& low) const {
    std::vector<Tensor> columns;
    for (const auto& [first, count] : clauses) {
      const Tensor gap =
          std::get<0>((low.narrow(1, first, count) - bounds.narrow(0, first, count)).max(1, true));
      columns.push_back(gap.expand({low.size(0), count}));
    }
    return at::cat(columns, 1);
  }
};

constexpr std::int64_t lucky_boxes = 64;
constexpr std::int64_t descent_boxes = 32;
constexpr int descent_every = 4;
/// The share of the steepest slope beside that of the linear bounds.
constexpr double steepest_share = 1.0 / 32;

Tensor middle_of(const Domain& domain) {
  return (domain.low + domain.high) * 0.5;
}

Intervals chosen(Intervals all, const Tensor& places) {
  for (Interval& interval : all)
    if (interval.low.defined())
      interval = {interval.low.index_select(0, places), interval.high.index_select(0, places)};
  return all;
}

class InputSplitter {
 public:
  InputSplitter(const Graph& graph,
                const Domain& box,
                const std::vector<Rows>& clauses,
                const Ends& ends)
      : graph_(graph),
        box_(box),
        clauses_(clauses),
        table_(clauses),
        ends_(ends),
        batch_(batch_of(graph)) {
    stack_.push_back({box, Intervals(graph.sizes().size())});
  }

  Search run() {
    for (int round = 0; !stack_.empty(); ++round) {
      if (ends_.deadline.is_over()) {
        search_.end = Search::End::out_of_time;
        return search_;
      }
      if (!divide(take(), round % descent_every == 0)) return search_;
    }
    search_.end = Search::End::proved;
    return search_;
  }

 private:
  Boxes take() {
    std::vector<Boxes> taken;
    for (std::int64_t count = 0; !stack_.empty() && count < batch_; stack_.pop_back()) {
      count += stack_.back().domain.count();
      taken.push_back(std::move(stack_.back()));
    }
    return joined(taken);
  }

  /// Puts the halves of the boxes that stay open onto the list. @returns false when the search is
  /// over: a counterexample was found, or a box cannot be halved
  bool divide(Boxes boxes, bool with_descent) {
    search_.domains += boxes.domain.count();
    Intervals intervals = linear_bounds(graph_, boxes.domain, boxes.known);
    const Answer answer =
        lower_bounds(graph_, boxes.domain, intervals, {graph_.last(), table_.rows});
    const Tensor gaps = table_.gaps(answer.low);
    const Tensor lowest = std::get<0>(gaps.min(1));
    const Tensor found = lowest.le(ends_.margin).nonzero().squeeze(1);
    if (found.size(0) == 0) return true;
    // The lowest come last, and so are taken next.
    const Tensor places = found.index_select(
        0, lowest.index_select(0, found).argsort(/*stable=*/true, 0, /*descending=*/true));
    intervals = chosen(std::move(intervals), places);
    boxes = {boxes.domain.at(places), kept(graph_, intervals)};
    const Tensor open = gaps.index_select(0, places).le(ends_.margin).to(at::kDouble);
    const Tensor slopes = answer.input.index_select(0, places);
    if (is_lucky(boxes.domain, slopes) || (with_descent && descends(boxes.domain))) return false;
    const Tensor steep = steepest(graph_, boxes.domain, intervals, table_.rows);
    const Tensor weight = ((slopes.abs() + steep * steepest_share) * open.unsqueeze(2)).sum(1);
    const Tensor width = boxes.domain.high - boxes.domain.low;
    // An input whose width is used up cannot be halved; nor can a box of such inputs.
    const Tensor score =
        at::where(width.gt(1e-12), (weight + 1e-9) * width, at::full_like(width, -1.0));
    const auto best = score.max(1);
    if (std::get<0>(best).lt(0).any().item<bool>()) return false;  // stuck
    boxes = halved(boxes, std::get<1>(best));
    // In pieces of a batch, so that the next round takes as many as it can hold.
    for (std::int64_t first = 0; first < boxes.domain.count(); first += batch_) {
      const std::int64_t count = std::min(batch_, boxes.domain.count() - first);
      const Tensor piece = at::arange(first, first + count, at::kLong);
      stack_.push_back({boxes.domain.at(piece), chosen(boxes.known, piece)});
    }
    return true;
  }

  bool is_found(const Tensor& point) {
    if (!ends_.confirm(point)) return false;
    search_.end = Search::End::found;
    return true;
  }

  /// Tries the corners where the linear bounds of the rows are least, and the middles.
  bool is_lucky(const Domain& domain, const Tensor& slopes) {
    const std::int64_t count = std::min(domain.count(), lucky_boxes);
    const Domain last = domain.at(at::arange(domain.count() - count, domain.count(), at::kLong));
    const Tensor mine = slopes.narrow(0, domain.count() - count, count);
    for (std::int64_t row = 0; row < std::min<std::int64_t>(slopes.size(1), 8); ++row) {
      const Tensor corner = at::where(mine.select(1, row).gt(0), last.low, last.high);
      const Tensor points = row == 0 ? at::cat({corner, middle_of(last)}) : corner;
      const Tensor scores = graph_.scores(points);
      for (const Rows& rows : clauses_) {
        const Tensor missed = violation(rows, scores);
        const auto best = missed.argmin().item<std::int64_t>();
        if (missed[best].item<double>() <= 0 && is_found(points.narrow(0, best, 1))) return true;
      }
    }
    return false;
  }

  /// Descends from the middles of the boxes with the lowest bounds.
  bool descends(const Domain& domain) {
    const at::AutoGradMode gradients(true);
    const std::int64_t count = std::min(domain.count(), descent_boxes);
    const Tensor points = middle_of(domain).narrow(0, domain.count() - count, count);
    const Scores scores = [this](const Tensor& x) -> Result<Tensor> { return graph_.scores(x); };
    for (const Rows& rows : clauses_) {
      const auto point = descend(scores, box_, rows, points, {20, 0.02, false}, ends_.deadline);
      if (point && *point && is_found(**point)) return true;
    }
    return false;
  }

  const Graph& graph_;
  const Domain& box_;
  const std::vector<Rows>& clauses_;
  Table table_;
  const Ends& ends_;
  std::int64_t batch_;
  std::vector<Boxes> stack_;
  Search search_;
};

}  // namespace

Search split_inputs(const Graph& graph,
                    const Domain& box,
                    const std::vector<Rows>& clauses,
                    const Ends& ends) {
  const at::NoGradGuard no_gradients;
  return InputSplitter(graph, box, clauses, ends).run();
}

}  // namespace lockstep::ai::certify
