// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attacks/table_rows.hpp"

#include <algorithm>
#include <cmath>

namespace lockstep::ai {
namespace {

using Part = RowSpace::Part;

constexpr std::size_t rows_most = 4096;  ///< that are asked one by one
constexpr std::size_t rows_together = 256;

/// The values of a part, the original's first.
std::vector<double> values_of(const RowSpace& space, const Part& part) {
  const double here = space.value(part, space.original());
  std::vector<double> values{here};
  if (part.is_choice) {
    for (const double choice : part.choices)
      if (choice != here) values.push_back(choice);
    return values;
  }
  for (double value = part.low; value <= part.high; value += 1)
    if (value != here) values.push_back(value);
  return values;
}

void sort_nearest_first(const RowSpace& space, std::vector<TableRow>& rows) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < rows.size(); ++i)
    order.emplace_back(space.distance(rows[i]), i);
  std::ranges::sort(order);
  std::vector<TableRow> sorted;
  sorted.reserve(rows.size());
  for (const auto& [distance, i] : order)
    sorted.push_back(std::move(rows[i]));
  rows = std::move(sorted);
}

/// Every row that can be made. @pre they are few
std::vector<TableRow> all_rows(const RowSpace& space) {
  std::vector<TableRow> rows{space.original()};
  for (const Part& part : space.parts()) {
    if (part.is_defined) continue;
    const std::size_t before = rows.size();
    for (const double value : values_of(space, part)) {
      if (value == space.value(part, space.original())) continue;
      for (std::size_t i = 0; i < before; ++i) {
        rows.push_back(rows[i]);
        space.set(part, value, rows.back());
      }
    }
  }
  for (TableRow& row : rows)
    space.define(row);
  std::erase_if(rows, [&](const TableRow& row) { return !is_possible(space, row); });
  sort_nearest_first(space, rows);
  return rows;
}

/// Adds the rows with another choice at one part.
void add_choices(const RowSpace& space,
                 const Part& part,
                 const TableRow& from,
                 std::vector<TableRow>& rows) {
  for (const double choice : part.choices) {
    if (choice == space.value(part, from)) continue;
    TableRow row = from;
    space.set(part, choice, row);
    space.mend(row);
    if (is_possible(space, row)) rows.push_back(std::move(row));
  }
}

std::vector<const Part*> choices_of(const RowSpace& space) {
  std::vector<const Part*> choices;
  for (const Part& part : space.parts())
    if (part.is_choice) choices.push_back(&part);
  return choices;
}

double pairs_among(const std::vector<const Part*>& choices) {
  double pairs = 0;
  double singles = 0;
  for (const Part* part : choices) {
    pairs += singles * (part->count() - 1);
    singles += part->count() - 1;
  }
  return pairs + singles;
}

}  // namespace

RowNorm row_norm(Norm norm) {
  return norm == Norm::linf ? RowNorm::linf : norm == Norm::l2 ? RowNorm::l2 : RowNorm::l1;
}

RowSpace space_of(const Seat& seat) {
  return {*seat.threat.table, seat.x, row_norm(seat.threat.norm), seat.threat.epsilon};
}

bool is_possible(const RowSpace& space, const TableRow& row) {
  return space.is_affordable(row) && space.violation(row) == 0;
}

Search<Asked> ask_rows(Seat& seat, const RowSpace& space, const std::vector<TableRow>& rows) {
  Asked asked;
  const auto width = static_cast<std::size_t>(seat.features());
  std::vector<float> question;
  for (std::size_t first = 0; first < rows.size(); first += rows_together) {
    const std::size_t count = std::min(rows_together, rows.size() - first);
    question.resize(count * width);
    for (std::size_t i = 0; i < count; ++i)
      space.encode(rows[first + i], std::span(question).subspan(i * width, width));
    const Answer answer = co_await seat.ask(question);
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = static_cast<std::int64_t>(i);
      asked.leads.push_back(seat.lead_of(answer, row));
      if (!seat.is_broken(answer, std::span(question).subspan(i * width, width), row)) continue;
      asked.is_broken = true;
      co_return asked;
    }
  }
  co_return asked;
}

Search<bool> give_back(Seat& seat, const RowSpace& space, TableRow row) {
  std::vector<float> x(seat.x.size());
  std::vector<std::pair<double, const Part*>> changed;
  for (const Part& part : space.parts())
    if (!part.is_defined && space.share(part, row) > 0)
      changed.emplace_back(-space.share(part, row), &part);
  std::ranges::stable_sort(changed, {}, [](const auto& one) { return one.first; });
  for (const auto& [share, part] : changed) {
    if (changed.size() == 1) break;
    TableRow less = row;
    space.set(*part, space.value(*part, space.original()), less);
    space.define(less);
    if (!is_possible(space, less)) continue;
    space.encode(less, x);
    const Answer answer = co_await seat.ask(x);
    if (seat.lead_of(answer) > clear_lead) row = std::move(less);
  }
  space.encode(row, x);
  seat.offer(x);
  co_return true;
}

namespace {

/// From the best single change of choices on to the next, while the wrong class comes nearer.
Search<Swept> sweep_greedily(Seat& seat, const RowSpace& space) {
  const std::vector<const Part*> choices = choices_of(space);
  Swept swept{false, false, space.original()};
  float best = -std::numeric_limits<float>::infinity();
  for (std::size_t round = 0; round < choices.size(); ++round) {
    std::vector<TableRow> rows;
    for (const Part* part : choices)
      add_choices(space, *part, swept.best, rows);
    const Asked asked = co_await ask_rows(seat, space, rows);
    swept.is_broken = asked.is_broken;
    if (asked.leads.empty()) break;
    const auto found = std::ranges::max_element(asked.leads);
    if (*found <= best) break;
    best = *found;
    swept.best = rows[static_cast<std::size_t>(found - asked.leads.begin())];
    if (swept.is_broken) {
      swept.best = rows[asked.leads.size() - 1];
      break;
    }
  }
  co_return swept;
}

/// Asks, and offers nothing yet.
Search<Swept> ask_about_few(Seat& seat, const RowSpace& space) {
  std::vector<TableRow> rows;
  Swept swept{false, space.count() <= static_cast<double>(rows_most), space.original()};
  const std::vector<const Part*> choices = choices_of(space);
  if (swept.is_whole) {
    rows = all_rows(space);
  } else if (pairs_among(choices) <= static_cast<double>(rows_most)) {
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const std::size_t before = rows.size();
      add_choices(space, *choices[i], space.original(), rows);
      const std::size_t end = rows.size();
      for (std::size_t k = before; k < end; ++k)
        for (std::size_t other = i + 1; other < choices.size(); ++other)
          add_choices(space, *choices[other], TableRow(rows[k]), rows);
    }
    sort_nearest_first(space, rows);
  } else {
    Swept greedy = co_await sweep_greedily(seat, space);
    co_return greedy;
  }
  const Asked asked = co_await ask_rows(seat, space, rows);
  swept.is_broken = asked.is_broken;
  if (asked.is_broken) {
    swept.best = rows[asked.leads.size() - 1];
  } else if (!asked.leads.empty()) {
    const auto best = std::ranges::max_element(asked.leads);
    swept.best = rows[static_cast<std::size_t>(best - asked.leads.begin())];
    if (swept.is_whole && *best < -clear_lead) seat.exhaust();
  } else if (swept.is_whole) {
    seat.exhaust();
  }
  co_return swept;
}

}  // namespace

Search<Swept> sweep(Seat& seat, const RowSpace& space) {
  const Swept swept = co_await ask_about_few(seat, space);
  if (swept.is_broken) co_await give_back(seat, space, swept.best);
  co_return swept;
}

}  // namespace lockstep::ai
