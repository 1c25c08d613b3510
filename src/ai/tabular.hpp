// SPDX-License-Identifier: Apache-2.0
// What a table's columns mean, and how a row of them becomes the features that a net takes.
//
//     file   "39, State-gov, ..."          texts, one for each column
//     row    39, 2, ...                    numbers: a category is the place of its value
//     features 0.03, 0 0 1 0 0 0, ...      scaled; a category is one feature for each value
//
// An attack moves features. Whether the row that it arrives at could exist, and could have been
// made from the row that it began with, is asked here: ranges, whole numbers, one value of a group,
// what may not change or only rise, and relations between columns.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

struct TableColumn {
  enum class Type {
    real,
    integer,
    boolean,
    category,  ///< one of `values`, without order; one feature for each
    ordinal,   ///< one of `values`, in their order; one feature
  };
  enum class Change { free, none, rise, fall };

  std::string name;
  Type type = Type::real;
  double low;                       ///< minus infinity when no range is given
  double high;                      ///< infinity when no range is given
  std::vector<std::string> values;  ///< of boolean (no, yes), category and ordinal
  Change change = Change::free;     ///< what an attacker may do to it
  std::string group;                ///< of booleans of which exactly one holds; "" for none
  double cost = 1;                  ///< of a change by one unit of the feature, > 0
  double offset = 0;                ///< feature = (number - offset) / factor
  double factor = 1;                ///< not 0
  std::size_t feature = 0;          ///< the first of its features
  std::size_t features = 1;
};

/// A comparison of two sums of products of columns, as it was written and ready to compute.
struct TableRelation {
  struct Product {
    double factor = 1;
    std::vector<std::size_t> times;  ///< columns
    std::vector<std::size_t> over;   ///< columns
  };
  enum class Comparison { at_most, at_least, equal };

  std::string text;  ///< "capital_loss <= 4356"
  std::vector<Product> left;
  std::vector<Product> right;
  Comparison comparison = Comparison::at_most;
  int line = 0;  ///< in the description
};

struct TabularSchema {
  std::vector<TableColumn> columns;       ///< in the order of the features
  std::vector<std::string> file_columns;  ///< in the order of the file; empty: its first line
  char separator = ',';
  std::vector<std::string> ignored;               ///< columns of the file that are no features
  std::string label;                              ///< the column with the class, or the number
  bool is_label_number = false;                   ///< then there are no classes
  std::vector<std::vector<std::string>> classes;  ///< the spellings of each class, by number
  std::vector<TableRelation> relations;
  std::size_t features = 0;

  /// The first spelling of each class.
  std::vector<std::string> class_names() const;
};

/// Reads the description of a table's columns (docs/ai-data.md), with all its problems.
/// Errors: ai.columns, yaml.*; what was read is returned only when there are no errors.
Result<TabularSchema> read_columns(std::string_view yaml,
                                   const std::string& file,
                                   Diagnostics& problems);

/// Reads "a + 2 * b <= c / d". @param columns their names
/// Errors: what is wrong with it, as a sentence.
tl::expected<TableRelation, std::string> read_relation(std::string_view text,
                                                       const std::vector<TableColumn>& columns);

/// The number of a text in a column, or what was expected in its place.
tl::expected<double, std::string> number_in(const TableColumn& column, std::string_view text);

/// The text of a number in a column, as number_in reads it.
std::string text_in(const TableColumn& column, double number);

/// @param row [columns]; @param features [features], written
void encode(const TabularSchema& schema, std::span<const double> row, std::span<double> features);

/// The nearest row that keeps types, ranges and groups: whole numbers are rounded, the largest
/// feature of a category or group is its value. @param row [columns], written
void decode(const TabularSchema& schema, std::span<const double> features, std::span<double> row);

/// The same as a row of its own, of a net's features.
std::vector<double> decoded(const TabularSchema& schema, std::span<const float> features);

/// left - right of a relation, in the row; NaN where it divides by zero.
double difference(const TableRelation& relation, std::span<const double> row);

/// How far a relation is from holding, as a share of its largest product: 0 when it holds up to
/// rounding, infinite where it divides by zero.
double violation(const TableRelation& relation, std::span<const double> row);

/// Why no such row exists, one sentence each; empty when it may exist.
std::vector<std::string> problems_of(const TabularSchema& schema, std::span<const double> row);

/// Why nobody makes the second row from the first one, one sentence each.
std::vector<std::string> problems_of_change(const TabularSchema& schema,
                                            std::span<const double> before,
                                            std::span<const double> after);

}  // namespace lockstep::ai
