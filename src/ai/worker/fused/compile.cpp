// SPDX-License-Identifier: Apache-2.0
// From a net to layers over slots. Operators that only move elements (Reshape, Transpose, Concat,
// Slice, ...) cost nothing: each is run once, by its own row, on the numbers of the slots in place
// of the values. Affine ones (BatchNormalization, Add of a constant, ...) are found out by asking
// them for 0 and for 1. What is left are the layers that compute.
//
// A net whose batch size is free is read with a batch of two, so that an operator that mixes
// samples is noticed. A net with an operator that has no fused form stays with LibTorch as a whole.
#include "ai/worker/fused/compile.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>

#include "ai/worker/fused/assembler.hpp"
#include "ai/worker/limits.hpp"
#include "ai/worker/nets/net_step.hpp"
#include "ai/worker/nets/windows.hpp"
#include "base/text.hpp"

namespace lockstep::ai::fused {
namespace {

using at::Tensor;

/// Between the slot numbers of the first and of the second sample.
constexpr std::int64_t second_sample = std::int64_t{1} << 40;
constexpr std::int64_t slots_max = std::int64_t{1} << 26;

struct NoFusedForm {
  std::string reason;
};

/// Numbers that a step has given: of slots, or values that are the same for every sample.
struct Known {
  Value value;
  bool is_slots = false;
  int layer = -1;  ///< whose whole output this is, in its order; -1: of none, or rearranged
};

constexpr std::array<std::string_view, 16> movers{
    "Concat",  "DepthToSpace", "Dropout", "Expand", "Flatten", "Gather", "Identity",  "Pad",
    "Reshape", "SpaceToDepth", "Slice",   "Split",  "Squeeze", "Tile",   "Transpose", "Unsqueeze"};

class Reader {
 public:
  Reader(const Net& net, std::vector<std::int64_t> sample_shape, bool is_single)
      : net_(net),
        known_(net.constants().size()),
        uses_(net.constants().size(), 0),
        samples_(is_single ? 1 : 2) {
    for (std::size_t i = 0; i < known_.size(); ++i)
      known_[i].value = net.constants()[i];
    for (const auto& step : net.steps())
      for (const int slot : step->inputs)
        if (slot >= 0) ++uses_[static_cast<std::size_t>(slot)];
    for (const int slot : net.output_slots())
      ++uses_[static_cast<std::size_t>(slot)];
    const Tensor input = new_rows(std::move(sample_shape));
    layers_.inputs = slots_of(input);
    known_[static_cast<std::size_t>(net.input_slots().front())] = {Value(input), true, -1};
  }

  Layers read() {
    for (const auto& step : net_.steps())
      read(*step);
    const Known& scores = known_[static_cast<std::size_t>(net_.output_slots().front())];
    if (!scores.is_slots) throw NoFusedForm{"the scores do not depend on the input"};
    layers_.outputs = slots_of(scores.value.tensor);
    Slots sorted = layers_.outputs;
    std::ranges::sort(sorted);
    const bool is_repeated = std::ranges::adjacent_find(sorted) != sorted.end();
    const bool is_written =
        scores.layer >= 0 && !layers_.layers[static_cast<std::size_t>(scores.layer)].activation;
    if (is_repeated || !is_written) {
      const Tensor copy = add_scale({identity(scores.value.tensor)}, {}, scores.value.tensor);
      layers_.outputs = slots_of(copy);
    }
    return std::move(layers_);
  }

 private:
  /// Numbers for new slots, [samples, ...]. Images are laid out with the channels last, so that a
  /// convolution reads long runs.
  Tensor new_rows(std::vector<std::int64_t> shape) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
      if (size <= 0 || size > slots_max || count * size > slots_max)
        throw NoFusedForm{"a layer is too large"};
      count *= size;
    }
    if (layers_.slots + count > slots_max) throw NoFusedForm{"the net is too large"};
    Tensor rows;
    if (shape.size() > 1) {
      std::vector<std::int64_t> last(shape.begin() + 1, shape.end());
      last.push_back(shape.front());
      rows = at::arange(count, at::kLong).reshape(last).movedim(-1, 0);
    } else {
      rows = at::arange(count, at::kLong).reshape(shape);
    }
    rows = rows + layers_.slots;
    layers_.slots += count;
    rows = rows.unsqueeze(0).contiguous();
    return samples_ == 1 ? rows : at::cat({rows, rows + second_sample});
  }

  /// The first sample's slots, in row-major order.
  static Slots slots_of(const Tensor& rows) {
    const Tensor flat = rows.select(0, 0).contiguous().to(at::kInt);
    const auto* data = flat.data_ptr<std::int32_t>();
    return {data, data + flat.numel()};
  }

  void check_rows(const Tensor& rows, const Net::Step& step) const {
    const bool is_batch = rows.defined() && rows.scalar_type() == at::kLong && rows.dim() >= 1 &&
                          rows.size(0) == samples_;
    if (!is_batch ||
        (samples_ == 2 && !at::equal(rows.select(0, 1), rows.select(0, 0) + second_sample)))
      throw NoFusedForm{fmt::format("the node '{}' mixes samples", quotable(step.node.name))};
  }

  const Known& input(const Net::Step& step, std::size_t i) const {
    static const Known none;
    if (i >= step.inputs.size() || step.inputs[i] < 0) return none;
    return known_[static_cast<std::size_t>(step.inputs[i])];
  }

  void set(const Net::Step& step, std::size_t i, Known known) {
    if (i < step.outputs.size() && step.outputs[i] >= 0)
      known_[static_cast<std::size_t>(step.outputs[i])] = std::move(known);
  }

  bool is_used_once(const Net::Step& step, std::size_t i) const {
    return uses_[static_cast<std::size_t>(step.inputs[i])] == 1;
  }

  void read(const Net::Step& step) {
    const std::string_view name = step.row->name;
    if (!step.graphs.empty() || !step.row->domain.empty()) throw no_form(step);
    Values values;
    bool has_slots = false;
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      values.push_back(input(step, i).value);
      has_slots = has_slots || input(step, i).is_slots;
      if (values.back().tensor.defined() && !input(step, i).is_slots &&
          (values.back().tensor.scalar_type() == at::kHalf ||
           values.back().tensor.scalar_type() == at::kBFloat16 ||
           values.back().tensor.scalar_type() == at::kDouble))
        throw NoFusedForm{"weights other than float32"};
    }
    if (!has_slots || name == "Shape" || name == "Size") {
      const Values outputs = compute(step, std::move(values));
      for (std::size_t i = 0; i < outputs.size(); ++i)
        set(step, i, {outputs[i], false, -1});
    } else if (std::ranges::find(movers, name) != movers.end()) {
      move(step, std::move(values));
    } else if (name == "Conv") {
      convolution(step, std::move(values));
    } else if (name == "Gemm" || name == "MatMul") {
      product(step);
    } else if (name == "Relu" || name == "LeakyRelu" || name == "Clip") {
      activation(step);
    } else if (name == "Sigmoid" || name == "Tanh") {
      curve(step);
    } else if (name == "MaxPool") {
      max_pool(step, std::move(values));
    } else if (name == "AveragePool" || name == "GlobalAveragePool") {
      average(step, std::move(values));
    } else if ((name == "Add" || name == "Sub") && input(step, 0).is_slots &&
               input(step, 1).is_slots) {
      sum(step);
    } else if (name == "Add" || name == "Sub" || name == "Mul" || name == "Div" ||
               name == "BatchNormalization") {
      affine(step, std::move(values));
    } else {
      throw no_form(step);
    }
  }

  static NoFusedForm no_form(const Net::Step& step) {
    return {fmt::format("the operator {} has no fused form", quotable(step.row->name))};
  }

  void move(const Net::Step& step, Values values) {
    const std::string_view name = step.row->name;
    const Call call(step.node, step.opset, *step.prepared, values, nullptr);
    if (name == "Dropout" && values.size() > 2 && values[2].tensor.defined() &&
        values[2].tensor.is_nonzero())
      throw NoFusedForm{"a live Dropout"};
    if (name == "Pad" && step.opset < 11 && call.real("value", 0) != 0) throw no_form(step);
    if (name == "Pad" && values.size() > 2 && values[2].tensor.defined()) {
      if (values[2].tensor.to(at::kDouble).item<double>() != 0) throw no_form(step);
      values[2] = Value();
    }
    for (std::size_t i = 0; i < values.size(); ++i)
      if ((name == "Concat" || i == 0) != input(step, i).is_slots && values[i].tensor.defined())
        throw no_form(step);
    const Values outputs = compute(step, std::move(values));
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (i > 0 && name == "Dropout") break;
      Tensor rows = outputs[i].tensor;
      // Pads are slot 0, of either sample.
      if (name == "Pad" && samples_ == 2)
        rows = at::cat({rows.narrow(0, 0, 1), rows.narrow(0, 1, 1).masked_fill(
                                                  rows.narrow(0, 1, 1).eq(0), second_sample)});
      check_rows(rows, step);
      set(step, i, {Value(rows), true, -1});
    }
  }

  int add_layer(Layer layer) {
    layers_.layers.push_back(std::move(layer));
    return static_cast<int>(layers_.layers.size()) - 1;
  }

  static std::vector<float> floats_of(const Tensor& tensor) {
    const Tensor flat = tensor.to(at::kFloat).contiguous();
    const auto* data = flat.data_ptr<float>();
    return {data, data + flat.numel()};
  }

  /// Sliding of up to three axes, the last ones filled.
  static std::array<Sliding, 3> axes_of(const Windows& windows,
                                        const std::vector<std::int64_t>& sizes) {
    std::array<Sliding, 3> axes;
    if (sizes.size() > 3) throw NoFusedForm{"more than three spatial axes"};
    for (std::size_t i = 0; i < sizes.size(); ++i)
      axes[3 - sizes.size() + i] = {sizes[i],           windows.outputs[i],   windows.kernel[i],
                                    windows.strides[i], windows.dilations[i], windows.before[i]};
    return axes;
  }

  static std::vector<std::int64_t> shape_with(std::int64_t channels, const Windows& windows) {
    std::vector<std::int64_t> shape{channels};
    shape.insert(shape.end(), windows.outputs.begin(), windows.outputs.end());
    return shape;
  }

  void convolution(const Net::Step& step, Values values) {
    if (!input(step, 0).is_slots || input(step, 1).is_slots || input(step, 2).is_slots)
      throw no_form(step);
    const Call call(step.node, step.opset, *step.prepared, values, nullptr);
    const Tensor& x = values[0].tensor;
    const Tensor& weight = values[1].tensor;
    const Windows windows = windows_of(call, spatial_sizes(x), spatial_sizes(weight));
    LinearLayer layer;
    layer.axes = axes_of(windows, spatial_sizes(x));
    layer.groups = call.integer("group", 1);
    layer.in_channels = x.size(1);
    layer.out_channels = weight.size(0);
    if (layer.groups < 1 || layer.in_channels % layer.groups != 0 ||
        layer.out_channels % layer.groups != 0 ||
        weight.size(1) != layer.in_channels / layer.groups)
      throw no_form(step);
    layer.weight = floats_of(weight);
    if (call.has(2)) layer.bias = floats_of(values[2].tensor);
    layer.in = slots_of(x);
    const Tensor out = new_rows(shape_with(layer.out_channels, windows));
    layer.out = slots_of(out);
    set(step, 0, {Value(out), true, add_layer({std::move(layer), {}})});
  }

  void product(const Net::Step& step) {
    const Known& a = input(step, 0);
    const Known& b = input(step, 1);
    const Call call(step.node, step.opset, *step.prepared, {}, nullptr);
    const bool is_gemm = step.row->name == "Gemm";
    if (!a.is_slots || b.is_slots || b.value.tensor.dim() != 2 || a.value.tensor.dim() < 2 ||
        (is_gemm && (call.flag("transA") || input(step, 2).is_slots)))
      throw no_form(step);
    const Tensor& x = a.value.tensor;
    Tensor weight = b.value.tensor.t();  // [out, in]
    if (is_gemm && call.flag("transB")) weight = b.value.tensor;
    weight = weight * call.real("alpha", 1);
    if (weight.size(1) != x.size(-1)) throw no_form(step);
    LinearLayer layer;
    layer.in_channels = weight.size(1);
    layer.out_channels = weight.size(0);
    layer.weight = floats_of(weight);
    if (is_gemm && input(step, 2).value.tensor.defined()) {
      const Tensor bias = input(step, 2).value.tensor * call.real("beta", 1);
      if (bias.dim() > 2 || (bias.dim() == 2 && bias.size(0) != 1)) throw no_form(step);
      layer.bias = floats_of(bias.reshape({-1}).expand({layer.out_channels}));
    }
    const std::int64_t places = x.numel() / x.size(0) / layer.in_channels;
    layer.axes[2].inputs = places;
    layer.axes[2].outputs = places;
    layer.in = slots_of(x.reshape({x.size(0), places, -1}).transpose(1, 2));
    std::vector<std::int64_t> shape(x.sizes().begin() + 1, x.sizes().end());
    shape.back() = layer.out_channels;
    const Tensor rows = new_rows({layer.out_channels, places});
    layer.out = slots_of(rows);
    shape.insert(shape.begin(), x.size(0));
    const Tensor out = rows.transpose(1, 2).reshape(shape).contiguous();
    const int number = add_layer({std::move(layer), {}});
    set(step, 0, {Value(out), true, places == 1 ? number : -1});
  }

  static ScaleLayer::Term identity(const Tensor& rows) {
    ScaleLayer::Term term{slots_of(rows), {}};
    term.scale.assign(term.in.size(), 1);
    return term;
  }

  /// @param like its shape is the result's
  Tensor add_scale(std::vector<ScaleLayer::Term> terms,
                   std::vector<float> shift,
                   const Tensor& like,
                   std::optional<Activation> activation = {}) {
    const Tensor out = new_rows({like.sizes().begin() + 1, like.sizes().end()});
    if (shift.empty()) shift.assign(terms.front().in.size(), 0);
    add_layer({ScaleLayer{slots_of(out), std::move(terms), std::move(shift)}, activation});
    return out;
  }

  int last_layer() const { return static_cast<int>(layers_.layers.size()) - 1; }

  /// The layer whose whole output is input `i`, when nothing else reads it and it has no
  /// activation: what comes next may become part of it.
  Layer* open_layer(const Net::Step& step, std::size_t i) {
    const Known& known = input(step, i);
    if (known.layer < 0 || !is_used_once(step, i)) return nullptr;
    Layer& layer = layers_.layers[static_cast<std::size_t>(known.layer)];
    const bool is_closed = layer.activation || std::holds_alternative<PoolLayer>(layer.is) ||
                           std::holds_alternative<CurveLayer>(layer.is);
    return is_closed ? nullptr : &layer;
  }

  void activation(const Net::Step& step) {
    const Known x = input(step, 0);
    const Call call(step.node, step.opset, *step.prepared, {}, nullptr);
    Activation activation{0, std::numeric_limits<float>::infinity()};
    if (step.row->name == "LeakyRelu") {
      activation.slope = static_cast<float>(call.real("alpha", 0.01));
      if (activation.slope < 0) throw no_form(step);
    }
    if (step.row->name == "Clip") {
      const auto bound = [&](std::size_t i, const char* attribute, double otherwise) {
        if (step.opset < 11) return call.real(attribute, otherwise);
        const Tensor& given = input(step, i).value.tensor;
        return given.defined() ? given.to(at::kDouble).item<double>() : otherwise;
      };
      const double infinity = std::numeric_limits<double>::infinity();
      if (input(step, 1).is_slots || input(step, 2).is_slots || bound(1, "min", -infinity) != 0)
        throw NoFusedForm{"a Clip from other than 0 has no fused form"};
      activation.high = static_cast<float>(bound(2, "max", infinity));
      if (!(activation.high > 0)) throw no_form(step);
    }
    if (Layer* layer = open_layer(step, 0); layer != nullptr) {
      layer->activation = activation;
      set(step, 0, x);
      return;
    }
    const Tensor out = add_scale({identity(x.value.tensor)}, {}, x.value.tensor, activation);
    set(step, 0, {Value(out), true, last_layer()});
  }

  void curve(const Net::Step& step) {
    const Known& x = input(step, 0);
    const Tensor out = new_rows({x.value.tensor.sizes().begin() + 1, x.value.tensor.sizes().end()});
    const auto kind = step.row->name == "Tanh" ? CurveLayer::Kind::tanh : CurveLayer::Kind::sigmoid;
    layers_.without_loops = no_form(step).reason;
    set(step, 0,
        {Value(out), true,
         add_layer({CurveLayer{slots_of(out), slots_of(x.value.tensor), kind}, {}})});
  }

  void sum(const Net::Step& step) {
    const auto both =
        at::broadcast_tensors({input(step, 0).value.tensor, input(step, 1).value.tensor});
    for (const Tensor& rows : both)
      check_rows(rows, step);
    ScaleLayer::Term second = identity(both[1]);
    if (step.row->name == "Sub") second.scale.assign(second.scale.size(), -1);
    const Tensor out = add_scale({identity(both[0]), std::move(second)}, {}, both[0]);
    set(step, 0, {Value(out), true, last_layer()});
  }

  /// y = scale * x + shift with the same two numbers for every sample: y(0) and y(1) tell them.
  void affine(const Net::Step& step, Values values) {
    const std::string_view name = step.row->name;
    const std::size_t place = input(step, 0).is_slots ? 0 : 1;
    const Call call(step.node, step.opset, *step.prepared, values, nullptr);
    if ((name == "Div" && place == 1) || (name == "BatchNormalization" && place == 1) ||
        call.flag("training_mode"))
      throw no_form(step);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (i != place && input(step, i).is_slots) throw no_form(step);
    const Tensor rows = values[place].tensor;
    for (Value& value : values)
      if (value.tensor.defined()) value.tensor = value.tensor.to(at::kDouble);
    const auto answer = [&](double x) {
      values[place] = Value(at::full(rows.sizes(), x, at::kDouble));
      return compute(step, values).front().tensor;
    };
    const Tensor shift = answer(0);
    const Tensor scale = answer(1) - shift;
    const bool is_batch =
        shift.dim() == rows.dim() && shift.size(0) == samples_ &&
        (samples_ == 1 || (at::equal(shift[0], shift[1]) && at::equal(scale[0], scale[1])));
    if (!is_batch) throw no_form(step);
    const Tensor source = rows.expand(shift.sizes());
    if (Layer* layer = open_layer(step, place); layer != nullptr && source.sizes() == rows.sizes())
      if (fold(*layer, scale[0], shift[0])) {
        set(step, 0, input(step, place));
        return;
      }
    ScaleLayer::Term term{slots_of(source), floats_of(scale[0])};
    const Tensor out = add_scale({std::move(term)}, floats_of(shift[0]), source);
    set(step, 0, {Value(out), true, last_layer()});
  }

  /// Makes the scale and shift part of a linear layer's weights, where they are the same for all
  /// positions of a channel. @param scale, shift [channels, positions...]
  static bool fold(Layer& layer, const Tensor& scale, const Tensor& shift) {
    auto* linear = std::get_if<LinearLayer>(&layer.is);
    if (linear == nullptr) return false;
    const Tensor factors = scale.reshape({linear->out_channels, -1});
    const Tensor terms = shift.reshape({linear->out_channels, -1});
    if (!factors.eq(factors.narrow(1, 0, 1)).all().item<bool>() ||
        !terms.eq(terms.narrow(1, 0, 1)).all().item<bool>())
      return false;
    linear->bias.resize(static_cast<std::size_t>(linear->out_channels), 0);
    const std::size_t per_channel =
        linear->weight.size() / static_cast<std::size_t>(linear->out_channels);
    for (std::int64_t channel = 0; channel < linear->out_channels; ++channel) {
      const double factor = factors[channel][0].item<double>();
      const auto c = static_cast<std::size_t>(channel);
      for (std::size_t i = c * per_channel; i < (c + 1) * per_channel; ++i)
        linear->weight[i] = static_cast<float>(linear->weight[i] * factor);
      linear->bias[c] =
          static_cast<float>(linear->bias[c] * factor + terms[channel][0].item<double>());
    }
    return true;
  }

  void max_pool(const Net::Step& step, Values values) {
    const Call call(step.node, step.opset, *step.prepared, values, nullptr);
    const Tensor& x = values[0].tensor;
    const std::vector<std::int64_t> sizes = spatial_sizes(x);
    const Windows windows = windows_of(call, sizes, {});
    if (call.wants(1)) throw no_form(step);
    const auto axes = axes_of(windows, sizes);
    const Slots in = slots_of(x);
    const Tensor out = new_rows(shape_with(x.size(1), windows));
    PoolLayer layer{slots_of(out), {}, axes[0].kernel * axes[1].kernel * axes[2].kernel};
    const auto inside = [](const Sliding& axis, std::int64_t output, std::int64_t k) {
      const std::int64_t i = output * axis.stride + k * axis.dilation - axis.before;
      return i >= 0 && i < axis.inputs ? i : -1;
    };
    for (std::int64_t c = 0; c < x.size(1); ++c)
      for (std::int64_t a = 0; a < axes[0].outputs; ++a)
        for (std::int64_t b = 0; b < axes[1].outputs; ++b)
          for (std::int64_t d = 0; d < axes[2].outputs; ++d)
            for (std::int64_t p = 0; p < axes[0].kernel; ++p)
              for (std::int64_t q = 0; q < axes[1].kernel; ++q)
                for (std::int64_t r = 0; r < axes[2].kernel; ++r) {
                  const std::int64_t i = inside(axes[0], a, p);
                  const std::int64_t j = inside(axes[1], b, q);
                  const std::int64_t k = inside(axes[2], d, r);
                  const std::int64_t place =
                      ((c * axes[0].inputs + i) * axes[1].inputs + j) * axes[2].inputs + k;
                  layer.candidates.push_back(
                      i < 0 || j < 0 || k < 0 ? -1 : in[static_cast<std::size_t>(place)]);
                }
    set(step, 0, {Value(out), true, add_layer({std::move(layer), {}})});
  }

  /// A mean over windows is a convolution of each channel with one number.
  void average(const Net::Step& step, Values values) {
    const Tensor x = values[0].tensor;
    const Call call(step.node, step.opset, *step.prepared, values, nullptr);
    const std::vector<std::int64_t> sizes = spatial_sizes(x);
    Windows windows;
    if (step.row->name == "GlobalAveragePool") {
      const std::vector<std::int64_t> ones(sizes.size(), 1);
      const std::vector<std::int64_t> none(sizes.size(), 0);
      windows = {sizes, ones, ones, none, none, ones};
    } else {
      windows = windows_of(call, sizes, {});
    }
    LinearLayer layer;
    layer.axes = axes_of(windows, sizes);
    layer.groups = x.size(1);
    layer.in_channels = x.size(1);
    layer.out_channels = x.size(1);
    const std::int64_t kernel = layer.axes[0].kernel * layer.axes[1].kernel * layer.axes[2].kernel;
    const std::vector<std::int64_t> none(sizes.size(), 0);
    const bool has_pads = windows.before != none || windows.after != none;
    if (call.flag("ceil_mode") || (has_pads && !call.flag("count_include_pad")))
      throw NoFusedForm{"an average over windows of different sizes has no fused form"};
    layer.weight.assign(static_cast<std::size_t>(x.size(1) * kernel),
                        1 / static_cast<float>(kernel));
    layer.in = slots_of(x);
    const Tensor out = new_rows(shape_with(x.size(1), windows));
    layer.out = slots_of(out);
    set(step, 0, {Value(out), true, add_layer({std::move(layer), {}})});
  }

  const Net& net_;
  std::vector<Known> known_;
  std::vector<int> uses_;
  std::int64_t samples_;
  Layers layers_;
};

/// What the function makes, or what it threw as a sentence.
template <typename T, typename Make>
tl::expected<T, std::string> guarded(const Make& make) {
  try {
    const at::NoGradGuard no_gradients;
    return make();
  } catch (const NoFusedForm& why) {
    return tl::unexpected(why.reason);
  } catch (const std::exception& trouble) {
    const std::string text = trouble.what();
    return tl::unexpected(quotable(text.substr(0, text.find('\n')), 200));
  }
}

}  // namespace

tl::expected<Layers, std::string> read_layers(const Net& net,
                                              const std::vector<std::int64_t>& sample_shape,
                                              bool is_single) {
  return guarded<Layers>([&]() -> tl::expected<Layers, std::string> {
    return Reader(net, sample_shape, is_single).read();
  });
}

tl::expected<Program, std::string> compile(const Net& net,
                                           const std::vector<std::int64_t>& sample_shape,
                                           bool is_single) {
  return guarded<Program>([&]() -> tl::expected<Program, std::string> {
    const Layers layers = Reader(net, sample_shape, is_single).read();
    if (!layers.without_loops.empty()) return tl::unexpected(layers.without_loops);
    if (auto program = assemble(layers)) return *std::move(program);
    return tl::unexpected<std::string>("the net is too large for fused loops");
  });
}

}  // namespace lockstep::ai::fused
