// SPDX-License-Identifier: Apache-2.0
// Boundary attack: a random walk along the border, told the class only. Each step goes a little to
// the side, on the sphere around the sample, then a little towards the sample; it is kept where the
// net stays wrong. Both lengths follow how often that works: sideways half of the time, inwards a
// quarter.
//
// Source: Brendel, Rauber and Bethge 2018, "Decision-based adversarial attacks: reliable attacks
// against black-box machine learning models", arXiv 1712.04248.
#include <algorithm>
#include <cmath>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/decisions.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {
namespace {

constexpr double border_share = 1e-2;
constexpr double change = 1.1;  ///< of a length, when too much or too little works
constexpr int look_every = 10;  ///< steps between questions about the sideways part alone

/// How often of late something worked.
struct Rate {
  double value;

  void add(bool worked, double weight) { value += weight * ((worked ? 1.0 : 0.0) - value); }
};

LS_WIDE void subtract(const float* a, const float* b, std::size_t count, float* difference) {
  for (std::size_t i = 0; i < count; ++i)
    difference[i] = a[i] - b[i];
}

LS_WIDE void subtract_scaled(float* from, const float* what, std::size_t count, float scale) {
  for (std::size_t i = 0; i < count; ++i)
    from[i] -= scale * what[i];
}

/// x + back * (outwards + side * noise), in the box.
LS_WIDE void place(const float* x,
                   const float* outwards,
                   const float* noise,
                   std::size_t count,
                   float side,
                   float back,
                   float low,
                   float high,
                   float* point) {
  for (std::size_t i = 0; i < count; ++i) {
    const float there = x[i] + back * (outwards[i] + side * noise[i]);
    point[i] = there < low ? low : there > high ? high : there;
  }
}

/// Steps to the side of a point of the border, on the sphere around x.
class Sideways {
 public:
  Sideways(const Seat& seat, RandomKey key)
      : seat_(seat), source_(key), noise_(seat.x.size()), outwards_(seat.x.size()) {}

  /// Where steps begin from now on.
  void stand_on(const std::vector<float>& border) {
    subtract(border.data(), seat_.x.data(), border.size(), outwards_.data());
    square_ = std::max(product(outwards_, outwards_), 1e-12);
  }

  /// @param share of the distance that the step is long; @param point written
  void step(double share, std::vector<float>& point) {
    const std::size_t count = point.size();
    source_.fill(noise_);
    const double along = product(noise_, outwards_) / square_;
    subtract_scaled(noise_.data(), outwards_.data(), count, static_cast<float>(along));
    const double length = std::sqrt(std::max(product(noise_, noise_), 1e-12));
    place(seat_.x.data(), outwards_.data(), noise_.data(), count,
          static_cast<float>(share * std::sqrt(square_) / length),
          static_cast<float>(1 / std::sqrt(1 + share * share)),
          static_cast<float>(seat_.threat.low), static_cast<float>(seat_.threat.high),
          point.data());
  }

 private:
  const Seat& seat_;
  Noise source_;
  std::vector<float> noise_;
  std::vector<float> outwards_;  ///< from the sample to where the step begins
  double square_ = 0;            ///< of its length
};

Search<bool> walk(Seat& seat, int restart) {
  const auto draw = static_cast<std::uint32_t>(restart);
  Random random(RandomKey{seat.options.seed, stream_of("boundary start"), draw, seat.index});
  Sideways sideways(seat, RandomKey{seat.options.seed, stream_of("boundary"), draw, seat.index});
  const std::int64_t budget = seat.asked() + seat.options.steps;
  const bool has_start = co_await find_start(seat, random, seat.options.steps);
  if (!has_start) co_return false;
  std::vector<float> border(seat.nearest_point().begin(), seat.nearest_point().end());
  border = co_await to_border(seat, std::move(border), border_share);
  std::vector<float> point(border.size());
  double side = 0.1;
  double inward = 0.1;
  Rate aside{0.5};
  Rate inside{0.25};
  double away = distance(border, seat.x, Norm::l2);
  sideways.stand_on(border);
  for (int i = 1; seat.asked() < budget && away > 0; ++i) {
    sideways.step(side, point);
    if (i % look_every == 0) {
      const Answer answer = co_await seat.ask(point);
      aside.add(seat.offer_nearer(answer, point), 0.1);
      if (aside.value > 0.5) {
        side *= change;
        inward *= change;
      } else if (aside.value < 0.2) {
        side /= change;
        inward /= change;
      }
    }
    project(point, seat.x, seat.threat, (1 - inward) * away);
    const Answer answer = co_await seat.ask(point);
    const bool is_wrong = seat.offer_nearer(answer, point);
    inside.add(is_wrong, 1.0 / 30);
    if (i % look_every == 0)
      inward *= inside.value > 0.25 ? change : inside.value < 0.1 ? 1 / change : 1;
    if (!is_wrong) continue;
    border.swap(point);
    away = distance(border, seat.x, Norm::l2);
    sideways.stand_on(border);
  }
  co_return true;
}

}  // namespace

Search<bool> search_boundary(Seat& seat) {
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.offer_nearer(clean, seat.x)) co_return true;
  bool is_found = false;
  for (int restart = 0; restart < seat.options.restarts; ++restart) {
    const bool is_here = co_await walk(seat, restart);
    is_found = is_found || is_here;
  }
  co_return is_found;
}

}  // namespace lockstep::ai
