// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>
#include <string>

#include "ai/protocol.hpp"

namespace lockstep::ai {

/// Runs one folder in the layout of the ONNX backend tests: model.onnx, and in each
/// test_data_set_* the tensors input_N.pb and output_N.pb. An output equals the expected one when
/// type and shape do, and each element is within 1e-7 + 1e-3 * |expected|; NaN equals NaN.
/// @param device where the net is computed
/// Source: ONNX backend test runner.
ConformanceCase run_conformance(const std::string& folder, at::Device device = at::kCPU);

}  // namespace lockstep::ai
