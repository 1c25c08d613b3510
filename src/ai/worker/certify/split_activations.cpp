// SPDX-License-Identifier: Apache-2.0
// An open part is divided by the sign of what one activation reads: in each half that activation is
// linear. The intervals are those of the whole box, cut at 0; a multiplier for each split carries
// the condition into the bound, and slopes and multipliers are improved for all parts of a batch
// together (bounds.hpp). The activation is chosen by how much its two lines cost the row's bound.
// A part with nothing left to split is a linear program, whose value a long ascent comes near to.
//
// Source: Bunel et al. 2020, "Branch and bound for piecewise linear neural network verification"
// (the score); Wang et al. 2021, arXiv 2103.06624 (multipliers).
#include <ATen/ATen.h>
#include <algorithm>

#include "ai/worker/certify/verify.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

/// Parts of the box that are open. Tensors by value; those of slopes and multipliers may be
/// undefined.
struct Parts {
  Splits splits;
  Slopes slopes;
  std::int64_t count = 0;
};

std::vector<std::vector<Tensor>*> lists(Parts& parts) {
  return {&parts.splits, &parts.slopes.lower, &parts.slopes.multiplier, &parts.slopes.above,
          &parts.slopes.below};
}

Parts chosen(Parts parts, const Tensor& places) {
  for (auto* list : lists(parts))
    for (Tensor& each : *list)
      if (each.defined()) each = each.index_select(0, places);
  parts.count = places.size(0);
  return parts;
}

Parts joined(std::vector<Parts> all) {
  Parts one = std::move(all.front());
  for (std::size_t k = 1; k < all.size(); ++k) {
    const auto more = lists(all[k]);
    const auto mine = lists(one);
    for (std::size_t list = 0; list < mine.size(); ++list)
      for (std::size_t v = 0; v < mine[list]->size(); ++v) {
        Tensor& each = (*mine[list])[v];
        const Tensor& other = (*more[list])[v];
        if (each.defined() && other.defined()) each = at::cat({each, other});
        if (!other.defined()) each = Tensor();
      }
    one.count += all[k].count;
  }
  return one;
}

class Splitter {
 public:
  Splitter(const Graph& graph,
           const Domain& box,
           const Intervals& intervals,
           const Rows& clause,
           const Ends& ends)
      : graph_(graph), box_(box), intervals_(intervals), clause_(clause), ends_(ends) {}

  Search run() {
    Search search;
    std::vector<Parts> stack{whole()};
    while (!stack.empty()) {
      if (ends_.deadline.is_over()) {
        search.end = Search::End::out_of_time;
        return search;
      }
      std::vector<Parts> taken;
      for (std::int64_t count = 0; !stack.empty() && count < batch(); stack.pop_back()) {
        count += stack.back().count;
        taken.push_back(std::move(stack.back()));
      }
      Parts parts = joined(std::move(taken));
      search.domains += parts.count;
      const Intervals intervals = cut(parts.splits, parts.count);
      const Answer answer = improved(parts, intervals, search.domains == 1 ? 60 : 16, 0.15);
      const Tensor open = open_of(answer);
      if (open.size(0) == 0) continue;
      if (try_corners(answer, open, search)) return search;
      const auto next = halves(std::move(parts), intervals, answer, open);
      if (!next) return search;  // stuck
      for (std::int64_t first = 0; first < next->count; first += batch()) {
        const std::int64_t count = std::min(batch(), next->count - first);
        stack.push_back(chosen(*next, at::arange(first, first + count, at::kLong)));
      }
    }
    search.end = Search::End::proved;
    return search;
  }

 private:
  Parts whole() const {
    Parts parts;
    parts.count = 1;
    for (auto* list : lists(parts))
      list->resize(graph_.sizes().size());
    for (std::size_t v = 0; v < parts.splits.size(); ++v)
      if (graph_.is_before_activation(static_cast<int>(v)))
        parts.splits[v] = at::zeros({1, graph_.sizes()[v]}, at::kDouble);
    return parts;
  }

  std::int64_t batch() const {
    std::int64_t elements = 0;
    for (const std::int64_t size : graph_.sizes())
      elements += size;
    return std::clamp<std::int64_t>(400'000 / (elements * clause_.bounds.size(0)), 2, 128);
  }

  Answer improved(Parts& parts, const Intervals& intervals, int steps, double rate) const {
    const Domain box{
        box_.low.expand({parts.count, -1}), box_.high.expand({parts.count, -1}), {}, 0};
    // The bound of the rows is a number, so the rows' own bounds are moved to the other side.
    const Question question{graph_.last(),
                            clause_.factors.unsqueeze(0).expand({parts.count, -1, -1})};
    Ascent ascent;
    ascent.steps = steps;
    ascent.enough = clause_.bounds.max().item<double>() + ends_.margin;
    ascent.rate = rate;
    return ascend(graph_, box, intervals, question, parts.splits, parts.slopes, ascent);
  }

  /// Which of the parts have all rows within their bounds. [open]
  Tensor open_of(const Answer& answer) const {
    const Tensor gap = std::get<0>((answer.low - clause_.bounds).max(1));
    return gap.le(ends_.margin).nonzero().squeeze(1);
  }

  /// Whether long ascents refute parts with nothing left to split. Their multipliers may be far
  /// away, and must come to rest: the first steps grow, the last of each ascent are short.
  bool are_refuted(Parts parts) const {
    for (const double rate : {0.15, 1.5, 15.0}) {
      if (ends_.deadline.is_over()) return false;
      const Answer answer = improved(parts, cut(parts.splits, parts.count), 400, rate);
      parts = chosen(std::move(parts), open_of(answer));
      if (parts.count == 0) return true;
    }
    return false;
  }

  Intervals cut(const Splits& splits, std::int64_t count) const {
    Intervals intervals = intervals_;
    for (std::size_t v = 0; v < splits.size(); ++v) {
      Interval& each = intervals[v];
      each = {each.low.expand({count, -1}), each.high.expand({count, -1})};
      if (!splits[v].defined()) continue;
      each.low = at::where(splits[v].gt(0), each.low.clamp_min(0), each.low);
      each.high = at::where(splits[v].lt(0), each.high.clamp_max(0), each.high);
    }
    return intervals;
  }

  bool try_corners(const Answer& answer, const Tensor& open, Search& search) const {
    const Tensor corners =
        at::where(answer.input.index_select(0, open).flatten(0, 1).gt(0), box_.low, box_.high);
    const Tensor points = corners.narrow(0, 0, std::min<std::int64_t>(corners.size(0), 32));
    const Tensor missed = violation(clause_, graph_.scores(points));
    const auto best = missed.argmin().item<std::int64_t>();
    if (missed[best].item<double>() > 0 || !ends_.confirm(points.narrow(0, best, 1))) return false;
    search.end = Search::End::found;
    return true;
  }

  /// What the two lines of each activation may cost the row that is nearest to its bound: the
  /// upper line its height above 0, the lower line the larger of its distances at the ends. And a
  /// trifle: where none costs anything the part may be one that no input lies in, which more splits
  /// and multipliers show.
  static Tensor cost(const Interval& z, const Tensor& coefficients) {
    const Tensor is_mixed = z.low.lt(0).logical_and(z.high.gt(0));
    const Tensor height = at::where(is_mixed, -z.low * z.high / (z.high - z.low).clamp_min(1e-30),
                                    at::zeros_like(z.low));
    const Tensor depth = at::where(is_mixed, at::minimum(-z.low, z.high), at::zeros_like(z.low));
    return (coefficients.clamp_max(0).neg() + 1e-9) * height +
           coefficients.clamp_min(0) * depth * 0.5;
  }

  /// Both halves of the parts that stay open; nothing when one of them can be neither divided nor
  /// refuted.
  std::optional<Parts> halves(Parts parts,
                              const Intervals& intervals,
                              const Answer& answer,
                              const Tensor& open) const {
    const Tensor row = std::get<1>((answer.low - clause_.bounds).max(1)).index_select(0, open);
    std::vector<Tensor> costs;
    std::vector<std::size_t> values;
    for (std::size_t v = 0; v < parts.splits.size(); ++v) {
      if (!parts.splits[v].defined() || !answer.coefficients[v].defined()) continue;
      const Tensor all = answer.coefficients[v].index_select(0, open);
      const Tensor mine =
          all.gather(1, row.reshape({-1, 1, 1}).expand({-1, 1, all.size(2)})).squeeze(1);
      costs.push_back(cost(
          {intervals[v].low.index_select(0, open), intervals[v].high.index_select(0, open)}, mine));
      values.push_back(v);
    }
    if (costs.empty()) return std::nullopt;
    const auto best = at::cat(costs, 1).max(1);
    const Tensor is_whole = std::get<0>(best).le(0);
    parts = chosen(std::move(parts), open);
    if (is_whole.any().item<bool>() && !are_refuted(chosen(parts, is_whole.nonzero().squeeze(1))))
      return std::nullopt;
    Parts below = parts;
    std::int64_t first = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::int64_t size = costs[i].size(1);
      const Tensor mark =
          at::one_hot(std::get<1>(best).sub(first).clamp(0, size - 1), size).to(at::kDouble) *
          std::get<1>(best)
              .ge(first)
              .logical_and(std::get<1>(best).lt(first + size))
              .to(at::kDouble)
              .unsqueeze(1);
      Tensor& above_split = parts.splits[values[i]];
      below.splits[values[i]] = above_split - mark;
      above_split = above_split + mark;
      first += size;
    }
    return chosen(joined({std::move(parts), std::move(below)}),
                  at::cat({is_whole, is_whole}).logical_not().nonzero().squeeze(1));
  }

  const Graph& graph_;
  const Domain& box_;
  const Intervals& intervals_;
  const Rows& clause_;
  const Ends& ends_;
};

}  // namespace

Search split_activations(const Graph& graph,
                         const Domain& box,
                         const Intervals& intervals,
                         const Rows& clause,
                         const Ends& ends) {
  return Splitter(graph, box, intervals, clause, ends).run();
}

}  // namespace lockstep::ai::certify
