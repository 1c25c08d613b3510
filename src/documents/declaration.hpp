// SPDX-License-Identifier: Apache-2.0
// The draft of the one EU declaration of conformity for both acts. Each field carries the clauses
// that want it. A field is filled only from what a person wrote or what was shown; everything else
// is named as missing. The draft is never signed here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "documents/tree.hpp"
#include "documents/writers.hpp"
#include "domain/dossier.hpp"

namespace lockstep::documents {

/// One entry of a field: a label, and what stands there ("" when it is missing).
struct DeclarationEntry {
  std::string label;
  std::string value;
};

/// One field of the declaration.
struct DeclarationField {
  std::string_view id;
  std::string_view title;
  std::span<const Provision> cites;
  /// Why the field does not arise for this product; "" when it does.
  std::string (*left_out)(const Dossier&);
  std::vector<DeclarationEntry> (*entries)(const Dossier&);
};

/// All fields in the order of the document.
std::span<const DeclarationField> declaration_fields();

std::span<const Need> declaration_needs();

Document declaration_document(const Dossier& dossier);

/// lockstep/declaration/1
Json declaration_json(const Dossier& dossier);

/// declaration.html and declaration.json
std::vector<WrittenFile> write_declaration(const Dossier& dossier);

}  // namespace lockstep::documents
