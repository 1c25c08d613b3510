// SPDX-License-Identifier: Apache-2.0
#include "app/thresholds.hpp"

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
  LockReport report{
      path, risks::lock_thresholds(risks::planned_thresholds(product), before, approver, now)};
  TRY_VOID(files.write(path, risks::write_thresholds(report.locked)));
  return report;
}

Result<std::vector<risks::ThresholdCheck>> check_thresholds(
    const Product& product,
    const Files& files,
    const std::map<std::string, Instant>& first_results,
    Diagnostics& problems) {
  TRY(const auto locked, read_lock(thresholds_path(product.path), files, problems));
  return risks::verify_thresholds(risks::planned_thresholds(product), locked, first_results);
}

}  // namespace lockstep::app
