// SPDX-License-Identifier: Apache-2.0
// What the exports share. Used in this folder only.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "documents/exports/exports.hpp"
#include "domain/vex.hpp"

namespace lockstep::documents {

/// The id to call a finding's flaw by.
const std::string& flaw_of(const Finding& finding);

/// Where a person reads about an id.
std::string address_of(std::string_view id);

/// "curl 7.88.1"
std::string name_of(const Finding& finding);

/// The component of a finding in its bill; nullptr when it is not there.
const Component* component_of(const ScannedBills& scanned, const Finding& finding);

/// One name for a finding that stays the same from scan to scan: of its flaw, its component with
/// version, and its bill.
std::string identity_of(const Finding& finding);

/// "Update to 2.15.0", or "" when no fixed version is known.
std::string solution_of(const Finding& finding);

/// What the statement that was applied says besides its justification.
std::string words_beside_justification(const AppliedVex& vex);

/// Whether somebody stated something about the finding that holds for this version.
bool is_stated(const Finding& finding);

/// A reference such as "sbom/app.cdx.json" for a path: percent-encoded, "file://" before an
/// absolute one. Source: RFC 3986, 4.1; RFC 8089.
std::string uri_of_path(std::string_view path);

/// The findings as statements about the product, the component being the part: what was stated as
/// it was stated; what nobody decided is under investigation.
std::vector<VexStatement> statements_of(const ScannedBills& scanned);

/// "Reader 1.0": of the product file, else of the first bill's subject, else the bills' paths.
std::string title_of(const ScannedBills& scanned);

/// An id that follows from the bills, the data and the time: "urn:uuid:...".
std::string document_id_of(const ScannedBills& scanned, std::string_view kind);

/// Who makes the statements: the manufacturer of the product file, or "".
std::string author_of(const ScannedBills& scanned);

}  // namespace lockstep::documents
