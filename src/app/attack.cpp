// SPDX-License-Identifier: Apache-2.0
#include "app/attack.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>

#include "ai/runner.hpp"
#include "ai/text_description.hpp"
#include "app/inputs.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/tree_digest.hpp"
#include "risks/attack_success.hpp"

namespace lockstep::app {
namespace {

constexpr std::string_view made_by = "lockstep " LOCKSTEP_VERSION;

/// A measurement, and where it comes from.
struct Measured {
  Measurement measurement;
  std::optional<AttackDetails> details;
  std::string key;
  std::string at;  ///< RFC 3339
  bool is_reused = false;
};

/// The description of texts, and the digests of it and of the vocabulary that it names.
Result<> name_texts(const std::string& path, const Files& files, ai::DataOptions& options) {
  constexpr std::uint64_t description_bytes_max = std::uint64_t{16} << 20U;
  options.text = path;
  TRY(options.text_sha256, files.digest(path));
  TRY(const std::string bytes, files.read(path, description_bytes_max));
  Diagnostics problems;
  const auto description = ai::read_text_description(bytes, path, problems);
  // The worker reads it again, and tells its problems.
  if (!description || description->vocabulary.empty()) return {};
  const std::string vocabulary = beside(path, description->vocabulary);
  if (!files.exists(vocabulary)) return {};
  TRY(options.vocabulary_sha256, files.digest(vocabulary));
  return {};
}

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

  Result<Measured> measure(const ModelInput& model, const EvasionTest& test);

 private:
  Result<ai::WorkerRequest> request_for(const ModelInput& model, const EvasionTest& test) const;
  Result<Measured> fresh(const std::string& worker,
                         ai::WorkerRequest request,
                         const std::string& key);
  bool are_examples_there(const std::string& key, const AttackDetails& details) const;
  std::optional<Measured> kept(const std::string& key);
  void keep(const std::string& key, const Measured& measured);

  const Product& product_;
  const AttackSettings& settings_;
  const Files& files_;
  Progress& progress_;
};

/// The worker holds model and data against the digests, so that what was measured is what the key
/// names.
Result<ai::WorkerRequest> Attacker::request_for(const ModelInput& model,
                                                const EvasionTest& test) const {
  ai::WorkerRequest request = ai::request_of(test, model, beside(product_.path, model.path),
                                             beside(product_.path, model.data), settings_.seed);
  request.threads = settings_.threads;
  TRY(request.model_sha256, files_.digest(request.model));
  TRY(request.data_sha256, digest_of_data(files_, request.data));
  if (!model.columns.empty()) {
    request.data_options.columns = beside(product_.path, model.columns);
    TRY(request.data_options.columns_sha256, files_.digest(request.data_options.columns));
  }
  if (!model.text.empty())
    TRY_VOID(name_texts(beside(product_.path, model.text), files_, request.data_options));
  return request;
}

/// Whether the file of examples is the one that was kept with the measurement.
bool Attacker::are_examples_there(const std::string& key, const AttackDetails& details) const {
  if (settings_.examples_folder.empty()) return false;
  if (details.examples_sha256.empty()) return details.examples.empty();
  const auto digest = files_.digest(examples_path(settings_.examples_folder, key));
  return digest && *digest == details.examples_sha256;
}

/// The measurement of this key, when the store has one that can be trusted.
std::optional<Measured> Attacker::kept(const std::string& key) {
  if (settings_.store == nullptr || settings_.reuse == Reuse::no) return std::nullopt;
  const auto found = settings_.store->measurement(key);
  if (!found) {
    store_problems.push_back(found.error());
    return std::nullopt;
  }
  if (!*found) return std::nullopt;
  Diagnostics problems;
  const auto json = parse_json((*found)->body, "", problems);
  auto measurement = json ? ai::read_measurement(*json) : tl::unexpected<Error>(json.error());
  if (!measurement) {
    store_problems.push_back(measurement.error());
    return std::nullopt;
  }
  Measured measured{*std::move(measurement), {}, key, (*found)->made_at, true};
  if (const auto details = ai::read_attack_details((*json)["details"]))
    if (are_examples_there(key, *details)) measured.details = *details;
  if (settings_.examples == Examples::needed && !measured.details) return std::nullopt;
  return measured;
}

void Attacker::keep(const std::string& key, const Measured& measured) {
  if (settings_.store == nullptr) return;
  Json body = ai::to_json(measured.measurement);
  if (measured.details) body.set("details", ai::to_json(*measured.details));
  const auto done = settings_.store->keep(
      {key, measured.measurement.id, std::string(made_by), measured.at, to_canonical_json(body)});
  if (!done) store_problems.push_back(done.error());
}

/// The test, run now.
Result<Measured> Attacker::fresh(const std::string& worker,
                                 ai::WorkerRequest request,
                                 const std::string& key) {
  Measured measured{{}, {}, key, settings_.now, false};
  if (settings_.examples_folder.empty()) {
    TRY(measured.measurement, ai::run_evasion({worker, {}}, request, progress_));
  } else {
    request.examples = examples_path(settings_.examples_folder, key);
    TRY(ai::TestResult test, ai::run_test({worker, {}}, request, progress_));
    measured.measurement = std::move(test.measurement);
    measured.details = std::move(test.details);
  }
  return measured;
}

/// One test; the paths in the measurement are those of the product file, so that the same product
/// gives the same bytes wherever it lies.
Result<Measured> Attacker::measure(const ModelInput& model, const EvasionTest& test) {
  TRY(const std::string worker, ai::find_worker(settings_.program));
  TRY(ai::WorkerRequest request, request_for(model, test));
  TRY(worker_sha256, files_.digest(worker));
  const std::string key = measurement_key(request, worker_sha256);
  std::optional<Measured> measured = kept(key);
  if (!measured) {
    TRY(measured, fresh(worker, std::move(request), key));
    keep(key, *measured);
  }
  measured->measurement.model.path = model.path;
  measured->measurement.data.path = model.data;
  return *std::move(measured);
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
  named.model.clear();
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
      if (!settings.only.empty() &&
          std::ranges::find(settings.only, test.id) == settings.only.end()) {
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
        report.not_checked.push_back(
            {test.id, fmt::format("{} ({})", measured.error().message, measured.error().code)});
      }
    }
  }
  report.store_problems = std::move(attacker.store_problems);
  report.worker_sha256 = std::move(attacker.worker_sha256);
  return report;
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
