// SPDX-License-Identifier: Apache-2.0
// HopSkipJump: is told the class only. From a point on the border it asks about many points close
// by; the mean of their directions, each with the sign of what the net said, points away from the
// right class. It jumps that way, and goes back to the border along the line to the sample (Linf:
// by a smaller and smaller cube).
//
// Probes lie at a hundredth of the distance to the sample. The paper's radius shrinks with the
// number of elements, so that for an image the bisection's own error is larger than the probes, and
// half of the distance that could be had is lost. Directions are taken after clipping to the
// bounds, and added up over the jumps, those before with less and less weight: the border turns
// slowly, and more probes make a better direction.
//
// Source: Chen, Jordan and Wainwright 2020, "HopSkipJumpAttack: a query-efficient decision-based
// attack", arXiv 1904.02144.
#include <algorithm>
#include <cmath>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/decisions.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {
namespace {

constexpr double probe_share = 0.01;   ///< of the distance: how far probes are
constexpr double border_share = 1e-3;  ///< of the distance: how well the border is known
constexpr float memory = 0.8F;         ///< of directions from one jump to the next
constexpr double first_probes = 100;
constexpr std::int64_t probes_most = 10'000;
constexpr int jumps_most = 12;                     ///< halvings of a jump
constexpr std::int64_t question_floats = 1 << 16;  ///< of a question, about

/// What probes said: the sums of their directions, all and those of wrong answers alone.
struct Sums {
  std::vector<double> all;
  std::vector<double> wrong;
  std::int64_t probes = 0;
  std::int64_t wrong_probes = 0;
};

LS_WIDE void add(const float* probe, const float* centre, std::size_t count, double* sum) {
  for (std::size_t i = 0; i < count; ++i)
    sum[i] += static_cast<double>(probe[i] - centre[i]);
}

LS_WIDE void place(const float* centre,
                   const float* noise,
                   std::size_t count,
                   float scale,
                   float low,
                   float high,
                   float* probe) {
  for (std::size_t i = 0; i < count; ++i) {
    const float there = centre[i] + scale * noise[i];
    probe[i] = there < low ? low : there > high ? high : there;
  }
}

/// The direction away from the right class at a point of the border.
Search<std::vector<float>> direction_at(Seat& seat,
                                        const std::vector<float>& border,
                                        double radius,
                                        std::int64_t probes,
                                        Noise& source) {
  const std::size_t count = border.size();
  const auto low = static_cast<float>(seat.threat.low);
  const auto high = static_cast<float>(seat.threat.high);
  const std::int64_t at_once =
      std::clamp<std::int64_t>(question_floats / static_cast<std::int64_t>(count), 1, 64);
  Sums sums{std::vector<double>(count, 0), std::vector<double>(count, 0)};
  std::vector<float> noise(count);
  std::vector<float> rows;
  while (sums.probes < probes) {
    const std::int64_t some = std::min(at_once, probes - sums.probes);
    rows.resize(static_cast<std::size_t>(some) * count);
    for (std::size_t row = 0; row < static_cast<std::size_t>(some); ++row) {
      source.fill(noise);
      const double length = std::sqrt(std::max(product(noise, noise), 1e-12));
      place(border.data(), noise.data(), count, static_cast<float>(radius / length), low, high,
            rows.data() + row * count);
    }
    const Answer answer = co_await seat.ask(rows);
    for (std::int64_t row = 0; row < some; ++row) {
      const float* probe = rows.data() + static_cast<std::size_t>(row) * count;
      add(probe, border.data(), count, sums.all.data());
      if (!seat.is_wrong(answer, row)) continue;
      add(probe, border.data(), count, sums.wrong.data());
      ++sums.wrong_probes;
    }
    sums.probes += some;
  }
  // The sum of (sign - mean sign) * direction; of directions alone where all signs are the same.
  const bool is_mixed = sums.wrong_probes > 0 && sums.wrong_probes < sums.probes;
  const double share =
      is_mixed ? static_cast<double>(sums.wrong_probes) / static_cast<double>(sums.probes)
               : (sums.wrong_probes == 0 ? 1.0 : 0.0);
  std::vector<float> direction(count);
  for (std::size_t i = 0; i < count; ++i)
    direction[i] = static_cast<float>(sums.wrong[i] - share * sums.all[i]);
  co_return direction;
}

/// Adds a direction, as a unit vector, to the fading sum of those before it.
void remember(const std::vector<float>& direction, std::vector<float>& sum) {
  const double length = std::sqrt(std::max(product(direction, direction), 1e-30));
  for (std::size_t i = 0; i < sum.size(); ++i)
    sum[i] = memory * sum[i] + static_cast<float>(static_cast<double>(direction[i]) / length);
}

Search<bool> hop(Seat& seat, int restart) {
  const auto draw = static_cast<std::uint32_t>(restart);
  Random random(RandomKey{seat.options.seed, stream_of("hsj start"), draw, seat.index});
  Noise noise(RandomKey{seat.options.seed, stream_of("hsj"), draw, seat.index});
  const std::int64_t budget = seat.asked() + seat.options.steps;
  const bool has_start = co_await find_start(seat, random, seat.options.steps);
  if (!has_start) co_return false;
  std::vector<float> border(seat.nearest_point().begin(), seat.nearest_point().end());
  border = co_await to_border(seat, std::move(border), border_share);
  std::vector<float> direction(border.size(), 0);
  for (int i = 1; seat.asked() < budget; ++i) {
    const double away = distance(border, seat.x, seat.threat.norm);
    if (away <= 0) break;
    const std::int64_t probes =
        std::min({static_cast<std::int64_t>(first_probes * std::sqrt(i)), probes_most,
                  std::max<std::int64_t>(budget - seat.asked(), 1)});
    const double euclid = distance(border, seat.x, Norm::l2);
    const std::vector<float> here =
        co_await direction_at(seat, border, probe_share * euclid, probes, noise);
    remember(here, direction);
    double length = away / std::sqrt(i);
    std::vector<float> next;
    bool is_wrong = false;
    for (int jump = 0; jump < jumps_most && !is_wrong; ++jump, length *= 0.5) {
      next = border;
      step(next, direction, seat.threat.norm, length);
      clip(next, seat.threat);
      const Answer answer = co_await seat.ask(next);
      is_wrong = seat.is_wrong(answer);
    }
    if (!is_wrong) continue;
    next = co_await to_border(seat, std::move(next), border_share);
    if (distance(next, seat.x, seat.threat.norm) < away) border = std::move(next);
  }
  co_return true;
}

}  // namespace

Search<bool> search_hsj(Seat& seat) {
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.offer_nearer(clean, seat.x)) co_return true;
  bool is_found = false;
  for (int restart = 0; restart < seat.options.restarts; ++restart) {
    const bool is_here = co_await hop(seat, restart);
    is_found = is_found || is_here;
  }
  co_return is_found;
}

}  // namespace lockstep::ai
