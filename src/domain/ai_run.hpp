// SPDX-License-Identifier: Apache-2.0
// One run of the tests that a product file asks for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/attack_details.hpp"
#include "domain/dossier.hpp"

namespace lockstep {

/// An adversarial example as pictures for people: the bytes of PNG files.
struct ExamplePictures {
  std::int64_t index = 0;  ///< of the sample in the data
  std::string original;
  std::string perturbed;
  std::string difference;
};

/// What is known about a test beside its measurement and verdict.
struct AiTestRun {
  std::string measured_at;  ///< RFC 3339
  bool is_reused = false;   ///< measured before with everything the same
  AttackDetails details;
  std::vector<std::string> files;         ///< below the folder of artefacts, in order
  std::vector<ExamplePictures> pictures;  ///< the nearest ones, nearest first
};

struct AiRun {
  /// The parts of a dossier that tests fill: product, inputs, measurements, verdicts, metrics,
  /// declared, what was not checked, seed.
  Dossier dossier;
  std::map<std::string, AiTestRun> tests;  ///< by id
  std::string worker_sha256;
  State state = State::not_checked;  ///< the worst of all tests and declared values
  int exit = 0;
};

}  // namespace lockstep
