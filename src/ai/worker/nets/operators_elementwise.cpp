// SPDX-License-Identifier: Apache-2.0
// Operators that treat each element alone: arithmetic, comparison, logic and activation functions.
// Inputs of different shapes are broadcast as NumPy does; before operator set 7 only the second
// input is, and it says where by the attributes `broadcast` and `axis`.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <array>
#include <limits>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;

bool is_integer(const Tensor& t) {
  return at::isIntegralType(t.scalar_type(), true);
}

/// The second input, with trailing dimensions added where an old `axis` attribute asks for them.
Tensor second(const Call& call) {
  Tensor b = call.in(1);
  if (call.opset() >= 7 || !call.flag("broadcast") || call.find("axis") == nullptr) return b;
  const std::int64_t rank = call.in(0).dim();
  const std::int64_t axis = call.axis("axis", 0, rank);
  for (std::int64_t missing = rank - axis - b.dim(); missing > 0; --missing)
    b = b.unsqueeze(-1);
  return b;
}

template <Tensor (*function)(const Tensor&)>
Values unary(const Call& call) {
  return {function(call.in(0))};
}

template <Tensor (*function)(const Tensor&, const Tensor&)>
Values binary(const Call& call) {
  return {function(call.in(0), second(call))};
}

template <Tensor (*function)(const Tensor&, const Tensor&)>
Values variadic(const Call& call) {
  Tensor result = call.in(0);
  for (std::size_t i = 1; i < call.input_count(); ++i)
    result = function(result, call.in(i));
  return {result};
}

Tensor add(const Tensor& a, const Tensor& b) {
  return at::add(a, b);
}

Tensor sub(const Tensor& a, const Tensor& b) {
  return at::sub(a, b);
}

Tensor mul(const Tensor& a, const Tensor& b) {
  return at::mul(a, b);
}

/// Where a divisor is -1: the processor cannot divide the lowest integer by it.
Tensor is_minus_one(const Tensor& divisor) {
  const bool is_wide = divisor.scalar_type() == at::kInt || divisor.scalar_type() == at::kLong;
  return is_wide ? divisor.eq(-1) : at::zeros_like(divisor, at::kBool);
}

Tensor div(const Tensor& a, const Tensor& b) {
  if (!is_integer(a)) return at::div(a, b);
  const Tensor is_turned = is_minus_one(b);
  return at::where(is_turned, at::neg(a), at::div(a, b.masked_fill(is_turned, 1), "trunc"));
}

Tensor power(const Tensor& base, const Tensor& exponent) {
  if (!is_integer(base) || is_integer(exponent)) {
    const Tensor result = at::pow(base, exponent);
    return result.scalar_type() == base.scalar_type() ? result : result.to(base.scalar_type());
  }
  return at::pow(base.to(at::kDouble), exponent.to(at::kDouble)).to(base.scalar_type());
}

// The power has the type of its base; the exponent may be of another.
Values powers(const Call& call) {
  const auto in_full = [](const Tensor& x) {
    const bool is_half = x.scalar_type() == at::kHalf || x.scalar_type() == at::kBFloat16;
    return is_half ? x.to(at::kFloat) : x;
  };
  const ElementType type = element_type(call.value(0));
  const Tensor power_in_full = power(in_full(call.in(0)), in_full(second(call)));
  return {Value(wrapped(power_in_full.to(call.in(0).scalar_type()), type), type)};
}

Tensor exponential(const Tensor& x) {
  return at::exp(x);
}

Tensor logarithm(const Tensor& x) {
  return at::log(x);
}

Tensor reciprocal(const Tensor& x) {
  return at::reciprocal(x);
}

Tensor softsign(const Tensor& x) {
  return x / (1 + at::abs(x));
}

Tensor mish(const Tensor& x) {
  return x * at::tanh(at::softplus(x));
}

Tensor softplus(const Tensor& x) {
  return at::softplus(x);
}

Tensor hard_swish(const Tensor& x) {
  return x * at::clamp(x / 6 + 0.5, 0, 1);
}

Tensor bitwise_not(const Tensor& x) {
  return at::bitwise_not(x);
}

Tensor is_nan(const Tensor& x) {
  return at::isnan(x);
}

Tensor relu(const Tensor& x) {
  return is_integer(x) ? at::clamp_min(x, 0) : at::relu(x);
}

Tensor round_half_even(const Tensor& x) {
  return at::round(x);
}

Tensor sign(const Tensor& x) {
  return at::sign(x);
}

Tensor erf(const Tensor& x) {
  return at::erf(x).to(x.scalar_type());
}

Tensor ceil(const Tensor& x) {
  return at::ceil(x);
}

Tensor floor(const Tensor& x) {
  return at::floor(x);
}

Tensor absolute(const Tensor& x) {
  return at::abs(x);
}

Tensor negative(const Tensor& x) {
  return at::neg(x);
}

Values identity(const Call& call) {
  return {call.value(0)};
}

Values mean(const Call& call) {
  Tensor sum = call.in(0);
  for (std::size_t i = 1; i < call.input_count(); ++i)
    sum = sum + call.in(i);
  return {sum / static_cast<double>(call.input_count())};
}

// Mod: without `fmod` the result has the divisor's sign, with it the dividend's.
Values mod(const Call& call) {
  const Tensor& a = call.in(0);
  Tensor b = call.in(1);
  if (is_integer(b)) b = b.masked_fill(is_minus_one(b), 1);  // nothing is left of either
  return {call.flag("fmod") ? at::fmod(a, b) : at::remainder(a, b)};
}

Values bit_shift(const Call& call) {
  const std::string direction = call.text("direction", "");
  require(direction == "LEFT" || direction == "RIGHT", "expected the direction LEFT or RIGHT");
  if (direction == "LEFT") return {at::bitwise_left_shift(call.in(0), call.in(1))};
  return {at::bitwise_right_shift(call.in(0), call.in(1))};
}

Values where(const Call& call) {
  return {Value(at::where(call.in(0), call.in(1), call.in(2)), call.value(1).type)};
}

Values is_inf(const Call& call) {
  const Tensor& x = call.in(0);
  Tensor result = at::zeros_like(x, at::kBool);
  if (call.flag("detect_positive", true)) result = result.logical_or(at::isposinf(x));
  if (call.flag("detect_negative", true)) result = result.logical_or(at::isneginf(x));
  return {result};
}

// Clip: bounds are attributes before operator set 11, optional inputs from then on.
Values clip(const Call& call) {
  Tensor x = call.in(0);
  if (call.opset() < 11) {
    const double low = call.real("min", std::numeric_limits<float>::lowest());
    const double high = call.real("max", std::numeric_limits<float>::max());
    return {at::clamp(x, low, high)};
  }
  if (call.has(1)) x = at::maximum(x, call.in(1).to(x.device(), x.scalar_type()));
  if (call.has(2)) x = at::minimum(x, call.in(2).to(x.device(), x.scalar_type()));
  return {x};
}

// Where the clamp is between numbers, its gradient is 1 on the bounds; at::maximum splits it. The
// plain form is what exporters write for ReLU6 and input ranges.
Values clip_numbers(const Call& call) {
  const bool is_plain = call.opset() >= 11 && !is_integer(call.in(0)) &&
                        (!call.has(1) || call.in(1).numel() == 1) &&
                        (!call.has(2) || call.in(2).numel() == 1);
  if (!is_plain) return clip(call);
  Tensor x = call.in(0);
  if (call.has(1)) x = at::clamp_min(x, call.number_in(1));
  if (call.has(2)) x = at::clamp_max(x, call.number_in(2));
  return {x};
}

Values leaky_relu(const Call& call) {
  return {at::leaky_relu(call.in(0), call.real("alpha", 0.01F))};
}

Values prelu(const Call& call) {
  const Tensor& x = call.in(0);
  Tensor slope = call.in(1);
  // Before operator set 7 a slope per channel is given as a vector.
  if (call.opset() < 7 && slope.dim() == 1 && x.dim() > 1)
    for (std::int64_t i = 2; i < x.dim(); ++i)
      slope = slope.unsqueeze(-1);
  return {at::where(x < 0, x * slope, x)};
}

Values elu(const Call& call) {
  return {at::elu(call.in(0), call.real("alpha", 1.0))};
}

Values celu(const Call& call) {
  return {at::celu(call.in(0), call.real("alpha", 1.0))};
}

Values selu(const Call& call) {
  const bool is_first = call.opset() < 6;
  const double alpha = call.real("alpha", is_first ? 1.6732F : 1.67326319217681884765625);
  const double gamma = call.real("gamma", is_first ? 1.0507F : 1.05070102214813232421875);
  return {at::elu(call.in(0), alpha, gamma, 1)};
}

Values hard_sigmoid(const Call& call) {
  return {at::clamp(call.in(0) * call.real("alpha", 0.2F) + call.real("beta", 0.5), 0, 1)};
}

Values thresholded_relu(const Call& call) {
  const Tensor& x = call.in(0);
  return {at::where(x > call.real("alpha", 1.0), x, at::zeros_like(x))};
}

Values shrink(const Call& call) {
  const Tensor& x = call.in(0);
  const double bias = call.real("bias", 0);
  const double lambda = call.real("lambd", 0.5);
  const Tensor zero = at::zeros_like(x);
  const Tensor y = at::where(x < -lambda, x + bias, at::where(x > lambda, x - bias, zero));
  return {y.to(x.scalar_type())};
}

Values gelu(const Call& call) {
  const std::string approximate = call.text("approximate", "none");
  require(approximate == "none" || approximate == "tanh", "expected approximate 'none' or 'tanh'");
  return {at::gelu(call.in(0), approximate)};
}

Values swish(const Call& call) {
  return {call.in(0) * at::sigmoid(call.in(0) * call.real("alpha", 1.0))};
}

Values logical_not(const Call& call) {
  return {at::logical_not(call.in(0))};
}

Values equal(const Call& call) {
  return {at::eq(call.in(0), second(call))};
}

constexpr std::array rows{
    OperatorRow{"Abs", 1, 13, unary<absolute>},
    OperatorRow{"Acos", 7, 22, unary<at::acos>},
    OperatorRow{"Acosh", 9, 22, unary<at::acosh>},
    OperatorRow{"Add", 1, 14, binary<add>},
    OperatorRow{"And", 1, 7, binary<at::logical_and>},
    OperatorRow{"Asin", 7, 22, unary<at::asin>},
    OperatorRow{"Asinh", 9, 22, unary<at::asinh>},
    OperatorRow{"Atan", 7, 22, unary<at::atan>},
    OperatorRow{"Atanh", 9, 22, unary<at::atanh>},
    OperatorRow{"BitShift", 11, 11, bit_shift},
    OperatorRow{"BitwiseAnd", 18, 18, binary<at::bitwise_and>},
    OperatorRow{"BitwiseNot", 18, 18, unary<bitwise_not>},
    OperatorRow{"BitwiseOr", 18, 18, binary<at::bitwise_or>},
    OperatorRow{"BitwiseXor", 18, 18, binary<at::bitwise_xor>},
    OperatorRow{"Ceil", 1, 13, unary<ceil>},
    OperatorRow{"Celu", 12, 12, celu},
    OperatorRow{"Clip", 1, 13, clip_numbers},
    OperatorRow{"Cos", 7, 22, unary<at::cos>},
    OperatorRow{"Cosh", 9, 22, unary<at::cosh>},
    OperatorRow{"Div", 1, 14, binary<div>},
    OperatorRow{"Elu", 1, 22, elu},
    OperatorRow{"Equal", 1, 19, equal, Types::texts},
    OperatorRow{"Erf", 9, 13, unary<erf>},
    OperatorRow{"Exp", 1, 13, unary<exponential>},
    OperatorRow{"Floor", 1, 13, unary<floor>},
    OperatorRow{"Gelu", 20, 20, gelu},
    OperatorRow{"Greater", 1, 13, binary<at::gt>},
    OperatorRow{"GreaterOrEqual", 12, 16, binary<at::ge>},
    OperatorRow{"HardSigmoid", 1, 22, hard_sigmoid},
    OperatorRow{"HardSwish", 14, 22, unary<hard_swish>},
    OperatorRow{"Identity", 1, 25, identity, Types::moved},
    OperatorRow{"IsInf", 10, 20, is_inf},
    OperatorRow{"IsNaN", 9, 20, unary<is_nan>},
    OperatorRow{"LeakyRelu", 1, 16, leaky_relu},
    OperatorRow{"Less", 1, 13, binary<at::lt>},
    OperatorRow{"LessOrEqual", 12, 16, binary<at::le>},
    OperatorRow{"Log", 1, 13, unary<logarithm>},
    OperatorRow{"Max", 1, 13, variadic<at::maximum>},
    OperatorRow{"Mean", 1, 13, mean},
    OperatorRow{"Min", 1, 13, variadic<at::minimum>},
    OperatorRow{"Mish", 18, 22, unary<mish>},
    OperatorRow{"Mod", 10, 13, mod},
    OperatorRow{"Mul", 1, 14, binary<mul>},
    OperatorRow{"Neg", 1, 13, unary<negative>},
    OperatorRow{"Not", 1, 1, logical_not},
    OperatorRow{"Or", 1, 7, binary<at::logical_or>},
    OperatorRow{"PRelu", 1, 16, prelu},
    OperatorRow{"Pow", 1, 15, powers, Types::kept},
    OperatorRow{"Reciprocal", 1, 13, unary<reciprocal>},
    OperatorRow{"Relu", 1, 14, unary<relu>},
    OperatorRow{"Round", 11, 22, unary<round_half_even>},
    OperatorRow{"Selu", 1, 22, selu},
    OperatorRow{"Shrink", 9, 9, shrink},
    OperatorRow{"Sigmoid", 1, 13, unary<at::sigmoid>},
    OperatorRow{"Sign", 9, 13, unary<sign>},
    OperatorRow{"Sin", 7, 22, unary<at::sin>},
    OperatorRow{"Sinh", 9, 22, unary<at::sinh>},
    OperatorRow{"Softplus", 1, 22, unary<softplus>},
    OperatorRow{"Softsign", 1, 22, unary<softsign>},
    OperatorRow{"Sqrt", 1, 13, unary<at::sqrt>},
    OperatorRow{"Sub", 1, 14, binary<sub>},
    OperatorRow{"Sum", 1, 13, variadic<add>},
    OperatorRow{"Swish", 24, 24, swish},
    OperatorRow{"Tan", 7, 22, unary<at::tan>},
    OperatorRow{"Tanh", 1, 13, unary<at::tanh>},
    OperatorRow{"ThresholdedRelu", 1, 22, thresholded_relu},
    OperatorRow{"Where", 9, 16, where, Types::texts},
    OperatorRow{"Xor", 1, 7, binary<at::logical_xor>},
};

}  // namespace

std::span<const OperatorRow> elementwise_operators() {
  return rows;
}

}  // namespace lockstep::ai
