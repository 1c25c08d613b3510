// SPDX-License-Identifier: Apache-2.0
// Attention of transformers, and the rotation of queries and keys by position.
//
// Source: ONNX operator specifications, named by each row; Vaswani et al. 2017; Su et al. 2021.
#include <ATen/ATen.h>
#include <array>
#include <cmath>
#include <limits>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;

/// [batch, sequence, heads * size] as [batch, heads, sequence, size]; four dimensions stay.
Tensor split_heads(const Tensor& x, std::int64_t heads) {
  if (x.dim() == 4) return x;
  require(x.dim() == 3 && heads > 0 && x.size(2) % heads == 0,
          "expected heads that divide the width");
  return x.reshape({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2);
}

/// The mask as numbers that are added to the scores: 0 to keep, -infinity to leave out.
Tensor added_mask(const Tensor& mask, const Tensor& scores) {
  Tensor bias = mask;
  if (mask.scalar_type() == at::kBool)
    bias = at::zeros(mask.sizes(), scores.options())
               .masked_fill(mask.logical_not(), -std::numeric_limits<double>::infinity());
  const std::int64_t missing = scores.size(-1) - bias.size(-1);
  // A mask that is shorter than the keys leaves the rest of them out.
  if (missing > 0 && bias.size(-1) > 1)
    bias = at::constant_pad_nd(bias, {0, missing}, -std::numeric_limits<double>::infinity());
  return bias;
}

/// Scores with masks: causal, given, and by the number of valid keys.
Tensor masked_scores(const Call& call, Tensor scores, std::int64_t past) {
  const double out = -std::numeric_limits<double>::infinity();
  const std::int64_t queries = scores.size(-2);
  const std::int64_t keys = scores.size(-1);
  if (call.has(3)) scores = scores + added_mask(call.in(3), scores);
  if (call.flag("is_causal")) {
    const Tensor later =
        at::ones({queries, keys}, at::TensorOptions(scores.device()).dtype(at::kBool))
            .triu(past + 1);
    scores = scores.masked_fill(later, out);
  }
  if (call.has(6)) {
    const Tensor valid = call.in(6).to(at::kLong).reshape({-1, 1, 1, 1});
    scores = scores.masked_fill(at::arange(keys, valid.options()).ge(valid), out);
  }
  return scores;
}

Values attention(const Call& call) {
  if (call.integer("left_window_size", -1) >= 0 || call.integer("right_window_size", -1) >= 0)
    throw Unsupported("Attention with a sliding window");
  const Tensor q = split_heads(call.in(0), call.integer("q_num_heads", 0));
  Tensor k = split_heads(call.in(1), call.integer("kv_num_heads", 0));
  Tensor v = split_heads(call.in(2), call.integer("kv_num_heads", 0));
  std::int64_t past = 0;
  if (call.has(4)) {
    past = call.in(4).size(2);
    k = at::cat({call.in(4), k}, 2);
    v = at::cat({call.in(5), v}, 2);
  }
  const Tensor present_key = k;
  const Tensor present_value = v;
  if (q.size(1) != k.size(1)) {
    require(k.size(1) > 0 && q.size(1) % k.size(1) == 0,
            "expected query heads that share key heads");
    k = k.repeat_interleave(q.size(1) / k.size(1), 1);
    v = v.repeat_interleave(q.size(1) / v.size(1), 1);
  }
  const double scale = call.real("scale", 1.0 / std::sqrt(static_cast<double>(q.size(3))));
  const std::int64_t mode = call.integer("qk_matmul_output_mode", 0);
  Tensor scores = at::matmul(q * std::sqrt(scale), k.transpose(2, 3) * std::sqrt(scale));
  Tensor shown = scores;
  const double cap = call.real("softcap", 0);
  if (cap > 0) scores = at::tanh(scores / cap) * cap;
  if (mode == 1) shown = scores;
  scores = masked_scores(call, scores, past);
  if (mode == 2) shown = scores;
  const Tensor weights = at::softmax(scores, -1);
  if (mode == 3) shown = weights;
  Tensor y = at::matmul(weights, v);
  if (call.in(0).dim() == 3) y = y.transpose(1, 2).reshape({y.size(0), y.size(2), -1});
  return {y, present_key, present_value, shown};
}

Values rotary_embedding(const Call& call) {
  const Tensor& input = call.in(0);
  const bool is_flat = input.dim() == 3;
  // [batch, sequence, heads, size]
  const Tensor x = is_flat ? split_heads(input, call.integer("num_heads", 0)).transpose(1, 2)
                           : input.transpose(1, 2);
  std::int64_t width = call.integer("rotary_embedding_dim", 0);
  if (width == 0) width = x.size(3);
  const std::int64_t half = width / 2;
  Tensor cosine = call.in(1);
  Tensor sine = call.in(2);
  if (call.has(3)) {
    const Tensor positions = call.in(3).to(at::kLong);
    require(cosine.dim() == 2 && sine.dim() == 2, "expected tables [positions, size]");
    const auto at_positions = [&](const Tensor& cache) {
      return cache.index_select(0, positions.reshape(-1))
          .reshape({positions.size(0), positions.size(1), cache.size(1)});
    };
    cosine = at_positions(cosine);
    sine = at_positions(sine);
  }
  cosine = cosine.narrow(-1, 0, half).unsqueeze(2);
  sine = sine.narrow(-1, 0, half).unsqueeze(2);
  const Tensor turned = x.narrow(3, 0, width);
  const bool is_interleaved = call.flag("interleaved");
  const Tensor first = is_interleaved ? turned.slice(3, 0, width, 2) : turned.narrow(3, 0, half);
  const Tensor last = is_interleaved ? turned.slice(3, 1, width, 2) : turned.narrow(3, half, half);
  const Tensor real = cosine * first - sine * last;
  const Tensor imaginary = sine * first + cosine * last;
  Tensor y =
      is_interleaved ? at::stack({real, imaginary}, -1).flatten(3) : at::cat({real, imaginary}, 3);
  y = at::cat({y, x.narrow(3, width, x.size(3) - width)}, 3);
  return {is_flat ? y.reshape(input.sizes()) : y.transpose(1, 2)};
}

constexpr std::array rows{
    OperatorRow{"Attention", 23, 24, attention},
    OperatorRow{"RotaryEmbedding", 23, 23, rotary_embedding},
};

}  // namespace

std::span<const OperatorRow> attention_operators() {
  return rows;
}

}  // namespace lockstep::ai
