// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/attack_details.hpp"
#include "domain/measurement.hpp"

namespace lockstep::app {

/// Whether a kept measurement may stand for a new one.
enum class Reuse { yes, no };

/// What a test measured, and where that comes from.
struct MeasuredTest {
  Measurement measurement;
  std::optional<AttackDetails> details;  ///< where adversarial examples are kept
  std::string key;                       ///< SHA-256 over everything that determines it
  std::string at;                        ///< RFC 3339
  bool is_reused = false;                ///< measured before this run
};

/// Measurement and details, as they are kept. Errors of the reader: ai.protocol; details that
/// cannot be read count as none.
Json to_json(const MeasuredTest& measured);
Result<MeasuredTest> read_measured_test(const Json& json);

}  // namespace lockstep::app
