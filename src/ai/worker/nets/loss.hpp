// SPDX-License-Identifier: Apache-2.0
// What attacks climb: functions of one sample's class scores, with their gradients in closed form.
#pragma once

#include <cstdint>

namespace lockstep::ai {

/// A loss of the scores `z` [classes] of a sample. `right` is the sample's class, `target` the
/// class that is wanted instead, or -1 where any other will do. Writes the gradient by the scores
/// to `dz` [classes]. The larger the loss, the closer the sample is to a class that is wanted.
using Loss = float (*)(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz);

/// -log softmax(z)[right], or log softmax(z)[target], in float32 as the libraries compute it: where
/// the right class leads by much, the gradient is exactly 0.
float cross_entropy_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz);

/// Difference of logits ratio: -(z_right - best other) / (largest - third largest). With two
/// classes there is no third, and no divisor. Source: Croce and Hein 2020, arXiv 2003.01690,
/// section 4.1.
float dlr_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz);

/// -(z_right - z_target) / (largest - mean of third and fourth). With two or three classes there is
/// no divisor: that of dlr_loss would make it -1, without a slope, where the target is the last.
float targeted_dlr_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz);

/// z_target - z_right.
float difference_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz);

/// `lead`, with its gradient.
float lead_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz);

/// The log odds against the right class, log sum exp(z_wrong) - z_right, or for the target. Points
/// where the cross entropy does, and does not vanish where the net is sure.
float log_odds_loss(
    const float* z, std::int64_t classes, std::int64_t right, std::int64_t target, float* dz);

/// How far the best wrong class is above the right one, or the target above all others. Infinite
/// where a score is no number: the net then says no class, neither the right one nor the target.
float lead(const float* z, std::int64_t classes, std::int64_t right, std::int64_t target = -1);

/// The wrong classes, highest score first; of equal scores the later class. At most `count`.
/// @param order [count], written; @return how many there are
std::int64_t best_wrong(const float* z,
                        std::int64_t classes,
                        std::int64_t right,
                        std::int64_t count,
                        std::int64_t* order);

}  // namespace lockstep::ai
