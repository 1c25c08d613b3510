// SPDX-License-Identifier: Apache-2.0
// `lockstep ai universal`: one change that deceives a classifier on samples it was not made from.
#pragma once

#include <cstdint>
#include <string>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/preprocessing.hpp"
#include "domain/universal.hpp"

namespace lockstep::app {

struct UniversalRequest {
  std::string program;  ///< lockstep-attack; "" for the one beside this program
  std::string model;
  std::string data;
  Preprocessing preprocessing;
  UniversalChange change;
  std::string file;  ///< where the change is kept: .npy, or .png of pictures; "" for nowhere
  int steps = 500;
  std::int64_t samples = 1000;
  std::uint64_t seed = 1;
  int threads = 1;
  std::string device = "cpu";  ///< or "cuda"
};

/// Errors: ai.*, onnx.*, npz.*, file.*.
Result<UniversalReport> universal(const UniversalRequest& request, Progress& progress);

/// lockstep/universal/1, as pretty text.
std::string universal_document(const UniversalReport& report, int exit);

}  // namespace lockstep::app
