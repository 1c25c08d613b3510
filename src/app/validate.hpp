// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep::app {

/// Every problem of one file as a document of one format; it is valid when none is an error. For
/// "purl" the file is a list of package URLs, one a line.
/// @param format "csaf", "cyclonedx", "openvex", "osv", "purl", "sarif", "security.txt", "spdx"
/// @param now the instant by which a day is past
/// Errors: usage.choice for a format that is not known, file.*.
Result<Diagnostics> validate(const std::string& path,
                             std::string_view format,
                             Instant now,
                             const Files& files);

}  // namespace lockstep::app
