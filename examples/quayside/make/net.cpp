// SPDX-License-Identifier: Apache-2.0
// The network and its training, on ATen's tensors and their automatic derivatives alone.
//
//   image [N, 1, 20, 20] -> convolution 3x3, batch norm, relu, pool 2 -> [N, 16, 10, 10]
//                        -> convolution 3x3, batch norm, relu, pool 2 -> [N, 32, 5, 5]
//                        -> full 800 to 64, relu -> full 64 to 36 = logits
//
// Plain training minimises the cross entropy with Adam. Hardened training looks in each step for
// the picture near the given one that the network reads worst (projected gradient descent), and
// learns from both. Random numbers come from base/random.hpp, so that they do not depend on the
// version of the library.
#include "net.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "base/random.hpp"
#include "draw.hpp"
#include "glyphs.hpp"

namespace quayside {
namespace {

constexpr double norm_epsilon = 1e-5;
constexpr int classes = static_cast<int>(characters.size());
constexpr int flat = channels_2 * (side / 4) * (side / 4);

enum class Mode { learning, reading };

using Tensors = std::map<std::string, at::Tensor>;

at::Tensor from_values(const std::vector<float>& values, const std::vector<std::int64_t>& shape) {
  at::Tensor tensor = at::empty(shape, at::kFloat);
  std::copy(values.begin(), values.end(), tensor.data_ptr<float>());
  return tensor;
}

/// Weights from a normal distribution whose variance is 2 / inputs (He et al. 2015); one tensor
/// after the other from one stream.
at::Tensor some_weights(const std::vector<std::int64_t>& shape, lockstep::Random& random) {
  const std::int64_t all =
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  const double deviation =
      std::sqrt(2.0 * static_cast<double>(shape[0]) / static_cast<double>(all));
  std::vector<float> values(static_cast<std::size_t>(all));
  for (float& value : values)
    value = static_cast<float>(deviation * random.normal());
  return from_values(values, shape);
}

Tensors some_network(const Recipe& recipe) {
  lockstep::Random random({recipe.seed, lockstep::stream_of(recipe.name + ".weights"), 0, 0});
  Tensors net;
  net["conv1.weight"] = some_weights({channels_1, 1, 3, 3}, random);
  net["conv2.weight"] = some_weights({channels_2, channels_1, 3, 3}, random);
  net["full1.weight"] = some_weights({hidden, flat}, random);
  net["full2.weight"] = some_weights({classes, hidden}, random);
  const std::map<std::string, std::int64_t> widths = {{"1", channels_1}, {"2", channels_2}};
  for (const auto& [layer, width] : widths) {
    net["conv" + layer + ".bias"] = at::zeros({width});
    net["norm" + layer + ".scale"] = at::ones({width});
    net["norm" + layer + ".shift"] = at::zeros({width});
    net["norm" + layer + ".mean"] = at::zeros({width});
    net["norm" + layer + ".variance"] = at::ones({width});
  }
  net["full1.bias"] = at::zeros({std::int64_t{hidden}});
  net["full2.bias"] = at::zeros({std::int64_t{classes}});
  return net;
}

/// The means and variances of batch norm are collected, everything else is learned.
bool is_learned(const std::string& name) {
  return !name.ends_with(".mean") && !name.ends_with(".variance");
}

at::Tensor block(const Tensors& net, const std::string& layer, const at::Tensor& x, Mode mode) {
  at::Tensor y = at::conv2d(x, net.at("conv" + layer + ".weight"), net.at("conv" + layer + ".bias"),
                            /*stride=*/1, /*padding=*/1);
  y = at::batch_norm(y, net.at("norm" + layer + ".scale"), net.at("norm" + layer + ".shift"),
                     net.at("norm" + layer + ".mean"), net.at("norm" + layer + ".variance"),
                     mode == Mode::learning, /*momentum=*/0.1, norm_epsilon,
                     /*cudnn_enabled=*/false);
  return at::max_pool2d(at::relu(y), 2);
}

/// @param images [N, 1, side, side], 0 to 1
/// @returns      [N, 36]
at::Tensor logits_of(const Tensors& net, const at::Tensor& images, Mode mode) {
  at::Tensor x = block(net, "1", images, mode);
  x = block(net, "2", x, mode).flatten(1);
  x = at::relu(at::linear(x, net.at("full1.weight"), net.at("full1.bias")));
  return at::linear(x, net.at("full2.weight"), net.at("full2.bias"));
}

/// Projected gradient descent in the L-infinity ball around `images`, within 0 to 1.
at::Tensor attacked(const Tensors& net,
                    const at::Tensor& images,
                    const at::Tensor& labels,
                    const at::Tensor& start,
                    const Recipe& budget) {
  const double step = 2.5 * budget.epsilon / budget.steps;
  at::Tensor x = (images + start).clamp(0, 1);
  for (int i = 0; i < budget.steps; ++i) {
    x = x.detach().set_requires_grad(true);
    at::cross_entropy_loss(logits_of(net, x, Mode::reading), labels).backward();
    at::Tensor moved = x.detach() + step * x.grad().sign();
    moved = at::max(at::min(moved, images + budget.epsilon), images - budget.epsilon);
    x = moved.clamp(0, 1);
  }
  return x.detach();
}

/// Adam (Kingma and Ba 2015) over the learned tensors of a network.
class Adam {
 public:
  explicit Adam(Tensors& net) : net_(net) {
    for (auto& [name, value] : net_) {
      if (!is_learned(name)) continue;
      value.set_requires_grad(true);
      mean_[name] = at::zeros_like(value);
      square_[name] = at::zeros_like(value);
    }
  }

  void step(double rate) {
    const at::NoGradGuard no_grad;
    ++steps_;
    const double correct_mean = 1 - std::pow(0.9, steps_);
    const double correct_square = 1 - std::pow(0.999, steps_);
    for (auto& [name, mean] : mean_) {
      at::Tensor& value = net_.at(name);
      const at::Tensor gradient = value.grad();
      mean.mul_(0.9).add_(gradient, 0.1);
      square_.at(name).mul_(0.999).addcmul_(gradient, gradient, 0.001);
      const at::Tensor size = (square_.at(name) / correct_square).sqrt().add_(1e-8);
      value.addcdiv_(mean, size, -rate / correct_mean);
    }
  }

  /// Forgets the derivatives, those that attacks left behind included.
  void clear() {
    for (auto& [name, mean] : mean_)
      net_.at(name).mutable_grad() = at::Tensor();
  }

 private:
  Tensors& net_;
  Tensors mean_;
  Tensors square_;
  int steps_ = 0;
};

at::Tensor images_of(const DataSet& data) {
  at::Tensor images = at::empty({data.count(), 1, side, side}, at::kByte);
  std::copy(data.images.begin(), data.images.end(), images.data_ptr<std::uint8_t>());
  return images.to(at::kFloat).div_(255);
}

at::Tensor indices_of(const std::vector<std::int64_t>& values) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::kLong);
  std::copy(values.begin(), values.end(), tensor.data_ptr<std::int64_t>());
  return tensor;
}

/// Uniform in [-epsilon, epsilon], of the shape of `like`.
at::Tensor some_start(const at::Tensor& like, double epsilon, lockstep::Random& random) {
  at::Tensor start = at::empty_like(like);
  float* values = start.data_ptr<float>();
  for (std::int64_t i = 0; i < start.numel(); ++i) {
    values[i] = static_cast<float>(random.uniform(-epsilon, epsilon));
  }
  return start;
}

Tensors tensors_of(const std::vector<Parameter>& parameters) {
  Tensors net;
  for (const Parameter& p : parameters)
    net[p.name] = from_values(p.values, p.shape);
  return net;
}

std::vector<Parameter> parameters_of(const Tensors& net) {
  std::vector<Parameter> out;
  for (const auto& [name, value] : net) {
    const at::Tensor flat_value = value.detach().contiguous();
    const float* from = flat_value.data_ptr<float>();
    out.push_back({name, flat_value.sizes().vec(), {from, from + flat_value.numel()}});
  }
  return out;
}

double share_right(const Tensors& net, const at::Tensor& images, const at::Tensor& labels) {
  const at::NoGradGuard no_grad;
  return logits_of(net, images, Mode::reading)
      .argmax(1)
      .eq(labels)
      .to(at::kFloat)
      .mean()
      .item<double>();
}

void shuffle(std::vector<std::int64_t>& order, lockstep::Random& random) {
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }
}

/// The budget of the attack grows over the first half of the epochs: a network that has learned
/// nothing yet learns nothing from its hardest pictures.
Recipe budget_of(const Recipe& recipe, int epoch) {
  Recipe budget = recipe;
  budget.epsilon *= std::min(1.0, 2.0 * epoch / recipe.epochs);
  return budget;
}

/// The loss on the pictures; where there are `harder` ones, these weigh twice as much.
at::Tensor loss_of(const Tensors& net,
                   const at::Tensor& images,
                   const at::Tensor& harder,
                   const at::Tensor& labels) {
  const at::Tensor loss = at::cross_entropy_loss(logits_of(net, images, Mode::learning), labels);
  if (!harder.defined()) return loss;
  const at::Tensor hard = at::cross_entropy_loss(logits_of(net, harder, Mode::learning), labels);
  return (loss + 2 * hard) / 3;
}

}  // namespace

std::vector<Parameter> train(const DataSet& data, const Recipe& recipe, const EpochDone& done) {
  at::set_num_threads(1);
  Tensors net = some_network(recipe);
  Adam adam(net);
  const at::Tensor images = images_of(data);
  const at::Tensor labels = indices_of(data.labels);
  std::vector<std::int64_t> order(data.labels.size());
  std::iota(order.begin(), order.end(), 0);

  const std::int64_t batches = data.count() / recipe.batch;
  const double all_batches = static_cast<double>(batches * recipe.epochs);
  for (int epoch = 0; epoch < recipe.epochs; ++epoch) {
    lockstep::Random random({recipe.seed, lockstep::stream_of(recipe.name + ".order"),
                             static_cast<std::uint32_t>(epoch), 0});
    shuffle(order, random);
    const at::Tensor mixed = indices_of(order);
    double loss_sum = 0;
    for (std::int64_t batch = 0; batch < batches; ++batch) {
      const at::Tensor chosen = mixed.narrow(0, batch * recipe.batch, recipe.batch);
      const at::Tensor x = images.index_select(0, chosen);
      const at::Tensor y = labels.index_select(0, chosen);
      at::Tensor harder;
      if (recipe.epsilon > 0) {
        const Recipe budget = budget_of(recipe, epoch);
        harder = attacked(net, x, y, some_start(x, budget.epsilon, random), budget);
      }
      adam.clear();
      const at::Tensor loss = loss_of(net, x, harder, y);
      loss.backward();
      const double progress = static_cast<double>(epoch * batches + batch) / all_batches;
      adam.step(recipe.rate * (1 + std::cos(std::numbers::pi * progress)) / 2);
      loss_sum += loss.item<double>();
    }
    done(epoch + 1, loss_sum / static_cast<double>(batches));
  }
  return parameters_of(net);
}

double accuracy(const std::vector<Parameter>& parameters, const DataSet& data) {
  return share_right(tensors_of(parameters), images_of(data), indices_of(data.labels));
}

double accuracy_under_attack(const std::vector<Parameter>& parameters,
                             const DataSet& data,
                             double epsilon,
                             int steps) {
  const Tensors net = tensors_of(parameters);
  const at::Tensor images = images_of(data);
  const at::Tensor labels = indices_of(data.labels);
  Recipe budget;
  budget.epsilon = epsilon;
  budget.steps = steps;
  return share_right(net, attacked(net, images, labels, at::zeros_like(images), budget), labels);
}

}  // namespace quayside
