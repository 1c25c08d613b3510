// SPDX-License-Identifier: Apache-2.0
// The keywords of one rule of a schema, looked up once. A document visits the same rule for each of
// its thousands of components.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace lockstep::formats {

/// A keyword that is absent is null, nothing or empty.
struct SchemaKeywords {
  std::optional<bool> always;  ///< of a schema that is true or false
  const std::string* reference = nullptr;

  const std::string* type = nullptr;
  const Json* fixed = nullptr;                 ///< const
  const Json* choice = nullptr;                ///< enum
  std::vector<std::string_view> choice_texts;  ///< those of `choice` that are texts, sorted

  std::optional<std::int64_t> length_min, length_max;
  const std::string* pattern = nullptr;
  const std::string* format = nullptr;

  std::optional<double> minimum, maximum, multiple_of;

  std::optional<std::int64_t> items_min, items_max;
  bool has_unique_items = false;
  const Json* items = nullptr;
  const Json* additional_items = nullptr;

  std::optional<std::int64_t> properties_min, properties_max;
  std::vector<const std::string*> required;
  std::vector<std::pair<std::string_view, const Json*>> properties;  ///< by length and key
  const Json* additional_properties = nullptr;

  std::vector<const Json*> all_of;
  const Json* any_of = nullptr;
  const Json* one_of = nullptr;
  const Json* refused = nullptr;  ///< not
  const Json* condition = nullptr;
  const Json* then = nullptr;
  const Json* otherwise = nullptr;  ///< else

  explicit SchemaKeywords(const Json& schema);

  /// Whether a text is one of `choice`. SPEED: the licences of SPDX are 700.
  bool offers(std::string_view text) const;

  /// The rule of a property, or null.
  const Json* property(std::string_view key) const;
};

}  // namespace lockstep::formats
