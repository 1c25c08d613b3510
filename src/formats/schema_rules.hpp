// SPDX-License-Identifier: Apache-2.0
// The rules of a schema made ready for checking: keywords looked up, references followed, patterns
// compiled. A document visits the same rule for each of its thousands of components.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "formats/schema.hpp"
#include "formats/schema_texts.hpp"

namespace lockstep::formats {

struct SchemaKeywords;

/// Rules by the key of a property.
/// SPEED: a table by length and three letters; keys of one schema seldom share a place.
class PropertyTable {
 public:
  using Entry = std::pair<std::string_view, const SchemaKeywords*>;

  PropertyTable() = default;
  explicit PropertyTable(const std::vector<Entry>& entries);

  /// The rule of a property, or null.
  const SchemaKeywords* find(std::string_view key) const {
    if (places_.empty()) return nullptr;
    for (std::size_t place = place_of(key);; ++place) {
      const Entry& entry = places_[place & (places_.size() - 1)];
      if (entry.second == nullptr || entry.first == key) return entry.second;
    }
  }

  /// In alphabetical order.
  std::vector<std::string> keys() const;

 private:
  static std::size_t place_of(std::string_view key) {
    if (key.empty()) return 0;
    const auto letter = [&](std::size_t at) {
      return static_cast<std::size_t>(static_cast<unsigned char>(key[at]));
    };
    return key.size() + 3 * letter(0) + 7 * letter(key.size() / 2) + 13 * letter(key.size() - 1);
  }

  std::vector<Entry> places_;  ///< a power of two, at most half of them taken
};

/// The keywords of one rule. A keyword that is absent is null, nothing or empty.
struct SchemaKeywords {
  const Json* node = nullptr;  ///< the rule as it was written

  std::optional<bool> always;                  ///< of a schema that is true or false
  std::vector<std::string_view> types;         ///< one of them
  unsigned kinds = ~0U;                        ///< a bit for each Json::Kind that `types` hold
  const Json* fixed = nullptr;                 ///< const
  const Json* choice = nullptr;                ///< enum
  std::vector<std::string_view> choice_texts;  ///< those of `choice` that are texts, sorted

  std::optional<std::int64_t> length_min, length_max;
  const Pattern* pattern = nullptr;
  const std::string* format = nullptr;  ///< only one that is checked

  std::optional<double> minimum, maximum, multiple_of;

  std::optional<std::int64_t> items_min, items_max;
  bool has_unique_items = false;
  bool has_tuple = false;
  std::vector<const SchemaKeywords*> tuple;  ///< `items` where it is a list
  const SchemaKeywords* items = nullptr;     ///< of every element, or of those after the tuple

  std::optional<std::int64_t> properties_min, properties_max;
  std::vector<const std::string*> required;
  PropertyTable properties;
  const SchemaKeywords* additional_properties = nullptr;

  std::vector<const SchemaKeywords*> all_of, any_of, one_of;
  const SchemaKeywords* refused = nullptr;  ///< not
  const SchemaKeywords* condition = nullptr;
  const SchemaKeywords* then = nullptr;
  const SchemaKeywords* otherwise = nullptr;  ///< else

  /// Whether a text is one of `choice`. SPEED: the licences of SPDX are 700.
  bool offers(std::string_view text) const;
};

/// All rules that a schema leads to, its references to other schemas of its folder included.
class SchemaRules {
 public:
  /// @param name "cyclonedx/bom-1.6"; the schema must exist (LS_CHECK)
  explicit SchemaRules(std::string_view name);

  const SchemaKeywords& root() const { return *root_; }

 private:
  const SchemaKeywords* rule_of(SchemaRule rule);
  void read(SchemaKeywords& into,
            std::string_view keyword,
            const Json& value,
            const Json* document);

  ShippedSchemas schemas_;
  Patterns patterns_;
  std::unordered_map<const Json*, std::unique_ptr<SchemaKeywords>> rules_;  ///< by node
  const SchemaKeywords* root_ = nullptr;
};

/// The rules of a schema that ships with the program, made ready once in a process: they depend on
/// nothing but its name.
const SchemaRules& shipped_rules(std::string_view name);

}  // namespace lockstep::formats
