// SPDX-License-Identifier: Apache-2.0
#include "domain/metrics.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace lockstep {
namespace {

using enum MetricScope;

constexpr std::array<MetricRow, 11> rows{{
    {"accuracy", "accuracy", "share of samples that get their class", Better::higher, all, 1,
     "ISO 5725-1; interval: Clopper and Pearson 1934"},
    {"balanced_accuracy", "balanced accuracy", "mean of the recalls of all classes", Better::higher,
     all, 1, "Brodersen et al. 2010; interval: Zou and Donner 2008"},
    {"precision", "precision", "share of the answers of a class that are right", Better::higher,
     one_class, 1, "van Rijsbergen 1979"},
    {"recall", "recall", "share of the samples of a class that are found", Better::higher,
     one_class, 1, "van Rijsbergen 1979"},
    {"f1", "F1", "harmonic mean of precision and recall of a class", Better::higher, one_class, 1,
     "van Rijsbergen 1979"},
    {"macro_f1", "macro F1", "mean of the F1 of all classes", Better::higher, all, 1,
     "Sokolova and Lapalme 2009"},
    {"auroc", "AUROC",
     "chance that a sample of a class is scored above one of another (mean of one against the "
     "rest)",
     Better::higher, either, 1, "Hanley and McNeil 1982; interval: DeLong et al. 1988"},
    {"mcc", "MCC", "correlation between classes and answers", Better::higher, all, 1,
     "Matthews 1975; several classes: Gorodkin 2004"},
    {"log_loss", "log loss", "mean of -ln p of the right class", Better::lower, all, 1e9,
     "Good 1952"},
    {"brier", "Brier score",
     "mean squared error of the probabilities (two classes: of one, else summed)", Better::lower,
     all, 2, "Brier 1950"},
    {"ece", "ECE", "calibration error over 15 bins of equally many samples", Better::lower, all, 1,
     "Naeini et al. 2015; Nguyen and O'Connor 2015"},
}};

}  // namespace

std::span<const MetricRow> metric_rows() {
  return rows;
}

const MetricRow* find_metric(std::string_view name) {
  const auto* const row = std::ranges::find(rows, name, &MetricRow::name);
  return row == rows.end() ? nullptr : row;
}

double least(const MetricRow& row) {
  return row.name == "mcc" ? -1 : 0;
}

std::string name_of(const DeclaredMetric& declared) {
  std::string text = declared.metric;
  if (declared.class_index >= 0) text += fmt::format("[{}]", declared.class_index);
  if (!declared.group.empty()) text += "@" + declared.group;
  return text;
}

std::string to_text(const DeclaredMetric& declared) {
  const MetricRow* row = find_metric(declared.metric);
  const bool is_higher = row == nullptr || row->better == Better::higher;
  return fmt::format("{} at {} {}", name_of(declared), is_higher ? "least" : "most",
                     declared.value);
}

}  // namespace lockstep
