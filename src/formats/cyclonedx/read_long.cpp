// SPDX-License-Identifier: Apache-2.0
// SPEED: parsed, checked and read a few components at a time, so that their tree stays in a core's
// own cache and never lies in memory as a whole.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_list.hpp"
#include "base/parallel.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/cyclonedx/parts.hpp"
#include "formats/limits.hpp"
#include "formats/schema.hpp"
#include "formats/schema_rules.hpp"

namespace lockstep::formats {
namespace {

/// Makes the rules ready that a document will be held to. What it says of its version is not sure
/// before it is parsed; where it misleads, only time is lost.
void prepare_rules(std::string_view bytes) {
  constexpr std::string_view key = "\"specVersion\"";
  constexpr std::size_t far = 4096;
  const std::size_t at = bytes.substr(0, far).find(key);
  if (at == std::string_view::npos) return;
  bytes.remove_prefix(at + key.size());
  const std::string_view value = bytes.substr(0, bytes.find_first_of(",}\n"));
  const std::size_t quote = value.find('"');
  if (quote == std::string_view::npos) return;
  const std::string_view version = value.substr(quote + 1, value.rfind('"') - quote - 1);
  if (const std::string schema = cyclonedx_schema(version); !schema.empty())
    (void)shipped_rules(schema);
}

/// What is read, and by what.
struct LongBill {
  const JsonList& list;
  const std::string& schema;
  const Source& source;
};

/// What is said about some of the components.
struct Part {
  Diagnostics problems;
  std::vector<std::uint64_t> fronts;
  std::size_t nodes = 0;
};

/// Reads components from `begin` on into their places; false where they are not as they should be.
bool read_part(const LongBill& bill, std::size_t begin, std::span<Component> into, Part& part) {
  const Source source{bill.source.path, part.problems, bill.source.rules};
  const auto elements = bill.list.elements(begin, begin + into.size());
  if (!elements || !elements_hold(elements->trees, bill.schema, "components", part.fronts))
    return false;
  part.nodes = elements->nodes;
  for (std::size_t i = 0; i < into.size(); ++i) {
    const Json& element = elements->trees[i];
    if (!element["components"].items().empty()) return false;
    read_cyclonedx_component(element, source, into[i]);
  }
  return true;
}

bool is_repeated(const std::vector<Part>& parts) {
  std::vector<std::uint64_t> fronts;
  for (const Part& part : parts)
    fronts.insert(fronts.end(), part.fronts.begin(), part.fronts.end());
  std::ranges::sort(fronts);
  return std::ranges::adjacent_find(fronts) != fronts.end();
}

}  // namespace

std::optional<Bom> read_long_cyclonedx(std::string_view bytes, const Source& source) {
  std::optional<JsonList> list;
  side_by_side(
      true, [&] { list = JsonList::open(bytes, "components", bom_limits); },
      [&] { prepare_rules(bytes); });
  if (!list || list->size() > bom_components || !is_cyclonedx(list->rest())) return std::nullopt;
  const Json& rest = list->rest();
  const std::string schema = cyclonedx_schema(rest["specVersion"].string_or(""));
  const bool has_more = !rest["vulnerabilities"].items().empty() ||
                        !rest["metadata"]["component"]["components"].items().empty();
  if (schema.empty() || has_more) return std::nullopt;

  constexpr std::size_t least = 100;  // fewer do not pay for a turn
  constexpr std::size_t for_each = 8;
  Diagnostics problems;
  Bom bom = read_cyclonedx_components(rest, {source.path, problems, source.rules});
  bom.components.resize(list->size());
  std::vector<Part> parts(parts_of(list->size(), least, for_each));
  std::atomic<bool> is_right{true};
  in_parts(list->size(), parts.size(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    if (!is_right) return;
    const auto into = std::span(bom.components).subspan(begin, end - begin);
    bool holds = read_part({*list, schema, source}, begin, into, parts[part]);
    if (part == 0 && holds) holds = broken_rules(rest, schema).broken.empty();
    if (!holds) is_right = false;
  });
  if (!is_right) return std::nullopt;
  std::size_t nodes = list->nodes();
  for (const Part& part : parts) {
    nodes += part.nodes;
    problems.append(part.problems);
  }
  if (nodes > bom_limits.nodes) return std::nullopt;
  bool is_twice = false;
  side_by_side(
      true, [&] { is_twice = is_repeated(parts); },
      [&] { complete_cyclonedx_bill(rest, {source.path, problems, source.rules}, bom); });
  if (is_twice) return std::nullopt;
  append_in_file_order(source.problems, problems);
  return bom;
}

}  // namespace lockstep::formats
