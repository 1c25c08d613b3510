// SPDX-License-Identifier: Apache-2.0
// What the classifiers and regressors of ai.onnx.ml do with their sums.
#pragma once

#include <ATen/core/Tensor.h>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {

enum class PostTransform { none, softmax, logistic, softmax_zero, probit };

/// The attribute `post_transform`: "NONE" where it is left out.
PostTransform post_transform_of(const Call& call);

/// @param scores [samples, targets], with their gradients
at::Tensor transformed(const at::Tensor& scores, PostTransform transform);

/// Label and scores of each sample, the two outputs of a classifier: the label of the largest
/// score, from `classlabels_int64s` (or `ints`) or `classlabels_strings`.
/// @param sums [samples, classes]; or [samples, 1] for two classes of which only the second has a
///   sum: then it is taken for a probability when `is_probability`, else for a margin around 0
/// Source: ONNX-ML operator specification, TreeEnsembleClassifier and LinearClassifier; the form
/// with one sum as ONNX Runtime computes it.
Values labelled(const Call& call, const at::Tensor& sums, bool is_probability);

}  // namespace lockstep::ai
