// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/classifier.hpp"

#include <ATen/core/Reduction.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/zeros_like.h>
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::ai {
namespace {

tl::unexpected<Error> bad(const std::string& file, std::string message) {
  return fail(ErrorKind::input, "ai.shape", std::move(message), {file, 0, 0});
}

}  // namespace

Result<Classifier> Classifier::build(Net net, const std::string& file) {
  if (net.inputs().size() != 1 || net.outputs().empty())
    return bad(file,
               fmt::format("expected a net with one input and an output of class scores, found "
                           "{} inputs and {} outputs",
                           net.inputs().size(), net.outputs().size()));
  const ValueInfo& input = net.inputs().front();
  if (input.type != ElementType::float32 && input.type != ElementType::float64)
    return bad(file, fmt::format("expected a float32 input, found '{}' of {}", quotable(input.name),
                                 name_of(input.type)));
  if (!input.has_shape || input.shape.size() < 2)
    return bad(file, fmt::format("expected an input [samples, ...], found '{}' of shape {}",
                                 quotable(input.name), shape_text(input.shape)));
  Classifier classifier(std::move(net));
  classifier.file_ = file;
  classifier.is_float64_ = input.type == ElementType::float64;
  const ValueInfo& declared = classifier.net_.inputs().front();
  classifier.fixed_batch_ = std::max<std::int64_t>(declared.shape.front(), 0);
  classifier.sample_shape_.assign(declared.shape.begin() + 1, declared.shape.end());
  classifier.is_softmax_dropped_ = classifier.net_.drop_final_softmax();
  return classifier;
}

Result<at::Tensor> Classifier::scores(const at::Tensor& x) const {
  std::vector<at::Tensor> parts;
  const std::int64_t samples = x.size(0);
  const std::int64_t step = fixed_batch_ == 0 ? std::max<std::int64_t>(samples, 1) : fixed_batch_;
  for (std::int64_t start = 0; start < samples; start += step) {
    const std::int64_t count = std::min(step, samples - start);
    at::Tensor part = samples == count ? x : x.narrow(0, start, count);
    // A model that insists on its batch size gets the last sample again until it is full.
    for (std::int64_t i = count; i < fixed_batch_; ++i)
      part = at::cat({part, x.narrow(0, samples - 1, 1)});
    TRY(const Values outputs, net_.run({Value(part)}));
    at::Tensor scores = outputs.front().tensor;
    if (!scores.defined() || scores.dim() < 2 || scores.size(0) != part.size(0))
      return bad(
          file_,
          fmt::format(
              "expected class scores [{}, classes], found an output of shape {}", part.size(0),
              shape_text(scores.defined() ? scores.sizes().vec() : std::vector<std::int64_t>{})));
    scores = scores.reshape({scores.size(0), -1});
    if (scores.size(1) < 2 || !scores.is_floating_point())
      return bad(file_,
                 "expected scores of at least two classes, found one number per sample; export "
                 "the model with one score for each class");
    parts.push_back(count == part.size(0) ? scores : scores.narrow(0, 0, count));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts);
}

Result<at::Tensor> Classifier::logits(const at::Tensor& x) const {
  const at::NoGradGuard no_gradients;
  return scores(x);
}

Result<Classifier::Gradient> Classifier::gradient(const at::Tensor& x, const at::Tensor& y) const {
  try {
    const at::Tensor leaf = x.detach().set_requires_grad(true);
    TRY(const at::Tensor scores, this->scores(leaf));
    if (!scores.requires_grad()) return Gradient{scores.detach(), at::zeros_like(x)};
    at::cross_entropy_loss(scores, y, {}, at::Reduction::Sum).backward();
    const at::Tensor& gradient = leaf.grad();
    return Gradient{scores.detach(), gradient.defined() ? gradient : at::zeros_like(x)};
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::input, "ai.memory",
                "the gradient needs more memory than the limit allows", {file_, 0, 0});
  } catch (const std::exception& trouble) {
    const std::string text = trouble.what();
    return fail(
        ErrorKind::input, "onnx.run",
        "the gradient cannot be computed: " + quotable(text.substr(0, text.find('\n')), 200),
        {file_, 0, 0});
  }
}

}  // namespace lockstep::ai
