// SPDX-License-Identifier: Apache-2.0
// What the readers of the bill and of its statements share. Used in this folder only.
#pragma once

#include "base/json.hpp"
#include "domain/bom.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// Checks the document against the schema of its version.
void check_cyclonedx(const Json& document, const Source& source);

/// The subject and the components with their purls, without dependencies.
Bom read_cyclonedx_components(const Json& document, const Source& source);

}  // namespace lockstep::formats
