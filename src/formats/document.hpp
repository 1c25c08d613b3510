// SPDX-License-Identifier: Apache-2.0
// A foreign document, taken apart by its syntax and not yet understood. The rows of the registry
// look at it to say whether it is theirs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "formats/source.hpp"
#include "formats/xml.hpp"

namespace lockstep::formats {

enum class Syntax { json, yaml, tag_value, xml };

struct Document {
  Syntax syntax = Syntax::json;
  Json tree;  ///< of JSON and YAML as written, of tag-value in the form of SPDX as JSON
  std::optional<XmlDocument> xml;  ///< of XML; `tree` is then empty
};

/// Takes a document apart, whatever its syntax.
/// Errors: json.*, yaml.*, xml.*, spdx.tag; `code` for what is no text of any of them, such as an
/// archive.
Result<Document> parse_document(std::string_view bytes,
                                const Source& source,
                                const std::string& code);

}  // namespace lockstep::formats
