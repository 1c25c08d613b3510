// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/certify/measure.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>

#include "ai/worker/certify/margins.hpp"
#include "ai/worker/certify/smoothing.hpp"
#include "ai/worker/data/fit.hpp"
#include "ai/worker/evasion/measure.hpp"
#include "ai/worker/evasion/shards.hpp"
#include "base/text.hpp"
#include "domain/accuracy.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

constexpr std::array<std::pair<std::string_view, Method>, 4> methods{{
    {"ibp", Method::ibp},
    {"crown-ibp", Method::crown_ibp},
    {"crown", Method::crown},
    {"alpha-crown", Method::alpha_crown},
}};

/// Samples that are bounded together: matrix products want many rows, convolutions have enough in
/// one sample, and rows are filled up to the sample that has most.
std::int64_t group_of(const Graph& graph) {
  const bool is_image = std::ranges::any_of(graph.nodes(), [](const Node& node) {
    const auto* linear = std::get_if<LinearNode>(&node);
    return linear != nullptr && !linear->is_product;
  });
  return is_image ? 1 : 8;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

tl::unexpected<Error> bad_plan(std::string message) {
  return fail(ErrorKind::usage, "ai.plan", std::move(message));
}

Result<Method> method_of(const std::string& name) {
  const auto* const row =
      std::ranges::find(methods, name, [](const auto& each) { return each.first; });
  if (row != methods.end()) return row->second;
  return bad_plan(
      fmt::format("expected ibp, crown-ibp, crown or alpha-crown, found '{}'", quotable(name)));
}

/// The attack that stands beside the proof.
EvasionPlan attack_plan(const CertificatePlan& plan, std::int64_t samples) {
  EvasionPlan attack;
  attack.norm = plan.norm;
  attack.epsilon = plan.epsilon;
  attack.samples = samples;
  attack.seed = plan.smoothing.seed;
  return attack;
}

SoundnessCheck check(const char* name, bool is_good, double value, std::string says) {
  return {name, is_good ? State::pass : State::fail, value, std::move(says)};
}

/// The form that bounds are computed on, against LibTorch, at the samples.
Result<double> distance_to_reference(const Classifier& net,
                                     const Graph& graph,
                                     const Tensor& x,
                                     const Tensor& scores) {
  const Tensor expected = scores.to(at::kDouble);
  const Tensor found = graph.scores(x.to(at::kDouble).flatten(1));
  const double distance = (expected - found).abs().max().item<double>();
  const double scale = 1 + expected.abs().max().item<double>();
  if (distance <= 1e-4 * scale) return distance;
  return fail(ErrorKind::internal, "ai.bounds",
              fmt::format("expected bounds on the net that LibTorch computes, found scores that "
                          "differ by {:.3g}",
                          distance),
              {net.file(), 0, 0});
}

Domain domain_of(const Tensor& x, const CertificatePlan& plan, bool is_image) {
  Domain domain = ball_around(x, plan.epsilon, plan.norm == "l2");
  if (is_image) return domain;
  // Samples that do not live in [0, 1] are proved without bounds of the input.
  domain.low = domain.center - plan.epsilon;
  domain.high = domain.center + plan.epsilon;
  return domain;
}

/// The least margin of each sample that the method proves. [samples] float64
Result<Tensor> margins(const Graph& graph,
                       const Samples& samples,
                       const CertificatePlan& plan,
                       int threads,
                       Progress& progress) {
  TRY(const Method method, method_of(plan.method));
  const bool is_image = samples.x.min().item<double>() >= 0 && samples.x.max().item<double>() <= 1;
  const std::int64_t total = samples.count();
  const std::int64_t group = group_of(graph);
  const Tensor least = at::zeros({total}, at::kDouble);
  progress.stage(plan.method, static_cast<std::uint64_t>(total));
  TRY_VOID(run_shards(
      static_cast<std::size_t>((total + group - 1) / group), static_cast<std::size_t>(group),
      threads, progress, [&](std::size_t piece) -> Result<> {
        const std::int64_t first = static_cast<std::int64_t>(piece) * group;
        const std::int64_t count = std::min(group, total - first);
        const Domain domain = domain_of(samples.x.narrow(0, first, count), plan, is_image);
        const Tensor rows = margin_rows(samples.y.narrow(0, first, count), graph.outputs());
        const Tensor low = row_bounds(graph, domain, rows, method);
        least.narrow(0, first, count).copy_(std::get<0>(low.min(1)));
        return {};
      }));
  return least;
}

}  // namespace

Result<Certificate> certify_samples(const Classifier& net,
                                    const Graph& graph,
                                    const Samples& samples,
                                    const CertificatePlan& plan,
                                    int threads,
                                    Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  TRY_VOID(method_of(plan.method));
  // The attack checks the plan, the labels and the scores.
  TRY(const EvasionOutcome attacked,
      measure_evasion(net, samples, attack_plan(plan, samples.count()), threads, progress));
  TRY(const Tensor scores, net.reference_logits(samples.x));
  const Tensor classes = scores.argmax(1);
  TRY(const double distance, distance_to_reference(net, graph, samples.x, scores));
  TRY(const Tensor least, margins(graph, samples, plan, threads, progress));
  const double margin = std::max(proof_margin, 4 * distance);
  Certificate c;
  std::int64_t verified = 0;
  std::int64_t contradictions = 0;
  for (std::int64_t i = 0; i < samples.count(); ++i) {
    const auto place = static_cast<std::size_t>(i);
    const double bound = least[i].item<double>();
    const bool is_verified = attacked.is_right[place] != 0 && bound > margin;
    verified += is_verified;
    contradictions += is_verified && attacked.is_broken[place] != 0;
    c.rows.push_back(
        {i, samples.y[i].item<std::int64_t>(), classes[i].item<std::int64_t>(), bound});
  }
  c.samples = samples.count();
  c.method = plan.method;
  c.norm = plan.norm;
  c.epsilon = plan.epsilon;
  c.seed = plan.smoothing.seed;
  c.clean = attacked.measurement.clean;
  c.attacked = attacked.measurement.robust;
  c.verified = accuracy_of(verified, samples.count());
  c.soundness = {
      check("attack_agrees", contradictions == 0, static_cast<double>(contradictions),
            contradictions == 0 ? "the attack broke no sample that was proved"
                                : "the attack broke samples that were proved: do not use this"),
      check("form_agrees", true, distance,
            fmt::format("the form that bounds are computed on differs from LibTorch's scores by "
                        "{:.2g}; a margin counts above {:.2g}",
                        distance, margin))};
  c.answered_by = net.answered_by();
  c.seconds = seconds_since(start);
  c.worker_version = LOCKSTEP_VERSION;
  return c;
}

Result<Certificate> certify_smoothed(const Classifier& net,
                                     const Samples& samples,
                                     const CertificatePlan& plan,
                                     int threads,
                                     Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const SmoothingPlan& smoothing = plan.smoothing;
  if (!(smoothing.sigma > 0) || !(smoothing.alpha > 0 && smoothing.alpha < 1))
    return bad_plan("expected a sigma above 0 and an alpha between 0 and 1");
  if (smoothing.draws < 1 || smoothing.selection_draws < 1 || smoothing.batch_size < 1 ||
      smoothing.draws > 100'000'000)
    return bad_plan("expected 1 to 100000000 draws");
  TRY(const Tensor scores, net.logits(samples.x));
  TRY_VOID(check_scores(scores, net.file()));
  TRY_VOID(check_labels(samples, scores.size(1)));
  TRY(const std::vector<CertifiedSample> rows, smooth(net, samples, smoothing, threads, progress));
  std::vector<double> radii;
  for (int i = 0; i <= 12; ++i)
    radii.push_back(smoothing.sigma * 0.25 * i);
  Certificate c;
  c.smoothing = summary_of(rows, radii);
  c.smoothing->sigma = smoothing.sigma;
  c.smoothing->selection_draws = smoothing.is_prediction ? 0 : smoothing.selection_draws;
  c.smoothing->draws = smoothing.draws;
  c.smoothing->alpha = smoothing.alpha;
  c.rows = rows;
  c.samples = samples.count();
  c.method = smoothing.is_prediction ? "smoothing-predict" : "smoothing";
  c.norm = "l2";
  c.seed = smoothing.seed;
  const std::int64_t right = scores.argmax(1).eq(samples.y).sum().item<std::int64_t>();
  c.clean = accuracy_of(right, samples.count());
  c.verified = c.smoothing->curve.front().certified;
  c.answered_by = net.answered_by();
  c.seconds = seconds_since(start);
  c.worker_version = LOCKSTEP_VERSION;
  return c;
}

}  // namespace lockstep::ai::certify
