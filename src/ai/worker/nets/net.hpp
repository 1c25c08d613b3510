// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ai/worker/nets/model.hpp"
#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/value.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// A model made ready to run: its nodes in order, each with its operator's row, and everything that
/// does not depend on an input computed once. Gradients flow through it. Running it changes nothing
/// in it, so threads may share one.
class Net {
 public:
  /// @param file the model's path, for messages
  /// Errors: onnx.operator (operators without a row, all named), onnx.graph (a value that nothing
  /// makes), onnx.run (a constant part that cannot be computed).
  static Result<Net> build(Model model, const std::string& file);

  /// The outputs for the given inputs, in the model's order.
  /// @param chance the random numbers of a net that draws them; null for one that does not
  /// Errors: onnx.run, naming the node; onnx.operator for a use of an operator without an
  /// implementation; ai.memory.
  Result<Values> run(Values inputs, Chance* chance = nullptr) const;

  /// The nodes that draw random numbers, as "Dropout 'name'", those of inner graphs too.
  std::vector<std::string> random_nodes() const;

  const std::vector<ValueInfo>& inputs() const { return inputs_; }

  const std::vector<ValueInfo>& outputs() const { return outputs_; }

  /// Makes one output the only one.
  void keep_output(std::size_t place);

  /// Where the first output is a Softmax over its last axis: makes the Softmax's input the first
  /// output, and says true. The order of the classes stays the same; the gradient gets better.
  bool drop_final_softmax();

  /// The same for a Sigmoid.
  bool drop_final_sigmoid();

  /// Turns all float32 weights into float64, and expects inputs of that type.
  void widen();

  /// The same net, whose weights lie on a device, and what follows from numbers that lie there.
  /// Inputs are brought there; outputs are where they were made. Throws what LibTorch throws.
  Net on(at::Device device) const;

  /// One node of the graph, made ready: its row, and slots in place of names (net_step.hpp).
  struct Step;

  const std::vector<std::shared_ptr<const Step>>& steps() const { return steps_; }

  /// By slot; undefined where a step or an input gives the value.
  const Values& constants() const { return constants_; }

  const std::vector<int>& input_slots() const { return input_slots_; }

  const std::vector<int>& output_slots() const { return output_slots_; }

 private:
  struct Builder;

  struct Capture {
    int outer = 0;  ///< slot in the net around this one
    int inner = 0;  ///< slot here
  };

  void drop_final(std::size_t step);
  std::size_t final_step() const;
  Values run_steps(Values inputs, const Values& outer, Chance* chance) const;
  Values evaluate(const Step& step, const Values& slots, Chance* chance) const;
  void place(const Step& step, Values& inputs) const;

  std::string file_;
  std::vector<std::shared_ptr<const Step>> steps_;
  Values constants_;  ///< by slot; undefined where a slot is computed
  std::vector<int> input_slots_;
  std::vector<int> output_slots_;
  std::vector<Capture> captures_;  ///< of a graph inside an attribute
  at::Device device_ = at::kCPU;
  std::vector<ValueInfo> inputs_;
  std::vector<ValueInfo> outputs_;
};

/// The operators of a model that have no row, as "Name" or "domain.Name", sorted, each once.
std::vector<std::string> unsupported_operators(const Model& model);

}  // namespace lockstep::ai
