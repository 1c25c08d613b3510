// SPDX-License-Identifier: Apache-2.0
// The reference nets and their images (LOCKSTEP_SHARED), for benchmarks of attacks; on the device
// that LOCKSTEP_DEVICE names, cpu where it names none.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "ai/worker/data/samples.hpp"
#include "ai/worker/evasion/campaign.hpp"
#include "ai/worker/limits.hpp"
#include "ai/worker/nets/device.hpp"
#include "base/check.hpp"
#include "base/files.hpp"

namespace lockstep::bench {

struct ReferenceNet {
  ai::Classifier net;
  ai::Samples samples;
};

/// Whether nets are computed on a device.
inline std::string device_name() {
  const char* device = std::getenv("LOCKSTEP_DEVICE");
  return device == nullptr ? "cpu" : device;
}

/// @param model its file's name without the ending; @param count images, the first ones
inline std::optional<ReferenceNet> reference_net(const std::string& model, std::int64_t count) {
  const char* shared = std::getenv("LOCKSTEP_SHARED");
  const std::string root = std::string(shared == nullptr ? "../shared" : shared) + "/ai/models/";
  const RealFiles files;
  const auto model_bytes = files.read(root + model + ".onnx", ai::limits::model_bytes);
  const auto data_bytes = files.read(root + "mnist_test1000.npz", ai::limits::data_bytes);
  if (!model_bytes || !data_bytes) return std::nullopt;
  auto read = ai::read_onnx(*model_bytes, "model", "");
  auto net = ai::Net::build(*std::move(read), "model");
  auto classifier = ai::Classifier::build(*std::move(net), "model");
  const auto device = ai::open_device(device_name());
  LS_CHECK(device.has_value(), "the device is there");
  if (!device->is_cpu()) LS_CHECK(classifier->use_device(*device), "the net fits the device");
  const auto arrays = ai::read_npz(*data_bytes, "data");
  auto samples = ai::samples_of(*arrays, classifier->sample_shape(), count, false, "data");
  return ReferenceNet{*std::move(classifier), *std::move(samples)};
}

}  // namespace lockstep::bench
