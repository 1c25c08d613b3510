// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fmt/format.h>

#include "app/triage.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/triage_talk.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--all", "", "ask about settled and accepted findings too"},
    Option{"--by", "NAME", "who decides; default: the manufacturer of the product file"},
    Option{"--decisions", "FILE", "ask nobody: take the decisions of a YAML or JSON file"},
    Option{"--vex", "FILE", "the OpenVEX document to write to; default: that of the product file"},
};

tl::unexpected<Error> stopped(const std::string& kept, std::size_t count, const Files& files) {
  if (count == 0 || !files.exists(kept))
    return fail(ErrorKind::interrupted, "triage.stopped",
                "stopped at your request; nothing was decided and nothing was written");
  return fail(ErrorKind::interrupted, "triage.stopped",
              fmt::format("stopped at your request; {} decisions are kept, and `lockstep vuln "
                          "triage` goes on with them",
                          count),
              {kept, 0, 0});
}

/// The decisions of a file, or of a person.
Result<std::vector<Decision>> decisions_of(const app::TriageWork& work,
                                           const Arguments& arguments,
                                           Environment& environment,
                                           Diagnostics& problems) {
  const std::string file = arguments.text("--decisions");
  const Day today = std::chrono::floor<std::chrono::days>(environment.now);
  if (!file.empty()) return app::read_decisions(file, work, today, environment.files, problems);
  if (environment.ask == nullptr)
    return fail(ErrorKind::usage, "triage.nobody",
                "there is nobody to ask; give the decisions with --decisions FILE");
  const std::string kept = app::kept_decisions_path(work);
  std::vector<Decision> earlier;
  if (environment.files.exists(kept)) {
    TRY(earlier, app::read_decisions(kept, work, today, environment.files, problems));
  }
  std::vector<const app::TriageCase*> chosen;
  for (const app::TriageCase& one : work.cases)
    if (one.is_open || arguments.has("--all")) chosen.push_back(&one);
  const std::string by = arguments.text("--by", work.author);
  TRY(TriageTalk talk, talk_about(chosen, std::move(earlier), by, kept, environment));
  if (talk.ending == TriageTalk::Ending::stopped)
    return stopped(kept, talk.decisions.size(), environment.files);
  return std::move(talk.decisions);
}

Result<Outcome> run_triage(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const std::string path, product_path(arguments, environment));
  TRY(const Day day, as_of(arguments, environment));
  const auto work =
      app::open_triage({path, data_folder(arguments, environment), day, arguments.text("--vex")},
                       environment.files, outcome.problems);
  if (!work) return failed(work.error(), std::move(outcome.problems));
  const auto decisions = decisions_of(*work, arguments, environment, outcome.problems);
  if (!decisions) return failed(decisions.error(), std::move(outcome.problems));
  const auto report = app::write_decisions(*work, *decisions, environment.now, environment.files);
  if (!report) return failed(report.error(), std::move(outcome.problems));
  outcome.exit = report->open > 0 ? exit_code::human : exit_code::ok;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(
        Json::object_of({{"schema", "lockstep/triage/1"},
                         {"written_to", report->statements > 0 ? Json(report->vex) : Json()},
                         {"statements", report->statements},
                         {"open", report->open},
                         {"exit", outcome.exit}}));
    return outcome;
  }
  outcome.text = report->statements == 0 ? "nothing was decided and nothing was written"
                                         : fmt::format("{} statements written to {}",
                                                       report->statements, quotable(report->vex));
  outcome.text += fmt::format("; {} findings still need a decision\n", report->open);
  return outcome;
}

}  // namespace

const Command vuln_triage = {
    "vuln triage",
    "asks about each finding that waits for a person, and writes the decisions down",
    {},
    options,
    "lockstep vuln triage\n"
    "lockstep vuln triage --decisions decisions.yaml --vex vex/own.openvex.json",
    run_triage,
};

}  // namespace lockstep::frontends
