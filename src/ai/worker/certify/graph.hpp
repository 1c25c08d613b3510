// SPDX-License-Identifier: Apache-2.0
// A net as a list of nodes over vectors of float64: what bounds are computed on. Made from the
// layers that ai/worker/fused reads, so that every operator that only moves elements is settled
// already, and every affine one is part of a layer.
#pragma once

#include <ATen/core/Tensor.h>
#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ai/worker/nets/net.hpp"
#include "base/result.hpp"

namespace lockstep::ai::certify {

/// Elements of one value that a node reads, and where they stand in what it reads.
struct Part {
  int value = 0;
  bool is_whole = false;  ///< all elements in their order; the two lists are not set
  at::Tensor elements;    ///< [k] int64, of the value
  at::Tensor places;      ///< [k] int64, of the reading; what no part fills is 0
};

/// What a node reads, put together of earlier values.
struct Reading {
  std::int64_t size = 0;
  std::vector<Part> parts;
};

/// A matrix product, or a convolution over two or three axes.
struct LinearNode {
  Reading in;
  bool is_product = false;  ///< weight [out, in]
  at::Tensor weight;        ///< else [out channels, in channels / groups, kernel...]
  at::Tensor magnitude;     ///< |weight|
  at::Tensor bias;          ///< [out channels]
  std::int64_t groups = 1;
  std::vector<std::int64_t> image;   ///< [in channels, positions...]
  std::vector<std::int64_t> result;  ///< [out channels, positions...]
  std::vector<std::int64_t> strides;
  std::vector<std::int64_t> dilations;
  std::vector<std::int64_t> pads;  ///< as constant_pad_nd wants them; negative ones cut

  /// @param x [rows, in] @returns [rows, out]; without the bias
  at::Tensor forward(const at::Tensor& x, const at::Tensor& by) const;

  /// The transpose. @param a [rows, out] @returns [rows, in]
  at::Tensor backward(const at::Tensor& a) const { return backward(a, weight); }

  /// The same with other weights of this shape, such as their magnitudes.
  at::Tensor backward(const at::Tensor& a, const at::Tensor& by) const;

  /// The bias of every output: [out].
  at::Tensor whole_bias() const;
};

/// The sum of its terms, each times its factors, plus a shift.
struct ScaleNode {
  std::vector<Reading> terms;
  std::vector<at::Tensor> factors;  ///< [n] each
  at::Tensor shift;                 ///< [n]
  Reading other;                    ///< where it has parts: this is the larger of terms[0] and it
};

/// x where x is above 0, slope * x below; 0 <= slope <= 1.
struct ActivationNode {
  int value = 0;
  double slope = 0;
};

/// The logistic function or the hyperbolic tangent (curve.hpp).
struct CurveNode {
  int value = 0;
  bool is_tanh = false;
};

using Node = std::variant<LinearNode, ScaleNode, ActivationNode, CurveNode>;

/// Value 0 is the input; node i makes value i + 1. The scores are the last value.
class Graph {
 public:
  /// The net, or why it has no such form: a sentence for people.
  /// @param sample_shape sizes behind the batch axis, all of them positive
  /// @param is_single    the net insists on a batch of 1
  static tl::expected<Graph, std::string> build(const Net& net,
                                                const std::vector<std::int64_t>& sample_shape,
                                                bool is_single);

  /// Every value at given inputs; gradients flow. @param x [rows, inputs] float64
  at::Tensor scores(const at::Tensor& x) const;

  const std::vector<Node>& nodes() const { return nodes_; }

  /// Elements of each value.
  const std::vector<std::int64_t>& sizes() const { return sizes_; }

  std::int64_t inputs() const { return sizes_.front(); }

  std::int64_t outputs() const { return sizes_.back(); }

  /// Whether the value is what an activation reads, which is linear on either side of 0.
  bool is_before_activation(int value) const {
    return is_before_activation_[static_cast<std::size_t>(value)];
  }

  /// Whether the value is what a curve reads.
  bool is_before_curve(int value) const {
    return is_before_curve_[static_cast<std::size_t>(value)];
  }

  int last() const { return static_cast<int>(sizes_.size()) - 1; }

 private:
  friend class GraphBuilder;

  std::vector<Node> nodes_;
  std::vector<std::int64_t> sizes_;
  std::vector<bool> is_before_activation_;
  std::vector<bool> is_before_curve_;
};

/// What a reading finds in the values. @param values [rows, n] each
at::Tensor gather(const Reading& reading, const std::vector<at::Tensor>& values);

/// A node's result at given values.
at::Tensor evaluated(const Node& node, const std::vector<at::Tensor>& values);

}  // namespace lockstep::ai::certify
