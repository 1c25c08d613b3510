// SPDX-License-Identifier: Apache-2.0
// The family of evasion attacks. An attack proposes inputs near given samples that it hopes the net
// gets wrong. It counts nothing and judges nothing: measure.cpp is the only place that does.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/worker/evasion/threat.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Samples that are attacked together.
struct Points {
  at::Tensor x;                     ///< [samples, ...]
  at::Tensor y;                     ///< [samples] int64, the right classes
  std::vector<std::int64_t> index;  ///< of each sample in the data set: random numbers belong to it
  at::Tensor wanted =
      {};  ///< [samples] int64, classes to reach; undefined where any wrong one will do
  at::Tensor start = {};  ///< [samples, ...] inputs of these classes, to begin at; may be undefined

  std::int64_t count() const { return x.size(0); }

  /// The points at these places. @param places [k] int64
  Points at(const at::Tensor& places) const;

  /// One of them, without copying.
  Points one(std::int64_t place) const;
};

/// The net as an attack sees it: every question is counted, in samples and passes.
class Oracle {
 public:
  /// @param options their seed and passes, for nets that draw random numbers
  explicit Oracle(const Classifier& classifier, const AttackOptions& options = {})
      : classifier_(classifier), seed_(options.seed), passes_(options.passes) {}

  Result<at::Tensor> logits(const at::Tensor& x, const Draws& draws = {});
  /// The gradient, at x, along which the cross entropy of the right class rises, or that of the
  /// class to reach falls.
  Result<Classifier::Gradient> gradient(const at::Tensor& x, const Points& points);
  Result<Classifier::Gradient> gradient(const at::Tensor& x,
                                        const ScoreLoss& loss,
                                        const Draws& draws);

  std::int64_t forward() const { return forward_; }

  std::int64_t backward() const { return backward_; }

 private:
  const Classifier& classifier_;
  std::uint64_t seed_;
  int passes_;
  std::uint32_t asked_ = 0;  ///< how often about points
  std::int64_t forward_ = 0;
  std::int64_t backward_ = 0;
};

class Attack {
 public:
  Attack() = default;
  Attack(const Attack&) = delete;
  Attack& operator=(const Attack&) = delete;
  virtual ~Attack() = default;

  /// One candidate for each point, of the shape of `points.x`. The caller clips it to the threat.
  virtual Result<at::Tensor> propose(Oracle& net, const Points& points, const Threat& threat) = 0;
};

template <typename T>
class Search;
class Seat;

/// An attack on one sample (search.hpp); true when it broke it.
using SearchFunction = Search<bool> (*)(Seat& seat);

/// What an attack is after: any wrong answer within epsilon, or the nearest one, however far. The
/// second kind is searched once, and its distances say what falls at every epsilon.
enum class Goal { within, nearest };

/// What an attack asks the net for: gradients, class scores, or no more than the class.
enum class Sees { gradients, scores, decisions };

struct AttackRow {
  std::string_view name;
  std::string_view source;  ///< the publication
  Sees sees;
  int steps;  ///< where nobody says how many
  /// One of the two: for a batch of samples, or for one.
  std::unique_ptr<Attack> (*make)(const AttackOptions& options);
  SearchFunction search = nullptr;
  Goal goal = Goal::within;
  std::string_view norms = "linf l2 l1";  ///< those it can measure changes in
  bool takes_target = true;               ///< whether it can be told a class to reach
  bool needs_table = false;               ///< works on rows, by the description of their columns
};

/// Whether the attack can measure changes in the norm of this name.
bool takes_norm(const AttackRow& row, std::string_view norm);

/// All attacks, in the order in which they are listed to people.
std::span<const AttackRow> attacks();

/// The row of that name, or null.
const AttackRow* find_attack(std::string_view name);

/// An attack in a fixed sequence of them.
struct Stage {
  const AttackRow* attack;
  int restarts;    ///< 0: as many as the person wants
  int passes = 0;  ///< averaged over the net's randomness; 0: as many as the person wants
};

/// The attacks that a name stands for: itself, or a sequence whose parameters are fixed: AutoAttack
/// ("autoattack": the standard one, "autoattack-plus", and "autoattack-rand" for nets
/// that draw random numbers), and the same for tables ("caa"). Empty for
/// an unknown name. Source: Croce and Hein 2020, arXiv 2003.01690; Simonetto et al. 2024, arXiv
/// 2406.00775.
std::vector<Stage> stages_of(std::string_view name, Norm norm);

/// All names that stages_of knows, in the order in which they are listed to people.
std::vector<std::string> attack_names();

/// Whether the net puts each sample into another class than `y`, or into none, because a score is
/// no number (NaN): bool [samples].
at::Tensor is_fooled(const at::Tensor& logits, const at::Tensor& y);

/// Whether the net puts each point where an attack wants it: into the class to reach, or any wrong
/// one. bool [points]
at::Tensor is_reached(const at::Tensor& logits, const Points& points);

}  // namespace lockstep::ai
