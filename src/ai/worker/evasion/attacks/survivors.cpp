// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attacks/survivors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lockstep::ai {
namespace {

constexpr int divisions = 12;

bool dominates(const Objectives& a, const Objectives& b) {
  return a[0] <= b[0] && a[1] <= b[1] && a[2] <= b[2] && a != b;
}

/// The nearest reference direction of an individual, and how far it is from it.
struct Niche {
  std::size_t direction = 0;
  double distance = std::numeric_limits<double>::infinity();
};

Niche niche_of(const Objectives& point) {
  Niche best;
  const auto& directions = reference_directions();
  for (std::size_t k = 0; k < directions.size(); ++k) {
    const Objectives& w = directions[k];
    double product = 0;
    double squares = 0;
    double length = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      product += point[i] * w[i];
      squares += w[i] * w[i];
      length += point[i] * point[i];
    }
    const double distance = length - product * product / squares;
    if (distance < best.distance) best = {k, distance};
  }
  return best;
}

/// The objectives from 0, the best of those at these places, to 1, the worst.
std::vector<Objectives> scaled(std::span<const Objectives> population,
                               const std::vector<std::size_t>& places) {
  Objectives low = population[places.front()];
  Objectives high = low;
  for (const std::size_t place : places)
    for (std::size_t i = 0; i < 3; ++i) {
      low[i] = std::min(low[i], population[place][i]);
      high[i] = std::max(high[i], population[place][i]);
    }
  std::vector<Objectives> all;
  for (const std::size_t place : places) {
    Objectives& one = all.emplace_back();
    for (std::size_t i = 0; i < 3; ++i)
      one[i] = (population[place][i] - low[i]) / std::max(high[i] - low[i], 1e-12);
  }
  return all;
}

}  // namespace

std::vector<int> fronts_of(std::span<const Objectives> population) {
  const std::size_t size = population.size();
  std::vector<int> front(size, 0);
  std::vector<int> above(size, 0);  ///< how many of those without a front dominate it
  std::vector<std::vector<std::size_t>> below(size);
  for (std::size_t a = 0; a < size; ++a)
    for (std::size_t b = a + 1; b < size; ++b) {
      if (dominates(population[a], population[b])) {
        below[a].push_back(b);
        ++above[b];
      } else if (dominates(population[b], population[a])) {
        below[b].push_back(a);
        ++above[a];
      }
    }
  std::vector<std::size_t> current;
  for (std::size_t i = 0; i < size; ++i)
    if (above[i] == 0) current.push_back(i);
  for (int number = 0; !current.empty(); ++number) {
    std::vector<std::size_t> next;
    for (const std::size_t i : current) {
      front[i] = number;
      for (const std::size_t worse : below[i])
        if (--above[worse] == 0) next.push_back(worse);
    }
    std::ranges::sort(next);
    current = std::move(next);
  }
  return front;
}

const std::vector<Objectives>& reference_directions() {
  static const std::vector<Objectives> all = [] {
    std::vector<Objectives> directions;
    for (int a = 0; a <= divisions; ++a)
      for (int b = 0; a + b <= divisions; ++b)
        directions.push_back({static_cast<double>(a) / divisions,
                              static_cast<double>(b) / divisions,
                              static_cast<double>(divisions - a - b) / divisions});
    return directions;
  }();
  return all;
}

std::vector<std::size_t> survivors(std::span<const Objectives> population,
                                   std::span<const int> front,
                                   std::size_t count,
                                   Random& random) {
  std::vector<std::size_t> places;  ///< whole fronts, and the one that does not fit
  std::vector<std::size_t> kept;
  std::vector<std::size_t> last;
  for (int number = 0; places.size() < count; ++number) {
    last.clear();
    for (std::size_t i = 0; i < population.size(); ++i)
      if (front[i] == number) last.push_back(i);
    places.insert(places.end(), last.begin(), last.end());
    if (places.size() <= count) kept = places;
  }
  if (kept.size() == count) return kept;

  const std::vector<Objectives> points = scaled(population, places);
  std::vector<Niche> niche;
  for (const Objectives& point : points)
    niche.push_back(niche_of(point));
  std::vector<std::size_t> taken(reference_directions().size(), 0);
  for (std::size_t i = 0; i < kept.size(); ++i)
    ++taken[niche[i].direction];
  std::vector<std::size_t> open;  ///< in `places`
  for (std::size_t i = kept.size(); i < places.size(); ++i)
    open.push_back(i);
  while (kept.size() < count) {
    // Of the direction with fewest: the nearest where there are none, else any. The order of equals
    // is drawn.
    const auto offset = random.below(static_cast<std::uint32_t>(open.size()));
    std::size_t best = offset;
    for (std::size_t k = 1; k < open.size(); ++k) {
      const std::size_t other = (offset + k) % open.size();
      const Niche& a = niche[open[other]];
      const Niche& b = niche[open[best]];
      const std::size_t taken_a = taken[a.direction];
      const std::size_t taken_b = taken[b.direction];
      if (taken_a < taken_b || (taken_a == 0 && taken_b == 0 && a.distance < b.distance))
        best = other;
    }
    kept.push_back(places[open[best]]);
    ++taken[niche[open[best]].direction];
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return kept;
}

}  // namespace lockstep::ai
