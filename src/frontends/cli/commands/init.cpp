// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/interview.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/conversation.hpp"
#include "frontends/cli/settings.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--answers", "FILE",
           "ask nobody: a YAML map of name, version, intended_purpose and facts"},
};

tl::unexpected<Error> stopped(const std::string& kept, const Files& files) {
  if (!files.exists(kept))
    return fail(ErrorKind::interrupted, "init.cancelled",
                "stopped at your request; nothing was written");
  return fail(
      ErrorKind::interrupted, "init.cancelled",
      "stopped at your request; the answers are kept, and `lockstep init` goes on with them",
      {kept, 0, 0});
}

std::string outcome_lines(const LegalView& view) {
  const auto listed = [](const std::vector<std::string>& codes) {
    constexpr std::size_t few = 6;
    if (codes.size() > few) return fmt::format("{} outcomes still possible", codes.size());
    return codes.empty() ? std::string("unknown") : join(codes, " or ");
  };
  return fmt::format("  CRA     {}\n  AI Act  {}\n  NIS2    {}\n", listed(view.codes.cra),
                     listed(view.codes.ai_act), listed(view.codes.nis2));
}

std::string to_text(const app::InterviewReport& report) {
  return fmt::format(
      "wrote {}: facts known {}, not sure {}, still open {}\n{}"
      "Next: `lockstep scope` says what follows and what is missing; then name your SBOMs, models\n"
      "and evidence in the file, and run `lockstep assess`.\n",
      report.path, report.answered.size(), report.unsure.size(), report.view.missing_facts.size(),
      outcome_lines(report.view));
}

std::string to_json(const app::InterviewReport& report, int exit) {
  std::vector<std::string> missing;
  for (const MissingFact& fact : report.view.missing_facts)
    missing.push_back(fact.fact);
  return to_pretty_json(Json::object_of({{"schema", "lockstep/init/1"},
                                         {"path", report.path},
                                         {"answered", Json::array_of(report.answered)},
                                         {"open", Json::array_of(report.unsure)},
                                         {"missing", Json::array_of(missing)},
                                         {"exit", exit}}));
}

Result<app::InterviewReport> hold_interview(const Arguments& arguments,
                                            Environment& environment,
                                            Diagnostics& problems) {
  const std::string path = arguments.text("--output", "lockstep.yaml");
  const std::string answers_file = arguments.text("--answers");
  TRY(const Day day, as_of(arguments, environment));
  TRY_VOID(app::check_new(path, environment.files));
  app::Interview interview = app::Interview::open(day);
  if (!answers_file.empty()) {
    TRY_VOID(interview.read(answers_file, environment.files, problems));
  } else if (environment.is_interactive) {
    const std::string kept = app::kept_path(path);
    if (environment.files.exists(kept)) TRY_VOID(interview.read(kept, environment.files, problems));
    TRY(const Ending ending, converse(interview, kept, environment));
    if (ending == Ending::later) return stopped(kept, environment.files);
  } else {
    return fail(ErrorKind::usage, "init.nobody",
                "there is no terminal to ask a person; give the answers with --answers FILE");
  }
  return interview.finish(path, environment.files);
}

Result<Outcome> run_init(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  const auto report = hold_interview(arguments, environment, outcome.problems);
  if (!report) return failed(report.error(), std::move(outcome.problems));
  outcome.text = arguments.is_json() ? to_json(*report, outcome.exit) : to_text(*report);
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
