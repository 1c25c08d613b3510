// SPDX-License-Identifier: Apache-2.0
// A property of a net, as VNN-LIB files state them: a set of inputs and conditions on the scores. A
// counterexample is an input of the set whose scores fulfil the conditions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"

namespace lockstep::ai::certify {

/// sum of factor * Y_i over `terms` <= bound.
struct Condition {
  std::vector<std::pair<std::int64_t, double>> terms;
  double bound = 0;

  bool operator==(const Condition&) const = default;
};

/// Conditions that hold together.
using Clause = std::vector<Condition>;

/// A box of inputs, and the clauses of which a counterexample fulfils one.
struct Case {
  std::vector<double> low;
  std::vector<double> high;
  std::vector<Clause> clauses;
};

struct Property {
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  std::vector<Case> cases;  ///< a counterexample lies in one of them; boxes may be empty of points
};

/// Reads a .vnnlib file: declare-const of X_i and Y_j, and assert of <=, >=, and, or over linear
/// terms. A condition speaks of one input, or of outputs. All problems are reported, with lines.
/// Errors: vnnlib.syntax, vnnlib.name, vnnlib.form, vnnlib.limit, vnnlib.range.
/// Source: VNN-LIB 1.0, a subset of SMT-LIB 2.
Result<Property> read_property(std::string_view text,
                               const std::string& file,
                               Diagnostics& problems);

/// What the file says about inputs and outputs at given values: whether they are a counterexample,
/// allowing the conditions on outputs to be missed by `slack`.
bool is_counterexample(const Property& property,
                       const std::vector<double>& inputs,
                       const std::vector<double>& outputs,
                       double slack);

}  // namespace lockstep::ai::certify
