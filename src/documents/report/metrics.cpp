// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>

#include "documents/charts/charts.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

std::string figure(double value) {
  return fmt::format("{:.4f}", value);
}

std::string title_of(const std::string& metric) {
  const MetricRow* row = find_metric(metric);
  return row == nullptr ? metric : std::string(row->title);
}

Line value_of(const MetricValue& value) {
  return value.value ? Line(figure(*value.value)) : Line("none");
}

Line interval_of(const MetricValue& value) {
  return value.interval ? Line(fmt::format("{} to {}", figure(value.interval->low),
                                           figure(value.interval->high)))
                        : Line("none");
}

Line rests_on(const MetricValue& value) {
  return value.count ? Line(fmt::format("{} of {}", value.count->successes, value.count->trials))
                     : Line(count(value.samples));
}

Line how(const MetricValue& value) {
  return value.interval ? Line(value.method) : Line(value.why_not);
}

/// Where a value stands that nobody measured.
bool was_measured(const Dossier& dossier, const ModelInput& model, const DeclaredInput& entry) {
  const std::string& data = entry.data.empty() ? model.data : entry.data;
  return std::ranges::any_of(dossier.declared, [&](const DeclaredVerdict& verdict) {
    return verdict.model_id == model.id && verdict.data == data &&
           verdict.test.declared == entry.declared;
  });
}

std::string asked_of(const DeclaredMetric& declared) {
  const MetricRow* row = find_metric(declared.metric);
  const bool is_higher = row == nullptr || row->better == Better::higher;
  return fmt::format("at {} {}", is_higher ? "least" : "most", number(declared.value));
}

Table declared_table(const Dossier& dossier) {
  Table table{"Declared values against what was measured",
              {{"Value"},
               {"Declared"},
               {"Measured", Column::Align::numbers},
               {"95 % interval", Column::Align::numbers},
               {"Samples", Column::Align::numbers},
               {"Needed", Column::Align::numbers},
               {"State"},
               {"Because"}},
              {}};
  for (const DeclaredVerdict& verdict : dossier.declared) {
    const DeclaredTest& test = verdict.test;
    const bool is_open = verdict.state == State::underpowered;
    table.rows.push_back(
        {{Line{Code{id_of(verdict)}}, asked_of(test.declared), value_of(test.measured),
          interval_of(test.measured), rests_on(test.measured),
          !is_open          ? Line("-")
          : test.needed > 0 ? Line("about " + count(test.needed))
                            : Line("not feasible"),
          Line{mark(verdict.state)}, Line{Foreign{verdict.because}}},
         test_anchor(id_of(verdict))});
  }
  for (const ModelInput& model : dossier.product.models)
    for (const DeclaredInput& entry : model.declared)
      if (!was_measured(dossier, model, entry))
        table.rows.push_back(
            {{Line{Code{model.id + "." + name_of(entry.declared)}}, asked_of(entry.declared),
              "none", "none", "0", "-", Line{mark(State::not_checked)}, "It was not measured."},
             ""});
  return table;
}

std::string outputs_of(const Metrics& metrics) {
  if (metrics.classes == 0) return "one number for each sample";
  return fmt::format("{}, outputs are {}", count_of(metrics.classes, "class", "classes"),
                     metrics.are_probabilities ? "probabilities" : "scores");
}

std::string scaling_words(const TemperatureScaling& scaling) {
  return fmt::format(
      "Scores divided by {} (fitted on {}) would make it {} instead of {} on the other {}, and the "
      "log loss {} instead of {}; no answer would change.",
      number(scaling.temperature), count_of(scaling.fitted, "sample", "samples"),
      figure(scaling.error_after), figure(scaling.error_before), scaling.looked,
      figure(scaling.log_loss_after), figure(scaling.log_loss_before));
}

Definitions setup_list(const Metrics& metrics) {
  Definitions list;
  list.entries.emplace_back("Model",
                            Line{Code{metrics.model.path}, Break{}, Code{metrics.model.sha256}});
  list.entries.emplace_back(
      "Data",
      Line{Code{metrics.data.path}, " (" + count_of(metrics.samples, "sample", "samples") + ")",
           Break{}, Code{metrics.data.sha256}});
  list.entries.emplace_back(
      "Run", fmt::format("{}, seed {}, {} resamples, {}, worker {}", outputs_of(metrics),
                         metrics.seed, metrics.resamples, metrics.answered_by.device,
                         metrics.worker_version.empty() ? "unknown" : metrics.worker_version));
  if (!metrics.answered_by.engine.empty())
    list.entries.emplace_back("Answered by", Line{Foreign{metrics.answered_by.engine}});
  return list;
}

Table value_table(const Metrics& metrics) {
  Table table{metrics.classes > 0 ? "Metrics of all classes together" : "Metrics of the numbers",
              {{"Metric"},
               {"Value", Column::Align::numbers},
               {"95 % interval", Column::Align::numbers},
               {"Samples", Column::Align::numbers},
               {"Interval by"}},
              {}};
  for (const MetricValue& value : metrics.values)
    if (value.class_index < 0)
      table.rows.push_back({{title_of(value.metric), value_of(value), interval_of(value),
                             rests_on(value), how(value)},
                            ""});
  return table;
}

Table class_table(const Metrics& metrics) {
  Table table{"Metrics of each class",
              {{"Class"},
               {"Metric"},
               {"Value", Column::Align::numbers},
               {"95 % interval", Column::Align::numbers},
               {"Samples", Column::Align::numbers}},
              {}};
  for (std::int64_t c = 0; c < metrics.classes; ++c)
    for (const MetricValue& value : metrics.values)
      if (value.class_index == c)
        table.rows.push_back({{std::to_string(c), title_of(value.metric), value_of(value),
                               interval_of(value), rests_on(value)},
                              ""});
  return table;
}

Table group_table(const Metrics& metrics) {
  Table table{"Accuracy by group",
              {{"Group"},
               {"Right answers", Column::Align::numbers},
               {"95 % interval", Column::Align::numbers},
               {"State"},
               {"Says"}},
              {}};
  for (const GroupMetrics& group : metrics.groups)
    table.rows.push_back(
        {{Line{Foreign{group.name}},
          fmt::format("{} of {}", group.accuracy.correct, group.accuracy.total),
          percent(group.accuracy.interval95), Line{mark(group.state)}, Line{Foreign{group.says}}},
         ""});
  return table;
}

Table consistency_table(const Metrics& metrics) {
  Table table{"The same input answered in other ways", {{"Way"}, {"State"}, {"Says"}}, {}};
  for (const Consistency& one : metrics.consistency)
    table.rows.push_back({{one.against, Line{mark(one.state)}, Line{Foreign{one.says}}}, ""});
  return table;
}

Section measured_section(const Metrics& metrics, std::size_t index) {
  Section section{fmt::format("metrics-{}", index),
                  fmt::format("{} on {}", metrics.model_id, metrics.data.path),
                  {}};
  section.blocks.emplace_back(setup_list(metrics));
  section.blocks.emplace_back(value_table(metrics));
  if (metrics.classes > 0) append(section.blocks, capped(class_table(metrics)));
  if (auto diagram = reliability_diagram(metrics.model_id, metrics.calibration)) {
    section.blocks.emplace_back(std::move(*diagram));
    section.blocks.emplace_back(says(fmt::format(
        "Confidence and share of right answers differ by {} on average. A perfectly calibrated "
        "model would show {} on so many samples, and at least as much as was measured with a "
        "probability of {}.",
        figure(metrics.calibration.error), figure(metrics.calibration.error_by_chance),
        probability(metrics.calibration.p_value))));
    if (metrics.calibration.scaling)
      section.blocks.emplace_back(says(scaling_words(*metrics.calibration.scaling)));
  }
  if (metrics.classes == 0) return section;
  if (metrics.groups.empty())
    section.blocks.emplace_back(
        not_checked("The data name no groups, so that none was compared with the others."));
  else
    append(section.blocks, capped(group_table(metrics)));
  section.blocks.emplace_back(consistency_table(metrics));
  return section;
}

}  // namespace

Section report_metrics(const Dossier& dossier) {
  Section section{"metrics", "Accuracy of the AI model", {}};
  Table declared = declared_table(dossier);
  if (declared.rows.empty()) {
    section.blocks.emplace_back(not_checked("The product file declares no metric of a model."));
  } else {
    section.blocks.emplace_back(says(
        "A declared value is shown when a model that misses it would do as well as was "
        "measured only rarely: with a probability of at most 5 %, or as the product file asks. "
        "All values of one model must be so together. Needed are the samples that would decide "
        "if the value measured went on."));
    append(section.blocks, capped(std::move(declared)));
  }
  for (std::size_t i = 0; i < dossier.metrics.size(); ++i)
    section.blocks.emplace_back(measured_section(dossier.metrics[i], i + 1));
  return section;
}

}  // namespace lockstep::documents
