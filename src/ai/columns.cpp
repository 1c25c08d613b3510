// SPDX-License-Identifier: Apache-2.0
// The description of a table's columns: a YAML file that a person writes once for a data set
// (docs/ai-data.md). All its problems are reported in one go.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <set>

#include "ai/tabular.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

using Type = TableColumn::Type;
using Change = TableColumn::Change;
using Keys = std::vector<std::string>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t features_max = 100'000;
constexpr TreeLimits tree_limits{std::size_t{16} << 20U, 8, 1'000'000};

constexpr std::array<std::pair<std::string_view, Type>, 5> types{{
    {"real", Type::real},
    {"int", Type::integer},
    {"bool", Type::boolean},
    {"category", Type::category},
    {"ordinal", Type::ordinal},
}};

class Reader {
 public:
  Reader(std::string file, Diagnostics& problems) : file_(std::move(file)), problems_(problems) {}

  TabularSchema read(const Json& tree) {
    check_keys(tree, {"lockstep_columns", "file", "columns", "label", "relations"});
    read_file(tree["file"]);
    if (!tree["columns"].is_array() || tree["columns"].items().empty())
      problem(tree["columns"].is_null() ? tree : tree["columns"],
              "expected a list of at least one column as 'columns'");
    for (const Json& node : tree["columns"].items())
      add_column(read_column(node), node);
    read_label(tree["label"].is_null() ? tree : tree["label"]);
    if (!tree["relations"].is_null() && !tree["relations"].is_array())
      problem(tree["relations"], "expected a list of texts as 'relations'");
    for (const Json& node : tree["relations"].items()) {
      auto relation = read_relation(node.string_or(""), schema_.columns);
      if (!relation) {
        problem(node, fmt::format("'{}': {}", quotable(node.string_or(""), 200), relation.error()));
        continue;
      }
      relation->line = node.line();
      schema_.relations.push_back(*std::move(relation));
    }
    check_groups(tree["columns"]);
    return std::move(schema_);
  }

 private:
  void problem(const Json& at, const std::string& message) {
    problems_.error("ai.columns", message, at.at(file_));
  }

  void check_keys(const Json& node, const Keys& known) {
    for (const auto& [key, value] : node.members()) {
      if (std::ranges::find(known, key) != known.end()) continue;
      const auto near = nearest(key, known);
      problems_.error(
          "ai.columns",
          fmt::format("expected one of {}, found '{}'{}", join(known, ", "), quotable(key),
                      near ? fmt::format("; did you mean '{}'?", *near) : ""),
          value.key_at(file_));
    }
  }

  std::string text(const Json& node, std::string_view key) {
    const Json& value = node[key];
    if (!value.is_null() && !value.is_string())
      problem(value, fmt::format("expected a text as '{}'", key));
    return value.string_or("");
  }

  bool flag(const Json& node, std::string_view key, bool otherwise) {
    const Json& value = node[key];
    if (value.is_null()) return otherwise;
    if (!value.as_bool()) problem(value, fmt::format("expected yes or no as '{}'", key));
    return value.as_bool().value_or(otherwise);
  }

  std::optional<double> number(const Json& value, std::string_view key) {
    const auto found = value.as_number();
    if (found && std::isfinite(*found)) return found;
    problem(value, fmt::format("expected a number as '{}'", key));
    return std::nullopt;
  }

  std::vector<std::string> texts(const Json& value, std::string_view key) {
    std::vector<std::string> found;
    if (!value.is_null() && !value.is_array())
      problem(value, fmt::format("expected a list of texts as '{}'", key));
    for (const Json& item : value.items()) {
      if (!item.is_string())
        problem(item, fmt::format("expected texts in '{}'", key));
      else if (std::ranges::find(found, item.string_or("")) != found.end())
        problem(item, fmt::format("expected each text once in '{}', found '{}' twice", key,
                                  quotable(item.string_or(""))));
      found.push_back(item.string_or(""));
    }
    return found;
  }

  void read_file(const Json& node) {
    if (!node.is_null() && !node.is_object()) return problem(node, "expected a map as 'file'");
    check_keys(node, {"columns", "separator", "ignored"});
    schema_.file_columns = texts(node["columns"], "columns");
    schema_.ignored = texts(node["ignored"], "ignored");
    const std::string separator = text(node, "separator");
    if (separator.empty()) return;
    if (separator != "," && separator != ";" && separator != "\t" && separator != "|")
      problem(node["separator"], "expected a comma, semicolon, tab or bar as 'separator'");
    schema_.separator = separator.front();
  }

  TableColumn read_column(const Json& node) {
    TableColumn column{};
    column.low = -infinity;
    column.high = infinity;
    column.factor = 1;
    column.cost = 1;
    if (!node.is_object()) {
      problem(node, "expected a map for each column, such as {name: age, type: int}");
      return column;
    }
    check_keys(
        node, {"name", "type", "range", "values", "mutable", "monotone", "group", "scale", "cost"});
    column.name = text(node, "name");
    if (column.name.empty()) problem(node, "expected the 'name' of the column");
    const std::string type = text(node, "type");
    const auto row = std::ranges::find(types, type, [](const auto& each) { return each.first; });
    if (row == types.end())
      problem(node["type"].is_null() ? node : node["type"],
              fmt::format("expected real, int, bool, category or ordinal as the 'type' of '{}', "
                          "found '{}'",
                          quotable(column.name), quotable(type)));
    else
      column.type = row->second;
    read_values(node, column);
    read_range(node, column);
    read_change(node, column);
    column.group = text(node, "group");
    if (!column.group.empty() && column.type != Type::boolean)
      problem(node["group"], "expected a group of columns of type bool");
    if (!node["cost"].is_null()) {
      column.cost = number(node["cost"], "cost").value_or(1);
      if (column.cost <= 0) problem(node["cost"], "expected a 'cost' above 0");
    }
    read_scale(node["scale"], column);
    return column;
  }

  void read_values(const Json& node, TableColumn& column) {
    column.values = texts(node["values"], "values");
    const bool may_have = column.type != Type::real && column.type != Type::integer;
    if (column.type == Type::boolean && column.values.empty()) column.values = {"0", "1"};
    if (!may_have && !column.values.empty())
      problem(node["values"], "a column of numbers has a 'range', no 'values'");
    if (may_have && column.values.empty())
      problem(node, fmt::format("expected the 'values' of '{}'", quotable(column.name)));
    if (column.type == Type::boolean && column.values.size() != 2)
      problem(node["values"], "expected two 'values' of a bool, that for no first");
    if (!may_have || column.values.empty()) return;
    column.low = 0;
    column.high = static_cast<double>(column.values.size() - 1);
    if (column.type == Type::category) column.features = column.values.size();
  }

  void read_range(const Json& node, TableColumn& column) {
    const Json& range = node["range"];
    if (range.is_null()) return;
    if (column.type != Type::real && column.type != Type::integer)
      return problem(range, "only a column of numbers has a 'range'");
    if (range.items().size() != 2) return problem(range, "expected a 'range' such as [0, 99]");
    const auto low = number(range.items()[0], "range");
    const auto high = number(range.items()[1], "range");
    if (!low || !high) return;
    if (*low > *high) return problem(range, "expected the lower end of the 'range' first");
    column.low = *low;
    column.high = *high;
  }

  void read_change(const Json& node, TableColumn& column) {
    const bool is_mutable = flag(node, "mutable", true);
    const std::string direction = text(node, "monotone");
    if (!direction.empty() && direction != "increase" && direction != "decrease")
      problem(node["monotone"], "expected increase or decrease as 'monotone'");
    if (!direction.empty() && column.type == Type::category)
      problem(node["monotone"], "the values of a category have no order");
    if (!direction.empty() && !is_mutable)
      problem(node["monotone"], "a column that is not mutable moves in no direction");
    column.change = !is_mutable               ? Change::none
                    : direction == "increase" ? Change::rise
                    : direction == "decrease" ? Change::fall
                                              : Change::free;
  }

  /// none, min_max, {mean, deviation} or {min, max}
  void read_scale(const Json& node, TableColumn& column) {
    if (node.is_null() || node.string_or("") == "none") return;
    if (column.type == Type::category)
      return problem(node, "a category has one feature of 0 or 1 for each value, and no 'scale'");
    if (node.string_or("") == "min_max") {
      if (std::isinf(column.low) || column.low == column.high)
        return problem(node, "expected a 'range' with two ends for the scale min_max");
      column.offset = column.low;
      column.factor = column.high - column.low;
      return;
    }
    check_keys(node, {"mean", "deviation", "min", "max"});
    const bool is_range = !node["min"].is_null();
    const Json& first = is_range ? node["min"] : node["mean"];
    const Json& second = is_range ? node["max"] : node["deviation"];
    if (!node.is_object() || node.members().size() != 2 || first.is_null() || second.is_null())
      return problem(node, "expected none, min_max, {mean, deviation} or {min, max} as 'scale'");
    const auto a = number(first, is_range ? "min" : "mean");
    const auto b = number(second, is_range ? "max" : "deviation");
    if (!a || !b) return;
    column.offset = *a;
    column.factor = is_range ? *b - *a : *b;
    if (!(column.factor > 0))
      problem(node, is_range ? "expected a 'max' above 'min'" : "expected a 'deviation' above 0");
  }

  void add_column(TableColumn column, const Json& node) {
    const auto same = std::ranges::find(schema_.columns, column.name, &TableColumn::name);
    if (same != schema_.columns.end())
      problem(node,
              fmt::format("expected each column once, found '{}' twice", quotable(column.name)));
    column.feature = schema_.features;
    schema_.features += column.features;
    if (schema_.features > features_max && schema_.columns.size() <= features_max)
      problem(node, fmt::format("expected at most {} features", features_max));
    schema_.columns.push_back(std::move(column));
  }

  void read_label(const Json& node) {
    const bool is_described = !node["classes"].is_null() || !node["type"].is_null();
    check_keys(is_described ? node : Json(), {"name", "classes", "type"});
    schema_.is_label_number = node["type"].string_or("") == "real" && node["classes"].is_null();
    const bool has_answers =
        schema_.is_label_number || (node["type"].is_null() && node["classes"].items().size() >= 2);
    if (!has_answers || node["name"].string_or("").empty())
      return problem(node,
                     "expected 'label' with the 'name' of the column that holds the class, and at "
                     "least two 'classes' in the order of the net's scores; or, of a net that "
                     "answers a number, with 'type: real'");
    schema_.label = node["name"].string_or("");
    if (std::ranges::find(schema_.columns, schema_.label, &TableColumn::name) !=
        schema_.columns.end())
      problem(node["name"], "the label is one of the columns: the net would be told the answer");
    std::set<std::string> seen;
    for (const Json& item : node["classes"].items()) {
      std::vector<std::string> spellings;
      if (item.is_string())
        spellings = {item.string_or("")};
      else
        spellings = texts(item, "classes");
      if (spellings.empty()) {
        problem(item, "expected a text, or a list of its spellings, for each class");
        spellings.emplace_back();
      }
      for (const std::string& one : spellings)
        if (!seen.insert(one).second)
          problem(item, fmt::format("'{}' names two classes", quotable(one)));
      schema_.classes.push_back(std::move(spellings));
    }
  }

  void check_groups(const Json& node) {
    std::map<std::string, int> sizes;
    for (const TableColumn& column : schema_.columns)
      if (!column.group.empty()) ++sizes[column.group];
    for (const auto& [name, size] : sizes)
      if (size < 2)
        problem(node,
                fmt::format("expected at least two columns in the group '{}'", quotable(name)));
  }

  std::string file_;
  Diagnostics& problems_;
  TabularSchema schema_;
};

}  // namespace

Result<TabularSchema> read_columns(std::string_view yaml,
                                   const std::string& file,
                                   Diagnostics& problems) {
  const std::size_t before = problems.error_count();
  TRY(const Json tree, parse_yaml(yaml, file, problems, tree_limits));
  if (tree["lockstep_columns"].as_int() != 1)
    return fail(ErrorKind::input, "ai.columns",
                "expected 'lockstep_columns: 1', the format that this program reads",
                tree.at(file));
  TabularSchema schema = Reader(file, problems).read(tree);
  if (problems.error_count() == before) return schema;
  return fail(
      ErrorKind::input, "ai.columns",
      fmt::format("{} problems in the description of the columns", problems.error_count() - before),
      {file, 0, 0});
}

}  // namespace lockstep::ai
