// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/certify/bounds.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <optional>
#include <utility>

#include "ai/worker/certify/curve.hpp"
#include "base/check.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

/// Rows times elements of one value that are bounded together: 4 MB of float64, which a cache
/// holds.
constexpr std::int64_t elements_max = std::int64_t{1} << 19;

std::size_t place(int value) {
  return static_cast<std::size_t>(value);
}

/// The lines around an activation over intervals:
/// lower * z + lower_shift <= f(z) <= upper * z + shift.
struct Lines {
  Tensor lower;        ///< [B, 1 or S, n]
  Tensor upper;        ///< [B, 1 or S, n]
  Tensor shift;        ///< [B, 1 or S, n]
  Tensor lower_shift;  ///< the same; undefined for 0
};

/// The tensor of a value, undefined where there is none.
Tensor at_value(const std::vector<Tensor>& all, std::size_t value) {
  return value < all.size() ? all[value] : Tensor();
}

Lines lines_of(const CurveNode& node,
               const Tensor& low,
               const Tensor& high,
               const Tensor& chosen_above,
               const Tensor& chosen_below) {
  Touches touches = usual_touches(low, high);
  if (chosen_above.defined()) touches.above = chosen_above;
  if (chosen_below.defined()) touches.below = chosen_below;
  CurveLines lines = lines_around(node, low, high, touches);
  return {std::move(lines.lower), std::move(lines.upper), std::move(lines.upper_shift),
          std::move(lines.lower_shift)};
}

/// The sum of rows times shifts: [B, S]. @param shift [B, 1 or S, n]
Tensor shifted(const Tensor& rows, const Tensor& shift) {
  if (shift.size(1) > 1) return (rows * shift).sum(2);
  return rows.expand({shift.size(0), -1, -1}).matmul(shift.transpose(1, 2)).squeeze(2);
}

Lines lines_of(const Interval& z, double slope, const Tensor& chosen) {
  const Tensor low = z.low.unsqueeze(1);
  const Tensor high = z.high.unsqueeze(1);
  const Tensor is_above = low.ge(0);
  const Tensor is_mixed = low.lt(0).logical_and(high.gt(0));
  const Tensor outside = at::where(is_above, at::ones_like(low), at::full_like(low, slope));
  const Tensor width = at::where(is_mixed, high - low, at::ones_like(low));
  Lines lines;
  lines.upper = at::where(is_mixed, (high - low * slope) / width, outside);
  lines.shift = at::where(is_mixed, high - lines.upper * high, at::zeros_like(low));
  const Tensor lower =
      chosen.defined() ? chosen
                       : at::where(high.gt(-low), at::ones_like(low), at::full_like(low, slope));
  lines.lower = at::where(is_mixed, lower, outside);
  return lines;
}

/// Coefficients of one value: [B, S, elements], all of them or those inside the window.
struct Coefficient {
  Tensor a;
  std::optional<Window> window;

  Tensor whole() const { return window ? window->whole(a) : a; }

  /// What is given for every element of the value, for those that `a` has.
  Tensor inside(const Tensor& given) const { return window ? window->inside(given) : given; }
};

/// The coefficients of each value while a backward pass goes down.
class Coefficients {
 public:
  explicit Coefficients(std::size_t values) : by_value_(values) {}

  Coefficient take(int value) { return std::exchange(by_value_[place(value)], {}); }

  /// @param more of the size of the reading
  void add(const Reading& reading, Coefficient more, const std::vector<std::int64_t>& sizes) {
    if (reading.parts.size() == 1 && reading.parts.front().is_whole) {
      add(reading.parts.front().value, std::move(more));
      return;
    }
    const Tensor a = more.whole();
    for (const Part& part : reading.parts)
      add(part.value, {at::zeros({a.size(0), a.size(1), sizes[place(part.value)]}, a.options())
                           .index_add(2, part.elements, a.index_select(2, part.places)),
                       {}});
  }

  void add(int value, Coefficient more) {
    Coefficient& sum = by_value_[place(value)];
    sum = sum.a.defined() ? Coefficient{sum.whole() + more.whole(), {}} : std::move(more);
  }

 private:
  std::vector<Coefficient> by_value_;
};

/// The least value over a box of rows with these coefficients. @param a [B, S, n]
Tensor least(const Interval& box, const Tensor& a) {
  const Tensor middle = ((box.low + box.high) * 0.5).unsqueeze(2);
  const Tensor reach = ((box.high - box.low) * 0.5).unsqueeze(2);
  return (a.matmul(middle) - a.abs().matmul(reach)).squeeze(2);
}

Tensor least(const Domain& domain, const Tensor& a) {
  const Tensor in_box = least(Interval{domain.low, domain.high}, a);
  if (domain.radius <= 0) return in_box;
  const Tensor in_ball =
      a.matmul(domain.center.unsqueeze(2)).squeeze(2) - a.norm(2, 2) * domain.radius;
  return at::maximum(in_box, in_ball);
}

Interval cut(const Interval& a, const Interval& b) {
  if (!b.low.defined()) return a;
  return {at::maximum(a.low, b.low), at::minimum(a.high, b.high)};
}

std::vector<Tensor> sides(const Intervals& intervals, bool is_low) {
  std::vector<Tensor> values;
  for (const Interval& interval : intervals)
    values.push_back(is_low ? interval.low : interval.high);
  return values;
}

Interval node_interval(const Node& node, const Intervals& intervals) {
  const std::vector<Tensor> lows = sides(intervals, true);
  const std::vector<Tensor> highs = sides(intervals, false);
  if (const auto* linear = std::get_if<LinearNode>(&node)) {
    const Tensor low = gather(linear->in, lows);
    const Tensor high = gather(linear->in, highs);
    const Tensor middle =
        linear->forward((low + high) * 0.5, linear->weight) + linear->whole_bias();
    const Tensor reach = linear->forward((high - low) * 0.5, linear->magnitude);
    return {middle - reach, middle + reach};
  }
  if (const auto* scale = std::get_if<ScaleNode>(&node)) {
    Tensor low = scale->shift;
    Tensor high = scale->shift;
    for (std::size_t i = 0; i < scale->terms.size(); ++i) {
      const Tensor a = gather(scale->terms[i], lows) * scale->factors[i];
      const Tensor b = gather(scale->terms[i], highs) * scale->factors[i];
      low = low + at::minimum(a, b);
      high = high + at::maximum(a, b);
    }
    if (scale->other.parts.empty()) return {low, high};
    return {at::maximum(gather(scale->terms[0], lows), gather(scale->other, lows)),
            at::maximum(gather(scale->terms[0], highs), gather(scale->other, highs))};
  }
  return {evaluated(node, lows), evaluated(node, highs)};
}

Coefficient through(const LinearNode& node, const Coefficient& at) {
  if (at.window && takes_windows(node)) {
    auto [a, window] = backward(node, at.a, *at.window);
    return {std::move(a), window};
  }
  const Tensor a = at.whole();
  return {node.backward(a.flatten(0, 1)).reshape({a.size(0), a.size(1), -1}), {}};
}

/// Coefficients in front of an activation, and what its lines add. @param a [B or 1, S, n]
std::pair<Tensor, Tensor> through(const Lines& lines, const Tensor& a) {
  // SPEED: a * (a > 0 ? lower : upper) in two passes over the rows, and what the upper lines add as
  // products of matrices; with clamps it is seven passes.
  const Tensor size = a.abs();
  const Tensor next =
      at::addcmul(a * ((lines.lower + lines.upper) * 0.5), size, (lines.lower - lines.upper) * 0.5);
  const Tensor half = lines.shift * 0.5;
  Tensor more = shifted(a, half) - shifted(size, half);
  if (lines.lower_shift.defined())
    more = more + shifted(a, lines.lower_shift * 0.5) + shifted(size, lines.lower_shift * 0.5);
  return {next, more};
}

/// Rows that pick elements. @param chosen [B, S] int64 @returns [B, 2 S, n]: each, and its negative
Tensor picking(const Tensor& chosen, std::int64_t n) {
  const Tensor rows = at::zeros({chosen.size(0), chosen.size(1), n}, at::kDouble)
                          .scatter(2, chosen.unsqueeze(2), 1.0);
  return at::cat({rows, -rows}, 1);
}

/// Raises and lowers the ends of an interval to what a backward pass found for some elements.
/// @param chosen, is_wanted [B, S]   @param low [B, 2 S]: of the elements, then of their negatives
void tighten(Interval& found, const Tensor& chosen, const Tensor& is_wanted, const Tensor& low) {
  const std::int64_t half = chosen.size(1);
  const Tensor before_low = found.low.gather(1, chosen);
  const Tensor before_high = found.high.gather(1, chosen);
  found.low = found.low.scatter(
      1, chosen, at::where(is_wanted, at::maximum(low.narrow(1, 0, half), before_low), before_low));
  found.high = found.high.scatter(
      1, chosen,
      at::where(is_wanted, at::minimum(-low.narrow(1, half, half), before_high), before_high));
}

bool is_over(const Effort& effort) {
  return effort.deadline != nullptr && effort.deadline->is_over();
}

/// The interval of a value, tightened by backward passes where `wanted` [B, n] says so.
Interval tightened(const Graph& graph,
                   const Domain& domain,
                   const Intervals& intervals,
                   int value,
                   const Tensor& wanted,
                   const Effort& effort) {
  Interval found = intervals[place(value)];
  const std::int64_t most = wanted.sum(1).max().item<std::int64_t>();
  if (most == 0) return found;
  // The wanted elements of each problem come first; shorter lists are filled up with others, which
  // are left as they are: a problem's numbers do not depend on its batch.
  const Tensor order = wanted.to(at::kByte).argsort(1, true).narrow(1, 0, most).contiguous();
  const std::int64_t widest = *std::ranges::max_element(graph.sizes());
  const std::int64_t step =
      std::clamp<std::int64_t>(elements_max / (2 * domain.count() * widest), 1, most);
  for (std::int64_t first = 0; first < most && !is_over(effort); first += step) {
    const Tensor chosen = order.narrow(1, first, std::min(step, most - first));
    const Question question{value, picking(chosen, found.low.size(1))};
    Slopes slopes;
    const Ascent ascent{.steps = effort.steps, .rate = 0.25};
    const Answer answer = effort.steps == 0
                              ? lower_bounds(graph, domain, intervals, question)
                              : ascend(graph, domain, intervals, question, {}, slopes, ascent);
    tighten(found, chosen, wanted.gather(1, chosen), answer.low);
  }
  return found;
}

/// The same for one problem and an image behind a convolution: wanted elements of a few
/// neighbouring places together, with coefficients inside the window that they read.
Interval tightened_by_windows(const Graph& graph,
                              const Domain& domain,
                              const Intervals& intervals,
                              int value,
                              const Tensor& wanted,
                              const Effort& effort) {
  const auto& shape = std::get<LinearNode>(graph.nodes()[place(value - 1)]).result;
  constexpr std::int64_t neighbours = 4;
  Interval found = intervals[place(value)];
  const Tensor numbers =
      at::arange(found.low.size(1), at::kLong).reshape({shape[0], shape[1], shape[2]});
  const Tensor image = wanted.reshape({shape[0], shape[1], shape[2]});
  for (std::int64_t row = 0; row < shape[1]; ++row)
    for (std::int64_t column = 0; column < shape[2]; column += neighbours) {
      if (is_over(effort)) return found;
      const std::int64_t columns = std::min(neighbours, shape[2] - column);
      const Window window{shape[0], shape[1], shape[2], row, column, 1, columns};
      const Tensor places = window.inside(image.flatten()).nonzero().squeeze(1).unsqueeze(0);
      if (places.size(1) == 0) continue;
      const Tensor chosen =
          window.inside(numbers.flatten()).index_select(0, places[0]).unsqueeze(0);
      const Question question{value, picking(places, shape[0] * columns), false, window};
      tighten(found, chosen, at::ones_like(chosen, at::kBool),
              lower_bounds(graph, domain, intervals, question).low);
    }
  return found;
}

/// Whether the node is linear in the input itself, or in the input scaled element by element.
bool reads_input(const Graph& graph, const Node& node) {
  const auto* linear = std::get_if<LinearNode>(&node);
  if (linear == nullptr || linear->in.parts.size() != 1) return false;
  const int from = linear->in.parts.front().value;
  if (from == 0) return true;
  const auto* scale = std::get_if<ScaleNode>(&graph.nodes()[place(from - 1)]);
  return scale != nullptr && scale->terms.size() == 1 && scale->terms[0].parts.size() == 1 &&
         scale->terms[0].parts.front().is_whole && scale->terms[0].parts.front().value == 0;
}

}  // namespace

Domain Domain::at(const Tensor& places) const {
  return {low.index_select(0, places), high.index_select(0, places),
          center.defined() ? center.index_select(0, places) : center, radius};
}

Intervals interval_bounds(const Graph& graph, const Domain& domain, const Intervals& known) {
  Intervals intervals{{domain.low, domain.high}};
  for (const Node& node : graph.nodes()) {
    Interval found = node_interval(node, intervals);
    if (intervals.size() < known.size()) found = cut(found, known[intervals.size()]);
    intervals.push_back(std::move(found));
  }
  return intervals;
}

Answer lower_bounds(const Graph& graph,
                    const Domain& domain,
                    const Intervals& intervals,
                    const Question& question,
                    const Slopes& slopes,
                    const Splits& splits) {
  LS_CHECK(question.rows.dim() == 3, "rows are [problems, rows, elements]");
  Coefficients coefficients(graph.sizes().size());
  Answer answer;
  answer.coefficients.resize(graph.sizes().size());
  coefficients.add(question.value, {question.rows, question.window});
  Tensor sum = at::zeros({1, 1}, at::kDouble);
  for (int value = question.value; value > 0; --value) {
    Coefficient at = coefficients.take(value);
    if (!at.a.defined()) continue;
    // f >= f - b z where z >= 0 is known, and f + b z where z <= 0 is.
    if (const Tensor split = at_value(splits, place(value)); split.defined())
      if (const Tensor multiplier = at_value(slopes.multiplier, place(value)); multiplier.defined())
        at = {at.whole() - multiplier * split.unsqueeze(1), {}};
    const Node& node = graph.nodes()[place(value - 1)];
    if (const auto* linear = std::get_if<LinearNode>(&node)) {
      sum = sum + at.a.matmul(at.inside(linear->whole_bias()));
      coefficients.add(linear->in, through(*linear, at), graph.sizes());
    } else if (const auto* scale = std::get_if<ScaleNode>(&node)) {
      const Tensor a = at.whole();
      sum = sum + a.matmul(scale->shift);
      for (std::size_t i = 0; i < scale->terms.size(); ++i)
        coefficients.add(scale->terms[i], {a * scale->factors[i], {}}, graph.sizes());
    } else if (question.ends_at_activations) {
      sum = sum + least(intervals[place(value)], at.whole());
    } else if (const auto* curve = std::get_if<CurveNode>(&node)) {
      const std::size_t read = place(curve->value);
      const Interval& z = intervals[read];
      const Lines lines =
          lines_of(*curve, at.inside(z.low).unsqueeze(1), at.inside(z.high).unsqueeze(1),
                   at_value(slopes.above, read), at_value(slopes.below, read));
      const auto [next, more] = through(lines, at.a);
      coefficients.add(curve->value, {next, at.window});
      sum = sum + more;
    } else {
      const auto& activation = std::get<ActivationNode>(node);
      const std::size_t z = place(activation.value);
      const Lines lines = lines_of({at.inside(intervals[z].low), at.inside(intervals[z].high)},
                                   activation.slope, at_value(slopes.lower, z));
      answer.coefficients[z] = at.window ? Tensor() : at.a;
      const auto [next, more] = through(lines, at.a);
      coefficients.add(activation.value, {next, at.window});
      sum = sum + more;
    }
  }
  answer.input = coefficients.take(0).whole();
  if (!answer.input.defined())
    answer.input = at::zeros({domain.count(), question.rows.size(1), graph.inputs()}, at::kDouble);
  answer.low = least(domain, answer.input) + sum;
  return answer;
}

Intervals linear_bounds(const Graph& graph,
                        const Domain& domain,
                        const Intervals& known,
                        const Effort& effort) {
  Intervals intervals{{domain.low, domain.high}};
  for (const Node& node : graph.nodes()) {
    const int value = static_cast<int>(intervals.size());
    intervals.push_back(node_interval(node, intervals));
    Interval& found = intervals.back();
    if (place(value) < known.size()) found = cut(found, known[place(value)]);
    // Over a box, an interval in front of the first activation is exact already.
    const bool is_exact = domain.radius <= 0 && reads_input(graph, node);
    const bool is_before_curve = graph.is_before_curve(value);
    if (is_exact || !(graph.is_before_activation(value) || is_before_curve)) continue;
    const Tensor wanted =
        is_before_curve ? found.low.lt(found.high) : found.low.lt(0).logical_and(found.high.gt(0));
    const auto* linear = std::get_if<LinearNode>(&node);
    const bool is_window =
        effort.steps == 0 && domain.count() == 1 && linear != nullptr && takes_windows(*linear);
    found = is_window ? tightened_by_windows(graph, domain, intervals, value, wanted, effort)
                      : tightened(graph, domain, intervals, value, wanted, effort);
  }
  return intervals;
}

}  // namespace lockstep::ai::certify
