// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Reports every rule that a SARIF log breaks: those of the schema of its version (2.1.0 or 2.2),
/// and those that the standard states in words and a schema cannot check, each with its line and
/// JSON pointer. All of them are errors.
/// Codes: sarif.version, sarif.schema, sarif.rule_name, sarif.uri, sarif.uri_base, sarif.time,
/// sarif.region, sarif.context, sarif.index, sarif.rule_id, sarif.final_schema, sarif.message,
/// sarif.reference, schema.not_checked.
/// Source: SARIF 2.1.0 (OASIS Standard, errata 01); the rules SARIF1001 to SARIF1013 of the SARIF
/// Multitool.
void check_sarif(const Json& document, const Source& source);

}  // namespace lockstep::formats
