// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/corrupt.hpp"
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
    Positional{"MODEL", "an ONNX classifier of pictures, or the address of a service"}};
constexpr auto options = with_options(
    with_options(
        std::array{
            data_option,
            Option{"--corruption", "NAME,...", "such as fog,snow,motion_blur (default all 15)"},
            Option{"--severity", "N,...", "from 1 to 5 (default all)"},
            Option{"--against", "FILE", "another model, whose errors are the unit of mCE"},
            Option{"--samples", "N", "the first N samples (default 1000)"},
            Option{"--batch", "N",
                   "samples at a time (default 128); does not change what is found"},
            Option{"--threads", "N", "threads (default 1); does not change what is found"},
            device_option,
        },
        preprocessing_options),
    endpoint_options);

Result<std::vector<int>> severities_of(const Arguments& arguments) {
  std::vector<int> severities;
  TRY(const std::vector<double> given, numbers(arguments, "--severity"));
  for (const double severity : given) {
    if (severity != 1 && severity != 2 && severity != 3 && severity != 4 && severity != 5)
      return fail(ErrorKind::usage, "usage.number",
                  fmt::format("--severity expects numbers from 1 to 5, found {}", severity));
    severities.push_back(static_cast<int>(severity));
  }
  return severities;
}

Result<app::CorruptRequest> request_of(const Arguments& arguments, const Environment& environment) {
  app::CorruptRequest request;
  request.program = environment.variable("LOCKSTEP_ATTACK");
  request.model = arguments.text("MODEL");
  request.data = arguments.text("--data");
  if (request.data.empty())
    return fail(ErrorKind::usage, "usage.missing", "`lockstep ai corrupt` expects --data");
  TRY(request.preprocessing, preprocessing(arguments));
  const std::string names = arguments.text("--corruption");
  for (const std::string_view name : split(names, ','))
    if (!trim(name).empty()) request.corruptions.emplace_back(trim(name));
  TRY(request.severities, severities_of(arguments));
  request.against = arguments.text("--against");
  const bool is_other_asked = !is_address(request.model) && is_address(request.against);
  TRY(request.access,
      endpoint_access(arguments, environment, is_other_asked ? request.against : request.model));
  TRY(request.samples, count(arguments, "--samples", 1000));
  TRY(request.batch_size, count(arguments, "--batch", 128));
  TRY(const auto threads, count(arguments, "--threads", 1));
  request.threads = static_cast<int>(threads);
  request.device = arguments.text("--device", "cpu");
  TRY(request.seed, seed(arguments, environment));
  return request;
}

std::string percent(double share) {
  return fmt::format("{:.1f}", 100 * share);
}

/// One row for each corruption, one column for each severity.
Table grid_of(const CorruptionReport& report) {
  std::vector<std::string> head{"Corruption"};
  for (const CorruptionCell& cell : report.cells) {
    if (cell.corruption != report.cells.front().corruption) break;
    head.push_back(std::to_string(cell.severity));
  }
  head.emplace_back("Mean");
  Table grid(head);
  std::vector<std::string> row;
  double sum = 0;
  for (std::size_t i = 0; i < report.cells.size(); ++i) {
    const CorruptionCell& cell = report.cells[i];
    if (row.empty()) row.push_back(cell.corruption);
    const double share =
        static_cast<double>(cell.accuracy.correct) / static_cast<double>(cell.accuracy.total);
    row.push_back(percent(share));
    sum += share;
    const bool is_last =
        i + 1 == report.cells.size() || report.cells[i + 1].corruption != cell.corruption;
    if (!is_last) continue;
    row.push_back(percent(sum / static_cast<double>(row.size() - 1)));
    grid.add(std::exchange(row, {}));
    sum = 0;
  }
  return grid;
}

std::string text_of(const std::optional<double>& value) {
  return value ? fmt::format("{:.1f} %", *value) : "none: the other model makes no such errors";
}

std::string text_of(const CorruptionReport& report, int width) {
  std::string text = fmt::format(
      "{} ({})\n{} ({})\nseed {}, parameters of {} pictures\n{}\n"
      "right on clean pictures  {}\nmean over all cells      {} % (95 %: {} to {})\n",
      quotable(report.model.path), digest_words(report.model), quotable(report.data.path),
      digest_words(report.data), report.seed, report.table,
      answered_words(report.answered_by, width), share(report.clean), percent(report.mean),
      percent(report.mean_interval95.low), percent(report.mean_interval95.high));
  if (const CorruptionCell* worst = worst_cell(report))
    text += fmt::format("worst cell               {} {}: {}\n", worst->corruption, worst->severity,
                        share(worst->accuracy));
  if (report.errors)
    text += fmt::format("mCE against {}  {}\nrelative mCE             {}\n",
                        quotable(report.errors->baseline.path), text_of(report.errors->mce),
                        text_of(report.errors->relative_mce));
  text += "\nRight answers in percent, by severity:\n" + grid_of(report).to_text(width);
  return text +
         "\nFrost is laid over by a texture of this program's own: compare that row with no other "
         "tool's.\n";
}

Result<Outcome> run_corrupt(const Arguments& arguments, Environment& environment) {
  TRY(const app::CorruptRequest request, request_of(arguments, environment));
  TRY(const CorruptionReport report, app::corrupt(request, environment.progress));
  Outcome outcome;
  outcome.text = arguments.is_json() ? app::corruption_document(report, outcome.exit)
                                     : text_of(report, environment.width);
  return outcome;
}

}  // namespace

const Command ai_corrupt = {
    "ai corrupt",
    "measures a classifier of pictures under noise, blur, weather and compression",
    positionals,
    options,
    "lockstep ai corrupt model.onnx --data test.npz\n"
    "lockstep ai corrupt model.onnx --data pictures/ --corruption fog,snow --severity 3,5\n"
    "lockstep ai corrupt model.onnx --data test.npz --against other.onnx --format json",
    run_corrupt,
};

}  // namespace lockstep::frontends
