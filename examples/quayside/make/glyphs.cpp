// SPDX-License-Identifier: Apache-2.0
// The letters and digits as strokes, in a small language of our own:
//
//   M x y                  lift the pen, go to (x, y)
//   L x y                  draw a line to (x, y)
//   E x y rx ry from to    draw an arc of the ellipse around (x, y), angles in degrees, 0 to the
//                          right, 90 downwards; the pen draws a line to the arc's start
//
// Digits are drawn narrower than letters, as on containers: that, and the flag of the one, is what
// tells 0 from O and 1 from I.
#include "glyphs.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include "base/check.hpp"

namespace quayside {
namespace {

constexpr int arc_points = 14;

constexpr std::array<std::string_view, 36> drawings = {
    "M 0 1 L .5 0 L 1 1 M .18 .65 L .82 .65",                               // A
    "M 0 0 L 0 1 M 0 0 L .52 0 E .52 .24 .4 .24 -90 90 L 0 .48 M .5 .48 "   // B
    "E .55 .74 .45 .26 -90 90 L 0 1",                                       //
    "M .85 .12 E .52 .5 .52 .5 -50 -310",                                   // C
    "M 0 0 L 0 1 L .4 1 E .4 .5 .6 .5 90 -90 L 0 0",                        // D
    "M 1 0 L 0 0 L 0 1 L 1 1 M 0 .48 L .8 .48",                             // E
    "M 1 0 L 0 0 L 0 1 M 0 .48 L .8 .48",                                   // F
    "M .84 .12 E .52 .5 .5 .5 -50 -350 L 1 .54 L .6 .54",                   // G
    "M 0 0 L 0 1 M 1 0 L 1 1 M 0 .5 L 1 .5",                                // H
    "M .5 0 L .5 1",                                                        // I
    "M .85 0 L .85 .7 E .45 .7 .4 .3 0 160",                                // J
    "M 0 0 L 0 1 M .95 0 L 0 .6 M .33 .4 L 1 1",                            // K
    "M 0 0 L 0 1 L .95 1",                                                  // L
    "M 0 1 L 0 0 L .5 .65 L 1 0 L 1 1",                                     // M
    "M 0 1 L 0 0 L 1 1 L 1 0",                                              // N
    "M 1 .5 E .5 .5 .52 .5 0 360",                                          // O
    "M 0 1 L 0 0 L .55 0 E .55 .28 .43 .28 -90 90 L 0 .56",                 // P
    "M 1 .5 E .5 .5 .52 .5 0 360 M .58 .7 L 1.02 1.06",                     // Q
    "M 0 1 L 0 0 L .55 0 E .55 .27 .43 .27 -90 90 L 0 .54 M .5 .54 L 1 1",  // R
    "M .9 .15 E .5 .25 .45 .25 -25 -270 E .5 .75 .48 .25 -90 155",          // S
    "M 0 0 L 1 0 M .5 0 L .5 1",                                            // T
    "M 0 0 L 0 .62 E .5 .62 .5 .38 180 0 L 1 0",                            // U
    "M 0 0 L .5 1 L 1 0",                                                   // V
    "M -.05 0 L .25 1 L .5 .3 L .75 1 L 1.05 0",                            // W
    "M 0 0 L 1 1 M 1 0 L 0 1",                                              // X
    "M 0 0 L .5 .5 L 1 0 M .5 .5 L .5 1",                                   // Y
    "M 0 0 L 1 0 L 0 1 L 1 1",                                              // Z
    "M .2 .3 E .5 .3 .3 .3 180 360 L .8 .7 E .5 .7 .3 .3 0 180 L .2 .3",    // 0
    "M .22 .25 L .56 0 L .56 1",                                            // 1
    "M .12 .24 E .5 .28 .38 .28 -170 30 L .12 1 L .9 1",                    // 2
    "M .14 .14 E .46 .25 .36 .25 -145 90 E .46 .75 .42 .25 -90 145",        // 3
    "M .7 1 L .7 0 L .06 .68 L .98 .68",                                    // 4
    "M .86 0 L .2 0 L .15 .46 E .48 .68 .4 .32 -135 140",                   // 5
    "M .8 .04 E .62 .68 .5 .67 -70 -180 M .88 .68 E .5 .68 .38 .32 0 360",  // 6
    "M .08 0 L .92 0 L .4 1",                                               // 7
    "M .84 .25 E .5 .24 .34 .24 0 360 M .9 .74 E .5 .74 .4 .26 0 360",      // 8
    "M .88 .32 E .5 .32 .38 .32 0 360 M .88 .32 E .38 .32 .5 .67 0 110",    // 9
};

class Pen {
 public:
  explicit Pen(std::string_view drawing) : rest_(drawing) {}

  std::vector<std::vector<Point>> draw() {
    for (skip(); !rest_.empty(); skip())
      command();
    return strokes_;
  }

 private:
  void command() {
    const char name = rest_.front();
    rest_.remove_prefix(1);
    if (name == 'M') strokes_.emplace_back();
    if (name == 'E') return arc();
    const double x = number();
    strokes_.back().push_back({x, number()});
  }

  void arc() {
    const Point centre = {number(), number()};
    const Point radius = {number(), number()};
    const double from = number();
    const double to = number();
    for (int i = 0; i <= arc_points; ++i) {
      const double degrees = from + (to - from) * i / arc_points;
      const double angle = degrees * std::numbers::pi / 180;
      strokes_.back().push_back(
          {centre.x + radius.x * std::cos(angle), centre.y + radius.y * std::sin(angle)});
    }
  }

  double number() {
    skip();
    double value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    LS_CHECK(error == std::errc(), "a drawing has a number after each command");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  void skip() {
    while (!rest_.empty() && rest_.front() == ' ')
      rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::vector<std::vector<Point>> strokes_;
};

}  // namespace

std::vector<std::vector<Point>> strokes_of(int label) {
  return Pen(drawings.at(static_cast<std::size_t>(label))).draw();
}

}  // namespace quayside
