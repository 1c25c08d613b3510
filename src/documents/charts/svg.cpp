// SPDX-License-Identifier: Apache-2.0
#include "documents/charts/svg.hpp"

#include <cmath>
#include <fmt/format.h>

#include "documents/render/escape.hpp"

namespace lockstep::documents {
namespace {

/// One decimal, and never "-0.0".
std::string place(double value) {
  const std::string text = fmt::format("{:.1f}", value);
  return text == "-0.0" ? "0.0" : text;
}

std::string places(const std::vector<Point>& points) {
  std::string text;
  for (const Point& point : points) {
    if (!text.empty()) text += ' ';
    text += place(point.x) + "," + place(point.y);
  }
  return text;
}

std::string_view anchor_word(Anchor anchor) {
  switch (anchor) {
    case Anchor::start:
      return "start";
    case Anchor::middle:
      return "middle";
    case Anchor::end:
      return "end";
  }
  return "start";
}

}  // namespace

Svg& Svg::line(Point a, Point b, std::string_view style) {
  out_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n", place(a.x),
                      place(a.y), place(b.x), place(b.y), style);
  return *this;
}

Svg& Svg::polyline(const std::vector<Point>& points, std::string_view style) {
  out_ += fmt::format("<polyline points=\"{}\" class=\"{}\"/>\n", places(points), style);
  return *this;
}

Svg& Svg::polygon(const std::vector<Point>& points, std::string_view style) {
  out_ += fmt::format("<polygon points=\"{}\" class=\"{}\"/>\n", places(points), style);
  return *this;
}

Svg& Svg::rectangle(Point corner, Point size, std::string_view style) {
  out_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"/>\n",
                      place(corner.x), place(corner.y), place(size.x), place(size.y), style);
  return *this;
}

Svg& Svg::shape(Shape kind, Point c, double radius, std::string_view style) {
  const double r = radius;
  switch (kind) {
    case Shape::circle:
      out_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\"/>\n", place(c.x),
                          place(c.y), place(r), style);
      return *this;
    case Shape::square:
      return rectangle({c.x - r, c.y - r}, {2 * r, 2 * r}, style);
    case Shape::triangle:
      return polygon({{c.x, c.y - r}, {c.x + r, c.y + r}, {c.x - r, c.y + r}}, style);
    case Shape::diamond:
      return polygon({{c.x, c.y - r}, {c.x + r, c.y}, {c.x, c.y + r}, {c.x - r, c.y}}, style);
  }
  return *this;
}

Svg& Svg::text(Point at, std::string_view words, Anchor anchor, std::string_view style) {
  out_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", place(at.x),
                      place(at.y), anchor_word(anchor),
                      style.empty() ? "" : fmt::format(" class=\"{}\"", style), escape_html(words));
  return *this;
}

std::vector<double> round_ticks(double low, double high, int wanted) {
  if (!(high > low) || wanted < 1) return {low};
  const double rough = (high - low) / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = power;
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    step = factor * power;
    if (step >= rough * (1 - 1e-9)) break;
  }
  std::vector<double> ticks;
  const auto first = static_cast<long>(std::floor(low / step + 1e-9));
  for (long i = first;; ++i) {
    ticks.push_back(static_cast<double>(i) * step);
    if (ticks.back() >= high * (1 - 1e-9) || ticks.size() > 50) return ticks;
  }
}

}  // namespace lockstep::documents
