// SPDX-License-Identifier: Apache-2.0
// Operators that only move elements: each is run on the numbers of the slots.
#include <ATen/ATen.h>

#include "ai/worker/fused/forms.hpp"

namespace lockstep::ai::fused {

using at::Tensor;

void read_move(LayerReader& reader, const Net::Step& step, Values values) {
  const std::string_view name = step.row->name;
  const Call call(step.node, step.opset, *step.prepared, values, nullptr);
  if (name == "Dropout" && values.size() > 2 && values[2].tensor.defined() &&
      values[2].tensor.is_nonzero())
    throw NoFusedForm{"a live Dropout"};
  if (name == "Pad" && step.opset < 11 && call.real("value", 0) != 0) throw no_form(step);
  if (name == "Pad" && values.size() > 2 && values[2].tensor.defined()) {
    if (values[2].tensor.to(at::kDouble).item<double>() != 0) throw no_form(step);
    values[2] = Value();
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    if ((name == "Concat" || i == 0) != reader.input(step, i).is_slots &&
        values[i].tensor.defined())
      throw no_form(step);
  const Values outputs = compute(step, std::move(values));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (i > 0 && name == "Dropout") break;
    const Tensor rows = name == "Pad" ? reader.with_pads(outputs[i].tensor) : outputs[i].tensor;
    reader.check_rows(rows, step);
    reader.set_output(step, i, {Value(rows), true, -1});
  }
}

}  // namespace lockstep::ai::fused
