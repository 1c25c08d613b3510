// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "formats/csaf/view.hpp"

namespace lockstep::formats::csaf {

/// Which products are versions of the same thing. The line of a product is the way to it through
/// the branches without the branches that name versions; of a product path it is made of the lines
/// of its parts. Products outside branches have no line: nothing says what they are versions of.
class ProductLines {
 public:
  enum class Look { for_affected, for_fixed };

  /// The lines of some products, and whether one of them has none.
  struct Group {
    std::set<std::string_view> lines;
    std::set<std::string_view> shortened;  ///< without the last "installed_with" of product paths
    bool has_unknown = false;
  };

  explicit ProductLines(const View& view);

  /// Of the products of a vulnerability that are in a group of statuses.
  Group of_group(const View& view, const Json& vulnerability, StatusGroup wanted) const;

  /// Whether the group has a product of the same line. A product without a line, or a group with
  /// one, is given the benefit of the doubt, unless the group is empty.
  bool has_counterpart(std::string_view id, const Group& group, Look look) const;

 private:
  struct Line {
    std::string whole;
    std::string shortened;  ///< equal to `whole` where there is nothing to take away
  };

  void add_path(const Json& path);

  std::unordered_map<std::string_view, Line> lines_;
};

}  // namespace lockstep::formats::csaf
