// SPDX-License-Identifier: Apache-2.0
// The rows that somebody can make from one row of a table. What may change falls into parts that
// change one by one:
//
//     part      a number between two ends, or one of several choices (a category, an ordinal, a
//               group of booleans of which one holds)
//     defined   a column that an equality gives from others ("rate = amount / term"): it follows
//
// Every way of choosing the parts is a row with the right types, ranges, groups, directions and
// columns that do not change, within the budget of each column. Whether the relations hold and the
// budget of the whole row does, is asked of the row; mend() makes relations hold where it can.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "ai/tabular.hpp"

namespace lockstep::ai {

/// How far a row is from another, over the scaled features: their largest difference, the root of
/// the sum of squares, or the sum. Another value of a category is 1, root 2, or 2.
enum class RowNorm { linf, l2, l1 };

/// How much of the original a row has lost.
struct RowChange {
  std::vector<std::size_t> columns;  ///< that changed, rising
  double cost = 0;                   ///< sum of cost times the change in units of the feature
};

class RowSpace {
 public:
  struct Part {
    std::vector<std::size_t> columns;  ///< one; or the booleans of a group
    bool is_choice = false;            ///< values are `choices`; else numbers from low to high
    bool is_whole = true;
    bool is_defined = false;
    double low = 0;
    double high = 0;
    std::vector<double> choices;  ///< values of a category, places in a group; with the original

    /// How many values it can have; infinite for real numbers.
    double count() const;
  };

  /// @param features of the row [schema.features]; the schema must outlive the space
  /// @param epsilon  budget in the norm; infinity for none
  RowSpace(const TabularSchema& schema,
           std::span<const float> features,
           RowNorm norm,
           double epsilon);

  const TabularSchema& schema() const { return *schema_; }

  const std::vector<double>& original() const { return original_; }

  const std::vector<Part>& parts() const { return parts_; }

  double epsilon() const { return epsilon_; }

  /// How many rows there are before relations and the budget are asked; infinite with real numbers.
  double count() const;

  double value(const Part& part, std::span<const double> row) const;
  void set(const Part& part, double value, std::span<double> row) const;

  /// What a part of the row adds to the sum that the norm is of: squares for L2.
  double share(const Part& part, std::span<const double> row) const;

  double distance(std::span<const double> row) const;

  bool is_affordable(std::span<const double> row) const;

  /// Sum over the relations.
  double violation(std::span<const double> row) const;

  /// Gives defined columns the values that follow from the others.
  void define(std::span<double> row) const;

  /// Adds to the gradient at each number what defined columns that follow it contribute, and takes
  /// it from these. @param gradient by feature, at the row
  void follow_definitions(std::span<const double> row, std::span<float> gradient) const;

  /// Makes relations hold, by defined columns first, then by the number whose change is least; a
  /// relation that no number can mend stays as it is.
  void mend(std::span<double> row) const;

  /// The row nearest to features: whole numbers are rounded, the largest feature of a choice is its
  /// value, and what cannot change has not. Relations are mended.
  std::vector<double> row_near(std::span<const float> features) const;

  /// The features of a row; those of columns that did not change are bit by bit the original's.
  void encode(std::span<const double> row, std::span<float> features) const;

  RowChange change(std::span<const double> row) const;

  /// Why the row cannot be made within the budget, one sentence each; empty when it can.
  std::vector<std::string> problems(std::span<const double> row) const;

 private:
  void add_parts();
  void find_definitions();
  double column_share(std::size_t i, std::span<const double> row) const;
  const Part* number_at(std::size_t column) const;
  static std::optional<double> root(const TableRelation& relation,
                                    std::size_t column,
                                    std::span<double> row);
  bool solve(const TableRelation& relation, const Part& part, std::span<double> row) const;
  void mend_one(const TableRelation& relation, std::span<double> row) const;

  struct Definition {
    std::size_t relation;
    std::size_t part;
  };

  const TabularSchema* schema_;
  RowNorm norm_;
  double epsilon_;
  std::vector<float> features_;
  std::vector<double> original_;
  std::vector<Part> parts_;
  std::vector<Definition> definitions_;
};

}  // namespace lockstep::ai
