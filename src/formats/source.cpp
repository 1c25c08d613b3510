// SPDX-License-Identifier: Apache-2.0
#include "formats/source.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace lockstep::formats {

std::string describe(const Json& value) {
  switch (value.kind()) {
    case Json::Kind::null:
      return "nothing";
    case Json::Kind::array:
      return "a list";
    case Json::Kind::object:
      return "a map";
    case Json::Kind::boolean:
    case Json::Kind::integer:
    case Json::Kind::number:
      return to_canonical_json(value);
    case Json::Kind::string:
      return "'" + quotable(value.string_or("")) + "'";
  }
  return "nothing";
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t shortest_misspelling = 3;
  if (word.size() < shortest_misspelling) return "";
  const auto near = nearest(word, candidates);
  return near ? "; did you mean '" + *near + "'?" : "";
}

void append_in_file_order(Diagnostics& problems, const Diagnostics& found) {
  std::vector<Diagnostic> entries = found.entries();
  std::ranges::stable_sort(entries, {}, [](const Diagnostic& entry) {
    return std::tuple(entry.where.line, entry.where.column);
  });
  Diagnostics sorted;
  for (Diagnostic& entry : entries)
    sorted.add(std::move(entry));
  problems.append(sorted);
}

}  // namespace lockstep::formats
