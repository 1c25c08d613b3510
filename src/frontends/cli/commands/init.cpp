// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/interview.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--answers", "FILE", "a YAML map of name, version, intended_purpose and facts"},
};

Result<Outcome> run_init(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  app::InterviewRequest request;
  request.path = arguments.text("--output", "lockstep.yaml");
  request.answers_file = arguments.text("--answers");
  TRY(request.as_of, as_of(arguments, environment));
  if (environment.is_interactive) request.ask = environment.ask;
  request.progress = &environment.progress;
  const auto report = app::interview(request, environment.files, outcome.problems);
  if (!report) return failed(report.error(), std::move(outcome.problems));
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(Json::object_of({{"schema", "lockstep/init/1"},
                                                   {"path", report->path},
                                                   {"answered", Json::array_of(report->answered)},
                                                   {"open", Json::array_of(report->open)},
                                                   {"exit", outcome.exit}}));
    return outcome;
  }
  outcome.text = fmt::format(
      "wrote {}: {} facts known, {} still open\n"
      "Next: `lockstep scope` says what follows and what is missing; then name your SBOMs, models\n"
      "and evidence in the file, and run `lockstep assess`.\n",
      report->path, report->answered.size(), report->open.size());
  return outcome;
}

}  // namespace

const Command init = {
    "init",
    "asks at most twelve questions and writes a commented lockstep.yaml",
    {},
    options,
    "lockstep init\n"
    "lockstep init --answers answers.yaml -o product/lockstep.yaml",
    run_init,
};

}  // namespace lockstep::frontends
