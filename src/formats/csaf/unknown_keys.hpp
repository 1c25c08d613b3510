// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace lockstep::formats::csaf {

/// A member of an object of which the schema knows other members, not this one.
struct UnknownKey {
  const Json* at = nullptr;
  std::string key;
};

/// Every such key of a document, in file order, as if the schema and those that it refers to were
/// strict. Objects for which a schema names no key hold any. `schema` is one of data/schemas/csaf/.
std::vector<UnknownKey> unknown_keys(const Json& document, std::string_view schema);

}  // namespace lockstep::formats::csaf
