// SPDX-License-Identifier: Apache-2.0
#include "app/evidence.hpp"

#include <fmt/format.h>

#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

/// The store named by --store, or the one beside the product file.
Result<std::string> store_of(const Arguments& arguments, const Environment& environment) {
  if (arguments.has("--store")) return arguments.text("--store");
  TRY(const std::string path, product_path(arguments, environment));
  return store_url(arguments, environment, path);
}

Result<Outcome> run_list(const Arguments& arguments, Environment& environment) {
  TRY(const std::string url, store_of(arguments, environment));
  TRY(const auto rows, app::list_evidence(url, environment.files));
  Outcome outcome;
  if (arguments.is_json()) {
    outcome.text = app::evidence_document(rows, outcome.exit);
    return outcome;
  }
  Table table({"Row", "Kind", "Subject", "Made", "SHA-256"});
  for (const EvidenceRow& row : rows)
    table.add({std::to_string(row.number), row.evidence.kind,
               row.evidence.subject.empty() ? row.evidence.id : row.evidence.subject,
               row.evidence.made_at, row.evidence.sha256.substr(0, 16)});
  outcome.text = rows.empty() ? "There is no evidence yet; `lockstep assess` begins the chain.\n"
                              : table.to_text(environment.width);
  return outcome;
}

Json to_json(const store::ChainReport& report, int exit) {
  Json problems = Json::array();
  for (const store::ChainProblem& problem : report.problems)
    problems.push(Json::object_of({{"row", problem.row}, {"says", problem.says}}));
  return Json::object_of({{"schema", "lockstep/evidence-verification/1"},
                          {"rows", report.head.count},
                          {"head", report.head.digest},
                          {"problems", std::move(problems)},
                          {"limits", report.limits},
                          {"exit", exit}});
}

Result<Outcome> run_verify(const Arguments& arguments, Environment& environment) {
  TRY(const std::string url, store_of(arguments, environment));
  TRY(const store::ChainReport report, app::verify_evidence(url, environment.files));
  Outcome outcome;
  outcome.exit = report.problems.empty() ? exit_code::ok : exit_code::verification;
  if (arguments.is_json()) {
    outcome.text = to_pretty_json(to_json(report, outcome.exit));
    return outcome;
  }
  for (const store::ChainProblem& problem : report.problems)
    outcome.text += fmt::format("row {}: {}\n", problem.row, problem.says);
  if (report.more_problems > 0) outcome.text += fmt::format("and {} more\n", report.more_problems);
  outcome.text += fmt::format("{} rows, head {}: {}\n", report.head.count, report.head.digest,
                              report.problems.empty() ? "every link holds" : "the chain is broken");
  if (report.problems.empty()) outcome.text += report.limits + "\n";
  return outcome;
}

}  // namespace

const Command evidence_list = {
    "evidence list",
    "lists the rows of the evidence chain",
    {},
    {},
    "lockstep evidence list --format json",
    run_list,
};

const Command evidence_verify = {
    "evidence verify",
    "recomputes the chain; finds a changed, missing or reordered row",
    {},
    {},
    "lockstep evidence verify --store sqlite:.lockstep/store.db",
    run_verify,
};

}  // namespace lockstep::frontends
