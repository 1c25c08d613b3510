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

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// The text of a schema, by its path below data/schemas/ without ".schema.json":
/// "cyclonedx/bom-1.6", "cyclonedx/bom-1.6.xsd". Empty when there is none.
std::string_view shipped_schema(std::string_view name);

/// The same as a tree; the schema must be there and be JSON (LS_CHECK).
Json shipped_document(std::string_view name);

/// A node of a schema, and the document whose "#/..." references it may hold.
struct SchemaRule {
  const Json* node = nullptr;
  const Json* document = nullptr;
};

/// The schemas of one folder below data/schemas/, each read when it is first asked for. A schema
/// that is missing, and a reference that leads nowhere, are our own mistakes (LS_CHECK).
class ShippedSchemas {
 public:
  /// @param folder with a slash at its end: "cyclonedx/"
  explicit ShippedSchemas(std::string folder) : folder_(std::move(folder)) {}

  /// The schema of a name without folder and ending: "bom-1.6".
  const Json* load(const std::string& name);

  /// What a "$ref" of a rule of `document` means.
  SchemaRule resolve(const std::string& reference, const Json* document);

 private:
  std::string folder_;
  std::map<std::string, std::unique_ptr<Json>> schemas_;
};

/// One rule of a schema that a document breaks.
struct BrokenRule {
  const Json* at = nullptr;  ///< a value of the document
  std::string pointer;       ///< to it (RFC 6901); "" for the document itself
  std::size_t depth = 0;     ///< levels below the document
  std::string message;
};

struct SchemaCheck {
  std::vector<BrokenRule> broken;  ///< in file order
  bool gave_up = false;            ///< the document needs more than limits.hpp's schema_steps
};

/// The rules of the schema `name` that the document breaks. The schema must exist (LS_CHECK).
SchemaCheck broken_rules(const Json& document, std::string_view name);

/// Whether elements of a list keep the rules that a schema has for the elements of the document's
/// member `list`, each by itself. Where the schema wants each once, `fronts` takes a number for
/// each: elements whose numbers differ are not the same. May be called by several threads at once.
bool elements_hold(std::span<const Json> elements,
                   std::string_view name,
                   std::string_view list,
                   std::vector<std::uint64_t>& fronts);

/// A pointer for a message: "the top" for the document itself, no control characters.
std::string shown_pointer(std::string_view pointer);

/// The warning about a document that was checked in part only.
std::string says_of_unchecked();

/// Reports every rule of the schema `name` that the document breaks, in file order, with `code` and
/// as `source.rules` says, each with its place and its JSON pointer. The schema must exist
/// (LS_CHECK). When a document needs more than limits.hpp's schema_steps, what is left unchecked is
/// a warning, schema.not_checked.
void check_schema(const Json& document,
                  std::string_view name,
                  const std::string& code,
                  const Source& source);

}  // namespace lockstep::formats
