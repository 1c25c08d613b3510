// SPDX-License-Identifier: Apache-2.0
#include "regulations/checks/checks.hpp"

#include <algorithm>

namespace lockstep::regulations {

const Check* Checks::find_check(std::string_view id) const {
  const auto found = std::ranges::find(checks, id, &Check::id);
  return found == checks.end() ? nullptr : &*found;
}

const ItemRule* Checks::find_item(std::string_view id) const {
  for (const Check& check : checks) {
    const auto found = std::ranges::find(check.items, id, &ItemRule::id);
    if (found != check.items.end()) return &*found;
  }
  return nullptr;
}

int Checks::sign(std::string_view id) const {
  const auto found = std::ranges::find(signs, id, &Sign::id);
  return found == signs.end() ? -1 : static_cast<int>(found - signs.begin());
}

int Checks::kind(std::string_view id) const {
  const auto found = std::ranges::find(kinds, id, &DocumentKind::id);
  return found == kinds.end() ? -1 : static_cast<int>(found - kinds.begin());
}

std::string_view to_text(SignValue value) {
  switch (value) {
    case SignValue::none:
      return "none";
    case SignValue::label:
      return "label";
    case SignValue::month:
      return "month";
    case SignValue::day:
      return "day";
    case SignValue::contact:
      return "contact";
    case SignValue::url:
      return "url";
    case SignValue::number4:
      return "number4";
  }
  return "";
}

std::string_view to_text(ContradictionRule::Kind rule) {
  switch (rule) {
    case ContradictionRule::Kind::differ:
      return "differ";
    case ContradictionRule::Kind::in_past:
      return "in_past";
    case ContradictionRule::Kind::has_sign:
      return "has_sign";
    case ContradictionRule::Kind::without_value:
      return "without_value";
    case ContradictionRule::Kind::other_act:
      return "other_act";
    case ContradictionRule::Kind::other_name:
      return "other_name";
    case ContradictionRule::Kind::other_version:
      return "other_version";
  }
  return "";
}

}  // namespace lockstep::regulations
