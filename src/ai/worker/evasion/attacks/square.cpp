// SPDX-License-Identifier: Apache-2.0
// Square attack: random search that asks for scores only. Each step changes a square window of the
// image, smaller and smaller as questions are used up, and is kept when the right class's lead
// shrinks. Under Linf the window moves by two epsilon up or down in each channel; under L2 and L1 a
// bump is laid into one window, paid for with what was in another, so that the whole change is
// used.
//
// A sample that is no image is one row of features, and the window a run of them.
//
// Source: Andriushchenko et al. 2020, "Square attack: a query-efficient black-box adversarial
// attack via random search", arXiv 1912.00049; L1: Croce and Hein 2021, arXiv 2103.01208.
#include <algorithm>
#include <array>
#include <cmath>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/geometry.hpp"

namespace lockstep::ai {
namespace {

constexpr double first_share = 0.8;  ///< of the image that the first window covers
constexpr double tiny = 1e-12;

/// Channels, rows and columns of a sample.
struct Image {
  std::size_t channels = 1;
  std::size_t height = 1;
  std::size_t width = 1;

  explicit Image(const Seat& seat) {
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(seat.shape[i]); };
    if (seat.shape.size() == 3) {
      channels = at(0);
      height = at(1);
      width = at(2);
    } else if (seat.shape.size() == 2) {
      height = at(0);
      width = at(1);
    } else {
      width = static_cast<std::size_t>(seat.features());
    }
  }

  std::size_t place(std::size_t c, std::size_t y, std::size_t x) const {
    return (c * height + y) * width + x;
  }
};

/// A part of an image; all channels of it.
struct Window {
  std::size_t y = 0;
  std::size_t x = 0;
  std::size_t height = 1;
  std::size_t width = 1;

  bool contains(std::size_t row, std::size_t column) const {
    return row >= y && row < y + height && column >= x && column < x + width;
  }
};

/// The share of the image at a step, on the authors' scale of 10,000 questions.
double share_at(int step, int steps) {
  constexpr std::array halved{10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000};
  const double scaled = static_cast<double>(step) / steps * 10000;
  double share = first_share;
  for (const int from : halved)
    if (static_cast<int>(scaled) > from) share /= 2;
  return share;
}

Window window_of(const Image& image, double side, bool is_odd, Random& random) {
  const auto fit = [&](double wanted, std::size_t size) {
    auto rounded = static_cast<std::size_t>(std::max(std::lround(wanted), is_odd ? 3L : 1L));
    if (is_odd && rounded % 2 == 0) ++rounded;
    return std::min(rounded, size);
  };
  // One row of features: its length is the share itself, down to a single one.
  const bool is_row = image.height == 1;
  is_odd = is_odd && !is_row;
  Window window;
  window.height = is_row ? 1 : fit(side, image.height);
  window.width = fit(is_row ? side * side : side, image.width);
  const auto place = [&](std::size_t size, std::size_t part) {
    return size > part ? random.below(static_cast<std::uint32_t>(size - part + 1)) : 0U;
  };
  window.y = place(image.height, window.height);
  window.x = place(image.width, window.width);
  return window;
}

float sign_of(Random& random) {
  return random.below(2) == 0 ? -1.0F : 1.0F;
}

/// Rings around the middle, weaker outwards, of length 1: [height][width].
std::vector<double> rings(std::size_t height, std::size_t width) {
  std::vector<double> bump(height * width, 0);
  const auto h = static_cast<std::ptrdiff_t>(height);
  const auto w = static_cast<std::ptrdiff_t>(width);
  const std::ptrdiff_t middle_y = h / 2;
  const std::ptrdiff_t middle_x = w / 2;
  for (std::ptrdiff_t ring = 0; ring <= std::max(middle_y, middle_x); ++ring)
    for (std::ptrdiff_t y = std::max<std::ptrdiff_t>(middle_y - ring, 0);
         y < std::min(middle_y + ring + 1, h); ++y)
      for (std::ptrdiff_t x = std::max<std::ptrdiff_t>(middle_x - ring, 0);
           x < std::min(middle_x + ring + 1, w); ++x)
        bump[static_cast<std::size_t>(y * w + x)] +=
            1 / static_cast<double>((ring + 1) * (ring + 1));
  double squares = 0;
  for (const double value : bump)
    squares += value * value;
  for (double& value : bump)
    value /= std::sqrt(std::max(squares, tiny));
  return bump;
}

/// Two bumps of opposite sign, one above or beside the other, of length 1.
std::vector<double> double_bump(std::size_t height, std::size_t width, Random& random) {
  const bool is_beside = height == 1 || (width > 1 && random.uniform() > 0.5);
  const std::size_t length = is_beside ? width : height;
  const std::size_t across = is_beside ? height : width;
  const std::size_t half = length / 2;
  std::vector<double> tall = half > 0 ? rings(half, across) : std::vector<double>{};
  std::vector<double> rest = rings(length - half, across);
  for (const double value : rest)
    tall.push_back(-value);
  const double scale = half > 0 ? 1 / std::sqrt(2.0) : 1;
  std::vector<double> bump(height * width);
  for (std::size_t i = 0; i < length; ++i)
    for (std::size_t k = 0; k < across; ++k)
      bump[is_beside ? k * width + i : i * width + k] = scale * tall[i * across + k];
  return bump;
}

/// Sums of |change|^p of one channel over what `inside` selects, to the power 1/p.
template <typename Inside>
double length_in(const Image& image, Row change, std::size_t channel, Norm norm, Inside inside) {
  double sum = 0;
  for (std::size_t y = 0; y < image.height; ++y)
    for (std::size_t x = 0; x < image.width; ++x)
      if (inside(y, x)) {
        const double value = change[image.place(channel, y, x)];
        sum += norm == Norm::l2 ? value * value : std::abs(value);
      }
  return norm == Norm::l2 ? std::sqrt(sum) : sum;
}

/// Scales a change to length epsilon (L2), or brings it into the ball (L1), within the box.
std::vector<float> with_change(const Seat& seat, std::vector<float> change) {
  const Norm norm = seat.threat.norm;
  if (norm == Norm::l2) {
    double squares = 0;
    for (const float value : change)
      squares += static_cast<double>(value) * value;
    const double scale = seat.threat.epsilon / std::max(std::sqrt(squares), tiny);
    for (float& value : change)
      value = static_cast<float>(value * scale);
  }
  for (std::size_t i = 0; i < change.size(); ++i)
    change[i] += seat.x[i];
  project(change, seat.x, seat.threat, seat.threat.epsilon);
  return change;
}

std::vector<float> first_guess(const Seat& seat, const Image& image, Random& random) {
  std::vector<float> change(seat.x.size(), 0);
  if (seat.threat.norm == Norm::linf) {
    const auto epsilon = static_cast<float>(seat.threat.epsilon);
    for (std::size_t c = 0; c < image.channels; ++c)
      for (std::size_t x = 0; x < image.width; ++x) {
        const float sign = sign_of(random);
        for (std::size_t y = 0; y < image.height; ++y)
          change[image.place(c, y, x)] = epsilon * sign;
      }
    return with_change(seat, std::move(change));
  }
  // Bumps side by side, five to a row, the grid in the middle of the image.
  const std::size_t side = std::max<std::size_t>(std::max(image.height, image.width) / 5, 1);
  const std::size_t height = std::min(side, image.height);
  const std::size_t width = std::min(side, image.width);
  const std::vector<double> bump = double_bump(height, width, random);
  for (std::size_t top = image.height % height / 2; top + height <= image.height; top += height)
    for (std::size_t left = image.width % width / 2; left + width <= image.width; left += width)
      for (std::size_t c = 0; c < image.channels; ++c) {
        const double sign = sign_of(random);
        for (std::size_t y = 0; y < height; ++y)
          for (std::size_t x = 0; x < width; ++x)
            change[image.place(c, top + y, left + x)] =
                static_cast<float>(sign * bump[y * width + x]);
      }
  return with_change(seat, std::move(change));
}

/// Lets `act` see the elements of a window, a run of them at a time: where it begins, its length
/// and its channel.
template <typename Act>
void for_each_run(const Image& image, const Window& window, const Act& act) {
  for (std::size_t c = 0; c < image.channels; ++c)
    for (std::size_t y = window.y; y < window.y + window.height; ++y)
      act(image.place(c, y, window.x), window.width, c);
}

/// Moves a window of `point`; all else is in the ball and the box already.
Window move_linf(
    const Seat& seat, const Image& image, std::vector<float>& point, double side, Random& random) {
  const Window window = window_of(image, side, false, random);
  const auto epsilon = static_cast<float>(seat.threat.epsilon);
  const auto low = static_cast<float>(seat.threat.low);
  const auto high = static_cast<float>(seat.threat.high);
  std::vector<float> by(image.channels);
  for (float& each : by)
    each = 2 * epsilon * sign_of(random);
  for_each_run(image, window, [&](std::size_t begin, std::size_t length, std::size_t channel) {
    for (std::size_t i = begin; i < begin + length; ++i)
      point[i] = std::clamp(
          std::clamp(point[i] + by[channel], seat.x[i] - epsilon, seat.x[i] + epsilon), low, high);
  });
  return window;
}

void copy_window(const Image& image,
                 const Window& window,
                 const std::vector<float>& from,
                 std::vector<float>& to) {
  for_each_run(image, window, [&](std::size_t begin, std::size_t length, std::size_t) {
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(begin), length,
                to.begin() + static_cast<std::ptrdiff_t>(begin));
  });
}

/// Lays a bump into one window and empties another.
std::vector<float> move_energy(const Seat& seat,
                               const Image& image,
                               const std::vector<float>& best,
                               double side,
                               Random& random) {
  const Norm norm = seat.threat.norm;
  const double power = norm == Norm::l2 ? 2 : 1;
  std::vector<float> change(best.size());
  for (std::size_t i = 0; i < best.size(); ++i)
    change[i] = best[i] - seat.x[i];
  const Window to = window_of(image, side, true, random);
  Window from = window_of(image, side, true, random);
  const double whole = distance(best, seat.x, norm);
  const double unused =
      std::max(std::pow(seat.threat.epsilon, power) - std::pow(whole, power), 0.0) /
      static_cast<double>(image.channels);
  const std::vector<double> bump = double_bump(to.height, to.width, random);
  std::vector<float> next = change;
  for (std::size_t c = 0; c < image.channels; ++c)
    for (std::size_t y = from.y; y < from.y + from.height; ++y)
      for (std::size_t x = from.x; x < from.x + from.width; ++x)
        next[image.place(c, y, x)] = 0;
  for (std::size_t c = 0; c < image.channels; ++c) {
    const auto in_to = [&](std::size_t y, std::size_t x) { return to.contains(y, x); };
    const double there = length_in(image, change, c, norm, in_to);
    const double both = length_in(image, change, c, norm, [&](std::size_t y, std::size_t x) {
      return to.contains(y, x) || from.contains(y, x);
    });
    const double sign = sign_of(random);
    std::vector<double> laid(bump.size());
    double length = 0;
    for (std::size_t y = 0; y < to.height; ++y)
      for (std::size_t x = 0; x < to.width; ++x) {
        const std::size_t i = y * to.width + x;
        laid[i] = sign * bump[i] + change[image.place(c, to.y + y, to.x + x)] / (tiny + there);
        length += norm == Norm::l2 ? laid[i] * laid[i] : std::abs(laid[i]);
      }
    if (norm == Norm::l2) length = std::sqrt(length);
    const double wanted = norm == Norm::l2 ? std::sqrt(unused + both * both)
                                           : (unused + both) * static_cast<double>(image.channels);
    for (std::size_t y = 0; y < to.height; ++y)
      for (std::size_t x = 0; x < to.width; ++x)
        next[image.place(c, to.y + y, to.x + x)] =
            static_cast<float>(laid[y * to.width + x] / (tiny + length) * wanted);
  }
  return with_change(seat, std::move(next));
}

Search<bool> search(Seat& seat) {
  const Image image(seat);
  const bool is_linf = seat.threat.norm == Norm::linf;
  const int questions = seat.options.steps;
  for (int restart = 0; restart < seat.options.restarts; ++restart) {
    Random random(RandomKey{seat.options.seed, stream_of("square"),
                            static_cast<std::uint32_t>(restart), seat.index});
    std::vector<float> best = first_guess(seat, image, random);
    Answer answer = co_await seat.ask(best);
    if (seat.is_broken(answer, best)) co_return true;
    float best_lead = seat.lead_of(answer);
    std::vector<float> next = best;
    for (int i = 1; i < questions; ++i) {
      const double side =
          std::sqrt(share_at(i, questions) * static_cast<double>(image.height * image.width));
      Window window;
      if (is_linf)
        window = move_linf(seat, image, next, side, random);
      else
        next = move_energy(seat, image, best, side, random);
      answer = co_await seat.ask(next);
      if (seat.is_broken(answer, next)) co_return true;
      const float above = seat.lead_of(answer);
      const bool is_better = above > best_lead;
      if (is_better) best_lead = above;
      if (!is_linf && is_better) best.swap(next);
      if (is_linf) copy_window(image, window, is_better ? next : best, is_better ? best : next);
    }
  }
  co_return false;
}

}  // namespace

Search<bool> search_square(Seat& seat) {
  return search(seat);
}

}  // namespace lockstep::ai
