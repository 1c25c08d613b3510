// SPDX-License-Identifier: Apache-2.0
// Reads the two public lists of vulnerabilities that someone has seen exploited: the catalogue of
// CISA and the EU list of ENISA and the EU CSIRTs network. Both name ids (CVE, and the EU list
// those of the EUVD) and nothing else that a component could be matched by. Source: the JSON schema
// of the CISA catalogue; the schema of the EU list, version 1.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/advisory.hpp"

namespace lockstep::formats::kev {

/// Reads either list, which it knows by its shape. An entry without a readable id is left out and
/// reported; every other problem leaves the entry in the list. Of entries with one id there is one,
/// with the earliest date. Kinds of exploitation may be a text or a list, days may have '/' or '-'.
/// Errors: json.*, kev.shape. Problems: kev.entry, kev.date, kev.count.
Result<KnownExploitedList> read(std::string_view bytes,
                                const std::string& file,
                                Diagnostics& problems);

/// Whether a JSON text looks like one of the two. Looks at its first bytes only.
bool looks_like(std::string_view bytes);

}  // namespace lockstep::formats::kev
