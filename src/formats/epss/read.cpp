// SPDX-License-Identifier: Apache-2.0
#include "formats/epss/read.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "base/time.hpp"
#include "formats/archive.hpp"

namespace lockstep::formats::epss {

namespace {

constexpr std::size_t max_rows = 5'000'000;
constexpr std::string_view header = "cve,epss,percentile";

/// Takes the next line off the text, without its line end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// "#model_version:v2025.03.14,score_date:2026-03-28T12:55:00Z"
void read_comment(std::string_view line, EpssTable& table) {
  line.remove_prefix(1);
  for (const std::string_view piece : split(line, ',')) {
    const std::size_t colon = piece.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(piece.substr(0, colon));
    const std::string_view value = trim(piece.substr(colon + 1));
    if (key == "model_version") table.model_version = value;
    if (key == "score_date" && parse_day(value.substr(0, 10))) {
      table.score_date = value.substr(0, 10);
    }
  }
}

/// A decimal from 0 to 1.
std::optional<double> share(std::string_view text) {
  double value = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = trouble == std::errc() && end == text.data() + text.size();
  if (!whole || !(value >= 0 && value <= 1)) return std::nullopt;
  return value;
}

std::optional<Epss> read_row(std::string_view line) {
  const std::size_t first = line.find(',');
  const std::size_t second = line.find(',', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const std::string_view cve = line.substr(0, first);
  const auto probability = share(line.substr(first + 1, second - first - 1));
  const auto percentile = share(line.substr(second + 1));
  if (!cve.starts_with("CVE-") || !probability || !percentile) return std::nullopt;
  return Epss{std::string(cve), *probability, *percentile};
}

}  // namespace

Result<EpssTable> read(std::string_view bytes, const std::string& file, Diagnostics& problems) {
  std::string unpacked;
  if (looks_like_gzip(bytes)) {
    ArchiveLimits limits;
    limits.total_bytes = std::uint64_t{512} << 20U;
    TRY(unpacked, unpack_gzip(bytes, file, limits));
    bytes = unpacked;
  }
  EpssTable table;
  int number = 1;
  std::string_view line = take_line(bytes);
  if (line.starts_with('#')) {
    read_comment(line, table);
    line = take_line(bytes);
    ++number;
  }
  if (line != header) {
    return fail(ErrorKind::input, "epss.header",
                fmt::format("expected the header '{}', found '{}'", header, quotable(line)),
                {file, number, 1});
  }
  if (table.score_date.empty()) {
    problems.warning("epss.date",
                     "expected a first line with score_date, found none; the age of the scores is "
                     "not known",
                     {file, 1, 1});
  }
  while (!bytes.empty()) {
    line = take_line(bytes);
    ++number;
    if (line.empty()) continue;
    auto row = read_row(line);
    if (!row || table.rows.size() >= max_rows) {
      problems.error("epss.row",
                     fmt::format("expected a row such as 'CVE-2021-44228,0.94358,0.99962' and at "
                                 "most {} of them, found '{}'",
                                 max_rows, quotable(line)),
                     {file, number, 1});
      if (table.rows.size() >= max_rows) break;
      continue;
    }
    table.rows.push_back(*std::move(row));
  }
  return table;
}

bool looks_like(std::string_view bytes) {
  return bytes.starts_with(header) || bytes.starts_with("#model_version:");
}

}  // namespace lockstep::formats::epss
