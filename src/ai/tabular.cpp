// SPDX-License-Identifier: Apache-2.0
#include "ai/tabular.hpp"

#include <algorithm>
#include <charconv>
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

constexpr double rounding = 1e-6;  ///< by which a relation may fail, of its largest product

bool has_values(const TableColumn& column) {
  return column.type != Type::real && column.type != Type::integer;
}

std::string range_words(const TableColumn& column) {
  if (std::isinf(column.low) && std::isinf(column.high)) return "";
  return fmt::format(" from {} to {}", column.low, column.high);
}

double value_of(const TableRelation::Product& product, std::span<const double> row) {
  double value = product.factor;
  for (const std::size_t column : product.times)
    value *= row[column];
  for (const std::size_t column : product.over)
    value = row[column] == 0 ? std::nan("") : value / row[column];
  return value;
}

std::size_t place_of_largest(std::span<const double> values) {
  return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
}

/// The columns of each group.
std::map<std::string, std::vector<std::size_t>> groups_of(const TabularSchema& schema) {
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < schema.columns.size(); ++i)
    if (!schema.columns[i].group.empty()) groups[schema.columns[i].group].push_back(i);
  return groups;
}

double decoded(const TableColumn& column, std::span<const double> features) {
  if (column.type == Type::category) return static_cast<double>(place_of_largest(features));
  const double number = features.front() * column.factor + column.offset;
  const double whole = column.type == Type::real ? number : std::round(number);
  return std::clamp(whole, column.low, column.high) + 0.0;  // no minus zero for people
}

}  // namespace

std::vector<std::string> TabularSchema::class_names() const {
  std::vector<std::string> names;
  for (const std::vector<std::string>& spellings : classes)
    names.push_back(spellings.front());
  return names;
}

tl::expected<double, std::string> number_in(const TableColumn& column, std::string_view text) {
  if (has_values(column)) {
    const auto found = std::ranges::find(column.values, text);
    if (found != column.values.end()) return static_cast<double>(found - column.values.begin());
    const auto near = nearest(text, column.values);
    return tl::unexpected(fmt::format("expected one of the {} values of '{}', found '{}'{}",
                                      column.values.size(), quotable(column.name), quotable(text),
                                      near ? fmt::format("; did you mean '{}'?", *near) : ""));
  }
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = read.ec == std::errc{} && read.ptr == text.data() + text.size() &&
                         std::isfinite(number) && number >= column.low && number <= column.high &&
                         (column.type != Type::integer || number == std::floor(number));
  if (is_number) return number;
  return tl::unexpected(fmt::format("expected a {}number{} as '{}', found '{}'",
                                    column.type == Type::integer ? "whole " : "",
                                    range_words(column), quotable(column.name), quotable(text)));
}

std::string text_in(const TableColumn& column, double number) {
  if (!has_values(column)) return fmt::format("{}", number);
  LS_CHECK(number >= 0 && number < static_cast<double>(column.values.size()),
           "a value is one of the column's");
  return column.values[static_cast<std::size_t>(number)];
}

void encode(const TabularSchema& schema, std::span<const double> row, std::span<double> features) {
  LS_CHECK(row.size() == schema.columns.size() && features.size() == schema.features,
           "one number for each column and feature");
  for (std::size_t i = 0; i < row.size(); ++i) {
    const TableColumn& column = schema.columns[i];
    if (column.type == Type::category) {
      std::ranges::fill(features.subspan(column.feature, column.features), 0.0);
      features[column.feature + static_cast<std::size_t>(row[i])] = 1;
    } else {
      features[column.feature] = (row[i] - column.offset) / column.factor;
    }
  }
}

void decode(const TabularSchema& schema, std::span<const double> features, std::span<double> row) {
  LS_CHECK(row.size() == schema.columns.size() && features.size() == schema.features,
           "one number for each column and feature");
  for (std::size_t i = 0; i < row.size(); ++i) {
    const TableColumn& column = schema.columns[i];
    row[i] = decoded(column, features.subspan(column.feature, column.features));
  }
  for (const auto& [name, members] : groups_of(schema)) {
    std::vector<double> values;
    for (const std::size_t i : members)
      values.push_back(features[schema.columns[i].feature] * schema.columns[i].factor +
                       schema.columns[i].offset);
    const std::size_t chosen = place_of_largest(values);
    for (std::size_t k = 0; k < members.size(); ++k)
      row[members[k]] = k == chosen ? 1 : 0;
  }
}

std::vector<double> decoded(const TabularSchema& schema, std::span<const float> features) {
  const std::vector<double> numbers(features.begin(), features.end());
  std::vector<double> row(schema.columns.size());
  decode(schema, numbers, row);
  return row;
}

double difference(const TableRelation& relation, std::span<const double> row) {
  double left = 0;
  for (const TableRelation::Product& product : relation.left)
    left += value_of(product, row);
  double right = 0;
  for (const TableRelation::Product& product : relation.right)
    right += value_of(product, row);
  return left - right;
}

double violation(const TableRelation& relation, std::span<const double> row) {
  double size = 1;
  for (const auto* side : {&relation.left, &relation.right})
    for (const TableRelation::Product& product : *side)
      size = std::max(size, std::abs(value_of(product, row)));
  const double d = difference(relation, row);
  const double beyond = relation.comparison == TableRelation::Comparison::at_most    ? d
                        : relation.comparison == TableRelation::Comparison::at_least ? -d
                                                                                     : std::abs(d);
  if (std::isnan(beyond)) return std::numeric_limits<double>::infinity();
  return beyond <= rounding * size ? 0 : beyond / size;
}

std::vector<std::string> problems_of(const TabularSchema& schema, std::span<const double> row) {
  LS_CHECK(row.size() == schema.columns.size(), "one number for each column");
  std::vector<std::string> problems;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const TableColumn& column = schema.columns[i];
    if (!(row[i] >= column.low && row[i] <= column.high))
      problems.push_back(
          fmt::format("{} is {}, not{}", quotable(column.name), row[i], range_words(column)));
    else if (column.type != Type::real && row[i] != std::floor(row[i]))
      problems.push_back(fmt::format("{} is {}, no whole number", quotable(column.name), row[i]));
  }
  for (const auto& [name, members] : groups_of(schema)) {
    const auto holding = std::ranges::count_if(members, [&](std::size_t i) { return row[i] != 0; });
    if (holding != 1)
      problems.push_back(fmt::format("{} of the group {} hold, not one", holding, quotable(name)));
  }
  for (const TableRelation& relation : schema.relations)
    if (violation(relation, row) > 0)
      problems.push_back(fmt::format("{} does not hold", quotable(relation.text, 200)));
  return problems;
}

std::vector<std::string> problems_of_change(const TabularSchema& schema,
                                            std::span<const double> before,
                                            std::span<const double> after) {
  LS_CHECK(before.size() == schema.columns.size() && after.size() == before.size(),
           "one number for each column");
  std::vector<std::string> problems;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const TableColumn& column = schema.columns[i];
    const bool is_kept = after[i] == before[i] || column.change == Change::free ||
                         (column.change == Change::rise && after[i] > before[i]) ||
                         (column.change == Change::fall && after[i] < before[i]);
    if (is_kept) continue;
    problems.push_back(fmt::format("{} {} from {} to {}", quotable(column.name),
                                   column.change == Change::none   ? "may not change"
                                   : column.change == Change::rise ? "may only rise"
                                                                   : "may only fall",
                                   text_in(column, before[i]), text_in(column, after[i])));
  }
  return problems;
}

}  // namespace lockstep::ai
