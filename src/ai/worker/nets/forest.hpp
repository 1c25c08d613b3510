// SPDX-License-Identifier: Apache-2.0
// Trees of decisions as one list of branches: what a sample does at a branch is one comparison and
// one jump.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <vector>

namespace lockstep::ai {

/// A sample with feature value x takes `yes` when the comparison holds. Children at or above 0 are
/// branches; below 0 the leaf ~child.
struct Branch {
  enum class Mode { less_or_equal, less, greater_or_equal, greater, equal, not_equal, member };
  std::int64_t feature = 0;
  Mode mode = Mode::less_or_equal;
  double split = 0;
  bool takes_missing = false;  ///< NaN takes `yes`
  std::int64_t yes = 0;
  std::int64_t no = 0;
  std::vector<double> members;  ///< of the mode `member`
};

/// What a leaf adds to a target (a class, or a number of a regression).
struct LeafWeight {
  std::int64_t target = 0;
  double weight = 0;
};

struct Forest {
  enum class Aggregate { average, sum, min, max };
  std::vector<Branch> branches;
  std::vector<std::vector<LeafWeight>> leaves;
  std::vector<std::int64_t> roots;  ///< children as a branch has them
  std::int64_t targets = 0;
  Aggregate aggregate = Aggregate::sum;
  std::vector<double> base;  ///< added to the targets; may be empty

  /// What all trees say. Throws OperatorError for a feature that the samples do not have.
  /// @param x [samples, features]
  /// @return [samples, targets] float64
  at::Tensor sums(const at::Tensor& x) const;

  /// Throws OperatorError for children, leaves, roots and targets that are not there, and where the
  /// branches are no trees. To be called before `sums`.
  void check() const;
};

}  // namespace lockstep::ai
