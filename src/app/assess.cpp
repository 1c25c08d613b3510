// SPDX-License-Identifier: Apache-2.0
// The whole path, in order. Each step takes values and returns values; this file alone knows what
// comes after what.
#include "app/assess.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>

#include "app/attack.hpp"
#include "app/baseline.hpp"
#include "app/build_documents.hpp"
#include "app/declared.hpp"
#include "app/evidence.hpp"
#include "app/inputs.hpp"
#include "app/rules.hpp"
#include "app/scan.hpp"
#include "app/scope.hpp"
#include "app/thresholds.hpp"
#include "base/check.hpp"
#include "base/digest.hpp"
#include "documents/json/json.hpp"
#include "documents/writers.hpp"
#include "regulations/next_question.hpp"
#include "regulations/turns.hpp"
#include "risks/assess.hpp"
#include "risks/overall.hpp"
#include "store/store.hpp"

namespace lockstep::app {
namespace {

bool is_wanted(const AssessRequest& request, std::string_view area) {
  return request.only.empty() || std::ranges::find(request.only, area) != request.only.end();
}

/// Components against advisories, statements applied, the gate's state for each finding.
Result<> judge_components(const AssessRequest& request,
                          const Inputs& inputs,
                          const Files& files,
                          Dossier& dossier) {
  dossier.boms = inputs.boms;
  if (inputs.boms.empty()) return {};
  if (!is_wanted(request, "vulnerabilities")) {
    dossier.not_checked.push_back({"vulnerabilities", "left out by --only"});
    return {};
  }
  TRY(const auto index, open_index(request.data_folder, files));
  if (!index) {
    dossier.not_checked.push_back(
        {"vulnerabilities", "there is no advisory data; `lockstep data import` takes it in"});
    return {};
  }
  TRY(Scan scan, scan_boms(inputs.boms,
                           {inputs.statements, inputs.policy ? &*inputs.policy : nullptr,
                            inputs.reachability, request.as_of},
                           *index));
  dossier.data = std::move(scan.data);
  dossier.findings = std::move(scan.findings);
  dossier.unmatched = std::move(scan.unmatched);
  return {};
}

bool asks_for_attack(const Product& product) {
  return std::ranges::any_of(product.models, [](const ModelInput& model) {
    return !model.evasion.empty() || !model.declared.empty();
  });
}

/// The store for measurements; none when it cannot be opened, which takes away only the reuse.
std::unique_ptr<store::Store> open_for_reuse(const AssessRequest& request,
                                             const Dossier& dossier,
                                             Diagnostics& told) {
  if (!asks_for_attack(dossier.product)) return nullptr;
  auto opened = store::open_store(request.store_url);
  if (opened) return *std::move(opened);
  told.warning("ai.not_reused",
               fmt::format("measurements cannot be kept: {} ({})", opened.error().message,
                           opened.error().code),
               opened.error().where);
  return nullptr;
}

/// What the run learned beside the dossier.
struct Aside {
  std::map<std::string, std::string> measured_at;  ///< RFC 3339, by test
  Diagnostics told;                                ///< for the person, not for the dossier
};

/// Every declared value measured, and every test that the product file asks for held against its
/// locked threshold.
Result<> judge_models(const AssessRequest& request,
                      const Files& files,
                      Progress& progress,
                      Diagnostics& problems,
                      Dossier& dossier,
                      Aside& aside) {
  if (!is_wanted(request, "ai")) {
    if (!dossier.product.models.empty())
      dossier.not_checked.push_back({"ai", "left out by --only"});
    return {};
  }
  TRY(const auto first, first_results(request.store_url, files));
  TRY(const auto checks, check_thresholds(dossier.product, files, first, problems));
  const auto kept = open_for_reuse(request, dossier, aside.told);
  AttackSettings settings;
  settings.program = request.attack_program;
  settings.threads = request.threads;
  settings.device = request.device;
  settings.seed = request.seed;
  settings.reuse = request.reuse;
  settings.now = to_text(request.now);
  settings.store = kept.get();
  settings.access = request.access;
  if (kept != nullptr) {
    TRY(settings.examples_folder, examples_beside(request.store_url));
  }
  TRY(DeclaredReport declared, measure_declared(dossier.product, settings, files, progress));
  TRY(AttackReport report, attack_models(dossier.product, settings, files, progress));
  std::ranges::move(declared.store_problems, std::back_inserter(report.store_problems));
  tell_about_store(report, "lockstep assess --fresh", aside.told);
  dossier.metrics = std::move(declared.metrics);
  dossier.declared = std::move(declared.verdicts);
  hold_to_lock(dossier.declared, checks);
  std::ranges::move(declared.not_checked, std::back_inserter(dossier.not_checked));
  aside.measured_at = std::move(report.measured_at);
  aside.measured_at.merge(declared.measured_at);
  dossier.measurements = std::move(report.measurements);
  std::ranges::move(report.not_checked, std::back_inserter(dossier.not_checked));
  dossier.verdicts = judge_tests(dossier.measurements, checks);
  return {};
}

/// The names of what the declaration lacks.
std::vector<std::string> missing_of_declaration(const Dossier& dossier) {
  std::vector<std::string> fields;
  const documents::Writer* declaration = documents::find_writer("declaration");
  LS_CHECK(declaration != nullptr, "the list of writers has no declaration");
  for (const auto& missing : documents::missing_fields(declaration->needs(), dossier))
    fields.push_back(missing.field);
  return fields;
}

}  // namespace

std::vector<std::string> selectable_areas() {
  return {"ai", "vulnerabilities"};
}

Result<Dossier> assess(const AssessRequest& request,
                       const Files& files,
                       Progress& progress,
                       Diagnostics& problems) {
  Dossier dossier;
  dossier.tool_version = LOCKSTEP_VERSION;
  dossier.as_of = request.as_of;
  dossier.seed = request.seed;

  // The rules that everything is held against, and every input with its digest.
  TRY(const Rules rules, load_rules());
  std::optional<Baseline> baseline;
  if (!request.baseline.empty()) {
    TRY(baseline, read_baseline(request.baseline, files));
  }
  TRY(Inputs inputs, read_inputs(request.product_file, files, problems));
  TRY(inputs.product.facts, facts_of(rules, inputs.product, problems));
  dossier.product = inputs.product;
  dossier.inputs = std::move(inputs.files);

  // What is wrong: known vulnerabilities, and models that can be deceived.
  TRY_VOID(judge_components(request, inputs, files, dossier));
  Aside aside;
  TRY_VOID(judge_models(request, files, progress, problems, dossier, aside));

  // What that means: one register for both acts.
  dossier.risks =
      risks::assess_risks({dossier.product, rules.risks, dossier.findings, dossier.unmatched,
                           dossier.measurements, dossier.verdicts, request.as_of, request.seed});
  dossier.overall_risk = risks::overall_risks(dossier.risks);
  if (request.only.empty())
    risks::check_judgements(dossier.product, dossier.risks, rules.risks, problems);

  // What the law asks on that day, and what of it is shown.
  dossier.law = regulations::evaluate(rules.law, dossier.product.facts, request.as_of,
                                      evidence_states(dossier));
  dossier.law.missing_facts = regulations::most_telling_first(
      rules.law, dossier.product.facts, request.as_of, std::move(dossier.law.missing_facts));
  dossier.law.facts_answered = dossier.product.facts_answered;
  if (dossier.product.facts_answered) {
    dossier.law.changes_since = regulations::law_changes(
        rules.law, dossier.product.facts, *dossier.product.facts_answered, request.as_of);
  }
  dossier.law.sector_acts = sector_acts_of(rules, dossier.product.facts);

  if (baseline) TRY_VOID(apply_baseline(*baseline, rules, dossier));

  // The verdict. The digest names the run: the same inputs, data, day and seed give the same one.
  dossier.areas = areas_of(dossier, {});
  dossier.evidence = gather_evidence(dossier, to_text(request.now), aside.measured_at);
  dossier.areas = areas_of(dossier, missing_of_declaration(dossier));
  dossier.blockers = blockers_of(dossier);
  dossier.exit = exit_of(dossier.areas, request.strictness);
  dossier.problems = problems.entries();
  dossier.run_id =
      sha256(to_canonical_json(documents::dossier_json(dossier, documents::Times::without)));
  problems.append(aside.told);
  return dossier;
}

std::string risks_document(const std::vector<Risk>& risks, int exit) {
  return to_pretty_json(documents::risks_json(risks, exit));
}

Result<Written> write_assessment(const Dossier& dossier,
                                 const AssessRequest& request,
                                 const std::string& folder,
                                 Files& files) {
  Written written;
  if (!folder.empty()) {
    TRY(written.files, build_documents(dossier, document_names(), folder, files));
    written.files.push_back((std::filesystem::path(folder) / "dossier.json").string());
    TRY_VOID(files.write(written.files.back(), to_pretty_json(documents::dossier_json(dossier))));
  }
  TRY(const auto store, store::open_store(request.store_url));
  const std::string text = to_canonical_json(documents::dossier_json(dossier));
  TRY(const store::Saved saved,
      store->save({dossier.run_id, to_text(dossier.as_of), to_text(request.now), text},
                  dossier.evidence));
  TRY(const store::ChainHead head, store->head());
  written.evidence_rows = head.count;
  written.chain_head = head.digest;
  written.is_repeat = saved == store::Saved::before;
  return written;
}

}  // namespace lockstep::app
