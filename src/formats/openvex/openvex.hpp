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

/// What stands before a reference within a bill that is written as an IRI, percent-encoded.
inline constexpr std::string_view reference_scheme = "bom-ref:";

/// Whether a document names the OpenVEX context.
bool looks_like_openvex(const Document& document);

/// Reads an OpenVEX document, version 0.0.1 (names as plain texts) or 0.2.0 (names as maps). Time,
/// author and products that a statement leaves out come down from the document. A statement
/// without a vulnerability or a status, and one that clears a product without a reason, is reported
/// and left out; other problems leave it in. What no statement depends on, such as unknown keys
/// and a document without `@id` or `version`, is an error by Rules::errors alone.
/// Codes: openvex.schema, schema.not_checked, openvex.required, openvex.type, openvex.status,
/// openvex.justification, openvex.reason, openvex.action, openvex.time, openvex.version,
/// openvex.products. Source: OpenVEX specification 0.2.0.
std::vector<VexStatement> read_openvex(const Document& document, const Source& source);

/// Writes statements as OpenVEX 0.2.0. What that format has no member for stands in the last line
/// of `status_notes`. Law: reading what was written gives the same statements.
Json openvex_document(const VexDocument& document);

/// One statement of such a document.
Json openvex_statement(const VexStatement& statement, const VexDocument& document);

}  // namespace lockstep::formats
