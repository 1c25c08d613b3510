// SPDX-License-Identifier: Apache-2.0
// Tables as text. Fields may stand in double quotes, two of which stand for one, and then hold
// separators and ends of lines. Spaces around a field do not count, but within quotes; empty lines
// are passed over.
//
// Source: RFC 4180.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace lockstep {

inline constexpr std::size_t csv_fields_max = 10'000;  ///< of a line

/// One line of a table.
struct CsvLine {
  int number = 0;  ///< of the line in the file, from 1
  std::vector<std::string> fields;
};

/// Takes a table apart, line by line. The bytes must outlive it.
class CsvReader {
 public:
  /// @param code of its errors, which must outlive it
  CsvReader(std::string_view bytes, char separator, std::string file, std::string_view code)
      : rest_(bytes), separator_(separator), file_(std::move(file)), code_(code) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  /// The next line that is not empty; nothing at the end. Errors: the code.
  Result<std::optional<CsvLine>> next();

 private:
  Result<std::string> take_field();
  Result<std::string> take_quoted();

  /// What may stand around a quoted field.
  std::string_view spaces() const { return separator_ == '\t' ? " " : " \t"; }

  std::string_view rest_;
  char separator_;
  std::string file_;
  std::string_view code_;
  int line_ = 1;
};

}  // namespace lockstep
