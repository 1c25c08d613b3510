// SPDX-License-Identifier: Apache-2.0
// The formats of bills of materials and of VEX statements that this program reads: one row each, in
// the order in which they are tried. A new format is a folder beside this file and a row here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/bom.hpp"
#include "domain/vex.hpp"
#include "formats/document.hpp"
#include "formats/left_out.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

struct BomFormat {
  std::string_view name;          ///< "CycloneDX 1.2 to 1.7 JSON"
  std::string_view specified_by;  ///< the standard
  bool (*looks_like)(const Document& document);
  Bom (*read)(const Document& document, const Source& source);
  /// What the document says that the bill does not keep.
  std::vector<LeftOut> (*left_out)(const Document& document);
  /// The VEX statements that a bill of this format may carry, without the checks that `read` makes;
  /// null where it carries none.
  std::vector<VexStatement> (*statements)(const Document& document, const Source& source) = nullptr;
};

struct VexFormat {
  std::string_view name;
  std::string_view specified_by;
  bool (*looks_like)(const Document& document);
  std::vector<VexStatement> (*read)(const Document& document, const Source& source);
};

std::span<const BomFormat> bom_formats();
std::span<const VexFormat> vex_formats();

/// The row that a document fits, or null.
const BomFormat* bom_format_of(const Document& document);

/// A bill, and what it states itself about vulnerabilities.
struct Bill {
  Bom bom;
  std::vector<VexStatement> statements;
};

/// Reads a bill of materials in whatever format of the list it is, taken out of its envelopes.
/// Returns what could be read even when there are problems; the caller decides, and says with
/// `rules` how broken rules of the standard's schema are reported. Sets the bill's path and digest.
/// Errors: as parse_document and open_envelopes; bom.format, which says what the document is when
/// it is none of the list.
Result<Bill> read_bill(std::string_view bytes,
                       const std::string& path,
                       Diagnostics& problems,
                       Rules rules = Rules::errors);

/// A bill with what its document says besides.
struct ImportedBom {
  Bom bom;
  std::vector<VexStatement> statements;
  std::vector<LeftOut> left_out;  ///< what neither of the two keeps
};

/// read_bom, to write the bill in another format: broken rules are warnings. Errors: as read_bill.
Result<ImportedBom> import_bom(std::string_view bytes,
                               const std::string& path,
                               Diagnostics& problems);

/// The same without its statements.
Result<Bom> read_bom(std::string_view bytes,
                     const std::string& path,
                     Diagnostics& problems,
                     Rules rules = Rules::errors);

/// The same for VEX statements, in a document of their own or in a bill. Errors: as read_bill, with
/// vex.format.
Result<std::vector<VexStatement>> read_vex(std::string_view bytes,
                                           const std::string& path,
                                           Diagnostics& problems,
                                           Rules rules = Rules::errors);

}  // namespace lockstep::formats
