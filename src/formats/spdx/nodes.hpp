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
      for (const std::string_view key : {"spdxId", "@id"})
        if (const std::string id = text(*node, key); !id.empty()) by_id_.emplace(id, node);
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
  std::vector<const Json*> all_;
  std::map<std::string, const Json*> by_id_;
};

/// The id that a value is or holds.
inline std::string id_of(const Json& value) {
  return value.is_object() ? text(value, "spdxId") : value.string_or("");
}

}  // namespace lockstep::formats::spdx
