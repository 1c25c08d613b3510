// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "documents/charts/charts.hpp"
#include "documents/charts/svg.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

struct Level {
  std::string_view word;
  std::string_view style;
  Shape shape;
  std::int64_t total = 0;
  std::int64_t waiting = 0;  ///< blocks, or needs a decision
};

using Levels = std::array<Level, 6>;

Levels count_levels(const std::vector<Finding>& findings) {
  Levels levels = {{{"critical", "f-serious", Shape::diamond},
                    {"high", "f-high", Shape::triangle},
                    {"medium", "f-medium", Shape::square},
                    {"low", "f-low", Shape::circle},
                    {"none", "f-neutral", Shape::circle},
                    {"unknown", "f-neutral", Shape::square}}};
  for (const Finding& finding : findings) {
    auto* level = std::ranges::find(levels, finding.severity.word, &Level::word);
    if (level == levels.end()) level = &levels.back();
    ++level->total;
    if (finding.state == State::fail || finding.state == State::human) ++level->waiting;
  }
  return levels;
}

Table data_table(const Levels& levels) {
  Table table{"Findings by severity",
              {{"Severity"},
               {"Findings", Column::Align::numbers},
               {"Of them blocking or waiting for a decision", Column::Align::numbers}},
              {}};
  for (const Level& level : levels)
    table.rows.push_back(
        {{Line{severity_mark(level.word)}, count(level.total), count(level.waiting)}, ""});
  return table;
}

}  // namespace

Figure severity_bars(const std::vector<Finding>& findings) {
  const Levels levels = count_levels(findings);
  constexpr double first = 24;
  constexpr double step = 30;
  constexpr double bar = 16;
  constexpr double left = 104;
  std::int64_t most = 1;
  std::string says;
  for (const Level& level : levels) {
    most = std::max(most, level.total);
    says += fmt::format("{}{} {}", says.empty() ? "" : ", ", level.total, level.word);
  }
  const Scale x{0, static_cast<double>(most), left, 620};
  Svg svg;
  double y = first;
  for (const Level& level : levels) {
    svg.shape(level.shape, {14, y}, 6, level.style);
    svg.text({28, y + 4}, level.word);
    svg.rectangle({left, y - bar / 2}, {x(static_cast<double>(level.total)) - left, bar},
                  level.style);
    svg.text({x(static_cast<double>(level.total)) + 8, y + 4},
             level.waiting == 0 ? count(level.total)
                                : fmt::format("{}, {} waiting", level.total, level.waiting));
    y += step;
  }
  svg.line({left, first - step / 2}, {left, y - step / 2}, "axis");
  return {"Findings by severity",
          {"Findings by severity", "Findings: " + says + ".", 720, static_cast<int>(y), svg.take()},
          data_table(levels)};
}

}  // namespace lockstep::documents
