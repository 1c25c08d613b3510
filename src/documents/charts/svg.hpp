// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep::documents {

/// A point of a drawing, in view box units from the top left corner.
struct Point {
  double x = 0;
  double y = 0;
};

/// A straight map from values to places.
struct Scale {
  double from = 0;
  double to = 1;
  double at_from = 0;
  double at_to = 1;

  double operator()(double value) const {
    return to == from ? at_from : at_from + (value - from) / (to - from) * (at_to - at_from);
  }
};

/// Where a text stands in relation to its point.
enum class Anchor { start, middle, end };

/// The shapes that stand for levels, so that colour never speaks alone.
enum class Shape { circle, square, triangle, diamond };

/// Collects SVG elements. Numbers are written with one decimal, so that the same values give the
/// same bytes everywhere; every text is escaped; looks come from classes of the style sheet.
class Svg {
 public:
  Svg& line(Point a, Point b, std::string_view style);
  Svg& polyline(const std::vector<Point>& points, std::string_view style);
  Svg& polygon(const std::vector<Point>& points, std::string_view style);
  /// @param size width and height
  Svg& rectangle(Point corner, Point size, std::string_view style);
  /// @param radius half the height of the shape
  Svg& shape(Shape kind, Point centre, double radius, std::string_view style);
  Svg& text(Point at,
            std::string_view words,
            Anchor anchor = Anchor::start,
            std::string_view style = "");

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// At most `wanted` + 1 round values that cover [low, high], rising.
std::vector<double> round_ticks(double low, double high, int wanted);

}  // namespace lockstep::documents
