// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "app/assess.hpp"
#include "app/build_documents.hpp"
#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/commands/request.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array positionals = {
    Positional{"DOCUMENT", "report or declaration; all when left out", false, true},
};

Result<std::vector<std::string>> names_of(const Arguments& arguments) {
  const auto known = app::document_names();
  if (!arguments.has("DOCUMENT")) return known;
  for (const std::string& name : arguments.all("DOCUMENT")) {
    if (std::ranges::find(known, name) != known.end()) continue;
    std::string message = fmt::format("there is no document '{}'", quotable(name));
    if (const auto near = nearest(name, known))
      message += fmt::format("; did you mean '{}'?", *near);
    return fail(ErrorKind::usage, "usage.choice", std::move(message));
  }
  return arguments.all("DOCUMENT");
}

int exit_of(const std::vector<app::PlannedDocument>& plan) {
  const bool is_complete = std::ranges::all_of(
      plan, [](const app::PlannedDocument& one) { return one.missing.empty(); });
  return is_complete ? exit_code::ok : exit_code::human;
}

Json to_json(const std::vector<app::PlannedDocument>& plan,
             const std::vector<std::string>& files,
             int exit) {
  Json rows = Json::array();
  for (const app::PlannedDocument& one : plan)
    rows.push(Json::object_of(
        {{"document", one.name}, {"title", one.title}, {"missing", Json::array_of(one.missing)}}));
  return Json::object_of({{"schema", "lockstep/documents/1"},
                          {"documents", std::move(rows)},
                          {"files", Json::array_of(files)},
                          {"exit", exit}});
}

std::string lines(const std::vector<app::PlannedDocument>& plan, int width) {
  std::string text;
  for (const app::PlannedDocument& one : plan) {
    text += fmt::format(
        "{}: {}\n", one.name,
        one.missing.empty() ? "complete" : fmt::format("{} fields missing", one.missing.size()));
    for (const std::string& missing : one.missing)
      text += "  " + wrap(missing, static_cast<std::size_t>(width), 4) + "\n";
  }
  return text;
}

/// @param folder where to write; "" to plan only
Result<Outcome> run(const Arguments& arguments,
                    Environment& environment,
                    const std::string& folder) {
  Outcome outcome;
  TRY(const auto names, names_of(arguments));
  TRY(const app::AssessRequest request, assess_request(arguments, environment));
  const auto dossier =
      app::assess(request, environment.files, environment.progress, outcome.problems);
  if (!dossier) return failed(dossier.error(), std::move(outcome.problems));
  std::vector<app::PlannedDocument> plan = app::plan_documents(*dossier);
  std::erase_if(plan, [&](const app::PlannedDocument& one) {
    return std::ranges::find(names, one.name) == names.end();
  });
  std::vector<std::string> files;
  if (!folder.empty()) {
    TRY(files, app::build_documents(*dossier, names, folder, environment.files));
  }
  outcome.exit = exit_of(plan);
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(to_json(plan, files, outcome.exit));
    return outcome;
  }
  outcome.text = lines(plan, environment.width);
  for (const std::string& file : files)
    outcome.text += "wrote " + file + "\n";
  return outcome;
}

Result<Outcome> run_plan(const Arguments& arguments, Environment& environment) {
  return run(arguments, environment, "");
}

Result<Outcome> run_build(const Arguments& arguments, Environment& environment) {
  return run(arguments, environment, arguments.text("--output", "."));
}

}  // namespace

const Command docs_plan = {
    "docs plan",
    "says which fields of the documents are missing, and which provisions want them",
    positionals,
    {},
    "lockstep docs plan declaration",
    run_plan,
};

const Command docs_build = {
    "docs build",
    "writes the report and the draft of the EU declaration of conformity",
    positionals,
    {},
    "lockstep docs build -o out/\n"
    "lockstep docs build declaration --as-of 2028-09-04 -o out/",
    run_build,
};

}  // namespace lockstep::frontends
