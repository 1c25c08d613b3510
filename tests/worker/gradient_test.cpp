// SPDX-License-Identifier: Apache-2.0
// Gradients of operators against finite differences, in float64, on the inputs of the ONNX node
// tests.
#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "ai/worker/nets/net.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> differentiable{"Add",
                                           "AveragePool",
                                           "BatchNormalization",
                                           "Concat",
                                           "Conv",
                                           "ConvTranspose",
                                           "Div",
                                           "Elu",
                                           "Erf",
                                           "Exp",
                                           "Expand",
                                           "Flatten",
                                           "Gather",
                                           "Gelu",
                                           "Gemm",
                                           "GlobalAveragePool",
                                           "HardSwish",
                                           "LRN",
                                           "LayerNormalization",
                                           "LeakyRelu",
                                           "LogSoftmax",
                                           "MatMul",
                                           "MaxPool",
                                           "Mish",
                                           "Mul",
                                           "PRelu",
                                           "Pad",
                                           "Pow",
                                           "ReduceL2",
                                           "ReduceLogSumExp",
                                           "ReduceMean",
                                           "ReduceSum",
                                           "Relu",
                                           "Reshape",
                                           "Resize",
                                           "RMSNormalization",
                                           "Selu",
                                           "Sigmoid",
                                           "Sin",
                                           "Slice",
                                           "Softmax",
                                           "Softplus",
                                           "Softsign",
                                           "Split",
                                           "Sub",
                                           "Tanh",
                                           "Tile",
                                           "Transpose",
                                           "LSTM",
                                           "GRU",
                                           "RNN",
                                           "Attention",
                                           "InstanceNormalization"};

at::Tensor random_like(const at::Tensor& x, std::uint32_t stream) {
  Random random(RandomKey{11, stream, 0, 0});
  at::Tensor y = at::empty(x.sizes(), at::kDouble);
  for (std::int64_t i = 0; i < y.numel(); ++i)
    y.data_ptr<double>()[i] = random.normal();
  return y;
}

/// The sum of all real outputs, each element with a fixed random weight.
at::Tensor weighted_sum(const Net& net, const Values& inputs) {
  const auto outputs = net.run(inputs);
  if (!outputs) return {};
  at::Tensor sum = at::zeros({}, at::kDouble);
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    const at::Tensor& y = (*outputs)[i].tensor;
    if (y.defined() && y.scalar_type() == at::kDouble)
      sum = sum + (y * random_like(y, static_cast<std::uint32_t>(i))).sum();
  }
  return sum;
}

Values doubled(const std::string& data_set) {
  Values inputs;
  for (int i = 0;; ++i) {
    const std::string path = data_set + "/input_" + std::to_string(i) + ".pb";
    if (!fs::exists(path)) return inputs;
    const auto array = read_tensor(lockstep::test::read_file(path), path);
    inputs.push_back(value_of(*array));
    // The examples like to stand on kinks (0, 1, borders between elements): a small step aside.
    if (array->type == ElementType::float32)
      inputs.back().tensor =
          inputs.back().tensor.to(at::kDouble) +
          1e-3 * random_like(inputs.back().tensor, static_cast<std::uint32_t>(i));
  }
}

/// The largest relative difference over a few random directions; negative when nothing was
/// compared.
double disagreement(const Net& net, const Values& inputs) {
  Values leaves = inputs;
  for (Value& leaf : leaves)
    if (leaf.tensor.scalar_type() == at::kDouble)
      leaf.tensor = leaf.tensor.detach().clone().set_requires_grad(true);
  const at::Tensor sum = weighted_sum(net, leaves);
  if (!sum.defined() || !sum.requires_grad()) return -1;
  sum.backward();
  double worst = -1;
  for (std::uint32_t direction = 0; direction < 3; ++direction) {
    const double h = 1e-6;
    Values plus = inputs;
    Values minus = inputs;
    double slope = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const at::Tensor& gradient = leaves[i].tensor.grad();
      if (!gradient.defined()) continue;
      const at::Tensor step =
          random_like(inputs[i].tensor, 100 * direction + static_cast<std::uint32_t>(i));
      plus[i].tensor = inputs[i].tensor + step * h;
      minus[i].tensor = inputs[i].tensor - step * h;
      slope += (gradient * step).sum().item<double>();
    }
    const double difference =
        (weighted_sum(net, plus).item<double>() - weighted_sum(net, minus).item<double>()) /
        (2 * h);
    worst = std::max(worst, std::abs(difference - slope) / std::max(1.0, std::abs(slope)));
  }
  return worst;
}

TEST(Gradients, AgreeWithFiniteDifferences) {
  LS_NEEDS_SHARED("ai/suites/onnx/node");
  std::set<std::string> compared;
  std::vector<fs::path> folders;
  for (const auto& entry :
       fs::directory_iterator(lockstep::test::shared_path("ai/suites/onnx/node")))
    folders.push_back(entry.path());
  std::ranges::sort(folders);
  for (const fs::path& folder : folders) {
    auto model =
        read_onnx(lockstep::test::read_file((folder / "model.onnx").string()), "m.onnx", "");
    const bool is_one = model && model->graph.nodes.size() == 1 &&
                        differentiable.contains(model->graph.nodes.front().op_type);
    if (!is_one) continue;
    const std::string name = model->graph.nodes.front().op_type;
    auto net = Net::build(*std::move(model), "m.onnx");
    ASSERT_TRUE(net.has_value()) << folder;
    net->widen();
    const Values inputs = doubled((folder / "test_data_set_0").string());
    const double worst = disagreement(*net, inputs);
    if (worst < 0) continue;
    EXPECT_LT(worst, 1e-4) << folder.filename();
    compared.insert(name);
  }
  EXPECT_GE(compared.size(), 35U);
}

/// A convolution of one-channel images 8 x 8 to three channels.
Net strided_convolution(std::int64_t kernel, std::int64_t stride, std::int64_t pad) {
  test::ToyModel model;
  const std::int64_t size = (8 + 2 * pad - kernel) / stride + 1;
  model.input("x", {1, 8, 8}).output("z", {3, size, size});
  model.weight("w", {3, 1, kernel, kernel},
               test::random_weights(static_cast<std::size_t>(3 * kernel * kernel), 1, 1));
  model.weight("b", {3}, test::random_weights(3, 1, 2));
  auto& node = model.node("Conv", {"x", "w", "b"}, {"z"});
  const auto add = [&node](const char* name, const std::vector<std::int64_t>& values) {
    auto* attribute = node.add_attribute();
    attribute->set_name(name);
    attribute->set_type(lockstep_onnx::AttributeProto::INTS);
    for (const std::int64_t value : values)
      attribute->add_ints(value);
  };
  add("strides", {stride, stride});
  add("pads", {pad, pad, pad, pad});
  auto read = read_onnx(model.bytes(), "toy.onnx", "");
  auto net = Net::build(*std::move(read), "toy.onnx");
  net->widen();
  return *std::move(net);
}

// The gradient takes another way through such layers than the plain answer: both must be the same
// function, where the stride divides kernel and image (4 by 2, 2 by 2) and where it does not.
TEST(Gradients, OfStridedConvolutionsAgreeWithThePlainAnswer) {
  constexpr std::int64_t cases[][3] = {{4, 2, 1}, {2, 2, 0}, {4, 2, 0}, {3, 2, 1}, {4, 2, 2}};
  for (const auto& [kernel, stride, pad] : cases) {
    const Net net = strided_convolution(kernel, stride, pad);
    const at::Tensor x = random_like(at::zeros({2, 1, 8, 8}, at::kDouble), 5);
    const at::Tensor plain = net.run({Value(x)})->front().tensor;
    const at::Tensor leaf = x.detach().clone().set_requires_grad(true);
    const at::Tensor other = net.run({Value(leaf)})->front().tensor;
    EXPECT_EQ(plain.sizes(), other.sizes());
    EXPECT_LT((plain - other).abs().max().item<double>(), 1e-12) << kernel << ' ' << stride;
    EXPECT_LT(disagreement(net, {Value(x)}), 1e-6) << kernel << ' ' << stride;
  }
}

}  // namespace
}  // namespace lockstep::ai
