// SPDX-License-Identifier: Apache-2.0
// Bounds of a net's values over a set of inputs.
//
// Interval arithmetic (IBP) carries an interval for each element forward. Linear relaxation (CROWN,
// DeepPoly) goes backward: a row of the last value is written as a linear function of the value
// before it, and so on down to the input, where its least value over the set is known. An
// activation with an interval on both sides of 0 is replaced by two lines, one below and one above:
//
//        u |        . '                 above: the chord from (l, f(l)) to (u, u)
//          |    . '  /                  below: any line of slope a in [slope, 1] through 0;
//      . ' |      /                     CROWN takes a = 1 where u > -l and a = slope elsewhere,
//     l ---+----/--- u                  alpha-CROWN improves a by gradient ascent on the bound
//
// A curve (Sigmoid, Tanh) has such lines everywhere, a chord or a tangent (curve.hpp).
//
// A coefficient takes the line that makes the row smaller. Every choice gives a true bound, so the
// best of several is one too. Splits of a branch and bound are intervals cut at 0, and a multiplier
// for each (beta-CROWN): f >= f - b z wherever z >= 0, for any b >= 0.
//
// Floating point: all of it is float64 in round-to-nearest. The error of a sum of n terms is at
// most n * 2^-53 of the sum of their magnitudes: for nets of these sizes below 1e-9 of the scores.
// What is proved must hold by `proof_margin`, which is larger by orders of magnitude.
//
// Source: Gowal et al. 2018, arXiv 1810.12715; Zhang et al. 2018, arXiv 1811.00866; Singh et al.
// 2019, "An abstract domain for certifying neural networks"; Xu et al. 2021, arXiv 2011.13824; Wang
// et al. 2021, arXiv 2103.06624.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <optional>
#include <vector>

#include "ai/worker/certify/deadline.hpp"
#include "ai/worker/certify/graph.hpp"
#include "ai/worker/certify/window.hpp"

namespace lockstep::ai::certify {

/// A proof counts only where it holds by this much: more than float64 can have lost.
inline constexpr double proof_margin = 1e-6;

/// Sets of inputs, one for each of B problems that are bounded together: boxes, cut by balls of the
/// second norm where `radius` is above 0.
struct Domain {
  at::Tensor low;     ///< [B, inputs] float64
  at::Tensor high;    ///< [B, inputs]
  at::Tensor center;  ///< [B, inputs], of the balls
  double radius = 0;

  std::int64_t count() const { return low.size(0); }

  Domain at(const at::Tensor& places) const;
};

struct Interval {
  at::Tensor low;   ///< [B, n]
  at::Tensor high;  ///< [B, n]
};

/// Of each value of the graph; undefined where nobody needs it.
using Intervals = std::vector<Interval>;

/// Linear functions of one value: row s of problem b is sum of rows[b, s, i] * value[i].
/// @param rows [B, S, n], or [1, S, n] for all problems the same
struct Question {
  int value = 0;
  at::Tensor rows;
  bool ends_at_activations = false;   ///< their results' intervals are used, not their lines
  std::optional<Window> window = {};  ///< the rows have only the elements inside it
};

/// The lower lines and multipliers, by activation (the value that it reads), and where the lines of
/// curves touch (curve.hpp); undefined where CROWN chooses. [B, S or 1, n] each.
struct Slopes {
  std::vector<at::Tensor> lower;
  std::vector<at::Tensor> multiplier;  ///< >= 0
  std::vector<at::Tensor> above;       ///< Touches::above
  std::vector<at::Tensor> below;       ///< Touches::below
};

/// What a backward pass has found.
struct Answer {
  at::Tensor low;                        ///< [B, S]
  at::Tensor input;                      ///< [B, S, inputs]: the coefficients there
  std::vector<at::Tensor> coefficients;  ///< by value that an activation reads: of its result
};

/// Splits of a branch and bound, by value: 1 where an element is held above 0, -1 below, 0 where it
/// is free; undefined where nothing is split. [B, n]
using Splits = std::vector<at::Tensor>;

/// Intervals of all values. @param known where defined, intervals that are cut with what is found
Intervals interval_bounds(const Graph& graph, const Domain& domain, const Intervals& known);

/// Lower bounds of rows of a value. The intervals must have those of all activations before it.
Answer lower_bounds(const Graph& graph,
                    const Domain& domain,
                    const Intervals& intervals,
                    const Question& question,
                    const Slopes& slopes = {},
                    const Splits& splits = {});

/// How fast rows of the scores can change with each input over a domain: bounds of the magnitude of
/// their partial derivatives, [B, S, inputs]. The intervals must have those of all activations.
/// @param rows [B or 1, S, outputs]   Source: steepest.cpp
at::Tensor steepest(const Graph& graph,
                    const Domain& domain,
                    const Intervals& intervals,
                    const at::Tensor& rows);

struct Ascent {
  int steps = 20;
  double rate = 0.1;  ///< of slopes and multipliers, falling by `decay` each step
  double decay = 0.98;
  double enough = 0;  ///< stop when every row is above
};

/// What intervals are worth.
struct Effort {
  int steps = 0;                       ///< of ascent, for each backward pass (alpha-CROWN)
  const Deadline* deadline = nullptr;  ///< when it is over, the others stay as they are
};

/// Intervals of all values that activations read, each by a backward pass (CROWN), for the elements
/// that interval arithmetic leaves on both sides of 0; of what curves read for all.
Intervals linear_bounds(const Graph& graph,
                        const Domain& domain,
                        const Intervals& known,
                        const Effort& effort = {});

/// Lower bounds with slopes and multipliers improved by projected Adam: the best of all steps for
/// each row. `slopes` are where it begins (undefined: CROWN's), and are left where it ended.
Answer ascend(const Graph& graph,
              const Domain& domain,
              const Intervals& intervals,
              const Question& question,
              const Splits& splits,
              Slopes& slopes,
              const Ascent& options);

}  // namespace lockstep::ai::certify
