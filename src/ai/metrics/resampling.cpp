// SPDX-License-Identifier: Apache-2.0
#include "ai/metrics/resampling.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>

#include "ai/metrics/metrics.hpp"
#include "base/exact_tests.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

/// What a draw needs of one sample, side by side: the loop below jumps between samples at random.
struct Drawn {
  double loss;
  double squared_error;
  double confidence;
  std::int32_t label;
  std::int32_t answered;
  std::uint8_t bin;
};

std::vector<Drawn> drawable(const Slice& slice, const Binning& binning) {
  std::vector<Drawn> all;
  all.reserve(slice.index.size());
  for (std::size_t i = 0; i < slice.index.size(); ++i) {
    const auto sample = static_cast<std::size_t>(slice.index[i]);
    all.push_back({loss_of(slice.scores, slice.index[i]),
                   squared_error_of(slice.scores, slice.index[i]), binning.confidence[i],
                   slice.scores.labels[sample], slice.scores.answered[sample], binning.bin[i]});
  }
  return all;
}

/// Right answers by bin, against what was expected of them.
class BinErrors {
 public:
  explicit BinErrors(const Binning& binning) : binning_(binning), right_(binning.bins.size()) {}

  void clear() { std::ranges::fill(right_, 0); }

  void add(std::uint8_t bin) { ++right_[bin]; }

  /// Mean over the samples of |rate drawn - expected rate| of their bin.
  double against(const std::vector<double>& expected) const {
    double sum = 0;
    for (std::size_t b = 0; b < right_.size(); ++b)
      sum += std::abs(static_cast<double>(right_[b]) -
                      expected[b] * static_cast<double>(binning_.bins[b].accuracy.total));
    return sum / static_cast<double>(binning_.bin.size());
  }

 private:
  const Binning& binning_;
  std::vector<std::int64_t> right_;
};

double correlation_or_none(const Tally& tally) {
  return correlation(tally).value_or(0);
}

/// a = sum d^3 / (6 (sum d^2)^1.5)
double skewness_sixth(double cubes, double squares) {
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

double quantile_between(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() + 1) - 1;
  if (place <= 0) return sorted.front();
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double share = place - static_cast<double>(below);
  return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

/// The bootstrap shows no errors that are rarer than those it was given.
constexpr std::int64_t least_errors = 10;

bool has_too_few(const Tally& tally) {
  return std::min(tally.correct, tally.samples - tally.correct) < least_errors;
}

std::string too_few(const Tally& tally) {
  const std::int64_t wrong = tally.samples - tally.correct;
  return fmt::format("{} {} answers are too few to resample (at least {})",
                     std::min(tally.correct, wrong), wrong <= tally.correct ? "wrong" : "right",
                     least_errors);
}

Bounds bca_bounds(double value, const std::vector<double>& sorted, double acceleration) {
  return [=](double alpha) { return bca(value, sorted, acceleration, alpha); };
}

std::vector<double> numbers_of(const Slice& slice, double (*number)(const Scores&, std::int32_t)) {
  std::vector<double> numbers;
  numbers.reserve(slice.index.size());
  for (const std::int32_t sample : slice.index)
    numbers.push_back(number(slice.scores, sample));
  return numbers;
}

double mean(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

/// A metric whose interval is resampled, unless too few errors were seen.
Bounded resampled(const Subject& subject,
                  double value,
                  const std::vector<double>& sorted,
                  double acceleration) {
  Bounded bounded;
  bounded.value = value;
  bounded.samples = subject.slice.samples();
  if (has_too_few(subject.tally)) {
    bounded.why_not = too_few(subject.tally);
  } else {
    bounded.bounds = bca_bounds(value, sorted, acceleration);
    bounded.method = "bootstrap, BCa";
    bounded.least_alpha = 1 / static_cast<double>(sorted.size() + 1);
  }
  return bounded;
}

Bounded without_samples() {
  Bounded bounded;
  bounded.why_not = "there are no samples";
  return bounded;
}

}  // namespace

double loss_of(const Scores& scores, std::int32_t sample) {
  return -scores.row(
      sample)[static_cast<std::size_t>(scores.labels[static_cast<std::size_t>(sample)])];
}

double squared_error_of(const Scores& scores, std::int32_t sample) {
  const auto row = scores.row(sample);
  const auto label = static_cast<std::size_t>(scores.labels[static_cast<std::size_t>(sample)]);
  double sum = 0;
  for (std::size_t c = row.size() == 2 ? 1 : 0; c < row.size(); ++c)
    sum += std::pow(std::exp(row[c]) - (c == label ? 1 : 0), 2);
  return sum;
}

std::optional<double> correlation(const Tally& tally) {
  const auto samples = static_cast<double>(tally.samples);
  double both = 0;
  double truth = 0;
  double answered = 0;
  for (std::size_t c = 0; c < tally.truth.size(); ++c) {
    const auto t = static_cast<double>(tally.truth[c]);
    const auto a = static_cast<double>(tally.answered[c]);
    both += t * a;
    truth += t * t;
    answered += a * a;
  }
  const double spread = (samples * samples - truth) * (samples * samples - answered);
  if (!(spread > 0)) return std::nullopt;
  return (static_cast<double>(tally.correct) * samples - both) / std::sqrt(spread);
}

double mean_f1(const Tally& tally) {
  double sum = 0;
  std::int64_t classes = 0;
  for (std::size_t c = 0; c < tally.truth.size(); ++c) {
    const std::int64_t concerned = tally.truth[c] + tally.answered[c];
    if (concerned == 0) continue;
    ++classes;
    sum += 2 * static_cast<double>(tally.right[c]) / static_cast<double>(concerned);
  }
  return classes == 0 ? 0 : sum / static_cast<double>(classes);
}

Resamples resample(const Slice& slice,
                   const Binning& binning,
                   const ResamplingSettings& settings,
                   std::string_view name) {
  Resamples out;
  if (slice.index.empty()) return out;
  const std::vector<Drawn> all = drawable(slice, binning);
  const auto count = static_cast<std::uint32_t>(all.size());
  std::vector<double> rate;
  std::vector<double> confidence;
  for (const ReliabilityBin& bin : binning.bins) {
    rate.push_back((static_cast<double>(bin.accuracy.correct) + 0.5) /
                   (static_cast<double>(bin.accuracy.total) + 1));
    confidence.push_back(bin.confidence);
  }
  Tally tally(slice.scores.classes);
  BinErrors drawn(binning);
  BinErrors calibrated(binning);
  const std::uint32_t stream = stream_of(fmt::format("metrics.bootstrap.{}", name));
  for (std::int64_t r = 0; r < settings.resamples; ++r) {
    Random random(RandomKey{settings.seed, stream, static_cast<std::uint32_t>(r), 0});
    tally.clear();
    drawn.clear();
    calibrated.clear();
    double loss = 0;
    double squared_error = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const Drawn& one = all[random.below(count)];
      loss += one.loss;
      squared_error += one.squared_error;
      tally.add(one.label, one.answered);
      const double u = random.uniform();
      if (u < rate[all[i].bin]) drawn.add(all[i].bin);
      if (u < all[i].confidence) calibrated.add(all[i].bin);
    }
    out.log_loss.push_back(loss / count);
    out.brier.push_back(squared_error / count);
    out.mcc.push_back(correlation_or_none(tally));
    out.macro_f1.push_back(mean_f1(tally));
    out.calibration_noise.push_back(drawn.against(rate));
    out.calibrated_error.push_back(calibrated.against(confidence));
  }
  for (std::vector<double>* list : {&out.mcc, &out.macro_f1, &out.log_loss, &out.brier,
                                    &out.calibration_noise, &out.calibrated_error})
    std::ranges::sort(*list);
  return out;
}

Interval bca(double value, const std::vector<double>& sorted, double acceleration, double alpha) {
  const auto count = static_cast<double>(sorted.size());
  const auto [first, last] = std::ranges::equal_range(sorted, value);
  const double below =
      static_cast<double>(first - sorted.begin()) + static_cast<double>(last - first) / 2;
  const double bias = normal_quantile(std::clamp(below / count, 0.5 / count, 1 - 0.5 / count));
  const auto end = [&](double p) {
    const double z = bias + normal_quantile(p);
    return quantile_between(sorted, normal_probability(bias + z / (1 - acceleration * z)));
  };
  return {end(alpha), end(1 - alpha)};
}

double acceleration_of_mean(const std::vector<double>& numbers) {
  const double middle = mean(numbers);
  double squares = 0;
  double cubes = 0;
  for (const double one : numbers) {
    squares += std::pow(one - middle, 2);
    cubes += std::pow(one - middle, 3);
  }
  return skewness_sixth(cubes, squares);
}

double acceleration(const Slice& slice, const Tally& tally, double (*metric)(const Tally&)) {
  std::map<std::pair<std::int32_t, std::int32_t>, double> cells;
  for (const std::int32_t i : slice.index)
    ++cells[{slice.scores.labels[static_cast<std::size_t>(i)],
             slice.scores.answered[static_cast<std::size_t>(i)]}];
  Tally left = tally;
  std::vector<std::pair<double, double>> values;  // without one sample of a cell; how many it has
  double sum = 0;
  for (const auto& [cell, count] : cells) {
    left.add(cell.first, cell.second, -1);
    values.emplace_back(metric(left), count);
    left.add(cell.first, cell.second);
    sum += values.back().first * count;
  }
  const double middle = sum / static_cast<double>(tally.samples);
  double squares = 0;
  double cubes = 0;
  for (const auto& [value, count] : values) {
    squares += count * std::pow(middle - value, 2);
    cubes += count * std::pow(middle - value, 3);
  }
  return skewness_sixth(cubes, squares);
}

Bounded mcc(const Subject& subject, std::int64_t) {
  if (subject.slice.index.empty()) return without_samples();
  const auto value = correlation(subject.tally);
  if (!value) {
    Bounded bounded;
    bounded.samples = subject.slice.samples();
    bounded.why_not = "all samples, or all answers, are of one class";
    return bounded;
  }
  return resampled(subject, *value, subject.resamples.mcc,
                   acceleration(subject.slice, subject.tally, correlation_or_none));
}

Bounded macro_f1(const Subject& subject, std::int64_t) {
  if (subject.slice.index.empty()) return without_samples();
  return resampled(subject, mean_f1(subject.tally), subject.resamples.macro_f1,
                   acceleration(subject.slice, subject.tally, mean_f1));
}

Bounded log_loss(const Subject& subject, std::int64_t) {
  if (subject.slice.index.empty()) return without_samples();
  const std::vector<double> losses = numbers_of(subject.slice, loss_of);
  return resampled(subject, mean(losses), subject.resamples.log_loss, acceleration_of_mean(losses));
}

Bounded brier(const Subject& subject, std::int64_t) {
  if (subject.slice.index.empty()) return without_samples();
  const std::vector<double> errors = numbers_of(subject.slice, squared_error_of);
  Bounded bounded =
      resampled(subject, mean(errors), subject.resamples.brier, acceleration_of_mean(errors));
  if (bounded.bounds) return bounded;
  const double most = subject.slice.scores.classes == 2 ? 1 : 2;
  bounded.bounds = [mean = *bounded.value / most, n = bounded.samples, most](double alpha) {
    const Interval interval = bounded_mean(std::min(1.0, mean), n, alpha);
    return Interval{most * interval.low, most * interval.high};
  };
  bounded.method = "Bentkus";
  bounded.why_not.clear();
  return bounded;
}

}  // namespace lockstep::ai
