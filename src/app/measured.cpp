// SPDX-License-Identifier: Apache-2.0
#include "app/measured.hpp"

#include "ai/attack_details.hpp"
#include "ai/protocol.hpp"

namespace lockstep::app {

Json to_json(const MeasuredTest& measured) {
  Json json = ai::to_json(measured.measurement);
  if (measured.details) json.set("details", ai::to_json(*measured.details));
  return json;
}

Result<MeasuredTest> read_measured_test(const Json& json) {
  MeasuredTest measured;
  TRY(measured.measurement, ai::read_measurement(json));
  if (auto details = ai::read_attack_details(json["details"]))
    measured.details = *std::move(details);
  return measured;
}

}  // namespace lockstep::app
