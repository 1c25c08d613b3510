// SPDX-License-Identifier: Apache-2.0
#include "domain/corruption.hpp"

#include <algorithm>
#include <cmath>

namespace lockstep {
namespace {

/// Errors over all severities of one corruption, in shares of a picture set.
struct Errors {
  double own = 0;
  double baseline = 0;
  int severities = 0;
};

double error_of(std::int64_t correct, std::int64_t total) {
  return 1 - static_cast<double>(correct) / static_cast<double>(std::max<std::int64_t>(total, 1));
}

std::vector<Errors> errors_of(const std::vector<CorruptionCell>& cells) {
  std::vector<Errors> all;
  const std::string* last = nullptr;
  for (const CorruptionCell& cell : cells) {
    if (last == nullptr || *last != cell.corruption) all.emplace_back();
    last = &cell.corruption;
    Errors& sum = all.back();
    sum.own += error_of(cell.accuracy.correct, cell.accuracy.total);
    sum.baseline += error_of(cell.baseline_correct.value_or(0), cell.accuracy.total);
    ++sum.severities;
  }
  return all;
}

/// The mean of ratios in percent; nothing when a divisor is not above 0.
template <typename Part>
std::optional<double> mean_ratio(const std::vector<Errors>& all, Part part) {
  double sum = 0;
  for (const Errors& one : all) {
    const auto [own, baseline] = part(one);
    if (!(baseline > 0)) return std::nullopt;
    sum += own / baseline;
  }
  return 100 * sum / static_cast<double>(all.size());
}

}  // namespace

const CorruptionCell* worst_cell(const CorruptionReport& report) {
  const auto worst = std::ranges::min_element(
      report.cells, {}, [](const CorruptionCell& cell) { return cell.accuracy.correct; });
  return worst == report.cells.end() ? nullptr : &*worst;
}

void summarise(CorruptionReport& report) {
  if (report.cells.empty() || report.samples == 0) return;
  double sum = 0;
  for (const CorruptionCell& cell : report.cells)
    sum += 1 - error_of(cell.accuracy.correct, cell.accuracy.total);
  report.mean = sum / static_cast<double>(report.cells.size());
  const double reach = std::sqrt(std::log(2 / 0.05) / (2 * static_cast<double>(report.samples)));
  report.mean_interval95 = {std::max(report.mean - reach, 0.0), std::min(report.mean + reach, 1.0)};
  if (!report.errors) return;
  const std::vector<Errors> all = errors_of(report.cells);
  const double clean = error_of(report.clean.correct, report.clean.total);
  const Accuracy& other = report.errors->baseline_clean;
  const double other_clean = error_of(other.correct, other.total);
  report.errors->mce =
      mean_ratio(all, [](const Errors& one) { return std::pair(one.own, one.baseline); });
  report.errors->relative_mce = mean_ratio(all, [&](const Errors& one) {
    return std::pair(one.own - one.severities * clean, one.baseline - one.severities * other_clean);
  });
}

}  // namespace lockstep
