// SPDX-License-Identifier: Apache-2.0
// Writes CSAF 2.0 and 2.1 documents that hold the standard's mandatory tests. Nothing is invented:
// what the arguments do not say is left out, or said to be not known.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "domain/vex.hpp"
#include "formats/csaf/view.hpp"

namespace lockstep::formats::csaf {

struct PublisherToWrite {
  std::string name;
  std::string name_space;           ///< a URI that the publisher controls
  std::string category = "vendor";  ///< coordinator, discoverer, other, translator, user, vendor
  std::string contact = {};
};

struct RevisionToWrite {
  Instant date;
  std::string number;  ///< "1"; integers or SemVer, of one kind
  std::string summary;
};

/// What every document begins with.
struct HeadToWrite {
  Version version = Version::v2_0;
  std::string title;
  PublisherToWrite publisher;
  std::string id;                          ///< of the tracking; file_name (file_name.hpp) follows
  std::vector<RevisionToWrite> revisions;  ///< at least one, oldest first; the last is the version
  std::string status = "final";            ///< draft, interim, final
  std::string language = "en";
  bool is_public = true;  ///< WHITE or CLEAR; else GREEN
  std::string base_url;   ///< "https://example.org/csaf/2026"; "" writes no canonical URL
  std::string license;    ///< an SPDX expression, written in 2.1
};

/// A document of the category csaf_vex. Of several statements about one product and vulnerability
/// the newest counts, of equally old ones the later. Names that are CVEs are `cve`, others `ids`;
/// subcomponents become relationships (2.0) or product paths (2.1). An action statement of the form
/// "CATEGORY: text" with a category that the version has for affected products becomes that
/// remediation, another one a mitigation, an empty one none_available; an action that contradicts
/// one before it (2.1) becomes words of that one. Identifiers that the standard would refuse are
/// names alone. What these words lose stands in a note (vex_note.hpp).
/// Law: reading what was written gives the same statements.
Json write_csaf_vex(std::span<const VexStatement> statements, const HeadToWrite& head);

/// One version of the publisher's product.
struct VersionToWrite {
  std::string product;  ///< "Reader"
  std::string version;  ///< "1.0"
  std::string purl;     ///< "" when there is none
};

/// A vulnerability in the publisher's product, as it is made known to users.
struct FlawToWrite {
  std::string id;  ///< a CVE where there is one
  std::vector<std::string> aliases;
  std::string title;
  std::string description;
  std::vector<std::string> weaknesses;  ///< "CWE-79"; those that CWE does not have are left out
  std::vector<std::string> vectors;     ///< CVSS; one of each version counts, 4.0 in CSAF 2.1 only
  std::vector<VersionToWrite> affected;
  std::vector<VersionToWrite> fixed;
  std::string remediation;  ///< what users do
  std::string remediation_url;
  std::vector<std::string> references;
};

/// A document of the category csaf_security_advisory. Flaws of one CVE become one vulnerability; a
/// version that is both affected and fixed is affected.
Json write_csaf_advisory(std::span<const FlawToWrite> flaws, const HeadToWrite& head);

}  // namespace lockstep::formats::csaf
