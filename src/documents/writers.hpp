// SPDX-License-Identifier: Apache-2.0
// The documents that somebody must hand over, one row each. `docs plan` asks the rows what is
// missing; `docs build` lets them write. How to add one: docs/how-to-add/writer.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/dossier.hpp"

namespace lockstep::documents {

/// A provision that wants a document or one of its fields.
struct Provision {
  std::string_view act;   ///< "eu-2024-2847"
  std::string_view path;  ///< "anx_V/pnt_1"
};

/// Something that a document cannot be complete without.
struct Need {
  std::string_view field;  ///< where a person writes it: "product.name"
  std::string_view part;   ///< id of the document's part that wants it
  std::string_view asks;   ///< "the name of the product"
  std::span<const Provision> wanted_by;
  /// True also where the need does not arise for this product.
  bool (*is_there)(const Dossier&);
};

/// A need that is not there, in words.
struct MissingField {
  std::string field;
  std::string part;
  std::string message;  ///< one sentence with the provisions
};

/// One file that a writer made.
struct WrittenFile {
  std::string name;  ///< "report.html"
  std::string media_type;
  std::string bytes;
};

struct Writer {
  std::string_view name;   ///< on the command line
  std::string_view title;  ///< in lists
  std::span<const Provision> cites;
  std::span<const Need> (*needs)();
  /// Never invents what is missing: names it in the document.
  std::vector<WrittenFile> (*write)(const Dossier&);
};

/// All rows, in the order of lists.
std::span<const Writer> writers();

/// The row with that name, or null.
const Writer* find_writer(std::string_view name);

/// What is missing for a document, in the order of its needs.
std::vector<MissingField> missing_fields(std::span<const Need> needs, const Dossier& dossier);

/// "CRA Annex V(1), AI Act Annex V(1)"
std::string provisions_text(const LegalView& law, std::span<const Provision> provisions);

}  // namespace lockstep::documents
