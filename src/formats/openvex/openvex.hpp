// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/vex.hpp"
#include "formats/document.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// The justifications of the specification, in its order.
std::span<const std::string> openvex_justifications();

/// Whether a document names the OpenVEX context.
bool looks_like_openvex(const Document& document);

/// Reads an OpenVEX document, version 0.0.1 (names as plain texts) or 0.2.0 (names as maps). Time,
/// author and products that a statement leaves out come down from the document. A statement
/// without a vulnerability or a status, and one that clears a product without a reason, is reported
/// and left out; other problems leave it in. Unknown keys are ignored. A document without `@id` or
/// `version`, which the specification requires, is an error by Rules::errors alone.
/// Codes: openvex.required, openvex.type, openvex.status, openvex.justification, openvex.reason,
/// openvex.action, openvex.time, openvex.version, openvex.products.
/// Source: OpenVEX specification 0.2.0.
std::vector<VexStatement> read_openvex(const Document& document, const Source& source);

/// Writes statements as OpenVEX 0.2.0. What that format has no member for stands in the last line
/// of `status_notes`. Law: reading what was written gives the same statements.
Json openvex_document(const VexDocument& document);

/// One statement of such a document.
Json openvex_statement(const VexStatement& statement, const VexDocument& document);

}  // namespace lockstep::formats
