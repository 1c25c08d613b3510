// SPDX-License-Identifier: Apache-2.0
#include "app/ai_run.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/data_options.hpp"
#include "frontends/cli/endpoint_options.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/summary.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--only", "TEST,...", "only these tests of the product file; may be repeated", true},
    Option{"--artefacts", "DIR",
           "write index.html there, and every broken sample beside its original"},
    Option{"--state", "DIR",
           "where finished tests are kept, for a run that goes on (default beside the store)"},
    Option{"--fresh", "", "run every test again, also those that are finished"},
    Option{"--release", "", "what was not checked or is underpowered blocks too (exit 4)"},
    Option{"--threads", "N", "threads (default 1); does not change what is found"},
    device_option,
};

std::vector<std::string> chosen(const Arguments& arguments) {
  std::vector<std::string> tests;
  for (const std::string& given : arguments.all("--only"))
    for (const std::string_view id : split(given, ','))
      if (!trim(id).empty()) tests.emplace_back(trim(id));
  return tests;
}

Result<app::AiRunRequest> request_of(const Arguments& arguments, const Environment& environment) {
  app::AiRunRequest request;
  TRY(request.product_file, product_path(arguments, environment));
  request.now = environment.now;
  TRY(request.seed, seed(arguments, environment));
  request.attack_program = environment.variable("LOCKSTEP_ATTACK");
  TRY(const auto threads, count(arguments, "--threads", 1));
  request.threads = static_cast<int>(std::min<std::int64_t>(threads, 256));
  request.device = arguments.text("--device", "cpu");
  request.only = chosen(arguments);
  request.reuse = arguments.has("--fresh") ? app::Reuse::no : app::Reuse::yes;
  request.strictness =
      arguments.has("--release") ? app::Strictness::release : app::Strictness::normal;
  request.artefacts_folder = arguments.text("--artefacts");
  const std::string state = arguments.text("--state");
  request.store_url = !state.empty() && !arguments.has("--store")
                          ? "sqlite:" + state + "/store.db"
                          : store_url(arguments, environment, request.product_file);
  if (!state.empty()) request.state_folder = state + "/examples";
  request.access = model_access(arguments, environment);
  TRY(request.rank, app::rank_of(environment.variable("OMPI_COMM_WORLD_RANK"),
                                 environment.variable("OMPI_COMM_WORLD_SIZE"),
                                 environment.variable("PMIX_NAMESPACE")));
  return request;
}

/// What of the examples the data could hold: an attack on features may end at rows that nobody has.
std::string examples_words(const std::string& id, const AttackDetails& details) {
  const auto kept = std::ranges::count_if(details.examples, &AdversarialExample::is_kept);
  const auto possible = std::ranges::count_if(details.examples, [](const AdversarialExample& one) {
    return one.is_kept && one.problems.empty();
  });
  std::string text = fmt::format("{}: {} of {} adversarial examples deceive also as {}", id, kept,
                                 details.examples.size(), details.grid);
  if (details.grid == "rows of the table")
    text += fmt::format(", {} of them as rows that can exist", possible);
  return text;
}

std::string report(const AiRun& run, const app::AiRunRequest& request, const Environment& to) {
  const Dossier& dossier = run.dossier;
  std::string text =
      fmt::format("{} {}\n\n", quotable(dossier.product.name), quotable(dossier.product.version));
  Table table({"Test", "State", "Clean", "Attacked", "Because"});
  for (const Measurement& test : dossier.measurements) {
    const auto verdict = std::ranges::find(dossier.verdicts, test.id, &TestVerdict::test);
    const bool is_judged = verdict != dossier.verdicts.end();
    table.add({test.id, colored(is_judged ? verdict->state : State::not_checked, to.color),
               fmt::format("{}/{}", test.clean.correct, test.clean.total),
               fmt::format("{}/{}", test.robust.correct, test.robust.total),
               is_judged ? verdict->because : "no threshold was there to judge it by"});
  }
  if (!table.is_empty()) text += table.to_text(to.width);
  Table declared({"Declared", "State", "Because"});
  for (const DeclaredVerdict& verdict : dossier.declared)
    declared.add({id_of(verdict), colored(verdict.state, to.color), verdict.because});
  if (!declared.is_empty()) text += (table.is_empty() ? "" : "\n") + declared.to_text(to.width);
  Table others({"Not run", "Why"});
  for (const NotChecked& one : dossier.not_checked)
    others.add({one.what, one.reason});
  if (!others.is_empty()) text += "\n" + others.to_text(to.width);
  std::size_t files = 0;
  std::string examples;
  for (const auto& [id, test] : run.tests) {
    files += test.files.size();
    if (!test.details.grid.empty() && !test.details.examples.empty())
      examples += wrap(examples_words(id, test.details), static_cast<std::size_t>(to.width)) + "\n";
  }
  if (!examples.empty()) text += "\n" + examples;
  if (!request.artefacts_folder.empty())
    text += fmt::format("\n{}/index.html, with {} files of broken samples\n",
                        quotable(request.artefacts_folder, 400), files);
  return text + fmt::format("\nexit {}\n", exit_words(run.exit));
}

Result<Outcome> run_ai_run(const Arguments& arguments, Environment& environment) {
  TRY(const app::AiRunRequest request, request_of(arguments, environment));
  Outcome outcome;
  if (!request.rank.is_first()) {
    const auto shared =
        app::run_ai_share(request, environment.files, environment.progress, outcome.problems);
    return shared ? std::move(outcome) : failed(shared.error(), std::move(outcome.problems));
  }
  const auto run =
      app::run_ai_tests(request, environment.files, environment.progress, outcome.problems);
  if (!run) return failed(run.error(), std::move(outcome.problems));
  outcome.exit = run->exit;
  outcome.text =
      arguments.is_json() ? app::ai_run_document(*run) : report(*run, request, environment);
  return outcome;
}

}  // namespace

const Command ai_run = {
    "ai run",
    "runs every test of the product file, and measures what it declares of its models",
    {},
    options,
    "lockstep ai run --artefacts out/ai\n"
    "lockstep ai run --only reader.linf --threads 2\n"
    "lockstep ai run --state /var/tmp/ai --format json\n"
    "mpirun -n 4 lockstep ai run --state /shared/ai --artefacts out/ai",
    run_ai_run,
};

}  // namespace lockstep::frontends
