// SPDX-License-Identifier: Apache-2.0
#include "domain/supply_check.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep {

std::string to_text(const SeenAt& seen) {
  std::string place = seen.file;
  if (seen.page > 0) place += fmt::format(" page {}", seen.page);
  if (seen.line > 0) place += fmt::format(" line {}", seen.line);
  return fmt::format("{}: \"{}\"", place, seen.words);
}

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

std::string_view words(CheckItem::State state) {
  switch (state) {
    case CheckItem::State::seen:
      return "seen";
    case CheckItem::State::answered:
      return "answered";
    case CheckItem::State::denied:
      return "NOT SHOWN";
    case CheckItem::State::missing:
      return "MISSING";
    case CheckItem::State::not_legible:
      return "NOT LEGIBLE";
    case CheckItem::State::ask:
      return "ASK";
    case CheckItem::State::not_applicable:
      return "does not apply";
  }
  return "";
}

std::string cites_of(const SupplyCheckView& view, const CheckSide& side) {
  std::vector<std::string> cites;
  for (const std::string& cite : side.cites)
    cites.push_back(to_text(Citation{side.act, cite}, short_title_of(view.acts, side.act)));
  return join(cites, ", ");
}

}  // namespace lockstep
