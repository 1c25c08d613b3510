// SPDX-License-Identifier: Apache-2.0
// What a worker is asked to prove, and its answers, as values of the protocol (protocol.hpp).
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/certificate.hpp"

namespace lockstep::ai {

/// Randomised smoothing, as its authors run it.
struct SmoothingPlan {
  double sigma = 0;                    ///< > 0, in input units after scaling to [0, 1]
  std::int64_t selection_draws = 100;  ///< to choose the class
  std::int64_t draws = 1000;           ///< to bound its probability
  double alpha = 0.001;                ///< in (0, 1): that one radius is wrong
  bool is_prediction = false;          ///< PREDICT: the class alone, without a radius
  std::int64_t batch_size = 128;
  std::uint64_t seed = 1;

  bool operator==(const SmoothingPlan&) const = default;
};

/// What is to be proved: a property, radii by smoothing, or bounds around samples.
struct CertificatePlan {
  enum class Kind { bounds, smoothing, property };
  Kind kind = Kind::bounds;
  std::string method = "crown";  ///< of bounds: ibp, crown-ibp, crown, alpha-crown
  std::string norm = "linf";     ///< linf or l2
  double epsilon = 0;            ///< > 0 with bounds
  std::int64_t samples = 100;    ///< the first so many of the data set
  std::string property;          ///< path of a .vnnlib file
  double timeout_seconds = 60;   ///< of a property
  SmoothingPlan smoothing;

  bool operator==(const CertificatePlan&) const = default;
};

/// To JSON and back. Errors of the readers: ai.protocol.
Json to_json(const CertificatePlan& plan);
Result<CertificatePlan> read_certificate_plan(const Json& json);
Json to_json(const Certificate& certificate);
Result<Certificate> read_certificate(const Json& json);
Json to_json(const PropertyAnswer& answer);
Result<PropertyAnswer> read_property_answer(const Json& json);

}  // namespace lockstep::ai
