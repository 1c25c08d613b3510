// SPDX-License-Identifier: Apache-2.0
// Recurrent layers: RNN, GRU and LSTM, one direction or two, with every activation function that
// the standard names. Inputs are [sequence, batch, width], or [batch, sequence, width] with
// layout 1.
//
// A sample that is shorter than the sequence keeps its last state, and its outputs behind its end
// are zero; read backwards, it begins at its own end.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <array>

#include "ai/worker/nets/operators.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;

/// One activation function with its parameters.
struct Activation {
  std::string name;
  double alpha = 0;
  double beta = 0;

  bool has_beta() const {
    return name == "affine" || name == "scaledtanh" || name == "hardsigmoid";
  }

  bool has_alpha() const {
    return has_beta() || name == "leakyrelu" || name == "thresholdedrelu" || name == "elu";
  }

  Tensor operator()(const Tensor& x) const {
    if (name == "sigmoid") return at::sigmoid(x);
    if (name == "tanh") return at::tanh(x);
    if (name == "relu") return at::relu(x);
    if (name == "affine") return x * alpha + beta;
    if (name == "leakyrelu") return at::leaky_relu(x, alpha);
    if (name == "thresholdedrelu") return at::where(x > alpha, x, at::zeros_like(x));
    if (name == "scaledtanh") return at::tanh(x * beta) * alpha;
    if (name == "hardsigmoid") return at::clamp(x * alpha + beta, 0, 1);
    if (name == "elu") return at::elu(x, alpha);
    if (name == "softsign") return x / (1 + at::abs(x));
    if (name == "softplus") return at::softplus(x);
    throw OperatorError("expected an activation function that the standard names");
  }
};

/// Default parameters: alpha and beta of the operator of the same name.
Activation activation(const std::string& name) {
  const std::string lower = lower_case(name);
  if (lower == "leakyrelu") return {lower, 0.01, 0};
  if (lower == "hardsigmoid") return {lower, 0.2, 0.5};
  if (lower == "affine" || lower == "scaledtanh" || lower == "elu" || lower == "thresholdedrelu")
    return {lower, 1, 0};
  return {lower, 0, 0};
}

/// A list of parameters, which the activation functions that have one take in their order. A list
/// with a number for every function is read by place.
class Parameters {
 public:
  Parameters(std::optional<std::vector<float>> list, std::size_t functions)
      : list_(list.value_or(std::vector<float>{})), is_by_place_(list_.size() == functions) {}

  void give(double& parameter, std::size_t place, bool is_taken) {
    if (!is_taken) return;
    const std::size_t i = is_by_place_ ? place : taken_++;
    if (i < list_.size()) parameter = static_cast<double>(list_[i]);
  }

 private:
  std::vector<float> list_;
  bool is_by_place_;
  std::size_t taken_ = 0;
};

/// What all three layers share.
struct Layer {
  const Call& call;
  std::int64_t hidden = 0;
  std::int64_t directions = 1;
  bool begins_reversed = false;
  std::vector<Activation> activations;
  Tensor x;  ///< [sequence, batch, width]

  Layer(const Call& given, std::vector<std::string> defaults) : call(given) {
    const std::string direction = call.text("direction", "forward");
    require(direction == "forward" || direction == "reverse" || direction == "bidirectional",
            "expected the direction forward, reverse or bidirectional");
    directions = direction == "bidirectional" ? 2 : 1;
    begins_reversed = direction == "reverse";
    hidden = call.integer("hidden_size", call.in(2).size(-1));
    require(call.in(1).dim() == 3 && call.in(1).size(0) == directions,
            "expected weights for each direction");
    const std::size_t each = defaults.size();
    const auto names = call.texts("activations");
    const std::size_t count = each * static_cast<std::size_t>(directions);
    Parameters alphas(call.reals("activation_alpha"), count);
    Parameters betas(call.reals("activation_beta"), count);
    for (std::size_t i = 0; i < count; ++i) {
      activations.push_back(
          activation(names && i < names->size() ? (*names)[i] : defaults[i % each]));
      Activation& last = activations.back();
      alphas.give(last.alpha, i, last.has_alpha());
      betas.give(last.beta, i, last.has_beta());
    }
    x = batch_first() ? call.in(0).transpose(0, 1) : call.in(0);
  }

  bool batch_first() const { return call.flag("layout"); }

  std::int64_t steps() const { return x.size(0); }

  /// An optional input [directions, ...] at one direction.
  Tensor part(std::size_t i, std::int64_t direction) const {
    return call.has(i) ? call.in(i).select(0, direction) : Tensor();
  }

  Tensor initial(std::size_t i, std::int64_t direction) const {
    if (!call.has(i)) return at::zeros({x.size(1), hidden}, x.options().requires_grad(false));
    return batch_first() ? call.in(i).select(1, direction) : call.in(i).select(0, direction);
  }

  Tensor clipped(const Tensor& gate) const {
    const double clip = call.real("clip", 0);
    return clip > 0 ? at::clamp(gate, -clip, clip) : gate;
  }

  /// 1 where the sample still has an element at this step, [batch, 1]; undefined: all have.
  Tensor is_inside(std::int64_t step) const {
    if (!call.has(4)) return {};
    return call.in(4).to(at::kLong).gt(step).unsqueeze(1);
  }
};

/// Runs a cell over the sequence in each direction. `cell(direction, x, states)` gives the new
/// states, of which the first is the output.
template <typename Cell>
Values run(const Layer& layer, std::size_t state_count, Cell cell) {
  std::vector<Tensor> outputs;
  std::vector<std::vector<Tensor>> finals(state_count);
  for (std::int64_t d = 0; d < layer.directions; ++d) {
    const bool is_reversed = layer.begins_reversed || d == 1;
    std::vector<Tensor> states;
    for (std::size_t s = 0; s < state_count; ++s)
      states.push_back(layer.initial(5 + s, d));
    std::vector<Tensor> ys(static_cast<std::size_t>(layer.steps()));
    for (std::int64_t i = 0; i < layer.steps(); ++i) {
      const std::int64_t step = is_reversed ? layer.steps() - 1 - i : i;
      std::vector<Tensor> next = cell(d, layer.x.select(0, step), states);
      Tensor y = next.front();
      if (const Tensor inside = layer.is_inside(step); inside.defined()) {
        for (std::size_t s = 0; s < state_count; ++s)
          next[s] = at::where(inside, next[s], states[s]);
        y = at::where(inside, y, at::zeros_like(y));
      }
      states = std::move(next);
      ys[static_cast<std::size_t>(step)] = y;
    }
    outputs.push_back(at::stack(ys));
    for (std::size_t s = 0; s < state_count; ++s)
      finals[s].push_back(states[s]);
  }
  Tensor y = at::stack(outputs, 1);  // [sequence, directions, batch, hidden]
  if (layer.batch_first()) y = y.permute({2, 0, 1, 3});
  Values result{y};
  for (const auto& each : finals)
    result.emplace_back(at::stack(each, layer.batch_first() ? 1 : 0));
  return result;
}

/// x W^T + h R^T + both biases, [batch, gates * hidden].
Tensor all_gates(const Layer& layer, std::int64_t d, const Tensor& x, const Tensor& h) {
  Tensor gates = at::matmul(x, layer.part(1, d).t()) + at::matmul(h, layer.part(2, d).t());
  const Tensor bias = layer.part(3, d);
  if (!bias.defined()) return gates;
  const std::int64_t half = bias.size(0) / 2;
  return gates + bias.narrow(0, 0, half) + bias.narrow(0, half, half);
}

Values rnn(const Call& call) {
  const Layer layer(call, {"Tanh"});
  return run(layer, 1, [&](std::int64_t d, const Tensor& x, const std::vector<Tensor>& states) {
    const Activation& f = layer.activations[static_cast<std::size_t>(d)];
    return std::vector<Tensor>{f(layer.clipped(all_gates(layer, d, x, states[0])))};
  });
}

// Gates in the order z (update), r (reset), h (hidden).
Values gru(const Call& call) {
  const Layer layer(call, {"Sigmoid", "Tanh"});
  const bool resets_after = call.flag("linear_before_reset");
  return run(layer, 1, [&](std::int64_t d, const Tensor& x, const std::vector<Tensor>& states) {
    const std::int64_t n = layer.hidden;
    const Activation& f = layer.activations[static_cast<std::size_t>(2 * d)];
    const Activation& g = layer.activations[static_cast<std::size_t>(2 * d + 1)];
    const Tensor& h = states[0];
    const Tensor weights = layer.part(1, d);
    const Tensor recurrent = layer.part(2, d);
    Tensor bias = layer.part(3, d);
    if (!bias.defined()) bias = at::zeros({6 * n}, x.options().requires_grad(false));
    const auto gate_of = [&](std::int64_t i) {
      return f(layer.clipped(at::matmul(x, weights.narrow(0, i * n, n).t()) +
                             at::matmul(h, recurrent.narrow(0, i * n, n).t()) +
                             bias.narrow(0, i * n, n) + bias.narrow(0, (3 + i) * n, n)));
    };
    const Tensor z = gate_of(0);
    const Tensor r = gate_of(1);
    const Tensor from_x = at::matmul(x, weights.narrow(0, 2 * n, n).t()) + bias.narrow(0, 2 * n, n);
    const Tensor last = recurrent.narrow(0, 2 * n, n).t();
    const Tensor last_bias = bias.narrow(0, 5 * n, n);
    const Tensor from_h =
        resets_after ? r * (at::matmul(h, last) + last_bias) : at::matmul(r * h, last) + last_bias;
    const Tensor candidate = g(layer.clipped(from_x + from_h));
    return std::vector<Tensor>{(1 - z) * candidate + z * h};
  });
}

// Gates in the order i (input), o (output), f (forget), c (cell); peepholes in the order i, o, f.
Values lstm(const Call& call) {
  const Layer layer(call, {"Sigmoid", "Tanh", "Tanh"});
  const bool couples = call.flag("input_forget");
  return run(layer, 2, [&](std::int64_t d, const Tensor& x, const std::vector<Tensor>& states) {
    const std::int64_t n = layer.hidden;
    const auto first = static_cast<std::size_t>(3 * d);
    const Activation& f = layer.activations[first];
    const Activation& g = layer.activations[first + 1];
    const Activation& h = layer.activations[first + 2];
    const Tensor gates = all_gates(layer, d, x, states[0]);
    const Tensor peephole = layer.part(7, d);
    const Tensor& cell = states[1];
    const auto gate_of = [&](std::int64_t i) { return gates.narrow(1, i * n, n); };
    const auto peep = [&](std::int64_t i, const Tensor& seen) {
      return peephole.defined() ? seen * peephole.narrow(0, i * n, n) : at::zeros_like(seen);
    };
    const Tensor input = f(layer.clipped(gate_of(0) + peep(0, cell)));
    const Tensor forget = couples ? 1 - input : f(layer.clipped(gate_of(2) + peep(2, cell)));
    const Tensor next = forget * cell + input * g(layer.clipped(gate_of(3)));
    const Tensor output = f(layer.clipped(gate_of(1) + peep(1, next)));
    return std::vector<Tensor>{output * h(layer.clipped(next)), next};
  });
}

constexpr std::array rows{
    OperatorRow{"GRU", 1, 22, gru},
    OperatorRow{"LSTM", 1, 22, lstm},
    OperatorRow{"RNN", 1, 22, rnn},
};

}  // namespace

std::span<const OperatorRow> sequence_operators() {
  return rows;
}

}  // namespace lockstep::ai
