// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/corruption/image.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lockstep::ai {
namespace {

void normalise(std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights)
    sum += weight;
  for (double& weight : weights)
    weight /= sum;
}

/// 2 * radius + 1 weights of a Gaussian.
std::vector<double> gaussian(double sigma, std::int64_t radius) {
  std::vector<double> weights;
  for (std::int64_t i = -radius; i <= radius; ++i)
    weights.push_back(std::exp(-0.5 * static_cast<double>(i * i) / (sigma * sigma)));
  normalise(weights);
  return weights;
}

Kernel row_of(std::vector<double> weights) {
  return {1, std::ssize(weights), std::move(weights)};
}

Kernel column_of(std::vector<double> weights) {
  return {std::ssize(weights), 1, std::move(weights)};
}

/// For each of `to` pixels: the pixels of `from` that it covers, from first up to behind.
struct Covered {
  std::int64_t first = 0;
  std::int64_t behind = 0;
};

std::vector<Covered> covered(std::int64_t from, std::int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double reach = 0.5 * std::max(scale, 1.0);
  std::vector<Covered> all;
  for (std::int64_t i = 0; i < to; ++i) {
    const double middle = (static_cast<double>(i) + 0.5) * scale;
    const auto first = static_cast<std::int64_t>(std::max(middle - reach + 0.5, 0.0));
    const auto behind = std::min(static_cast<std::int64_t>(middle + reach + 0.5), from);
    all.push_back({std::min(first, from - 1), std::max(behind, std::min(first, from - 1) + 1)});
  }
  return all;
}

}  // namespace

Image::Image(std::int64_t c, std::int64_t h, std::int64_t w)
    : channels(c), height(h), width(w), pixels(static_cast<std::size_t>(c * h * w)) {}

float* Image::plane(std::int64_t channel) {
  return pixels.data() + channel * height * width;
}

const float* Image::plane(std::int64_t channel) const {
  return pixels.data() + channel * height * width;
}

std::int64_t inside(std::int64_t place, std::int64_t size, Border border) {
  if (border == Border::nearest || size == 1) return std::clamp<std::int64_t>(place, 0, size - 1);
  const std::int64_t period = border == Border::mirrored ? 2 * size : 2 * size - 2;
  place = ((place % period) + period) % period;
  if (place < size) return place;
  return border == Border::mirrored ? period - 1 - place : period - place;
}

Kernel disk(double radius, double softness) {
  const auto reach = radius <= 8 ? std::int64_t{8} : static_cast<std::int64_t>(std::floor(radius));
  const std::int64_t side = 2 * reach + 1;
  Image spot(1, side, side);
  for (std::int64_t y = -reach; y <= reach; ++y)
    for (std::int64_t x = -reach; x <= reach; ++x)
      spot.at(0, y + reach, x + reach) =
          static_cast<double>(x * x + y * y) <= radius * radius ? 1.0F : 0.0F;
  const std::vector<double> soft = gaussian(softness, radius <= 8 ? 1 : 2);
  spot = filtered(spot, row_of(soft), Border::reflected);
  spot = filtered(spot, column_of(soft), Border::reflected);
  Kernel kernel{side, side, {spot.pixels.begin(), spot.pixels.end()}};
  normalise(kernel.weights);
  return kernel;
}

Image filtered(const Image& image, const Kernel& kernel, Border border) {
  Image out(image.channels, image.height, image.width);
  std::vector<std::int64_t> columns;
  for (std::int64_t x = -kernel.columns / 2; x < image.width + kernel.columns / 2; ++x)
    columns.push_back(inside(x, image.width, border));
  for (std::int64_t c = 0; c < image.channels; ++c)
    for (std::int64_t y = 0; y < image.height; ++y) {
      std::vector<double> sums(static_cast<std::size_t>(image.width));
      for (std::int64_t i = 0; i < kernel.rows; ++i) {
        const float* row =
            image.plane(c) + inside(y + i - kernel.rows / 2, image.height, border) * image.width;
        for (std::int64_t k = 0; k < kernel.columns; ++k) {
          const double weight = kernel.weights[static_cast<std::size_t>(i * kernel.columns + k)];
          if (weight == 0) continue;
          for (std::int64_t x = 0; x < image.width; ++x)
            sums[static_cast<std::size_t>(x)] +=
                weight * static_cast<double>(row[columns[static_cast<std::size_t>(x + k)]]);
        }
      }
      for (std::int64_t x = 0; x < image.width; ++x)
        out.at(c, y, x) = static_cast<float>(sums[static_cast<std::size_t>(x)]);
    }
  return out;
}

Image blurred(const Image& image, double sigma, double truncate, Border border) {
  const auto radius = static_cast<std::int64_t>(truncate * sigma + 0.5);
  if (radius == 0) return image;
  const std::vector<double> weights = gaussian(sigma, radius);
  return filtered(filtered(image, column_of(weights), border), row_of(weights), border);
}

Image moved(const Image& image, std::int64_t radius, double sigma, double angle) {
  std::vector<double> weights;
  for (std::int64_t i = 0; i <= 2 * radius; ++i)
    weights.push_back(std::exp(-0.5 * static_cast<double>(i * i) / (sigma * sigma)));
  normalise(weights);
  const double across = std::cos(angle * std::numbers::pi / 180);
  const double down = std::sin(angle * std::numbers::pi / 180);
  Image out(image.channels, image.height, image.width);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto dx = static_cast<std::int64_t>(std::ceil(static_cast<double>(i) * across - 0.5));
    const auto dy = static_cast<std::int64_t>(std::ceil(static_cast<double>(i) * down - 0.5));
    for (std::int64_t c = 0; c < image.channels; ++c)
      for (std::int64_t y = 0; y < image.height; ++y)
        for (std::int64_t x = 0; x < image.width; ++x)
          out.at(c, y, x) += static_cast<float>(weights[i]) *
                             image.at(c, inside(y + dy, image.height, Border::nearest),
                                      inside(x + dx, image.width, Border::nearest));
  }
  return out;
}

double read_at(const Image& image, std::int64_t channel, double y, double x, Border border) {
  const double top = std::floor(y);
  const double left = std::floor(x);
  double sum = 0;
  for (const std::int64_t i : {0, 1})
    for (const std::int64_t k : {0, 1}) {
      const double weight =
          (i == 0 ? 1 - (y - top) : y - top) * (k == 0 ? 1 - (x - left) : x - left);
      if (weight == 0) continue;
      sum += weight * static_cast<double>(image.at(
                          channel, inside(static_cast<std::int64_t>(top) + i, image.height, border),
                          inside(static_cast<std::int64_t>(left) + k, image.width, border)));
    }
  return sum;
}

Image zoomed(const Image& image, double factor) {
  struct Axis {
    double start;  ///< where the first pixel is read
    double step;
  };

  const auto axis = [factor](std::int64_t size) {
    const auto crop = static_cast<std::int64_t>(std::ceil(static_cast<double>(size) / factor));
    const auto large =
        static_cast<std::int64_t>(std::nearbyint(static_cast<double>(crop) * factor));
    const double step =
        large > 1 ? static_cast<double>(crop - 1) / static_cast<double>(large - 1) : 0;
    const std::int64_t trim = (large - size) / 2;
    return Axis{static_cast<double>((size - crop) / 2) + static_cast<double>(trim) * step, step};
  };
  const Axis down = axis(image.height);
  const Axis across = axis(image.width);
  Image out(image.channels, image.height, image.width);
  for (std::int64_t c = 0; c < image.channels; ++c)
    for (std::int64_t y = 0; y < image.height; ++y)
      for (std::int64_t x = 0; x < image.width; ++x)
        out.at(c, y, x) = static_cast<float>(
            read_at(image, c, down.start + static_cast<double>(y) * down.step,
                    across.start + static_cast<double>(x) * across.step, Border::nearest));
  return out;
}

Image boxed(const Image& image, std::int64_t height, std::int64_t width) {
  const std::vector<Covered> rows = covered(image.height, height);
  const std::vector<Covered> columns = covered(image.width, width);
  Image out(image.channels, height, width);
  for (std::int64_t c = 0; c < image.channels; ++c)
    for (std::int64_t y = 0; y < height; ++y)
      for (std::int64_t x = 0; x < width; ++x) {
        const Covered& down = rows[static_cast<std::size_t>(y)];
        const Covered& across = columns[static_cast<std::size_t>(x)];
        double sum = 0;
        for (std::int64_t i = down.first; i < down.behind; ++i)
          for (std::int64_t k = across.first; k < across.behind; ++k)
            sum += static_cast<double>(image.at(c, i, k));
        out.at(c, y, x) = static_cast<float>(
            sum / static_cast<double>((down.behind - down.first) * (across.behind - across.first)));
      }
  return out;
}

Image clipped(Image image) {
  for (float& value : image.pixels)
    value = std::clamp(value, 0.0F, 1.0F);
  return image;
}

Image in_bytes(Image image) {
  for (float& value : image.pixels)
    value = std::floor(std::clamp(value, 0.0F, 1.0F) * 255.0F + 1e-3F) / 255.0F;
  return image;
}

}  // namespace lockstep::ai
