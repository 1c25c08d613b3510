// SPDX-License-Identifier: Apache-2.0
#include "app/thresholds.hpp"

#include "app/data_files.hpp"
#include "app/declared.hpp"
#include "app/inputs.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t lock_bytes_max = std::uint64_t{16} << 20U;

/// What the lock file holds; empty when there is none.
Result<std::vector<risks::LockedThreshold>> read_lock(const std::string& path,
                                                      const Files& files,
                                                      Diagnostics& problems) {
  if (!files.exists(path)) return std::vector<risks::LockedThreshold>{};
  TRY(const std::string bytes, files.read(path, lock_bytes_max));
  return risks::read_thresholds(bytes, path, problems);
}

/// What says what the data of each model mean. Errors: file.*.
Result<std::map<std::string, std::string>> descriptions_of(const Product& product,
                                                           const Files& files) {
  std::map<std::string, std::string> descriptions;
  for (const ModelInput& model : product.models) {
    TRY(std::string text, description_of(product, model, files));
    if (!text.empty()) descriptions[model.id] = std::move(text);
  }
  return descriptions;
}

/// Results of declared values, under the names that the lock has for them.
std::map<std::string, Instant> with_declared(const Product& product,
                                             std::map<std::string, Instant> first_results) {
  for (const ModelInput& model : product.models)
    for (const DeclaredInput& entry : model.declared) {
      const std::string& data = entry.data.empty() ? model.data : entry.data;
      const auto found = first_results.find(subject_of(model.id, data));
      if (found != first_results.end())
        first_results[risks::declared_id(model.id, entry.declared, data)] = found->second;
    }
  return first_results;
}

}  // namespace

std::string thresholds_path(const std::string& product_file) {
  return beside(product_file, "thresholds.lock");
}

Result<LockReport> lock_thresholds(const std::string& product_file,
                                   const std::string& approver,
                                   Instant now,
                                   Files& files,
                                   Diagnostics& problems) {
  TRY(const Product product, read_product_file(product_file, files, problems));
  const std::string path = thresholds_path(product_file);
  TRY(const auto before, read_lock(path, files, problems));
  if (problems.has_errors())
    return fail(ErrorKind::input, "input.problems",
                "the thresholds were not locked; the lock file is as it was", {product_file, 0, 0});
  TRY(const auto descriptions, descriptions_of(product, files));
  LockReport report{path, risks::lock_thresholds(risks::planned_thresholds(product, descriptions),
                                                 before, approver, now)};
  TRY_VOID(files.write(path, risks::write_thresholds(report.locked)));
  return report;
}

Result<std::vector<risks::ThresholdCheck>> check_thresholds(
    const Product& product,
    const Files& files,
    const std::map<std::string, Instant>& first_results,
    Diagnostics& problems) {
  TRY(const auto locked, read_lock(thresholds_path(product.path), files, problems));
  TRY(const auto descriptions, descriptions_of(product, files));
  return risks::verify_thresholds(risks::planned_thresholds(product, descriptions), locked,
                                  with_declared(product, first_results));
}

}  // namespace lockstep::app
