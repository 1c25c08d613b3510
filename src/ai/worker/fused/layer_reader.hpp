// SPDX-License-Identifier: Apache-2.0
// A net read as layers over slots (layer_reader.cpp), and what the forms of its operators
// (forms.hpp) need for that.
#pragma once

#include <ATen/ATen.h>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ai/worker/fused/assembler.hpp"
#include "ai/worker/nets/net_step.hpp"

namespace lockstep::ai::fused {

/// Thrown by a form: why there is none for this net, as a sentence for people.
struct NoFusedForm {
  std::string reason;
};

/// "the operator Sigmoid has no fused form"
NoFusedForm no_form(const Net::Step& step);

/// Numbers that a step has given: of slots, or values that are the same for every sample.
struct Known {
  Value value;
  bool is_slots = false;
  int layer = -1;  ///< whose whole output this is, in its order; -1: of none, or rearranged
};

/// The first sample's slots, in row-major order. @param rows [samples, ...]
Slots slots_of(const at::Tensor& rows);

/// All elements, in row-major order.
std::vector<float> floats_of(const at::Tensor& tensor);

/// Slots as they are, as a term of a sum.
ScaleLayer::Term identity(const at::Tensor& rows);

/// Walks over the steps of a net, in their order, and keeps what each has given. Numbers of slots
/// are tensors [samples, ...] of int64, those of the second sample larger by a constant.
class LayerReader {
 public:
  /// @param is_single the net insists on a batch of 1
  LayerReader(const Net& net, std::vector<std::int64_t> sample_shape, bool is_single);

  /// Throws NoFusedForm, and what operators throw.
  Layers read();

  /// What the step's input is; nothing where it has none.
  const Known& input(const Net::Step& step, std::size_t i) const;
  void set_output(const Net::Step& step, std::size_t i, Known known);

  /// Numbers of new slots. @param shape of one sample
  at::Tensor new_rows(std::vector<std::int64_t> shape);
  int add_layer(Layer layer);

  /// Adds a sum of terms and a shift (empty: 0). @param like its shape is the result's
  at::Tensor add_scale(std::vector<ScaleLayer::Term> terms,
                       std::vector<float> shift,
                       const at::Tensor& like,
                       std::optional<Activation> activation = {});
  int last_layer() const;

  /// The layer whose whole output is input `i`, when nothing else reads it and it has no
  /// activation: what comes next may become part of it. Null otherwise.
  Layer* open_layer(const Net::Step& step, std::size_t i);

  /// Throws where numbers of slots are not the same for both samples.
  void check_rows(const at::Tensor& rows, const Net::Step& step) const;

  /// Slot 0 for either sample, where an operator has filled in zeros.
  at::Tensor with_pads(const at::Tensor& rows) const;

  /// 2, so that an operator that mixes samples is noticed; 1 where the net insists on it.
  std::int64_t samples() const { return samples_; }

  /// There are layers, but no loops for them.
  void has_no_loops(std::string reason) { layers_.without_loops = std::move(reason); }

 private:
  void read(const Net::Step& step);
  bool is_used_once(const Net::Step& step, std::size_t i) const;

  const Net& net_;
  std::vector<Known> known_;
  std::vector<int> uses_;
  std::int64_t samples_;
  Layers layers_;
};

}  // namespace lockstep::ai::fused
