// SPDX-License-Identifier: Apache-2.0
#include "domain/certificate.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace lockstep {
namespace {

using Verdict = PropertyAnswer::Verdict;
constexpr std::array<std::pair<Verdict, std::string_view>, 4> verdicts{{
    {Verdict::sat, "sat"},
    {Verdict::unsat, "unsat"},
    {Verdict::timeout, "timeout"},
    {Verdict::unknown, "unknown"},
}};

}  // namespace

std::string_view to_text(Verdict verdict) {
  return std::ranges::find(verdicts, verdict, [](const auto& row) { return row.first; })->second;
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  const auto* const row =
      std::ranges::find(verdicts, text, [](const auto& each) { return each.second; });
  if (row == verdicts.end()) return std::nullopt;
  return row->first;
}

Smoothing summary_of(const std::vector<CertifiedSample>& rows, const std::vector<double>& radii) {
  Smoothing smoothing;
  const auto total = static_cast<std::int64_t>(rows.size());
  double sum = 0;
  for (const CertifiedSample& row : rows) {
    smoothing.abstained += row.predicted < 0;
    if (row.predicted == row.label) sum += row.bound;
  }
  if (total > 0) smoothing.average_radius = sum / static_cast<double>(total);
  for (const double radius : radii) {
    const auto right = std::ranges::count_if(rows, [&](const CertifiedSample& row) {
      return row.predicted == row.label && row.bound >= radius;
    });
    smoothing.curve.push_back({radius, {right, total, clopper_pearson(right, total)}});
  }
  return smoothing;
}

std::string counterexample_text(const PropertyAnswer& answer) {
  std::string text = "sat\n(";
  const auto put = [&](char letter, const std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      text += fmt::format("({}_{} {})\n", letter, i, values[i]);
  };
  put('X', answer.inputs);
  put('Y', answer.outputs);
  if (text.back() == '\n') text.pop_back();
  return text + ")\n";
}

}  // namespace lockstep
