// SPDX-License-Identifier: Apache-2.0
#include "formats/schema_rules.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <mutex>

namespace lockstep::formats {
namespace {

/// SPEED: lengths are compared first; nearly all words differ in theirs or are the same.
bool comes_first(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

constexpr unsigned bit_of(Json::Kind kind) {
  return 1U << static_cast<unsigned>(kind);
}

/// A whole number may be written with a point, which a look at its kind does not decide.
unsigned kinds_of(std::string_view type) {
  using enum Json::Kind;
  if (type == "null") return bit_of(null);
  if (type == "boolean") return bit_of(boolean);
  if (type == "integer") return bit_of(integer);
  if (type == "number") return bit_of(integer) | bit_of(number);
  if (type == "string") return bit_of(string);
  return bit_of(type == "array" ? array : object);
}

void read_types(SchemaKeywords& into, const Json& value) {
  if (const std::string* type = value.as_string()) into.types.emplace_back(*type);
  for (const Json& type : value.items())
    into.types.push_back(*type.as_string());
  into.kinds = 0;
  for (const std::string_view type : into.types)
    into.kinds |= kinds_of(type);
}

void read_words(SchemaKeywords& into, const Json& choice) {
  into.choice = &choice;
  for (const Json& word : choice.items())
    if (const std::string* text = word.as_string()) into.choice_texts.emplace_back(*text);
  std::ranges::sort(into.choice_texts, comes_first);
}

}  // namespace

PropertyTable::PropertyTable(const std::vector<Entry>& entries) {
  if (entries.empty()) return;
  places_.resize(std::bit_ceil(2 * entries.size()));
  for (const Entry& entry : entries) {
    std::size_t place = place_of(entry.first);
    while (places_[place & (places_.size() - 1)].second != nullptr)
      ++place;
    places_[place & (places_.size() - 1)] = entry;
  }
}

std::vector<std::string> PropertyTable::keys() const {
  std::vector<std::string> keys;
  for (const Entry& entry : places_)
    if (entry.second != nullptr) keys.emplace_back(entry.first);
  std::ranges::sort(keys);
  return keys;
}

bool SchemaKeywords::offers(std::string_view text) const {
  return std::ranges::binary_search(choice_texts, text, comes_first);
}

SchemaRules::SchemaRules(std::string_view name)
    : schemas_(std::string(name.substr(0, name.find('/') + 1))) {
  const Json* root = schemas_.load(std::string(name.substr(name.find('/') + 1)));
  root_ = rule_of({root, root});
}

const SchemaKeywords* SchemaRules::rule_of(SchemaRule rule) {
  while (const std::string* reference = (*rule.node)["$ref"].as_string())
    rule = schemas_.resolve(*reference, rule.document);
  auto& slot = rules_[rule.node];
  if (slot) return slot.get();
  slot = std::make_unique<SchemaKeywords>();
  SchemaKeywords& keywords = *slot;  // `slot` moves while more rules come in
  keywords.node = rule.node;
  keywords.always = rule.node->as_bool();
  for (const auto& [keyword, value] : rule.node->members())
    read(keywords, keyword, value, rule.document);
  if (keywords.has_tuple) {
    const Json* rest = rule.node->find("additionalItems");
    keywords.items = rest == nullptr ? nullptr : rule_of({rest, rule.document});
  }
  return &keywords;
}

void SchemaRules::read(SchemaKeywords& into,
                       std::string_view keyword,
                       const Json& value,
                       const Json* document) {
  const auto rules_of = [&](const Json& list) {
    std::vector<const SchemaKeywords*> rules;
    for (const Json& node : list.items())
      rules.push_back(rule_of({&node, document}));
    return rules;
  };
  if (keyword == "type") {
    read_types(into, value);
  } else if (keyword == "const") {
    into.fixed = &value;
  } else if (keyword == "enum") {
    read_words(into, value);
  } else if (keyword == "minLength") {
    into.length_min = value.as_int();
  } else if (keyword == "maxLength") {
    into.length_max = value.as_int();
  } else if (keyword == "pattern") {
    into.pattern = &patterns_.of(value.string_or(""));
  } else if (keyword == "format") {
    into.format = says_of_format(value.string_or("")).empty() ? nullptr : value.as_string();
  } else if (keyword == "minimum") {
    into.minimum = value.as_number();
  } else if (keyword == "maximum") {
    into.maximum = value.as_number();
  } else if (keyword == "multipleOf") {
    into.multiple_of = value.as_number();
  } else if (keyword == "minItems") {
    into.items_min = value.as_int();
  } else if (keyword == "maxItems") {
    into.items_max = value.as_int();
  } else if (keyword == "uniqueItems") {
    into.has_unique_items = value.as_bool() == true;
  } else if (keyword == "items") {
    into.has_tuple = value.is_array();
    if (into.has_tuple)
      into.tuple = rules_of(value);
    else
      into.items = rule_of({&value, document});
  } else if (keyword == "minProperties") {
    into.properties_min = value.as_int();
  } else if (keyword == "maxProperties") {
    into.properties_max = value.as_int();
  } else if (keyword == "required") {
    for (const Json& key : value.items())
      if (const std::string* text = key.as_string()) into.required.push_back(text);
  } else if (keyword == "properties") {
    std::vector<PropertyTable::Entry> entries;
    for (const auto& [key, node] : value.members())
      entries.emplace_back(key, rule_of({&node, document}));
    into.properties = PropertyTable(entries);
  } else if (keyword == "additionalProperties") {
    into.additional_properties = rule_of({&value, document});
  } else if (keyword == "allOf") {
    into.all_of = rules_of(value);
  } else if (keyword == "anyOf") {
    into.any_of = rules_of(value);
  } else if (keyword == "oneOf") {
    into.one_of = rules_of(value);
  } else if (keyword == "not") {
    into.refused = rule_of({&value, document});
  } else if (keyword == "if") {
    into.condition = rule_of({&value, document});
  } else if (keyword == "then") {
    into.then = rule_of({&value, document});
  } else if (keyword == "else") {
    into.otherwise = rule_of({&value, document});
  }
}

const SchemaRules& shipped_rules(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, SchemaRules, std::less<>> rules;
  const std::scoped_lock lock(mutex);
  const auto found = rules.find(name);
  return found != rules.end() ? found->second
                              : rules.try_emplace(std::string(name), name).first->second;
}

}  // namespace lockstep::formats
