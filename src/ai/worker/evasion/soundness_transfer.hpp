// SPDX-License-Identifier: Apache-2.0
// Do the gradients of somebody else's net find what the net's own did not?
#pragma once

#include "ai/worker/evasion/soundness.hpp"

namespace lockstep::ai {

/// A stand-in for a net: a regression on its scores with a Gaussian kernel, which is smooth
/// whatever the net does.
struct Surrogate {
  Classifier classifier;
  std::int64_t learned = 0;  ///< from the first so many samples
  std::int64_t asked = 0;    ///< about so many others
  std::int64_t agreed = 0;   ///< and so many of them it puts where the net does
};

/// @param logits of the net for the samples [samples, classes]
/// Errors: those of building a net; ai.memory.
Result<Surrogate> surrogate_of(const Samples& samples, const at::Tensor& logits);

/// transfer (soundness.cpp): samples that the attacks left standing, and that fall to what breaks a
/// surrogate. Source: Papernot et al. 2017, "Practical black-box attacks against machine learning",
/// arXiv 1602.02697; as a check: Carlini et al. 2019, arXiv 1902.06705. Errors: those of running
/// the nets.
Result<SoundnessCheck> check_transfer(const Campaign& campaign, const Measured& measured);

}  // namespace lockstep::ai
