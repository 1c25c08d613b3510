// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::ai {

/// One line of a table.
struct CsvLine {
  int number = 0;  ///< of the line in the file, from 1
  std::vector<std::string> fields;
};

/// Takes a table apart, line by line. The bytes must outlive it.
class CsvReader {
 public:
  CsvReader(std::string_view bytes, char separator, std::string file)
      : rest_(bytes), separator_(separator), file_(std::move(file)) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  /// The next line that is not empty; nothing at the end. Errors: ai.csv.
  Result<std::optional<CsvLine>> next();

 private:
  Result<std::string> take_field();
  Result<std::string> take_quoted();

  /// What may stand around a quoted field.
  std::string_view spaces() const { return separator_ == '\t' ? " " : " \t"; }

  std::string_view rest_;
  char separator_;
  std::string file_;
  int line_ = 1;
};

}  // namespace lockstep::ai
