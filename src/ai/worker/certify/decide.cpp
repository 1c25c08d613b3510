// SPDX-License-Identifier: Apache-2.0
// The order of the work on a property, cheap answers first:
//
//     attack -> intervals and linear bounds -> better slopes -> branch and bound
//
// A counterexample counts only when the reference path agrees: LibTorch, in float32 as the model is
// run, and in float64. A proof counts only where it holds by a margin, and only when the graph that
// it is about computes what LibTorch computes.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <fmt/format.h>

#include "ai/worker/certify/verify.hpp"
#include "base/random.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

using Verdict = PropertyAnswer::Verdict;

/// Boxes with at most so many inputs that have a width are halved; others are split by activations.
constexpr std::int64_t few_inputs = 14;
/// For the intervals in front of activations, before any is split.
constexpr int ascent_steps = 10;
/// What the scores of a counterexample may miss in float32, as the VNN-COMP allows.
constexpr double replay_slack = 1e-4;

std::vector<double> numbers_of(const Tensor& row) {
  const Tensor flat = row.to(at::kDouble).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

Domain box_of(const Case& one) {
  const auto tensor = [](const std::vector<double>& values) {
    return at::tensor(at::ArrayRef<double>(values.data(), values.size()), at::kDouble).unsqueeze(0);
  };
  return {tensor(one.low), tensor(one.high), {}, 0};
}

class Decision {
 public:
  Decision(const PropertyNet& net, const Property& property, std::uint64_t seed, Deadline deadline)
      : net_(net), property_(property), seed_(seed), deadline_(deadline) {}

  Result<PropertyAnswer> run() {
    for (const Case& one : property_.cases) {
      TRY_VOID(attack_case(one));
      if (answer_.verdict == Verdict::sat) return answer_;
    }
    if (net_.graph() == nullptr) {
      give_up("no bounds: " + net_.why_no_graph() + "; the attack found no counterexample");
      return answer_;
    }
    TRY_VOID(check_graph());
    for (const Case& one : property_.cases) {
      TRY(const bool is_proved, prove(one));
      if (!is_proved) return answer_;
    }
    answer_.verdict = Verdict::unsat;
    answer_.how = answer_.domains == 0
                      ? "linear bounds prove that there is no counterexample"
                      : fmt::format("branch and bound proves it in {} parts", answer_.domains);
    return answer_;
  }

 private:
  void give_up(std::string why) {
    answer_.verdict = deadline_.is_over() ? Verdict::timeout : Verdict::unknown;
    answer_.how =
        answer_.verdict == Verdict::timeout ? "the time was over before an answer" : std::move(why);
  }

  std::vector<Rows> rows_of_clauses(const Case& one) const {
    std::vector<Rows> all;
    for (const Clause& clause : one.clauses)
      all.push_back(rows_of(clause, property_.outputs));
    return all;
  }

  Result<> attack_case(const Case& one) {
    TRY(const auto point, attack(net_, box_of(one), rows_of_clauses(one), seed_, deadline_));
    if (!point) return {};
    TRY_VOID(replay(*point, "a gradient attack"));
    return {};
  }

  /// Takes a candidate for a counterexample when the reference path agrees.
  Result<> replay(const Tensor& point, const std::string& finder) {
    const Tensor x = point.to(at::kFloat);
    TRY(const Tensor wide, net_.scores(x.to(at::kDouble)));
    TRY(const Tensor narrow, net_.reference_scores(x));
    const std::vector<double> inputs = numbers_of(x);
    const std::vector<double> outputs = numbers_of(narrow);
    if (!is_counterexample(property_, inputs, numbers_of(wide), 0) ||
        !is_counterexample(property_, inputs, outputs, replay_slack))
      return {};
    answer_.verdict = Verdict::sat;
    answer_.how = "found by " + finder + ", and confirmed by LibTorch in float32 and float64";
    answer_.inputs = inputs;
    answer_.outputs = outputs;
    return {};
  }

  /// The graph against LibTorch on random points of the boxes. Weights that were folded are rounded
  /// to float32 once more: a proof must hold by more than that makes.
  Result<> check_graph() {
    double worst = 0;
    double scale = 0;
    for (const Case& one : property_.cases) {
      const Domain box = box_of(one);
      Random random(RandomKey{seed_, stream_of("graph"), 0, 0});
      Tensor shares = at::empty({2, net_.inputs()}, at::kDouble);
      for (std::int64_t i = 0; i < shares.numel(); ++i)
        shares.data_ptr<double>()[i] = random.uniform();
      const Tensor x = box.low + shares * (box.high - box.low);
      TRY(const Tensor expected, net_.scores(x));
      const Tensor found = net_.graph()->scores(x);
      worst = std::max(worst, (expected - found).abs().max().item<double>());
      scale = std::max(scale, expected.abs().max().item<double>());
      if (&one - property_.cases.data() >= 7) break;
    }
    margin_ = std::max(proof_margin, 4 * worst);
    is_graph_good_ = worst <= 1e-4 * (1 + scale);
    return {};
  }

  Result<bool> prove(const Case& one) {
    const Graph& graph = *net_.graph();
    if (!is_graph_good_) {
      give_up("no bounds: their form of the net differs from LibTorch's");
      return false;
    }
    const Domain box = box_of(one);
    Intervals intervals = linear_bounds(graph, box, {}, {0, &deadline_});
    std::vector<Rows> open;
    for (const Rows& rows : rows_of_clauses(one)) {
      if (rows.bounds.size(0) == 0) {
        give_up("a clause has no conditions on outputs");
        return false;
      }
      const at::NoGradGuard no_gradients;
      const Tensor low =
          lower_bounds(graph, box, intervals, {graph.last(), rows.factors.unsqueeze(0)}).low;
      if (!(low - rows.bounds).gt(margin_).any().item<bool>()) open.push_back(rows);
    }
    if (open.empty()) return true;
    const auto wide = (box.high - box.low).gt(0).sum().item<std::int64_t>();
    const Ends ends{margin_,
                    [this](const Tensor& point) {
                      const auto done = replay(point, "branch and bound");
                      if (!done) trouble_ = done.error();
                      return trouble_.has_value() || answer_.verdict == Verdict::sat;
                    },
                    deadline_};
    if (wide <= few_inputs) return closed(split_inputs(graph, box, open, ends));
    intervals = linear_bounds(graph, box, intervals, {ascent_steps, &deadline_});
    for (const Rows& rows : open) {
      TRY(const bool is_proved, closed(split_activations(graph, box, intervals, rows, ends)));
      if (!is_proved) return false;
    }
    return true;
  }

  /// Whether the search proved its case; otherwise the answer says what it did.
  Result<bool> closed(const Search& search) {
    answer_.domains += search.domains;
    if (trouble_) return tl::unexpected<Error>(*trouble_);
    if (search.end == Search::End::proved) return true;
    if (search.end == Search::End::found) return false;
    give_up("branch and bound came to parts that it can neither prove nor divide");
    return false;
  }

  const PropertyNet& net_;
  const Property& property_;
  std::uint64_t seed_;
  Deadline deadline_;
  double margin_ = proof_margin;
  bool is_graph_good_ = false;
  std::optional<Error> trouble_;  ///< of a replay
  PropertyAnswer answer_;
};

}  // namespace

Result<PropertyAnswer> decide(const PropertyNet& net,
                              const Property& property,
                              double timeout_seconds,
                              std::uint64_t seed,
                              Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  if (property.inputs != net.inputs())
    return fail(ErrorKind::input, "ai.shape",
                fmt::format("expected a property of {} inputs, as the net has, found {}",
                            net.inputs(), property.inputs));
  if (!property.cases.empty()) {
    TRY(const Tensor scores, net.reference_scores(box_of(property.cases.front()).low));
    if (scores.size(1) != property.outputs)
      return fail(ErrorKind::input, "ai.shape",
                  fmt::format("expected a property of {} outputs, as the net has, found {}",
                              scores.size(1), property.outputs));
  }
  progress.stage("property", 0);
  TRY(PropertyAnswer answer,
      Decision(net, property, seed, Deadline(timeout_seconds, progress)).run());
  if (progress.is_cancelled())
    return fail(ErrorKind::interrupted, "ai.cancelled", "the search was stopped");
  answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  answer.worker_version = LOCKSTEP_VERSION;
  return answer;
}

}  // namespace lockstep::ai::certify
