// SPDX-License-Identifier: Apache-2.0
#include "risks/ssvc_data.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace lockstep::risks {

namespace {

/// More combinations than any table of the standard has.
constexpr std::size_t max_combinations = 100'000;
constexpr std::size_t max_values = 16;

tl::unexpected<Error> refuse(std::string message, const Json& node, const std::string& path) {
  return fail(ErrorKind::input, "ssvc.data", std::move(message), node.at(path));
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& item : list.items())
    texts.push_back(item.string_or(""));
  return texts;
}

Result<SsvcPoint> read_point(const Json& node, const std::string& path) {
  SsvcPoint point;
  point.id = node["id"].string_or("");
  point.key = node["key"].string_or("");
  point.name = node["name"].string_or("");
  point.version = node["version"].string_or("");
  point.ask = node["ask"].string_or("");
  point.values = texts_of(node["values"]);
  point.keys = texts_of(node["keys"]);
  for (const auto& [spelling, value] : node["also"].members())
    point.also.emplace_back(spelling, value.string_or(""));
  if (point.id.empty() || point.values.size() < 2 || point.values.size() > max_values ||
      std::ranges::find(point.values, "") != point.values.end()) {
    return refuse(fmt::format("expected a point with an id and 2 to {} values", max_values), node,
                  path);
  }
  return point;
}

/// The place of the first outcome of a row, and how many combinations it stands for.
struct Block {
  std::size_t first = 0;
  std::size_t size = 0;
};

Result<Block> block_of(const SsvcTable& table, const Json& row, const std::string& path) {
  const Json& when = row["when"];
  Block block{0, 1};
  for (std::size_t i = 0; i < table.points.size(); ++i) {
    const std::vector<std::string>& values = table.points[i]->values;
    if (i >= when.items().size()) {
      block.first *= values.size();
      block.size *= values.size();
      continue;
    }
    const auto value = std::ranges::find(values, when.items()[i].string_or(""));
    if (value == values.end()) {
      return refuse(fmt::format("expected a value of {}, found '{}'", table.points[i]->id,
                                quotable(when.items()[i].string_or(""))),
                    when.items()[i], path);
    }
    block.first = block.first * values.size() + static_cast<std::size_t>(value - values.begin());
  }
  if (when.items().size() > table.points.size() || row["then"].items().size() != block.size) {
    return refuse(fmt::format("expected an outcome for each of {} combinations, found {}",
                              block.size, row["then"].items().size()),
                  row, path);
  }
  return block;
}

Result<> read_rows(const Json& rows, SsvcTable& table, const std::string& path) {
  std::size_t count = 1;
  for (const SsvcPoint* point : table.points)
    count *= point->values.size();
  if (count > max_combinations) return refuse("expected a smaller table", rows, path);
  std::vector<std::optional<std::uint8_t>> outcomes(count);
  for (const Json& row : rows.items()) {
    TRY(const Block block, block_of(table, row, path));
    for (std::size_t i = 0; i < block.size; ++i) {
      const Json& then = row["then"].items()[i];
      const auto word = std::ranges::find(table.outcome.values, then.string_or(""));
      if (word == table.outcome.values.end())
        return refuse(fmt::format("expected an outcome of '{}', found '{}'", table.id,
                                  quotable(then.string_or(""))),
                      then, path);
      if (outcomes[block.first + i])
        return refuse("expected one outcome for each combination, found two", row, path);
      outcomes[block.first + i] = static_cast<std::uint8_t>(word - table.outcome.values.begin());
    }
  }
  for (const auto& outcome : outcomes) {
    if (!outcome) return refuse("expected an outcome for each combination", rows, path);
    table.outcomes.push_back(*outcome);
  }
  return {};
}

Result<SsvcTable> read_table(const RuleFile& file, const SsvcTables& set) {
  SsvcTable table;
  table.id = file.tree["id"].string_or("");
  table.title = file.tree["title"].string_or("");
  table.version = file.tree["version"].string_or("");
  table.source = file.tree["source"].string_or("");
  TRY(table.outcome, read_point(file.tree["outcome"], file.path));
  for (const Json& id : file.tree["points"].items()) {
    const auto point = set.points.find(id.string_or(""));
    if (point == set.points.end())
      return refuse(fmt::format("there is no point '{}'", quotable(id.string_or(""))), id,
                    file.path);
    table.points.push_back(&point->second);
  }
  if (table.id.empty() || table.points.empty())
    return refuse("expected a table with an id and points", file.tree, file.path);
  TRY_VOID(read_rows(file.tree["rows"], table, file.path));
  return table;
}

}  // namespace

Result<std::unique_ptr<const SsvcTables>> load_ssvc_tables(std::span<const RuleFile> files) {
  auto set = std::make_unique<SsvcTables>();
  for (const RuleFile& file : files) {
    for (const Json& node : file.tree["points"].items()) {
      if (!node.is_object()) continue;
      TRY(SsvcPoint point, read_point(node, file.path));
      if (point.keys.size() != point.values.size())
        return refuse(fmt::format("expected a key for each value of '{}'", point.id), node,
                      file.path);
      const std::string id = point.id;
      if (!set->points.emplace(id, std::move(point)).second)
        return refuse(fmt::format("expected the point '{}' once", id), node, file.path);
    }
  }
  for (const RuleFile& file : files) {
    if (file.tree["rows"].is_null()) continue;
    TRY(SsvcTable table, read_table(file, *set));
    set->tables.push_back(std::move(table));
  }
  std::ranges::sort(set->tables, {}, &SsvcTable::id);
  return std::unique_ptr<const SsvcTables>(std::move(set));
}

}  // namespace lockstep::risks
