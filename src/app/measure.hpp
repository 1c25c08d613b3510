// SPDX-License-Identifier: Apache-2.0
// `lockstep ai measure`: a classifier's metrics on a data set, and what they say of declared
// values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/endpoint.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/metrics.hpp"
#include "domain/preprocessing.hpp"

namespace lockstep::app {

struct MeasureRequest {
  std::string program;  ///< lockstep-attack; "" for the one beside this program
  std::string model;
  std::string data;
  std::string columns;  ///< description of the columns, when the data are a table
  std::string text;     ///< description of the texts, when the data are texts
  Preprocessing preprocessing;
  EndpointAccess access;     ///< for a model that is an address
  std::int64_t samples = 0;  ///< the first so many; 0: all
  std::int64_t batch_size = 128;
  std::string groups;  ///< array with the group of each sample; "": "groups", where there is one
  std::vector<DeclaredMetric> declared;
  std::string against;  ///< another model, to compare with; "" for none
  std::int64_t resamples = 2000;
  std::uint64_t seed = 1;
  int threads = 1;
  std::string device = "cpu";  ///< or "cuda"
};

struct Measured {
  Metrics metrics;
  std::vector<DeclaredVerdict> declared;
};

/// Errors: ai.*, onnx.*, npz.*, file.*.
Result<Measured> measure(const MeasureRequest& request, Progress& progress);

/// lockstep/metrics/1, as pretty text.
std::string metrics_document(const Measured& measured, int exit);

/// How many trials of which so many may fail show a declared share.
struct PlanRow {
  std::int64_t errors = 0;
  std::int64_t samples = 0;  ///< 0: more than is feasible
};

/// The trials that a declared value needs, for a rising number of errors. The metric is a share of
/// a count: accuracy, precision, recall, f1. Errors: usage.metric for another.
Result<std::vector<PlanRow>> sample_plan(const DeclaredMetric& declared);

/// What the trials of such a metric are: "samples of the class".
std::string_view trials_of(std::string_view metric);

}  // namespace lockstep::app
