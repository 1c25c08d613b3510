// SPDX-License-Identifier: Apache-2.0
#include "advisories/module_stream.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// Red Hat writes "1.module+el8.4.0+1", AlmaLinux "1.module_el8.4.0+1".
bool is_of_module(std::string_view version) {
  return version.find(".module+") != std::string_view::npos ||
         version.find(".module_") != std::string_view::npos;
}

/// "nodejs:12", without the stops around it.
bool is_stream(std::string_view word) {
  const std::size_t colon = word.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < word.size() &&
         word.find(':', colon + 1) == std::string_view::npos;
}

std::string_view without_stops(std::string_view word) {
  constexpr std::string_view stops = ".,;()[]\"'";
  const std::size_t first = word.find_first_not_of(stops);
  if (first == std::string_view::npos) return {};
  return word.substr(first, word.find_last_not_of(stops) - first + 1);
}

}  // namespace

std::string module_stream(std::string_view label) {
  const auto fields = split(label, ':');
  const bool has_both = fields.size() >= 2 && !fields[0].empty() && !fields[1].empty();
  return has_both ? std::string(fields[0]) + ":" + std::string(fields[1]) : std::string();
}

bool is_other_build(const AffectedEntry& entry, std::string_view version) {
  const bool ours = is_of_module(version);
  bool mends = false;
  for (const AffectedRangeView& range : entry.ranges)
    for (const EventView& event : range.events) {
      if (event.kind != EventKind::fixed) continue;
      if (is_of_module(event.version) == ours) return false;
      mends = true;
    }
  return mends;
}

bool is_other_stream(std::string_view summary, std::string_view ours) {
  bool names_streams = false;
  for (const std::string_view word : split(summary, ' ')) {
    const std::string_view stream = without_stops(word);
    if (stream == ours) return false;
    names_streams = names_streams || is_stream(stream);
  }
  return names_streams;
}

}  // namespace lockstep::advisories
