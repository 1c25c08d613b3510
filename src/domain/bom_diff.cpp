// SPDX-License-Identifier: Apache-2.0
#include "domain/bom_diff.hpp"

#include <map>
#include <set>
#include <utility>

namespace lockstep {
namespace {

/// All entries of a bill with one identity.
struct Entries {
  const Component* first = nullptr;
  std::set<std::string> versions;
  std::set<std::string> licences;
};

using Parts = std::map<std::string, Entries>;

Parts parts_of(const Bom& bom) {
  Parts parts;
  for (const Component& component : bom.components) {
    Entries& entries = parts[identity_of(component)];
    if (entries.first == nullptr) entries.first = &component;
    entries.versions.insert(component.version);
    entries.licences.insert(component.licences.begin(), component.licences.end());
  }
  return parts;
}

std::string purl_of(const Component& component, bool has_version) {
  if (!component.purl) return "";
  Purl purl = *component.purl;
  if (!has_version) purl = {purl.type, purl.name_space, purl.name, "", {}, ""};
  return to_text(purl);
}

void add_parts(const Bom& bom, const Parts& others, std::vector<BomDiff::Part>& into) {
  std::map<std::pair<std::string, std::string>, const Component*> found;
  for (const Component& component : bom.components)
    if (const std::string identity = identity_of(component); !others.contains(identity))
      found.try_emplace({identity, component.version}, &component);
  for (const auto& entry : found)
    into.push_back({full_name(*entry.second), entry.second->version, purl_of(*entry.second, true)});
}

BomDiff::Change change_of(const Component& component,
                          const std::set<std::string>& before,
                          const std::set<std::string>& after) {
  return {full_name(component),
          purl_of(component, false),
          {before.begin(), before.end()},
          {after.begin(), after.end()}};
}

}  // namespace

std::string identity_of(const Component& component) {
  if (component.purl) return purl_of(component, false);
  return full_name(component);
}

std::string full_name(const Component& component) {
  return component.group.empty() ? component.name : component.group + "/" + component.name;
}

BomDiff compare(const Bom& before, const Bom& after) {
  const Parts old_parts = parts_of(before);
  const Parts new_parts = parts_of(after);
  BomDiff diff;
  add_parts(after, old_parts, diff.added);
  add_parts(before, new_parts, diff.removed);
  for (const auto& [identity, now] : new_parts) {
    const auto earlier = old_parts.find(identity);
    if (earlier == old_parts.end()) continue;
    const Entries& then = earlier->second;
    if (then.versions != now.versions)
      diff.versions.push_back(change_of(*now.first, then.versions, now.versions));
    if (then.licences != now.licences)
      diff.licences.push_back(change_of(*now.first, then.licences, now.licences));
  }
  return diff;
}

}  // namespace lockstep
