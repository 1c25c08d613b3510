// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "store/store.hpp"

namespace lockstep::store {

/// Keeps everything until it is destroyed: for tests, and for runs that shall leave no trace.
class MemoryStore final : public Store {
 public:
  Result<> append(std::span<const Evidence> evidence) override;
  Result<std::vector<EvidenceRow>> evidence() const override;
  Result<Saved> save(const StoredRun& run, std::span<const Evidence> evidence) override;
  Result<std::optional<StoredRun>> load(const std::string& run_id) const override;
  Result<std::vector<RunSummary>> runs() const override;
  Result<> keep(const StoredMeasurement& measurement) override;
  Result<std::optional<StoredMeasurement>> measurement(const std::string& key) const override;
  Result<ChainHead> head() const override;
  Result<ChainReport> verify() const override;

 private:
  void add(const Evidence& evidence);

  std::vector<ChainRow> rows_;
  ChainHead head_ = empty_head();
  std::vector<StoredRun> runs_;
  std::map<std::int64_t, StoredMeasurement> measurements_;  ///< by row of the chain
};

}  // namespace lockstep::store
