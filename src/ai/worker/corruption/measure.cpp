// SPDX-License-Identifier: Apache-2.0
// Every picture under every corruption and severity, each made anew from the clean one, and what
// the net says of it. Nothing is searched: these are not attacks but the weather, so that a share
// of right answers is an estimate for pictures of this kind, not a bound.
#include "ai/worker/corruption/measure.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "ai/worker/corruption/corruption.hpp"
#include "ai/worker/data/fit.hpp"
#include "ai/worker/data/picture_layout.hpp"
#include "ai/worker/evasion/shards.hpp"
#include "base/text.hpp"
#include "domain/accuracy.hpp"

namespace lockstep::ai {
namespace {

tl::unexpected<Error> no_pictures(const Samples& samples, std::string found) {
  return fail(
      ErrorKind::input, "ai.corruption",
      fmt::format("expected pictures of 1 or 3 channels with values from 0 to 1, found {}", found),
      {samples.file, 0, 0});
}

class Pictures {
 public:
  static Result<Pictures> of(const Samples& samples) {
    const auto layout = picture_layout_of(samples.x.sizes().slice(1));
    if (!layout || std::min(layout->height, layout->width) < 8)
      return no_pictures(samples,
                         "samples of shape " + shape_text(samples.x.sizes().slice(1).vec()));
    const double low = samples.x.min().item<double>();
    const double high = samples.x.max().item<double>();
    // Written so that NaN, which is the least and the largest of what it is in, is refused.
    if (!(low >= 0 && high <= 1))
      return no_pictures(samples, fmt::format("{:.4g} to {:.4g}", low, high));
    return Pictures(*layout, samples.x.to(at::kFloat).contiguous());
  }

  std::int64_t size() const { return layout_.size(); }

  Image at(std::int64_t sample) const {
    Image image(layout_.channels, layout_.height, layout_.width);
    const float* from = x_.data_ptr<float>() + sample * size();
    for_each_place([&](std::int64_t place, std::int64_t c, std::int64_t y, std::int64_t x) {
      image.at(c, y, x) = from[place];
    });
    return image;
  }

  void write(const Image& image, float* to) const {
    for_each_place([&](std::int64_t place, std::int64_t c, std::int64_t y, std::int64_t x) {
      to[place] = image.at(c, y, x);
    });
  }

 private:
  Pictures(const PictureLayout& layout, at::Tensor x) : layout_(layout), x_(std::move(x)) {}

  template <typename Work>
  void for_each_place(const Work& work) const {
    for (std::int64_t c = 0; c < layout_.channels; ++c)
      for (std::int64_t y = 0; y < layout_.height; ++y)
        for (std::int64_t x = 0; x < layout_.width; ++x)
          work(layout_.place(c, y, x), c, y, x);
  }

  PictureLayout layout_;
  at::Tensor x_;
};

Result<std::vector<const CorruptionRow*>> rows_of(const CorruptionPlan& plan) {
  std::vector<const CorruptionRow*> rows;
  if (plan.corruptions.empty())
    for (const CorruptionRow& row : corruptions())
      rows.push_back(&row);
  for (const std::string& name : plan.corruptions) {
    rows.push_back(find_corruption(name));
    if (rows.back() != nullptr) continue;
    std::vector<std::string> known;
    for (const CorruptionRow& row : corruptions())
      known.emplace_back(row.name);
    const auto near = nearest(name, known);
    return fail(
        ErrorKind::usage, "ai.corruption",
        fmt::format("expected one of the corruptions {}, found '{}'{}", join(known, ", "),
                    quotable(name), near ? fmt::format("; did you mean '{}'?", *near) : ""));
  }
  return rows;
}

Result<> check(const CorruptionPlan& plan, const Samples& samples, const at::Tensor& logits) {
  if (plan.batch_size < 1 || plan.batch_size > 65'536)
    return fail(ErrorKind::usage, "ai.plan",
                fmt::format("expected a batch of 1 to 65536 samples, found {}", plan.batch_size));
  return check_labels(samples, logits.size(1));
}

struct Counts {
  std::int64_t own = 0;
  std::int64_t baseline = 0;
};

Result<std::int64_t> right_in(const Classifier& net, const at::Tensor& x, const at::Tensor& y) {
  TRY(const at::Tensor logits, net.logits(x.to(net.wants_float64() ? at::kDouble : at::kFloat)));
  TRY_VOID(check_scores(logits, net.file()));
  return logits.argmax(1).eq(y).sum().item<std::int64_t>();
}

/// Counts right answers batch by batch; `picture` makes each sample's picture.
template <typename Picture>
Result<Counts> count(const Classifier& net,
                     const Classifier* baseline,
                     const Samples& samples,
                     const Pictures& pictures,
                     std::int64_t batch_size,
                     int threads,
                     Progress& progress,
                     const Picture& picture) {
  const std::int64_t total = samples.count();
  std::vector<Counts> parts(static_cast<std::size_t>((total + batch_size - 1) / batch_size));
  const auto work = [&](std::size_t part) -> Result<> {
    const std::int64_t first = static_cast<std::int64_t>(part) * batch_size;
    const std::int64_t size = std::min(batch_size, total - first);
    std::vector<std::int64_t> shape = samples.x.sizes().vec();
    shape.front() = size;
    const at::Tensor x = at::empty(shape, at::kFloat);
    for (std::int64_t i = 0; i < size; ++i)
      pictures.write(picture(first + i), x.data_ptr<float>() + i * pictures.size());
    const at::Tensor y = samples.y.narrow(0, first, size);
    TRY(parts[part].own, right_in(net, x, y));
    if (baseline != nullptr) {
      TRY(parts[part].baseline, right_in(*baseline, x, y));
    }
    return {};
  };
  TRY_VOID(run_shards(parts.size(), static_cast<std::size_t>(batch_size), threads, progress, work));
  Counts sum;
  for (const Counts& one : parts)
    sum = {sum.own + one.own, sum.baseline + one.baseline};
  return sum;
}

}  // namespace

Result<CorruptionReport> measure_corruptions(const Classifier& classifier,
                                             const Classifier* baseline,
                                             const Samples& samples,
                                             const CorruptionPlan& plan,
                                             int threads,
                                             Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  TRY(const auto rows, rows_of(plan));
  TRY(const Pictures pictures, Pictures::of(samples));
  TRY(const at::Tensor first, classifier.logits(samples.x.narrow(0, 0, 1)));
  TRY_VOID(check(plan, samples, first));
  std::vector<int> wanted = plan.severities;
  for (int severity = 1; plan.severities.empty() && severity <= severities; ++severity)
    wanted.push_back(severity);

  const std::int64_t total = samples.count();
  const auto counted = [&](const auto& picture) {
    return count(classifier, baseline, samples, pictures, classifier.batch_for(plan.batch_size),
                 threads, progress, picture);
  };
  CorruptionReport report;
  progress.stage("clean", static_cast<std::uint64_t>(total));
  TRY(const Counts clean, counted([&](std::int64_t i) { return pictures.at(i); }));
  report.clean = accuracy_of(clean.own, total);
  if (baseline != nullptr)
    report.errors =
        CorruptionErrors{{}, baseline->answered_by(), accuracy_of(clean.baseline, total), {}, {}};
  for (const CorruptionRow* row : rows)
    for (const int severity : wanted) {
      progress.stage(fmt::format("{} {}", row->name, severity), static_cast<std::uint64_t>(total));
      TRY(const Counts right, counted([&](std::int64_t i) {
            return corrupted(*row, pictures.at(i), severity, plan.seed,
                             static_cast<std::uint32_t>(i));
          }));
      report.cells.push_back({std::string(row->name), severity, accuracy_of(right.own, total),
                              baseline == nullptr ? std::nullopt : std::optional(right.baseline)});
    }
  report.samples = total;
  report.seed = plan.seed;
  report.answered_by = classifier.answered_by();
  report.table = is_small(pictures.at(0)) ? "small" : "large";
  summarise(report);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  report.seconds = seconds.count();
  report.worker_version = LOCKSTEP_VERSION;
  return report;
}

}  // namespace lockstep::ai
