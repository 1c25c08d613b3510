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
#include "formats/source.hpp"

namespace lockstep::formats {

struct BomFormat {
  std::string_view name;          ///< "CycloneDX 1.2 to 1.7 (JSON)"
  std::string_view specified_by;  ///< the standard
  bool (*looks_like)(const Json& document);
  Bom (*read)(const Json& document, const Source& source);
};

struct VexFormat {
  std::string_view name;
  std::string_view specified_by;
  bool (*looks_like)(const Json& document);
  std::vector<VexStatement> (*read)(const Json& document, const Source& source);
};

std::span<const BomFormat> bom_formats();
std::span<const VexFormat> vex_formats();

/// Reads a bill of materials in whatever format of the list it is. Returns what could be read even
/// when there are problems; the caller decides, and says with `rules` how broken rules of the
/// standard's schema are reported. Sets the bill's path and digest.
/// Errors: json.*; bom.format, which says what the document is when it is none of the list.
Result<Bom> read_bom(std::string_view bytes,
                     const std::string& path,
                     Diagnostics& problems,
                     Rules rules = Rules::errors);

/// Whether a bill may carry statements of its own (CycloneDX `vulnerabilities`), so that reading it
/// once more with read_vex is worth the time.
bool has_statements(std::string_view bytes);

/// The same for VEX statements. Errors: json.*, vex.format.
Result<std::vector<VexStatement>> read_vex(std::string_view bytes,
                                           const std::string& path,
                                           Diagnostics& problems,
                                           Rules rules = Rules::errors);

}  // namespace lockstep::formats
