// SPDX-License-Identifier: Apache-2.0
#include "store/memory_store.hpp"

#include <algorithm>

#include "base/digest.hpp"

namespace lockstep::store {

void MemoryStore::add(const Evidence& evidence) {
  rows_.push_back(next_row(head_, evidence));
  head_ = {rows_.back().number, rows_.back().digest};
}

Result<> MemoryStore::append(std::span<const Evidence> evidence) {
  for (const Evidence& one : evidence)
    add(one);
  return {};
}

Result<std::vector<EvidenceRow>> MemoryStore::evidence() const {
  std::vector<EvidenceRow> rows;
  for (const ChainRow& row : rows_) {
    TRY(auto one, evidence_of(row));
    rows.push_back(std::move(one));
  }
  return rows;
}

Result<Saved> MemoryStore::save(const StoredRun& run, std::span<const Evidence> evidence) {
  if (std::ranges::find(runs_, run.id, &StoredRun::id) != runs_.end()) return Saved::before;
  for (const Evidence& one : evidence)
    add(one);
  add(dossier_evidence(run));
  runs_.push_back(run);
  return Saved::now;
}

Result<std::optional<StoredRun>> MemoryStore::load(const std::string& run_id) const {
  const auto found = std::ranges::find(runs_, run_id, &StoredRun::id);
  if (found == runs_.end()) return std::nullopt;
  return *found;
}

Result<std::vector<RunSummary>> MemoryStore::runs() const {
  std::vector<RunSummary> summaries;
  for (const StoredRun& run : runs_)
    summaries.push_back({run.id, run.as_of, run.made_at});
  return summaries;
}

Result<> MemoryStore::keep(const StoredMeasurement& measurement) {
  add(measurement_evidence(measurement));
  measurements_.emplace(head_.count, measurement);
  return {};
}

Result<std::optional<StoredMeasurement>> MemoryStore::measurement(const std::string& key) const {
  for (auto one = measurements_.rbegin(); one != measurements_.rend(); ++one) {
    if (one->second.key != key) continue;
    TRY(auto found, checked_measurement(rows_, head_, one->first, key, one->second.body));
    return found;
  }
  return std::nullopt;
}

Result<ChainHead> MemoryStore::head() const {
  return head_;
}

Result<ChainReport> MemoryStore::verify() const {
  KeptDigests kept;
  for (const StoredRun& run : runs_)
    kept.runs.push_back(dossier_evidence(run));
  for (const auto& [row, measurement] : measurements_)
    kept.measurements.push_back({row, measurement.key, sha256(measurement.body)});
  return check_chain(rows_, head_, kept);
}

}  // namespace lockstep::store
