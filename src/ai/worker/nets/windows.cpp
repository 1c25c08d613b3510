// SPDX-License-Identifier: Apache-2.0
// Source: ONNX operator specifications of Conv, MaxPool and AveragePool: `pads`, `auto_pad`,
// `ceil_mode`.
#include "ai/worker/nets/windows.hpp"

#include <ATen/ops/constant_pad_nd.h>
#include <algorithm>

#include "ai/worker/limits.hpp"

namespace lockstep::ai {
namespace {

using Integers = std::vector<std::int64_t>;

Integers attribute_or(const Call& call,
                      std::string_view name,
                      std::size_t count,
                      std::int64_t value) {
  const auto given = call.integers(name);
  if (!given || given->empty()) return Integers(count, value);
  require(given->size() == count, "expected one number for each spatial axis");
  return *given;
}

}  // namespace

std::string auto_pad_of(const Call& call) {
  const std::string word = call.text("auto_pad", "NOTSET");
  if (word.empty()) return "NOTSET";
  require(word == "NOTSET" || word == "SAME_UPPER" || word == "SAME_LOWER" || word == "VALID",
          "expected auto_pad NOTSET, SAME_UPPER, SAME_LOWER or VALID");
  return word;
}

Windows windows_of(const Call& call, const Integers& sizes, Integers kernel) {
  Windows windows;
  const std::size_t axes = sizes.size();
  if (kernel.empty()) kernel = call.integers("kernel_shape").value_or(Integers{});
  require(kernel.size() == axes, "expected a kernel size for each spatial axis");
  windows.kernel = std::move(kernel);
  windows.strides = attribute_or(call, "strides", axes, 1);
  windows.dilations = attribute_or(call, "dilations", axes, 1);
  const Integers pads = attribute_or(call, "pads", 2 * axes, 0);
  const std::string automatic = auto_pad_of(call);
  const bool is_same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  const bool is_ceil = call.flag("ceil_mode");
  for (std::size_t i = 0; i < axes; ++i) {
    const std::int64_t stride = windows.strides[i];
    require(windows.kernel[i] > 0 && stride > 0 && windows.dilations[i] > 0 &&
                windows.kernel[i] < limits::elements && windows.dilations[i] < limits::elements &&
                stride < limits::elements,
            "expected kernel, strides and dilations of at least 1, within the limit");
    const std::int64_t reach = (windows.kernel[i] - 1) * windows.dilations[i] + 1;
    std::int64_t before = automatic == "VALID" ? 0 : pads[i];
    std::int64_t after = automatic == "VALID" ? 0 : pads[i + axes];
    if (is_same) {
      const std::int64_t positions = (sizes[i] + stride - 1) / stride;
      const std::int64_t total =
          std::max<std::int64_t>((positions - 1) * stride + reach - sizes[i], 0);
      before = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
      after = total - before;
    }
    require(std::abs(before) < limits::elements && std::abs(after) < limits::elements,
            "expected pads within the limit of elements");
    const std::int64_t room = sizes[i] + before + after - reach;
    require(room >= 0, "expected an input at least as large as the kernel");
    std::int64_t positions = room / stride + 1;
    if (is_ceil && automatic == "NOTSET") {  // VALID: ceil((room + 1) / stride), which is the same
      positions = (room + stride - 1) / stride + 1;
      // A window that would begin in the pads behind the input does not count.
      if ((positions - 1) * stride >= sizes[i] + before) --positions;
    }
    windows.before.push_back(before);
    windows.after.push_back(after);
    windows.outputs.push_back(positions);
  }
  return windows;
}

std::int64_t groups_of(const Call& call, const at::Tensor& x) {
  const std::int64_t groups = call.integer("group", 1);
  require(x.dim() >= 2 && groups > 0 && x.size(1) % groups == 0 && groups <= x.size(1),
          "expected channels that form groups");
  return groups;
}

at::Tensor padded(const at::Tensor& x,
                  const Integers& before,
                  const Integers& after,
                  double value) {
  Integers pads;
  for (std::size_t i = before.size(); i-- > 0;) {
    pads.push_back(before[i]);
    pads.push_back(after[i]);
  }
  if (std::ranges::all_of(pads, [](std::int64_t pad) { return pad == 0; })) return x;
  return at::constant_pad_nd(x, pads, value);
}

Integers spatial_sizes(const at::Tensor& x) {
  require(x.dim() >= 2, "expected an input [N, C, ...]");
  return x.sizes().slice(2).vec();
}

}  // namespace lockstep::ai
