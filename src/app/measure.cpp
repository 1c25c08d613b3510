// SPDX-License-Identifier: Apache-2.0
#include "app/measure.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

#include "ai/runner.hpp"
#include "base/exact_tests.hpp"
#include "documents/json/json.hpp"
#include "risks/declared.hpp"

namespace lockstep::app {
namespace {

struct ShareRow {
  std::string_view metric;
  std::string_view trials;
};

constexpr std::array<ShareRow, 4> shares{{
    {"accuracy", "samples"},
    {"precision", "answers of the class"},
    {"recall", "samples of the class"},
    {"f1", "samples that are of the class or said to be"},
}};

constexpr std::array<std::int64_t, 8> planned_errors{0, 1, 2, 5, 10, 20, 50, 100};

}  // namespace

Result<Measured> measure(const MeasureRequest& request, Progress& progress) {
  ai::WorkerRequest line;
  line.command = ai::WorkerCommand::measure;
  line.model = request.model;
  line.data = request.data;
  line.data_options = {request.columns, "", request.preprocessing, request.text};
  line.threads = request.threads;
  line.device = request.device;
  ai::MetricsPlan& plan = line.metrics;
  plan.samples = request.samples;
  plan.batch_size = request.batch_size;
  plan.seed = request.seed;
  plan.resamples = request.resamples;
  plan.groups = request.groups;
  plan.declared = request.declared;
  plan.other = request.against;
  TRY(const ai::WorkerSetup worker, worker_for(request.program, request.access, line));
  TRY(Metrics metrics, ai::run_metrics(worker, line, progress));
  std::vector<DeclaredVerdict> declared = risks::judge_declared("", std::span(&metrics, 1));
  return Measured{std::move(metrics), std::move(declared)};
}

std::string metrics_document(const Measured& measured, int exit) {
  return to_pretty_json(documents::metrics_json(measured.metrics, measured.declared, exit));
}

Result<std::vector<PlanRow>> sample_plan(const DeclaredMetric& declared) {
  if (trials_of(declared.metric).empty())
    return fail(ErrorKind::usage, "usage.metric",
                fmt::format("expected accuracy, precision, recall or f1, whose bounds follow from "
                            "counts alone, found '{}'; `lockstep ai measure --declared` says how "
                            "many samples it needs once some are measured",
                            declared.metric));
  // F1 rises with the share J = TP / (TP + FP + FN): F1 = 2 J / (1 + J).
  const double share =
      declared.metric == "f1" ? declared.value / (2 - declared.value) : declared.value;
  if (!(share > 0 && share < 1))
    return fail(ErrorKind::usage, "usage.metric",
                fmt::format("expected a value between 0 and 1 to plan for, found {}; no sample "
                            "shows that a share is 1",
                            declared.value));
  std::vector<PlanRow> rows;
  for (const std::int64_t errors : planned_errors)
    rows.push_back({errors, samples_for_rate(share, declared.confidence, errors)});
  return rows;
}

std::string_view trials_of(std::string_view metric) {
  const auto* const row = std::ranges::find(shares, metric, &ShareRow::metric);
  return row == shares.end() ? std::string_view{} : row->trials;
}

}  // namespace lockstep::app
