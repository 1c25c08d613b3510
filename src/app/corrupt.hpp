// SPDX-License-Identifier: Apache-2.0
// `lockstep ai corrupt`: a classifier on pictures that nobody attacked, but that were spoilt.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/endpoint.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/corruption.hpp"
#include "domain/preprocessing.hpp"

namespace lockstep::app {

struct CorruptRequest {
  std::string program;  ///< lockstep-attack; "" for the one beside this program
  std::string model;
  std::string data;
  Preprocessing preprocessing;
  EndpointAccess access;                 ///< for a model that is an address
  std::vector<std::string> corruptions;  ///< empty: all
  std::vector<int> severities;           ///< 1 to 5; empty: all
  std::string against;                   ///< another model, to compare with; "" for none
  std::int64_t samples = 1000;
  std::int64_t batch_size = 128;
  std::uint64_t seed = 1;
  int threads = 1;
  std::string device = "cpu";  ///< or "cuda"
};

/// Errors: ai.*, onnx.*, npz.*, file.*.
Result<CorruptionReport> corrupt(const CorruptRequest& request, Progress& progress);

/// lockstep/corruption/1, as pretty text.
std::string corruption_document(const CorruptionReport& report, int exit);

}  // namespace lockstep::app
