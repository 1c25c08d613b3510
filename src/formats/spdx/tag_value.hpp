// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Whether a text has a line that begins with "SPDXVersion:".
bool looks_like_tag_value(std::string_view bytes);

/// Puts a document in SPDX's tag-value form into its form as JSON, each value with its line: the
/// schema and the reader of that form then hold for both. Every line that cannot be placed is
/// reported (spdx.tag, as `source.rules` says). Errors: spdx.tag for what is no UTF-8 or over a
/// limit.
/// Source: SPDX specification 2.2.2 and 2.3, the tag-value lines of each clause.
Result<Json> parse_tag_value(std::string_view bytes, const Source& source);

}  // namespace lockstep::formats
