// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// The letters of data/countries.yaml for a text: its own, or those that it is read as (GR: EL).
/// Nothing for every other text; a name is none.
std::optional<std::string> country_of(const Ruleset& rules, std::string_view text);

/// "; did you mean 'DE'?" for a country's name, small letters or another spelling, or "".
std::string country_help(const Ruleset& rules, std::string_view text);

}  // namespace lockstep::regulations
