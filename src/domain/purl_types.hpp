// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "domain/purl.hpp"

namespace lockstep {

/// Whether a component may or must be there.
enum class Presence { optional, required, prohibited };

/// What the canonical form does to the letters of a component.
enum class Letters { kept, lower, upper };

/// What one package type asks of its components.
struct PurlTypeRules {
  std::string_view type;
  Presence name_space = Presence::optional;
  Letters name_space_letters = Letters::kept;
  Letters name_letters = Letters::kept;
  Letters version_letters = Letters::kept;
  std::string_view required_qualifier = "";  ///< "" when none is
  /// What does not fit the columns; null for most types. Runs after the letters were changed.
  Result<> (*further)(Purl&) = nullptr;
};

/// The rules of a type in lower case. A type that is not registered gets the general ones: every
/// component is optional and kept as it is.
const PurlTypeRules& purl_type_rules(std::string_view type);

/// The registered type that a wrong word stands for ("debian" is "deb"), or "".
std::string_view meant_purl_type(std::string_view type);

}  // namespace lockstep
