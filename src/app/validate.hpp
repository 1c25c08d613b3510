// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep::app {

/// The formats that `validate` knows: "csaf", "cyclonedx", "openvex", "osv",
/// "purl", "spdx".
std::span<const std::string_view> validated_formats();

/// Every problem of one file as a document of one format; it is valid when none is an error. For
/// "purl" the file is a list of package URLs, one a line.
/// Errors: usage.choice for a format that is not known, file.*.
Result<Diagnostics> validate(const std::string& path,
                             std::string_view format,
                             const Files& files,
                             Instant now);

}  // namespace lockstep::app
