// SPDX-License-Identifier: Apache-2.0
#include "domain/supply_check.hpp"

namespace lockstep {

std::string_view to_text(CheckItem::State state) {
  switch (state) {
    case CheckItem::State::seen:
      return "seen";
    case CheckItem::State::answered:
      return "answered";
    case CheckItem::State::denied:
      return "denied";
    case CheckItem::State::missing:
      return "missing";
    case CheckItem::State::not_legible:
      return "not_legible";
    case CheckItem::State::ask:
      return "ask";
    case CheckItem::State::not_applicable:
      return "not_applicable";
  }
  return "";
}

}  // namespace lockstep
