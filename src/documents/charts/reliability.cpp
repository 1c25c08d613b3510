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
constexpr int height = 420;
constexpr double left = 64;
constexpr double right = 404;
constexpr double top = 18;
constexpr double bottom = 358;

void draw_axes(Svg& svg, const Scale& x, const Scale& y) {
  for (int step = 0; step <= 5; ++step) {
    const double value = step * 0.2;
    const std::string words = fmt::format("{} %", step * 20);
    svg.line({left, y(value)}, {right, y(value)}, step == 0 ? "axis" : "grid");
    svg.text({left - 8, y(value) + 4}, words, Anchor::end, "small");
    svg.line({x(value), bottom}, {x(value), bottom + 5}, "axis");
    svg.text({x(value), bottom + 20}, words, Anchor::middle, "small");
  }
  svg.text({(left + right) / 2, bottom + 44}, "mean confidence of the bin", Anchor::middle);
  svg.line({x(0), y(0)}, {x(1), y(1)}, "axis");
  svg.text({right + 16, top + 12}, "line: confidence is right", Anchor::start, "small");
  svg.text({right + 16, top + 32}, "dots: share of right answers", Anchor::start, "small");
  svg.text({right + 16, top + 52}, "bars: exact 95 % interval", Anchor::start, "small");
}

Table data_table(const std::string& model, const Calibration& calibration) {
  Table table{fmt::format("Numbers of the reliability diagram of {}", model),
              {{"Confidence"},
               {"Mean", Column::Align::numbers},
               {"Right answers", Column::Align::numbers},
               {"Share", Column::Align::numbers},
               {"95 % interval", Column::Align::numbers}},
              {}};
  for (const ReliabilityBin& bin : calibration.bins)
    table.rows.push_back(
        {{fmt::format("{:.4f} to {:.4f}", bin.low, bin.high), percent(bin.confidence),
          fmt::format("{} of {}", bin.accuracy.correct, bin.accuracy.total),
          percent(share_of(bin.accuracy)), percent(bin.accuracy.interval95)},
         ""});
  return table;
}

}  // namespace

std::optional<Figure> reliability_diagram(const std::string& model,
                                          const Calibration& calibration) {
  if (calibration.bins.empty()) return std::nullopt;
  const Scale x{0, 1, left, right};
  const Scale y{0, 1, bottom, top};
  Svg svg;
  draw_axes(svg, x, y);
  int apart = 0;
  for (const ReliabilityBin& bin : calibration.bins) {
    const Interval& interval = bin.accuracy.interval95;
    apart += bin.confidence < interval.low || bin.confidence > interval.high;
    svg.line({x(bin.confidence), y(interval.low)}, {x(bin.confidence), y(interval.high)}, "curve");
    svg.shape(Shape::circle, {x(bin.confidence), y(share_of(bin.accuracy))}, 4, "dot");
  }
  Drawing drawing{
      fmt::format("Reliability of the confidence of {}", model),
      fmt::format("Share of right answers against mean confidence in {} bins of about equally many "
                  "samples; in {} of them the confidence lies outside the exact 95 % interval of "
                  "the share.",
                  calibration.bins.size(), apart),
      width, height, svg.take()};
  return Figure{fmt::format("Share of right answers against confidence ({})", model),
                std::move(drawing), data_table(model, calibration)};
}

}  // namespace lockstep::documents
