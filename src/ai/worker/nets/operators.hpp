// SPDX-License-Identifier: Apache-2.0
// The family of network operators: one row per operator of the ONNX standard, in the tables of
// operators_*.cpp. A row's function computes the node with ATen, so that gradients come with it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ai/worker/nets/chance.hpp"
#include "ai/worker/nets/model.hpp"
#include "ai/worker/nets/value.hpp"

namespace lockstep::ai {

/// A node whose inputs or attributes break its operator's rules. LibTorch reports what it finds
/// wrong by exceptions; operators do the same, and Net::run is where both stop.
struct OperatorError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A use of an operator that has no implementation here.
struct Unsupported : OperatorError {
  using OperatorError::OperatorError;
};

/// What an operator makes of a node's attributes once, for all its evaluations. Shared by threads.
class Prepared {
 public:
  template <typename T, typename Make>
  const T& get(const Make& make) {
    const std::lock_guard lock(mutex_);
    if (!made_) made_ = std::make_shared<const T>(make());
    return *static_cast<const T*>(made_.get());
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const void> made_;
};

/// One evaluation of a node: its inputs, attributes and the operator set that the model names.
class Call {
 public:
  using RunGraph = std::function<Values(std::string_view attribute, Values inputs)>;

  Call(const Node& node,
       std::int64_t opset,
       Prepared& prepared,
       Values inputs,
       const RunGraph* run_graph,
       Chance* chance = nullptr)
      : node_(node),
        opset_(opset),
        prepared_(prepared),
        inputs_(std::move(inputs)),
        run_graph_(run_graph),
        chance_(chance) {}

  std::int64_t opset() const { return opset_; }

  std::size_t input_count() const { return inputs_.size(); }

  std::size_t output_count() const { return node_.outputs.size(); }

  /// Whether the node has a use for output `i`.
  bool wants(std::size_t i) const { return i < output_count() && !node_.outputs[i].empty(); }

  /// Whether input `i` is there; optional inputs may be left out.
  bool has(std::size_t i) const { return i < inputs_.size() && inputs_[i].tensor.defined(); }

  /// Input `i`; throws OperatorError when it is left out.
  const at::Tensor& in(std::size_t i) const;
  const Value& value(std::size_t i) const;

  const Values& values() const { return inputs_; }

  /// The elements of an integer input (axes, shapes, sizes), in row-major order.
  std::vector<std::int64_t> integers_in(std::size_t i) const;
  /// The only element of an input, as a number.
  double number_in(std::size_t i) const;

  const Attribute* find(std::string_view name) const;
  std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  bool flag(std::string_view name, bool otherwise = false) const;
  double real(std::string_view name, double otherwise) const;
  std::string text(std::string_view name, std::string_view otherwise) const;
  std::optional<std::vector<std::int64_t>> integers(std::string_view name) const;
  std::optional<std::vector<float>> reals(std::string_view name) const;
  std::optional<std::vector<std::string>> texts(std::string_view name) const;
  /// An axis attribute, counted from the front. `rank` is the rank of the tensor it speaks of.
  std::int64_t axis(std::string_view name, std::int64_t otherwise, std::int64_t rank) const;

  /// `make()`, a T that depends on the attributes alone, made by the node's first evaluation.
  template <typename T, typename Make>
  const T& prepared(const Make& make) const {
    return prepared_.get<T>(make);
  }

  /// The random numbers of this run. Throws Unsupported where it has none.
  Chance& chance() const;

  /// Runs the graph that an attribute holds (If, Loop, Scan).
  Values run_graph(std::string_view attribute, Values inputs) const;

 private:
  const Node& node_;
  std::int64_t opset_;
  Prepared& prepared_;
  Values inputs_;
  const RunGraph* run_graph_;
  Chance* chance_;
};

/// How the executor prepares an operator's inputs.
enum class Types {
  computed,  ///< half precision is computed in float32 and rounded back
  kept,      ///< the operator takes every type of number as it is
  moved,     ///< it moves elements of every type, texts among them: outputs are of that type
  texts,     ///< it takes texts, too, and says of which type its outputs are
};

struct OperatorRow {
  std::string_view name;
  int since;    ///< first operator set that has it
  int revised;  ///< last revision of its specification that is followed here
  Values (*compute)(const Call& call);
  Types types = Types::computed;
  std::string_view domain = {};  ///< "" for the standard operators
  bool is_random = false;        ///< its outputs may be
};

/// The row of an operator, or null when there is none.
const OperatorRow* find_operator(std::string_view domain, std::string_view name);

/// All rows, table after table.
std::vector<const OperatorRow*> all_operators();

/// `axis` counted from the front; throws OperatorError when it is outside [-rank, rank).
std::int64_t from_front(std::int64_t axis, std::int64_t rank);

/// Throws OperatorError with the message when the condition does not hold.
void require(bool condition, const char* message);

std::span<const OperatorRow> elementwise_operators();
std::span<const OperatorRow> shape_operators();
std::span<const OperatorRow> indexing_operators();
std::span<const OperatorRow> reduction_operators();
std::span<const OperatorRow> layer_operators();
std::span<const OperatorRow> pooling_operators();
std::span<const OperatorRow> normalization_operators();
std::span<const OperatorRow> image_operators();
std::span<const OperatorRow> sequence_operators();
std::span<const OperatorRow> attention_operators();
std::span<const OperatorRow> quantized_operators();
std::span<const OperatorRow> loss_operators();
std::span<const OperatorRow> tree_operators();
std::span<const OperatorRow> feature_operators();
std::span<const OperatorRow> random_operators();
std::span<const OperatorRow> torchscript_operators();  // torchscript.cpp

}  // namespace lockstep::ai
