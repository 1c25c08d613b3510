// SPDX-License-Identifier: Apache-2.0
// The nodes of an SPDX 3 graph by their ids. Used in this folder only.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "formats/bom_graph.hpp"
#include "formats/source.hpp"
#include "formats/spdx/words.hpp"

namespace lockstep::formats::spdx {

/// The id that a value is or holds.
inline std::string id_of(const Json& value) {
  if (!value.is_object()) return value.string_or("");
  const std::string id = text(value, "spdxId");
  return id.empty() ? text(value, "@id") : id;
}

/// The elements of the list come first, in its order; then those that stand inside others, where a
/// reference to them may stand, each id once.
class Nodes {
 public:
  /// @param document lives longer than the nodes
  Nodes(const Json& document, const Source& source) {
    const Json& graph = document["@graph"];
    if (graph.is_array()) {
      for (const Json* node : entries_of(graph, source))
        all_.push_back(node);
    } else {
      all_.push_back(&document);
    }
    for (const Json* node : all_)
      by_id_.emplace(id_of(*node), node);
    by_id_.erase("");
    const std::size_t listed = all_.size();
    for (std::size_t i = 0; i < listed; ++i)
      add_inner(*all_[i]);
  }

  const std::vector<const Json*>& all() const { return all_; }

  /// The node of an id; nullptr when it is not in this document.
  const Json* find(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
  }

  /// The node that a value names or holds; null when it is not in this document.
  const Json& resolve(const Json& value) const {
    static const Json nothing;
    if (value.is_object()) return value;
    const Json* node = find(value.string_or(""));
    return node == nullptr ? nothing : *node;
  }

 private:
  /// The depth is bounded by bom_limits.depth.
  void add_inner(const Json& value) {
    for (const auto& [key, member] : value.members())
      visit(member);
    for (const Json& element : value.items())
      visit(element);
  }

  void visit(const Json& value) {
    if (value.is_object())
      if (std::string id = id_of(value);
          !id.empty() && by_id_.emplace(std::move(id), &value).second)
        all_.push_back(&value);
    if (value.is_object() || value.is_array()) add_inner(value);
  }

  std::vector<const Json*> all_;
  std::map<std::string, const Json*> by_id_;
};

}  // namespace lockstep::formats::spdx
