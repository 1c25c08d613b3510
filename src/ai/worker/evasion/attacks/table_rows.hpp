// SPDX-License-Identifier: Apache-2.0
// What attacks share that look for rows of a table (ai/row_space.hpp).
#pragma once

#include <vector>

#include "ai/row_space.hpp"
#include "ai/worker/evasion/seat.hpp"

namespace lockstep::ai {

using TableRow = std::vector<double>;  ///< [columns]

RowNorm row_norm(Norm norm);

/// The rows that can be made from the seat's sample within its threat. @pre the threat has a table
RowSpace space_of(const Seat& seat);

/// Whether somebody can make the row within the budget. Columns that may not change are taken on
/// trust: rows come from the space.
bool is_possible(const RowSpace& space, const TableRow& row);

/// How the net answered rows.
struct Asked {
  bool is_broken = false;    ///< it is wrong about one of them, which was offered; the last asked
  std::vector<float> leads;  ///< of the best wrong class, by row; shorter when one was broken
};

/// Asks about rows, some hundreds at a time, for scores only.
Search<Asked> ask_rows(Seat& seat, const RowSpace& space, const std::vector<TableRow>& rows);

/// What asking about few changes brought.
struct Swept {
  bool is_broken = false;  ///< a row was offered
  bool is_whole = false;   ///< every row within the threat was asked about
  TableRow best;           ///< of those asked, the one whose wrong class comes nearest

  /// Whether nothing is left to look for.
  bool is_over() const { return is_broken || is_whole; }
};

/// Asks about every row within the threat, nearest first, where there are no more than some
/// thousands. Else about those with one or two changed choices (categories and groups), or, where
/// even these are too many, goes from the best single change on to the next. A row that breaks the
/// sample is given back what it does not need, and offered.
Search<Swept> sweep(Seat& seat, const RowSpace& space);

/// Gives changed columns of a row that the net is wrong about back to the original, the dearest
/// first, while it stays wrong, and offers what is left. @pre the net is wrong about the row
Search<bool> give_back(Seat& seat, const RowSpace& space, TableRow row);

}  // namespace lockstep::ai
