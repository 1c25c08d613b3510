// SPDX-License-Identifier: Apache-2.0
// The model and the data of a request, ready to be used.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ai/protocol.hpp"
#include "ai/worker/data/data_set.hpp"
#include "ai/worker/data/loaded.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "ai/worker/nets/endpoint.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// A classifier, and what it is by path and digest.
struct LoadedClassifier {
  Classifier classifier;
  FileRef file;  ///< of a model behind an address: the address without its query, and no digest
};

/// The data of a request, and the samples in it that fit the net.
struct LoadedData {
  DataSet set;
  Samples samples;
};

/// Where a file lies; "." for a bare name.
std::string folder_of(const std::string& path);

/// The request's model file. Errors: ai.gradients for a model behind an address; file.*, ai.digest.
Result<Loaded> load_file(const WorkerRequest& request);

/// A net of a file, with the request's preprocessing in front of it.
/// @param path of the file, for messages and for what lies beside it
Result<Net> load_net(const Loaded& file, const std::string& path, const WorkerRequest& request);

/// The service behind an address, as the request says how to ask it.
Result<std::shared_ptr<Endpoint>> open_endpoint(const std::string& url,
                                                const WorkerRequest& request);

/// A classifier of a net, on the device that the request names. Errors: those of Classifier::build,
/// ai.device.
Result<Classifier> build_classifier(
    Net net,
    const std::string& path,
    const WorkerRequest& request,
    Classifier::Randomness randomness = Classifier::Randomness::refused);

/// A classifier of a file, or the one behind an address.
/// @param path of the request's model, or of one to compare it with @param digest "" for none
Result<LoadedClassifier> load_classifier(
    const std::string& path,
    const std::string& digest,
    const WorkerRequest& request,
    Classifier::Randomness randomness = Classifier::Randomness::refused);

/// The samples of the request's data that fit the classifier, `wanted` at most.
Result<LoadedData> load_data(const WorkerRequest& request,
                             const Classifier& classifier,
                             std::int64_t wanted);

}  // namespace lockstep::ai
