// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ai/worker/fused/program.hpp"
#include "ai/worker/nets/chance.hpp"
#include "ai/worker/nets/endpoint.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/result.hpp"
#include "domain/measurement.hpp"

namespace lockstep::ai {

/// A loss of class scores, summed over samples, by its gradient (fused/program.hpp).
using ScoreLoss = fused::Program::Loss;

/// The cross entropy to labels. @param y [samples]; must outlive the loss
ScoreLoss cross_entropy(const std::int64_t* y);

/// A net with one input [samples, ...] and class scores [samples, classes] as its first output of
/// floats. A net of two classes may have one score, behind a Sigmoid: that of the second class, and
/// the first one has 0.
/// Two back ends answer: loops of our own (ai/worker/fused), where the net has a fused form, and
/// LibTorch, which has all operators and is the reference that the first is held against. On a
/// device (use_device) LibTorch answers there, and there in float64 is the reference.
/// A model that somebody else runs has no gradients, and its reference is to be asked again, about
/// each sample alone.
/// A net that draws random numbers answers with the mean of the scores of several passes, and so do
/// its gradients: expectation over its randomness (Athalye et al. 2018, arXiv 1802.00420). Each
/// sample is run without the others, so that they cannot matter.
class Classifier {
 public:
  /// Whether a net may draw random numbers.
  enum class Randomness { refused, allowed };

  struct Gradient {
    at::Tensor logits;  ///< [samples, classes]
    at::Tensor input;   ///< gradient of the loss; the shape of the input
  };

  /// @param file the model's path, for messages
  /// Errors: ai.shape when the net is no classifier of one input; onnx.training when a node is in
  /// training mode; ai.random when it draws random numbers and that is refused.
  static Result<Classifier> build(Net net,
                                  const std::string& file,
                                  Randomness randomness = Randomness::refused);

  /// A model behind an address. @param preprocessing one input, one output: what is done to samples
  /// before they are sent @param sample the shape of a sample
  static Classifier of_endpoint(std::shared_ptr<Endpoint> endpoint,
                                Net preprocessing,
                                std::vector<std::int64_t> sample);

  /// From now on LibTorch answers on a device, in blocks of one size, so that no answer depends on
  /// how many samples are asked about. A net that draws random numbers and a model behind an
  /// address stay where they are. Error: ai.device.
  Result<> use_device(at::Device device);

  /// Class scores, without gradients. @param x [samples, ...] of the input's type
  /// @param draws of nets that draw random numbers, and of services: how often they are asked
  Result<at::Tensor> logits(const at::Tensor& x, const Draws& draws = {}) const;

  /// The same by LibTorch, whatever back end answers else: a second opinion. On a device in float64
  /// and one sample at a time, if the net can be computed so; else on the processor.
  Result<at::Tensor> reference_logits(const at::Tensor& x, const Draws& draws = {}) const;

  /// Class scores, and the gradient of a loss of them. The loss is a sum over samples, so that a
  /// sample's gradient does not depend on the others. Error: ai.gradients for a model behind an
  /// address.
  /// Where passes are averaged, the loss is asked for once for each pass over a sample, with that
  /// sample's place.
  Result<Gradient> gradient(const at::Tensor& x,
                            const ScoreLoss& loss,
                            const Draws& draws = {}) const;

  /// The gradient of the cross entropy. @param y [samples] int64
  Result<Gradient> gradient(const at::Tensor& x,
                            const at::Tensor& y,
                            const Draws& draws = {}) const;

  /// The same by LibTorch.
  Result<Gradient> reference_gradient(const at::Tensor& x, const ScoreLoss& loss) const;

  /// What answers, for people: "fused loops (avx512)", or "LibTorch: " and why.
  const std::string& engine() const { return engine_; }

  bool is_fused() const { return fused_.has_value() && !placed_; }

  /// Whether an answer about a sample is the same bits whatever else is asked with it.
  bool answers_alone() const { return fused_.has_value() || placed_.has_value(); }

  /// The same for documents, which say nothing of the processor's instruction set.
  AnsweredBy answered_by() const;

  /// Samples that a device is asked about at a time; 0 without one.
  std::int64_t block() const { return placed_ ? placed_->rows : 0; }

  /// The nodes that draw random numbers; empty for a net that answers the same each time.
  const std::vector<std::string>& random_nodes() const { return random_nodes_; }

  /// How many passes a question with these draws takes: as many as they say of a net that draws
  /// random numbers and of a service, of which it is not known; else one.
  int passes(const Draws& draws) const {
    return random_nodes_.empty() && endpoint_ == nullptr ? 1 : draws.passes;
  }

  /// Who is asked; null for a model of our own.
  const Endpoint* endpoint() const { return endpoint_.get(); }

  /// The fused loops, for tests of their instruction sets; null when LibTorch answers.
  const fused::Program* program() const { return fused_ ? &*fused_ : nullptr; }

  /// Sizes behind the batch axis; -1 where they are free.
  const std::vector<std::int64_t>& sample_shape() const { return sample_shape_; }

  /// The batch size that the model insists on; 0 when any will do.
  std::int64_t fixed_batch() const { return answers_alone() ? 0 : fixed_batch_; }

  /// How many samples to ask about at a time, where `wanted` is what a person would.
  std::int64_t batch_for(std::int64_t wanted) const {
    return fixed_batch() > 0 ? fixed_batch() : std::max(wanted, block());
  }

  /// Whether the scores are the input of a final Softmax, which was left out.
  bool is_softmax_dropped() const { return is_softmax_dropped_; }

  bool wants_float64() const { return is_float64_; }

  /// The model's path, for messages.
  const std::string& file() const { return file_; }

 private:
  explicit Classifier(Net net) : net_(std::move(net)) {}

  /// The net on a device.
  struct Placed {
    Net net;
    at::Device device;
    std::int64_t rows;        ///< of a block
    std::optional<Net> wide;  ///< in float64; none where it cannot be computed so
  };

  Result<at::Tensor> scores(const Net& net,
                            const at::Tensor& given,
                            Chance* chance = nullptr) const;
  Result<at::Tensor> asked(const at::Tensor& x, std::int64_t rows, const Draws& draws) const;
  Result<Gradient> one_gradient(const Net& net,
                                const at::Tensor& x,
                                const ScoreLoss& loss,
                                Chance* chance) const;
  Result<at::Tensor> wide_logits(const at::Tensor& x) const;
  Result<Gradient> in_blocks(const at::Tensor& x, const ScoreLoss* loss) const;
  Result<Gradient> averaged(const at::Tensor& x, const ScoreLoss* loss, const Draws& draws) const;
  bool runs_passes_together() const;
  std::optional<std::string> why_not_fused();

  Net net_;
  std::optional<fused::Program> fused_;
  std::optional<Placed> placed_;
  std::shared_ptr<Endpoint> endpoint_;  ///< net_ then is the preprocessing
  std::string engine_;
  std::vector<std::int64_t> sample_shape_;
  std::int64_t fixed_batch_ = 0;
  bool is_softmax_dropped_ = false;
  bool is_single_score_ = false;  ///< of the second of two classes
  bool is_float64_ = false;
  std::vector<std::string> random_nodes_;
  bool are_passes_together_ = false;  ///< whether passes may be rows of one batch
  std::string file_;
};

}  // namespace lockstep::ai
