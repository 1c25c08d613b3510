// SPDX-License-Identifier: Apache-2.0
// SPDX 2.2 and 2.3 as JSON, YAML, tag-value and plain XML, and SPDX 3.0 as JSON-LD.
#pragma once

#include <vector>

#include "domain/bom.hpp"
#include "domain/vex.hpp"
#include "formats/document.hpp"
#include "formats/left_out.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Whether a document says that it is SPDX 2 (JSON, YAML or tag-value), SPDX 2 as plain XML,
/// SPDX 3.
bool looks_like_spdx(const Document& document);
bool looks_like_spdx_xml(const Document& document);
bool looks_like_spdx3(const Document& document);

/// Reads an SPDX 2.2 or 2.3 document. Its packages are the components; the one package that the
/// document describes is the subject. Relationships that say that one package needs or holds
/// another become dependencies; those with files do not. Every rule of data/schemas/spdx that the
/// document breaks is reported; what could be read is returned. Unknown keys are ignored.
/// Digest algorithms and package purposes are put into the words of CycloneDX.
/// Codes: spdx.schema, spdx.purl, spdx.subject, bom.duplicate_reference, bom.reference, bom.cycle,
/// schema.not_checked.
/// Source: SPDX specification 2.2.2 and 2.3.
Bom read_spdx(const Document& document, const Source& source);
Bom read_spdx_xml(const Document& document, const Source& source);

/// What a document says that its bill does not keep.
std::vector<LeftOut> left_out_of_spdx(const Document& document);
std::vector<LeftOut> left_out_of_spdx_xml(const Document& document);
std::vector<LeftOut> left_out_of_spdx3(const Document& document);

/// The same of an SPDX 3.0 document. Packages of the AI profile are components of the type
/// "machine-learning-model", those of the Dataset profile of the type "data".
/// Codes: as read_spdx.
/// Source: SPDX specification 3.0.1.
Bom read_spdx3(const Document& document, const Source& source);

/// The statements of its security profile, without a second look at the schema. Relationships that
/// were withdrawn are left out. Codes: spdx.vex_element, spdx.vex_reason, spdx.vex_justification.
std::vector<VexStatement> read_spdx3_statements(const Document& document, const Source& source);

}  // namespace lockstep::formats
