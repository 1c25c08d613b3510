// SPDX-License-Identifier: Apache-2.0
// Functions of single elements.
#include <ATen/ATen.h>
#include <limits>

#include "ai/worker/fused/forms.hpp"

namespace lockstep::ai::fused {

using at::Tensor;

void read_activation(LayerReader& reader, const Net::Step& step, Values) {
  const Known x = reader.input(step, 0);
  const Call call(step.node, step.opset, *step.prepared, {}, nullptr);
  Activation activation{0, std::numeric_limits<float>::infinity()};
  if (step.row->name == "LeakyRelu") {
    activation.slope = static_cast<float>(call.real("alpha", 0.01));
    if (activation.slope < 0) throw no_form(step);
  }
  if (step.row->name == "Clip") {
    const auto bound = [&](std::size_t i, const char* attribute, double otherwise) {
      if (step.opset < 11) return call.real(attribute, otherwise);
      const Tensor& given = reader.input(step, i).value.tensor;
      return given.defined() ? given.to(at::kDouble).item<double>() : otherwise;
    };
    const double infinity = std::numeric_limits<double>::infinity();
    if (reader.input(step, 1).is_slots || reader.input(step, 2).is_slots ||
        bound(1, "min", -infinity) != 0)
      throw NoFusedForm{"a Clip from other than 0 has no fused form"};
    activation.high = static_cast<float>(bound(2, "max", infinity));
    if (!(activation.high > 0)) throw no_form(step);
  }
  if (Layer* layer = reader.open_layer(step, 0); layer != nullptr) {
    layer->activation = activation;
    reader.set_output(step, 0, x);
    return;
  }
  const Tensor out = reader.add_scale({identity(x.value.tensor)}, {}, x.value.tensor, activation);
  reader.set_output(step, 0, {Value(out), true, reader.last_layer()});
}

void read_curve(LayerReader& reader, const Net::Step& step, Values) {
  const Known& x = reader.input(step, 0);
  const Tensor out =
      reader.new_rows({x.value.tensor.sizes().begin() + 1, x.value.tensor.sizes().end()});
  const auto kind = step.row->name == "Tanh" ? CurveLayer::Kind::tanh : CurveLayer::Kind::sigmoid;
  reader.has_no_loops(no_form(step).reason);
  reader.set_output(
      step, 0,
      {Value(out), true,
       reader.add_layer({CurveLayer{slots_of(out), slots_of(x.value.tensor), kind}, {}})});
}

}  // namespace lockstep::ai::fused
