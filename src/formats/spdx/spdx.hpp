// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "domain/bom.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Whether a document says that it is SPDX 2.
bool looks_like_spdx(const Json& document);

/// Reads an SPDX 2.2 or 2.3 document. Its packages are the components; the one package that the
/// document describes is the subject. Relationships that say that one package needs or holds
/// another become dependencies; those with files do not. Every rule of data/schemas/spdx that the
/// document breaks is reported; what could be read is returned. Unknown keys are ignored.
/// Digest algorithms and package purposes are put into the words of CycloneDX.
/// Codes: spdx.schema, spdx.purl, spdx.subject, bom.duplicate_reference, bom.reference, bom.cycle,
/// schema.not_checked.
/// Source: SPDX specification 2.2.2 and 2.3.
Bom read_spdx(const Json& document, const Source& source);

}  // namespace lockstep::formats
