// SPDX-License-Identifier: Apache-2.0
// Ensembles of decision trees, as XGBoost, LightGBM and scikit-learn export them. Their answer has
// steps and no gradient: attacks that only ask for scores work on them, and the soundness checks
// say that the others find no slope.
//
// Source: ONNX-ML operator specification, operator sets 1 to 5.
#include <ATen/ATen.h>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "ai/worker/nets/class_scores.hpp"
#include "ai/worker/nets/forest.hpp"
#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

using Integers = std::vector<std::int64_t>;

Integers needed(const Call& call, const std::string& name) {
  auto values = call.integers(name);
  if (!values) throw OperatorError("expected the attribute " + name);
  return *std::move(values);
}

/// A list of numbers: `name`, or the tensor `name` + "_as_tensor", which may be of float64.
std::vector<double> numbers(const Call& call, const std::string& name) {
  if (const auto values = call.reals(name)) return {values->begin(), values->end()};
  if (const Attribute* tensor = call.find(name + "_as_tensor")) return numbers_of(tensor->tensor);
  return {};
}

void same_length(std::size_t length, std::size_t expected) {
  require(length == expected, "expected lists of nodes or leaves that are equally long");
}

constexpr std::array<std::pair<std::string_view, Branch::Mode>, 6> modes = {{
    {"BRANCH_LEQ", Branch::Mode::less_or_equal},
    {"BRANCH_LT", Branch::Mode::less},
    {"BRANCH_GTE", Branch::Mode::greater_or_equal},
    {"BRANCH_GT", Branch::Mode::greater},
    {"BRANCH_EQ", Branch::Mode::equal},
    {"BRANCH_NEQ", Branch::Mode::not_equal},
}};

Branch::Mode mode_of(const std::string& word) {
  for (const auto& [name, mode] : modes)
    if (name == word) return mode;
  throw OperatorError("expected a mode of branches, found '" + word + "'");
}

using NodeId = std::pair<std::int64_t, std::int64_t>;  ///< tree, node

/// The form of operator sets 1 and 3: nodes with an id within their tree, and weights of leaves in
/// lists that begin with "class" or "target".
Forest named_forest(const Call& call, const std::string& kind) {
  const Integers trees = needed(call, "nodes_treeids");
  const Integers ids = needed(call, "nodes_nodeids");
  const Integers features = needed(call, "nodes_featureids");
  const Integers yes = needed(call, "nodes_truenodeids");
  const Integers no = needed(call, "nodes_falsenodeids");
  const auto words = call.texts("nodes_modes").value_or(std::vector<std::string>{});
  const std::vector<double> splits = numbers(call, "nodes_values");
  const auto missing = call.integers("nodes_missing_value_tracks_true").value_or(Integers{});
  for (const std::size_t length :
       {ids.size(), features.size(), yes.size(), no.size(), words.size(), splits.size()})
    same_length(length, trees.size());
  if (!missing.empty()) same_length(missing.size(), trees.size());

  Forest forest;
  std::map<NodeId, std::int64_t> places;
  std::set<NodeId> children;
  std::int64_t branches = 0;
  for (std::size_t i = 0; i < trees.size(); ++i) {
    const bool is_leaf = words[i] == "LEAF";
    const std::int64_t place = is_leaf ? ~std::ssize(forest.leaves) : branches;
    require(places.emplace(NodeId{trees[i], ids[i]}, place).second, "expected each node once");
    if (is_leaf) {
      forest.leaves.emplace_back();
      continue;
    }
    ++branches;
    children.insert({trees[i], yes[i]});
    children.insert({trees[i], no[i]});
  }
  const auto place_of = [&](NodeId id) {
    const auto found = places.find(id);
    require(found != places.end(), "expected branches to nodes of the tree");
    return found->second;
  };
  for (std::size_t i = 0; i < trees.size(); ++i) {
    const NodeId id{trees[i], ids[i]};
    if (!children.contains(id)) forest.roots.push_back(place_of(id));
    if (words[i] == "LEAF") continue;
    forest.branches.push_back({features[i],
                               mode_of(words[i]),
                               splits[i],
                               !missing.empty() && missing[i] != 0,
                               place_of({trees[i], yes[i]}),
                               place_of({trees[i], no[i]}),
                               {}});
  }
  const std::set<std::int64_t> distinct(trees.begin(), trees.end());
  require(forest.roots.size() == distinct.size(), "expected one root for each tree");
  const Integers leaf_trees = needed(call, kind + "_treeids");
  const Integers leaf_nodes = needed(call, kind + "_nodeids");
  const Integers targets = needed(call, kind + "_ids");
  const std::vector<double> weights = numbers(call, kind + "_weights");
  for (const std::size_t length : {leaf_nodes.size(), targets.size(), weights.size()})
    same_length(length, leaf_trees.size());
  for (std::size_t i = 0; i < leaf_trees.size(); ++i) {
    const std::int64_t place = place_of({leaf_trees[i], leaf_nodes[i]});
    require(place < 0, "expected weights of leaves");
    forest.leaves[static_cast<std::size_t>(~place)].push_back({targets[i], weights[i]});
  }
  forest.base = numbers(call, "base_values");
  return forest;
}

/// A classifier, and how its sums are to be read.
struct ClassForest {
  Forest forest;
  bool is_single = false;       ///< two classes, and all weights are of one of them
  bool is_probability = false;  ///< of a single one: no weight is negative
};

ClassForest class_forest(const Call& call) {
  ClassForest made{named_forest(call, "class")};
  Forest& forest = made.forest;
  std::size_t labels =
      call.texts("classlabels_strings").value_or(std::vector<std::string>{}).size();
  if (labels == 0) labels = call.integers("classlabels_int64s").value_or(Integers{}).size();
  std::set<std::int64_t> targets;
  made.is_probability = true;
  for (const auto& leaf : forest.leaves)
    for (const LeafWeight& one : leaf) {
      targets.insert(one.target);
      if (one.weight < 0) made.is_probability = false;
    }
  made.is_single = labels == 2 && targets.size() == 1;
  forest.targets = made.is_single ? 1 : static_cast<std::int64_t>(labels);
  if (made.is_single) {
    for (auto& leaf : forest.leaves)
      for (LeafWeight& one : leaf)
        one.target = 0;
    // Of two base values the second one belongs to the class that has the sums.
    if (forest.base.size() == 2) forest.base.erase(forest.base.begin());
  }
  forest.check();
  return made;
}

Values tree_ensemble_classifier(const Call& call) {
  const auto& made = call.prepared<ClassForest>([&] { return class_forest(call); });
  const at::Tensor sums = made.forest.sums(call.in(0)).to(at::kFloat);
  return labelled(call, sums, made.is_probability);
}

Forest::Aggregate aggregate_of(const std::string& word) {
  if (word == "SUM") return Forest::Aggregate::sum;
  if (word == "AVERAGE") return Forest::Aggregate::average;
  if (word == "MIN") return Forest::Aggregate::min;
  if (word == "MAX") return Forest::Aggregate::max;
  throw OperatorError("expected an aggregate_function that ONNX-ML knows, found '" + word + "'");
}

Values tree_ensemble_regressor(const Call& call) {
  const auto& forest = call.prepared<Forest>([&] {
    Forest made = named_forest(call, "target");
    made.targets = call.integer("n_targets", 1);
    made.aggregate = aggregate_of(call.text("aggregate_function", "SUM"));
    made.check();
    return made;
  });
  return {transformed(forest.sums(call.in(0)).to(at::kFloat), post_transform_of(call))};
}

/// The form of operator set 5: branches and leaves are lists of their own. Sets of members stand
/// behind each other, each ended by a NaN, in the order of the branches that ask for one.
Forest listed_forest(const Call& call) {
  const Integers features = needed(call, "nodes_featureids");
  const Integers yes = needed(call, "nodes_truenodeids");
  const Integers no = needed(call, "nodes_falsenodeids");
  const Integers ends_yes = needed(call, "nodes_trueleafs");
  const Integers ends_no = needed(call, "nodes_falseleafs");
  const auto missing = call.integers("nodes_missing_value_tracks_true").value_or(Integers{});
  const auto tensor = [&](const char* name) {
    const Attribute* attribute = call.find(name);
    return attribute == nullptr ? std::vector<double>{} : numbers_of(attribute->tensor);
  };
  const std::vector<double> words = tensor("nodes_modes");
  const std::vector<double> splits = tensor("nodes_splits");
  const std::vector<double> members = tensor("membership_values");
  for (const std::size_t length :
       {yes.size(), no.size(), ends_yes.size(), ends_no.size(), words.size(), splits.size()})
    same_length(length, features.size());
  if (!missing.empty()) same_length(missing.size(), features.size());

  Forest forest;
  std::size_t member = 0;
  for (std::size_t i = 0; i < features.size(); ++i) {
    require(words[i] >= 0 && words[i] <= 6, "expected a mode of branches from 0 to 6");
    require(yes[i] >= 0 && no[i] >= 0, "expected children that are counted from 0");
    Branch branch{features[i],
                  static_cast<Branch::Mode>(words[i]),
                  splits[i],
                  !missing.empty() && missing[i] != 0,
                  ends_yes[i] != 0 ? ~yes[i] : yes[i],
                  ends_no[i] != 0 ? ~no[i] : no[i],
                  {}};
    if (branch.mode == Branch::Mode::member) {
      while (member < members.size() && !std::isnan(members[member]))
        branch.members.push_back(members[member++]);
      ++member;
    }
    forest.branches.push_back(std::move(branch));
  }
  const Integers targets = needed(call, "leaf_targetids");
  const std::vector<double> weights = tensor("leaf_weights");
  same_length(weights.size(), targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i)
    forest.leaves.push_back({{targets[i], weights[i]}});
  forest.roots = needed(call, "tree_roots");
  for (const std::int64_t root : forest.roots)
    require(root >= 0, "expected roots that are nodes");
  forest.targets = call.integer("n_targets", 1);
  const std::int64_t aggregate = call.integer("aggregate_function", 1);
  require(aggregate >= 0 && aggregate <= 3, "expected an aggregate_function from 0 to 3");
  forest.aggregate = static_cast<Forest::Aggregate>(aggregate);
  forest.check();
  return forest;
}

Values tree_ensemble(const Call& call) {
  const auto& forest = call.prepared<Forest>([&] { return listed_forest(call); });
  const std::int64_t transform = call.integer("post_transform", 0);
  require(transform >= 0 && transform <= 4, "expected a post_transform from 0 to 4");
  const at::Tensor sums = forest.sums(call.in(0)).to(call.in(0).scalar_type());
  return {transformed(sums, static_cast<PostTransform>(transform))};
}

constexpr std::array rows{
    OperatorRow{"TreeEnsemble", 5, 5, tree_ensemble, Types::computed, "ai.onnx.ml"},
    OperatorRow{"TreeEnsembleClassifier", 1, 5, tree_ensemble_classifier, Types::computed,
                "ai.onnx.ml"},
    OperatorRow{"TreeEnsembleRegressor", 1, 5, tree_ensemble_regressor, Types::computed,
                "ai.onnx.ml"},
};

}  // namespace

std::span<const OperatorRow> tree_operators() {
  return rows;
}

}  // namespace lockstep::ai
