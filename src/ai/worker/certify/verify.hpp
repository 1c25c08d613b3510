// SPDX-License-Identifier: Apache-2.0
// Whether a property has a counterexample: attack first, then bounds, then branch and bound.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ai/worker/certify/bounds.hpp"
#include "ai/worker/certify/deadline.hpp"
#include "ai/worker/certify/property.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/certificate.hpp"

namespace lockstep::ai::certify {

/// A net as properties speak of it: inputs and outputs are flat, and nothing is left out of it.
class PropertyNet {
 public:
  /// Errors: ai.shape when the net has not one input [samples, ...] of known size.
  static Result<PropertyNet> build(Net net, const std::string& file);

  std::int64_t inputs() const { return inputs_; }

  /// What bounds are computed on; null where the net has no such form.
  const Graph* graph() const { return graph_ ? &*graph_ : nullptr; }

  /// Why there is no graph.
  const std::string& why_no_graph() const { return why_no_graph_; }

  /// By LibTorch in float64; gradients flow. @param x [rows, inputs] float64
  Result<at::Tensor> scores(const at::Tensor& x) const { return run(wide_, x, at::kDouble); }

  /// By LibTorch in float32, as the model would be run: the reference path.
  Result<at::Tensor> reference_scores(const at::Tensor& x) const {
    return run(net_, x, at::kFloat);
  }

 private:
  PropertyNet(Net net, Net wide) : net_(std::move(net)), wide_(std::move(wide)) {}

  Result<at::Tensor> run(const Net& net, const at::Tensor& x, at::ScalarType type) const;

  Net net_;
  Net wide_;
  std::optional<Graph> graph_;
  std::string why_no_graph_;
  std::vector<std::int64_t> sample_shape_;
  std::int64_t inputs_ = 0;
  std::int64_t fixed_batch_ = 0;
};

/// The conditions of a clause as rows: a counterexample has rows * y - bounds <= 0 in all of them.
struct Rows {
  at::Tensor factors;  ///< [conditions, outputs] float64
  at::Tensor bounds;   ///< [conditions]
};

Rows rows_of(const Clause& clause, std::int64_t outputs);

/// How far each point is from fulfilling a clause: the largest of its conditions. [points]
at::Tensor violation(const Rows& rows, const at::Tensor& scores);

/// What a search over one case has come to.
struct Search {
  enum class End { proved, found, out_of_time, stuck };
  End end = End::stuck;
  std::int64_t domains = 0;
};

/// Whether a candidate [1, inputs] is a counterexample for the reference path, too; a search that
/// finds one that is not goes on.
using Confirm = std::function<bool(const at::Tensor& point)>;

/// What ends a search.
struct Ends {
  double margin;  ///< by which a proof must hold
  Confirm confirm;
  const Deadline& deadline;
};

/// How a descent goes: steps, the length of the first in widths of the box, and whether every input
/// moves by the whole length (by signs) or has a step of its own (Adam).
struct Descent {
  int steps = 0;
  double length = 0;
  bool by_signs = false;
};

/// Scores at points, with gradients. @param x [points, inputs] float64
using Scores = std::function<Result<at::Tensor>(const at::Tensor& x)>;

/// Descends on the conditions of a clause from given points, within the box. Gradients must be on.
/// @param x [points, inputs] @returns a point [1, inputs] that fulfils the clause, if any did
Result<std::optional<at::Tensor>> descend(const Scores& scores_of,
                                          const Domain& box,
                                          const Rows& rows,
                                          at::Tensor x,
                                          const Descent& by,
                                          const Deadline& deadline);

/// A counterexample by gradient descent from random points and corners. @param low, high [1,
/// inputs]
Result<std::optional<at::Tensor>> attack(const PropertyNet& net,
                                         const Domain& box,
                                         const std::vector<Rows>& clauses,
                                         std::uint64_t seed,
                                         const Deadline& deadline);

/// Branch and bound by halving the box: for few inputs.
Search split_inputs(const Graph& graph,
                    const Domain& box,
                    const std::vector<Rows>& clauses,
                    const Ends& ends);

/// Branch and bound for one clause by the sides of activations.
/// @param intervals of the whole box
Search split_activations(const Graph& graph,
                         const Domain& box,
                         const Intervals& intervals,
                         const Rows& clause,
                         const Ends& ends);

/// The whole: verdict, counterexample, and what decided it. Errors: ai.shape when the property does
/// not speak of this net, onnx.run, ai.cancelled.
Result<PropertyAnswer> decide(const PropertyNet& net,
                              const Property& property,
                              double timeout_seconds,
                              std::uint64_t seed,
                              Progress& progress);

}  // namespace lockstep::ai::certify
