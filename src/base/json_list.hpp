// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace lockstep {

/// A JSON document that is mostly one long list of objects, which are not parsed yet. A reader that
/// needs each of them once parses a few at a time, on several cores, and never holds the tree of
/// all.
class JsonList {
 public:
  /// @param key of the list, a member of the document
  /// Nothing when there is no such list, when the document has more than 64 members, or when
  /// anything is wrong with the rest of it; parse_json says what.
  static std::optional<JsonList> open(std::string_view bytes,
                                      std::string_view key,
                                      const TreeLimits& limits);

  /// The document, with an empty list in the place of the long one.
  const Json& rest() const { return rest_; }

  std::size_t size() const { return elements_.size(); }

  /// How many values the document has, but for those within the elements.
  std::size_t nodes() const { return nodes_; }

  struct Elements {
    Json::Array trees;      ///< which know where in the document they stand
    std::size_t nodes = 0;  ///< how many values are within them
  };

  /// The elements from `begin` to `end`. Nothing when one of them is broken or has a key twice.
  /// Whoever asks adds up the values and holds the limit. May be called by several threads at once.
  std::optional<Elements> elements(std::size_t begin, std::size_t end) const;

 private:
  struct Element {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t line_start = 0;
    std::uint32_t line = 0;
  };

  explicit JsonList(const TreeLimits& limits) : limits_(limits) {}

  std::string_view text() const;

  TreeLimits limits_;
  std::string text_;  ///< with the room behind it that the parser looks into
  Json rest_;
  std::vector<Element> elements_;
  std::size_t nodes_ = 0;
};

}  // namespace lockstep
