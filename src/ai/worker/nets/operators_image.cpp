// SPDX-License-Identifier: Apache-2.0
// Operators on images: resizing, sampling at given places, boxes of detectors.
//
// Resize is a linear map along each axis: a matrix [out, in] whose rows hold the weights of the
// input elements that an output element is made of. One element for nearest, two for linear, four
// for cubic, more with antialiasing. The matrices are built in float64 and applied axis by axis, so
// that every mode has its gradient.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <numeric>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

/// How one axis is resized.
struct AxisResize {
  std::int64_t in = 1;
  std::int64_t out = 1;
  double scale = 1;
  double length = 1;     ///< output elements: `out`, or the fraction that a scale gives
  bool is_sized = true;  ///< by `out`: places then follow from whole numbers, without rounding
  double roi_start = 0;
  double roi_end = 1;
};

struct ResizeMode {
  std::string mode;         ///< nearest, linear, cubic
  std::string coordinates;  ///< coordinate_transformation_mode
  std::string nearest;      ///< nearest_mode
  double cubic = -0.75;
  bool excludes_outside = false;
  bool antialiases = false;
  double extrapolation = 0;
};

double source_place(const AxisResize& axis, const ResizeMode& mode, double x) {
  const auto in = static_cast<double>(axis.in);
  const double out = axis.length;
  const auto unscaled = [&](double place) {
    return axis.is_sized ? place * in / out : place / axis.scale;
  };
  const std::string& name = mode.coordinates;
  if (name == "asymmetric") return unscaled(x);
  if (name == "half_pixel") return unscaled(x + 0.5) - 0.5;
  if (name == "tf_half_pixel_for_nn") return unscaled(x + 0.5);
  if (name == "pytorch_half_pixel") return axis.out > 1 ? unscaled(x + 0.5) - 0.5 : 0;
  if (name == "align_corners") return out > 1 ? x * (in - 1) / (out - 1) : 0;
  if (name == "half_pixel_symmetric") {
    const double adjustment = static_cast<double>(axis.out) / out;
    return in / 2 * (1 - adjustment) + unscaled(x + 0.5) - 0.5;
  }
  require(name == "tf_crop_and_resize",
          "expected a coordinate_transformation_mode of the standard");
  if (axis.out == 1) return 0.5 * (axis.roi_start + axis.roi_end) * (in - 1);
  return axis.roi_start * (in - 1) + x * (axis.roi_end - axis.roi_start) * (in - 1) / (out - 1);
}

double cubic_weight(double distance, double a) {
  const double d = std::abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((d - 5) * d + 8) * d * a - 4 * a;
  return 0;
}

/// Weights of the elements around a place; the first belongs to `first_offset` from the element
/// left of the place. @param ratio distance to that element, in (0, 1]
struct Taps {
  std::int64_t first_offset = 0;
  std::vector<double> weights;
};

Taps taps_of(const AxisResize& axis, const ResizeMode& mode, double ratio) {
  if (mode.mode == "nearest") {
    bool takes_right = false;
    if (mode.nearest == "round_prefer_floor") takes_right = ratio > 0.5;
    if (mode.nearest == "round_prefer_ceil") takes_right = ratio >= 0.5;
    if (mode.nearest == "floor") takes_right = ratio == 1;
    if (mode.nearest == "ceil") takes_right = true;
    return {0, {takes_right ? 0.0 : 1.0, takes_right ? 1.0 : 0.0}};
  }
  const bool is_cubic = mode.mode == "cubic";
  require(is_cubic || mode.mode == "linear", "expected the mode nearest, linear or cubic");
  const double shrink = mode.antialiases ? std::min(axis.scale, 1.0) : 1.0;
  const auto reach = static_cast<std::int64_t>(std::floor(-(is_cubic ? 2 : 1) / shrink) + 1);
  Taps taps{reach, {}};
  double sum = 0;
  for (std::int64_t i = reach; i <= 1 - reach; ++i) {
    const double distance = (static_cast<double>(i) - ratio) * shrink;
    const double weight = is_cubic ? cubic_weight(distance, mode.cubic)
                                   : std::clamp(1 - std::abs(distance), 0.0, 1.0);
    taps.weights.push_back(weight);
    sum += weight;
  }
  for (double& weight : taps.weights)
    weight /= sum;
  return taps;
}

/// The matrix [out, in], and which outputs lie outside the input: [out] bool.
std::pair<Tensor, Tensor> resize_matrix(const AxisResize& axis, const ResizeMode& mode) {
  Tensor matrix = at::zeros({axis.out, axis.in}, at::kDouble);
  Tensor outside = at::zeros({axis.out}, at::kBool);
  auto weights = matrix.accessor<double, 2>();
  for (std::int64_t i = 0; i < axis.out; ++i) {
    const double place = source_place(axis, mode, static_cast<double>(i));
    outside[i] = place < 0 || place > static_cast<double>(axis.in - 1);
    const double left = std::ceil(place) - 1;
    Taps taps = taps_of(axis, mode, place - left);
    double sum = 0;
    const auto base = static_cast<std::int64_t>(left) + taps.first_offset;
    for (std::size_t k = 0; k < taps.weights.size(); ++k) {
      const std::int64_t from = base + static_cast<std::int64_t>(k);
      const bool is_inside = from >= 0 && from < axis.in;
      if (mode.excludes_outside && !is_inside) continue;
      weights[i][std::clamp<std::int64_t>(from, 0, axis.in - 1)] += taps.weights[k];
      sum += taps.weights[k];
    }
    if (mode.excludes_outside && sum != 0)
      for (std::int64_t k = 0; k < axis.in; ++k)
        weights[i][k] /= sum;
  }
  return {matrix, outside};
}

Tensor resized(Tensor x, const std::vector<AxisResize>& axes, const ResizeMode& mode) {
  const at::ScalarType type = x.scalar_type();
  if (!x.is_floating_point()) x = x.to(at::kDouble);
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    const AxisResize& axis = axes[static_cast<std::size_t>(d)];
    const bool is_same =
        axis.in == axis.out && axis.scale == 1 && mode.coordinates != "tf_crop_and_resize";
    if (is_same) continue;
    require(axis.out >= 0 && axis.in > 0 && axis.out * axis.in < limits::elements,
            "expected a size within the limit");
    const auto [matrix, outside] = resize_matrix(axis, mode);
    x = at::matmul(x.transpose(d, -1), matrix.to(x.device(), x.scalar_type()).t());
    if (mode.coordinates == "tf_crop_and_resize")
      x = at::where(outside.to(x.device()),
                    at::full({}, mode.extrapolation, x.options().requires_grad(false)), x);
    x = x.transpose(d, -1);
  }
  return (type == x.scalar_type() ? x : at::round(x).to(type)).contiguous();
}

std::vector<double> numbers_in(const Call& call, std::size_t i) {
  const Tensor flat = call.in(i).to(at::kCPU, at::kDouble).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

/// Sizes that keep the proportions of the axes.
void keep_aspect(std::vector<AxisResize>& axes, const Integers& chosen, const std::string& policy) {
  double scale = axes[static_cast<std::size_t>(chosen.front())].scale;
  for (const std::int64_t axis : chosen) {
    const double own = axes[static_cast<std::size_t>(axis)].scale;
    scale = policy == "not_larger" ? std::min(scale, own) : std::max(scale, own);
  }
  for (const std::int64_t axis : chosen) {
    AxisResize& each = axes[static_cast<std::size_t>(axis)];
    if (each.scale == scale) continue;
    each.scale = scale;
    each.length = scale * static_cast<double>(each.in);
    each.is_sized = false;
    require(each.length < static_cast<double>(limits::elements), "expected sizes within the limit");
    each.out = static_cast<std::int64_t>(std::floor(each.length + 0.5));
  }
}

/// Resizes an axis by a scale. Scales are float32, and so is the product: 3 * 1.6666666 is 5.
void set_scale(AxisResize& axis, double scale) {
  axis.scale = scale;
  axis.is_sized = false;
  axis.length = static_cast<double>(static_cast<float>(axis.in) * static_cast<float>(scale));
  require(scale > 0 && axis.length < static_cast<double>(limits::elements),
          "expected scales above 0, within the limit");
  axis.out = static_cast<std::int64_t>(std::floor(axis.length));
}

void set_size(AxisResize& axis, std::int64_t size) {
  require(axis.in > 0 && size > 0 && size < limits::elements,
          "expected sizes above 0, within the limit");
  axis.scale = static_cast<double>(size) / static_cast<double>(axis.in);
  axis.length = static_cast<double>(size);
  axis.out = size;
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

Values resize(const Call& call) {
  const Tensor& x = call.in(0);
  const bool is_first = call.opset() < 11;
  ResizeMode mode{
      call.text("mode", "nearest"),
      call.text("coordinate_transformation_mode", is_first ? "asymmetric" : "half_pixel"),
      call.text("nearest_mode", is_first ? "floor" : "round_prefer_floor"),
      call.real("cubic_coeff_a", -0.75),
      call.flag("exclude_outside"),
      call.flag("antialias"),
      call.real("extrapolation_value", 0)};
  Integers chosen(static_cast<std::size_t>(x.dim()));
  std::iota(chosen.begin(), chosen.end(), 0);
  chosen = call.integers("axes").value_or(chosen);
  for (std::int64_t& axis : chosen)
    axis = from_front(axis, x.dim());
  std::vector<AxisResize> axes;
  for (std::int64_t d = 0; d < x.dim(); ++d)
    axes.push_back({x.size(d), x.size(d)});
  const std::size_t scales_at = is_first ? 1 : 2;
  const std::vector<double> scales = call.has(scales_at) && call.in(scales_at).numel() > 0
                                         ? numbers_in(call, scales_at)
                                         : std::vector<double>{};
  const Integers sizes = !is_first && call.has(3) ? call.integers_in(3) : Integers{};
  require(!chosen.empty() && (scales.empty() ? sizes.size() : scales.size()) == chosen.size(),
          "expected a scale or a size for each axis");
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    AxisResize& axis = axes[static_cast<std::size_t>(chosen[i])];
    if (scales.empty())
      set_size(axis, sizes[i]);
    else
      set_scale(axis, scales[i]);
  }
  const std::string policy = call.text("keep_aspect_ratio_policy", "stretch");
  require(is_one_of(policy, {"stretch", "not_larger", "not_smaller"}),
          "expected keep_aspect_ratio_policy stretch, not_larger or not_smaller");
  require(is_one_of(mode.nearest, {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"}),
          "expected a nearest_mode of the standard");
  if (policy != "stretch" && scales.empty()) keep_aspect(axes, chosen, policy);
  if (mode.coordinates == "tf_crop_and_resize") {
    const std::vector<double> roi = numbers_in(call, 1);
    require(roi.size() == 2 * chosen.size(), "expected a start and an end for each axis");
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      axes[static_cast<std::size_t>(chosen[i])].roi_start = roi[i];
      axes[static_cast<std::size_t>(chosen[i])].roi_end = roi[i + chosen.size()];
    }
  }
  return {resized(x, axes, mode)};
}

Values upsample(const Call& call) {
  const Tensor& x = call.in(0);
  std::vector<double> scales;
  if (call.has(1)) scales = numbers_in(call, 1);
  if (const auto given = call.reals("scales")) scales.assign(given->begin(), given->end());
  if (call.opset() < 7 && scales.empty())
    scales = {1, 1, call.real("height_scale", 1), call.real("width_scale", 1)};
  require(static_cast<std::int64_t>(scales.size()) == x.dim(), "expected a scale for each axis");
  std::string kind = call.text("mode", "nearest");
  if (kind == "bilinear") kind = "linear";
  const ResizeMode mode{kind, "asymmetric", "floor", -0.75, false, false, 0};
  std::vector<AxisResize> axes;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    axes.push_back({x.size(d), x.size(d)});
    set_scale(axes.back(), scales[static_cast<std::size_t>(d)]);
  }
  return {resized(x, axes, mode)};
}

/// Places rounded, half to even, to the middle of an element. In volumes LibTorch rounds halves
/// away from zero, which the standard does not.
Tensor rounded_places(const Tensor& grid, const Tensor& x, bool align_corners) {
  std::vector<Tensor> axes;
  for (std::int64_t d = 0; d < grid.size(-1); ++d) {
    const auto size = static_cast<double>(x.size(x.dim() - 1 - d));
    const Tensor place = grid.select(-1, d);
    if (align_corners && size > 1)
      axes.push_back(at::round((place + 1) / 2 * (size - 1)) * 2 / (size - 1) - 1);
    else
      axes.push_back((at::round(((place + 1) * size - 1) / 2) * 2 + 1) / size - 1);
  }
  return at::stack(axes, -1);
}

Values grid_sample(const Call& call) {
  const std::string mode = call.text("mode", "linear");
  const std::string padding = call.text("padding_mode", "zeros");
  require(is_one_of(mode, {"linear", "bilinear", "nearest", "cubic", "bicubic"}),
          "expected the mode linear, nearest or cubic");
  require(is_one_of(padding, {"zeros", "border", "reflection"}),
          "expected the padding_mode zeros, border or reflection");
  const std::int64_t interpolation = mode == "nearest"                      ? 1
                                     : mode == "cubic" || mode == "bicubic" ? 2
                                                                            : 0;
  const std::int64_t outside = padding == "border" ? 1 : padding == "reflection" ? 2 : 0;
  if (interpolation == 2 && call.in(0).dim() != 4)
    throw Unsupported("GridSample, cubic, in other than 2 dimensions");
  const bool aligns = call.flag("align_corners");
  const bool is_rounded = interpolation == 1 && call.in(0).dim() == 5 && outside != 2;
  const Tensor grid = is_rounded ? rounded_places(call.in(1), call.in(0), aligns) : call.in(1);
  return {at::grid_sampler(call.in(0), grid, interpolation, outside, aligns)};
}

Values affine_grid(const Call& call) {
  return {at::affine_grid_generator(call.in(0), call.integers_in(1), call.flag("align_corners"))};
}

/// The weights [places, size] of the elements before and behind fractional places of an axis: their
/// sum reads it there. 0 for places off the axis.
std::array<Tensor, 2> reading_matrices(const std::vector<double>& places,
                                       std::int64_t size,
                                       at::ScalarType type) {
  std::array<Tensor, 2> matrices;
  for (Tensor& matrix : matrices)
    matrix = at::zeros({static_cast<std::int64_t>(places.size()), size}, at::kDouble);
  auto before = matrices[0].accessor<double, 2>();
  auto behind = matrices[1].accessor<double, 2>();
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] < -1 || places[i] > static_cast<double>(size)) continue;
    const double place = std::clamp(places[i], 0.0, static_cast<double>(size - 1));
    const auto low = static_cast<std::int64_t>(place);
    const std::int64_t high = std::min(low + 1, size - 1);
    const double ratio = place - static_cast<double>(low);
    before[static_cast<std::int64_t>(i)][low] = 1 - ratio;
    behind[static_cast<std::int64_t>(i)][high] = ratio;
  }
  return {matrices[0].to(type), matrices[1].to(type)};
}

/// An image [channels, height, width] read at the places of both axes: interpolated, or the largest
/// of the four weighted elements around each place.
Tensor read_at(const Tensor& image,
               const std::array<Tensor, 2>& down,
               const std::array<Tensor, 2>& across,
               bool is_max) {
  if (!is_max) return at::matmul(at::matmul(down[0] + down[1], image), (across[0] + across[1]).t());
  std::vector<Tensor> corners;
  for (const Tensor& rows : down)
    for (const Tensor& columns : across)
      corners.push_back(at::matmul(at::matmul(rows, image), columns.t()));
  return at::stack(corners).amax({0});
}

std::vector<double> roi_places(double start, double end, std::int64_t bins, std::int64_t samples) {
  std::vector<double> places;
  const double bin = (end - start) / static_cast<double>(bins);
  for (std::int64_t b = 0; b < bins; ++b)
    for (std::int64_t s = 0; s < samples; ++s)
      places.push_back(start + static_cast<double>(b) * bin +
                       (static_cast<double>(s) + 0.5) * bin / static_cast<double>(samples));
  return places;
}

Values roi_align(const Call& call) {
  const Tensor& x = call.in(0);
  const Tensor boxes = call.in(1).to(at::kDouble).contiguous();
  const Integers images = call.integers_in(2);
  const bool is_max = call.text("mode", "avg") == "max";
  const std::int64_t height = call.integer("output_height", 1);
  const std::int64_t width = call.integer("output_width", 1);
  const std::int64_t ratio = call.integer("sampling_ratio", 0);
  const double scale = call.real("spatial_scale", 1);
  const std::string coordinates = call.text("coordinate_transformation_mode",
                                            call.opset() < 16 ? "output_half_pixel" : "half_pixel");
  const double shift = coordinates == "half_pixel" ? 0.5 : 0;
  require(x.dim() == 4 && boxes.dim() == 2 && boxes.size(1) == 4 &&
              static_cast<std::int64_t>(images.size()) == boxes.size(0) && height > 0 && width > 0,
          "expected an image, boxes [count, 4] and the image of each box");
  const auto corner = boxes.accessor<double, 2>();
  std::vector<Tensor> parts;
  for (std::int64_t i = 0; i < boxes.size(0); ++i) {
    const std::int64_t image = images[static_cast<std::size_t>(i)];
    require(image >= 0 && image < x.size(0), "expected boxes of images that are there");
    std::array<double, 4> box{};
    for (std::int64_t k = 0; k < 4; ++k)
      box[static_cast<std::size_t>(k)] = corner[i][k] * scale - shift;
    if (shift == 0) {  // before half_pixel, a box is at least one element wide
      box[2] = std::max(box[2], box[0] + 1);
      box[3] = std::max(box[3], box[1] + 1);
    }
    const auto samples = [&](double from, double to, std::int64_t bins) {
      const double each = std::ceil((to - from) / static_cast<double>(bins));
      return ratio > 0 ? ratio : std::clamp<std::int64_t>(static_cast<std::int64_t>(each), 1, 4096);
    };
    const std::int64_t rows = samples(box[1], box[3], height);
    const std::int64_t columns = samples(box[0], box[2], width);
    const Tensor read = read_at(
        x.select(0, image),
        reading_matrices(roi_places(box[1], box[3], height, rows), x.size(2), x.scalar_type()),
        reading_matrices(roi_places(box[0], box[2], width, columns), x.size(3), x.scalar_type()),
        is_max);
    const Tensor bins = read.reshape({x.size(1), height, rows, width, columns});
    parts.push_back(is_max ? bins.amax(at::IntArrayRef({2, 4}))
                           : bins.mean(at::IntArrayRef({2, 4})));
  }
  if (parts.empty()) return {at::zeros({0, x.size(1), height, width}, x.options())};
  return {at::stack(parts)};
}

/// Area of the overlap of two boxes over the area of both together.
double overlap(const std::array<double, 4>& a, const std::array<double, 4>& b) {
  const double height = std::max(std::min(a[2], b[2]) - std::max(a[0], b[0]), 0.0);
  const double width = std::max(std::min(a[3], b[3]) - std::max(a[1], b[1]), 0.0);
  const double both =
      (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - height * width;
  return both <= 0 ? 0 : height * width / both;
}

std::array<double, 4> box_corners(at::TensorAccessor<double, 1> box, bool is_centre) {
  if (is_centre)
    return {box[1] - box[3] / 2, box[0] - box[2] / 2, box[1] + box[3] / 2, box[0] + box[2] / 2};
  return {std::min(box[0], box[2]), std::min(box[1], box[3]), std::max(box[0], box[2]),
          std::max(box[1], box[3])};
}

Values non_max_suppression(const Call& call) {
  const Tensor boxes = call.in(0).to(at::kDouble).contiguous();
  const Tensor scores = call.in(1).to(at::kDouble).contiguous();
  require(boxes.dim() == 3 && scores.dim() == 3 && boxes.size(2) == 4 &&
              boxes.size(0) == scores.size(0) && boxes.size(1) == scores.size(2),
          "expected boxes [batch, count, 4] and scores [batch, classes, count]");
  const std::int64_t most = call.has(2) ? call.integers_in(2).at(0) : 0;
  const double overlap_max = call.has(3) ? call.number_in(3) : 0;
  const bool has_floor = call.has(4);
  const double floor = has_floor ? call.number_in(4) : 0;
  const bool is_centre = call.flag("center_point_box");
  const auto corner = boxes.accessor<double, 3>();
  const auto score = scores.accessor<double, 3>();
  Integers picked;
  for (std::int64_t n = 0; n < scores.size(0); ++n) {
    for (std::int64_t c = 0; c < scores.size(1); ++c) {
      Integers order(static_cast<std::size_t>(scores.size(2)));
      std::iota(order.begin(), order.end(), 0);
      std::ranges::stable_sort(
          order, [&](std::int64_t a, std::int64_t b) { return score[n][c][a] > score[n][c][b]; });
      std::vector<std::array<double, 4>> kept;
      for (const std::int64_t i : order) {
        if (static_cast<std::int64_t>(kept.size()) >= most) break;
        if (has_floor && score[n][c][i] <= floor) break;
        const std::array<double, 4> box = box_corners(corner[n][i], is_centre);
        if (std::ranges::any_of(
                kept, [&](const auto& other) { return overlap(box, other) > overlap_max; }))
          continue;
        kept.push_back(box);
        picked.insert(picked.end(), {n, c, i});
      }
    }
  }
  return {Value(at::tensor(picked, at::kLong).reshape({-1, 3}), ElementType::int64)};
}

constexpr std::array rows{
    OperatorRow{"AffineGrid", 20, 20, affine_grid},
    OperatorRow{"GridSample", 16, 22, grid_sample},
    OperatorRow{"NonMaxSuppression", 10, 11, non_max_suppression},
    OperatorRow{"Resize", 10, 19, resize},
    OperatorRow{"RoiAlign", 10, 22, roi_align},
    OperatorRow{"Upsample", 1, 10, upsample},
};

}  // namespace

std::span<const OperatorRow> image_operators() {
  return rows;
}

}  // namespace lockstep::ai
