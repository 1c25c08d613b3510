// SPDX-License-Identifier: Apache-2.0
// A first look finds where the elements begin and end, by their brackets alone. Each is then a
// document of its own, which is held to all rules of JSON when it is parsed.
#include "base/json_list.hpp"

#include <simdjson.h>
#include <string>

#include "base/json_reader.hpp"

namespace lockstep {

namespace ondemand = simdjson::ondemand;

std::string_view JsonList::text() const {
  return std::string_view(text_).substr(0, text_.size() - simdjson::SIMDJSON_PADDING);
}

std::optional<JsonList> JsonList::open(std::string_view bytes,
                                       std::string_view key,
                                       const TreeLimits& limits) {
  if (bytes.size() > limits.bytes) return std::nullopt;
  JsonList list(limits);
  list.text_.reserve(bytes.size() + simdjson::SIMDJSON_PADDING);
  list.text_.append(bytes).append(simdjson::SIMDJSON_PADDING, ' ');
  const std::string_view text = list.text();
  const std::string file;
  Diagnostics problems;
  constexpr std::size_t root_and_list = 2;
  JsonReader reader{file, problems, limits, JsonPlaces(text), root_and_list, 1, {}, {}};
  JsonPlaces places(text);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object root;
  if (parser.iterate(text.data(), text.size(), list.text_.size()).get(document) !=
      simdjson::SUCCESS)
    return std::nullopt;
  if (document.get_object().get(root) != simdjson::SUCCESS) return std::nullopt;

  const auto find_elements = [&](ondemand::value value) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto element : array) {
      ondemand::object object;
      std::string_view written;
      if (element.get_object().get(object) != simdjson::SUCCESS) return false;
      if (object.raw_json().get(written) != simdjson::SUCCESS) return false;
      if (++reader.nodes > limits.nodes) return false;
      const auto begin = static_cast<std::size_t>(written.data() - text.data());
      const auto [line, column] = places.of(written.data());
      list.elements_.push_back({begin, begin + written.size(), begin + 1 - column, line});
    }
    return true;
  };
  for (auto member : root) {
    std::string_view name;
    ondemand::value value;
    if (member.unescaped_key().get(name) != simdjson::SUCCESS) return std::nullopt;
    if (member.value().get(value) != simdjson::SUCCESS) return std::nullopt;
    constexpr std::size_t few = 64;  // keys are searched one after the other
    if (reader.members.size() == few) return std::nullopt;
    for (const auto& before : reader.members)
      if (before.first == name) return std::nullopt;
    if (name != key) {
      if (reader.read_member(name, value) != simdjson::SUCCESS) return std::nullopt;
      continue;
    }
    reader.members.emplace_back(name, Json::array());
    if (!find_elements(value)) return std::nullopt;
  }
  const char* here = nullptr;
  const bool is_at_end = document.current_location().get(here) == simdjson::OUT_OF_BOUNDS;
  if (!is_at_end || !problems.entries().empty() || list.elements_.empty()) return std::nullopt;
  list.nodes_ = reader.nodes;
  list.rest_ = Json::object_of_members(std::move(reader.members));
  return list;
}

std::optional<JsonList::Elements> JsonList::elements(std::size_t begin, std::size_t end) const {
  constexpr std::size_t depth = 2;  // within the document and the list
  Json::Array elements(end - begin);
  const std::string_view text = this->text();
  const std::string file;
  Diagnostics problems;
  ondemand::parser parser;
  JsonReader reader{file, problems, limits_, JsonPlaces(text), 0, depth, {}, {}};
  for (std::size_t i = begin; i < end; ++i) {
    const Element& element = elements_[i];
    reader.places = JsonPlaces(text, element.begin, element.line, element.line_start);
    const char* start = text.data() + element.begin;
    const std::size_t size = element.end - element.begin;
    ondemand::document document;
    ondemand::value value;
    if (parser.iterate(start, size, text_.size() - element.begin).get(document) !=
        simdjson::SUCCESS)
      return std::nullopt;
    if (document.get_value().get(value) != simdjson::SUCCESS) return std::nullopt;
    if (reader.read(value, elements[i - begin]) != simdjson::SUCCESS) return std::nullopt;
    const char* here = nullptr;
    if (document.current_location().get(here) != simdjson::OUT_OF_BOUNDS) return std::nullopt;
  }
  if (!problems.entries().empty()) return std::nullopt;
  return Elements{std::move(elements), reader.nodes - (end - begin)};
}

}  // namespace lockstep
