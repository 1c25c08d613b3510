// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/samples.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/isfinite.h>
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/value.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

tl::unexpected<Error> bad(const std::string& file, std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message), {file, 0, 0});
}

Result<const Array*> one_of(std::span<const NamedArray> arrays,
                            std::array<std::string_view, 2> names,
                            const std::string& file) {
  const Array* first = find_array(arrays, names[0]);
  const Array* second = find_array(arrays, names[1]);
  if (first != nullptr && second != nullptr)
    return bad(file, "ai.data",
               fmt::format("expected one array, '{}' or '{}', found both", names[0], names[1]));
  if (first != nullptr || second != nullptr) return first != nullptr ? first : second;
  std::string found;
  for (const NamedArray& named : arrays)
    found += (found.empty() ? "" : ", ") + quotable(named.name);
  found = quotable(found, 200);
  return bad(file, "ai.data",
             fmt::format("expected an array '{}' or '{}', found: {}", names[0], names[1],
                         found.empty() ? "no arrays" : found));
}

bool fits(const std::vector<std::int64_t>& sizes, const std::vector<std::int64_t>& wanted) {
  if (sizes.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (wanted[i] >= 0 && wanted[i] != sizes[i]) return false;
  return true;
}

std::vector<std::int64_t> without_ones(std::vector<std::int64_t> sizes) {
  std::erase(sizes, 1);
  return sizes;
}

/// x made to fit [samples, shape...], or nothing that fits.
Result<at::Tensor> fitted(const at::Tensor& x,
                          const std::vector<std::int64_t>& shape,
                          const std::string& file) {
  const std::vector<std::int64_t> sizes = x.sizes().slice(1).vec();
  if (fits(sizes, shape)) return x;
  std::vector<std::int64_t> target{x.size(0)};
  target.insert(target.end(), shape.begin(), shape.end());
  const bool is_known = std::ranges::none_of(shape, [](std::int64_t size) { return size < 0; });
  // [height, width, channels] for a model that takes [channels, height, width].
  if (sizes.size() == 3 && shape.size() == 3 && sizes.back() <= 4 &&
      fits({sizes[2], sizes[0], sizes[1]}, shape) && sizes[2] > 1)
    return x.permute({0, 3, 1, 2}).contiguous();
  std::int64_t elements = 1;
  for (const std::int64_t size : shape)
    elements *= size;
  const bool is_flat = shape.size() == 1 && x.numel() == x.size(0) * elements;
  if (is_known && (is_flat || without_ones(sizes) == without_ones(shape))) return x.reshape(target);
  return bad(file, "ai.shape",
             fmt::format("expected samples of shape {}, as the model's input has, found {}",
                         shape_text(shape), shape_text(sizes)));
}

Result<at::Tensor> inputs_of(const Array& array,
                             std::int64_t count,
                             bool float64,
                             const std::string& file) {
  const bool is_bytes = array.type == ElementType::uint8;
  if (!is_bytes && array.type != ElementType::float32 && array.type != ElementType::float64)
    return bad(file, "ai.data",
               fmt::format("expected images of uint8 (0 to 255) or float32 (0 to 1), found {}",
                           name_of(array.type)));
  at::Tensor x = value_of(array).tensor.narrow(0, 0, count).to(float64 ? at::kDouble : at::kFloat);
  if (is_bytes) x = x / 255;
  if (!x.isfinite().all().item<bool>())
    return bad(file, "ai.data", "expected numbers in the samples, found NaN or infinite elements");
  if (x.numel() > 0 && x.abs().max().item<double>() > limits::magnitude)
    return bad(file, "ai.data",
               fmt::format("expected samples between -{0:g} and {0:g}, found {1:g} to {2:g}",
                           limits::magnitude, x.min().item<double>(), x.max().item<double>()));
  return x;
}

/// Class numbers as int64: whole numbers of any numeric type.
Result<at::Tensor> classes_of(const Array& array, std::int64_t count, const std::string& file) {
  if (array.type == ElementType::string)
    return bad(file, "ai.data",
               "expected a class number as each label, found texts; number the classes from 0 in "
               "the order of the model's scores");
  if (count_not_finite(array) > 0)
    return bad(file, "ai.data",
               "expected a class number as each label, found NaN or infinite elements");
  const at::Tensor labels = value_of(array).tensor.narrow(0, 0, count);
  const at::Tensor classes = labels.to(at::kLong).contiguous();
  if (!labels.is_floating_point()) return classes;
  const at::Tensor fractions = classes.to(labels.scalar_type()).ne(labels).nonzero();
  if (fractions.size(0) == 0) return classes;
  const auto place = fractions[0][0].item<std::int64_t>();
  return bad(file, "ai.data",
             fmt::format("expected a class number as each label, found {} for sample {}",
                         labels[place].item<double>(), place));
}

}  // namespace

Result<Samples> samples_of(std::span<const NamedArray> arrays,
                           const std::vector<std::int64_t>& shape,
                           std::int64_t wanted,
                           bool float64,
                           const std::string& file) {
  TRY(const Array* images, one_of(arrays, {"images", "x"}, file));
  TRY(const Array* labels, one_of(arrays, {"labels", "y"}, file));
  const bool has_samples = !images->shape.empty() && images->shape.front() > 0;
  if (!has_samples || images->shape.size() < 2 || images->elements() == 0)
    return bad(file, "ai.shape",
               fmt::format("expected samples [count, ...], found an array of shape {}",
                           shape_text(images->shape)));
  const std::int64_t available = images->shape.front();
  if (labels->shape != std::vector<std::int64_t>{available})
    return bad(file, "ai.shape",
               fmt::format("expected {} labels, one for each sample, found an array of shape {}",
                           available, shape_text(labels->shape)));
  const std::int64_t count = std::min(available, wanted);
  TRY(const at::Tensor x, inputs_of(*images, count, float64, file));
  Samples samples;
  TRY(samples.x, fitted(x, shape, file));
  TRY(samples.y, classes_of(*labels, count, file));
  samples.file = file;
  return samples;
}

}  // namespace lockstep::ai
