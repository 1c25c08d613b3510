// SPDX-License-Identifier: Apache-2.0
// TorchScript archives (torch.jit.save): run by LibTorch's own interpreter, as one node of a net,
// so that attacks, preprocessing and checks know nothing of it. Such a net has no fused form and no
// bounds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ai/worker/nets/model.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Whether the bytes begin as an archive does. ONNX files never do.
bool looks_like_torchscript(std::string_view bytes);

/// A model of one node that runs the archive's `forward` in evaluation mode. Its code may compute
/// with tensors and do nothing else: an archive whose code reads files, warns or prints, or calls
/// operators that are not LibTorch's own, is refused.
/// @param sample the shape of a sample, which an archive does not say
/// @param file   the path, for messages
/// Errors: onnx.syntax when LibTorch cannot read it, onnx.operator for code that is refused,
/// onnx.limit.
Result<Model> read_torchscript(std::string bytes,
                               const std::vector<std::int64_t>& sample,
                               const std::string& file);

}  // namespace lockstep::ai
