// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/forms.hpp"

#include <algorithm>
#include <array>

namespace lockstep::ai::fused {
namespace {

constexpr std::array<FusedForm, 35> forms = {{
    {"Add", read_sum},
    {"AveragePool", read_average},
    {"BatchNormalization", read_affine},
    {"Clip", read_activation},
    {"Concat", read_move},
    {"Conv", read_convolution},
    {"DepthToSpace", read_move},
    {"Div", read_affine},
    {"Dropout", read_move},
    {"Expand", read_move},
    {"Flatten", read_move},
    {"Gather", read_move},
    {"Gemm", read_product},
    {"GlobalAveragePool", read_average},
    {"Identity", read_move},
    {"LeakyRelu", read_activation},
    {"MatMul", read_product},
    {"MaxPool", read_max_pool},
    {"Mul", read_affine},
    {"Neg", read_affine},
    {"Pad", read_move},
    {"ReduceMean", read_reduction},
    {"ReduceSum", read_reduction},
    {"Relu", read_activation},
    {"Reshape", read_move},
    {"Sigmoid", read_curve},
    {"Slice", read_move},
    {"SpaceToDepth", read_move},
    {"Split", read_move},
    {"Squeeze", read_move},
    {"Sub", read_sum},
    {"Tanh", read_curve},
    {"Tile", read_move},
    {"Transpose", read_move},
    {"Unsqueeze", read_move},
}};

}  // namespace

const FusedForm* fused_form_of(std::string_view name) {
  const auto found = std::ranges::find(forms, name, &FusedForm::name);
  return found == forms.end() ? nullptr : &*found;
}

}  // namespace lockstep::ai::fused
