// SPDX-License-Identifier: Apache-2.0
// SimBA: takes one element after another in random order, moves it up, or else down, by a fifth of
// the width of the bounds, and keeps what lowers the probability of the right class. Ends at the
// first wrong answer; that point is then drawn in by bisection.
//
// Source: Guo et al. 2019, "Simple black-box adversarial attacks", arXiv 1905.07121.
#include <algorithm>
#include <numeric>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/border.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

constexpr double stride = 0.2;
constexpr int halvings = 10;

/// The log odds against the right class: they rise when its probability falls.
float odds(const Seat& seat, const Answer& answer, std::vector<float>& scratch) {
  scratch.resize(static_cast<std::size_t>(answer.classes));
  return log_odds_loss(answer.logits, answer.classes, seat.right, seat.wanted, scratch.data());
}

std::vector<std::size_t> shuffled(std::size_t count, Random& random) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(std::span(order), random);
  return order;
}

}  // namespace

Search<bool> search_simba(Seat& seat) {
  const Answer clean = co_await seat.ask(seat.x);
  if (seat.offer_nearer(clean, seat.x)) co_return true;
  std::vector<float> scratch;
  const auto by = static_cast<float>(stride * (seat.threat.high - seat.threat.low));
  const float start = odds(seat, clean, scratch);
  for (int restart = 0; restart < seat.options.restarts; ++restart) {
    Random random(RandomKey{seat.options.seed, stream_of("simba"),
                            static_cast<std::uint32_t>(restart), seat.index});
    const std::int64_t budget = seat.asked() + seat.options.steps;
    std::vector<float> x = seat.x;
    float best = start;
    bool is_done = false;
    while (!is_done && seat.asked() < budget) {
      bool is_better_anywhere = false;
      for (const std::size_t i : shuffled(x.size(), random)) {
        if (is_done || seat.asked() >= budget) break;
        const float before = x[i];
        for (const float change : {by, -by}) {
          x[i] = std::clamp(before + change, static_cast<float>(seat.threat.low),
                            static_cast<float>(seat.threat.high));
          if (x[i] == before) continue;
          const Answer answer = co_await seat.ask(x);
          is_done = seat.offer_nearer(answer, x);
          const float now = odds(seat, answer, scratch);
          if (is_done || now > best) {
            best = now;
            is_better_anywhere = true;
            break;
          }
          x[i] = before;
        }
      }
      if (!is_better_anywhere) break;
    }
  }
  const bool is_found = co_await draw_in(seat, halvings);
  co_return is_found;
}

}  // namespace lockstep::ai
