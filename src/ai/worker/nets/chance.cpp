// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/chance.hpp"

#include <ATen/ops/empty.h>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

/// Far apart, so that nodes of one net and streams of different names do not meet.
constexpr std::uint32_t between_nodes = 0x9E37'79B9U;

}  // namespace

at::Tensor Chance::draw(std::span<const std::int64_t> shape, double (Random::*number)()) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    require(size >= 0 && (size == 0 || count <= limits::elements / size),
            "expected random numbers within the limit");
    count *= size;
  }
  const auto rows = static_cast<std::int64_t>(rows_.size());
  require(rows == 1 || (!shape.empty() && shape.front() % rows == 0),
          "expected random numbers for each sample");
  const at::Tensor numbers = at::empty(at::IntArrayRef(shape.data(), shape.size()), at::kDouble);
  auto* next = numbers.data_ptr<double>();
  for (RandomKey key : rows_) {
    key.stream += nodes_ * between_nodes;
    Random random(key);
    for (std::int64_t i = 0; i < count / rows; ++i)
      *next++ = (random.*number)();
  }
  ++nodes_;
  return numbers;
}

at::Tensor Chance::uniform(std::span<const std::int64_t> shape) {
  double (Random::*number)() = &Random::uniform;
  return draw(shape, number);
}

at::Tensor Chance::normal(std::span<const std::int64_t> shape) {
  return draw(shape, &Random::normal);
}

RandomKey Draws::key(std::size_t row, int pass) const {
  const std::uint32_t step = row < steps.size() ? steps[row] : 0;
  return {seed, stream,
          step * static_cast<std::uint32_t>(passes) + static_cast<std::uint32_t>(pass),
          row < samples.size() ? samples[row] : 0};
}

}  // namespace lockstep::ai
