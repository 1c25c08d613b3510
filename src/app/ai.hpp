// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/endpoint.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/certificate.hpp"
#include "domain/measurement.hpp"
#include "domain/model_description.hpp"
#include "domain/preprocessing.hpp"

namespace lockstep::app {

/// What a model file is. @param program lockstep-attack; "" for the one beside this program
/// Errors: ai.*, onnx.*, file.*.
Result<ModelDescription> inspect(const std::string& program,
                                 const std::string& model,
                                 Progress& progress);

/// lockstep/model/1, as pretty text.
std::string model_document(const ModelDescription& model, int exit);

/// What `lockstep ai evade` was asked. Epsilon is in input units after scaling to [0, 1].
struct EvadeRequest {
  std::string program;  ///< lockstep-attack; "" for the one beside this program
  std::string model;
  std::string data;
  std::string columns;  ///< description of the columns, when the data are a table
  std::string text;     ///< description of the texts, when the data are texts
  Preprocessing preprocessing;
  EndpointAccess access;  ///< for a model that is an address
  std::string attack = "pgd";
  std::string norm = "linf";
  double epsilon = 0;
  std::string target;  ///< class to reach: "second", "next" or a number; "" for any wrong one
  int steps = 0;       ///< 0: as each attack's authors say
  int restarts = 1;
  int passes = 1;  ///< averaged over the randomness of a model
  std::int64_t samples = 1000;
  std::int64_t batch_size = 128;
  bool is_start_random = true;
  bool is_best_kept = true;
  std::vector<double> curve;
  std::uint64_t seed = 1;
  int threads = 1;
  std::string device = "cpu";  ///< or "cuda"
};

/// Errors: ai.*, onnx.*, npz.*, file.*.
Result<Measurement> evade(const EvadeRequest& request, Progress& progress);

/// lockstep/evasion/1, as pretty text.
std::string evasion_document(const Measurement& measurement, int exit);

/// What `lockstep ai certify` was asked: a property when `property` is not empty, smoothing when
/// sigma is above 0, else bounds.
struct CertifyRequest {
  std::string program;  ///< lockstep-attack; "" for the one beside this program
  std::string model;
  std::string data;
  std::string columns;
  Preprocessing preprocessing;
  std::string method = "crown";
  std::string norm = "linf";
  double epsilon = 0;
  std::int64_t samples = 100;
  double sigma = 0;
  std::int64_t draws = 1000;
  std::int64_t selection_draws = 100;
  double alpha = 0.001;
  bool is_prediction = false;
  std::string property;
  double timeout_seconds = 60;
  std::uint64_t seed = 1;
  int threads = 1;
  std::string device = "cpu";  ///< or "cuda"
};

/// Errors: ai.*, onnx.*, npz.*, file.*.
Result<Certificate> certify(const CertifyRequest& request, Progress& progress);

/// Errors: ai.*, onnx.*, vnnlib.*, file.*.
Result<PropertyAnswer> certify_property(const CertifyRequest& request, Progress& progress);

/// lockstep/certificate/1, as pretty text.
std::string certificate_document(const Certificate& certificate, int exit);
std::string certificate_document(const PropertyAnswer& answer, int exit);

/// How the folders of ONNX backend tests came out.
struct ConformanceReport {
  std::vector<std::string>
      lines;  ///< "PASS name", "FAIL name: reason", "UNSUPPORTED name: operator"
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t unsupported = 0;
};

/// @param device where the nets are computed: "cpu" or "cuda"
/// Errors: ai.*.
Result<ConformanceReport> conformance(const std::string& program,
                                      const std::vector<std::string>& folders,
                                      const std::string& device,
                                      Progress& progress);

}  // namespace lockstep::app
