// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attacks/decisions.hpp"

#include <algorithm>

#include "ai/worker/evasion/noise_words.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai {
namespace {

constexpr int kinds = 4;  ///< of starting points
constexpr int draws_each = 25;

/// A starting point: uniform noise, black and white noise, noise in a few large patches, or one
/// value everywhere.
std::vector<float> drawn(const Seat& seat, int draw, Random& random) {
  const double low = seat.threat.low;
  const double high = seat.threat.high;
  std::vector<float> point(seat.x.size());
  const int kind = draw % kinds;
  const std::size_t patch = std::max<std::size_t>(point.size() / 8, 1);
  float held = 0;
  for (std::size_t i = 0; i < point.size(); ++i) {
    const bool is_new = kind < 2 || (kind == 2 && i % patch == 0) || i == 0;
    if (is_new)
      held = static_cast<float>(kind == 1 ? (random.below(2) == 0 ? low : high)
                                          : random.uniform(low, high));
    point[i] = held;
  }
  return point;
}

LS_WIDE void sum_bytes(const std::uint32_t* words, std::size_t count, float* noise) {
  constexpr float scale = 1 / 147.80054F;  // the variance of a byte is (256^2 - 1) / 12
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t pairs = (words[i] & 0x00FF00FFU) + (words[i] >> 8U & 0x00FF00FFU);
    const auto sum = static_cast<std::int32_t>((pairs & 0xFFFFU) + (pairs >> 16U));
    noise[i] = static_cast<float>(sum - 510) * scale;
  }
}

}  // namespace

void Noise::fill(std::span<float> noise) {
  const std::size_t blocks = (noise.size() + 3) / 4;
  words_.resize(4 * blocks);
  fill_words(key_, block_, blocks, words_.data());
  block_ += static_cast<std::uint32_t>(blocks);
  sum_bytes(words_.data(), noise.size(), noise.data());
}

Search<bool> find_start(Seat& seat, Random& random, std::int64_t questions) {
  if (!seat.start.empty()) {
    const Answer answer = co_await seat.ask(seat.start);
    if (seat.offer_nearer(answer, seat.start)) co_return true;
  }
  const auto draws = std::min<std::int64_t>(kinds * draws_each, questions);
  for (int draw = 0; draw < draws; ++draw) {
    const std::vector<float> point = drawn(seat, draw, random);
    const Answer answer = co_await seat.ask(point);
    if (seat.offer_nearer(answer, point)) co_return true;
  }
  co_return false;
}

Search<std::vector<float>> to_border(Seat& seat, std::vector<float> outer, double share) {
  const double whole = distance(outer, seat.x, seat.threat.norm);
  double right = 0;
  double wrong = whole;
  std::vector<float> border = outer;
  std::vector<float> x;
  while (wrong - right > share * wrong) {
    const double middle = 0.5 * (right + wrong);
    x = outer;
    project(x, seat.x, seat.threat, middle);
    const Answer answer = co_await seat.ask(x);
    if (seat.is_wrong(answer)) {
      seat.offer_nearer(answer, x);
      wrong = middle;
      border = x;
    } else {
      right = middle;
    }
  }
  co_return border;
}

}  // namespace lockstep::ai
