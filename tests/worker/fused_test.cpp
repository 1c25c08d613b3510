// SPDX-License-Identifier: Apache-2.0
// The fused back end against LibTorch on nets made at random, and against itself: a sample's bits
// do not depend on its neighbours, nor on the width of the processor's registers.
#include "worker/fused.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/fused/axis.hpp"
#include "ai/worker/fused/compile.hpp"
#include "ai/worker/fused/plan.hpp"
#include "ai/worker/limits.hpp"
#include "base/files.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using test::expect_agreement;
using test::expect_same_bits;
using test::random_weights;
using test::set_integers;
using test::ToyModel;

void set_integer(lockstep_onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(lockstep_onnx::AttributeProto::INT);
  attribute->set_i(value);
}

/// A net of an image with two convolutions of random geometry, and what lies between in practice.
std::string random_image_net(std::uint32_t seed, std::vector<std::int64_t>& sample) {
  Random random(RandomKey{5, seed, 0, 0});
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.uniform() * static_cast<double>(high - low + 1));
  };
  const std::int64_t groups = pick(1, 2);
  const std::int64_t channels = groups * pick(1, 3);
  const std::int64_t middle = groups * pick(1, 5);
  const std::int64_t height = pick(5, 11);
  const std::int64_t width = pick(5, 11);
  sample = {channels, height, width};
  ToyModel model(13);
  model.input("x", sample).output("z", {4});
  const std::int64_t kernel = pick(1, 4);
  model.weight("w1", {middle, channels / groups, kernel, 2},
               random_weights(static_cast<std::size_t>(middle * (channels / groups) * kernel * 2),
                              0.5, seed * 10 + 1));
  model.weight("b1", {middle},
               random_weights(static_cast<std::size_t>(middle), 0.5, seed * 10 + 2));
  auto& conv = model.node("Conv", {"x", "w1", "b1"}, {"c1"});
  set_integers(conv, "strides", {pick(1, 3), pick(1, 2)});
  set_integers(conv, "dilations", {kernel > 3 ? 1 : pick(1, 2), pick(1, 2)});
  set_integers(conv, "pads", {pick(0, 2), pick(0, 1), pick(1, 2), pick(0, 2)});
  set_integer(conv, "group", groups);
  std::string last = "c1";
  if (pick(0, 1) == 1) {
    for (const char* name : {"scale", "shift", "mean"})
      model.weight(name, {middle},
                   random_weights(static_cast<std::size_t>(middle), 1, seed * 10 + 3));
    model.weight("variance", {middle}, std::vector<float>(static_cast<std::size_t>(middle), 0.5F));
    model.node("BatchNormalization", {last, "scale", "shift", "mean", "variance"}, {"n1"});
    last = "n1";
  }
  const char* const kinds[] = {"Relu", "LeakyRelu", "Identity", "Neg"};
  model.node(kinds[pick(0, 3)], {last}, {"r1"});
  // A branch of one number per channel and position, added to and put beside the main line.
  model.weight("w2", {middle, 1, 1, 1},
               random_weights(static_cast<std::size_t>(middle), 1, seed * 10 + 4));
  set_integer(model.node("Conv", {"r1", "w2"}, {"c2"}), "group", middle);
  model.node(pick(0, 1) == 1 ? "Add" : "Sub", {"r1", "c2"}, {"s"});
  set_integer(model.node("Concat", {"s", "r1"}, {"j"}), "axis", 1);
  model.node("Relu", {"j"}, {"r2"});
  const std::int64_t form = pick(0, 4);
  if (form == 0) {
    auto& pool = model.node("MaxPool", {"r2"}, {"p"});
    set_integers(pool, "kernel_shape", {2, 1});
    set_integers(pool, "pads", {1, 0, 0, 0});
  } else if (form == 1) {
    auto& pool = model.node("AveragePool", {"r2"}, {"p"});
    set_integers(pool, "kernel_shape", {1, 2});
    set_integers(pool, "pads", {0, 1, 0, 1});
    set_integer(pool, "count_include_pad", 1);
  } else if (form == 2) {
    model.node("GlobalAveragePool", {"r2"}, {"p"});
  } else if (form == 3) {
    set_integers(model.node("ReduceMean", {"r2"}, {"p"}), "axes", {3, -2});
  } else {
    model.integers("axes", {-1});
    model.node("ReduceSum", {"r2", "axes"}, {"p"});
  }
  set_integers(model.node("Transpose", {"p"}, {"t"}), "perm", {0, 2, 3, 1});
  model.node("Flatten", {"t"}, {"f"});
  // The size of what is left: from the definition of a convolution.
  const auto conv_attributes = [&](const char* name, int i) {
    for (const auto& attribute : conv.attribute())
      if (attribute.name() == name) return attribute.ints(i);
    return std::int64_t{0};
  };
  const auto positions = [&](std::int64_t size, std::int64_t k, int axis) {
    return (size + conv_attributes("pads", axis) + conv_attributes("pads", axis + 2) -
            (k - 1) * conv_attributes("dilations", axis) - 1) /
               conv_attributes("strides", axis) +
           1;
  };
  const std::int64_t rows = positions(height, kernel, 0);
  const std::int64_t columns = positions(width, 2, 1);
  const std::int64_t features = form == 2 || form == 3 ? 2 * middle
                                : form == 4            ? 2 * middle * rows
                                : form == 0            ? 2 * middle * rows * columns
                                                       : 2 * middle * rows * (columns + 1);
  model.weight("w3", {features, 4},
               random_weights(static_cast<std::size_t>(features) * 4, 0.3, seed * 10 + 5));
  model.node("MatMul", {"f", "w3"}, {"z"});
  return model.bytes();
}

TEST(Fused, AgreesWithLibTorchOnRandomNets) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::vector<std::int64_t> sample;
    const Classifier net = test::classifier_of(random_image_net(seed, sample));
    expect_agreement(net, 1 + seed % 50, "net " + std::to_string(seed));
  }
}

TEST(Fused, ASampleHasTheSameBitsAloneInABatchAndOnEveryProcessor) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    std::vector<std::int64_t> sample;
    expect_same_bits(test::classifier_of(random_image_net(seed, sample)), seed);
  }
}

TEST(Fused, AgreesWithLibTorchOnTheReferenceModels) {
  LS_NEEDS_SHARED("ai/models");
  const RealFiles files;
  for (const char* name : {"mnist_cnn_std.onnx", "mnist_cnn_masked.onnx", "mnist_cnn_badnet.onnx",
                           "mnist_mlp.onnx", "adult_mlp.onnx"}) {
    const auto bytes =
        files.read(lockstep::test::shared_path("ai/models/") + name, limits::model_bytes);
    ASSERT_TRUE(bytes);
    expect_agreement(test::classifier_of(*bytes), 37, name);
  }
}

TEST(Fused, AConvolutionReadsWhatItsDefinitionSays) {
  for (std::int64_t kernel = 1; kernel <= 4; ++kernel)
    for (std::int64_t stride = 1; stride <= 3; ++stride)
      for (std::int64_t dilation = 1; dilation <= 2; ++dilation)
        for (std::int64_t before = 0; before <= 2; ++before) {
          const fused::Sliding axis{9, 5, kernel, stride, dilation, before};
          // used[output][input]: the place in the kernel, or -1.
          std::vector<std::vector<std::int64_t>> expected(5, std::vector<std::int64_t>(9, -1));
          for (std::int64_t o = 0; o < 5; ++o)
            for (std::int64_t k = 0; k < kernel; ++k) {
              const std::int64_t i = o * stride + k * dilation - before;
              if (i >= 0 && i < 9)
                expected[static_cast<std::size_t>(o)][static_cast<std::size_t>(i)] = k;
            }
          for (const bool is_forward : {true, false}) {
            auto found = std::vector(5, std::vector<std::int64_t>(9, -1));
            for (const auto& group :
                 is_forward ? fused::forward_groups(axis) : fused::backward_groups(axis))
              for (std::size_t t = 0; t < group.targets.size(); ++t)
                for (std::size_t s = 0; s < group.sources.size(); ++s) {
                  const std::int32_t o = is_forward ? group.targets[t] : group.sources[s];
                  const std::int32_t i = is_forward ? group.sources[s] : group.targets[t];
                  found[static_cast<std::size_t>(o)][static_cast<std::size_t>(i)] =
                      group.kernel[t * group.sources.size() + s];
                }
            EXPECT_EQ(found, expected) << kernel << stride << dilation << before;
          }
        }
}

TEST(Fused, TilesReadWhatTheDefinitionSays) {
  int tiles = 0;
  for (std::int64_t kernel = 1; kernel <= 6; ++kernel)
    for (std::int64_t stride = 1; stride <= 3; ++stride)
      for (std::int64_t dilation = 1; dilation <= 2; ++dilation)
        for (std::int64_t before = 0; before <= 3; ++before)
          for (const bool is_forward : {true, false}) {
            const fused::Sliding axis{13, 8, kernel, stride, dilation, before};
            auto found = std::vector(8, std::vector<std::int64_t>(13, -1));
            auto written = std::vector<int>(is_forward ? 8 : 13, 0);
            for (const auto& group : is_forward ? fused::tiled_forward_groups(axis)
                                                : fused::tiled_backward_groups(axis)) {
              tiles += group.products > 1 ? 1 : 0;
              for (const std::int32_t target : group.targets)
                ++written[static_cast<std::size_t>(target)];
              // Target e of a line reads the sources e, e + 1, ... of a line.
              for (std::int64_t t = 0; t < std::ssize(group.targets); ++t)
                for (std::int64_t s = 0; s < group.source_entries(); ++s)
                  for (std::int64_t j = 0; j < group.taps; ++j) {
                    const auto at = [](const auto& list, std::int64_t i) {
                      return list[static_cast<std::size_t>(i)];
                    };
                    const std::int64_t entry = t / group.outputs;
                    const std::int32_t target = at(group.targets, t);
                    const std::int32_t source =
                        at(group.sources, s * group.products + t % group.outputs + j);
                    const std::int32_t k =
                        at(group.kernel, (entry * group.source_entries() + s) * group.taps + j);
                    if (source < 0 || k < 0) continue;
                    const auto o = static_cast<std::size_t>(is_forward ? target : source);
                    const auto i = static_cast<std::size_t>(is_forward ? source : target);
                    EXPECT_EQ(found[o][i], -1);
                    found[o][i] = k;
                  }
            }
            EXPECT_EQ(written, std::vector<int>(written.size(), 1));
            for (std::int64_t o = 0; o < 8; ++o)
              for (std::int64_t i = 0; i < 13; ++i) {
                const std::int64_t step = i + before - o * stride;
                const bool is_read = step >= 0 && step % dilation == 0 && step / dilation < kernel;
                EXPECT_EQ(found[static_cast<std::size_t>(o)][static_cast<std::size_t>(i)],
                          is_read ? step / dilation : -1)
                    << kernel << stride << dilation << before << is_forward;
              }
          }
  EXPECT_GT(tiles, 100);
}

/// A convolution of square images by its sizes, with the weights that are given.
fused::LinearLayer square_layer(const fused::Sliding& axis,
                                std::int64_t in_channels,
                                std::int64_t out_channels,
                                std::vector<float> weight) {
  fused::LinearLayer layer;
  layer.axes[1] = layer.axes[2] = axis;
  layer.in_channels = in_channels;
  layer.out_channels = out_channels;
  layer.weight = std::move(weight);
  std::int32_t slot = 1;
  for (std::int64_t i = 0; i < in_channels * axis.inputs * axis.inputs; ++i)
    layer.in.push_back(slot++);
  for (std::int64_t i = 0; i < out_channels * axis.outputs * axis.outputs; ++i)
    layer.out.push_back(slot++);
  return layer;
}

bool has_tiles(const fused::LinearLayer& layer, fused::Direction direction) {
  return !fused::plan_of(layer, direction, 100'000)->tiles.empty();
}

TEST(Fused, ShapesAloneDecideWhereTilesAre) {
  using fused::Direction;
  const auto layer = [](std::int64_t inputs, std::int64_t outputs, std::int64_t kernel,
                        std::int64_t stride, std::int64_t in, std::int64_t out) {
    return square_layer({inputs, outputs, kernel, stride, 1, 1}, in, out,
                        std::vector<float>(static_cast<std::size_t>(in * out * kernel * kernel)));
  };
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    EXPECT_TRUE(has_tiles(layer(14, 7, 4, 2, 16, 32), direction));
    EXPECT_TRUE(has_tiles(layer(14, 14, 3, 1, 32, 32), direction));
    EXPECT_FALSE(has_tiles(layer(28, 14, 4, 2, 1, 16), direction)) << "one channel";
    EXPECT_FALSE(has_tiles(layer(14, 12, 5, 1, 32, 32), direction)) << "five taps";
    EXPECT_FALSE(has_tiles(layer(14, 9, 2, 2, 32, 32), direction)) << "one tap";
    fused::LinearLayer grouped = layer(14, 14, 3, 1, 32, 32);
    grouped.groups = 2;
    EXPECT_FALSE(has_tiles(grouped, direction));
  }
}

/// Two convolutions with channels enough for tiles, and what lies between in practice.
std::string tiled_net(std::uint32_t seed, std::vector<std::int64_t>& sample) {
  Random random(RandomKey{7, seed, 0, 0});
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.uniform() * static_cast<double>(high - low + 1));
  };
  sample = {pick(12, 20), pick(7, 12), pick(7, 12)};
  const std::int64_t middle = pick(12, 24);
  ToyModel model(13);
  model.input("x", sample).output("z", {middle});
  const std::int64_t kernels[] = {pick(2, 6), pick(2, 6)};
  model.weight(
      "w1", {middle, sample[0], kernels[0], kernels[1]},
      random_weights(static_cast<std::size_t>(middle * sample[0] * kernels[0] * kernels[1]), 0.2,
                     seed * 10 + 1));
  model.weight("b1", {middle},
               random_weights(static_cast<std::size_t>(middle), 0.5, seed * 10 + 2));
  auto& first = model.node("Conv", {"x", "w1", "b1"}, {"c1"});
  set_integers(first, "strides", {pick(1, 2), pick(1, 2)});
  set_integers(first, "pads", {pick(0, 2), pick(1, 2), pick(2, 3), pick(2, 3)});
  model.node("Relu", {"c1"}, {"r1"});
  // Read by two, so that gradients are added; and with the pads that another operator makes.
  model.weight("w2", {middle, middle, 3, 3},
               random_weights(static_cast<std::size_t>(middle * middle * 9), 0.2, seed * 10 + 3));
  set_integers(model.node("Conv", {"r1", "w2"}, {"c2"}), "pads", {1, 1, 1, 1});
  model.node("Add", {"r1", "c2"}, {"s"});
  model.node("LeakyRelu", {"s"}, {"r2"});
  model.node("GlobalAveragePool", {"r2"}, {"p"});
  model.node("Flatten", {"p"}, {"z"});
  return model.bytes();
}

TEST(Fused, TilesAgreeWithLibTorchAndAmongThemselves) {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    std::vector<std::int64_t> sample;
    const Classifier net = test::classifier_of(tiled_net(seed, sample));
    expect_agreement(net, 1 + seed % 50, "net " + std::to_string(seed));
    expect_same_bits(net, seed);
  }
}

TEST(Fused, ANetThatMixesSamplesStaysWithLibTorch) {
  ToyModel model;
  model.input("x", {4}).output("z", {4});
  set_integers(model.node("ReduceMean", {"x"}, {"m"}), "axes", {0});
  model.node("Sub", {"x", "m"}, {"z"});
  const Classifier net = test::classifier_of(model.bytes());
  EXPECT_FALSE(net.is_fused());
  EXPECT_EQ(net.engine(), "LibTorch: the operator ReduceMean has no fused form");
  ToyModel moved;
  moved.input("x", {4}).output("z", {4});
  set_integers(moved.node("Transpose", {"x"}, {"t"}), "perm", {1, 0});
  moved.integers("shape", {-1, 4});
  moved.node("Reshape", {"t", "shape"}, {"z"});
  EXPECT_FALSE(test::classifier_of(moved.bytes()).is_fused());
}

// Before operator set 7 an axis says where the second operand stands: here along the columns, not
// along the rows as shapes alone would have it.
TEST(Fused, AnAddThatNamesItsAxisStaysWithLibTorch) {
  ToyModel model(6);
  model.input("x", {2, 2}).output("z", {2, 2});
  auto* batch = model.proto().mutable_graph()->mutable_input(0)->mutable_type();
  batch->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_value(1);
  auto& first = model.node("Slice", {"x"}, {"column"});
  set_integers(first, "axes", {2});
  set_integers(first, "starts", {0});
  set_integers(first, "ends", {1});
  set_integers(model.node("Squeeze", {"column"}, {"b"}), "axes", {2});
  auto& sum = model.node("Add", {"x", "b"}, {"z"});
  set_integer(sum, "broadcast", 1);
  set_integer(sum, "axis", 0);
  const auto net = Net::build(*read_onnx(model.bytes(), "m.onnx", ""), "m.onnx");
  ASSERT_TRUE(net.has_value());
  const auto layers = fused::read_layers(*net, {2, 2}, /*is_single=*/true);
  ASSERT_FALSE(layers.has_value());
  EXPECT_EQ(layers.error(), "the operator Add has no fused form");
}

}  // namespace
}  // namespace lockstep::ai
