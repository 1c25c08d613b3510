// SPDX-License-Identifier: Apache-2.0
#include <ATen/ATen.h>
#include <fmt/format.h>

#include "ai/worker/certify/verify.hpp"
#include "base/text.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

Result<PropertyNet> PropertyNet::build(Net net, const std::string& file) {
  const bool is_one = net.inputs().size() == 1 && !net.outputs().empty();
  const ValueInfo* input = is_one ? &net.inputs().front() : nullptr;
  const bool is_known =
      is_one && input->type == ElementType::float32 && input->has_shape &&
      input->shape.size() >= 2 && input->shape.front() <= 1 &&
      std::all_of(input->shape.begin() + 1, input->shape.end(), [](auto n) { return n > 0; });
  if (!is_known)
    return fail(ErrorKind::input, "ai.shape",
                "expected a net with one float32 input [samples, ...] of known sizes",
                {file, 0, 0});
  Net wide = net;
  wide.widen();
  PropertyNet made(std::move(net), std::move(wide));
  const std::vector<std::int64_t>& shape = made.net_.inputs().front().shape;
  made.fixed_batch_ = std::max<std::int64_t>(shape.front(), 0);
  made.sample_shape_.assign(shape.begin() + 1, shape.end());
  made.inputs_ = 1;
  for (const std::int64_t size : made.sample_shape_)
    made.inputs_ *= size;
  auto graph = Graph::build(made.net_, made.sample_shape_, made.fixed_batch_ == 1);
  if (graph)
    made.graph_ = *std::move(graph);
  else
    made.why_no_graph_ = graph.error();
  return made;
}

Result<Tensor> PropertyNet::run(const Net& net, const Tensor& x, at::ScalarType type) const {
  std::vector<Tensor> parts;
  const std::int64_t rows = x.size(0);
  const std::int64_t step = fixed_batch_ == 0 ? std::max<std::int64_t>(rows, 1) : fixed_batch_;
  for (std::int64_t first = 0; first < rows; first += step) {
    const Tensor part = x.narrow(0, first, std::min(step, rows - first)).to(type);
    std::vector<std::int64_t> shape{part.size(0)};
    shape.insert(shape.end(), sample_shape_.begin(), sample_shape_.end());
    TRY(const Values outputs, net.run({Value(part.reshape(shape))}));
    const Tensor& scores = outputs.front().tensor;
    if (!scores.defined() || !scores.is_floating_point() || scores.numel() % part.size(0) != 0)
      return fail(ErrorKind::input, "ai.shape", "expected a float output for each sample");
    parts.push_back(scores.reshape({part.size(0), -1}).to(at::kDouble));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts);
}

Rows rows_of(const Clause& clause, std::int64_t outputs) {
  const auto count = static_cast<std::int64_t>(clause.size());
  Rows rows{at::zeros({count, outputs}, at::kDouble), at::zeros({count}, at::kDouble)};
  for (std::size_t k = 0; k < clause.size(); ++k) {
    for (const auto& [i, factor] : clause[k].terms)
      rows.factors.data_ptr<double>()[static_cast<std::int64_t>(k) * outputs + i] = factor;
    rows.bounds.data_ptr<double>()[k] = clause[k].bound;
  }
  return rows;
}

Tensor violation(const Rows& rows, const Tensor& scores) {
  // A clause without conditions is fulfilled by every input of the box.
  if (rows.bounds.size(0) == 0) return at::full({scores.size(0)}, -1.0, at::kDouble);
  return std::get<0>((scores.matmul(rows.factors.t()) - rows.bounds).max(1));
}

}  // namespace lockstep::ai::certify
