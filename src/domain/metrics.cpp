// SPDX-License-Identifier: Apache-2.0
#include "domain/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep {
namespace {

using enum MetricScope;

constexpr std::array<MetricRow, 15> rows{{
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
    {"auprc", "AUPRC",
     "average precision: mean of the precision at each sample of a class (mean of one against the "
     "rest)",
     Better::higher, either, 1, "Davis and Goadrich 2006; interval: Boyd, Eng and Page 2013"},
    {"mcc", "MCC", "correlation between classes and answers", Better::higher, all, 1,
     "Matthews 1975; several classes: Gorodkin 2004"},
    {"log_loss", "log loss", "mean of -ln p of the right class", Better::lower, all, 1e9,
     "Good 1952"},
    {"brier", "Brier score",
     "mean squared error of the probabilities (two classes: of one, else summed)", Better::lower,
     all, 2, "Brier 1950"},
    {"ece", "ECE", "calibration error over 15 bins of equally many samples", Better::lower, all, 1,
     "Naeini et al. 2015; Nguyen and O'Connor 2015"},
    {"mae", "MAE", "mean distance of a number from the right one", Better::lower, all, 1e12,
     "Willmott and Matsuura 2005; interval: Efron 1987", MetricTask::numbers},
    {"rmse", "RMSE", "root of the mean squared distance of a number from the right one",
     Better::lower, all, 1e12, "interval: Efron 1987", MetricTask::numbers},
    {"r2", "R2", "share of the variance of the right numbers that is explained", Better::higher,
     all, 1, "Wright 1921; interval: Efron 1987", MetricTask::numbers},
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
  if (row.name == "r2") return -1e12;
  return row.name == "mcc" ? -1 : 0;
}

std::string name_of(const DeclaredMetric& declared) {
  std::string text = declared.metric;
  if (declared.class_index >= 0) text += fmt::format("[{}]", declared.class_index);
  if (!declared.group.empty()) text += "@" + declared.group;
  return text;
}

std::string id_of(const DeclaredVerdict& verdict) {
  const std::string name = name_of(verdict.test.declared);
  return verdict.model_id.empty() ? name : verdict.model_id + "." + name;
}

std::string problem_of(const DeclaredMetric& declared) {
  const MetricRow* row = find_metric(declared.metric);
  if (row == nullptr) {
    std::vector<std::string> names;
    for (const MetricRow& each : rows)
      names.emplace_back(each.name);
    const auto near = nearest(declared.metric, names);
    return fmt::format("expected one of the metrics {}, found '{}'{}", join(names, ", "),
                       quotable(declared.metric),
                       near ? fmt::format("; did you mean '{}'?", *near) : "");
  }
  if (row->scope == one_class && declared.class_index < 0)
    return fmt::format(
        "expected the class that {} speaks of, such as {}[1]; all classes together "
        "have balanced_accuracy and macro_f1",
        row->title, row->name);
  if (row->scope == all && declared.class_index >= 0)
    return fmt::format("{} speaks of all classes together: expected no class, found {}", row->title,
                       declared.class_index);
  if (!(declared.value >= least(*row) && declared.value <= row->most))
    return fmt::format("expected a value of {} from {:.4g} to {:.4g}, found {}", row->title,
                       least(*row), row->most, declared.value);
  return "";
}

Result<DeclaredMetric> parse_declared(std::string_view text, double confidence) {
  const auto bad = [&](std::string message) {
    return fail(ErrorKind::usage, "usage.metric", std::move(message));
  };
  const auto number = [](std::string_view digits, auto& value) {
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    return read.ec == std::errc{} && read.ptr == end && !digits.empty();
  };
  DeclaredMetric declared;
  declared.confidence = confidence;
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || !number(trim(text.substr(equals + 1)), declared.value))
    return bad(
        fmt::format("expected a declared value such as accuracy=0.95, recall[1]=0.9 or "
                    "accuracy@night=0.9, found '{}'",
                    quotable(text)));
  std::string_view name = trim(text.substr(0, equals));
  if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
    declared.group = name.substr(at + 1);
    name = name.substr(0, at);
  }
  if (const std::size_t bracket = name.find('['); bracket != std::string_view::npos) {
    const std::string_view inside = name.substr(bracket + 1);
    if (!inside.ends_with(']') ||
        !number(inside.substr(0, inside.size() - 1), declared.class_index) ||
        declared.class_index < 0)
      return bad(
          fmt::format("expected the number of a class in brackets, such as recall[1], found "
                      "'{}'",
                      quotable(name)));
    name = name.substr(0, bracket);
  }
  declared.metric = name;
  if (std::string problem = problem_of(declared); !problem.empty()) return bad(std::move(problem));
  return declared;
}

std::string to_text(const DeclaredMetric& declared) {
  const MetricRow* row = find_metric(declared.metric);
  const bool is_higher = row == nullptr || row->better == Better::higher;
  return fmt::format("{} at {} {}", name_of(declared), is_higher ? "least" : "most",
                     declared.value);
}

}  // namespace lockstep
