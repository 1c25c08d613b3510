// SPDX-License-Identifier: Apache-2.0
#include "app/attack.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>

#include "ai/runner.hpp"
#include "app/data_files.hpp"
#include "app/inputs.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/tree_digest.hpp"
#include "base/url.hpp"
#include "risks/attack_success.hpp"

namespace lockstep::app {
namespace {

constexpr std::string_view made_by = "lockstep " LOCKSTEP_VERSION;

/// Runs the tests of one product, one after the other.
class Attacker {
 public:
  Attacker(const Product& product,
           const AttackSettings& settings,
           const Files& files,
           Progress& progress)
      : product_(product), settings_(settings), files_(files), progress_(progress) {}

  std::vector<Error> store_problems;
  std::string worker_sha256;

  Result<MeasuredTest> measure(const ModelInput& model, const EvasionTest& test);

  /// The same for the other processes of the job; nothing where they have it already.
  Result<> hand_in(const ModelInput& model, const EvasionTest& test);

 private:
  /// What the worker is asked, and the key of its answer.
  struct Asked {
    ai::WorkerSetup worker;
    ai::WorkerRequest request;
    std::string key;
  };

  Result<Asked> ask(const ModelInput& model, const EvasionTest& test);
  Result<MeasuredTest> fresh(Asked asked);
  Result<MeasuredTest> handed_in(const std::string& key, const std::string& test);
  bool are_examples_there(const std::string& key, const AttackDetails& details) const;
  std::optional<MeasuredTest> kept(const Asked& asked);
  /// Whether the store has it now.
  bool keep(const std::string& key, const MeasuredTest& measured);

  const Product& product_;
  const AttackSettings& settings_;
  const Files& files_;
  Progress& progress_;
};

/// Whether the file of examples is the one that was kept with the measurement.
bool Attacker::are_examples_there(const std::string& key, const AttackDetails& details) const {
  if (settings_.examples_folder.empty()) return false;
  if (details.examples_sha256.empty()) return details.examples.empty();
  const auto digest = files_.digest(examples_path(settings_.examples_folder, key));
  return digest && *digest == details.examples_sha256;
}

/// The measurement of this key, when the store has one that can be trusted. Nobody knows whether a
/// service is still the same: it is asked again.
std::optional<MeasuredTest> Attacker::kept(const Asked& asked) {
  if (settings_.store == nullptr || settings_.reuse == Reuse::no || is_address(asked.request.model))
    return std::nullopt;
  const std::string& key = asked.key;
  const auto found = settings_.store->measurement(key);
  if (!found) {
    store_problems.push_back(found.error());
    return std::nullopt;
  }
  if (!*found) return std::nullopt;
  Diagnostics problems;
  const auto json = parse_json((*found)->body, "", problems);
  auto measured = json ? read_measured_test(*json) : tl::unexpected<Error>(json.error());
  if (!measured) {
    store_problems.push_back(measured.error());
    return std::nullopt;
  }
  measured->key = key;
  measured->at = (*found)->made_at;
  measured->is_reused = true;
  if (measured->details && !are_examples_there(key, *measured->details)) measured->details.reset();
  if (settings_.examples == Examples::needed && !measured->details) return std::nullopt;
  return *std::move(measured);
}

bool Attacker::keep(const std::string& key, const MeasuredTest& measured) {
  if (settings_.store == nullptr) return false;
  const auto done = settings_.store->keep({key, measured.measurement.id, std::string(made_by),
                                           measured.at, to_canonical_json(to_json(measured))});
  if (!done) store_problems.push_back(done.error());
  return done.has_value();
}

/// The worker holds model and data against the digests, so that what was measured is what the key
/// names.
Result<Attacker::Asked> Attacker::ask(const ModelInput& model, const EvasionTest& test) {
  Asked asked;
  ai::WorkerRequest& request = asked.request;
  request = ai::request_of(test, model, "", beside(product_.path, model.data), settings_.seed);
  request.threads = settings_.threads;
  request.device = settings_.device;
  if (is_address(model.path)) request.evasion.knowledge = "black_box";
  TRY(asked.worker,
      name_model(settings_.program, product_, model, settings_.access, files_, request));
  TRY(request.data_sha256, digest_of_data(files_, request.data));
  TRY(request.data_options, data_options_of(product_, model, files_));
  TRY(worker_sha256, files_.digest(asked.worker.program));
  asked.key = measurement_key(request, worker_sha256);
  return asked;
}

/// The test, run now.
Result<MeasuredTest> Attacker::fresh(Asked asked) {
  MeasuredTest measured{{}, {}, asked.key, settings_.now, false};
  if (settings_.examples_folder.empty()) {
    TRY(measured.measurement, ai::run_evasion(asked.worker, asked.request, progress_));
  } else {
    asked.request.examples = examples_path(settings_.examples_folder, asked.key);
    TRY(ai::TestResult test, ai::run_test(asked.worker, asked.request, progress_));
    measured.measurement = std::move(test.measurement);
    measured.details = std::move(test.details);
  }
  return measured;
}

/// What a process of the job measured; its examples must be seen from here too.
Result<MeasuredTest> Attacker::handed_in(const std::string& key, const std::string& test) {
  TRY(MeasuredTest measured, settings_.parts->take(key, test, settings_.reuse, progress_));
  if (measured.details && !are_examples_there(key, *measured.details))
    return fail(ErrorKind::input, "ai.ranks",
                "the examples that another process of the job kept are not to be seen from here; "
                "--state must name a folder that all machines share",
                {examples_path(settings_.examples_folder, key), 0, 0});
  if (!measured.is_reused) measured.at = settings_.now;
  return measured;
}

/// One test; the paths in the measurement are those of the product file, so that the same product
/// gives the same bytes wherever it lies.
Result<MeasuredTest> Attacker::measure(const ModelInput& model, const EvasionTest& test) {
  TRY(Asked asked, ask(model, test));
  std::optional<MeasuredTest> measured = kept(asked);
  if (!measured) {
    const std::string key = asked.key;
    TRY(measured, settings_.parts != nullptr ? handed_in(key, test.id) : fresh(std::move(asked)));
    const bool is_kept = keep(key, *measured);
    if (settings_.parts != nullptr && is_kept) TRY_VOID(settings_.parts->done(key));
  }
  measured->measurement.model.path = without_query(model.path);
  measured->measurement.data.path = model.data;
  return *std::move(measured);
}

Result<> Attacker::hand_in(const ModelInput& model, const EvasionTest& test) {
  const auto run = [&]() -> Result<> {
    TRY(Asked asked, ask(model, test));
    const std::string key = asked.key;
    if (kept(asked) || (settings_.reuse == Reuse::yes && settings_.parts->has(key))) return {};
    TRY(const MeasuredTest measured, fresh(std::move(asked)));
    return settings_.parts->give(measured);
  };
  auto done = run();
  if (done || done.error().kind == ErrorKind::interrupted) return done;
  return settings_.parts->give_up(test.id, done.error());
}

bool is_wanted(const AttackSettings& settings, const EvasionTest& test) {
  return settings.only.empty() || std::ranges::find(settings.only, test.id) != settings.only.end();
}

}  // namespace

Result<std::string> examples_beside(const std::string& store_url) {
  TRY(const store::StoreUrl url, store::parse_store_url(store_url));
  if (url.path.empty()) return std::string();
  return (std::filesystem::path(url.path).parent_path() / "examples").string();
}

std::string examples_path(const std::string& folder, const std::string& key) {
  return folder + "/" + key + ".npz";
}

std::string measurement_key(const ai::WorkerRequest& request, const std::string& worker_sha256) {
  ai::WorkerRequest named = request;
  named.model = is_address(request.model) ? without_query(request.model) : "";
  named.endpoint = {};  // how it is asked changes nothing, but for what is said to it
  named.endpoint.form = request.endpoint.form;
  named.endpoint.model = request.endpoint.model;
  named.data.clear();
  named.data_options.columns.clear();
  named.data_options.text.clear();
  named.examples.clear();
  named.token.clear();
  return sha256(to_canonical_json(Json::object_of({{"request", ai::write_request(named)},
                                                   {"version", LOCKSTEP_VERSION},
                                                   {"worker", worker_sha256}})));
}

Result<AttackReport> attack_models(const Product& product,
                                   const AttackSettings& settings,
                                   const Files& files,
                                   Progress& progress) {
  AttackReport report;
  Attacker attacker(product, settings, files, progress);
  for (const ModelInput& model : product.models) {
    if (model.evasion.empty())
      report.not_checked.push_back({model.id, "the product file asks for no test of this model"});
    for (const EvasionTest& test : model.evasion) {
      if (!is_wanted(settings, test)) {
        report.not_checked.push_back({test.id, "left out by --only"});
        continue;
      }
      if (settings.begin_test) settings.begin_test(test.id);
      auto measured = attacker.measure(model, test);
      if (measured) {
        report.measured_at[test.id] = measured->at;
        report.keys[test.id] = measured->key;
        if (measured->details) report.details[test.id] = *std::move(measured->details);
        if (measured->is_reused) report.reused.push_back(test.id);
        report.measurements.push_back(std::move(measured->measurement));
      } else if (measured.error().kind == ErrorKind::interrupted) {
        return tl::unexpected<Error>(std::move(measured).error());
      } else {
        if (settings.parts != nullptr) TRY_VOID(settings.parts->heard(test.id));
        report.not_checked.push_back(
            {test.id, fmt::format("{} ({})", measured.error().message, measured.error().code)});
      }
    }
  }
  report.store_problems = std::move(attacker.store_problems);
  report.worker_sha256 = std::move(attacker.worker_sha256);
  return report;
}

Result<> measure_share(const Product& product,
                       const AttackSettings& settings,
                       const Files& files,
                       Progress& progress) {
  Attacker attacker(product, settings, files, progress);
  std::size_t number = 0;
  for (const ModelInput& model : product.models) {
    for (const EvasionTest& test : model.evasion) {
      if (!is_wanted(settings, test) || !settings.parts->rank().runs(number++)) continue;
      if (settings.begin_test) settings.begin_test(test.id);
      TRY_VOID(attacker.hand_in(model, test));
    }
  }
  return {};
}

/// It is no part of a dossier, which is the same whether a test was run or taken from the store.
void tell_about_store(const AttackReport& report, std::string_view again, Diagnostics& told) {
  for (const Error& problem : report.store_problems)
    told.warning("ai.not_reused",
                 fmt::format("a test was run anew, or its measurement could not be kept: {} ({})",
                             problem.message, problem.code),
                 problem.where);
  if (report.reused.empty()) return;
  std::string oldest = report.measured_at.at(report.reused.front());
  for (const std::string& test : report.reused)
    oldest = std::min(oldest, report.measured_at.at(test));
  told.note("ai.reused",
            fmt::format("{} of {} tests were measured before with everything the same (the oldest "
                        "at {}) and were not run again; `{}` runs them",
                        report.reused.size(), report.measurements.size(), oldest, again));
}

void hold_to_lock(std::vector<DeclaredVerdict>& verdicts,
                  std::span<const risks::ThresholdCheck> checks) {
  for (DeclaredVerdict& verdict : verdicts) {
    const std::string id =
        risks::declared_id(verdict.model_id, verdict.test.declared, verdict.data);
    const auto check = std::ranges::find(checks, id, &risks::ThresholdCheck::test);
    if (check != checks.end()) verdict = risks::with_check(std::move(verdict), *check);
  }
}

std::vector<TestVerdict> judge_tests(std::span<const Measurement> measurements,
                                     std::span<const risks::ThresholdCheck> checks) {
  std::vector<Threshold> thresholds;
  std::vector<const risks::ThresholdCheck*> found;
  for (const Measurement& measurement : measurements) {
    const auto check = std::ranges::find(checks, measurement.id, &risks::ThresholdCheck::test);
    found.push_back(check == checks.end() ? nullptr : &*check);
    thresholds.push_back(check == checks.end() ? Threshold{} : check->threshold);
  }
  std::vector<TestVerdict> verdicts = risks::judge_all(measurements, thresholds);
  for (std::size_t i = 0; i < verdicts.size(); ++i)
    if (found[i] != nullptr) verdicts[i] = risks::with_check(std::move(verdicts[i]), *found[i]);
  return verdicts;
}

}  // namespace lockstep::app
