// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ai/worker/data/samples.hpp"
#include "ai/worker/evasion/attack.hpp"
#include "ai/worker/evasion/search.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// A candidate that was confirmed.
struct Confirmed {
  std::int64_t index = 0;  ///< of its sample in the data set
  at::Tensor x;            ///< [1, ...]
};

/// Over how many passes the answers of a net that draws random numbers are averaged to judge them,
/// at least.
inline constexpr int judged_passes = 20;

/// Who says what a net answers. Of a net that draws random numbers that is the class with the
/// highest mean score over passes whose numbers no attack has seen.
struct Judge {
  const Classifier& classifier;
  std::uint64_t seed = 1;
  int passes = 1;

  /// @param passes that attacks average over
  static Judge of(const Classifier& classifier, std::uint64_t seed, int passes);

  /// Class scores of points in company. @param index of each in the data set
  Result<at::Tensor> together(const at::Tensor& x, const std::vector<std::int64_t>& index) const;

  /// The same by LibTorch, of points alone, with other random numbers.
  Result<at::Tensor> alone(const at::Tensor& x, const std::vector<std::int64_t>& index) const;

  Draws draws(std::string_view name, const std::vector<std::int64_t>& index) const;
};

/// Everything that stays the same while one net is attacked.
struct Campaign {
  const Classifier& classifier;
  const Samples& samples;
  std::int64_t batch_size = 128;
  int threads = 1;
  Progress& progress;
  std::vector<Confirmed>* confirmed = nullptr;  ///< where confirmed candidates are put; may be null
  std::uint64_t seed = 1;
  int passes = 1;          ///< that attacks average over the net's randomness
  at::Tensor wanted = {};  ///< [samples] int64, the class that each is to reach; undefined for any
  at::Tensor start = {};   ///< [samples] int64, a sample of that class, itself where there is none

  Judge judge() const { return Judge::of(classifier, seed, passes); }
};

/// Class scores of all samples, in batches. [samples, classes]
Result<at::Tensor> logits_of(const Campaign& campaign, std::int64_t batch_size);

/// The same by LibTorch, one sample at a time; a service is asked again, likewise.
Result<at::Tensor> reference_logits_of(const Campaign& campaign);

/// A confirmed point of a wrong class, as near as an attack found one.
struct Nearest {
  std::int64_t index = 0;  ///< of the sample in the data set
  double distance = 0;     ///< in the norm, in float64
};

/// What one attack did to the samples that it was given.
struct AttackTally {
  std::vector<std::int64_t>
      broken;  ///< indices in the data set, rising; each looked at again alone
  std::vector<at::Tensor> candidates;  ///< for each of them [1, ...]
  std::int64_t tried = 0;
  std::int64_t claimed = 0;      ///< candidates that fooled the net in their batch, within epsilon
  std::vector<Nearest> nearest;  ///< of an attack with that goal, at any distance; rising index
  std::vector<Trace> traces;     ///< of an attack with that goal, one for each sample it was given
  std::vector<std::int64_t> exhausted;  ///< samples of which everything in reach was asked about
  std::int64_t forward = 0;             ///< questions of the attack, in samples
  std::int64_t backward = 0;
};

/// The samples at these indices, with the classes that they are to reach, where there are any.
Points points_at(const Campaign& campaign, std::vector<std::int64_t> index);

/// Judges what somebody else proposes. @param candidates one for each point, of their shape
Result<AttackTally> judge_candidates(const Campaign& campaign,
                                     const at::Tensor& candidates,
                                     const Points& points,
                                     const Threat& threat);

/// Runs an attack on the samples at these indices and judges its candidates.
Result<AttackTally> run_attack(const Campaign& campaign,
                               const AttackRow& row,
                               const AttackOptions& options,
                               const Threat& threat,
                               const std::vector<std::int64_t>& targets);

}  // namespace lockstep::ai
