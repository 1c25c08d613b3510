// SPDX-License-Identifier: Apache-2.0
#include "regulations/reader.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::regulations {

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  const auto near = nearest(word, candidates);
  return near ? fmt::format("; did you mean '{}'?", *near) : std::string();
}

void Reader::error(std::string_view code, std::string message, const Json& at) {
  problems_.error(std::string(code), std::move(message), at.at(*file_));
}

void Reader::only(const Json& node, std::span<const std::string_view> known) {
  if (!node.is_object()) {
    error("regulation.type", "expected a mapping of keys to values", node);
    return;
  }
  for (const auto& [key, value] : node.members()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    const std::vector<std::string> candidates(known.begin(), known.end());
    error("regulation.unknown_key",
          fmt::format("'{}' is no key here{}", quotable(key), suggestion(key, candidates)), value);
  }
}

std::string Reader::text(const Json& node, std::string_view key) {
  const Json* member = node.find(key);
  if (member == nullptr || member->as_string() == nullptr || member->as_string()->empty()) {
    error("regulation.missing_key", fmt::format("expected a text under '{}'", key),
          member == nullptr ? node : *member);
    return {};
  }
  return *member->as_string();
}

std::string Reader::optional_text(const Json& node, std::string_view key) {
  return node.find(key) == nullptr ? std::string() : text(node, key);
}

std::vector<std::string> Reader::texts(const Json& node, std::string_view key) {
  const Json* member = node.find(key);
  if (member == nullptr) return {};
  if (const std::string* one = member->as_string()) return {*one};
  std::vector<std::string> found;
  bool fits = member->is_array();
  for (const Json& item : member->items()) {
    if (item.as_string() != nullptr) {
      found.push_back(*item.as_string());
    } else {
      fits = false;
    }
  }
  if (!fits)
    error("regulation.type", fmt::format("expected a list of texts under '{}'", key), *member);
  return found;
}

std::optional<Day> Reader::day(const Json& node, std::string_view key) {
  const Json* member = node.find(key);
  if (member == nullptr) return std::nullopt;
  const auto found = parse_day(member->string_or(""));
  if (!found) {
    error("regulation.type",
          fmt::format("expected a day such as 2027-12-11 under '{}', found '{}'", key,
                      quotable(member->string_or("?"))),
          *member);
  }
  return found;
}

std::optional<Truth> Reader::truth(const Json& node, std::string_view key) {
  const Json* member = node.find(key);
  if (member == nullptr) return std::nullopt;
  const auto found = member->as_bool();
  if (!found) {
    error("regulation.type", fmt::format("expected yes or no under '{}'", key), *member);
    return std::nullopt;
  }
  return truth_of(*found);
}

InForce Reader::in_force(const Json& node) {
  const InForce found{day(node, "from"), day(node, "until")};
  if (found.from && found.until && *found.until < *found.from) {
    error("regulation.date",
          fmt::format("'until' {} comes before 'from' {}", lockstep::to_text(*found.until),
                      lockstep::to_text(*found.from)),
          node);
  }
  return found;
}

const Json::Array& Reader::list(const Json& node, std::string_view key) {
  const Json& member = node[key];
  if (!member.is_null() && !member.is_array()) {
    error("regulation.type", fmt::format("expected a list under '{}'", key), member);
  }
  return member.items();
}

}  // namespace lockstep::regulations
