// SPDX-License-Identifier: Apache-2.0
// The family of changes that are the same for all samples. A change lays itself over samples and
// moves along gradients; it asks no net and judges nothing: measure.cpp does.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ai/worker/data/fit.hpp"
#include "ai/worker/data/picture_layout.hpp"
#include "domain/universal.hpp"

namespace lockstep::ai {

/// Which laying of the change over a sample is meant: the same ones are the same wherever they are
/// made. A perturbation has but one.
struct Laying {
  std::uint32_t sample = 0;  ///< index in the data set
  std::uint32_t draw = 0;
};

class SharedChange {
 public:
  SharedChange() = default;
  SharedChange(const SharedChange&) = delete;
  SharedChange& operator=(const SharedChange&) = delete;
  virtual ~SharedChange() = default;

  virtual std::string_view source() const = 0;

  /// Of a perturbation its norm, of a patch its side in pixels.
  virtual double size() const = 0;

  /// Takes random values of the same size: of what it becomes by chance.
  virtual void randomise() = 0;

  /// The sample with the change. @param x, to [features], not the same
  virtual void lay(std::span<const float> x, const Laying& laying, std::span<float> to) const = 0;

  /// Adds the gradient by the changed sample to that by the change.
  virtual void gather(std::span<const float> x,
                      const Laying& laying,
                      std::span<const float> gradient) = 0;

  /// One step uphill along what was gathered. @param progress in [0, 1): how far the steps are
  virtual void climb(double progress) = 0;

  /// Of the values: of a perturbation that of a sample, of a patch [channels, side, side].
  virtual std::vector<std::int64_t> shape() const = 0;

  const std::vector<float>& values() const { return values_; }

  void restore(std::vector<float> values) { values_ = std::move(values); }

 protected:
  std::vector<float> values_;
};

/// @param sample its shape; @pre norm is linf or l2
std::unique_ptr<SharedChange> make_perturbation(const UniversalChange& change,
                                                std::vector<std::int64_t> sample,
                                                const ValueRange& range,
                                                std::uint64_t seed);

/// @param side in pixels, at most the sides of the picture
std::unique_ptr<SharedChange> make_patch(std::int64_t side,
                                         const PictureLayout& layout,
                                         const ValueRange& range,
                                         std::uint64_t seed);

}  // namespace lockstep::ai
