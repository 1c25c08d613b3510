// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep {

Result<std::optional<CsvLine>> CsvReader::next() {
  while (!rest_.empty()) {
    CsvLine line{line_, {}};
    bool is_end = false;
    while (!is_end) {
      TRY(std::string field, take_field());
      line.fields.push_back(std::move(field));
      if (line.fields.size() > csv_fields_max)
        return fail(ErrorKind::input, std::string(code_),
                    fmt::format("expected at most {} fields, found more", csv_fields_max),
                    {file_, line.number, 0});
      is_end = rest_.empty() || rest_.front() != separator_;
      if (!is_end) rest_.remove_prefix(1);
    }
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (!rest_.empty()) rest_.remove_prefix(1);
    ++line_;
    if (line.fields.size() > 1 || !line.fields.front().empty())
      return std::optional<CsvLine>(std::move(line));
  }
  return std::optional<CsvLine>();
}

Result<std::string> CsvReader::take_field() {
  const std::size_t start = rest_.find_first_not_of(spaces());
  if (start != std::string_view::npos && rest_[start] == '"') {
    rest_.remove_prefix(start + 1);
    return take_quoted();
  }
  const char ends[] = {separator_, '\n', '\r', '\0'};
  const std::size_t end = std::min(rest_.find_first_of(ends), rest_.size());
  std::string field(trim(rest_.substr(0, end)));
  rest_.remove_prefix(end);
  return field;
}

Result<std::string> CsvReader::take_quoted() {
  const auto bad = [&](const char* message) {
    return fail(ErrorKind::input, std::string(code_), message, {file_, line_, 0});
  };
  std::string field;
  for (;;) {
    const std::size_t quote = rest_.find('"');
    if (quote == std::string_view::npos) return bad("expected a quote at the end of the field");
    field.append(rest_.substr(0, quote));
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) break;
    field += '"';
    rest_.remove_prefix(1);
  }
  line_ += static_cast<int>(std::ranges::count(field, '\n'));
  const std::size_t end = rest_.find_first_not_of(spaces());
  rest_.remove_prefix(std::min(end, rest_.size()));
  if (rest_.empty() || rest_.front() == separator_ || rest_.front() == '\n' ||
      rest_.front() == '\r')
    return field;
  return bad("expected a separator or the end of the line after a quoted field");
}

}  // namespace lockstep
