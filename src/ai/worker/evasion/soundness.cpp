// SPDX-License-Identifier: Apache-2.0
// A high robust accuracy has two possible reasons: the net is robust, or the attack was blind. A
// net whose scores are multiplied by 100 is as easy to fool as before, but its cross entropy is
// exactly 0 in float32, its gradient is exactly 0, and gradient attacks of every library report 98
// % where 18 % is true. None of them says a word. These checks do:
//
//   clean_repeat        a second clean pass, sample by sample by LibTorch, gives the same classes;
//                       of a net that draws random numbers, whether attacks averaged over them
//   outputs_are_logits  the outputs are scores, not probabilities, whose gradients vanish
//   evaluation_mode     no node is in training mode, and how many draw random numbers
//   zero_gradients      share of samples whose input gradient is zero in every element, there or at
//                       a random point of the ball
//   saturated_logits    share of samples whose best score leads by more than 50 (e^-50 is lost)
//   single_step         one step (FGSM) breaks nothing that the iterative attack left standing
//   random_noise        nor does noise in the ball: 10,000 points where a question is cheap
//   black_box           nor an attack that asks for scores alone, where one ran after others
//   whole_box           without a bound, the attack breaks (nearly) everything; not of tables
//   finite_differences  the gradient is the slope that two passes near the sample show
//   more_steps          PGD with 10, 40 and 200 steps breaks no less each time
//   nested_balls        what falls within a part of epsilon falls within more of it
//   transfer            nor does what breaks a surrogate that learned from the net's answers
//   converged           at the end of a climb the loss of what still stands has come to rest
//   gradients, model_identity, questions   of a model behind an address (black_box.cpp)
//   few_classes         with fewer than four classes, what stands for the missing scores in DLR
//
// Source: Carlini et al. 2019, "On evaluating adversarial robustness"; Athalye et al. 2018,
// "Obfuscated gradients give a false sense of security".
#include "ai/worker/evasion/soundness.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <optional>

#include "ai/worker/evasion/ball.hpp"
#include "ai/worker/evasion/black_box.hpp"
#include "ai/worker/evasion/soundness_climb.hpp"
#include "ai/worker/evasion/soundness_transfer.hpp"
#include "base/random.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr std::size_t gradient_samples = 256;
constexpr std::size_t whole_box_samples = 64;
constexpr int noise_draws = 8;                 ///< for each sample, at least
constexpr std::int64_t noise_points = 10'000;  ///< of all samples, where a question is cheap
constexpr std::int64_t cheap_elements = 4096;  ///< of a sample
constexpr double zero_warn = 0.01;
constexpr double zero_fail = 0.10;
constexpr double saturated_lead = 50;

double share(std::int64_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Samples whose class differs when each is looked at alone.
Result<SoundnessCheck> clean_repeat(const Campaign& campaign, const Measured& measured) {
  TRY(const at::Tensor again, reference_logits_of(campaign));
  const std::int64_t changed =
      again.argmax(1).ne(measured.logits.argmax(1)).sum().item<std::int64_t>();
  const double moved = (again - measured.logits).abs().max().item<double>();
  const double scale = std::max(measured.logits.abs().max().item<double>(), 1.0);
  const State state = changed > 0 || moved > 1e-2 * scale ? State::fail : State::pass;
  const bool is_service = campaign.classifier.endpoint() != nullptr;
  return SoundnessCheck{
      "clean_repeat", state, static_cast<double>(changed),
      fmt::format("a second pass, one sample at a time, puts {} of {} samples into another class; "
                  "scores move by at most {:.2g}{}",
                  changed, campaign.samples.count(), moved,
                  state == State::pass ? ""
                  : is_service ? ": the service answers by chance, or was changed; where by "
                                 "chance, --eot averages its answers"
                               : ": the net is computed wrongly")};
}

/// The same of a net that draws random numbers: two single passes over each sample.
Result<SoundnessCheck> random_repeat(const Campaign& campaign, const Measured& measured) {
  std::vector<std::int64_t> index(static_cast<std::size_t>(campaign.samples.count()));
  std::iota(index.begin(), index.end(), 0);
  const Judge once{campaign.classifier, measured.seed, 1};
  TRY(const at::Tensor first, once.together(campaign.samples.x, index));
  TRY(const at::Tensor second, once.alone(campaign.samples.x, index));
  const std::int64_t changed = first.argmax(1).ne(second.argmax(1)).sum().item<std::int64_t>();
  const bool is_averaged = measured.passes > 1;
  return SoundnessCheck{
      "clean_repeat", is_averaged ? State::pass : State::fail, static_cast<double>(changed),
      fmt::format("the net draws random numbers ({}): a second pass puts {} of {} samples into "
                  "another class, and scores move by up to {:.2g}; {}; its class is that of the "
                  "mean scores of {} passes",
                  join(campaign.classifier.random_nodes(), ", "), changed, campaign.samples.count(),
                  (first - second).abs().max().item<double>(),
                  is_averaged
                      ? fmt::format("attacks average over up to {} passes", measured.passes)
                      : "attacks that follow the gradient of one pass go astray: autoattack-rand "
                        "is due, or --eot 20",
                  campaign.judge().passes)};
}

/// Nodes in training mode are refused when a net is built (Classifier::build).
SoundnessCheck evaluation_mode(const Campaign& campaign) {
  const std::size_t random = campaign.classifier.random_nodes().size();
  return {"evaluation_mode", random == 0 ? State::pass : State::warn, static_cast<double>(random),
          random == 0 ? std::string("no node is in training mode, and none draws random numbers")
                      : fmt::format("no normalisation is in training mode; {} node{} draw{} random "
                                    "numbers",
                                    random, random == 1 ? "" : "s", random == 1 ? "s" : "")};
}

SoundnessCheck outputs_are_logits(const Campaign& campaign, const Measured& measured) {
  const at::Tensor& z = measured.logits;
  const bool is_probability = z.min().item<double>() >= 0 && z.max().item<double>() <= 1 + 1e-5 &&
                              (z.sum(1) - 1).abs().max().item<double>() < 1e-4;
  if (is_probability)
    return {
        "outputs_are_logits", State::warn, 1,
        "the outputs are probabilities: their gradients vanish where the net is sure; export the "
        "model without its last softmax"};
  if (campaign.classifier.is_softmax_dropped())
    return {"outputs_are_logits", State::pass, 0,
            "the net ends in a softmax; attacks use the scores before it"};
  return {"outputs_are_logits", State::pass, 0, "the outputs are scores, not probabilities"};
}

/// Elements of input gradients that are zero.
struct Zeros {
  std::int64_t samples = 0;  ///< of which all elements are
  double elements = 0;       ///< sum over the samples of their share
};

/// @param points where the gradient is asked for
Result<Zeros> zeros_at(const Campaign& campaign, const at::Tensor& points, const at::Tensor& y) {
  Zeros zeros;
  for (std::int64_t start = 0; start < points.size(0); start += campaign.batch_size) {
    const std::int64_t count = std::min(campaign.batch_size, points.size(0) - start);
    TRY(const Classifier::Gradient gradient,
        campaign.classifier.gradient(points.narrow(0, start, count), y.narrow(0, start, count)));
    const at::Tensor is_zero = gradient.input.flatten(1).eq(0);
    zeros.samples += is_zero.all(1).sum().item<std::int64_t>();
    zeros.elements += is_zero.to(at::kDouble).mean(1).sum().item<double>();
  }
  return zeros;
}

Result<SoundnessCheck> zero_gradients(const Campaign& campaign, const Measured& measured) {
  const std::vector<std::int64_t> looked = first_of(measured.right, gradient_samples);
  const Points points = points_at(campaign, looked);
  const at::Tensor random = projected(
      random_point(points, measured.threat, measured.seed, stream_of("zero gradients"), 0),
      points.x, measured.threat);
  TRY(const Zeros own, zeros_at(campaign, points.x, points.y));
  TRY(const Zeros near, zeros_at(campaign, random, points.y));
  const std::int64_t zero_samples = std::max(own.samples, near.samples);
  const double zero_entries = std::max(own.elements, near.elements);
  const double value = share(zero_samples, looked.size());
  const State state = value >= zero_fail   ? State::fail
                      : value >= zero_warn ? State::warn
                                           : State::pass;
  return SoundnessCheck{
      "zero_gradients", state, value,
      fmt::format("the input gradient is zero in every element for {} of {} samples ({} at random "
                  "points of the ball), and in at most {:.1f} % of all elements{}",
                  own.samples, looked.size(), near.samples,
                  looked.empty() ? 0.0 : 100 * zero_entries / static_cast<double>(looked.size()),
                  state == State::pass
                      ? ""
                      : ": gradient attacks are blind there, and the robust accuracy "
                        "is over-stated")};
}

SoundnessCheck saturated_logits(const Measured& measured) {
  const auto best = std::get<0>(measured.logits.topk(2, 1));
  const at::Tensor lead = best.select(1, 0) - best.select(1, 1);
  const double value = lead.gt(saturated_lead).to(at::kDouble).mean().item<double>();
  const State state = value > 0.05 ? State::warn : State::pass;
  return {
      "saturated_logits", state, value,
      fmt::format("the best class leads by more than {} in {:.1f} % of the samples{}",
                  saturated_lead, 100 * value,
                  state == State::pass ? "" : ": the loss loses its gradient to rounding there")};
}

/// How many samples that the attacks left standing fall to a weaker one.
Result<SoundnessCheck> weaker_attack(const Campaign& campaign,
                                     const Measured& measured,
                                     const char* check,
                                     const char* attack,
                                     const AttackOptions& options) {
  TRY(const AttackTally tally,
      run_attack(campaign, *find_attack(attack), options, measured.threat, measured.standing));
  const auto broken = static_cast<std::int64_t>(tally.broken.size());
  const double value = share(broken, measured.right.size());
  const State state = value > beaten_share ? State::fail : State::pass;
  return SoundnessCheck{
      check, state, value,
      fmt::format("{} breaks {} of the {} samples that the attacks left standing{}", attack, broken,
                  measured.standing.size(),
                  state == State::pass ? ""
                                       : ": the attacks were too weak, and the robust accuracy is "
                                         "over-stated")};
}

/// How many points of the ball are tried for each sample that stands.
int noise_draws_of(const Campaign& campaign, const Measured& measured) {
  const Samples& samples = campaign.samples;
  const std::int64_t elements = samples.x.numel() / std::max<std::int64_t>(samples.count(), 1);
  if (!campaign.classifier.is_fused() || elements > cheap_elements) return noise_draws;
  const auto standing = std::max<std::int64_t>(std::ssize(measured.standing), 1);
  return std::max(noise_draws, static_cast<int>(noise_points / standing));
}

/// PGD whose ball is the whole box must break nearly everything.
Result<SoundnessCheck> whole_box(const Campaign& campaign, const Measured& measured) {
  const std::vector<std::int64_t> looked = first_of(measured.right, whole_box_samples);
  Threat threat = measured.threat;
  const double side = threat.high - threat.low;
  const std::int64_t elements =
      campaign.samples.x.numel() / std::max<std::int64_t>(campaign.samples.count(), 1);
  threat.epsilon =
      threat.norm == Norm::linf ? side : side * std::sqrt(static_cast<double>(elements));
  const AttackOptions options{20, 1, true, true, measured.seed};
  TRY(const AttackTally tally, run_attack(campaign, *find_attack("pgd"), options, threat, looked));
  const double value = share(static_cast<std::int64_t>(tally.broken.size()), looked.size());
  const State state = value < 0.75 ? State::fail : value < 0.95 ? State::warn : State::pass;
  return SoundnessCheck{
      "whole_box", state, value,
      fmt::format("with no bound but the input's own, pgd breaks {} of {} samples{}",
                  tally.broken.size(), looked.size(),
                  state == State::pass ? "" : ", where nearly all must fall: the attack is blind")};
}

bool has(const Measured& measured, std::string_view name) {
  return std::ranges::find(measured.runs, name, &AttackRun::name) != measured.runs.end();
}

/// What attacks without gradients broke after those with gradients had left it standing.
std::optional<SoundnessCheck> black_box(const Measured& measured) {
  bool after_gradients = false;
  std::int64_t tried = 0;
  std::int64_t broken = 0;
  for (const AttackRun& run : measured.runs) {
    const AttackRow& row = *find_attack(run.name);
    if (row.needs_table) continue;  // rows are discrete: gradients do not say everything about them
    const bool uses_gradient = row.sees == Sees::gradients;
    after_gradients = after_gradients || uses_gradient;
    if (uses_gradient || !after_gradients) continue;
    tried = std::max(tried, run.tried);
    broken += run.broken;
  }
  if (tried == 0) return std::nullopt;
  const double value = share(broken, measured.right.size());
  const State state = value > beaten_share ? State::fail : State::pass;
  return SoundnessCheck{
      "black_box", state, value,
      fmt::format("attacks that ask for scores alone break {} of the {} samples that those with "
                  "gradients left standing{}",
                  broken, tried,
                  state == State::pass ? ""
                                       : ": the gradients hide the way, and robust accuracy "
                                         "under them alone would be over-stated")};
}

/// The difference of logits ratio divides by the third and fourth score.
std::optional<SoundnessCheck> few_classes(const Measured& measured) {
  const std::int64_t classes = measured.logits.size(1);
  const bool is_used = has(measured, "apgd-t") || (has(measured, "apgd-dlr") && classes == 2);
  if (classes >= 4 || !is_used) return std::nullopt;
  return SoundnessCheck{
      "few_classes", State::pass, static_cast<double>(classes),
      fmt::format("the model has {} classes: where DLR divides by scores that are not there, the "
                  "difference of the two scores is climbed",
                  classes)};
}

}  // namespace

std::vector<std::int64_t> first_of(const std::vector<std::int64_t>& all, std::size_t count) {
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()))};
}

Result<std::vector<SoundnessCheck>> check_soundness(const Campaign& campaign,
                                                    const Measured& measured) {
  std::vector<SoundnessCheck> checks;
  const bool is_random = !campaign.classifier.random_nodes().empty();
  TRY(checks.emplace_back(),
      is_random ? random_repeat(campaign, measured) : clean_repeat(campaign, measured));
  checks.push_back(outputs_are_logits(campaign, measured));
  const bool is_ours = campaign.classifier.endpoint() == nullptr;
  if (is_ours) checks.push_back(evaluation_mode(campaign));
  if (measured.right.empty()) return checks;
  if (is_ours) {
    TRY(checks.emplace_back(), zero_gradients(campaign, measured));
  }
  checks.push_back(saturated_logits(measured));
  if (is_ours && !has(measured, "fgsm")) {
    TRY(checks.emplace_back(), weaker_attack(campaign, measured, "single_step", "fgsm", {}));
  }
  if (!has(measured, "noise")) {
    const AttackOptions draws{noise_draws_of(campaign, measured), 1, true, true, measured.seed};
    TRY(checks.emplace_back(), weaker_attack(campaign, measured, "random_noise", "noise", draws));
  }
  if (!is_ours) {
    const auto limits = black_box_limits(*campaign.classifier.endpoint());
    checks.insert(checks.end(), limits.begin(), limits.end());
    return checks;
  }
  if (auto check = black_box(measured)) checks.push_back(*std::move(check));
  // Whether gradients are blind is asked of features and of any wrong class: rows of a table, and a
  // class to reach, may hold out for good reason.
  Measured as_features = measured;
  as_features.threat.table = nullptr;
  Campaign anywhere = campaign;
  anywhere.wanted = at::Tensor();
  // The features of a table have no box: most points of it are no rows, and far from any.
  if (measured.threat.table == nullptr) {
    TRY(checks.emplace_back(), whole_box(anywhere, as_features));
  }
  TRY(const auto climb, check_climb(anywhere, as_features));
  checks.insert(checks.end(), climb.begin(), climb.end());
  TRY(checks.emplace_back(), check_transfer(campaign, measured));
  if (auto check = few_classes(measured)) checks.push_back(*std::move(check));
  return checks;
}

}  // namespace lockstep::ai
