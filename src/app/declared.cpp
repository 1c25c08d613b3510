// SPDX-License-Identifier: Apache-2.0
#include "app/declared.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "ai/runner.hpp"
#include "app/data_files.hpp"
#include "app/inputs.hpp"
#include "base/json.hpp"
#include "base/tree_digest.hpp"
#include "base/url.hpp"
#include "risks/declared.hpp"

namespace lockstep::app {
namespace {

constexpr std::string_view made_by = "lockstep " LOCKSTEP_VERSION;

/// The values declared of one model on one data set.
struct Batch {
  std::string data;  ///< path, as the product file has it
  std::vector<DeclaredMetric> declared;
};

/// In the order in which the data sets are first named.
std::vector<Batch> batches_of(const ModelInput& model) {
  std::vector<Batch> batches;
  for (const DeclaredInput& entry : model.declared) {
    const std::string& data = entry.data.empty() ? model.data : entry.data;
    auto found = std::ranges::find(batches, data, &Batch::data);
    if (found == batches.end()) found = batches.insert(batches.end(), {data, {}});
    found->declared.push_back(entry.declared);
  }
  return batches;
}

/// Measures the models of one product, one after the other.
class DeclaredMeasurer {
 public:
  DeclaredMeasurer(const Product& product,
                   const AttackSettings& settings,
                   const Files& files,
                   Progress& progress)
      : product_(product), settings_(settings), files_(files), progress_(progress) {}

  DeclaredReport report;

  Result<> measure(const ModelInput& model);

 private:
  Result<ai::WorkerSetup> ask(const ModelInput& model,
                              const Batch& batch,
                              ai::WorkerRequest& request) const;
  Result<Metrics> measure(const ModelInput& model, const Batch& batch);
  std::optional<Metrics> kept(const std::string& key, std::string& at);
  void keep(const std::string& key, const Metrics& metrics);

  const Product& product_;
  const AttackSettings& settings_;
  const Files& files_;
  Progress& progress_;
};

Result<ai::WorkerSetup> DeclaredMeasurer::ask(const ModelInput& model,
                                              const Batch& batch,
                                              ai::WorkerRequest& request) const {
  request.command = ai::WorkerCommand::measure;
  request.data = beside(product_.path, batch.data);
  request.threads = settings_.threads;
  request.device = settings_.device;
  request.metrics.seed = settings_.seed;
  request.metrics.groups = model.groups;
  request.metrics.declared = batch.declared;
  request.metrics.family = static_cast<std::int64_t>(model.declared.size());
  TRY(ai::WorkerSetup setup,
      name_model(settings_.program, product_, model, settings_.access, files_, request));
  TRY(request.data_sha256, digest_of_data(files_, request.data));
  TRY(request.data_options, data_options_of(product_, model, files_));
  return setup;
}

/// The measurement of this key, when the store has one that can be trusted.
std::optional<Metrics> DeclaredMeasurer::kept(const std::string& key, std::string& at) {
  if (settings_.store == nullptr || settings_.reuse == Reuse::no) return std::nullopt;
  const auto found = settings_.store->measurement(key);
  if (!found) {
    report.store_problems.push_back(found.error());
    return std::nullopt;
  }
  if (!*found) return std::nullopt;
  Diagnostics problems;
  const auto json = parse_json((*found)->body, "", problems);
  auto metrics = json ? ai::read_metrics(*json) : tl::unexpected<Error>(json.error());
  if (!metrics) {
    report.store_problems.push_back(metrics.error());
    return std::nullopt;
  }
  at = (*found)->made_at;
  return *std::move(metrics);
}

void DeclaredMeasurer::keep(const std::string& key, const Metrics& metrics) {
  if (settings_.store == nullptr) return;
  const auto done = settings_.store->keep({key, subject_of(metrics), std::string(made_by),
                                           settings_.now, to_canonical_json(ai::to_json(metrics))});
  if (!done) report.store_problems.push_back(done.error());
}

/// The paths in the answer are those of the product file, as with attacks.
Result<Metrics> DeclaredMeasurer::measure(const ModelInput& model, const Batch& batch) {
  ai::WorkerRequest request;
  TRY(const ai::WorkerSetup worker, ask(model, batch, request));
  TRY(const std::string worker_sha256, files_.digest(worker.program));
  const std::string key = measurement_key(request, worker_sha256);
  std::string at = settings_.now;
  // Nobody knows whether a service is still the same: it is asked again.
  std::optional<Metrics> metrics = is_address(model.path) ? std::nullopt : kept(key, at);
  const bool is_kept = metrics.has_value();
  if (!is_kept) {
    TRY(metrics, ai::run_metrics(worker, request, progress_));
  }
  metrics->model_id = model.id;
  metrics->model.path = without_query(model.path);
  metrics->data.path = batch.data;
  if (!is_kept) keep(key, *metrics);
  report.measured_at[subject_of(*metrics)] = at;
  return *std::move(metrics);
}

Result<> DeclaredMeasurer::measure(const ModelInput& model) {
  if (model.declared.empty()) {
    report.not_checked.push_back({model.id, "the product file declares no metric of this model"});
    return {};
  }
  std::vector<Metrics> measured;
  for (const Batch& batch : batches_of(model)) {
    const std::string what =
        fmt::format("{}: {} declared", model.id,
                    batch.declared.size() == 1 ? name_of(batch.declared.front())
                                               : fmt::format("{} values", batch.declared.size()));
    if (batch.data.empty()) {
      report.not_checked.push_back({what, "there is no test data"});
      continue;
    }
    auto metrics = measure(model, batch);
    if (metrics) {
      measured.push_back(*std::move(metrics));
    } else if (metrics.error().kind == ErrorKind::interrupted) {
      return tl::unexpected<Error>(std::move(metrics).error());
    } else {
      report.not_checked.push_back(
          {what, fmt::format("{} ({})", metrics.error().message, metrics.error().code)});
    }
  }
  std::ranges::move(risks::judge_declared(model.id, measured), std::back_inserter(report.verdicts));
  std::ranges::move(measured, std::back_inserter(report.metrics));
  return {};
}

}  // namespace

std::string subject_of(const Metrics& metrics) {
  return subject_of(metrics.model_id, metrics.data.path);
}

std::string subject_of(const std::string& model, const std::string& data) {
  return fmt::format("{} metrics on {}", model, data);
}

Result<DeclaredReport> measure_declared(const Product& product,
                                        const AttackSettings& settings,
                                        const Files& files,
                                        Progress& progress) {
  DeclaredMeasurer measurer(product, settings, files, progress);
  for (const ModelInput& model : product.models)
    TRY_VOID(measurer.measure(model));
  return std::move(measurer.report);
}

State declared_state(const Dossier& dossier) {
  if (dossier.product.models.empty()) return State::not_applicable;
  State state = State::pass;
  std::size_t declared = 0;
  for (const ModelInput& model : dossier.product.models) {
    if (model.declared.empty()) state = worse(state, State::not_checked);
    declared += model.declared.size();
  }
  if (dossier.declared.size() < declared) state = worse(state, State::not_checked);
  for (const DeclaredVerdict& verdict : dossier.declared)
    state = worse(state, verdict.state);
  return state;
}

}  // namespace lockstep::app
