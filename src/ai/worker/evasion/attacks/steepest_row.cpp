// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attacks/steepest_row.hpp"

#include <algorithm>
#include <cmath>

namespace lockstep::ai {
namespace {

using Part = RowSpace::Part;

/// Another choice at a part, and what it brings.
struct Flip {
  const Part* part;
  double choice = 0;
  double gain = 0;
  double share = 0;  ///< of the budget, as the norm sums it
};

/// The feature of one of a part's choices, with the change of it that the choice makes.
std::pair<std::size_t, double> feature_of(const RowSpace& space, const Part& part, double choice) {
  const auto place = static_cast<std::size_t>(choice);
  const auto& columns = space.schema().columns;
  if (part.columns.size() == 1) return {columns[part.columns.front()].feature + place, 1.0};
  const TableColumn& column = columns[part.columns[place]];
  return {column.feature, 1 / column.factor};
}

Flip best_flip(const RowSpace& space, const Part& part, std::span<const float> gradient) {
  Flip best{&part, space.value(part, space.original()), 0, 0};
  const auto [held, lost] = feature_of(space, part, best.choice);
  for (const double choice : part.choices) {
    const auto [feature, won] = feature_of(space, part, choice);
    const double gain = gradient[feature] * won - gradient[held] * lost;
    if (gain <= best.gain) continue;
    best.gain = gain;
    best.choice = choice;
  }
  TableRow row = space.original();
  space.set(part, best.choice, row);
  best.share = space.share(part, row);
  return best;
}

/// A number that can move uphill.
struct Slide {
  const Part* part;
  double slope = 0;  ///< above 0: of the loss, by the length of the move in features
  double room = 0;   ///< length of the longest move
  double sign = 1;
  double move = 0;
};

std::vector<Slide> slides_of(const RowSpace& space, std::span<const float> gradient) {
  std::vector<Slide> slides;
  for (const Part& part : space.parts()) {
    if (part.is_choice || part.is_defined) continue;
    const std::size_t i = part.columns.front();
    const TableColumn& column = space.schema().columns[i];
    const double slope = gradient[column.feature];
    const double end = slope > 0 ? part.high : part.low;
    const double room = std::abs(end - space.original()[i]) / column.factor;
    if (slope != 0 && room > 0)
      slides.push_back({&part, std::abs(slope), room, slope > 0 ? 1.0 : -1.0, 0});
  }
  return slides;
}

/// Sets the moves of most gain whose squares sum to the budget; returns the gain.
double spread(std::vector<Slide>& slides, double budget) {
  std::vector<Slide*> open;
  for (Slide& slide : slides)
    open.push_back(&slide);
  double gain = 0;
  while (!open.empty() && budget > 0) {
    double squares = 0;
    for (const Slide* slide : open)
      squares += slide->slope * slide->slope;
    const double t = std::sqrt(budget / squares);
    const auto full = std::ranges::partition(
        open, [&](const Slide* slide) { return t * slide->slope < slide->room; });
    for (Slide* slide : full) {
      slide->move = slide->room;
      budget -= slide->room * slide->room;
      gain += slide->slope * slide->room;
    }
    const bool is_settled = full.empty();
    open.erase(full.begin(), full.end());
    if (!is_settled) continue;
    for (Slide* slide : open) {
      slide->move = t * slide->slope;
      gain += slide->slope * slide->move;
    }
    break;
  }
  return gain;
}

void apply(const RowSpace& space, const Slide& slide, TableRow& row) {
  const Part& part = *slide.part;
  const std::size_t i = part.columns.front();
  double moved = slide.sign * slide.move * space.schema().columns[i].factor;
  // Towards the original: the budget has no more.
  if (part.is_whole) moved = std::trunc(moved * (1 + 1e-9));
  row[i] = std::clamp(space.original()[i] + moved, part.low, part.high);
}

/// Spends what truncation left of the budget: whole numbers go on by one, the steepest first, where
/// that can be afforded.
void spend_rest(const RowSpace& space, std::vector<Slide> slides, TableRow& row) {
  std::ranges::stable_sort(slides, std::greater{}, &Slide::slope);
  for (const Slide& slide : slides) {
    const Part& part = *slide.part;
    double& number = row[part.columns.front()];
    if (!part.is_whole || number + slide.sign < part.low || number + slide.sign > part.high)
      continue;
    number += slide.sign;
    if (!space.is_affordable(row)) number -= slide.sign;
  }
}

}  // namespace

TableRow steepest_row(const RowSpace& space, std::span<const float> gradient, Norm norm) {
  std::vector<Flip> flips;
  for (const Part& part : space.parts())
    if (part.is_choice) flips.push_back(best_flip(space, part, gradient));
  std::erase_if(flips, [](const Flip& flip) { return flip.gain <= 0; });
  std::vector<Slide> slides = slides_of(space, gradient);
  std::size_t taken = 0;
  if (norm == Norm::linf) {
    std::erase_if(flips,
                  [&](const Flip& flip) { return flip.share > space.epsilon() * (1 + 1e-6); });
    taken = flips.size();
    for (Slide& slide : slides)
      slide.move = slide.room;
  } else {
    std::ranges::stable_sort(flips, std::greater{},
                             [](const Flip& flip) { return flip.gain / std::sqrt(flip.share); });
    const double budget = space.epsilon() * space.epsilon() * (1 + 1e-9);
    double best = -1;
    double best_left = budget;
    double spent = 0;
    double won = 0;
    for (std::size_t count = 0; count <= flips.size() && spent <= budget; ++count) {
      const double total = won + spread(slides, budget - spent);
      if (total > best) {
        best = total;
        best_left = budget - spent;
        taken = count;
      }
      if (count == flips.size()) break;
      spent += flips[count].share;
      won += flips[count].gain;
    }
    for (Slide& slide : slides)
      slide.move = 0;
    (void)spread(slides, best_left);
  }
  TableRow row = space.original();
  for (std::size_t i = 0; i < taken; ++i)
    space.set(*flips[i].part, flips[i].choice, row);
  for (const Slide& slide : slides)
    apply(space, slide, row);
  if (norm == Norm::l2) spend_rest(space, slides, row);
  space.mend(row);
  return row;
}

}  // namespace lockstep::ai
