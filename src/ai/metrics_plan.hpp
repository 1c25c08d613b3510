// SPDX-License-Identifier: Apache-2.0
// What a worker is asked to measure of a classifier, and its answer, as values of the protocol
// (protocol.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

struct MetricsPlan {
  std::int64_t samples = 0;  ///< the first so many of the data set; 0: all
  std::int64_t batch_size = 128;
  std::uint64_t seed = 1;
  std::int64_t resamples = 2000;         ///< of the bootstrap
  std::string groups;                    ///< array of groups; "": "groups", where there is one
  std::vector<DeclaredMetric> declared;  ///< values to hold against the samples
  std::int64_t family = 0;               ///< values declared of the model, if more than those
  std::string other;                     ///< a model to compare with; "" for none
  std::string other_sha256;              ///< "" when it is not known

  bool operator==(const MetricsPlan&) const = default;
};

/// To JSON and back. Errors of the readers: ai.protocol.
Json to_json(const MetricsPlan& plan);
Result<MetricsPlan> read_metrics_plan(const Json& json);
Json to_json(const Metrics& metrics);
Result<Metrics> read_metrics(const Json& json);

}  // namespace lockstep::ai
