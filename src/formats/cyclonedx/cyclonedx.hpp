// SPDX-License-Identifier: Apache-2.0
// CycloneDX (ECMA-424) as JSON, versions 1.2 to 1.7, and as XML, versions 1.0 to 1.7, read and, as
// JSON 1.6, written.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/bom.hpp"
#include "domain/vex.hpp"
#include "formats/document.hpp"
#include "formats/left_out.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Whether a document says that it is CycloneDX, as JSON or as XML.
bool looks_like_cyclonedx(const Document& document);
bool looks_like_cyclonedx_xml(const Document& document);

/// Reads the bill of a document that looks like CycloneDX. Every rule of the version's schema that
/// it breaks is reported; what could be read is returned. A purl that is none is a warning, and its
/// component is kept without one.
/// Codes: cyclonedx.version, cyclonedx.schema, cyclonedx.purl, bom.duplicate_reference,
/// bom.reference, bom.cycle, schema.not_checked.
Bom read_cyclonedx(const Document& document, const Source& source);
Bom read_cyclonedx_xml(const Document& document, const Source& source);

/// The same for a long bill as JSON that is as it should be, a few components at a time by all
/// cores. Nothing where that is not so, where components are nested, or where the bill has
/// statements: then `source.problems` is as it was, and read_cyclonedx says what there is to say.
std::optional<Bom> read_long_cyclonedx(std::string_view bytes, const Source& source);

/// What a document states about vulnerabilities, without a second look at the schema: each
/// `vulnerabilities[]` that has an analysis with a state. A statement speaks about the bill's
/// subject, when that has a purl, with the affected components as its parts; else about the
/// components themselves. States and justifications are put into the words of OpenVEX; the words as
/// written are kept in the impact statement where the mapping loses something. Codes:
/// cyclonedx.vex_reason, cyclonedx.vex_version. Source: CycloneDX 1.7, "Vulnerabilities"; OpenVEX
/// 0.2.0.
std::vector<VexStatement> read_cyclonedx_statements(const Document& document, const Source& source);
std::vector<VexStatement> read_cyclonedx_xml_statements(const Document& document,
                                                        const Source& source);

/// What a document says that its bill does not keep.
std::vector<LeftOut> left_out_of_cyclonedx(const Document& document);
std::vector<LeftOut> left_out_of_cyclonedx_xml(const Document& document);

/// Writes a bill as CycloneDX 1.6 JSON. What that format cannot say is left out: a serial that is
/// no urn:uuid, digests by algorithms that it does not list, the second of two equal elements.
/// Law: reading what was written gives the same bill, and the same statements.
/// @param statements become its vulnerabilities
std::string write_cyclonedx(const Bom& bom, std::span<const VexStatement> statements = {});
Json cyclonedx_document(const Bom& bom);

/// Writes statements as the vulnerabilities of a CycloneDX 1.6 document: the nearest words of the
/// standard, and beside them the statement itself as the property "lockstep:vex".
/// Law: reading what was written gives the same statements.
Json cyclonedx_vex_document(const VexDocument& document);

/// One vulnerability of such a document.
Json cyclonedx_vulnerability(const VexStatement& statement);

/// The name of who gives out an id: "CVE", "GitHub Advisory Database", "EUVD", "other".
std::string cyclonedx_source_of(std::string_view id);

}  // namespace lockstep::formats
