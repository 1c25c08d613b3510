// SPDX-License-Identifier: Apache-2.0
#include "app/attack.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "ai/runner.hpp"
#include "app/inputs.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "risks/attack_success.hpp"

namespace lockstep::app {
namespace {

constexpr std::string_view made_by = "lockstep " LOCKSTEP_VERSION;

/// A measurement, and where it comes from.
struct Measured {
  Measurement measurement;
  std::string at;  ///< RFC 3339
  bool is_reused = false;
};

/// Runs the tests of one product, one after the other.
class Attacker {
 public:
  Attacker(const Product& product,
           const AttackSettings& settings,
           const Files& files,
           Progress& progress)
      : product_(product), settings_(settings), files_(files), progress_(progress) {}

  std::vector<Error> store_problems;

  Result<Measured> measure(const ModelInput& model, const EvasionTest& test);

 private:
  Result<ai::WorkerRequest> request_for(const ModelInput& model, const EvasionTest& test) const;
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
  TRY(request.data_sha256, files_.digest(request.data));
  return request;
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
  return Measured{*std::move(measurement), (*found)->made_at, true};
}

void Attacker::keep(const std::string& key, const Measured& measured) {
  if (settings_.store == nullptr) return;
  const auto done =
      settings_.store->keep({key, measured.measurement.id, std::string(made_by), measured.at,
                             to_canonical_json(ai::to_json(measured.measurement))});
  if (!done) store_problems.push_back(done.error());
}

/// One test; the paths in the measurement are those of the product file, so that the same product
/// gives the same bytes wherever it lies.
Result<Measured> Attacker::measure(const ModelInput& model, const EvasionTest& test) {
  TRY(const std::string worker, ai::find_worker(settings_.program));
  TRY(const ai::WorkerRequest request, request_for(model, test));
  TRY(const std::string worker_sha256, files_.digest(worker));
  const std::string key = measurement_key(request, worker_sha256);
  std::optional<Measured> measured = kept(key);
  if (!measured) {
    TRY(Measurement fresh, ai::run_evasion({worker, {}}, request, progress_));
    fresh.id = test.id;
    fresh.model_id = model.id;
    measured = Measured{std::move(fresh), settings_.now, false};
    keep(key, *measured);
  }
  measured->measurement.model.path = model.path;
  measured->measurement.data.path = model.data;
  return *std::move(measured);
}

}  // namespace

std::string measurement_key(const ai::WorkerRequest& request, const std::string& worker_sha256) {
  ai::WorkerRequest named = request;
  named.model.clear();
  named.data.clear();
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
      auto measured = attacker.measure(model, test);
      if (measured) {
        report.measured_at[test.id] = measured->at;
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
  return report;
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
