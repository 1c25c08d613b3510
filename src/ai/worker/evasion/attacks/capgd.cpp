// SPDX-License-Identifier: Apache-2.0
// CAPGD: Auto-PGD for rows of a table. It climbs over features that may change, with one feature
// for each value of a category as if there were values between; each point is mended into a row
// that can be made, and only rows break a sample. A question has three rows:
//
//     the point       whose gradient is followed, with the pace of Auto-PGD
//     its row         whole numbers, one value for each category, relations mended
//     the vertex      the row that would be worst if the net were linear there, from the gradient
//                     of the vertex before it: each number at the end of what is allowed, and the
//                     choices with most to gain
//
// Five climbs, the first from the sample's own row. The loss is the logarithm of the odds, which
// has the direction of the authors' cross entropy and does not vanish where the net is sure. Few
// changes of categories are asked about one by one beforehand.
//
// Source: Simonetto, Ghamizi and Cordy 2024, "Constrained adaptive attack: effective adversarial
// attack against deep neural networks for tabular data", arXiv 2406.00775.
#include <algorithm>
#include <cmath>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/pace.hpp"
#include "ai/worker/evasion/attacks/steepest_row.hpp"
#include "ai/worker/evasion/attacks/table_rows.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

constexpr float momentum = 0.75F;
constexpr int climbs = 5;

/// Where a point between rows may lie, by feature.
struct Bounds {
  std::vector<float> low;
  std::vector<float> high;
};

Bounds bounds_of(const RowSpace& space, std::span<const float> x) {
  Bounds bounds{{x.begin(), x.end()}, {x.begin(), x.end()}};
  const auto widen = [&](std::size_t feature, double one, double other) {
    bounds.low[feature] = std::min(bounds.low[feature], static_cast<float>(std::min(one, other)));
    bounds.high[feature] = std::max(bounds.high[feature], static_cast<float>(std::max(one, other)));
  };
  for (const RowSpace::Part& part : space.parts()) {
    const TableColumn& first = space.schema().columns[part.columns.front()];
    if (!part.is_choice) {
      widen(first.feature, (part.low - first.offset) / first.factor,
            (part.high - first.offset) / first.factor);
    } else if (part.columns.size() == 1) {
      for (std::size_t i = 0; i < first.features; ++i)
        widen(first.feature + i, 0, 1);
    } else {
      for (const std::size_t i : part.columns) {
        const TableColumn& column = space.schema().columns[i];
        widen(column.feature, -column.offset / column.factor, (1 - column.offset) / column.factor);
      }
    }
  }
  return bounds;
}

/// Brings a point into the bounds and the budget.
void hold(std::span<float> point, const Seat& seat, const Bounds& bounds) {
  double squares = 0;
  const auto epsilon = static_cast<float>(seat.threat.epsilon);
  for (std::size_t i = 0; i < point.size(); ++i) {
    point[i] = std::clamp(point[i], bounds.low[i], bounds.high[i]);
    if (seat.threat.norm == Norm::linf)
      point[i] = std::clamp(point[i], seat.x[i] - epsilon, seat.x[i] + epsilon);
    squares += std::pow(static_cast<double>(point[i]) - seat.x[i], 2);
  }
  if (seat.threat.norm != Norm::l2 || squares <= seat.threat.epsilon * seat.threat.epsilon) return;
  const auto scale = static_cast<float>(seat.threat.epsilon / std::sqrt(squares));
  for (std::size_t i = 0; i < point.size(); ++i)
    point[i] = seat.x[i] + scale * (point[i] - seat.x[i]);
}

/// One step up, along what can be followed.
void ascend(std::span<float> point,
            std::span<const float> gradient,
            const Seat& seat,
            const Bounds& bounds,
            double length) {
  std::vector<float> free(gradient.begin(), gradient.end());
  double squares = 0;
  for (std::size_t i = 0; i < free.size(); ++i) {
    if ((free[i] > 0 && point[i] >= bounds.high[i]) || (free[i] < 0 && point[i] <= bounds.low[i]))
      free[i] = 0;
    squares += static_cast<double>(free[i]) * free[i];
  }
  const double size = std::max(std::sqrt(squares), 1e-12);
  for (std::size_t i = 0; i < free.size(); ++i) {
    const float direction = seat.threat.norm == Norm::l2 ? static_cast<float>(free[i] / size)
                            : free[i] > 0                ? 1.0F
                            : free[i] < 0                ? -1.0F
                                                         : 0.0F;
    point[i] += static_cast<float>(length) * direction;
  }
}

std::vector<float> start_of(const Seat& seat, const Bounds& bounds, int draw) {
  std::vector<float> point = seat.x;
  if (draw == 0) return point;
  Random random(RandomKey{seat.options.seed, stream_of("capgd"), static_cast<std::uint32_t>(draw),
                          seat.index});
  for (std::size_t i = 0; i < point.size(); ++i) {
    const double low = std::max<double>(bounds.low[i], seat.x[i] - seat.threat.epsilon);
    const double high = std::min<double>(bounds.high[i], seat.x[i] + seat.threat.epsilon);
    point[i] = static_cast<float>(random.uniform(low, std::max(low, high)));
  }
  hold(point, seat, bounds);
  return point;
}

/// Rows of a question, and what became of them.
struct Question {
  std::vector<float> rows;  ///< [3][features]
  TableRow row;
  TableRow vertex;

  std::span<float> at(std::size_t i) {
    return std::span(rows).subspan(i * (rows.size() / 3), rows.size() / 3);
  }

  void fill(const RowSpace& space, std::span<const float> point) {
    row = space.row_near(point);
    std::ranges::copy(point, at(0).begin());
    space.encode(row, at(1));
    space.encode(vertex, at(2));
  }
};

/// Whether one of the two rows broke the sample; gives back what it did not need.
Search<bool> is_done(Seat& seat, const RowSpace& space, const Question& question, Answer answer) {
  const std::size_t width = question.rows.size() / 3;
  for (const auto& [place, row] : {std::pair{1, &question.row}, std::pair{2, &question.vertex}}) {
    if (!is_possible(space, *row)) continue;
    const auto x = std::span(question.rows).subspan(static_cast<std::size_t>(place) * width, width);
    if (!seat.is_broken(answer, x, place)) continue;
    const bool is_broken = co_await give_back(seat, space, *row);
    co_return is_broken;
  }
  co_return false;
}

Search<bool> climb(Seat& seat, const RowSpace& space, const Bounds& bounds, int draw) {
  const int steps = seat.options.steps;
  const std::size_t width = seat.x.size();
  std::vector<float> x = start_of(seat, bounds, draw);
  std::vector<float> before = x;
  std::vector<float> best = x;
  std::vector<float> moved;
  std::vector<float> gradient(width);
  std::vector<float> best_gradient(width);
  std::vector<float> vertex_gradient(width);
  float best_loss = 0;
  Question question{std::vector<float>(3 * width), {}, space.row_near(x)};
  Pace pace(steps, seat.threat.epsilon, seat.threat.norm, width, 0);
  for (int i = 0; i <= steps; ++i) {
    question.fill(space, x);
    const Answer answer = co_await seat.ask(question.rows, log_odds_loss);
    const float loss = *answer.losses;
    gradient.assign(answer.gradient, answer.gradient + width);
    vertex_gradient.assign(answer.gradient + 2 * width, answer.gradient + 3 * width);
    space.follow_definitions(question.row, gradient);
    space.follow_definitions(question.vertex, vertex_gradient);
    const bool is_broken = co_await is_done(seat, space, question, answer);
    if (is_broken) co_return true;
    question.vertex = steepest_row(space, vertex_gradient, seat.threat.norm);
    if (i == 0) pace.begin(loss);
    if (i == 0 || loss > best_loss) {
      best = x;
      best_gradient = gradient;
      best_loss = loss;
    }
    if (i > 0 && pace.goes_back(loss, best_loss, 0)) {
      x = best;
      gradient = best_gradient;
    }
    moved = x;
    ascend(moved, gradient, seat, bounds, pace.step_length());
    hold(moved, seat, bounds);
    const float a = i == 0 ? 1 : momentum;
    for (std::size_t k = 0; k < width; ++k)
      moved[k] = x[k] + (moved[k] - x[k]) * a + (x[k] - before[k]) * (1 - a);
    hold(moved, seat, bounds);
    before.swap(x);
    x.swap(moved);
  }
  co_return false;
}

}  // namespace

Search<bool> search_capgd(Seat& seat) {
  const RowSpace space = space_of(seat);
  const Swept swept = co_await sweep(seat, space);
  if (swept.is_over()) co_return swept.is_broken;
  const Bounds bounds = bounds_of(space, seat.x);
  for (int restart = 0; restart < seat.options.restarts; ++restart)
    for (int i = 0; i < climbs; ++i) {
      const bool is_broken = co_await climb(seat, space, bounds, restart * climbs + i);
      if (is_broken) co_return true;
    }
  co_return false;
}

}  // namespace lockstep::ai
