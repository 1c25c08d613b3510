// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/measure.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/data_options.hpp"
#include "frontends/cli/endpoint_options.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/summary.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"MODEL", "an ONNX classifier, or the address of a service", false}};
constexpr auto options = with_options(
    with_options(
        std::array{
            data_option,
            Option{"--text", "FILE",
                   "the description of texts, where the data are texts (docs/ai-text.md)"},
            Option{"--declared", "METRIC=VALUE,...",
                   "values to hold against the samples: accuracy=0.95, recall[1]=0.9, "
                   "accuracy@night=0.9; of a model that answers numbers mae=2, rmse=3, r2=0.9"},
            Option{"--confidence", "C", "of declared values and plans (default 0.95)"},
            Option{"--groups", "NAME",
                   "array of the .npz with the group of each sample (default groups)"},
            Option{"--against", "FILE", "another model, to compare with on the same samples"},
            Option{"--plan", "METRIC=VALUE,...",
                   "how many samples a declared value needs; without a model"},
            Option{"--samples", "N", "the first N samples (default all)"},
            Option{"--batch", "N", "samples at a time (default 128)"},
            Option{"--resamples", "N", "of the bootstrap (default 2000)"},
            Option{"--threads", "N", "threads (default 1); does not change what is found"},
            device_option,
        },
        data_options),
    endpoint_options);

Result<std::vector<DeclaredMetric>> declared_of(const Arguments& arguments,
                                                std::string_view option) {
  std::vector<DeclaredMetric> declared;
  TRY(const auto confidence, arguments.number("--confidence"));
  if (confidence && !(*confidence > 0 && *confidence < 1))
    return fail(ErrorKind::usage, "usage.number", "--confidence expects a number between 0 and 1");
  if (!arguments.has(option)) return declared;
  const std::string text = arguments.text(option);
  for (const std::string_view piece : split(text, ',')) {
    TRY(DeclaredMetric one, parse_declared(trim(piece), confidence.value_or(0.95)));
    declared.push_back(std::move(one));
  }
  return declared;
}

Result<app::MeasureRequest> request_of(const Arguments& arguments, const Environment& environment) {
  app::MeasureRequest request;
  request.program = environment.variable("LOCKSTEP_ATTACK");
  request.model = arguments.text("MODEL");
  request.data = arguments.text("--data");
  request.columns = arguments.text("--columns");
  request.text = arguments.text("--text");
  TRY(request.preprocessing, preprocessing(arguments));
  if (request.model.empty() || request.data.empty())
    return fail(ErrorKind::usage, "usage.missing",
                "`lockstep ai measure` expects MODEL and --data, or --plan");
  TRY(request.declared, declared_of(arguments, "--declared"));
  request.groups = arguments.text("--groups");
  request.against = arguments.text("--against");
  const bool is_other_asked = !is_address(request.model) && is_address(request.against);
  TRY(request.access,
      endpoint_access(arguments, environment, is_other_asked ? request.against : request.model));
  if (arguments.has("--samples")) {
    TRY(request.samples, count(arguments, "--samples", 1));
  }
  TRY(request.batch_size, count(arguments, "--batch", 128));
  TRY(request.resamples, count(arguments, "--resamples", 2000, 1'000'000));
  TRY(const auto threads, count(arguments, "--threads", 1));
  request.threads = static_cast<int>(threads);
  request.device = arguments.text("--device", "cpu");
  TRY(request.seed, seed(arguments, environment));
  return request;
}

std::string interval_of(const MetricValue& value, int digits) {
  return value.interval ? fmt::format("{:.{}f} to {:.{}f}", value.interval->low, digits,
                                      value.interval->high, digits)
                        : "none";
}

std::string rests_on(const MetricValue& value) {
  return value.count ? fmt::format("{} of {}", value.count->successes, value.count->trials)
                     : std::to_string(value.samples);
}

Table overall_table(const Metrics& metrics) {
  Table table({"Metric", "Value", "95 % interval", "Samples", "How"});
  for (const MetricValue& value : metrics.values) {
    if (value.class_index >= 0) continue;
    table.add({value.metric, value.value ? fmt::format("{:.4f}", *value.value) : "none",
               interval_of(value, 4), rests_on(value),
               value.interval ? value.method : value.why_not});
  }
  return table;
}

/// "0.977 [0.92, 1.00]"
std::string in_brackets(const Metrics& metrics, std::string_view metric, std::int64_t class_index) {
  for (const MetricValue& value : metrics.values) {
    if (value.metric != metric || value.class_index != class_index) continue;
    if (!value.value) return "none";
    return value.interval ? fmt::format("{:.3f} [{:.2f}, {:.2f}]", *value.value,
                                        value.interval->low, value.interval->high)
                          : fmt::format("{:.3f}", *value.value);
  }
  return "none";
}

Table class_table(const Metrics& metrics) {
  Table table({"Class", "Precision", "Recall", "F1"});
  for (std::int64_t c = 0; c < metrics.classes; ++c)
    table.add({std::to_string(c), in_brackets(metrics, "precision", c),
               in_brackets(metrics, "recall", c), in_brackets(metrics, "f1", c)});
  return table;
}

std::string scaling_text(const std::optional<TemperatureScaling>& scaling, int width) {
  if (!scaling) return "";
  return wrap(
      fmt::format("Scores divided by {:.4g} (fitted on {} samples): {:.4f} before and {:.4f} "
                  "after on the other {}, log loss {:.4f} and {:.4f}.\n",
                  scaling->temperature, scaling->fitted, scaling->error_before,
                  scaling->error_after, scaling->looked, scaling->log_loss_before,
                  scaling->log_loss_after),
      static_cast<std::size_t>(width));
}

std::string calibration_text(const Calibration& calibration, int width) {
  Table table({"Confidence", "Mean", "Right"});
  for (const ReliabilityBin& bin : calibration.bins)
    table.add({fmt::format("{:.4f} to {:.4f}", bin.low, bin.high),
               fmt::format("{:.4f}", bin.confidence), share(bin.accuracy)});
  return "\n" + table.to_text(width) +
         wrap(fmt::format("Confidence and share of right answers differ by {:.4f} on average; a "
                          "perfectly calibrated model would show {:.4f} on so many samples, and as "
                          "much as here with p = {:.3g}.\n",
                          calibration.error, calibration.error_by_chance, calibration.p_value),
              static_cast<std::size_t>(width)) +
         scaling_text(calibration.scaling, width);
}

std::string groups_text(const Metrics& metrics, int width) {
  if (metrics.groups.empty()) return "";
  Table table({"Group", "State", "Right", "Says"});
  for (const GroupMetrics& group : metrics.groups)
    table.add({quotable(group.name, 24), std::string(words(group.state)),
               fmt::format("{} of {}", group.accuracy.correct, group.accuracy.total), group.says});
  return fmt::format("\nGroups by '{}':\n", quotable(metrics.grouped_by)) + table.to_text(width);
}

std::string consistency_text(const Metrics& metrics, int width) {
  Table table({"Answered again", "State", "Says"});
  for (const Consistency& one : metrics.consistency)
    table.add({one.against, std::string(words(one.state)), one.says});
  return "\n" + table.to_text(width);
}

std::string comparison_text(const Metrics& metrics, int width) {
  if (!metrics.comparison) return "";
  const ModelComparison& one = *metrics.comparison;
  Table table({"Against " + quotable(one.other.path), "Other right", "Other wrong"});
  table.add({"this right", std::to_string(one.both), std::to_string(one.only_this)});
  table.add({"this wrong", std::to_string(one.only_other), std::to_string(one.neither)});
  return "\n" + table.to_text(width) +
         wrap(fmt::format("Accuracy differs by {:+.4f}; {} (McNemar).\n", one.difference, one.says),
              static_cast<std::size_t>(width));
}

std::string declared_text(const std::vector<DeclaredVerdict>& verdicts, int width) {
  if (verdicts.empty()) return "";
  Table table({"Declared", "State", "Because"});
  for (const DeclaredVerdict& verdict : verdicts)
    table.add({to_text(verdict.test.declared), std::string(words(verdict.state)), verdict.because});
  return "\n" + table.to_text(width);
}

std::string report(const app::Measured& measured, int width) {
  const Metrics& m = measured.metrics;
  const std::string outputs = m.classes == 0
                                  ? "numbers"
                                  : fmt::format("{} classes, outputs are {}", m.classes,
                                                m.are_probabilities ? "probabilities" : "scores");
  std::string text =
      fmt::format("{} ({})\n{} ({})\n{} samples, {}, seed {}\n{}\n", quotable(m.model.path),
                  digest_words(m.model), quotable(m.data.path), digest_words(m.data), m.samples,
                  outputs, m.seed, answered_words(m.answered_by, width));
  text += overall_table(m).to_text(width);
  if (m.classes == 0) return text + declared_text(measured.declared, width);
  text += "\n" + class_table(m).to_text(width);
  text += calibration_text(m.calibration, width);
  text += groups_text(m, width);
  text += consistency_text(m, width);
  text += comparison_text(m, width);
  return text + declared_text(measured.declared, width);
}

int exit_of(const std::vector<DeclaredVerdict>& verdicts) {
  int exit = exit_code::ok;
  for (const DeclaredVerdict& verdict : verdicts) {
    if (verdict.state == State::fail) exit = higher_ranking(exit, exit_code::gate_failed);
    if (verdict.state == State::underpowered || verdict.state == State::not_checked)
      exit = higher_ranking(exit, exit_code::incomplete);
  }
  return exit;
}

std::string plan_text(const DeclaredMetric& declared,
                      const std::vector<app::PlanRow>& rows,
                      int width) {
  Table table({"Wrong at most", "Needs", "Then right at least"});
  for (const app::PlanRow& row : rows) {
    const double right = row.samples == 0 ? 0
                                          : static_cast<double>(row.samples - row.errors) /
                                                static_cast<double>(row.samples);
    table.add({std::to_string(row.errors),
               row.samples == 0 ? "more than is feasible" : std::to_string(row.samples),
               row.samples == 0 ? "" : fmt::format("{:.4f} of them", right)});
  }
  return wrap(fmt::format("{} with {:.4g} % confidence needs so many {}:\n", to_text(declared),
                          100 * declared.confidence, app::trials_of(declared.metric)),
              static_cast<std::size_t>(width)) +
         table.to_text(width);
}

Json plan_json(const DeclaredMetric& declared, const std::vector<app::PlanRow>& rows) {
  Json list = Json::array();
  for (const app::PlanRow& row : rows)
    list.push(Json::object_of(
        {{"errors", row.errors}, {"samples", row.samples == 0 ? Json() : Json(row.samples)}}));
  return Json::object_of({{"declared", to_text(declared)},
                          {"metric", declared.metric},
                          {"value", declared.value},
                          {"confidence", declared.confidence},
                          {"trials", app::trials_of(declared.metric)},
                          {"rows", std::move(list)}});
}

Result<Outcome> run_plan(const Arguments& arguments, const Environment& environment) {
  TRY(const auto planned, declared_of(arguments, "--plan"));
  Outcome outcome;
  Json plans = Json::array();
  for (const DeclaredMetric& declared : planned) {
    TRY(const auto rows, app::sample_plan(declared));
    plans.push(plan_json(declared, rows));
    outcome.text +=
        (outcome.text.empty() ? "" : "\n") + plan_text(declared, rows, environment.width);
  }
  if (arguments.is_json())
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/sample-plan/1"},
                                                   {"plans", std::move(plans)},
                                                   {"exit", outcome.exit}}));
  return outcome;
}

Result<Outcome> run_measure(const Arguments& arguments, Environment& environment) {
  if (arguments.has("--plan")) return run_plan(arguments, environment);
  TRY(const app::MeasureRequest request, request_of(arguments, environment));
  TRY(const app::Measured measured, app::measure(request, environment.progress));
  Outcome outcome;
  outcome.exit = exit_of(measured.declared);
  outcome.text = arguments.is_json() ? app::metrics_document(measured, outcome.exit)
                                     : report(measured, environment.width);
  return outcome;
}

}  // namespace

const Command ai_measure = {
    "ai measure",
    "measures what a model gets right, and holds declared values against it",
    positionals,
    options,
    "lockstep ai measure model.onnx --data test.npz --declared accuracy=0.95,recall[1]=0.9\n"
    "lockstep ai measure model.onnx --data test.npz --groups region --against old.onnx\n"
    "lockstep ai measure price.onnx --data houses.npz --declared mae=20000\n"
    "lockstep ai measure --plan accuracy=0.99 --confidence 0.95",
    run_measure,
};

}  // namespace lockstep::frontends
