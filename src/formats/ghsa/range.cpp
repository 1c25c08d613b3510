// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "base/text.hpp"
#include "formats/ghsa/read.hpp"

namespace lockstep::formats::ghsa {

namespace {

using Kind = Event::Kind;

/// One comparison: "<" and "1.0.5".
struct Comparison {
  std::string_view op;
  std::string_view version;
};

/// Takes the next comparison off the text; nothing when it begins with no operator and version.
std::optional<Comparison> take_comparison(std::string_view& text) {
  constexpr std::array<std::string_view, 5> operators = {"<=", ">=", "<", ">", "="};
  for (const std::string_view op : operators) {
    if (!text.starts_with(op)) continue;
    text.remove_prefix(op.size());
    text = trim(text);
    const std::size_t end = std::min(text.find_first_of(", \t<>=|"), text.size());
    const Comparison found{op, text.substr(0, end)};
    text.remove_prefix(end);
    const std::size_t next = text.find_first_not_of(", \t");
    text.remove_prefix(std::min(next, text.size()));
    if (found.version.empty()) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

/// The comparisons of one alternative, all of which hold.
std::optional<AffectedRange> parse_alternative(std::string_view text,
                                               std::vector<std::string>& versions) {
  AffectedRange range;
  std::optional<Event> start;
  std::optional<Event> end;
  bool is_list = false;
  for (text = trim(text); !text.empty();) {
    const auto comparison = take_comparison(text);
    if (!comparison) return std::nullopt;
    std::string version(comparison->version);
    if (comparison->op == "=") {
      versions.push_back(std::move(version));
      is_list = true;
      continue;
    }
    const bool is_start = comparison->op.front() == '>';
    const bool has_equal = comparison->op.size() == 2;
    std::optional<Event>& bound = is_start ? start : end;
    if (bound) return std::nullopt;
    bound = is_start ? Event{has_equal ? Kind::introduced : Kind::introduced_after, version}
                     : Event{has_equal ? Kind::last_affected : Kind::fixed, version};
  }
  if (is_list && (start || end)) return std::nullopt;
  if (!is_list) range.events.push_back(start.value_or(Event{Kind::introduced, "0"}));
  if (end) range.events.push_back(*end);
  return range;
}

}  // namespace

std::optional<std::vector<AffectedRange>> parse_range(std::string_view text,
                                                      std::vector<std::string>& versions) {
  std::vector<AffectedRange> ranges;
  while (true) {
    const std::size_t end = text.find("||");
    const std::string_view one = trim(text.substr(0, end));
    if (one.empty()) return std::nullopt;
    auto range = parse_alternative(one, versions);
    if (!range) return std::nullopt;
    if (!range->events.empty()) ranges.push_back(*std::move(range));
    if (end == std::string_view::npos) return ranges;
    text.remove_prefix(end + 2);
  }
}

}  // namespace lockstep::formats::ghsa
