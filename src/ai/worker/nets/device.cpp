// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/device.hpp"

#include <ATen/Context.h>
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string_view>

namespace lockstep::ai {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

struct Place {
  std::string_view name;  ///< of a standard operator, or of the one that a TorchScript module is
  std::size_t inputs;
};

/// Sorted by name. What is not here is computed by the processor, its inputs fetched from the
/// device where they lie there.
constexpr std::array places{
    Place{"Abs", all},
    Place{"Add", all},
    Place{"ArgMax", 1},
    Place{"ArgMin", 1},
    Place{"Attention", all},
    Place{"AveragePool", all},
    Place{"BatchNormalization", all},
    Place{"Cast", 1},
    Place{"CastLike", 1},
    Place{"Ceil", all},
    Place{"Celu", all},
    Place{"CenterCropPad", 1},
    Place{"Clip", 1},
    Place{"Concat", all},
    Place{"Conv", all},
    Place{"ConvTranspose", all},
    Place{"Cos", all},
    Place{"CumSum", 1},
    Place{"DepthToSpace", all},
    Place{"DequantizeLinear", all},
    Place{"Div", all},
    Place{"Einsum", all},
    Place{"Elu", all},
    Place{"Equal", all},
    Place{"Erf", all},
    Place{"Exp", all},
    Place{"Expand", 1},
    Place{"EyeLike", 1},
    Place{"Flatten", all},
    Place{"Floor", all},
    Place{"Forward", 1},
    Place{"GRU", all},
    Place{"Gather", all},
    Place{"GatherElements", all},
    Place{"Gelu", all},
    Place{"Gemm", all},
    Place{"GlobalAveragePool", all},
    Place{"GlobalLpPool", all},
    Place{"GlobalMaxPool", all},
    Place{"Greater", all},
    Place{"GreaterOrEqual", all},
    Place{"GroupNormalization", all},
    Place{"HardSigmoid", all},
    Place{"HardSwish", all},
    Place{"Hardmax", all},
    Place{"Identity", all},
    Place{"InstanceNormalization", all},
    Place{"LRN", all},
    Place{"LSTM", all},
    Place{"LayerNormalization", all},
    Place{"LeakyRelu", all},
    Place{"Less", all},
    Place{"LessOrEqual", all},
    Place{"Log", all},
    Place{"LogSoftmax", all},
    Place{"LpNormalization", all},
    Place{"LpPool", all},
    Place{"MatMul", all},
    Place{"Max", all},
    Place{"MaxPool", all},
    Place{"Mean", all},
    Place{"MeanVarianceNormalization", all},
    Place{"Min", all},
    Place{"Mish", all},
    Place{"Mul", all},
    Place{"Neg", all},
    Place{"Not", all},
    Place{"PRelu", all},
    Place{"Pad", 1},
    Place{"Pow", all},
    Place{"QuantizeLinear", all},
    Place{"RMSNormalization", all},
    Place{"RNN", all},
    Place{"Reciprocal", all},
    Place{"ReduceL1", 1},
    Place{"ReduceL2", 1},
    Place{"ReduceLogSum", 1},
    Place{"ReduceLogSumExp", 1},
    Place{"ReduceMax", 1},
    Place{"ReduceMean", 1},
    Place{"ReduceMin", 1},
    Place{"ReduceProd", 1},
    Place{"ReduceSum", 1},
    Place{"ReduceSumSquare", 1},
    Place{"Relu", all},
    Place{"Reshape", 1},
    Place{"Resize", 1},
    Place{"RotaryEmbedding", all},
    Place{"Round", all},
    Place{"ScatterElements", all},
    Place{"Selu", all},
    Place{"Shape", 1},
    Place{"Sigmoid", all},
    Place{"Sign", all},
    Place{"Sin", all},
    Place{"Size", 1},
    Place{"Slice", 1},
    Place{"Softmax", all},
    Place{"Softplus", all},
    Place{"Softsign", all},
    Place{"SpaceToDepth", all},
    Place{"Split", 1},
    Place{"Sqrt", all},
    Place{"Squeeze", 1},
    Place{"Sub", all},
    Place{"Sum", all},
    Place{"Swish", all},
    Place{"Tanh", all},
    Place{"ThresholdedRelu", all},
    Place{"Tile", 1},
    Place{"TopK", 1},
    Place{"Transpose", all},
    Place{"Trilu", 1},
    Place{"Unsqueeze", 1},
    Place{"Upsample", 1},
    Place{"Where", all},
};
static_assert(std::ranges::is_sorted(places, {}, &Place::name));

}  // namespace

Result<at::Device> open_device(const std::string& name) {
  if (name == "cpu") return at::Device(at::kCPU);
  if (name != "cuda")
    return fail(ErrorKind::usage, "ai.device", "expected the device cpu or cuda, found " + name);
  if (!at::hasCUDA() || at::getNumGPUs() == 0)
    return fail(ErrorKind::usage, "ai.device",
                at::hasCUDA() ? "expected a card that CUDA can use, found none"
                              : "expected a LibTorch with CUDA behind lockstep-attack, found one "
                                "without; build it against such a LibTorch, or leave out "
                                "--device");
  // TF32 keeps 10 bits of a float32's 23; and what is tried out on the card differs between runs.
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setBenchmarkCuDNN(false);
  at::globalContext().setDeterministicCuDNN(true);
  return at::Device(at::kCUDA, 0);
}

std::size_t inputs_on_device(const OperatorRow& row) {
  if (!row.domain.empty() && row.domain != "torchscript") return 0;
  const auto* const found = std::ranges::lower_bound(places, row.name, {}, &Place::name);
  return found != places.end() && found->name == row.name ? found->inputs : 0;
}

std::int64_t rows_on_device(const std::vector<std::int64_t>& sample_shape) {
  constexpr std::uint64_t rows_max = 1024;
  constexpr std::uint64_t elements = std::uint64_t{1} << 23U;  // of all samples of a question
  std::uint64_t sample = 1;
  for (const std::int64_t size : sample_shape)
    sample *= static_cast<std::uint64_t>(std::max<std::int64_t>(size, 1));
  return static_cast<std::int64_t>(
      std::bit_floor(std::clamp<std::uint64_t>(elements / sample, 1, rows_max)));
}

}  // namespace lockstep::ai
