// SPDX-License-Identifier: Apache-2.0
// Tests about the names of product_version_range.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {
namespace {

template <typename Look>
void each_range(const View& view, Look look) {
  for (const Branch& branch : view.branches)
    if (branch.category == "product_version_range") look((*branch.node)["name"], branch.name);
}

/// ^vers:[a-z.+-][a-z0-9.+-]*/.+
bool looks_like_vers(std::string_view name) {
  if (!name.starts_with("vers:")) return false;
  name.remove_prefix(5);
  const std::string_view type = name.substr(0, name.find('/'));
  const auto is_type_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
  };
  return !type.empty() && !(type[0] >= '0' && type[0] <= '9') &&
         std::ranges::all_of(type, is_type_character) && name.size() > type.size() + 1;
}

}  // namespace

void range_without_vers(const View& view, Findings& findings) {
  each_range(view, [&](const Json& node, std::string_view name) {
    if (!looks_like_vers(name))
      findings.add(node, fmt::format("expected a range such as vers:npm/>=1.2.0|<2.0.0, or single "
                                     "versions, found '{}', which tools can compare by guessing "
                                     "only",
                                     quotable(name)));
  });
}

}  // namespace lockstep::formats::csaf
