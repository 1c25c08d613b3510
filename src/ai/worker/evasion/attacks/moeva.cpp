// SPDX-License-Identifier: Apache-2.0
// MOEVA: a genetic search among the rows that can be made from a sample, by class scores alone.
// Three objectives: the lead of the right class, the distance, and how much relations and the
// budget are violated. A child takes the parts of two parents, split at two places, and about one
// part changes; then relations are mended and the row is drawn back into the budget. Who goes on is
// decided by fronts and reference directions (survivors.hpp).
//
// The search ends with the first row that the net is wrong about; the authors' goes on to the end.
// Half of the parents are chosen by the lead alone: the others keep the population apart.
// Beforehand few changes are asked about one by one, and where all rows are few, all of them.
//
// Source: Simonetto et al. 2022, "A unified framework for adversarial attack and defense in
// constrained feature space", arXiv 2112.01156.
#include <algorithm>
#include <cmath>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/attacks/survivors.hpp"
#include "ai/worker/evasion/attacks/table_rows.hpp"

namespace lockstep::ai {
namespace {

using Part = RowSpace::Part;

constexpr std::size_t population_size = 92;
constexpr std::size_t children_size = 100;
constexpr double crossover_share = 0.9;
constexpr double spread_index = 20;  ///< of polynomial mutation: larger is nearer
constexpr double anew_share = 0.2;   ///< of mutations that draw a number anew, or one of its ends

struct Population {
  std::vector<TableRow> rows;
  std::vector<Objectives> objectives;
  std::vector<int> front;
};

/// Source: Deb and Deb 2014, "Analysing mutation schemes for real-parameter genetic algorithms".
double polynomial(double value, double low, double high, Random& random) {
  const double u = random.uniform();
  const double power = 1 / (spread_index + 1);
  const double width = high - low;
  const double below = 1 - (value - low) / width;
  const double above = 1 - (high - value) / width;
  const double delta =
      u < 0.5 ? std::pow(2 * u + (1 - 2 * u) * std::pow(below, spread_index + 1), power) - 1
              : 1 - std::pow(2 * (1 - u) + (2 * u - 1) * std::pow(above, spread_index + 1), power);
  return std::clamp(value + delta * width, low, high);
}

class Breeder {
 public:
  Breeder(const RowSpace& space, Random& random) : space_(space), random_(random) {
    for (const Part& part : space.parts())
      if (!part.is_defined) parts_.push_back(&part);
  }

  bool is_idle() const { return parts_.empty(); }

  /// Changes one part, and each other with the chance of one.
  void mutate(TableRow& row) {
    const auto count = static_cast<std::uint32_t>(parts_.size());
    const std::uint32_t chosen = random_.below(count);
    for (std::uint32_t i = 0; i < count; ++i)
      if (i == chosen || random_.below(count) == 0) mutate(*parts_[i], row);
    settle(row);
  }

  TableRow child_of(const TableRow& one, const TableRow& other) {
    TableRow child = one;
    if (random_.uniform() < crossover_share) {
      const auto count = static_cast<std::uint32_t>(parts_.size());
      const std::uint32_t a = random_.below(count + 1);
      const std::uint32_t b = random_.below(count + 1);
      for (std::uint32_t i = std::min(a, b); i < std::max(a, b); ++i)
        space_.set(*parts_[i], space_.value(*parts_[i], other), child);
    }
    mutate(child);
    return child;
  }

 private:
  void mutate(const Part& part, TableRow& row) {
    if (part.is_choice) {
      const double held = space_.value(part, row);
      double choice = held;
      while (choice == held)
        choice = part.choices[random_.below(static_cast<std::uint32_t>(part.choices.size()))];
      space_.set(part, choice, row);
      return;
    }
    double& number = row[part.columns.front()];
    const double before = number;
    if (random_.uniform() < anew_share) {
      const std::uint32_t kind = random_.below(4);
      number = kind == 0   ? part.low
               : kind == 1 ? part.high
               : kind == 2 ? space_.original()[part.columns.front()]
                           : random_.uniform(part.low, part.high);
    } else {
      number = polynomial(number, part.low, part.high, random_);
    }
    if (!part.is_whole) return;
    number = std::round(number);
    if (number == before)
      number += before >= part.high || (before > part.low && random_.below(2) == 0) ? -1 : 1;
  }

  /// Mends relations and draws the row back into the budget.
  void settle(TableRow& row) {
    space_.mend(row);
    for (std::size_t tries = 0; tries < parts_.size() && !space_.is_affordable(row); ++tries) {
      const Part& part = *parts_[random_.below(static_cast<std::uint32_t>(parts_.size()))];
      const double here = space_.value(part, space_.original());
      double value = here;
      if (!part.is_choice) {
        // Half of the way back, whole numbers at least by one.
        const double half = 0.5 * (row[part.columns.front()] - here);
        value = here + (part.is_whole ? std::trunc(half) : half);
      }
      space_.set(part, value, row);
      space_.mend(row);
    }
  }

  const RowSpace& space_;
  Random& random_;
  std::vector<const Part*> parts_;
};

Objectives objectives_of(const RowSpace& space, const TableRow& row, double lead) {
  const double distance = space.distance(row);
  const double beyond = space.is_affordable(row) ? 0 : distance / space.epsilon() - 1;
  return {-lead, distance, space.violation(row) + beyond};
}

std::size_t parent_of(const Population& population, Random& random) {
  const auto size = static_cast<std::uint32_t>(population.rows.size());
  const std::size_t a = random.below(size);
  const std::size_t b = random.below(size);
  const auto key = [&](std::size_t i) {
    return std::pair{population.objectives[i][2], population.objectives[i][0]};
  };
  if (random.below(2) == 0) return key(a) <= key(b) ? a : b;
  return population.front[a] <= population.front[b] ? a : b;
}

void keep(Population& population, const std::vector<std::size_t>& places) {
  Population kept;
  for (const std::size_t place : places) {
    kept.rows.push_back(std::move(population.rows[place]));
    kept.objectives.push_back(population.objectives[place]);
    kept.front.push_back(population.front[place]);
  }
  population = std::move(kept);
}

/// Asks about rows that have no objectives yet. Whether one broke the sample: only a row that can
/// be made does.
Search<bool> judge(Seat& seat, const RowSpace& space, Population& population) {
  const std::size_t first = population.objectives.size();
  const auto width = static_cast<std::size_t>(seat.features());
  std::vector<float> question((population.rows.size() - first) * width);
  for (std::size_t i = first; i < population.rows.size(); ++i)
    space.encode(population.rows[i], std::span(question).subspan((i - first) * width, width));
  const Answer answer = co_await seat.ask(question);
  for (std::size_t i = first; i < population.rows.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i - first);
    const TableRow& row = population.rows[i];
    population.objectives.push_back(objectives_of(space, row, seat.lead_of(answer, place)));
    if (population.objectives.back()[2] > 0) continue;
    const auto x = std::span(question).subspan((i - first) * width, width);
    if (!seat.is_broken(answer, x, place)) continue;
    const bool is_broken = co_await give_back(seat, space, row);
    co_return is_broken;
  }
  co_return false;
}

Search<bool> evolve(Seat& seat, const RowSpace& space, const TableRow& seed, int restart) {
  Random random(RandomKey{seat.options.seed, stream_of("moeva"),
                          static_cast<std::uint32_t>(restart), seat.index});
  Breeder breeder(space, random);
  if (breeder.is_idle()) co_return false;
  Population population;
  population.rows = {space.original(), seed};
  while (population.rows.size() < population_size) {
    population.rows.push_back(population.rows.size() % 2 == 0 ? space.original() : seed);
    for (std::size_t k = 0; k <= population.rows.size() % 4; ++k)
      breeder.mutate(population.rows.back());
  }
  bool is_broken = co_await judge(seat, space, population);
  if (is_broken) co_return true;
  population.front = fronts_of(population.objectives);
  for (int generation = 0; generation < seat.options.steps; ++generation) {
    const std::size_t parents = population.rows.size();
    Population next = population;
    for (std::size_t i = 0; i < children_size; ++i) {
      const TableRow& one = population.rows[parent_of(population, random)];
      const TableRow& other = population.rows[parent_of(population, random)];
      next.rows.push_back(breeder.child_of(one, other));
    }
    is_broken = co_await judge(seat, space, next);
    if (is_broken) co_return true;
    next.front = fronts_of(next.objectives);
    keep(next, survivors(next.objectives, next.front, parents, random));
    population = std::move(next);
  }
  co_return false;
}

}  // namespace

Search<bool> search_moeva(Seat& seat) {
  const RowSpace space = space_of(seat);
  const Swept swept = co_await sweep(seat, space);
  if (swept.is_over()) co_return swept.is_broken;
  for (int restart = 0; restart < seat.options.restarts; ++restart) {
    const bool is_broken = co_await evolve(seat, space, swept.best, restart);
    if (is_broken) co_return true;
  }
  co_return false;
}

}  // namespace lockstep::ai
