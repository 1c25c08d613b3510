// SPDX-License-Identifier: Apache-2.0
#include "app/watch/table.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t table_bytes_max = std::uint64_t{64} << 20U;
constexpr std::array<std::string_view, 7> columns = {
    "product", "version", "sbom", "vex", "released", "support_until", "reachability"};

struct Record {
  int line = 0;
  std::vector<std::string> cells;
};

/// The records of a CSV text. An empty line is none.
std::vector<Record> records_of(std::string_view text) {
  std::vector<Record> records;
  Record record{1, {}};
  std::string cell;
  bool is_quoted = false;
  int line = 1;
  const auto end_cell = [&] { record.cells.push_back(std::string(trim(std::exchange(cell, {})))); };
  const auto end_record = [&] {
    end_cell();
    if (record.cells.size() > 1 || !record.cells.front().empty())
      records.push_back(std::move(record));
    record = {line, {}};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (is_quoted) {
      const bool is_doubled = c == '"' && i + 1 < text.size() && text[i + 1] == '"';
      if (is_doubled) ++i;
      if (c == '"' && !is_doubled) {
        is_quoted = false;
      } else {
        cell += c;
      }
    } else if (c == '"' && trim(cell).empty()) {
      cell.clear();
      is_quoted = true;
    } else if (c == ',') {
      end_cell();
    } else if (c == '\n') {
      end_record();
    } else {
      cell += c;
    }
  }
  end_record();
  return records;
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

  Result<> read_columns(const Record& first) {
    places_.fill(first.cells.size());
    for (std::size_t i = 0; i < first.cells.size(); ++i) {
      const auto column = std::ranges::find(columns, lower_case(first.cells[i]));
      if (column == columns.end())
        return refuse(fmt::format("a column '{}'", quotable(first.cells[i])));
      places_[static_cast<std::size_t>(column - columns.begin())] = i;
    }
    const bool is_named = places_[0] < first.cells.size() && places_[1] < first.cells.size();
    return is_named ? Result<>() : refuse("no column product or version");
  }

  WatchAddRequest request(const Record& record) {
    WatchAddRequest request;
    request.product = cell(record, 0);
    request.version = cell(record, 1);
    if (request.product.empty() || request.version.empty())
      wrong(record, "expected a product and a version, found none");
    request.boms = paths(record, 2);
    request.vex = paths(record, 3);
    request.released = day(record, 4);
    request.support_until = day(record, 5);
    request.reachability = paths(record, 6);
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

  void wrong(const Record& record, std::string message) {
    problems_.error("watch.table", std::move(message), {path_, record.line, 0});
  }

  std::string cell(const Record& record, std::size_t column) const {
    return places_[column] < record.cells.size() ? record.cells[places_[column]] : std::string();
  }

  std::vector<std::string> paths(const Record& record, std::size_t column) const {
    std::vector<std::string> found;
    const std::string text = cell(record, column);
    for (const std::string_view path : split(text, ';'))
      if (!trim(path).empty()) found.push_back(beside(path_, trim(path)));
    return found;
  }

  std::optional<Day> day(const Record& record, std::size_t column) {
    const std::string text = cell(record, column);
    if (text.empty()) return std::nullopt;
    const auto found = parse_day(text);
    if (!found)
      wrong(record, fmt::format("expected a day such as 2028-03-01 in the column {}, found '{}'",
                                columns[column], quotable(text)));
    return found;
  }

  const std::string& path_;
  Diagnostics& problems_;
  std::array<std::size_t, columns.size()> places_{};  ///< of each column; behind the end for none
};

}  // namespace

Result<std::vector<WatchAddRequest>> read_watch_table(std::string_view bytes,
                                                      const std::string& path,
                                                      Diagnostics& problems) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const std::vector<Record> records = records_of(bytes);
  TableReader reader(path, problems);
  TRY_VOID(reader.read_columns(records.empty() ? Record{} : records.front()));
  std::vector<WatchAddRequest> requests;
  const std::size_t before = problems.error_count();
  for (std::size_t i = 1; i < records.size(); ++i) {
    requests.push_back(reader.request(records[i]));
    requests.back().line = records[i].line;
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
