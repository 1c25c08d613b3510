// SPDX-License-Identifier: Apache-2.0
#include "app/watch/table.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "base/csv.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t table_bytes_max = std::uint64_t{64} << 20U;
constexpr std::array<std::string_view, 7> columns = {
    "product", "version", "sbom", "vex", "released", "support_until", "reachability"};

/// All lines, the one with the names of the columns first.
Result<std::vector<CsvLine>> lines_of(std::string_view bytes, const std::string& path) {
  CsvReader reader(bytes, ',', path, "watch.table");
  std::vector<CsvLine> lines;
  while (true) {
    TRY(auto line, reader.next());
    if (!line) return lines;
    lines.push_back(*std::move(line));
  }
}

std::string beside(const std::string& table, std::string_view path) {
  const std::size_t slash = table.rfind('/');
  const bool is_from_the_root = path.starts_with('/');
  if (slash == std::string::npos || is_from_the_root) return std::string(path);
  return table.substr(0, slash + 1) + std::string(path);
}

class TableReader {
 public:
  TableReader(const std::string& path, Diagnostics& problems) : path_(path), problems_(problems) {}

  Result<> read_columns(const CsvLine& first) {
    cells_ = first.fields.size();
    places_.fill(cells_);
    for (std::size_t i = 0; i < first.fields.size(); ++i) {
      const auto column = std::ranges::find(columns, lower_case(first.fields[i]));
      if (column == columns.end())
        return refuse(fmt::format("a column '{}'", quotable(first.fields[i])));
      std::size_t& place = places_[static_cast<std::size_t>(column - columns.begin())];
      if (place < i) return refuse(fmt::format("the column '{}' twice", *column));
      place = i;
    }
    const bool is_named = places_[0] < first.fields.size() && places_[1] < first.fields.size();
    return is_named ? Result<>() : refuse("no column product or version");
  }

  WatchAddRequest request(const CsvLine& line) {
    WatchAddRequest request;
    request.product = cell(line, 0);
    request.version = cell(line, 1);
    if (request.product.empty() || request.version.empty())
      wrong(line, "expected a product and a version, found none");
    if (line.fields.size() > cells_)
      wrong(line, fmt::format("expected at most {} cells, one for each column, found {}; a cell "
                              "with a comma stands in double quotes",
                              cells_, line.fields.size()));
    request.boms = paths(line, 2);
    request.vex = paths(line, 3);
    request.released = day(line, 4);
    request.support_until = day(line, 5);
    request.reachability = paths(line, 6);
    return request;
  }

 private:
  tl::unexpected<Error> refuse(std::string_view found) const {
    return fail(
        ErrorKind::input, "watch.table",
        fmt::format("expected a first line with columns of {}, found {}",
                    join(std::vector<std::string>(columns.begin(), columns.end()), ", "), found),
        {path_, 1, 0});
  }

  void wrong(const CsvLine& line, std::string message) {
    problems_.error("watch.table", std::move(message), {path_, line.number, 0});
  }

  std::string cell(const CsvLine& line, std::size_t column) const {
    if (places_[column] >= std::min(cells_, line.fields.size())) return "";
    return std::string(trim(line.fields[places_[column]]));
  }

  std::vector<std::string> paths(const CsvLine& line, std::size_t column) const {
    std::vector<std::string> found;
    const std::string text = cell(line, column);
    for (const std::string_view path : split(text, ';'))
      if (!trim(path).empty()) found.push_back(beside(path_, trim(path)));
    return found;
  }

  std::optional<Day> day(const CsvLine& line, std::size_t column) {
    const std::string text = cell(line, column);
    if (text.empty()) return std::nullopt;
    const auto found = parse_day(text);
    if (!found)
      wrong(line, fmt::format("expected a day such as 2028-03-01 in the column {}, found '{}'",
                              columns[column], quotable(text)));
    return found;
  }

  const std::string& path_;
  Diagnostics& problems_;
  std::size_t cells_ = 0;                             ///< that a line may have
  std::array<std::size_t, columns.size()> places_{};  ///< of each column; behind the end for none
};

}  // namespace

Result<std::vector<WatchAddRequest>> read_watch_table(std::string_view bytes,
                                                      const std::string& path,
                                                      Diagnostics& problems) {
  TRY(const std::vector<CsvLine> lines, lines_of(bytes, path));
  TableReader reader(path, problems);
  TRY_VOID(reader.read_columns(lines.empty() ? CsvLine{} : lines.front()));
  std::vector<WatchAddRequest> requests;
  const std::size_t before = problems.error_count();
  for (std::size_t i = 1; i < lines.size(); ++i) {
    requests.push_back(reader.request(lines[i]));
    requests.back().line = lines[i].number;
  }
  if (problems.error_count() == before) return requests;
  return fail(
      ErrorKind::input, "input.problems",
      fmt::format("{} problems in the table; nothing was kept", problems.error_count() - before));
}

Result<std::vector<WatchTableRow>> add_releases(const std::string& store_url,
                                                const std::string& table,
                                                Instant at,
                                                const Files& files,
                                                Diagnostics& problems) {
  TRY(const std::string bytes, files.read(table, table_bytes_max));
  TRY(auto requests, read_watch_table(bytes, table, problems));
  TRY(const auto store, store::WatchStore::open(store_url));
  std::vector<WatchTableRow> rows;
  for (WatchAddRequest& request : requests) {
    request.at = at;
    WatchTableRow& row = rows.emplace_back();
    row.line = request.line;
    Diagnostics found;
    auto added = add_release(*store, request, files, found);
    problems.append(found);
    if (added) {
      row.added = *std::move(added);
    } else {
      row.added.release.product = request.product;
      row.added.release.version = request.version;
      row.problem = std::move(added.error());
    }
  }
  return rows;
}

}  // namespace lockstep::app
