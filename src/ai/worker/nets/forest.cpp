// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/forest.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

bool holds(const Branch& branch, double x) {
  if (std::isnan(x)) return branch.takes_missing;
  switch (branch.mode) {
    case Branch::Mode::less_or_equal:
      return x <= branch.split;
    case Branch::Mode::less:
      return x < branch.split;
    case Branch::Mode::greater_or_equal:
      return x >= branch.split;
    case Branch::Mode::greater:
      return x > branch.split;
    case Branch::Mode::equal:
      return x == branch.split;
    case Branch::Mode::not_equal:
      return x != branch.split;
    case Branch::Mode::member:
      return std::ranges::find(branch.members, x) != branch.members.end();
  }
  return false;
}

const std::vector<LeafWeight>& leaf_of(const Forest& forest, std::int64_t root, const double* x) {
  std::int64_t at = root;
  while (at >= 0) {
    const Branch& branch = forest.branches[static_cast<std::size_t>(at)];
    at = holds(branch, x[branch.feature]) ? branch.yes : branch.no;
  }
  return forest.leaves[static_cast<std::size_t>(~at)];
}

/// Each branch is reached from a root, on one way.
void check_ways(const Forest& forest) {
  std::vector<char> is_reached(forest.branches.size());
  std::size_t reached = 0;
  std::vector<std::int64_t> open = forest.roots;
  while (!open.empty()) {
    const std::int64_t at = open.back();
    open.pop_back();
    if (at < 0) continue;
    const auto place = static_cast<std::size_t>(at);
    require(is_reached[place] == 0, "expected trees, found a branch that two ways lead to");
    is_reached[place] = 1;
    ++reached;
    open.push_back(forest.branches[place].yes);
    open.push_back(forest.branches[place].no);
  }
  require(reached == forest.branches.size(),
          "expected trees, found branches that no root leads to");
}

double first_of(Forest::Aggregate aggregate) {
  if (aggregate == Forest::Aggregate::min) return std::numeric_limits<double>::infinity();
  if (aggregate == Forest::Aggregate::max) return -std::numeric_limits<double>::infinity();
  return 0;
}

void add(double& sum, double weight, Forest::Aggregate aggregate) {
  if (aggregate == Forest::Aggregate::min) {
    sum = std::min(sum, weight);
  } else if (aggregate == Forest::Aggregate::max) {
    sum = std::max(sum, weight);
  } else {
    sum += weight;
  }
}

}  // namespace

at::Tensor Forest::sums(const at::Tensor& x) const {
  const at::Tensor samples = x.to(at::kDouble).contiguous();
  require(samples.dim() == 2, "expected samples [count, features]");
  for (const Branch& branch : branches)
    require(branch.feature >= 0 && branch.feature < samples.size(1),
            "expected branches on features that the samples have");
  at::Tensor all = at::full({samples.size(0), targets}, first_of(aggregate), at::kDouble);
  for (std::int64_t i = 0; i < samples.size(0); ++i) {
    double* sum = all.data_ptr<double>() + i * targets;
    for (const std::int64_t root : roots)
      for (const LeafWeight& leaf :
           leaf_of(*this, root, samples.data_ptr<double>() + i * samples.size(1)))
        add(sum[leaf.target], leaf.weight, aggregate);
    for (std::int64_t k = 0; k < targets; ++k) {
      if (std::isinf(sum[k])) sum[k] = 0;  // no leaf says anything about this target
      if (aggregate == Aggregate::average) sum[k] /= static_cast<double>(roots.size());
      if (!base.empty()) sum[k] += base[static_cast<std::size_t>(k)];
    }
  }
  return all;
}

void Forest::check() const {
  require(targets > 0 && targets <= 100'000, "expected 1 to 100000 targets");
  require(!roots.empty(), "expected at least one tree");
  require(base.empty() || std::ssize(base) == targets, "expected one base value for each target");
  const auto is_there = [&](std::int64_t child) {
    return child < std::ssize(branches) && ~child < std::ssize(leaves);
  };
  for (const Branch& branch : branches)
    require(is_there(branch.yes) && is_there(branch.no), "expected branches to nodes of the tree");
  for (const std::int64_t root : roots)
    require(is_there(root), "expected roots that are nodes");
  for (const auto& leaf : leaves)
    for (const LeafWeight& one : leaf)
      require(one.target >= 0 && one.target < targets, "expected leaves of targets that are there");
  check_ways(*this);
}

}  // namespace lockstep::ai
