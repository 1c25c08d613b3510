// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/fit.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace lockstep::ai {

ValueRange value_range(const Samples& samples) {
  const double low = samples.x.min().item<double>();
  const double high = samples.x.max().item<double>();
  return low >= 0 && high <= 1 ? ValueRange{0, 1} : ValueRange{low, high};
}

Result<> check_labels(const Samples& samples, std::int64_t classes) {
  const auto lowest = samples.y.min().item<std::int64_t>();
  const auto highest = samples.y.max().item<std::int64_t>();
  if (lowest >= 0 && highest < classes) return {};
  return fail(
      ErrorKind::input, "ai.shape",
      fmt::format("expected labels from 0 to {}, as the model has {} classes, found {} to {}",
                  classes - 1, classes, lowest, highest),
      {samples.file, 0, 0});
}

Result<> check_scores(const at::Tensor& logits, const std::string& model) {
  const auto finite = logits.isfinite().all(1).sum().item<std::int64_t>();
  if (finite == logits.size(0)) return {};
  return fail(ErrorKind::input, "ai.scores",
              fmt::format("expected finite class scores, found NaN or infinite ones for {} of {} "
                          "samples",
                          logits.size(0) - finite, logits.size(0)),
              {model, 0, 0});
}

}  // namespace lockstep::ai
