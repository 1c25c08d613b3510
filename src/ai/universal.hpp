// SPDX-License-Identifier: Apache-2.0
// What a worker is asked about one change for all samples, and its answer, as values of the
// protocol (protocol.hpp).
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/universal.hpp"

namespace lockstep::ai {

struct UniversalPlan {
  UniversalChange change;
  int steps = 500;
  std::int64_t samples = 1000;  ///< the first so many of the data set; half of them are held out
  std::uint64_t seed = 1;
  std::string file;  ///< where the change is kept: .npy, or .png of pictures; "" for nowhere

  bool operator==(const UniversalPlan&) const = default;
};

/// To JSON and back. Errors of the readers: ai.protocol.
Json to_json(const UniversalPlan& plan);
Result<UniversalPlan> read_universal_plan(const Json& json);
Json to_json(const UniversalReport& report);
Result<UniversalReport> read_universal_report(const Json& json);

}  // namespace lockstep::ai
