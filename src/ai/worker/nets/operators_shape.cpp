// SPDX-License-Identifier: Apache-2.0
// Operators that move elements, change shapes and types, or make constants.
//
// Many of them took their parameters as attributes first and as inputs later (Reshape at operator
// set 5, Slice at 10, Pad at 11, Squeeze, Unsqueeze and Split at 13); both forms are read.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <algorithm>
#include <array>
#include <numeric>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/texts.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

/// A parameter that was an attribute before it became input `i`.
std::optional<Integers> parameter(const Call& call, std::string_view name, std::size_t i) {
  if (call.has(i)) return call.integers_in(i);
  return call.integers(name);
}

void check_size(const Integers& shape) {
  require(checked_elements(shape).has_value(), "expected an output within the limit of elements");
}

Values shape(const Call& call) {
  const Integers sizes = call.in(0).sizes().vec();
  const auto rank = static_cast<std::int64_t>(sizes.size());
  const auto bound = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const std::int64_t start = bound(call.integer("start", 0));
  const std::int64_t end = std::max(start, bound(call.integer("end", rank)));
  return {Value(at::tensor(at::IntArrayRef(sizes).slice(static_cast<std::size_t>(start),
                                                        static_cast<std::size_t>(end - start)),
                           at::kLong),
                ElementType::int64)};
}

Values size(const Call& call) {
  return {Value(at::scalar_tensor(call.in(0).numel(), at::kLong), ElementType::int64)};
}

Values reshape(const Call& call) {
  const Tensor& x = call.in(0);
  const auto wanted = parameter(call, "shape", 1);
  require(wanted.has_value(), "expected a shape, found none");
  Integers sizes = *wanted;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] != 0 || call.flag("allowzero")) continue;
    require(i < static_cast<std::size_t>(x.dim()), "a 0 in the shape has no dimension to copy");
    sizes[i] = x.size(static_cast<std::int64_t>(i));
  }
  return {x.reshape(sizes)};
}

Values flatten(const Call& call) {
  const Tensor& x = call.in(0);
  std::int64_t axis = call.integer("axis", 1);
  if (axis < 0) axis += x.dim();
  require(axis >= 0 && axis <= x.dim(), "expected an axis of the input");
  std::int64_t rows = 1;
  for (std::int64_t i = 0; i < axis; ++i)
    rows *= x.size(i);
  std::int64_t columns = 1;
  for (std::int64_t i = axis; i < x.dim(); ++i)
    columns *= x.size(i);
  return {x.reshape({rows, columns})};
}

Values transpose(const Call& call) {
  const Tensor& x = call.in(0);
  Integers order(static_cast<std::size_t>(x.dim()));
  std::iota(order.rbegin(), order.rend(), 0);
  return {x.permute(call.integers("perm").value_or(order))};
}

Values squeeze(const Call& call) {
  const Tensor& x = call.in(0);
  const auto axes = parameter(call, "axes", 1);
  Integers sizes;
  Integers dropped = axes.value_or(Integers{});
  for (std::int64_t& axis : dropped)
    axis = from_front(axis, x.dim());
  for (std::int64_t i = 0; i < x.dim(); ++i) {
    const bool is_dropped = axes ? std::ranges::find(dropped, i) != dropped.end() : x.size(i) == 1;
    require(!is_dropped || x.size(i) == 1, "expected dimensions of size 1 to drop");
    if (!is_dropped) sizes.push_back(x.size(i));
  }
  return {x.reshape(sizes)};
}

Values unsqueeze(const Call& call) {
  const Tensor& x = call.in(0);
  auto axes = parameter(call, "axes", 1);
  require(axes.has_value(), "expected axes, found none");
  const auto rank = x.dim() + static_cast<std::int64_t>(axes->size());
  for (std::int64_t& axis : *axes)
    axis = from_front(axis, rank);
  Integers sizes;
  std::int64_t next = 0;
  for (std::int64_t i = 0; i < rank; ++i) {
    const bool is_new = std::ranges::find(*axes, i) != axes->end();
    require(is_new || next < x.dim(), "expected each axis once");
    sizes.push_back(is_new ? 1 : x.size(next++));
  }
  return {x.reshape(sizes)};
}

Values concat(const Call& call) {
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < call.input_count(); ++i)
    parts.push_back(call.in(i));
  return {Value(at::cat(parts, call.axis("axis", 1, parts.front().dim())), call.value(0).type)};
}

Values split(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t axis = call.axis("axis", 0, x.dim());
  auto sizes = parameter(call, "split", 1);
  if (!sizes) {
    const auto parts = call.integer("num_outputs", static_cast<std::int64_t>(call.output_count()));
    require(parts > 0 && parts <= static_cast<std::int64_t>(call.output_count()),
            "expected as many outputs as parts");
    const std::int64_t piece = (x.size(axis) + parts - 1) / parts;
    sizes = Integers(static_cast<std::size_t>(parts), piece);
    sizes->back() = x.size(axis) - piece * (parts - 1);
  }
  Values outputs;
  std::int64_t start = 0;
  for (const std::int64_t length : *sizes) {
    require(length >= 0 && length <= x.size(axis) - start, "expected parts that sum to the axis");
    outputs.emplace_back(x.narrow(axis, start, length));
    start += length;
  }
  require(start == x.size(axis), "expected parts that sum to the axis");
  return outputs;
}

/// x[start:end:step] along an axis, with Python's rules.
Tensor sliced(
    const Tensor& x, std::int64_t axis, std::int64_t start, std::int64_t end, std::int64_t step) {
  const std::int64_t size = x.size(axis);
  require(step != 0, "expected a step other than 0");
  if (start < 0) start = start < -size ? -1 : start + size;
  if (end < 0) end = end < -size ? -1 : end + size;
  if (step > 0) {
    start = std::clamp<std::int64_t>(start, 0, size);
    end = std::clamp<std::int64_t>(end, start, size);
    return x.slice(axis, start, end, std::min(step, std::max<std::int64_t>(size, 1)));
  }
  start = std::clamp<std::int64_t>(start, -1, size - 1);
  end = std::clamp<std::int64_t>(end, -1, std::max<std::int64_t>(start, -1));
  Integers picked;
  for (std::int64_t i = start; i > end; i += std::max(step, -size - 1))
    picked.push_back(i);
  return x.index_select(axis, at::tensor(picked, at::kLong).to(x.device()));
}

Values slice(const Call& call) {
  Tensor x = call.in(0);
  const auto starts = parameter(call, "starts", 1);
  const auto ends = parameter(call, "ends", 2);
  require(starts && ends && starts->size() == ends->size(), "expected as many starts as ends");
  Integers axes(starts->size());
  std::iota(axes.begin(), axes.end(), 0);
  if (const auto given = parameter(call, "axes", 3)) axes = *given;
  Integers steps(starts->size(), 1);
  if (call.has(4)) steps = call.integers_in(4);
  require(axes.size() == starts->size() && steps.size() == starts->size(),
          "expected as many axes and steps as starts");
  for (std::size_t i = 0; i < axes.size(); ++i)
    x = sliced(x, from_front(axes[i], x.dim()), (*starts)[i], (*ends)[i], steps[i]);
  return {x};
}

Values expand(const Call& call) {
  const Tensor& x = call.in(0);
  Integers sizes = at::infer_size(x.sizes(), call.integers_in(1));
  check_size(sizes);
  return {x.expand(sizes)};
}

Values tile(const Call& call) {
  const Tensor& x = call.in(0);
  Integers repeats = call.integers_in(1);
  if (call.opset() < 6 && call.has(2)) {
    // Operator set 1: a number of tiles along one axis.
    require(repeats.size() == 1 && call.in(2).numel() == 1, "expected a number of tiles, an axis");
    const std::int64_t axis = from_front(call.integers_in(2).front(), x.dim());
    require(x.dim() > 0, "expected an axis to tile along");
    const std::int64_t tiles = repeats.front();
    repeats.assign(static_cast<std::size_t>(x.dim()), 1);
    repeats[static_cast<std::size_t>(axis)] = tiles;
  }
  require(static_cast<std::int64_t>(repeats.size()) == x.dim(), "expected a repeat per dimension");
  Integers sizes = x.sizes().vec();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    require(repeats[i] >= 0 && repeats[i] <= limits::elements, "expected a repeat of at least 0");
    sizes[i] *= repeats[i];
  }
  check_size(sizes);
  return {x.repeat(repeats)};
}

/// For each place of the padded axis, the place of the input that its element comes from.
Tensor padded_places(std::string_view mode,
                     std::int64_t size,
                     std::int64_t before,
                     std::int64_t after) {
  Integers places;
  require(size > 0 || before + after <= 0, "expected elements to pad with");
  for (std::int64_t i = -before; i < size + after; ++i) {
    if (mode == "edge") {
      places.push_back(std::clamp<std::int64_t>(i, 0, size - 1));
    } else if (mode == "wrap") {
      places.push_back(((i % size) + size) % size);
    } else {  // reflect, without repeating the border
      const std::int64_t period = std::max<std::int64_t>(2 * (size - 1), 1);
      const std::int64_t phase = ((i % period) + period) % period;
      places.push_back(phase < size ? phase : period - phase);
    }
  }
  return at::tensor(places, at::kLong);
}

Values pad(const Call& call) {
  Tensor x = call.in(0);
  const auto pads = parameter(call, call.opset() < 2 ? "paddings" : "pads", 1);
  require(pads.has_value(), "expected pads, found none");
  Integers axes(static_cast<std::size_t>(x.dim()));
  std::iota(axes.begin(), axes.end(), 0);
  if (call.has(3)) axes = call.integers_in(3);
  require(pads->size() == 2 * axes.size(), "expected two pads for each axis");
  const std::string mode = call.text("mode", "constant");
  const double value = call.has(2) ? call.number_in(2) : call.real("value", 0);
  Integers constant(static_cast<std::size_t>(2 * x.dim()), 0);
  Integers sizes = x.sizes().vec();
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t axis = from_front(axes[i], x.dim());
    const std::int64_t before = (*pads)[i];
    const std::int64_t after = (*pads)[i + axes.size()];
    require(std::abs(before) < limits::elements && std::abs(after) < limits::elements,
            "expected pads within the limit of elements");
    sizes[static_cast<std::size_t>(axis)] += before + after;
    check_size(sizes);
    // LibTorch counts pads from the last dimension.
    constant[static_cast<std::size_t>(2 * (x.dim() - 1 - axis))] = before;
    constant[static_cast<std::size_t>(2 * (x.dim() - 1 - axis) + 1)] = after;
    if (mode != "constant")
      x = x.index_select(axis, padded_places(mode, x.size(axis), before, after).to(x.device()));
  }
  require(mode == "constant" || mode == "edge" || mode == "wrap" || mode == "reflect",
          "expected the mode constant, reflect, edge or wrap");
  return {mode == "constant" ? at::constant_pad_nd(x, constant, value) : x};
}

Values constant(const Call& call) {
  if (const Attribute* value = call.find("value")) return {value_of(value->tensor)};
  if (const Attribute* value = call.find("value_float"))
    return {at::scalar_tensor(value->real, at::kFloat)};
  if (const Attribute* value = call.find("value_int"))
    return {at::scalar_tensor(value->integer, at::kLong)};
  if (const auto values = call.reals("value_floats")) return {at::tensor(*values, at::kFloat)};
  if (const auto values = call.integers("value_ints")) return {at::tensor(*values, at::kLong)};
  if (const Attribute* value = call.find("value_string"))
    return {Value(at::scalar_tensor(number_of_text(value->text), at::kLong), ElementType::string)};
  if (const auto values = call.texts("value_strings"))
    return {value_of({ElementType::string, {std::ssize(*values)}, {}, *values})};
  throw Unsupported("Constant of a sparse tensor");
}

Values constant_of_shape(const Call& call) {
  const Integers sizes = call.integers_in(0);
  check_size(sizes);
  const Attribute* attribute = call.find("value");
  if (attribute == nullptr) return {at::zeros(sizes, at::kFloat)};
  const Value value = value_of(attribute->tensor);
  require(value.tensor.numel() == 1, "expected a value of one element");
  return {Value(value.tensor.reshape({}).expand(sizes).contiguous(), value.type)};
}

/// The element type of a conversion; `fallback` for CastLike, which takes it from an input.
Value converted(const Value& from, ElementType to) {
  if (to == ElementType::string) throw Unsupported("Cast to texts");
  Tensor x = from.tensor;
  const bool is_wide =
      to == ElementType::uint16 || to == ElementType::uint32 || to == ElementType::uint64;
  x = wrapped(x.to(scalar_type_of(to)), to);
  return {x, is_wide ? to : element_type(Value(x))};
}

Values cast(const Call& call) {
  const Attribute* to = call.find("to");
  require(to != nullptr, "expected the attribute 'to'");
  if (to->kind == Attribute::Kind::text) throw Unsupported("Cast of operator set 1");
  return {converted(call.value(0), static_cast<ElementType>(to->integer))};
}

Values cast_like(const Call& call) {
  return {converted(call.value(0), element_type(call.value(1)))};
}

Values range(const Call& call) {
  const Tensor& start = call.in(0);
  if (start.is_floating_point()) {
    const double first = call.number_in(0);
    const double step = call.number_in(2);
    const double count = std::max(std::ceil((call.number_in(1) - first) / step), 0.0);
    require(count < static_cast<double>(limits::elements), "expected a range within the limit");
    return {(at::arange(static_cast<std::int64_t>(count), at::kDouble) * step + first)
                .to(start.scalar_type())};
  }
  const std::int64_t first = call.integers_in(0).at(0);
  const std::int64_t last = call.integers_in(1).at(0);
  const std::int64_t step = call.integers_in(2).at(0);
  require(step != 0, "expected a step other than 0");
  const double count =
      std::max(std::ceil(static_cast<double>(last - first) / static_cast<double>(step)), 0.0);
  require(count < static_cast<double>(limits::elements), "expected a range within the limit");
  return {(at::arange(static_cast<std::int64_t>(count), at::kLong) * step + first)
              .to(start.scalar_type())};
}

/// Of blocks that are square: their area is in the range of integers.
constexpr std::int64_t block_max = limits::elements;

// The two rearrangements between channels and space: DCR takes depth, column, row order.
Values depth_to_space(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t block = call.integer("blocksize", 0);
  require(x.dim() == 4 && block > 0 && block <= block_max, "expected [N, C, H, W], a block size");
  const std::int64_t channels = x.size(1) / (block * block);
  if (call.text("mode", "DCR") == "DCR")
    return {x.reshape({x.size(0), block, block, channels, x.size(2), x.size(3)})
                .permute({0, 3, 4, 1, 5, 2})
                .reshape({x.size(0), channels, x.size(2) * block, x.size(3) * block})};
  return {x.reshape({x.size(0), channels, block, block, x.size(2), x.size(3)})
              .permute({0, 1, 4, 2, 5, 3})
              .reshape({x.size(0), channels, x.size(2) * block, x.size(3) * block})};
}

Values space_to_depth(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t block = call.integer("blocksize", 0);
  require(x.dim() == 4 && block > 0 && block <= block_max, "expected [N, C, H, W], a block size");
  const std::int64_t height = x.size(2) / block;
  const std::int64_t width = x.size(3) / block;
  return {x.reshape({x.size(0), x.size(1), height, block, width, block})
              .permute({0, 3, 5, 1, 2, 4})
              .reshape({x.size(0), x.size(1) * block * block, height, width})};
}

Values eye_like(const Call& call) {
  const Tensor& x = call.in(0);
  require(x.dim() == 2, "expected a matrix");
  const Attribute* type = call.find("dtype");
  const ElementType kind =
      type == nullptr ? element_type(call.value(0)) : static_cast<ElementType>(type->integer);
  const std::int64_t k = call.integer("k", 0);
  const Tensor row = at::arange(x.size(0), at::kLong).unsqueeze(1);
  const Tensor column = at::arange(x.size(1), at::kLong).unsqueeze(0);
  return {Value((column - row).eq(k).to(scalar_type_of(kind)), kind)};
}

Values trilu(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t k = call.has(1) ? call.integers_in(1).at(0) : 0;
  const std::int64_t reach = x.size(-1) + x.size(-2);
  const std::int64_t diagonal = std::clamp(k, -reach, reach);
  return {call.flag("upper", true) ? at::triu(x, diagonal) : at::tril(x, diagonal)};
}

Values center_crop_pad(const Call& call) {
  Tensor x = call.in(0);
  const Integers wanted = call.integers_in(1);
  Integers axes(static_cast<std::size_t>(x.dim()));
  std::iota(axes.begin(), axes.end(), 0);
  axes = call.integers("axes").value_or(axes);
  require(axes.size() == wanted.size(), "expected a size for each axis");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t axis = from_front(axes[i], x.dim());
    const std::int64_t size = x.size(axis);
    const std::int64_t extra = wanted[i] - size;
    require(wanted[i] >= 0 && wanted[i] < limits::elements, "expected sizes within the limit");
    if (extra <= 0) {
      x = x.narrow(axis, (-extra) / 2, wanted[i]);
      continue;
    }
    Integers pads(static_cast<std::size_t>(2 * x.dim()), 0);
    pads[static_cast<std::size_t>(2 * (x.dim() - 1 - axis))] = extra / 2;
    pads[static_cast<std::size_t>(2 * (x.dim() - 1 - axis) + 1)] = extra - extra / 2;
    x = at::constant_pad_nd(x, pads, 0);
  }
  return {x};
}

/// Outputs of a graph inside, which are of types of their own and not of those of the inputs.
Values typed(Values outputs) {
  for (Value& output : outputs)
    if (output.tensor.defined()) output.type = element_type(output);
  return outputs;
}

/// If, Loop and Scan: control flow by graphs inside attributes.
Values if_then_else(const Call& call) {
  return typed(call.run_graph(call.number_in(0) != 0 ? "then_branch" : "else_branch", {}));
}

Values loop(const Call& call) {
  const std::int64_t trips = call.has(0) ? call.integers_in(0).at(0) : limits::loop_iterations + 1;
  require(!call.has(0) || trips <= limits::loop_iterations, "expected fewer iterations of a loop");
  bool goes_on = !call.has(1) || call.number_in(1) != 0;
  Values carried(call.values().begin() +
                     std::min<std::ptrdiff_t>(2, static_cast<std::ptrdiff_t>(call.input_count())),
                 call.values().end());
  const std::size_t scans = call.output_count() - std::min(call.output_count(), carried.size());
  std::vector<std::vector<Tensor>> scanned(scans);
  std::vector<ElementType> types(scans);
  for (std::int64_t i = 0; i < trips && goes_on; ++i) {
    require(i < limits::loop_iterations, "expected a loop that ends within the limit");
    Values inputs{at::scalar_tensor(i, at::kLong), at::scalar_tensor(true, at::kBool)};
    inputs.insert(inputs.end(), carried.begin(), carried.end());
    Values outputs = call.run_graph("body", std::move(inputs));
    require(outputs.size() == 1 + carried.size() + scans, "expected the body's outputs to match");
    goes_on = outputs[0].tensor.to(at::kBool).item<bool>();
    for (std::size_t k = 0; k < carried.size(); ++k)
      carried[k] = outputs[1 + k];
    for (std::size_t k = 0; k < scans; ++k) {
      const Value& part = outputs[1 + carried.size() + k];
      require(part.tensor.defined(), "expected the body's outputs to match");
      scanned[k].push_back(part.tensor);
      types[k] = element_type(part);
    }
  }
  for (std::size_t k = 0; k < scans; ++k) {
    if (scanned[k].empty()) throw Unsupported("Loop without iterations that has scan outputs");
    carried.emplace_back(at::stack(scanned[k]), types[k]);
  }
  return typed(std::move(carried));
}

constexpr std::array rows{
    OperatorRow{"Cast", 6, 25, cast, Types::kept},
    OperatorRow{"CastLike", 15, 25, cast_like, Types::kept},
    OperatorRow{"CenterCropPad", 18, 18, center_crop_pad, Types::kept},
    OperatorRow{"Concat", 1, 13, concat, Types::moved},
    OperatorRow{"Constant", 1, 25, constant, Types::kept},
    OperatorRow{"ConstantOfShape", 9, 25, constant_of_shape, Types::kept},
    OperatorRow{"DepthToSpace", 1, 13, depth_to_space, Types::moved},
    OperatorRow{"Expand", 8, 13, expand, Types::moved},
    OperatorRow{"EyeLike", 9, 22, eye_like, Types::kept},
    OperatorRow{"Flatten", 1, 25, flatten, Types::moved},
    OperatorRow{"If", 1, 25, if_then_else, Types::kept},
    OperatorRow{"Loop", 1, 25, loop, Types::kept},
    OperatorRow{"Pad", 1, 25, pad},
    OperatorRow{"Range", 11, 11, range},
    OperatorRow{"Reshape", 1, 25, reshape, Types::moved},
    OperatorRow{"Shape", 1, 25, shape, Types::kept},
    OperatorRow{"Size", 1, 25, size, Types::kept},
    OperatorRow{"Slice", 1, 13, slice, Types::moved},
    OperatorRow{"SpaceToDepth", 1, 13, space_to_depth, Types::moved},
    OperatorRow{"Split", 1, 18, split, Types::moved},
    OperatorRow{"Squeeze", 1, 25, squeeze, Types::moved},
    OperatorRow{"Tile", 1, 13, tile, Types::moved},
    OperatorRow{"Transpose", 1, 25, transpose, Types::moved},
    OperatorRow{"Trilu", 14, 14, trilu},
    OperatorRow{"Unsqueeze", 1, 25, unsqueeze, Types::moved},
};

}  // namespace

std::span<const OperatorRow> shape_operators() {
  return rows;
}

}  // namespace lockstep::ai
