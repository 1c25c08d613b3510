// SPDX-License-Identifier: Apache-2.0
#include "advisories/hit.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace lockstep::advisories {

namespace {

using Ids = std::set<std::string, std::less<>>;

/// The ids of a record's weakness, and of those that it stands for.
Result<Ids> ids_about(std::uint32_t record, const AdvisoryIndex& index) {
  TRY(const Flaw flaw, index.flaw_of(record));
  Ids ids(flaw.ids.begin(), flaw.ids.end());
  TRY(const Advisory advisory, index.record(record));
  ids.insert(advisory.upstream.begin(), advisory.upstream.end());
  return ids;
}

/// Of an open record only the id is known. One of the NVD is a CVE with a prefix.
bool is_decided(std::string_view id, const Ids& decided) {
  const std::size_t colon = id.find(':');
  return decided.contains(id) ||
         (colon != std::string_view::npos && decided.contains(id.substr(colon + 1)));
}

}  // namespace

Result<> remove_decided(std::span<const std::uint32_t> decided,
                        const AdvisoryIndex& index,
                        std::vector<Hit>& hits,
                        Open& open) {
  if (hits.empty() && open.empty()) return {};
  Ids ids;
  for (const std::uint32_t record : decided) {
    TRY(const Ids some, ids_about(record, index));
    ids.insert(some.begin(), some.end());
  }
  std::vector<Hit> left;
  for (Hit& hit : hits) {
    TRY(const Ids own, ids_about(hit.record, index));
    const bool is_known =
        std::ranges::any_of(own, [&ids](const std::string& id) { return ids.contains(id); });
    if (!is_known) left.push_back(std::move(hit));
  }
  hits = std::move(left);
  for (auto& [reason, records] : open)
    std::erase_if(records, [&ids](const std::string& id) { return is_decided(id, ids); });
  std::erase_if(open, [](const auto& item) { return item.second.empty(); });
  return {};
}

}  // namespace lockstep::advisories
