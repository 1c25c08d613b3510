// SPDX-License-Identifier: Apache-2.0
#include "formats/osv/changes.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "base/time.hpp"

namespace lockstep::formats::osv {

namespace {

/// What may stand in an address as it is, and cannot climb.
bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 200 && text.front() != '.' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_' || c == '.' || c == ':';
         });
}

}  // namespace

std::vector<Change> read_changes(std::string_view bytes,
                                 std::string_view since,
                                 std::size_t most,
                                 const std::string& file,
                                 Diagnostics& problems) {
  std::vector<Change> changes;
  int number = 0;
  while (!bytes.empty() && changes.size() < most) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = trim(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    ++number;
    if (line.empty()) continue;
    const std::size_t comma = line.find(',');
    const std::string_view time = line.substr(0, comma);
    const std::string_view id = comma == std::string_view::npos ? "" : line.substr(comma + 1);
    if (!parse_instant(time) || !time.ends_with('Z') || !is_id(id)) {
      problems.error("osv.changes",
                     fmt::format("expected a line such as 2026-09-11T10:00:00Z,GHSA-1, found '{}'",
                                 quotable(line)),
                     {file, number, 1});
      continue;
    }
    if (time <= since) break;
    changes.push_back({std::string(time), std::string(id)});
  }
  return changes;
}

}  // namespace lockstep::formats::osv
