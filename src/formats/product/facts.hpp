// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/fact.hpp"

namespace lockstep::formats {

/// Reads a file that holds nothing but facts: a YAML (or JSON) map of fact to value, nested or with
/// dotted names. Returns the facts that could be read, in file order; all problems, in file order,
/// go to `problems`. Errors: yaml.* when it is no YAML, product.type when it is no map.
/// Codes in `problems`: product.type, product.fact.
Result<std::vector<Fact>> read_facts(std::string_view bytes,
                                     const std::string& path,
                                     Diagnostics& problems);

/// The facts below a map that was read already. `sha256` is the digest of the file.
///
/// A key may be one word or several joined by dots, and maps nest: `ai: {is_ai_system: yes}` and
/// `ai.is_ai_system: yes` are the same fact. A value without quotes is what it looks like: yes, no,
/// true or false (in small letters, or with a capital first letter; `NO` stays a word, since it is
/// also a country), a whole number, a number, else a word. Quotes make it a text whatever it looks
/// like. With quotes or without (JSON knows no other way), 2028-09-04 is a date and `unknown` means
/// unknown, as does nothing at all.
std::vector<Fact> flatten_facts(const Json& map,
                                const std::string& path,
                                const std::string& sha256,
                                Diagnostics& problems);

}  // namespace lockstep::formats
