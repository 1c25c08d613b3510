// SPDX-License-Identifier: Apache-2.0
// Checks a document against a JSON Schema (draft-07) that ships with the program.
//
// The standards whose files we read publish their rules as schemas of a few thousand lines. To
// restate them in C++ would be long and would drift from the standard, so the schemas are data
// (data/schemas/), built into the program, and this is their reader. It knows the keywords that
// those schemas use, no others; a test fails when a schema brings a keyword that it does not know.
//
// The one thing that needs an idea is a choice, oneOf or anyOf, of which no branch fits: each
// branch has its own complaints, and most of them are about forms that the author never meant. The
// branch that was meant is nearly always the one that got furthest into the value before something
// was wrong, so its complaints are reported. When no branch gets inside the value, all are named.
//
// Source: JSON Schema draft-07 (core and validation).
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// The text of a schema, by its path below data/schemas/ without ".schema.json":
/// "cyclonedx/bom-1.6", "cyclonedx/bom-1.6.xsd". Empty when there is none.
std::string_view shipped_schema(std::string_view name);

/// The same as a tree; the schema must be there and be JSON (LS_CHECK).
Json shipped_document(std::string_view name);

/// Reports every rule of the schema `name` that the document breaks, in file order, with `code` and
/// as `source.rules` says, each with its place and its JSON pointer. The schema must exist
/// (LS_CHECK). When a document needs more than limits.hpp's schema_steps, what is left unchecked is
/// a warning, schema.not_checked.
void check_schema(const Json& document,
                  std::string_view name,
                  const std::string& code,
                  const Source& source);

}  // namespace lockstep::formats
