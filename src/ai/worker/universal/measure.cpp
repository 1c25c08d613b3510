// SPDX-License-Identifier: Apache-2.0
// Half of the samples, drawn by the seed, make the change; the other half says what it does. What
// counts is the second number: a change may know its own samples by heart. Beside it stands a
// random change of the same size, since a picture that is half covered is not deceived but hidden.
#include "ai/worker/universal/measure.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

#include "ai/worker/data/fit.hpp"
#include "ai/worker/data/image.hpp"
#include "ai/worker/data/npz.hpp"
#include "ai/worker/data/picture_layout.hpp"
#include "ai/worker/evasion/attack.hpp"
#include "ai/worker/evasion/shards.hpp"
#include "ai/worker/limits.hpp"
#include "ai/worker/nets/loss.hpp"
#include "ai/worker/universal/shared_change.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "domain/accuracy.hpp"

namespace lockstep::ai {
namespace {

using Indices = std::vector<std::int64_t>;

constexpr std::size_t batch = 64;  ///< samples of one step
constexpr std::size_t piece = 16;  ///< samples that a thread takes at once
constexpr std::int64_t samples_least = 20;
constexpr int steps_most = 100'000;
constexpr float satisfied = 2;  ///< a sample whose wrong class leads by so much pulls no more
constexpr std::uint32_t held_out_draw = 0xFFFF'FFFF;

tl::unexpected<Error> bad_plan(std::string_view expected, std::string_view found) {
  return fail(ErrorKind::usage, "ai.plan", fmt::format("expected {}, found {}", expected, found));
}

/// How a change of that shape is drawn into `file`.
Result<PictureLayout> layout_for(at::IntArrayRef shape, std::string_view file) {
  if (const auto layout = picture_layout_of(shape)) return *layout;
  return fail(ErrorKind::input, "ai.shape",
              fmt::format("expected a change of pictures of 1 or 3 channels to draw, found one of "
                          "shape {}; keep it as .npy",
                          shape_text(shape.vec())),
              {std::string(file), 0, 0});
}

Result<> check(const UniversalPlan& plan, const Samples& samples) {
  const UniversalChange& change = plan.change;
  const bool is_patch = change.kind == UniversalChange::Kind::patch;
  if (plan.steps < 1 || plan.steps > steps_most)
    return bad_plan(fmt::format("1 to {} steps", steps_most), std::to_string(plan.steps));
  if (samples.count() < samples_least)
    return bad_plan(fmt::format("at least {} samples, half of them held out", samples_least),
                    std::to_string(samples.count()));
  if (is_patch && !(change.area > 0 && change.area <= 0.5))
    return bad_plan("a patch that covers above 0 and up to 0.5 of the picture",
                    fmt::format("{:g}", change.area));
  if (is_patch) return {};
  if (plan.file.ends_with(".png")) TRY_VOID(layout_for(samples.x.sizes().slice(1), plan.file));
  if (change.norm != "linf" && change.norm != "l2")
    return fail(ErrorKind::usage, "ai.norm",
                fmt::format("expected the norm linf or l2, found '{}'", quotable(change.norm)));
  if (!std::isfinite(change.epsilon) || change.epsilon <= 0 || change.epsilon > limits::magnitude)
    return bad_plan(fmt::format("an epsilon above 0 and up to {:g}", limits::magnitude),
                    fmt::format("{:g}", change.epsilon));
  return {};
}

Result<std::unique_ptr<SharedChange>> change_of(const UniversalPlan& plan, const Samples& samples) {
  const at::IntArrayRef shape = samples.x.sizes().slice(1);
  const ValueRange range = value_range(samples);
  if (plan.change.kind == UniversalChange::Kind::perturbation)
    return make_perturbation(plan.change, shape.vec(), range, plan.seed);
  const auto layout = picture_layout_of(shape);
  if (!layout || std::min(layout->height, layout->width) < 8)
    return fail(ErrorKind::input, "ai.shape",
                fmt::format("expected pictures of 1 or 3 channels to lay a patch over, found "
                            "samples of shape {}",
                            shape_text(shape.vec())),
                {samples.file, 0, 0});
  const double points = plan.change.area * static_cast<double>(layout->height * layout->width);
  const auto side = std::max<std::int64_t>(std::llround(std::sqrt(points)), 1);
  return make_patch(std::min({side, layout->height, layout->width}), *layout, range, plan.seed);
}

/// log odds against the right class, until the sample has fallen by a margin.
ScoreLoss loss_of(const std::int64_t* y) {
  return
      [y](std::int64_t first, std::int64_t count, std::int64_t classes, const float* z, float* dz) {
        for (std::int64_t i = 0; i < count; ++i, z += classes, dz += classes) {
          if (lead(z, classes, y[first + i]) > satisfied)
            std::fill_n(dz, classes, 0.0F);
          else
            (void)log_odds_loss(z, classes, y[first + i], -1, dz);
        }
      };
}

/// The samples in another order, the same for the same seed.
Indices shuffled(Indices places, const RandomKey& key) {
  Random random(key);
  shuffle(std::span(places), random);
  return places;
}

class Trial {
 public:
  Trial(const Classifier& net,
        const Samples& samples,
        const UniversalPlan& plan,
        int threads,
        Progress& progress)
      : net_(net),
        samples_(samples),
        plan_(plan),
        threads_(threads),
        progress_(progress),
        x_(samples.x.to(at::kFloat).contiguous()),
        features_(static_cast<std::size_t>(x_[0].numel())) {}

  Result<UniversalOutcome> run(SharedChange& change);

 private:
  std::span<const float> sample(std::int64_t i) const {
    return {x_.data_ptr<float>() + i * static_cast<std::int64_t>(features_), features_};
  }

  at::Tensor changed(const SharedChange* change,
                     std::span<const std::int64_t> places,
                     std::uint32_t draw) const;
  at::Tensor labels(std::span<const std::int64_t> places) const;
  Result<std::vector<char>> fallen(const SharedChange* change,
                                   const Indices& places,
                                   std::uint32_t draw);
  Result<> step(SharedChange& change,
                std::span<const std::int64_t> places,
                std::uint32_t draw,
                double progress);
  Result<> train(SharedChange& change, const Indices& places);
  Result<std::int64_t> confirm(const SharedChange& change,
                               const Indices& places,
                               const std::vector<char>& claimed);

  const Classifier& net_;
  const Samples& samples_;
  const UniversalPlan& plan_;
  int threads_;
  Progress& progress_;
  at::Tensor x_;
  std::size_t features_;
  std::int64_t forward_ = 0;
  std::int64_t backward_ = 0;
};

/// @param change null for the samples as they are
at::Tensor Trial::changed(const SharedChange* change,
                          std::span<const std::int64_t> places,
                          std::uint32_t draw) const {
  std::vector<std::int64_t> shape = x_.sizes().vec();
  shape.front() = std::ssize(places);
  const at::Tensor made = at::empty(shape, at::kFloat);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::span to(made.data_ptr<float>() + i * features_, features_);
    const Laying laying{static_cast<std::uint32_t>(places[i]), draw};
    if (change != nullptr)
      change->lay(sample(places[i]), laying, to);
    else
      std::ranges::copy(sample(places[i]), to.begin());
  }
  return net_.wants_float64() ? made.to(at::kDouble) : made;
}

at::Tensor Trial::labels(std::span<const std::int64_t> places) const {
  const at::Tensor y = at::empty({std::ssize(places)}, at::kLong);
  for (std::size_t i = 0; i < places.size(); ++i)
    y.data_ptr<std::int64_t>()[i] = samples_.y[places[i]].item<std::int64_t>();
  return y;
}

/// Which of the samples the net is wrong about.
Result<std::vector<char>> Trial::fallen(const SharedChange* change,
                                        const Indices& places,
                                        std::uint32_t draw) {
  std::vector<char> wrong(places.size());
  const std::size_t pieces = (places.size() + piece - 1) / piece;
  const auto work = [&](std::size_t i) -> Result<> {
    const auto part =
        std::span(places).subspan(i * piece, std::min(piece, places.size() - i * piece));
    TRY(const at::Tensor logits, net_.logits(changed(change, part, draw)));
    TRY_VOID(check_scores(logits, net_.file()));
    const at::Tensor fooled = is_fooled(logits, labels(part)).contiguous();
    std::copy_n(fooled.data_ptr<bool>(), part.size(),
                wrong.begin() + static_cast<std::ptrdiff_t>(i * piece));
    return {};
  };
  Progress quiet;
  TRY_VOID(run_shards(pieces, piece, threads_, quiet, work));
  forward_ += std::ssize(places);
  return wrong;
}

Result<> Trial::step(SharedChange& change,
                     std::span<const std::int64_t> places,
                     std::uint32_t draw,
                     double progress) {
  const std::size_t pieces = (places.size() + piece - 1) / piece;
  std::vector<at::Tensor> gradients(pieces);
  const auto part_of = [&](std::size_t i) {
    return places.subspan(i * piece, std::min(piece, places.size() - i * piece));
  };
  const auto work = [&](std::size_t i) -> Result<> {
    const at::Tensor y = labels(part_of(i));
    TRY(const Classifier::Gradient answer,
        net_.gradient(changed(&change, part_of(i), draw), loss_of(y.data_ptr<std::int64_t>())));
    gradients[i] = answer.input.to(at::kFloat).contiguous();
    return {};
  };
  Progress quiet;
  TRY_VOID(run_shards(pieces, piece, threads_, quiet, work));
  forward_ += std::ssize(places);
  backward_ += std::ssize(places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const float* gradient = gradients[i / piece].data_ptr<float>() + (i % piece) * features_;
    change.gather(sample(places[i]), {static_cast<std::uint32_t>(places[i]), draw},
                  {gradient, features_});
  }
  change.climb(progress);
  return {};
}

/// Goes through the samples in ever another order, and keeps the change that most of them fell for.
Result<> Trial::train(SharedChange& change, const Indices& places) {
  progress_.stage("making the change", static_cast<std::uint64_t>(plan_.steps));
  std::vector<float> best = change.values();
  std::ptrdiff_t most = -1;
  Indices order;
  std::uint32_t round = 0;
  for (int i = 0; i < plan_.steps; ++i) {
    if (progress_.is_cancelled())
      return fail(ErrorKind::interrupted, "ai.cancelled", "the measurement was stopped");
    if (order.size() < std::min(batch, places.size()))
      order = shuffled(places, {plan_.seed, stream_of("universal.order"), ++round, 0});
    const std::size_t taken = std::min(batch, order.size());
    const Indices chosen(order.end() - static_cast<std::ptrdiff_t>(taken), order.end());
    order.resize(order.size() - taken);
    TRY_VOID(step(change, chosen, static_cast<std::uint32_t>(i) + 1,
                  static_cast<double>(i) / plan_.steps));
    progress_.advance(static_cast<std::uint64_t>(i) + 1);
    const bool is_looked_at = order.size() < batch || i + 1 == plan_.steps;
    if (!is_looked_at) continue;
    TRY(const std::vector<char> wrong, fallen(&change, places, 0));
    const std::ptrdiff_t now = std::ranges::count(wrong, 1);
    if (now <= most) continue;
    most = now;
    best = change.values();
  }
  change.restore(std::move(best));
  return {};
}

/// How many of the samples that fell in their batch LibTorch alone is wrong about.
Result<std::int64_t> Trial::confirm(const SharedChange& change,
                                    const Indices& places,
                                    const std::vector<char>& claimed) {
  std::int64_t confirmed = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (claimed[i] == 0) continue;
    const std::span one(&places[i], 1);
    TRY(const at::Tensor logits, net_.reference_logits(changed(&change, one, held_out_draw)));
    confirmed += is_fooled(logits, labels(one)).item<bool>() ? 1 : 0;
  }
  return confirmed;
}

Result<UniversalOutcome> Trial::run(SharedChange& change) {
  Indices all(static_cast<std::size_t>(samples_.count()));
  std::iota(all.begin(), all.end(), 0);
  all = shuffled(std::move(all), {plan_.seed, stream_of("universal.halves"), 0, 0});
  Indices trained(all.begin(), all.begin() + std::ssize(all) / 2);
  Indices held_out(all.begin() + std::ssize(all) / 2, all.end());
  std::ranges::sort(trained);
  std::ranges::sort(held_out);

  UniversalOutcome outcome;
  UniversalReport& report = outcome.report;
  const auto total = std::ssize(held_out);
  TRY(const std::vector<char> wrong, fallen(nullptr, held_out, 0));
  TRY(const std::vector<char> wrong_before, fallen(nullptr, trained, 0));
  report.clean = accuracy_of(total - std::ranges::count(wrong, 1), total);
  Indices right_trained;
  for (std::size_t i = 0; i < trained.size(); ++i)
    if (wrong_before[i] == 0) right_trained.push_back(trained[i]);
  Indices right;
  for (std::size_t i = 0; i < held_out.size(); ++i)
    if (wrong[i] == 0) right.push_back(held_out[i]);
  if (!right_trained.empty()) TRY_VOID(train(change, right_trained));

  progress_.stage("held-out samples", 0);
  TRY(const std::vector<char> trained_fell, fallen(&change, right_trained, 0));
  TRY(const std::vector<char> fell, fallen(&change, right, held_out_draw));
  report.claimed = std::ranges::count(fell, 1);
  TRY(report.confirmed, confirm(change, right, fell));
  report.changed = accuracy_of(std::ssize(right) - report.confirmed, total);
  report.trained = accuracy_of(std::ssize(right_trained) - std::ranges::count(trained_fell, 1),
                               std::ssize(trained));
  report.size = change.size();
  report.source = change.source();
  outcome.values = change.values();
  outcome.shape = change.shape();
  change.randomise();
  TRY(const std::vector<char> fell_by_chance, fallen(&change, right, held_out_draw));
  report.control = accuracy_of(std::ssize(right) - std::ranges::count(fell_by_chance, 1), total);
  report.forward = forward_;
  report.backward = backward_;
  return outcome;
}

}  // namespace

Result<std::string> bytes_of(const UniversalOutcome& outcome,
                             const ValueRange& range,
                             std::string_view file) {
  const std::vector<float>& values = outcome.values;
  if (!file.ends_with(".png")) {
    Array array{
        ElementType::float32, outcome.shape, std::string(values.size() * sizeof(float), '\0'), {}};
    std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
    return write_npy(array);
  }
  TRY(const PictureLayout layout, layout_for(outcome.shape, file));
  const bool is_patch = outcome.report.change.kind == UniversalChange::Kind::patch;
  float largest = 0;
  for (const float value : values)
    largest = std::max(largest, std::abs(value));
  const auto brightness = [&](float value) {
    if (is_patch) return (value - range.low) / (range.high - range.low);
    return largest == 0 ? 0.5 : 0.5 + 0.5 * static_cast<double>(value / largest);
  };
  Array image{ElementType::uint8, {layout.height, layout.width, layout.channels}, {}, {}};
  for (std::int64_t y = 0; y < layout.height; ++y)
    for (std::int64_t x = 0; x < layout.width; ++x)
      for (std::int64_t c = 0; c < layout.channels; ++c)
        image.bytes += byte_of(brightness(values[static_cast<std::size_t>(layout.place(c, y, x))]));
  return write_png(image);
}

Result<UniversalOutcome> measure_universal(const Classifier& classifier,
                                           const Samples& samples,
                                           const UniversalPlan& plan,
                                           int threads,
                                           Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  TRY_VOID(check(plan, samples));
  TRY(const at::Tensor first, classifier.logits(samples.x.narrow(0, 0, 1)));
  TRY_VOID(check_labels(samples, first.size(1)));
  TRY(const auto change, change_of(plan, samples));
  Trial trial(classifier, samples, plan, threads, progress);
  TRY(UniversalOutcome outcome, trial.run(*change));
  UniversalReport& report = outcome.report;
  report.change = plan.change;
  report.steps = plan.steps;
  report.seed = plan.seed;
  report.answered_by = classifier.answered_by();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  report.seconds = seconds.count();
  report.worker_version = LOCKSTEP_VERSION;
  return outcome;
}

}  // namespace lockstep::ai
