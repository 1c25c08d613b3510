// SPDX-License-Identifier: Apache-2.0
#include "formats/schema_keywords.hpp"

#include <algorithm>

namespace lockstep::formats {

namespace {

/// SPEED: lengths are compared first; nearly all words differ in theirs or are the same.
bool comes_first(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

SchemaKeywords::SchemaKeywords(const Json& schema)
    : always(schema.as_bool()),
      reference(schema["$ref"].as_string()),
      type(schema["type"].as_string()),
      fixed(schema.find("const")),
      choice(schema.find("enum")),
      length_min(schema["minLength"].as_int()),
      length_max(schema["maxLength"].as_int()),
      pattern(schema["pattern"].as_string()),
      format(schema["format"].as_string()),
      minimum(schema["minimum"].as_number()),
      maximum(schema["maximum"].as_number()),
      multiple_of(schema["multipleOf"].as_number()),
      items_min(schema["minItems"].as_int()),
      items_max(schema["maxItems"].as_int()),
      has_unique_items(schema["uniqueItems"].as_bool() == true),
      items(schema.find("items")),
      additional_items(schema.find("additionalItems")),
      properties_min(schema["minProperties"].as_int()),
      properties_max(schema["maxProperties"].as_int()),
      additional_properties(schema.find("additionalProperties")),
      any_of(schema.find("anyOf")),
      one_of(schema.find("oneOf")),
      refused(schema.find("not")),
      condition(schema.find("if")),
      then(schema.find("then")),
      otherwise(schema.find("else")) {
  for (const Json& key : schema["required"].items())
    if (const std::string* text = key.as_string()) required.push_back(text);
  for (const auto& [key, rule] : schema["properties"].members())
    properties.emplace_back(key, &rule);
  std::ranges::sort(properties, comes_first, &decltype(properties)::value_type::first);
  for (const Json& word : schema["enum"].items())
    if (const std::string* text = word.as_string()) choice_texts.emplace_back(*text);
  std::ranges::sort(choice_texts);
  for (const Json& part : schema["allOf"].items())
    all_of.push_back(&part);
}

bool SchemaKeywords::offers(std::string_view text) const {
  return std::ranges::binary_search(choice_texts, text);
}

const Json* SchemaKeywords::property(std::string_view key) const {
  const auto found = std::ranges::lower_bound(properties, key, comes_first,
                                              &decltype(properties)::value_type::first);
  return found != properties.end() && found->first == key ? found->second : nullptr;
}

}  // namespace lockstep::formats
