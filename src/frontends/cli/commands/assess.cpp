// SPDX-License-Identifier: Apache-2.0
#include "app/assess.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "base/text.hpp"
#include "frontends/cli/commands/commands.hpp"
#include "frontends/cli/commands/request.hpp"
#include "frontends/cli/data_options.hpp"
#include "frontends/cli/endpoint_options.hpp"
#include "frontends/cli/settings.hpp"
#include "frontends/cli/summary.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::array options = {
    Option{"--release", "", "what was not checked, is stale or underpowered blocks too (exit 4)"},
    Option{"--only", "AREA", "judge only this area (vulnerabilities, ai); may be repeated", true},
    Option{"--baseline", "RUN",
           "an earlier dossier.json or findings JSON: what it knew does not fail again, unless "
           "it is known to be exploited"},
    Option{"--fresh", "", "run every test of a model again, also those measured before"},
    Option{"--threads", "N", "threads of an attack (default 1; results do not depend on it)"},
    device_option,
};

Json to_json(const std::optional<SinceBaseline>& since) {
  if (!since) return {};
  return Json::object_of({{"new", since->fresh.size()},
                          {"unchanged", since->unchanged.size()},
                          {"settled", since->settled.size()}});
}

Json to_json(const Dossier& dossier, const app::Written& written) {
  Json areas = Json::array();
  for (const AreaVerdict& area : dossier.areas)
    areas.push(Json::object_of({{"area", area.area},
                                {"state", to_text(area.state)},
                                {"count", area.count},
                                {"worst", area.worst}}));
  Json blockers = Json::array();
  for (const Blocker& blocker : dossier.blockers)
    blockers.push(Json::object_of(
        {{"id", blocker.id}, {"state", to_text(blocker.state)}, {"says", blocker.says}}));
  Json not_checked = Json::array();
  for (const NotChecked& item : dossier.not_checked)
    not_checked.push(Json::object_of({{"what", item.what}, {"reason", item.reason}}));
  return Json::object_of({{"schema", "lockstep/assessment/1"},
                          {"product", dossier.product.name},
                          {"version", dossier.product.version},
                          {"as_of", to_text(dossier.as_of)},
                          {"seed", std::to_string(dossier.seed)},
                          {"run", dossier.run_id},
                          {"areas", std::move(areas)},
                          {"baseline", to_json(dossier.since_baseline)},
                          {"blockers", std::move(blockers)},
                          {"not_checked", std::move(not_checked)},
                          {"files", Json::array_of(written.files)},
                          {"chain_head", written.chain_head},
                          {"exit", dossier.exit}});
}

Result<Outcome> run_assess(const Arguments& arguments, Environment& environment) {
  Outcome outcome;
  TRY(const app::AssessRequest request, assess_request(arguments, environment));
  const auto dossier =
      app::assess(request, environment.files, environment.progress, outcome.problems);
  if (!dossier) return failed(dossier.error(), std::move(outcome.problems));
  TRY(const app::Written written,
      app::write_assessment(*dossier, request, arguments.text("--output"), environment.files));
  outcome.exit = dossier->exit;
  outcome.text = arguments.is_json() ? to_pretty_json(to_json(*dossier, written))
                                     : summary(*dossier, written, environment);
  return outcome;
}

}  // namespace

Result<app::AssessRequest> assess_request(const Arguments& arguments,
                                          const Environment& environment) {
  app::AssessRequest request;
  TRY(request.product_file, product_path(arguments, environment));
  TRY(request.as_of, as_of(arguments, environment));
  TRY(request.seed, seed(arguments, environment));
  TRY(const auto threads, arguments.integer("--threads"));
  request.threads = static_cast<int>(std::clamp<std::int64_t>(threads.value_or(1), 1, 256));
  request.device = arguments.text("--device", "cpu");
  request.now = environment.now;
  request.strictness =
      arguments.has("--release") ? app::Strictness::release : app::Strictness::normal;
  request.reuse = arguments.has("--fresh") ? app::Reuse::no : app::Reuse::yes;
  request.baseline = arguments.text("--baseline");
  request.only = arguments.all("--only");
  const auto areas = app::selectable_areas();
  for (const std::string& area : request.only)
    if (std::ranges::find(areas, area) == areas.end())
      return fail(
          ErrorKind::usage, "usage.choice",
          fmt::format("--only expects one of {}, found '{}'", join(areas, "|"), quotable(area)));
  request.data_folder = data_folder(arguments, environment);
  request.store_url = store_url(arguments, environment, request.product_file);
  request.attack_program = environment.variable("LOCKSTEP_ATTACK");
  request.access = model_access(arguments, environment);
  return request;
}

const Command assess = {
    "assess",
    "the whole assessment: everything below, one report, one verdict",
    {},
    options,
    "lockstep assess -o out/\n"
    "lockstep assess --as-of 2028-09-04 --release -o out/\n"
    "lockstep assess --only vulnerabilities --format json",
    run_assess,
};

}  // namespace lockstep::frontends
