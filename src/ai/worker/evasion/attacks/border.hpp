// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/worker/evasion/geometry.hpp"
#include "ai/worker/evasion/seat.hpp"

namespace lockstep::ai {

/// The gradient at x without the elements that point out of the bounds: those cannot be followed,
/// and a border is further than they say.
std::vector<float> inward(Row gradient, Row x, const Threat& threat);

/// The length of a gradient in the dual of the norm, at least 1e-12: what a loss grows by along a
/// step of length 1 in the norm.
double dual_length(Row gradient, Norm norm);

/// Draws the seat's nearest offer in towards the sample until the net is right again, by bisection
/// of the ball that it is projected into; offers what is nearer and still wrong. Asks for scores
/// only, `halvings` times. Does nothing where there is no offer. True when there is one.
Search<bool> draw_in(Seat& seat, int halvings);

}  // namespace lockstep::ai
