// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/classifier.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/item.h>
#include <ATen/ops/max.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <algorithm>
#include <fmt/format.h>
#include <ranges>

#include "ai/worker/fused/compile.hpp"
#include "ai/worker/nets/device.hpp"
#include "ai/worker/nets/loss.hpp"
#include "ai/worker/nets/net_step.hpp"
#include "base/random.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

tl::unexpected<Error> bad(const std::string& file, std::string message) {
  return fail(ErrorKind::input, "ai.shape", std::move(message), {file, 0, 0});
}

/// The place of the class scores: exporters of tabular models put labels before them. Maps from
/// class to score have no type of elements.
std::size_t scores_among(const std::vector<ValueInfo>& outputs) {
  const auto may_be_scores = [](const ValueInfo& output) {
    return output.type == ElementType::float32 || output.type == ElementType::float64 ||
           output.type == ElementType::float16 || output.type == ElementType::bfloat16 ||
           output.type == ElementType::undefined;
  };
  const auto found = std::ranges::find_if(outputs, may_be_scores);
  return found == outputs.end() ? 0 : static_cast<std::size_t>(found - outputs.begin());
}

bool is_training(const Net::Step& step) {
  if (step.row->name != "BatchNormalization" || step.opset < 14) return false;
  const auto mode = std::ranges::find(step.node.attributes, "training_mode", &Attribute::name);
  return mode != step.node.attributes.end() && mode->integer != 0;
}

/// In training mode a sample's scores depend on the others in its batch: nothing that is measured
/// then says anything about the product.
Result<> refuse_training(const Net& net, const std::string& file) {
  const auto found =
      std::ranges::find_if(net.steps(), [](const auto& step) { return is_training(*step); });
  if (found == net.steps().end()) return {};
  return fail(ErrorKind::input, "onnx.training",
              fmt::format("expected a net in evaluation mode, found the node '{}' ({}) in training "
                          "mode; export the model for inference",
                          quotable((*found)->node.name), (*found)->row->name),
              {file, 0, 0});
}

Result<> refuse_randomness(const std::vector<std::string>& nodes, const std::string& file) {
  if (nodes.empty()) return {};
  return fail(ErrorKind::input, "ai.random",
              fmt::format("expected a net that answers the same each time, found nodes that draw "
                          "random numbers: {}; only `ai evade` takes such nets",
                          join(nodes, ", ")),
              {file, 0, 0});
}

/// Passes over one sample that are run as one batch, at most.
constexpr int passes_together = 64;

bool is_one_score(const ValueInfo& output) {
  return output.has_shape && !output.shape.empty() &&
         std::ranges::all_of(output.shape | std::views::drop(1),
                             [](std::int64_t size) { return size == 1; });
}

}  // namespace

ScoreLoss cross_entropy(const std::int64_t* y) {
  return
      [y](std::int64_t first, std::int64_t count, std::int64_t classes, const float* z, float* dz) {
        for (std::int64_t i = 0; i < count; ++i, z += classes, dz += classes)
          (void)cross_entropy_loss(z, classes, y[first + i], -1, dz);
      };
}

Result<Classifier> Classifier::build(Net net, const std::string& file, Randomness randomness) {
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
  TRY_VOID(refuse_training(net, file));
  std::vector<std::string> random_nodes = net.random_nodes();
  if (randomness == Randomness::refused) TRY_VOID(refuse_randomness(random_nodes, file));
  Classifier classifier(std::move(net));
  classifier.file_ = file;
  classifier.random_nodes_ = std::move(random_nodes);
  classifier.is_float64_ = input.type == ElementType::float64;
  const ValueInfo& declared = classifier.net_.inputs().front();
  classifier.fixed_batch_ = std::max<std::int64_t>(declared.shape.front(), 0);
  classifier.sample_shape_.assign(declared.shape.begin() + 1, declared.shape.end());
  classifier.net_.keep_output(scores_among(classifier.net_.outputs()));
  classifier.is_softmax_dropped_ = classifier.net_.drop_final_softmax();
  classifier.is_single_score_ =
      is_one_score(classifier.net_.outputs().front()) && classifier.net_.drop_final_sigmoid();
  const std::optional<std::string> why_not = classifier.why_not_fused();
  classifier.engine_ =
      why_not ? "LibTorch: " + *why_not : fmt::format("fused loops ({})", fused::best_lanes().name);
  if (why_not) classifier.fused_.reset();
  if (!classifier.random_nodes_.empty())
    classifier.are_passes_together_ = classifier.runs_passes_together();
  return classifier;
}

Classifier Classifier::of_endpoint(std::shared_ptr<Endpoint> endpoint,
                                   Net preprocessing,
                                   std::vector<std::int64_t> sample) {
  Classifier classifier(std::move(preprocessing));
  classifier.file_ = endpoint->shown();
  classifier.engine_ = fmt::format("the service ({})", endpoint->form());
  classifier.sample_shape_ = std::move(sample);
  classifier.endpoint_ = std::move(endpoint);
  return classifier;
}

/// Scores of a model behind an address.
Result<at::Tensor> Classifier::asked(const at::Tensor& x,
                                     std::int64_t rows,
                                     const Draws& draws) const {
  const at::NoGradGuard no_gradients;
  TRY(const Values prepared, net_.run({Value(x.to(at::kFloat))}));
  at::Tensor sum;
  for (int pass = 0; pass < draws.passes; ++pass) {
    TRY(const at::Tensor answer, rows > 0 ? endpoint_->scores(prepared.front().tensor, rows)
                                          : endpoint_->scores(prepared.front().tensor));
    if (draws.passes == 1) return answer;
    sum = sum.defined() ? sum + answer.to(at::kDouble) : answer.to(at::kDouble);
  }
  return (sum / draws.passes).to(at::kFloat);
}

/// Whether the passes over a sample can be rows of one batch: nodes that draw then give each row
/// its own numbers. Looked at, since a graph may put samples anywhere.
bool Classifier::runs_passes_together() const {
  if (fixed_batch_ > 0 ||
      std::ranges::any_of(sample_shape_, [](std::int64_t size) { return size <= 0; }))
    return false;
  std::vector<std::int64_t> shape = sample_shape_;
  shape.insert(shape.begin(), 1);
  const at::Tensor x = at::full(shape, 0.5, is_float64_ ? at::kDouble : at::kFloat);
  const at::NoGradGuard no_gradients;
  const Draws draws{1, stream_of("passes"), {0}, {0}, 3};
  std::vector<RandomKey> keys;
  std::vector<at::Tensor> alone;
  for (int pass = 0; pass < draws.passes; ++pass) {
    keys.push_back(draws.key(0, pass));
    Chance chance({keys.back()});
    const auto scores = this->scores(net_, x, &chance);
    if (!scores) return false;
    alone.push_back(*scores);
  }
  Chance chance(keys);
  const auto together = this->scores(net_, at::cat({x, x, x}), &chance);
  return together && together->allclose(at::cat(alone), 1e-4, 1e-5);
}

/// The mean over the passes of each sample, whose rows are never in a batch with another's.
/// @param loss null: scores only
Result<Classifier::Gradient> Classifier::averaged(const at::Tensor& x,
                                                  const ScoreLoss* loss,
                                                  const Draws& draws) const {
  const int most = are_passes_together_ ? passes_together : 1;
  Gradient mean;
  for (std::int64_t row = 0; row < x.size(0); ++row) {
    const at::Tensor one = x.narrow(0, row, 1);
    at::Tensor logits;
    at::Tensor input;
    const ScoreLoss of_row = [&](std::int64_t, std::int64_t count, std::int64_t classes,
                                 const float* z, float* dz) {
      for (std::int64_t i = 0; i < count; ++i)
        (*loss)(row, 1, classes, z + i * classes, dz + i * classes);
    };
    for (int first = 0; first < draws.passes; first += most) {
      const int count = std::min(most, draws.passes - first);
      std::vector<RandomKey> keys;
      for (int pass = first; pass < first + count; ++pass)
        keys.push_back(draws.key(static_cast<std::size_t>(row), pass));
      Chance chance(std::move(keys));
      const at::Tensor rows = one.repeat_interleave(count, 0);
      Gradient part;
      if (loss != nullptr) {
        TRY(part, one_gradient(net_, rows, of_row, &chance));
        const at::Tensor sum = part.input.to(at::kDouble).sum(0, /*keepdim=*/true);
        input = input.defined() ? input + sum : sum;
      } else {
        const at::NoGradGuard no_gradients;
        TRY(part.logits, scores(net_, rows, &chance));
      }
      const at::Tensor sum = part.logits.to(at::kDouble).sum(0, /*keepdim=*/true);
      logits = logits.defined() ? logits + sum : sum;
    }
    if (!mean.logits.defined()) {
      mean.logits = at::empty({x.size(0), logits.size(1)}, is_float64_ ? at::kDouble : at::kFloat);
      if (loss != nullptr) mean.input = at::empty_like(x);
    }
    mean.logits.narrow(0, row, 1).copy_(logits / draws.passes);
    if (loss != nullptr) mean.input.narrow(0, row, 1).copy_(input / draws.passes);
  }
  return mean;
}

/// Compiles the net and holds it against LibTorch on two samples of noise: a fused form that
/// disagrees is not used.
std::optional<std::string> Classifier::why_not_fused() {
  if (is_float64_) return "the net computes in float64";
  if (is_single_score_) return "the net has one score for two classes";
  if (fixed_batch_ > 1) return fmt::format("the net insists on batches of {}", fixed_batch_);
  if (std::ranges::any_of(sample_shape_, [](std::int64_t size) { return size <= 0; }))
    return "the input's sizes are not all given";
  auto program = fused::compile(net_, sample_shape_, fixed_batch_ == 1);
  if (!program) return program.error();
  fused_ = *std::move(program);
  std::vector<std::int64_t> shape = sample_shape_;
  shape.insert(shape.begin(), 2);
  const at::Tensor x = at::empty(shape, at::kFloat);
  Random random(RandomKey{1, stream_of("fused"), 0, 0});
  for (std::int64_t i = 0; i < x.numel(); ++i)
    x.data_ptr<float>()[i] = static_cast<float>(random.uniform());
  const ScoreLoss alternating = [](std::int64_t, std::int64_t count, std::int64_t classes,
                                   const float*, float* dz) {
    for (std::int64_t i = 0; i < count * classes; ++i)
      dz[i] = i % 3 == 0 ? 1.0F : -0.5F;
  };
  const auto expected = reference_gradient(x, alternating);
  const auto found = gradient(x, alternating);
  if (!expected || !found) return "the net cannot be run on noise";
  const auto differs = [](const at::Tensor& a, const at::Tensor& b) {
    return a.sizes() != b.sizes() ||
           !((a - b).abs().max().item<double>() <= 1e-2 * a.abs().max().item<double>() + 1e-6);
  };
  if (differs(expected->logits, found->logits) || differs(expected->input, found->input))
    return "the fused form disagrees on noise";
  return std::nullopt;
}

Result<at::Tensor> Classifier::scores(const Net& net,
                                      const at::Tensor& given,
                                      Chance* chance) const {
  const bool is_wide = net.inputs().front().type == ElementType::float64;
  const at::Tensor x = given.to(is_wide ? at::kDouble : at::kFloat);
  std::vector<at::Tensor> parts;
  const std::int64_t samples = x.size(0);
  const std::int64_t step = fixed_batch_ == 0 ? std::max<std::int64_t>(samples, 1) : fixed_batch_;
  for (std::int64_t start = 0; start < samples; start += step) {
    const std::int64_t count = std::min(step, samples - start);
    at::Tensor part = samples == count ? x : x.narrow(0, start, count);
    // A model that insists on its batch size gets the last sample again until it is full.
    for (std::int64_t i = count; i < fixed_batch_; ++i)
      part = at::cat({part, x.narrow(0, samples - 1, 1)});
    TRY(const Values outputs, net.run({Value(part)}, chance));
    at::Tensor scores = outputs.front().tensor;
    if (is_single_score_ && scores.defined() && scores.numel() == part.size(0)) {
      const at::Tensor second = scores.reshape({-1, 1});
      scores = at::cat({at::zeros_like(second), second}, 1);
    }
    if (!scores.defined() || scores.dim() < 2 || scores.size(0) != part.size(0))
      return bad(
          file_,
          fmt::format(
              "expected class scores [{}, classes], found an output of shape {}", part.size(0),
              shape_text(scores.defined() ? scores.sizes().vec() : std::vector<std::int64_t>{})));
    scores = scores.reshape({scores.size(0), -1});
    if (scores.size(1) < 2 || !scores.is_floating_point())
      return bad(file_,
                 fmt::format("expected scores of at least two classes, or one score behind a "
                             "Sigmoid, found {} of {} for each sample; export the model with one "
                             "score for each class",
                             scores.size(1), name_of(element_type(Value(scores)))));
    parts.push_back(count == part.size(0) ? scores : scores.narrow(0, 0, count));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts);
}

Result<> Classifier::use_device(at::Device device) {
  if (endpoint_ || !random_nodes_.empty()) return {};
  const std::int64_t rows = fixed_batch_ > 0 ? fixed_batch_ : rows_on_device(sample_shape_);
  try {
    placed_.emplace(net_.on(device), device, rows, std::nullopt);
    Net wide = net_;
    wide.widen();
    placed_->wide = wide.on(device);
    std::vector<std::int64_t> shape = sample_shape_;
    shape.insert(shape.begin(), 1);
    const bool has_sizes = std::ranges::all_of(shape, [](std::int64_t size) { return size > 0; });
    if (!has_sizes || !wide_logits(at::zeros(shape))) placed_->wide.reset();
  } catch (const std::exception& trouble) {
    const std::string text = trouble.what();
    return fail(ErrorKind::input, "ai.device",
                "the net cannot be brought to the device: " +
                    quotable(text.substr(0, text.find('\n')), 200),
                {file_, 0, 0});
  }
  engine_ = "LibTorch on " + device.str();
  return {};
}

/// @param x on the processor
Result<at::Tensor> Classifier::wide_logits(const at::Tensor& x) const {
  const at::NoGradGuard no_gradients;
  std::vector<at::Tensor> logits;
  for (std::int64_t row = 0; row < x.size(0); ++row) {
    TRY(const at::Tensor z, scores(*placed_->wide, x.narrow(0, row, 1).to(placed_->device)));
    logits.push_back(z.to(at::kCPU, is_float64_ ? at::kDouble : at::kFloat));
  }
  return at::cat(logits);
}

AnsweredBy Classifier::answered_by() const {
  return {placed_ ? at::DeviceTypeName(placed_->device.type(), /*lower_case=*/true) : "cpu",
          is_fused() ? "fused loops" : engine_};
}

namespace {

/// Memory for what travels to a card or back: pages that are locked are not copied once more.
at::Tensor travelling(std::vector<std::int64_t> shape, at::ScalarType type, at::Device device) {
  return at::empty(shape, at::TensorOptions().dtype(type).pinned_memory(device.is_cuda()));
}

/// The first rows of a tensor on a device, brought back.
at::Tensor fetched(const at::Tensor& there, std::int64_t rows) {
  std::vector<std::int64_t> shape = there.sizes().vec();
  shape.front() = rows;
  const at::Tensor here = travelling(std::move(shape), there.scalar_type(), there.device());
  here.copy_(there.narrow(0, 0, rows));
  return here;
}

at::Tensor joined(const std::vector<at::Tensor>& parts) {
  return parts.size() == 1 ? parts.front() : at::cat(parts);
}

}  // namespace

/// Answers of the device, a block at a time; the last block is filled up with zeros.
/// @param loss null: scores only
Result<Classifier::Gradient> Classifier::in_blocks(const at::Tensor& x,
                                                   const ScoreLoss* loss) const {
  const auto& [net, device, rows, wide] = *placed_;
  std::vector<at::Tensor> logits;
  std::vector<at::Tensor> inputs;
  const std::int64_t samples = x.size(0);
  for (std::int64_t start = 0; start == 0 || start < samples; start += rows) {
    const std::int64_t count = std::min(rows, samples - start);
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.front() = rows;
    const at::Tensor sent = travelling(std::move(shape), x.scalar_type(), device);
    sent.narrow(0, 0, count).copy_(x.narrow(0, start, count));
    sent.narrow(0, count, rows - count).zero_();
    const at::Tensor block = sent.to(device);
    if (loss == nullptr) {
      const at::NoGradGuard no_gradients;
      TRY(const at::Tensor z, scores(net, block));
      logits.push_back(fetched(z, count));
      continue;
    }
    const ScoreLoss of_block = [&](std::int64_t, std::int64_t, std::int64_t classes, const float* z,
                                   float* dz) { (*loss)(start, count, classes, z, dz); };
    TRY(const Gradient answer, one_gradient(net, block, of_block, nullptr));
    logits.push_back(fetched(answer.logits, count));
    inputs.push_back(fetched(answer.input, count));
  }
  return Gradient{joined(logits), loss == nullptr ? at::Tensor() : joined(inputs)};
}

Result<at::Tensor> Classifier::logits(const at::Tensor& x, const Draws& draws) const {
  if (endpoint_) return asked(x, 0, draws);
  if (placed_)
    return in_blocks(x, nullptr).map([](Gradient answer) { return std::move(answer.logits); });
  if (!fused_) return reference_logits(x, draws);
  const at::Tensor input = x.contiguous();
  at::Tensor z = at::empty({x.size(0), fused_->classes()}, at::kFloat);
  fused_->logits(input.data_ptr<float>(), x.size(0), z.data_ptr<float>(), fused::best_lanes());
  return z;
}

Result<at::Tensor> Classifier::reference_logits(const at::Tensor& x, const Draws& draws) const {
  if (endpoint_) return asked(x, 1, draws);
  if (!random_nodes_.empty() && x.size(0) > 0)
    return averaged(x, nullptr, draws).map([](Gradient mean) { return mean.logits; });
  if (placed_ && placed_->wide && x.size(0) > 0) return wide_logits(x);
  const at::NoGradGuard no_gradients;
  return scores(net_, x);
}

Result<Classifier::Gradient> Classifier::gradient(const at::Tensor& x,
                                                  const at::Tensor& y,
                                                  const Draws& draws) const {
  const at::Tensor labels = y.contiguous();
  return gradient(x, cross_entropy(labels.data_ptr<std::int64_t>()), draws);
}

Result<Classifier::Gradient> Classifier::gradient(const at::Tensor& x,
                                                  const ScoreLoss& loss,
                                                  const Draws& draws) const {
  if (!random_nodes_.empty() && x.size(0) > 0) return averaged(x, &loss, draws);
  if (placed_) return in_blocks(x, &loss);
  if (!fused_) return reference_gradient(x, loss);
  const at::Tensor input = x.contiguous();
  Gradient answer{at::empty({x.size(0), fused_->classes()}, at::kFloat), at::empty_like(input)};
  fused_->gradient(input.data_ptr<float>(), x.size(0), answer.logits.data_ptr<float>(), loss,
                   answer.input.data_ptr<float>(), fused::best_lanes());
  return answer;
}

Result<Classifier::Gradient> Classifier::reference_gradient(const at::Tensor& x,
                                                            const ScoreLoss& loss) const {
  if (endpoint_)
    return fail(ErrorKind::usage, "ai.gradients", "a model behind an address has no gradients",
                {file_, 0, 0});
  if (!random_nodes_.empty() && x.size(0) > 0) return averaged(x, &loss, {});
  return one_gradient(net_, x, loss, nullptr);
}

Result<Classifier::Gradient> Classifier::one_gradient(const Net& net,
                                                      const at::Tensor& x,
                                                      const ScoreLoss& loss,
                                                      Chance* chance) const {
  try {
    const at::Tensor leaf = x.detach().set_requires_grad(true);
    TRY(const at::Tensor scores, this->scores(net, leaf, chance));
    if (!scores.requires_grad()) return Gradient{scores.detach(), at::zeros_like(x)};
    const at::Tensor z = scores.detach().to(at::kCPU, at::kFloat).contiguous();
    const at::Tensor dz = at::zeros_like(z);
    loss(0, z.size(0), z.size(1), z.data_ptr<float>(), dz.data_ptr<float>());
    scores.backward(dz.to(scores.device(), scores.scalar_type()));
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
