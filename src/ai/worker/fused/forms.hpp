// SPDX-License-Identifier: Apache-2.0
// The operators with a fused form: one row each (forms.cpp), one function for a kind of them.
#pragma once

#include <string_view>

#include "ai/worker/fused/layer_reader.hpp"

namespace lockstep::ai::fused {

/// Reads a step whose inputs depend on the sample: adds the layers that compute it, and sets its
/// outputs. Throws NoFusedForm where its attributes or inputs have none.
/// @param values of all inputs; numbers of slots where they are
using ReadStep = void(LayerReader& reader, const Net::Step& step, Values values);

ReadStep read_move;         // forms_move.cpp
ReadStep read_convolution;  // forms_windows.cpp
ReadStep read_max_pool;
ReadStep read_average;
ReadStep read_product;  // forms_affine.cpp
ReadStep read_sum;
ReadStep read_affine;
ReadStep read_reduction;
ReadStep read_activation;  // forms_functions.cpp
ReadStep read_curve;

/// A row of the family.
struct FusedForm {
  std::string_view name;  ///< of the operator, in ONNX's own domain
  ReadStep* read;
};

/// Null for an operator without one.
const FusedForm* fused_form_of(std::string_view name);

}  // namespace lockstep::ai::fused
