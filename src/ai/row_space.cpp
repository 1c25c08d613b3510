// SPDX-License-Identifier: Apache-2.0
#include "ai/row_space.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

#include "base/check.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

using Type = TableColumn::Type;
using Change = TableColumn::Change;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int passes = 3;  ///< over the relations: mending one may break another

/// What rounding may add to a budget.
double with_slack(double epsilon) {
  return epsilon * (1 + 1e-6) + 1e-7;
}

bool may_rise(const TableColumn& column) {
  return column.change == Change::free || column.change == Change::rise;
}

bool may_fall(const TableColumn& column) {
  return column.change == Change::free || column.change == Change::fall;
}

/// How often a column is a factor of the products, and how often it divides.
struct Uses {
  int times = 0;
  int over = 0;
};

Uses uses_of(const TableRelation& relation, std::size_t column) {
  Uses uses;
  for (const auto* side : {&relation.left, &relation.right})
    for (const TableRelation::Product& product : *side) {
      uses.times += static_cast<int>(std::ranges::count(product.times, column));
      uses.over += static_cast<int>(std::ranges::count(product.over, column));
    }
  return uses;
}

}  // namespace

double RowSpace::Part::count() const {
  if (is_choice) return static_cast<double>(choices.size());
  return is_whole ? high - low + 1 : low < high ? infinity : 1;
}

RowSpace::RowSpace(const TabularSchema& schema,
                   std::span<const float> features,
                   RowNorm norm,
                   double epsilon)
    : schema_(&schema),
      norm_(norm),
      epsilon_(epsilon),
      features_(features.begin(), features.end()),
      original_(decoded(schema, features)) {
  add_parts();
  find_definitions();
}

void RowSpace::add_parts() {
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < schema_->columns.size(); ++i) {
    const TableColumn& column = schema_->columns[i];
    if (!column.group.empty()) {
      groups[column.group].push_back(i);
      continue;
    }
    if (column.change == Change::none) continue;
    Part part;
    part.columns = {i};
    if (column.type == Type::category) {
      part.is_choice = true;
      for (std::size_t value = 0; value < column.values.size(); ++value)
        part.choices.push_back(static_cast<double>(value));
    } else {
      part.is_whole = column.type != Type::real;
      const double reach = with_slack(epsilon_) * std::abs(column.factor);
      const double here = original_[i];
      part.low = may_fall(column) ? std::max(column.low, here - reach) : here;
      part.high = may_rise(column) ? std::min(column.high, here + reach) : here;
      if (part.is_whole) {
        part.low = std::ceil(part.low);
        part.high = std::floor(part.high);
      }
      // A number outside its own range stays where it is.
      if (!(part.low <= here && here <= part.high)) part.low = part.high = here;
    }
    parts_.push_back(std::move(part));
  }
  for (auto& [name, members] : groups) {
    Part part;
    part.is_choice = true;
    part.columns = members;
    const double held = value(part, original_);
    const TableColumn& holder = schema_->columns[members[static_cast<std::size_t>(held)]];
    for (std::size_t k = 0; k < members.size(); ++k)
      if (static_cast<double>(k) == held ||
          (may_fall(holder) && may_rise(schema_->columns[members[k]])))
        part.choices.push_back(static_cast<double>(k));
    parts_.push_back(std::move(part));
  }
  std::erase_if(parts_, [](const Part& part) { return part.count() <= 1; });
}

/// "c = ..." defines c, when nothing else does.
void RowSpace::find_definitions() {
  for (std::size_t r = 0; r < schema_->relations.size(); ++r) {
    const TableRelation& relation = schema_->relations[r];
    if (relation.comparison != TableRelation::Comparison::equal || relation.left.size() != 1)
      continue;
    const TableRelation::Product& left = relation.left.front();
    if (left.times.size() != 1 || !left.over.empty()) continue;
    const Uses uses = uses_of(relation, left.times.front());
    if (uses.times != 1 || uses.over != 0) continue;
    const Part* part = number_at(left.times.front());
    if (part == nullptr || part->is_defined) continue;
    const auto place = static_cast<std::size_t>(part - parts_.data());
    parts_[place].is_defined = true;
    definitions_.push_back({r, place});
  }
}

const RowSpace::Part* RowSpace::number_at(std::size_t column) const {
  for (const Part& part : parts_)
    if (!part.is_choice && part.columns.front() == column) return &part;
  return nullptr;
}

double RowSpace::count() const {
  double count = 1;
  for (const Part& part : parts_)
    if (!part.is_defined) count *= part.count();
  return count;
}

double RowSpace::value(const Part& part, std::span<const double> row) const {
  if (part.columns.size() == 1) return row[part.columns.front()];
  for (std::size_t k = 0; k < part.columns.size(); ++k)
    if (row[part.columns[k]] != 0) return static_cast<double>(k);
  return 0;
}

void RowSpace::set(const Part& part, double value, std::span<double> row) const {
  if (part.columns.size() == 1) {
    row[part.columns.front()] = value;
    return;
  }
  for (std::size_t k = 0; k < part.columns.size(); ++k)
    row[part.columns[k]] = static_cast<double>(k) == value ? 1 : 0;
}

double RowSpace::column_share(std::size_t i, std::span<const double> row) const {
  if (row[i] == original_[i]) return 0;
  const TableColumn& column = schema_->columns[i];
  const bool is_category = column.type == Type::category;
  const double d = is_category ? 1 : std::abs((row[i] - original_[i]) / column.factor);
  switch (norm_) {
    case RowNorm::linf:
      return d;
    case RowNorm::l2:
      return is_category ? 2 : d * d;
    case RowNorm::l1:
      return is_category ? 2 : d;
  }
  return d;
}

double RowSpace::share(const Part& part, std::span<const double> row) const {
  double sum = 0;
  for (const std::size_t column : part.columns) {
    const double one = column_share(column, row);
    sum = norm_ == RowNorm::linf ? std::max(sum, one) : sum + one;
  }
  return sum;
}

double RowSpace::distance(std::span<const double> row) const {
  double sum = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double one = column_share(i, row);
    sum = norm_ == RowNorm::linf ? std::max(sum, one) : sum + one;
  }
  return norm_ == RowNorm::l2 ? std::sqrt(sum) : sum;
}

bool RowSpace::is_affordable(std::span<const double> row) const {
  return distance(row) <= with_slack(epsilon_);
}

double RowSpace::violation(std::span<const double> row) const {
  double sum = 0;
  for (const TableRelation& relation : schema_->relations)
    sum += ai::violation(relation, row);
  return sum;
}

/// The value of a column at which both sides are equal. The relation is linear in the column: it is
/// asked for 0 and for 1.
std::optional<double> RowSpace::root(const TableRelation& relation,
                                     std::size_t column,
                                     std::span<double> row) {
  const double before = row[column];
  row[column] = 0;
  const double at_zero = difference(relation, row);
  row[column] = 1;
  const double slope = difference(relation, row) - at_zero;
  row[column] = before;
  if (!std::isfinite(at_zero) || !std::isfinite(slope) || slope == 0) return std::nullopt;
  return -at_zero / slope;
}

/// Sets a number so that the relation holds: to the root, or for whole numbers beside it.
bool RowSpace::solve(const TableRelation& relation, const Part& part, std::span<double> row) const {
  double& number = row[part.columns.front()];
  const double before = number;
  const std::optional<double> at = root(relation, part.columns.front(), row);
  if (!at) return false;
  const auto holds_at = [&](double value) {
    number = std::clamp(value, part.low, part.high) + 0.0;
    return ai::violation(relation, row) == 0;
  };
  if (!part.is_whole && holds_at(*at)) return true;
  if (part.is_whole &&
      (holds_at(std::round(*at)) || holds_at(std::floor(*at)) || holds_at(std::ceil(*at))))
    return true;
  number = before;
  return false;
}

void RowSpace::define(std::span<double> row) const {
  for (const Definition& one : definitions_)
    if (ai::violation(schema_->relations[one.relation], row) > 0)
      (void)solve(schema_->relations[one.relation], parts_[one.part], row);
}

void RowSpace::follow_definitions(std::span<const double> row, std::span<float> gradient) const {
  constexpr double step = 1e-3;  ///< in units of the feature
  std::vector<double> moved(row.begin(), row.end());
  // The last definition may follow columns that earlier ones define.
  for (auto one = definitions_.rbegin(); one != definitions_.rend(); ++one) {
    const TableRelation& relation = schema_->relations[one->relation];
    const std::size_t defined = parts_[one->part].columns.front();
    float& own = gradient[schema_->columns[defined].feature];
    const std::optional<double> here = root(relation, defined, moved);
    for (const Part& part : parts_) {
      const std::size_t column = part.columns.front();
      const Uses uses = uses_of(relation, column);
      if (part.is_choice || column == defined || !here || uses.times + uses.over == 0) continue;
      const double before = moved[column];
      moved[column] += step * schema_->columns[column].factor;
      const std::optional<double> there = root(relation, defined, moved);
      moved[column] = before;
      if (there)
        gradient[schema_->columns[column].feature] +=
            static_cast<float>(own * (*there - *here) / (step * schema_->columns[defined].factor));
    }
    own = 0;
  }
}

void RowSpace::mend_one(const TableRelation& relation, std::span<double> row) const {
  const Part* best = nullptr;
  double best_value = 0;
  double least = infinity;
  for (const Part& part : parts_) {
    if (part.is_choice) continue;
    const std::size_t column = part.columns.front();
    const Uses uses = uses_of(relation, column);
    if (uses.times != 1 || uses.over != 0) continue;
    const double before = row[column];
    if (!solve(relation, part, row)) continue;
    const double moved = std::abs((row[column] - before) / schema_->columns[column].factor);
    if (moved < least) {
      least = moved;
      best = &part;
      best_value = row[column];
    }
    row[column] = before;
  }
  if (best != nullptr) row[best->columns.front()] = best_value;
}

void RowSpace::mend(std::span<double> row) const {
  for (int pass = 0; pass < passes; ++pass) {
    define(row);
    if (violation(row) == 0) return;
    for (const TableRelation& relation : schema_->relations)
      if (ai::violation(relation, row) > 0) mend_one(relation, row);
  }
}

std::vector<double> RowSpace::row_near(std::span<const float> features) const {
  std::vector<double> row = original_;
  for (const Part& part : parts_) {
    const TableColumn& first = schema_->columns[part.columns.front()];
    if (!part.is_choice) {
      const double number =
          static_cast<double>(features[first.feature]) * first.factor + first.offset;
      // The bits of a number that did not move say the number itself.
      const double moved = features[first.feature] == features_[first.feature]
                               ? original_[part.columns.front()]
                           : part.is_whole ? std::round(number)
                                           : number;
      row[part.columns.front()] = std::clamp(moved, part.low, part.high) + 0.0;
      continue;
    }
    double best = part.choices.front();
    double largest = -infinity;
    for (const double choice : part.choices) {
      const auto place = static_cast<std::size_t>(choice);
      const TableColumn& column =
          part.columns.size() == 1 ? first : schema_->columns[part.columns[place]];
      const std::size_t feature =
          part.columns.size() == 1 ? column.feature + place : column.feature;
      const double number = part.columns.size() == 1
                                ? static_cast<double>(features[feature])
                                : features[feature] * column.factor + column.offset;
      if (number > largest) {
        largest = number;
        best = choice;
      }
    }
    set(part, best, row);
  }
  mend(row);
  return row;
}

void RowSpace::encode(std::span<const double> row, std::span<float> features) const {
  LS_CHECK(row.size() == original_.size() && features.size() == features_.size(),
           "one number for each column and feature");
  std::ranges::copy(features_, features.begin());
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == original_[i]) continue;
    const TableColumn& column = schema_->columns[i];
    if (column.type != Type::category) {
      features[column.feature] = static_cast<float>((row[i] - column.offset) / column.factor);
      continue;
    }
    std::ranges::fill(features.subspan(column.feature, column.features), 0.0F);
    features[column.feature + static_cast<std::size_t>(row[i])] = 1;
  }
}

RowChange RowSpace::change(std::span<const double> row) const {
  RowChange change;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == original_[i]) continue;
    const TableColumn& column = schema_->columns[i];
    change.columns.push_back(i);
    change.cost +=
        column.cost *
        (column.type == Type::category ? 1 : std::abs((row[i] - original_[i]) / column.factor));
  }
  return change;
}

std::vector<std::string> RowSpace::problems(std::span<const double> row) const {
  std::vector<std::string> all = problems_of(*schema_, row);
  for (std::string& one : problems_of_change(*schema_, original_, row))
    all.push_back(std::move(one));
  if (!is_affordable(row))
    all.push_back(fmt::format("is {:.6g} away, more than {:.6g}", distance(row), epsilon_));
  return all;
}

}  // namespace lockstep::ai
