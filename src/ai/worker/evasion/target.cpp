// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/target.hpp"

#include <ATen/ATen.h>
#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "base/text.hpp"

namespace lockstep::ai {
namespace {

std::optional<std::int64_t> class_in(const std::string& text, std::int64_t classes) {
  std::int64_t number = -1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number < 0 || number >= classes)
    return std::nullopt;
  return number;
}

/// Of each sample the nearest one that the net puts into the wanted class; itself where none is.
at::Tensor starts_of(const at::Tensor& x, const at::Tensor& said, const at::Tensor& wanted) {
  const at::Tensor flat = x.flatten(1).to(at::kFloat);
  at::Tensor starts = at::arange(x.size(0), at::kLong);
  for (std::int64_t c = 0; c <= wanted.max().item<std::int64_t>(); ++c) {
    const at::Tensor there = said.eq(c).nonzero().squeeze(1);
    const at::Tensor driven = wanted.eq(c).nonzero().squeeze(1);
    if (there.size(0) == 0 || driven.size(0) == 0) continue;
    const at::Tensor away = at::cdist(flat.index_select(0, driven), flat.index_select(0, there));
    starts.index_copy_(0, driven, there.index_select(0, away.argmin(1)));
  }
  return starts;
}

}  // namespace

Result<Targets> targets_of(const std::string& target,
                           const Samples& samples,
                           const at::Tensor& logits) {
  const std::int64_t classes = logits.size(1);
  const at::Tensor said = logits.argmax(1);
  Targets targets;
  if (target == "second") {
    targets.wanted = std::get<1>(logits.topk(2, 1)).select(1, 1).contiguous();
  } else if (target == "next") {
    targets.wanted = (samples.y + 1).remainder(classes);
  } else if (const auto number = class_in(target, classes)) {
    targets.wanted = at::full_like(samples.y, *number);
  } else {
    return fail(ErrorKind::usage, "ai.plan",
                fmt::format("expected second, next, or a class from 0 to {} as the class to reach, "
                            "found '{}'",
                            classes - 1, quotable(target)));
  }
  const at::Tensor there = said.eq(targets.wanted).nonzero().squeeze(1).contiguous();
  const auto* data = there.data_ptr<std::int64_t>();
  targets.left_out.assign(data, data + there.numel());
  if (there.numel() == samples.count())
    return fail(
        ErrorKind::input, "ai.plan",
        fmt::format("expected a sample outside the class to reach, {}: the model puts all {} "
                    "there without attack",
                    quotable(target), samples.count()),
        {samples.file, 0, 0});
  targets.start = starts_of(samples.x, said, targets.wanted);
  return targets;
}

}  // namespace lockstep::ai
