// SPDX-License-Identifier: Apache-2.0
// Balls, boxes and hyperplanes for one sample, as plain rows of numbers. `x` is the sample, `box`
// the bounds of the threat; all rows have the same length.
#pragma once

#include <span>
#include <vector>

#include "ai/worker/evasion/threat.hpp"
#include "base/random.hpp"

namespace lockstep::ai {

using Row = std::span<const float>;

/// The norm of a - b, summed in float64.
double distance(Row a, Row b, Norm norm);

/// The sum of a[i] * b[i], in float64.
double product(Row a, Row b);

/// Brings `point` into the box.
void clip(std::span<float> point, const Threat& threat);

/// Brings `point` into the ball of `epsilon` around x and into the box. Linf and L1 exactly; L2
/// scales to the sphere, then clips, as the libraries do. Source for L1: Croce and Hein 2021, arXiv
/// 2103.01208, proposition 2.1.
void project(std::span<float> point, Row x, const Threat& threat, double epsilon);

/// L1: the share of the elements that a step moves, of an attack that does not choose it. Source:
/// Tramer and Boneh 2019, arXiv 1904.13000, section 4.
inline constexpr double sparse_share = 0.01;

/// Adds `length` times the direction of steepest ascent under the norm: signs, or the unit vector.
/// For L1 the step lies on the elements whose gradient is among the largest, `share` of all.
void step(
    std::span<float> point, Row gradient, Norm norm, double length, double share = sparse_share);

/// A random point at distance epsilon (Linf, L2: of a box or a sphere; L1: projected noise), in the
/// box.
std::vector<float> random_start(Row x, const Threat& threat, double epsilon, Random& random);

/// The smallest change of `point`, in the norm, after which <w, point> = b and the point is in the
/// box; where no point of the box reaches the plane, the one that comes nearest to it. Source:
/// Croce and Hein 2020, arXiv 1907.02044, section 2.2.
std::vector<float> to_hyperplane(Row point, Row w, double b, const Threat& threat);

}  // namespace lockstep::ai
