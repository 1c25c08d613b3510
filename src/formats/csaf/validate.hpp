// SPDX-License-Identifier: Apache-2.0
// Checks a document against CSAF 2.0 or 2.1: the JSON schema and all tests of chapter 6.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "formats/csaf/view.hpp"
#include "formats/source.hpp"

namespace lockstep::formats::csaf {

/// "2.0", "2.1"; nothing for a document that names another version, or none.
std::optional<Version> version_of(const Json& document);

/// Reports everything that is wrong, in file order. The code of a problem is the number of the test
/// that fails ("6.1.8"), or "schema"; failed tests of section 6.1 are errors, of 6.2 warnings, of
/// 6.3 notes. A test that this program does not make is a note that says why. Other codes:
/// csaf.version, schema.not_checked. One test asks whether a date is past: `now`.
void check_document(const Json& document, const Source& source, Instant now);

/// Reads the bytes and checks them. Errors: json.*, as problems.
void validate(std::string_view bytes, const std::string& path, Diagnostics& problems, Instant now);

}  // namespace lockstep::formats::csaf
