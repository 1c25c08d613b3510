// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/metrics/consistency.hpp"

#include <ATen/TensorOperators.h>
#include <algorithm>
#include <fmt/format.h>

namespace lockstep::ai {
namespace {

constexpr std::array<std::int64_t, 3> batch_sizes{1, 32, 256};

Consistency not_asked(std::string against, std::string why) {
  Consistency one;
  one.against = std::move(against);
  one.state = State::not_applicable;
  one.says = std::move(why);
  return one;
}

}  // namespace

Consistency held_against(std::string against, const at::Tensor& first, const at::Tensor& again) {
  Consistency one;
  one.against = std::move(against);
  one.samples = first.size(0);
  one.difference = (again - first).abs().max().item<double>();
  one.flips = again.argmax(1).ne(first.argmax(1)).sum().item<std::int64_t>();
  const double scale = std::max(first.abs().max().item<double>(), 1.0);
  one.state = one.difference > 1e-2 * scale ? State::fail
              : one.flips > 0               ? State::warn
                                            : State::pass;
  one.says = fmt::format("{} of {} samples change their class; scores move by at most {:.2g}",
                         one.flips, one.samples, one.difference);
  return one;
}

Result<std::vector<Consistency>> check_consistency(const Campaign& campaign) {
  const std::int64_t count = std::min(campaign.samples.count(), consistency_samples);
  const Samples samples{campaign.samples.x.narrow(0, 0, count),
                        campaign.samples.y.narrow(0, 0, count), campaign.samples.file};
  const Classifier& classifier = campaign.classifier;
  const Campaign same{classifier, samples, campaign.batch_size, campaign.threads,
                      campaign.progress};
  TRY(const at::Tensor first, logits_of(same, same.batch_size));
  std::vector<Consistency> all;
  if (classifier.endpoint() != nullptr) {
    TRY(const at::Tensor again, reference_logits_of(same));
    all.push_back(held_against("one sample in a request", first, again));
    all.push_back(not_asked("batches, threads and LibTorch", "the service computes by itself"));
    return all;
  }
  for (const std::int64_t size : batch_sizes) {
    const std::string name = fmt::format("batch {}", size);
    if (const std::int64_t fixed = classifier.fixed_batch(); fixed > 0) {
      all.push_back(not_asked(name, fmt::format("the model insists on batches of {}", fixed)));
      continue;
    }
    TRY(const at::Tensor again, logits_of(same, size));
    all.push_back(held_against(name, first, again));
  }
  const int threads = campaign.threads == 1 ? 2 : 1;
  const Campaign threaded{classifier, samples, campaign.batch_size, threads, campaign.progress};
  TRY(const at::Tensor again, logits_of(threaded, same.batch_size));
  all.push_back(
      held_against(fmt::format("{} thread{}", threads, threads == 1 ? "" : "s"), first, again));
  if (classifier.answers_alone()) {
    TRY(const at::Tensor reference, reference_logits_of(same));
    const std::string name = classifier.is_fused() ? "LibTorch" : "alone, in float64";
    all.push_back(held_against(name, first, reference));
  } else {
    all.push_back(not_asked("LibTorch", "it answers already (" + classifier.engine() + ")"));
  }
  return all;
}

}  // namespace lockstep::ai
