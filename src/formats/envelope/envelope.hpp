// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "formats/document.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Takes a document out of the envelopes and statements around it: DSSE, a Sigstore bundle that
/// holds a DSSE envelope, an in-toto statement 0.1 or 1, in each other up to limits.hpp's
/// envelope_depth. What is in none comes back as it was. Lines are then those of the payload, and
/// a note says so and that no signature was checked (envelope.signature).
/// Errors: envelope.payload, envelope.depth, and those of parse_document with `code`.
/// Source: DSSE 1.0.2, in-toto attestation framework (Statement 0.1 and 1).
Result<Document> open_envelopes(Document document, const Source& source, const std::string& code);

/// parse_document and open_envelopes in one. Errors: as theirs.
Result<Document> open_document(std::string_view bytes,
                               const Source& source,
                               const std::string& code);

/// The bytes of a base64 text with the standard or the URL alphabet, with or without padding;
/// nothing when it is none. Source: RFC 4648.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace lockstep::formats
