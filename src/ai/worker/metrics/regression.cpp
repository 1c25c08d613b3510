// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/metrics/regression.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/isfinite.h>
#include <algorithm>
#include <fmt/format.h>

#include "ai/worker/data/samples.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

tl::unexpected<Error> bad(const std::string& file, std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message), {file, 0, 0});
}

/// The right numbers, taken out of the arrays; zeros stand in their place.
Result<std::vector<double>> right_numbers(std::vector<NamedArray>& arrays,
                                          const std::string& file) {
  const auto found = std::ranges::find_if(
      arrays, [](const NamedArray& named) { return named.name == "y" || named.name == "labels"; });
  if (found == arrays.end())
    return bad(file, "ai.data", "expected an array 'y' with the right number of each sample");
  Array& array = found->array;
  if (array.type == ElementType::string || count_not_finite(array) > 0)
    return bad(file, "ai.data",
               fmt::format("expected finite numbers in '{}'", quotable(found->name)));
  const bool is_column = array.shape.size() == 2 && array.shape[1] == 1;
  if (array.shape.size() != 1 && !is_column)
    return bad(
        file, "ai.shape",
        fmt::format("expected one number for each sample in '{}', found an array of shape {}",
                    quotable(found->name), shape_text(array.shape)));
  std::vector<double> numbers = lockstep::ai::numbers_of(array);
  const std::vector<std::int64_t> zeros(numbers.size());
  array = array_of<std::int64_t>({std::ssize(zeros)}, zeros);
  return numbers;
}

Result<> check_net(const Net& net, const std::string& file) {
  const auto random = net.random_nodes();
  if (!random.empty())
    return bad(file, "ai.random",
               fmt::format("expected a net that answers the same each time, found nodes that draw "
                           "random numbers: {}",
                           join(random, ", ")));
  if (net.inputs().size() == 1 && !net.outputs().empty() && net.inputs().front().has_shape &&
      net.inputs().front().shape.size() >= 2)
    return {};
  return bad(file, "ai.shape",
             "expected a net with one input [samples, ...] and an output of one number for each "
             "sample");
}

}  // namespace

Result<Numbers> numbers_of(const Net& net,
                           std::vector<NamedArray> arrays,
                           const MetricsPlan& plan,
                           std::int64_t wanted,
                           const std::string& model,
                           const std::string& data,
                           Progress& progress) {
  TRY_VOID(check_net(net, model));
  Numbers numbers;
  TRY(numbers.right, right_numbers(arrays, data));
  const ValueInfo& input = net.inputs().front();
  const std::vector<std::int64_t> shape(input.shape.begin() + 1, input.shape.end());
  TRY(const Samples samples,
      samples_of(arrays, shape, wanted, input.type == ElementType::float64, data));
  const std::int64_t count = samples.count();
  numbers.right.resize(static_cast<std::size_t>(count));
  const std::int64_t fixed = std::max<std::int64_t>(input.shape.front(), 0);
  const std::int64_t batch = fixed > 0 ? fixed : plan.batch_size;
  const at::NoGradGuard no_gradients;
  progress.stage("numbers", static_cast<std::uint64_t>(count));
  for (std::int64_t start = 0; start < count; start += batch) {
    if (progress.is_cancelled())
      return fail(ErrorKind::interrupted, "ai.cancelled", "the measurement was stopped");
    const std::int64_t some = std::min(batch, count - start);
    at::Tensor x = samples.x.narrow(0, start, some);
    // A model that insists on its batch size gets the last sample again until it is full.
    for (std::int64_t i = some; i < fixed; ++i)
      x = at::cat({x, samples.x.narrow(0, count - 1, 1)});
    TRY(const Values outputs, net.run({Value(x)}));
    const at::Tensor& said = outputs.front().tensor;
    if (!said.defined() || !said.is_floating_point() || said.numel() != x.size(0))
      return bad(model, "ai.shape",
                 fmt::format("expected one number for each of {} samples, found an output of shape "
                             "{}",
                             x.size(0),
                             shape_text(said.defined() ? said.sizes().vec()
                                                       : std::vector<std::int64_t>{})));
    if (!said.isfinite().all().item<bool>())
      return bad(model, "ai.scores", "the model answers numbers that are NaN or infinite");
    const at::Tensor flat = said.reshape(-1).to(at::kDouble).contiguous();
    numbers.said.insert(numbers.said.end(), flat.data_ptr<double>(),
                        flat.data_ptr<double>() + some);
    progress.advance(static_cast<std::uint64_t>(start + some));
  }
  return numbers;
}

}  // namespace lockstep::ai
