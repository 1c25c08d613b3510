// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>

#include "documents/charts/charts.hpp"
#include "documents/charts/svg.hpp"
#include "documents/words.hpp"
#include "domain/accuracy.hpp"

namespace lockstep::documents {
namespace {

constexpr int width = 720;
constexpr int height = 330;
constexpr double left = 64;
constexpr double right = 700;
constexpr double top = 18;
constexpr double bottom = 276;

/// Clean accuracy at 0, the curve, and the test's own epsilon, rising and without doubles.
std::vector<CurvePoint> all_points(const Measurement& test) {
  std::vector<CurvePoint> points = test.curve;
  const auto add = [&](double epsilon, const Accuracy& accuracy) {
    const bool there = std::ranges::any_of(
        points, [&](const CurvePoint& point) { return point.epsilon == epsilon; });
    if (!there && accuracy.total > 0) points.push_back({epsilon, accuracy});
  };
  add(0, test.clean);
  add(test.epsilon, test.robust);
  std::ranges::sort(points, {}, &CurvePoint::epsilon);
  return points;
}

void draw_axes(Svg& svg, const Scale& x, const Scale& y, const Measurement& test) {
  for (int step = 0; step <= 5; ++step) {
    const double value = step * 0.2;
    svg.line({left, y(value)}, {right, y(value)}, step == 0 ? "axis" : "grid");
    svg.text({left - 8, y(value) + 4}, fmt::format("{} %", step * 20), Anchor::end, "small");
  }
  for (const double tick : round_ticks(0, x.to, 6)) {
    if (tick > x.to * 1.0001) continue;
    svg.line({x(tick), bottom}, {x(tick), bottom + 5}, "axis");
    svg.text({x(tick), bottom + 20}, fmt::format("{:.4g}", tick), Anchor::middle, "small");
  }
  svg.text({(left + right) / 2, bottom + 44},
           fmt::format("epsilon ({} norm, in input units)", test.norm), Anchor::middle);
}

void draw_curve(Svg& svg, const Scale& x, const Scale& y, const std::vector<CurvePoint>& points) {
  std::vector<Point> band;
  std::vector<Point> middle;
  for (const CurvePoint& point : points) {
    band.push_back({x(point.epsilon), y(point.robust.interval95.high)});
    middle.push_back({x(point.epsilon), y(share_of(point.robust))});
  }
  for (auto point = points.rbegin(); point != points.rend(); ++point)
    band.push_back({x(point->epsilon), y(point->robust.interval95.low)});
  svg.polygon(band, "band").polyline(middle, "curve");
  for (const Point& point : middle)
    svg.shape(Shape::circle, point, 4, "dot");
}

Table data_table(const Measurement& test, const std::vector<CurvePoint>& points) {
  Table table{fmt::format("Numbers of the curve of {}", test.id),
              {{"Epsilon", Column::Align::numbers},
               {"Right answers", Column::Align::numbers},
               {"Accuracy left", Column::Align::numbers},
               {"95 % interval", Column::Align::numbers}},
              {}};
  for (const CurvePoint& point : points)
    table.rows.push_back(
        {{number(point.epsilon), fmt::format("{} of {}", point.robust.correct, point.robust.total),
          percent(share_of(point.robust)), percent(point.robust.interval95)},
         ""});
  return table;
}

/// What accuracy is left when exactly `at_most` of the right answers are turned.
std::optional<double> asked_accuracy(const Measurement& test,
                                     const std::optional<Threshold>& threshold) {
  if (!threshold || test.clean.total == 0) return std::nullopt;
  return share_of(test.clean) * (1 - threshold->at_most);
}

}  // namespace

std::optional<Figure> accuracy_curve(const Measurement& test,
                                     const std::optional<Threshold>& threshold) {
  const std::vector<CurvePoint> points = all_points(test);
  if (points.size() < 2) return std::nullopt;
  const Scale x{0, points.back().epsilon, left, right};
  const Scale y{0, 1, bottom, top};
  Svg svg;
  draw_axes(svg, x, y, test);
  draw_curve(svg, x, y, points);
  std::string limit_says;
  if (const auto asked = asked_accuracy(test, threshold)) {
    const double from = x(0);
    svg.line({from, y(*asked)}, {right, y(*asked)}, "limit");
    svg.text({right, y(*asked) - 6},
             fmt::format("asked at epsilon {}: {}", number(test.epsilon), percent(*asked)),
             Anchor::end, "halo");
    limit_says = fmt::format(" The threshold asks for {} at epsilon {}.", percent(*asked),
                             number(test.epsilon));
  }
  Drawing drawing{
      fmt::format("Accuracy left under attack, test {}", test.id),
      fmt::format("Accuracy falls from {} at epsilon {} to {} at epsilon {}; the band is the exact "
                  "95 % interval of each point.{}",
                  percent(share_of(points.front().robust)), number(points.front().epsilon),
                  percent(share_of(points.back().robust)), number(points.back().epsilon),
                  limit_says),
      width, height, svg.take()};
  return Figure{
      fmt::format("Accuracy left under attack against the size of the change ({})", test.id),
      std::move(drawing), data_table(test, points)};
}

}  // namespace lockstep::documents
