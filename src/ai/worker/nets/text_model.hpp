// SPDX-License-Identifier: Apache-2.0
// Classifiers of texts, as attacks see them.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "ai/worker/data/text_samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "ai/worker/nets/model.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// May be asked by several threads.
class TextModel {
 public:
  struct Gradient {
    at::Tensor logits;    ///< [texts, classes]
    at::Tensor embedded;  ///< gradient of the loss by the embedded tokens [texts, length, features]
  };

  TextModel() = default;
  TextModel(const TextModel&) = delete;
  TextModel& operator=(const TextModel&) = delete;
  virtual ~TextModel() = default;

  /// Class scores of texts whose inputs have one length: [texts, classes].
  virtual Result<at::Tensor> logits(std::span<const TextSample> texts) const = 0;

  /// The gradient of a loss of the scores. Error: ai.gradients where there is none.
  virtual Result<Gradient> gradient(std::span<const TextSample> texts,
                                    const ScoreLoss& loss) const = 0;

  /// A row for each token [tokens, features]; undefined where there are no gradients.
  virtual at::Tensor embedding() const = 0;

  /// Why there are no gradients; "" where there are.
  virtual const std::string& why_no_gradient() const = 0;

  virtual const std::string& file() const = 0;
};

/// How long the inputs of a text net are, in tokens: -1 where any length will do.
/// Errors: ai.shape when the model takes no numbers of tokens.
Result<std::int64_t> text_length_of(const Model& model, const std::string& file);

/// An ONNX net that takes numbers of tokens [texts, length] as int64 or int32, and may take
/// "attention_mask" (1, and 0 for padding) and "token_type_ids" (0) beside them.
/// Its gradient is taken where tokens become rows of numbers: at the output of the one Gather that
/// looks up tokens in a table of weights.
/// @param tokenizer whose tokens the net takes
/// Errors: ai.shape, ai.text (more tokens than the net's table has), onnx.*.
Result<std::unique_ptr<TextModel>> build_text_model(Model model,
                                                    const Tokenizer& tokenizer,
                                                    const std::string& file);

}  // namespace lockstep::ai
