// SPDX-License-Identifier: Apache-2.0
#include "app/evidence.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/declared.hpp"
#include "app/verdict.hpp"
#include "base/digest.hpp"
#include "documents/json/json.hpp"
#include "store/store.hpp"

namespace lockstep::app {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

/// Whether the URL names a store on disk that is not there yet.
bool is_absent(const std::string& url, const Files& files) {
  return url.starts_with(sqlite_scheme) && !files.exists(url.substr(sqlite_scheme.size()));
}

std::string digest_of(const Json& json) {
  return sha256(to_canonical_json(json));
}

/// What the product file calls the file at `path`: "sbom", "vex", "model", "dataset".
std::string kind_of_input(const Product& product, const std::string& path) {
  const auto is_path = [&](const auto& input) { return input.path == path; };
  if (std::ranges::any_of(product.sboms, is_path)) return "sbom";
  if (std::ranges::find(product.vex, path) != product.vex.end()) return "vex";
  if (std::ranges::any_of(product.models, is_path)) return "model";
  const auto is_test_data = [&](const ModelInput& model) {
    return model.data == path || model.columns == path || model.text == path ||
           std::ranges::find(model.declared, path, &DeclaredInput::data) != model.declared.end();
  };
  if (std::ranges::any_of(product.models, is_test_data)) return "test_data";
  for (const Evidence& entry : product.evidence)
    if (entry.subject == path) return "document";
  return "product_file";
}

State area_state(const Dossier& dossier, std::string_view name) {
  const auto areas = areas_of(dossier, {});
  const auto found = std::ranges::find(areas, name, &AreaVerdict::area);
  return found == areas.end() ? State::not_checked : found->state;
}

State entry_state(const Evidence& entry, Day as_of) {
  if (entry.expires.empty()) return State::pass;
  const auto until = parse_day(entry.expires);
  return until && *until >= as_of ? State::pass : State::stale;
}

State risk_register_state(const Dossier& dossier) {
  if (dossier.risks.empty()) return State::not_checked;
  State state = State::pass;
  for (const Risk& risk : dossier.risks)
    state = worse(state, is_known_since_baseline(dossier, risk.id) ? State::warn : risk.state);
  return state == State::warn ? State::pass : state;
}

/// The state of the models' accuracy without an attack: that of the declared values; measured is
/// enough where none is declared, since no threshold speaks of it.
State accuracy_state(const Dossier& dossier) {
  State state =
      dossier.measurements.empty() && dossier.metrics.empty() ? State::not_checked : State::pass;
  for (const DeclaredVerdict& verdict : dossier.declared)
    state = worse(state, verdict.state);
  return state;
}

}  // namespace

Result<std::vector<EvidenceRow>> list_evidence(const std::string& store_url, const Files& files) {
  if (is_absent(store_url, files)) return std::vector<EvidenceRow>{};
  TRY(const auto store, store::open_store(store_url));
  return store->evidence();
}

Result<store::ChainReport> verify_evidence(const std::string& store_url, const Files& files) {
  if (is_absent(store_url, files))
    return fail(ErrorKind::input, "store.missing",
                "there is no evidence yet; `lockstep assess` begins the chain",
                {store_url.substr(sqlite_scheme.size()), 0, 0});
  TRY(const auto store, store::open_store(store_url));
  return store->verify();
}

Result<std::optional<NewestRun>> newest_run(const std::string& store_url, const Files& files) {
  if (is_absent(store_url, files)) return std::optional<NewestRun>{};
  TRY(const auto store, store::open_store(store_url));
  TRY(const auto runs, store->runs());
  if (runs.empty()) return std::optional<NewestRun>{};
  TRY(const auto run, store->load(runs.back().id));
  if (!run) return std::optional<NewestRun>{};
  Diagnostics ignored;
  TRY(Json dossier, parse_json(run->dossier, "", ignored));
  return std::optional(NewestRun{run->as_of, std::move(dossier)});
}

std::string evidence_document(const std::vector<EvidenceRow>& rows, int exit) {
  return to_pretty_json(documents::evidence_json(rows, exit));
}

Result<std::map<std::string, Instant>> first_results(const std::string& store_url,
                                                     const Files& files) {
  std::map<std::string, Instant> first;
  TRY(const auto rows, list_evidence(store_url, files));
  for (const EvidenceRow& row : rows) {
    if (row.evidence.kind != "evasion_test" && row.evidence.kind != "measurement") continue;
    const auto at = parse_instant(row.evidence.made_at);
    if (!at) continue;
    const auto [found, is_new] = first.emplace(row.evidence.subject, *at);
    if (!is_new) found->second = std::min(found->second, *at);
  }
  return first;
}

std::vector<Evidence> gather_evidence(const Dossier& dossier,
                                      const std::string& made_at,
                                      const std::map<std::string, std::string>& measured_at) {
  const std::string tool = "lockstep " + dossier.tool_version;
  std::string data_state;
  for (const DataSource& source : dossier.data)
    data_state += source.sha256;
  if (!data_state.empty()) data_state = sha256(data_state);
  std::vector<Evidence> gathered;
  for (const FileRef& file : dossier.inputs)
    gathered.push_back({"input:" + file.path,
                        kind_of_input(dossier.product, file.path),
                        file.path,
                        file.sha256,
                        tool,
                        made_at,
                        "",
                        "",
                        {},
                        "",
                        ""});
  for (const Evidence& entry : dossier.product.evidence)
    gathered.push_back(entry);
  const auto add_result = [&](const std::string& kind, const std::string& subject, const Json& json,
                              bool uses_data, bool uses_seed) {
    gathered.push_back({"result:" + (subject.empty() ? kind : subject),
                        kind,
                        subject,
                        digest_of(json),
                        tool,
                        made_at,
                        uses_data ? data_state : "",
                        uses_seed ? std::to_string(dossier.seed) : "",
                        {},
                        "",
                        ""});
  };
  add_result("scope", "", documents::scope_json(dossier.product.name, dossier.law, 0), false,
             false);
  if (!dossier.boms.empty())
    add_result("vuln_scan", "",
               documents::findings_json(dossier.boms, dossier.data, dossier.findings,
                                        dossier.unmatched, 0),
               true, false);
  for (const Measurement& measurement : dossier.measurements) {
    add_result("evasion_test", measurement.id,
               documents::evasion_json(measurement, 0, documents::Times::without), false, true);
    const auto at = measured_at.find(measurement.id);
    if (at != measured_at.end()) gathered.back().made_at = at->second;
  }
  for (const Metrics& metrics : dossier.metrics) {
    std::vector<DeclaredVerdict> verdicts;
    std::ranges::copy_if(
        dossier.declared, std::back_inserter(verdicts), [&](const DeclaredVerdict& verdict) {
          return verdict.model_id == metrics.model_id && verdict.data == metrics.data.path;
        });
    // The number of threads changes nothing, and is no part of what is digested.
    Metrics whatever_threads = metrics;
    whatever_threads.threads = 1;
    add_result("accuracy_test", subject_of(metrics),
               documents::metrics_json(whatever_threads, verdicts, 0), false, true);
    const auto at = measured_at.find(subject_of(metrics));
    if (at != measured_at.end()) gathered.back().made_at = at->second;
  }
  add_result("risk_register", "", documents::risks_json(dossier.risks, 0), true, true);
  return gathered;
}

std::vector<regulations::EvidenceState> evidence_states(const Dossier& dossier) {
  std::vector<regulations::EvidenceState> states;
  const State bom = area_state(dossier, "sbom");
  states.push_back({"result:sbom", "sbom", bom == State::warn ? State::pass : bom, {}});
  states.push_back({"result:vuln_scan", "vuln_scan", area_state(dossier, "vulnerabilities"), {}});
  if (!dossier.product.vex.empty()) states.push_back({"input:vex", "vex", State::pass, {}});
  for (const ModelInput& model : dossier.product.models)
    states.push_back({"input:" + model.path, "model", State::pass, {}});
  for (const TestVerdict& verdict : dossier.verdicts)
    states.push_back({"result:" + verdict.test, "evasion_test", verdict.state, {}});
  if (!dossier.product.models.empty()) {
    states.push_back({"result:accuracy", "accuracy_test", accuracy_state(dossier), {}});
    states.push_back({"result:declared", "declared_metrics", declared_state(dossier), {}});
  }
  states.push_back({"result:risk_register", "risk_register", risk_register_state(dossier), {}});
  for (const Evidence& entry : dossier.product.evidence)
    states.push_back({entry.id, entry.kind, entry_state(entry, dossier.as_of), entry.shows});
  return states;
}

}  // namespace lockstep::app
