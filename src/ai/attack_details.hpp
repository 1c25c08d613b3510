// SPDX-License-Identifier: Apache-2.0
// What a worker says about single samples under attack, as values of the protocol (protocol.hpp).
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/attack_details.hpp"

namespace lockstep::ai {

/// To JSON and back. Errors of the reader: ai.protocol.
Json to_json(const AttackDetails& details);
Result<AttackDetails> read_attack_details(const Json& json);

}  // namespace lockstep::ai
