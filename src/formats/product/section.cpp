// SPDX-License-Identifier: Apache-2.0
#include "formats/product/section.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"

namespace lockstep::formats {
namespace {

const Json nothing;

const Json& as_map(const Json& node) {
  return node.is_object() ? node : nothing;
}

}  // namespace

Section::Section(const Json& node, const Source& source, std::string name)
    : node_(as_map(node)),
      source_(source),
      name_(std::move(name)),
      where_(node.at(source.path)),
      is_map_(node.is_object()) {
  if (!is_map_ && !node.is_null())
    source_.problems.error("product.type",
                           fmt::format("expected a map for '{}', found {}", name_, describe(node)),
                           where_);
}

std::string Section::text(std::string_view key, Presence presence) {
  const Json* value = ask(key, presence);
  if (value == nullptr) return "";
  if (value->is_string()) return value->string_or("");
  wrong_type("text", *value, key);
  return "";
}

std::string Section::word(std::string_view key,
                          std::span<const std::string> words,
                          Presence presence) {
  std::string found = text(key, presence);
  if (found.empty() || std::ranges::find(words, found) != words.end()) return found;
  problem("product.word",
          fmt::format("expected one of {} for '{}', found '{}'{}", join(words, ", "), path_of(key),
                      quotable(found), suggestion(found, words)),
          key);
  return "";
}

std::optional<double> Section::number(std::string_view key,
                                      const NumberRange& range,
                                      Presence presence) {
  const Json* value = ask(key, presence);
  if (value == nullptr) return std::nullopt;
  return in_range(*value, range, key);
}

std::optional<std::int64_t> Section::whole_number(std::string_view key,
                                                  std::int64_t at_least,
                                                  std::int64_t at_most) {
  const Json* value = ask(key, Presence::optional);
  if (value == nullptr) return std::nullopt;
  const auto whole = value->as_int();
  if (whole && *whole >= at_least && *whole <= at_most) return whole;
  problem("product.number",
          fmt::format("expected a whole number from {} to {} for '{}', found {}", at_least, at_most,
                      path_of(key), describe(*value)),
          key);
  return std::nullopt;
}

/// A day outside these is a slip of the pen, or stands for "never".
constexpr Day first_day = std::chrono::year{1900} / 1 / 1;
constexpr Day last_day = std::chrono::year{2199} / 12 / 31;

std::optional<Day> Section::day(std::string_view key) {
  const Json* value = ask(key, Presence::optional);
  if (value == nullptr) return std::nullopt;
  auto date = parse_day(value->string_or(""));
  if (date && (*date < first_day || *date > last_day)) date.reset();
  if (!date)
    problem("product.date",
            fmt::format("expected a date such as 2026-09-11 for '{}', found {}", path_of(key),
                        describe(*value)),
            key);
  return date;
}

std::string Section::day_text(std::string_view key) {
  const auto date = day(key);
  return date ? to_text(*date) : "";
}

std::vector<std::string> Section::texts(std::string_view key) {
  std::vector<std::string> words;
  for (const Json& element : list(key)) {
    if (element.is_string() && !element.string_or("").empty())
      words.push_back(element.string_or(""));
    else if (element.is_string())
      source_.problems.error("product.empty",
                             fmt::format("expected a text in '{}', found an empty one; fill it in "
                                         "or take it out",
                                         path_of(key)),
                             element.at(source_.path));
    else
      source_.problems.error("product.type",
                             fmt::format("expected a list of texts for '{}', found {} in it",
                                         path_of(key), describe(element)),
                             element.at(source_.path));
  }
  return words;
}

std::vector<double> Section::numbers(std::string_view key, const NumberRange& range) {
  std::vector<double> values;
  const Json::Array& elements = list(key);
  for (const Json& element : elements)
    if (const auto value = in_range(element, range, key)) values.push_back(*value);
  if (values.size() != elements.size()) values.clear();
  return values;
}

const Json::Array& Section::list(std::string_view key) {
  const Json* value = ask(key, Presence::optional);
  if (value == nullptr) return nothing.items();
  if (!value->is_array()) wrong_type("a list", *value, key);
  return value->items();
}

const Json& Section::any(std::string_view key) {
  const Json* value = ask(key, Presence::optional);
  return value == nullptr ? nothing : *value;
}

Section Section::section(std::string_view key) {
  return {any(key), source_, path_of(key)};
}

Section Section::element(std::string_view key, std::size_t index) {
  return {node_[key].items()[index], source_, fmt::format("{}[{}]", path_of(key), index)};
}

void Section::problem(std::string code, std::string message, std::string_view key) {
  const Json* value = node_.find(key);
  source_.problems.error(std::move(code), std::move(message),
                         value == nullptr ? where_ : value->at(source_.path));
}

void Section::finish() {
  for (const auto& [key, value] : node_.members()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    std::string hint = suggestion(key, known_);
    if (hint.empty()) hint = "; it has " + join(known_, ", ");
    source_.problems.error(
        "product.unknown_key",
        fmt::format("expected a key of {}, found '{}'{}",
                    name_.empty() ? "the product file" : "'" + name_ + "'", quotable(key), hint),
        value.key_at(source_.path));
  }
}

const Json* Section::ask(std::string_view key, Presence presence) {
  if (std::ranges::find(known_, key) == known_.end()) known_.emplace_back(key);
  const Json* value = node_.find(key);
  const bool is_there = value != nullptr && !value->is_null() && value->string_or("x") != "";
  if (is_there) return value;
  if (presence == Presence::required && is_map_)
    problem("product.required", fmt::format("expected '{}', found nothing", path_of(key)), key);
  return nullptr;
}

void Section::wrong_type(std::string_view expected, const Json& found, std::string_view key) {
  problem("product.type",
          fmt::format("expected {} for '{}', found {}", expected, path_of(key), describe(found)),
          key);
}

std::string Section::path_of(std::string_view key) const {
  return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

std::optional<double> Section::in_range(const Json& value,
                                        const NumberRange& range,
                                        std::string_view key) {
  const auto found = value.as_number();
  const bool is_inside = found && std::isfinite(*found) && *found >= range.at_least &&
                         *found <= range.at_most &&
                         !(range.is_open_below && *found == range.at_least);
  if (is_inside) return found;
  source_.problems.error(
      "product.number",
      fmt::format("expected {} for '{}', found {}", range.says, path_of(key), describe(value)),
      value.at(source_.path));
  return std::nullopt;
}

}  // namespace lockstep::formats
