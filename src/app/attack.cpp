// SPDX-License-Identifier: Apache-2.0
#include "app/attack.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ai/runner.hpp"
#include "app/inputs.hpp"
#include "risks/attack_success.hpp"

namespace lockstep::app {
namespace {

/// One test; the paths in the measurement are those of the product file, so that the same product
/// gives the same bytes wherever it lies.
Result<Measurement> measure(const Product& product,
                            const ModelInput& model,
                            const EvasionTest& test,
                            const AttackSettings& settings,
                            Progress& progress) {
  TRY(const std::string worker, ai::find_worker(settings.program));
  ai::WorkerRequest request = ai::request_of(test, model, beside(product.path, model.path),
                                             beside(product.path, model.data), settings.seed);
  request.threads = settings.threads;
  TRY(Measurement measurement, ai::run_evasion({worker, {}}, request, progress));
  measurement.id = test.id;
  measurement.model_id = model.id;
  measurement.model.path = model.path;
  measurement.data.path = model.data;
  return measurement;
}

}  // namespace

Result<AttackReport> attack_models(const Product& product,
                                   const AttackSettings& settings,
                                   Progress& progress) {
  AttackReport report;
  for (const ModelInput& model : product.models) {
    if (model.evasion.empty())
      report.not_checked.push_back({model.id, "the product file asks for no test of this model"});
    for (const EvasionTest& test : model.evasion) {
      auto measured = measure(product, model, test, settings, progress);
      if (measured) {
        report.measurements.push_back(std::move(*measured));
      } else if (measured.error().kind == ErrorKind::interrupted) {
        return tl::unexpected<Error>(std::move(measured).error());
      } else {
        report.not_checked.push_back(
            {test.id, fmt::format("{} ({})", measured.error().message, measured.error().code)});
      }
    }
  }
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
