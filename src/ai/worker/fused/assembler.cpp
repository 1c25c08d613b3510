// SPDX-License-Identifier: Apache-2.0
// From layers to instructions. Forward is one instruction for each layer. Backward has to know, for
// each row of the gradient, who writes it first (and stores), who comes later (and adds), and who
// is last (and multiplies by the derivative of the row's activation, so that the layer before it
// finds the gradient of what it computed).
#include "ai/worker/fused/assembler.hpp"

#include <algorithm>
#include <iterator>

namespace lockstep::ai::fused {

class Assembler {
 public:
  explicit Assembler(const Layers& layers)
      : layers_(layers),
        activation_(static_cast<std::size_t>(layers.slots), no_activation),
        writers_(static_cast<std::size_t>(layers.slots), 0),
        written_(static_cast<std::size_t>(layers.slots), 0) {}

  std::optional<Program> run() {
    program_.slots_ = layers_.slots;
    program_.inputs_ = layers_.inputs;
    program_.outputs_ = layers_.outputs;
    for (const Layer& layer : layers_.layers)
      if (!std::visit([&](const auto& is) { return forward(is, layer.activation); }, layer.is))
        return std::nullopt;
    for (const std::int32_t slot : layers_.outputs) {
      ++writers_[static_cast<std::size_t>(slot)];
      ++written_[static_cast<std::size_t>(slot)];
    }
    for (auto layer = layers_.layers.rbegin(); layer != layers_.layers.rend(); ++layer)
      if (!std::visit([&](const auto& is) { return backward(is); }, layer->is)) return std::nullopt;
    zero_unwritten(layers_.inputs);
    return std::move(program_);
  }

 private:
  std::int16_t number_of(const std::optional<Activation>& activation) {
    if (!activation) return no_activation;
    const auto found = std::ranges::find_if(program_.activations_, [&](const Activation& other) {
      return other.slope == activation->slope && other.high == activation->high;
    });
    if (found != program_.activations_.end())
      return static_cast<std::int16_t>(found - program_.activations_.begin());
    program_.activations_.push_back(*activation);
    return static_cast<std::int16_t>(program_.activations_.size() - 1);
  }

  void count_writers(const Slots& slots) {
    for (const std::int32_t slot : slots)
      if (slot >= 0) ++writers_[static_cast<std::size_t>(slot)];
  }

  /// In the order in which they are written.
  template <typename TargetOf>
  static void set_targets(LayerPlan& plan, const TargetOf& target_of) {
    for (TilePlan& tile : plan.tiles)
      for (Target& target : tile.outputs.targets)
        target = target_of(target.slot);
    for (Target& target : plan.direct.targets)
      target = target_of(target.slot);
  }

  void append(LayerPlan plan, std::vector<Instruction>& steps) {
    using Kind = Instruction::Kind;
    program_.slots_ = std::max(program_.slots_, plan.slots);
    if (!plan.tiles.empty()) {
      steps.push_back({Kind::zero, program_.zeros_.size()});
      program_.zeros_.push_back({static_cast<std::int32_t>(layers_.slots)});
    }
    const std::size_t first = program_.linears_.size();
    std::ranges::move(plan.products, std::back_inserter(program_.linears_));
    for (TilePlan& tile : plan.tiles) {
      steps.push_back({Kind::to_points, program_.points_.size()});
      program_.points_.push_back(std::move(tile.points));
      steps.push_back({Kind::linear, first + tile.products});
      steps.push_back({Kind::from_points, program_.outputs_of_points_.size()});
      program_.outputs_of_points_.push_back(std::move(tile.outputs));
    }
    if (plan.direct.blocks.empty()) return;
    if (std::optional<SparsePlan> sparse = sparse_plan_of(plan.direct, layers_.slots)) {
      program_.slots_ = std::max(program_.slots_, sparse->slots());
      steps.push_back({Kind::product, program_.products_.size()});
      program_.products_.push_back({*std::move(sparse), std::move(plan.direct)});
      return;
    }
    steps.push_back({Kind::linear, program_.linears_.size()});
    program_.linears_.push_back(std::move(plan.direct));
  }

  bool forward(const LinearLayer& layer, const std::optional<Activation>& activation) {
    std::optional<LayerPlan> plan = plan_of(layer, Direction::forward, layers_.slots);
    if (!plan) return false;
    const std::int16_t number = number_of(activation);
    set_targets(*plan, [&](std::int32_t slot) {
      activation_[static_cast<std::size_t>(slot)] = number;
      return Target{slot, number, 0};
    });
    count_writers(layer.in);
    append(*std::move(plan), program_.forward_);
    return true;
  }

  bool forward(const ScaleLayer& layer, const std::optional<Activation>& activation) {
    const std::int16_t number = number_of(activation);
    for (std::size_t k = 0; k < layer.terms.size(); ++k) {
      const ScaleLayer::Term& term = layer.terms[k];
      std::vector<Scaling> items;
      for (std::size_t i = 0; i < layer.out.size(); ++i) {
        const bool is_last = k + 1 == layer.terms.size();
        items.push_back({term.in[i],
                         {layer.out[i], is_last ? number : std::int16_t{no_activation},
                          static_cast<std::int16_t>(k > 0 ? 1 : 0)},
                         term.scale[i],
                         k == 0 ? layer.shift[i] : 0});
        activation_[static_cast<std::size_t>(layer.out[i])] = number;
      }
      count_writers(term.in);
      program_.forward_.push_back({Instruction::Kind::scale, program_.scalings_.size()});
      program_.scalings_.push_back(std::move(items));
    }
    return true;
  }

  bool forward(const PoolLayer& layer, const std::optional<Activation>&) {
    count_writers(distinct(layer.candidates));
    program_.forward_.push_back({Instruction::Kind::pool, program_.pools_.size()});
    program_.pools_.push_back(layer);
    return true;
  }

  /// There are no loops for curves (Layers::without_loops).
  static bool forward(const CurveLayer&, const std::optional<Activation>&) { return false; }

  static bool backward(const CurveLayer&) { return false; }

  static Slots distinct(Slots slots) {
    std::ranges::sort(slots);
    slots.erase(std::ranges::unique(slots).begin(), slots.end());
    if (!slots.empty() && slots.front() < 0) slots.erase(slots.begin());
    return slots;
  }

  /// Gradients that nobody wrote are zero: what the net computed there has no use.
  void zero_unwritten(const Slots& slots) {
    Slots zeros;
    for (const std::int32_t slot : slots) {
      if (written_[static_cast<std::size_t>(slot)] > 0) continue;
      zeros.push_back(slot);
      written_[static_cast<std::size_t>(slot)] = 1;
    }
    if (zeros.empty()) return;
    program_.backward_.push_back({Instruction::Kind::zero, program_.zeros_.size()});
    program_.zeros_.push_back(std::move(zeros));
  }

  bool is_last_write(std::int32_t slot) {
    const auto i = static_cast<std::size_t>(slot);
    return ++written_[i] == writers_[i];
  }

  Target gradient_target(std::int32_t slot) {
    const auto i = static_cast<std::size_t>(slot);
    const std::int16_t adds = written_[i] > 0 ? 1 : 0;
    return {slot, is_last_write(slot) ? activation_[i] : std::int16_t{no_activation}, adds};
  }

  bool backward(const LinearLayer& layer) {
    zero_unwritten(layer.out);
    std::optional<LayerPlan> plan = plan_of(layer, Direction::backward, layers_.slots);
    if (!plan) return false;
    set_targets(*plan, [&](std::int32_t slot) { return gradient_target(slot); });
    append(*std::move(plan), program_.backward_);
    return true;
  }

  bool backward(const ScaleLayer& layer) {
    zero_unwritten(layer.out);
    for (const ScaleLayer::Term& term : layer.terms) {
      std::vector<Scaling> items;
      for (std::size_t i = 0; i < layer.out.size(); ++i)
        items.push_back({layer.out[i], gradient_target(term.in[i]), term.scale[i], 0});
      program_.backward_.push_back({Instruction::Kind::scale, program_.scalings_.size()});
      program_.scalings_.push_back(std::move(items));
    }
    return true;
  }

  bool backward(const PoolLayer& layer) {
    zero_unwritten(layer.out);
    const Slots slots = distinct(layer.candidates);
    zero_unwritten_then_count(slots);
    const auto list = static_cast<std::size_t>(
        std::ranges::find_if(program_.pools_,
                             [&](const PoolLayer& other) { return other.out == layer.out; }) -
        program_.pools_.begin());
    program_.backward_.push_back({Instruction::Kind::pool_back, list});
    std::vector<Target> gates;
    for (const std::int32_t slot : slots)
      if (is_last_write(slot) && activation_[static_cast<std::size_t>(slot)] != no_activation)
        gates.push_back({slot, activation_[static_cast<std::size_t>(slot)], 0});
    if (!gates.empty()) {
      program_.backward_.push_back({Instruction::Kind::gate, program_.gates_.size()});
      program_.gates_.push_back(std::move(gates));
    }
    return true;
  }

  /// A pool adds to its candidates: those that are new begin at zero. The pool itself counts as one
  /// writer, so the zeros do not.
  void zero_unwritten_then_count(const Slots& slots) {
    Slots fresh;
    for (const std::int32_t slot : slots)
      if (written_[static_cast<std::size_t>(slot)] == 0) fresh.push_back(slot);
    zero_unwritten(fresh);
    for (const std::int32_t slot : fresh)
      written_[static_cast<std::size_t>(slot)] = 0;
  }

  const Layers& layers_;
  Program program_;
  std::vector<std::int16_t> activation_;  ///< by slot
  std::vector<int> writers_;              ///< of a slot's gradient, in all
  std::vector<int> written_;              ///< so far
};

std::optional<Program> assemble(const Layers& layers) {
  return Assembler(layers).run();
}

}  // namespace lockstep::ai::fused
