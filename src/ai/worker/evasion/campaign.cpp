// SPDX-License-Identifier: Apache-2.0
// The distrustful caller. An attack gets a batch of samples and proposes candidates; then
//
//     candidates = projected into the threat           (never believe the attack)
//     fooled     = the net says another class, or the one to reach
//     confirmed  = the net, by LibTorch, says so again for the candidate alone; its distance, taken
//                  in float64 from what was actually given to the net, is within
//                  epsilon * (1 + 1e-6) + 1e-7, and it is inside the bounds
//
// Attacks that look for the nearest point of a wrong class are not held to epsilon at first: their
// candidates are clipped to the bounds and confirmed alone, where rounding takes one back a little
// further out, and the distance of what was confirmed says whether it breaks the sample.
//
// Where the samples are rows of a table, a candidate is first made into the row that it stands for
// (rows.hpp); the net is asked about that row, which must be one that can be made, and the distance
// is between the rows. What fooled the net as mere features is claimed, not confirmed.
//
// Only confirmed candidates break a sample. The second look is not a formality: class scores move
// by some 5e-6 between batch sizes, and a published attack suite is known to have counted successes
// that were gone when looked at again.
#include "ai/worker/evasion/campaign.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <algorithm>
#include <array>
#include <numeric>

#include "ai/worker/evasion/ball.hpp"
#include "ai/worker/evasion/distances.hpp"
#include "ai/worker/evasion/rows.hpp"
#include "ai/worker/evasion/search.hpp"
#include "ai/worker/evasion/shards.hpp"
#include "base/check.hpp"

namespace lockstep::ai {
namespace {

/// Whether a candidate alone still fools the net, within the threat.
Result<bool> holds_alone(const Judge& judge,
                         const at::Tensor& candidate,
                         const Points& point,
                         const Threat& threat) {
  TRY(const at::Tensor logits, judge.alone(candidate, point.index));
  const bool is_near =
      is_within(distances(candidate, point.x, threat.norm).item<double>(), threat.epsilon);
  const bool is_inside =
      candidate.min().item<double>() >= threat.low && candidate.max().item<double>() <= threat.high;
  return is_near && is_inside && is_reached(logits, point).item<bool>();
}

/// How much further out a point of a wrong class may lie when LibTorch looks at it alone: searches
/// end so near the border that rounding decides.
constexpr std::array further_out{0.0, 1e-6, 1e-5, 1e-4, 1e-3};

/// A point that fools the net alone, within the bounds, and its distance.
struct NearPoint {
  double distance = Trace::none;
  at::Tensor x;  ///< [1, ...]
};

/// The candidate, or the point behind it that fools the net alone; at no distance when none does.
Result<NearPoint> nearest_alone(const Judge& judge,
                                const at::Tensor& candidate,
                                const Points& sample,
                                const Threat& threat) {
  const at::Tensor& x = sample.x;
  for (const double share : further_out) {
    at::Tensor point = (x + (candidate - x) * (1 + share)).clamp(threat.low, threat.high);
    double distance = 0;
    if (threat.table != nullptr) {
      RowCandidate row = row_of(point, x, threat);
      if (!row.is_possible) continue;
      point = std::move(row.x);
      distance = row.distance;
    } else {
      distance = distances(point, x, threat.norm).item<double>();
    }
    TRY(const at::Tensor logits, judge.alone(point, sample.index));
    if (is_reached(logits, sample).item<bool>()) return NearPoint{distance, point};
  }
  return NearPoint{};
}

/// Looks at the candidates of searches for the nearest point.
Result<AttackTally> judged_nearest(const Judge& judge,
                                   const Found& found,
                                   std::size_t first,
                                   const Points& points,
                                   const Threat& threat) {
  AttackTally tally;
  for (std::int64_t i = 0; i < points.count(); ++i) {
    const std::size_t at = first + static_cast<std::size_t>(i);
    const Trace& trace = found.traces[at];
    tally.traces.push_back(trace);
    if (trace.nearest == Trace::none) continue;
    TRY(const NearPoint near,
        nearest_alone(
            judge,
            found.candidates.narrow(0, static_cast<std::int64_t>(at), 1).to(points.x.scalar_type()),
            points.one(i), threat));
    const bool is_broken = is_within(near.distance, threat.epsilon);
    tally.claimed += is_broken || is_within(trace.nearest, threat.epsilon) ? 1 : 0;
    if (near.distance == Trace::none) continue;
    const std::int64_t index = points.index[static_cast<std::size_t>(i)];
    tally.nearest.push_back({index, near.distance});
    if (!is_broken) continue;
    tally.broken.push_back(index);
    tally.candidates.push_back(near.x);
  }
  return tally;
}

/// Looks at candidates for rows of a table. Of each candidate its row decides; what fools the net
/// as features only is claimed.
Result<AttackTally> judged_rows(const Judge& judge,
                                const at::Tensor& candidates,
                                const Points& points,
                                const Threat& threat) {
  LS_CHECK(candidates.sizes() == points.x.sizes(), "an attack returns one candidate per sample");
  std::vector<RowCandidate> rows;
  std::vector<at::Tensor> features;
  for (std::int64_t i = 0; i < points.count(); ++i) {
    rows.push_back(row_of(candidates.narrow(0, i, 1), points.x.narrow(0, i, 1), threat));
    features.push_back(rows.back().x);
  }
  AttackTally tally;
  if (rows.empty()) return tally;
  TRY(const at::Tensor as_features,
      judge.together(projected(candidates, points.x, threat), points.index));
  TRY(const at::Tensor as_rows, judge.together(at::cat(features), points.index));
  const at::Tensor fooled_by_features = is_reached(as_features, points);
  const at::Tensor fooled_by_row = is_reached(as_rows, points);
  for (std::int64_t i = 0; i < points.count(); ++i) {
    const RowCandidate& row = rows[static_cast<std::size_t>(i)];
    const bool counts =
        row.is_possible && is_within(row.distance, threat.epsilon) && fooled_by_row[i].item<bool>();
    tally.claimed += counts || fooled_by_features[i].item<bool>() ? 1 : 0;
    if (!counts) continue;
    const Points point = points.one(i);
    TRY(const at::Tensor alone, judge.alone(row.x, point.index));
    if (!is_reached(alone, point).item<bool>()) continue;
    tally.broken.push_back(points.index[static_cast<std::size_t>(i)]);
    tally.candidates.push_back(row.x);
  }
  return tally;
}

/// Looks at candidates: which of them fool the net, together and then alone.
Result<AttackTally> judged(const Judge& judge,
                           at::Tensor candidates,
                           const Points& points,
                           const Threat& threat) {
  if (threat.table != nullptr) return judged_rows(judge, candidates, points, threat);
  LS_CHECK(candidates.sizes() == points.x.sizes(), "an attack returns one candidate per sample");
  candidates = projected(candidates, points.x, threat);
  TRY(const at::Tensor logits, judge.together(candidates, points.index));
  const at::Tensor places = is_reached(logits, points).nonzero().squeeze(1).contiguous();
  AttackTally tally;
  tally.claimed = places.size(0);
  for (std::int64_t i = 0; i < places.size(0); ++i) {
    const std::int64_t place = places.data_ptr<std::int64_t>()[i];
    TRY(const bool holds,
        holds_alone(judge, candidates.narrow(0, place, 1), points.one(place), threat));
    if (!holds) continue;
    tally.broken.push_back(points.index[static_cast<std::size_t>(place)]);
    tally.candidates.push_back(candidates.narrow(0, place, 1).clone());
  }
  return tally;
}

Result<AttackTally> run_batch(const Campaign& campaign,
                              Attack& attack,
                              const AttackOptions& options,
                              const Points& points,
                              const Threat& threat) {
  Oracle oracle(campaign.classifier, options);
  TRY(const at::Tensor candidates, attack.propose(oracle, points, threat));
  TRY(AttackTally tally, judged(campaign.judge(), candidates, points, threat));
  tally.forward = oracle.forward();
  tally.backward = oracle.backward();
  return tally;
}

}  // namespace

namespace {

template <typename Ask>
Result<at::Tensor> in_batches(const Campaign& campaign, std::int64_t batch_size, const Ask& ask) {
  const std::int64_t count = campaign.samples.count();
  const auto pieces = static_cast<std::size_t>((count + batch_size - 1) / batch_size);
  std::vector<at::Tensor> parts(pieces);
  TRY_VOID(run_shards(pieces, static_cast<std::size_t>(batch_size), campaign.threads,
                      campaign.progress, [&](std::size_t i) -> Result<> {
                        const std::int64_t start = static_cast<std::int64_t>(i) * batch_size;
                        const std::int64_t some = std::min(batch_size, count - start);
                        std::vector<std::int64_t> index(static_cast<std::size_t>(some));
                        std::iota(index.begin(), index.end(), start);
                        TRY(parts[i], ask(campaign.samples.x.narrow(0, start, some), index));
                        return {};
                      }));
  return at::cat(parts);
}

}  // namespace

Judge Judge::of(const Classifier& classifier, std::uint64_t seed, int passes) {
  const bool is_random = !classifier.random_nodes().empty();
  return {classifier, seed, is_random ? std::max(passes, judged_passes) : passes};
}

Draws Judge::draws(std::string_view name, const std::vector<std::int64_t>& index) const {
  return {seed, stream_of(name), {index.begin(), index.end()}, {}, passes};
}

Result<at::Tensor> Judge::together(const at::Tensor& x,
                                   const std::vector<std::int64_t>& index) const {
  return classifier.logits(x, draws("together", index));
}

Result<at::Tensor> Judge::alone(const at::Tensor& x, const std::vector<std::int64_t>& index) const {
  return classifier.reference_logits(x, draws("alone", index));
}

Result<at::Tensor> logits_of(const Campaign& campaign, std::int64_t batch_size) {
  const Judge judge = campaign.judge();
  return in_batches(campaign, batch_size,
                    [&](const auto& x, const auto& index) { return judge.together(x, index); });
}

Result<at::Tensor> reference_logits_of(const Campaign& campaign) {
  // Behind an address each sample is asked alone, however many are given.
  const bool is_asked = campaign.classifier.endpoint() != nullptr;
  const Judge judge = campaign.judge();
  return in_batches(campaign, is_asked ? campaign.batch_size : 1,
                    [&](const auto& x, const auto& index) { return judge.alone(x, index); });
}

Points points_at(const Campaign& campaign, std::vector<std::int64_t> index) {
  const Samples& samples = campaign.samples;
  const at::Tensor places = at::tensor(index, at::kLong);
  Points points{samples.x.index_select(0, places), samples.y.index_select(0, places),
                std::move(index)};
  if (campaign.wanted.defined()) {
    points.wanted = campaign.wanted.index_select(0, places);
    points.start = samples.x.index_select(0, campaign.start.index_select(0, places));
  }
  return points;
}

Result<AttackTally> judge_candidates(const Campaign& campaign,
                                     const at::Tensor& candidates,
                                     const Points& points,
                                     const Threat& threat) {
  return judged(campaign.judge(), candidates, points, threat);
}

Result<AttackTally> run_attack(const Campaign& campaign,
                               const AttackRow& row,
                               const AttackOptions& options,
                               const Threat& threat,
                               const std::vector<std::int64_t>& targets) {
  Found found;
  if (row.search != nullptr) {
    const Points points = points_at(campaign, targets);
    TRY(found, run_searches(campaign.classifier, points, threat, options, row.search,
                            campaign.threads, campaign.progress));
  }
  const auto size = static_cast<std::size_t>(campaign.batch_size);
  std::vector<AttackTally> tallies((targets.size() + size - 1) / size);
  Progress quiet;
  TRY_VOID(run_shards(
      tallies.size(), size, campaign.threads, row.search == nullptr ? campaign.progress : quiet,
      [&](std::size_t i) -> Result<> {
        const std::size_t first = i * size;
        const std::size_t end = std::min(first + size, targets.size());
        const Points points =
            points_at(campaign, {targets.begin() + static_cast<std::ptrdiff_t>(first),
                                 targets.begin() + static_cast<std::ptrdiff_t>(end)});
        if (row.goal == Goal::nearest) {
          TRY(tallies[i], judged_nearest(campaign.judge(), found, first, points, threat));
          return {};
        }
        if (row.search != nullptr) {
          const at::Tensor candidates =
              found.candidates.narrow(0, static_cast<std::int64_t>(first), points.count());
          TRY(tallies[i], judged(campaign.judge(), candidates, points, threat));
          return {};
        }
        TRY(tallies[i], run_batch(campaign, *row.make(options), options, points, threat));
        return {};
      }));
  AttackTally sum;
  sum.tried = static_cast<std::int64_t>(targets.size());
  sum.forward = found.forward;
  sum.backward = found.backward;
  for (std::size_t i = 0; i < found.traces.size(); ++i)
    if (found.traces[i].is_exhausted) sum.exhausted.push_back(targets[i]);
  for (const AttackTally& tally : tallies) {
    sum.broken.insert(sum.broken.end(), tally.broken.begin(), tally.broken.end());
    for (std::size_t i = 0; i < tally.broken.size() && campaign.confirmed != nullptr; ++i)
      campaign.confirmed->push_back({tally.broken[i], tally.candidates[i]});
    sum.nearest.insert(sum.nearest.end(), tally.nearest.begin(), tally.nearest.end());
    sum.traces.insert(sum.traces.end(), tally.traces.begin(), tally.traces.end());
    sum.claimed += tally.claimed;
    sum.forward += tally.forward;
    sum.backward += tally.backward;
  }
  return sum;
}

}  // namespace lockstep::ai
