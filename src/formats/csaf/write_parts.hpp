// SPDX-License-Identifier: Apache-2.0
// What the writers of CSAF share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/csaf/write.hpp"

namespace lockstep::formats::csaf {

/// The `document` object.
Json document_of(const HeadToWrite& head, std::string_view category);

/// The whole document around its parts; `$schema` in 2.1.
Json whole_of(const HeadToWrite& head, std::string_view category, Json tree, Json vulnerabilities);

/// `cve` and `ids` of a vulnerability: the first CVE among the names, and the others.
void set_names(Json& vulnerability, const std::vector<std::string>& names);

/// The first CVE among the names, else the first name; "" when there is none.
std::string key_of(const std::vector<std::string>& names);

/// A product identification helper; null for an identifier that is neither a valid purl nor CPE nor
/// URI.
Json helper_of(std::string_view identifier, Version version);

/// "P0001" of a place in a list.
std::string product_id(std::size_t place);

}  // namespace lockstep::formats::csaf
