// SPDX-License-Identifier: Apache-2.0
// Reads advisories of GitHub as its REST API gives them. The form in which its advisory database
// publishes them is OSV, and read by formats/osv.
// Source: GitHub REST API, "Global security advisories" and "Repository security advisories".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/advisory.hpp"

namespace lockstep::formats::ghsa {

/// The advisories of one document: a list of them, or one. Errors: json.*, ghsa.shape.
/// Problems: ghsa.missing, ghsa.ecosystem (of which no packages are matched), ghsa.range,
/// ghsa.time.
Result<std::vector<Advisory>> read_advisories(std::string_view bytes,
                                              const std::string& file,
                                              Diagnostics& problems);

/// A range as GitHub writes it: ">= 1.0.0, < 1.0.5", "= 0.2.0", "<= 1.0.8"; between alternatives
/// "||". Versions that it names alone are added to `versions`. Nothing when it breaks that form.
std::optional<std::vector<AffectedRange>> parse_range(std::string_view text,
                                                      std::vector<std::string>& versions);

/// The OSV ecosystem of a word of GitHub ("pip": "PyPI"), in any case; "" when there is none.
std::string_view ecosystem_of(std::string_view word);

/// Whether a JSON text looks like such advisories.
bool looks_like(std::string_view bytes);

}  // namespace lockstep::formats::ghsa
