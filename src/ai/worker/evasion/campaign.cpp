// SPDX-License-Identifier: Apache-2.0
// The distrustful caller. An attack gets a batch of samples and proposes candidates; then
//
//     candidates = projected into the threat           (never believe the attack)
//     fooled     = the net says another class          (never believe the attack)
//     confirmed  = the net, by LibTorch, says so again for the candidate alone; its distance, taken
//     in
//                  float64 from what was actually given to the net, is within
//                  epsilon * (1 + 1e-6) + 1e-7, and it is inside the bounds
//
// Only confirmed candidates break a sample. The second look is not a formality: class scores move
// by some 5e-6 between batch sizes, and a published attack suite is known to have counted successes
// that were gone when looked at again.
#include "ai/worker/evasion/campaign.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <algorithm>

#include "ai/worker/evasion/ball.hpp"
#include "ai/worker/evasion/shards.hpp"
#include "base/check.hpp"

namespace lockstep::ai {
namespace {

/// Whether a candidate alone still fools the net, within the threat.
Result<bool> holds_alone(const Classifier& classifier,
                         const at::Tensor& candidate,
                         const at::Tensor& x,
                         const at::Tensor& y,
                         const Threat& threat) {
  TRY(const at::Tensor logits, classifier.reference_logits(candidate));
  const double distance = distances(candidate, x, threat.norm).item<double>();
  const bool is_near = distance <= threat.epsilon * (1 + 1e-6) + 1e-7;
  const bool is_inside =
      candidate.min().item<double>() >= threat.low && candidate.max().item<double>() <= threat.high;
  return is_near && is_inside && is_fooled(logits, y).item<bool>();
}

Result<AttackTally> run_batch(const Classifier& classifier,
                              Attack& attack,
                              const Points& points,
                              const Threat& threat) {
  Oracle oracle(classifier);
  TRY(at::Tensor candidates, attack.propose(oracle, points, threat));
  LS_CHECK(candidates.sizes() == points.x.sizes(), "an attack returns one candidate per sample");
  candidates = projected(candidates, points.x, threat);
  TRY(const at::Tensor logits, classifier.logits(candidates));
  const at::Tensor places = is_fooled(logits, points.y).nonzero().squeeze(1).contiguous();
  AttackTally tally;
  tally.claimed = places.size(0);
  tally.forward = oracle.forward();
  tally.backward = oracle.backward();
  for (std::int64_t i = 0; i < places.size(0); ++i) {
    const std::int64_t place = places.data_ptr<std::int64_t>()[i];
    TRY(const bool holds,
        holds_alone(classifier, candidates.narrow(0, place, 1), points.x.narrow(0, place, 1),
                    points.y.narrow(0, place, 1), threat));
    if (holds) tally.broken.push_back(points.index[static_cast<std::size_t>(place)]);
  }
  return tally;
}

}  // namespace

Result<at::Tensor> logits_of(const Campaign& campaign, std::int64_t batch_size) {
  const std::int64_t count = campaign.samples.count();
  const auto pieces = static_cast<std::size_t>((count + batch_size - 1) / batch_size);
  std::vector<at::Tensor> parts(pieces);
  TRY_VOID(run_shards(pieces, static_cast<std::size_t>(batch_size), campaign.threads,
                      campaign.progress, [&](std::size_t i) -> Result<> {
                        const std::int64_t start = static_cast<std::int64_t>(i) * batch_size;
                        TRY(parts[i], campaign.classifier.logits(campaign.samples.x.narrow(
                                          0, start, std::min(batch_size, count - start))));
                        return {};
                      }));
  return at::cat(parts);
}

Result<AttackTally> run_attack(const Campaign& campaign,
                               const AttackRow& row,
                               const AttackOptions& options,
                               const Threat& threat,
                               const std::vector<std::int64_t>& targets) {
  const auto size = static_cast<std::size_t>(campaign.batch_size);
  std::vector<AttackTally> tallies((targets.size() + size - 1) / size);
  TRY_VOID(run_shards(
      tallies.size(), size, campaign.threads, campaign.progress, [&](std::size_t i) -> Result<> {
        const auto first = targets.begin() + static_cast<std::ptrdiff_t>(i * size);
        const auto last =
            targets.begin() + static_cast<std::ptrdiff_t>(std::min((i + 1) * size, targets.size()));
        const std::vector<std::int64_t> index(first, last);
        const at::Tensor places = at::tensor(index, at::kLong);
        const Points points{campaign.samples.x.index_select(0, places),
                            campaign.samples.y.index_select(0, places), index};
        const std::unique_ptr<Attack> attack = row.make(options);
        TRY(tallies[i], run_batch(campaign.classifier, *attack, points, threat));
        return {};
      }));
  AttackTally sum;
  sum.tried = static_cast<std::int64_t>(targets.size());
  for (const AttackTally& tally : tallies) {
    sum.broken.insert(sum.broken.end(), tally.broken.begin(), tally.broken.end());
    sum.claimed += tally.claimed;
    sum.forward += tally.forward;
    sum.backward += tally.backward;
  }
  return sum;
}

}  // namespace lockstep::ai
