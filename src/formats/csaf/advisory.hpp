// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/advisory.hpp"

namespace lockstep::formats::csaf {

/// Whether a text names a version of CSAF.
bool looks_like(std::string_view bytes);

/// The vulnerabilities of a document as advisories that packages can be held against: one for each
/// that affects at least one product with a package URL of an ecosystem whose versions can be
/// compared, or with a CPE name. Its id is the document's, with the CVE where there are several. A
/// version of the branches, or of the URL, is that version; a range (VERS, or its constraints
/// alone) becomes ranges of the ecosystem; neither is every version.
///
/// What cannot be evaluated is counted in one note, csaf.not_evaluated, with the reasons: nothing
/// may be concluded from its absence. Problems of a range are warnings, csaf.range.
/// Errors: json.*, csaf.version.
Result<std::vector<Advisory>> read_advisories(std::string_view bytes,
                                              const std::string& file,
                                              Diagnostics& problems);

}  // namespace lockstep::formats::csaf
