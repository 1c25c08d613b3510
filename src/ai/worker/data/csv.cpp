// SPDX-License-Identifier: Apache-2.0
// A table as text, one sample a line (base/csv.hpp), with a description of its columns
// (ai/tabular.hpp). Problems are collected with their lines.
#include "base/csv.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "ai/worker/data/data_set.hpp"
#include "ai/worker/data/loaded.hpp"
#include "ai/worker/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr std::size_t problems_max = 20;

/// Which column of the description a field of the file is; -1 for one that is ignored, -2 for the
/// label.
using Places = std::vector<int>;
constexpr int ignored_place = -1;
constexpr int label_place = -2;

Places places_of(const TabularSchema& schema,
                 const std::vector<std::string>& names,
                 const std::string& file,
                 Diagnostics& problems) {
  Places places;
  std::vector<std::string> known = schema.ignored;
  known.push_back(schema.label);
  for (const TableColumn& column : schema.columns)
    known.push_back(column.name);
  const auto complain = [&](const std::string& message) {
    problems.error("ai.csv", message, {file, 1, 0});
  };
  for (const std::string& name : names) {
    const auto column = std::ranges::find(schema.columns, name, &TableColumn::name);
    if (std::ranges::find(known, name) == known.end()) {
      const auto near = nearest(name, known);
      complain(fmt::format("the description has no column '{}'{}", quotable(name),
                           near ? fmt::format("; did you mean '{}'?", *near)
                                : "; describe it, or list it under 'file: ignored'"));
    }
    if (std::ranges::count(names, name) > 1)
      complain(fmt::format("expected each column once, found '{}' again", quotable(name)));
    places.push_back(column != schema.columns.end()
                         ? static_cast<int>(column - schema.columns.begin())
                     : name == schema.label ? label_place
                                            : ignored_place);
  }
  const auto need = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end())
      complain(
          fmt::format("expected the column '{}', which the description names", quotable(name)));
  };
  for (const TableColumn& column : schema.columns)
    need(column.name);
  need(schema.label);
  return places;
}

std::optional<std::int64_t> class_of(const TabularSchema& schema, std::string_view text) {
  for (std::size_t i = 0; i < schema.classes.size(); ++i)
    if (std::ranges::find(schema.classes[i], text) != schema.classes[i].end())
      return static_cast<std::int64_t>(i);
  return std::nullopt;
}

/// The samples of a table.
struct Table {
  std::vector<float> features;
  std::vector<double> labels;  ///< class numbers, or numbers
};

/// The class or the number that a sample is labelled with; else what was expected.
tl::expected<double, std::string> label_in(const TabularSchema& schema, std::string_view text) {
  if (schema.is_label_number) {
    TableColumn any;
    any.name = schema.label;
    any.low = -std::numeric_limits<double>::infinity();
    any.high = std::numeric_limits<double>::infinity();
    return number_in(any, text);
  }
  if (const auto label = class_of(schema, text)) return static_cast<double>(*label);
  return tl::unexpected(
      fmt::format("expected a class as '{}', found '{}'", quotable(schema.label), quotable(text)));
}

/// One line into features and label. Says false when something was wrong with it.
bool add_line(const TabularSchema& schema,
              const Places& places,
              const CsvLine& line,
              const std::string& file,
              Table& table,
              Diagnostics& problems) {
  const std::size_t before = problems.error_count();
  const auto complain = [&](const std::string& message) {
    problems.error("ai.csv", message, {file, line.number, 0});
  };
  if (line.fields.size() != places.size()) {
    complain(fmt::format("expected {} fields, found {}", places.size(), line.fields.size()));
    return false;
  }
  std::vector<double> row(schema.columns.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string& text = line.fields[i];
    if (places[i] >= 0) {
      const auto column = static_cast<std::size_t>(places[i]);
      const auto number = number_in(schema.columns[column], text);
      if (number)
        row[column] = *number;
      else
        complain(number.error());
    } else if (places[i] == label_place) {
      const auto label = label_in(schema, text);
      if (!label) complain(label.error());
      table.labels.push_back(label.value_or(0));
    }
  }
  if (problems.error_count() > before) return false;
  std::vector<double> features(schema.features);
  encode(schema, row, features);
  table.features.insert(table.features.end(), features.begin(), features.end());
  return true;
}

Result<Table> read_table(std::string_view bytes,
                         const TabularSchema& schema,
                         std::int64_t wanted,
                         const std::string& file) {
  CsvReader reader(bytes, schema.separator, file, "ai.csv");
  Diagnostics problems;
  std::vector<std::string> names = schema.file_columns;
  if (names.empty()) {
    TRY(const auto header, reader.next());
    if (header) names = header->fields;
  }
  const Places places = places_of(schema, names, file, problems);
  TRY_VOID(first_of(problems));
  Table table;
  std::int64_t count = 0;
  while (count < wanted && problems.error_count() < problems_max) {
    TRY(const auto line, reader.next());
    if (!line) break;
    if (add_line(schema, places, *line, file, table, problems)) ++count;
    if (table.features.size() * sizeof(float) > limits::data_bytes)
      return fail(ErrorKind::input, "ai.csv",
                  fmt::format("expected a table of at most {} bytes of features, found more; ask "
                              "for fewer samples",
                              limits::data_bytes),
                  {file, line->number, 0});
  }
  TRY_VOID(first_of(problems));
  if (count == 0)
    return fail(ErrorKind::input, "ai.csv", "expected at least one line of data, found none",
                {file, 0, 0});
  return table;
}

}  // namespace

Result<DataSet> read_csv(const DataRequest& request) {
  const DataOptions& options = request.options;
  if (options.columns.empty())
    return fail(ErrorKind::usage, "ai.columns",
                "expected a description of the columns beside a .csv; name it by --columns FILE, "
                "or by 'columns' in the product file",
                {request.path, 0, 0});
  TRY(TabularSchema schema, load_columns(options));
  TRY(const Loaded file, load(request.path, request.sha256, limits::data_bytes));
  TRY(const Table table, read_table(file.bytes, schema, request.wanted, request.path));
  DataSet set;
  const auto count = static_cast<std::int64_t>(table.labels.size());
  set.arrays.push_back({"x", array_of<float>({count, static_cast<std::int64_t>(schema.features)},
                                             std::span<const float>(table.features))});
  const std::vector<std::int64_t> classes(table.labels.begin(), table.labels.end());
  set.arrays.push_back({"y", schema.is_label_number
                                 ? array_of<double>({count}, std::span<const double>(table.labels))
                                 : array_of<std::int64_t>({count}, std::span(classes))});
  set.sha256 = file.sha256;
  set.classes = schema.class_names();
  set.table = std::move(schema);
  return set;
}

}  // namespace lockstep::ai
