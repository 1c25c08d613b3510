// SPDX-License-Identifier: Apache-2.0
// What a worker is asked about spoilt pictures, and its answer, as values of the protocol
// (protocol.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/corruption.hpp"

namespace lockstep::ai {

struct CorruptionPlan {
  std::vector<std::string> corruptions;  ///< their names; empty: all
  std::vector<int> severities;           ///< 1 to 5; empty: all
  std::string baseline;         ///< path of another model on the same pictures; "" for none
  std::int64_t samples = 1000;  ///< the first so many of the data set
  std::int64_t batch_size = 128;
  std::uint64_t seed = 1;

  bool operator==(const CorruptionPlan&) const = default;
};

/// To JSON and back. Errors of the readers: ai.protocol.
Json to_json(const CorruptionPlan& plan);
Result<CorruptionPlan> read_corruption_plan(const Json& json);
Json to_json(const CorruptionReport& report);
Result<CorruptionReport> read_corruption_report(const Json& json);

}  // namespace lockstep::ai
