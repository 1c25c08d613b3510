// SPDX-License-Identifier: Apache-2.0
// What the readers of JSON and XML, of bill and statements share. Used in this folder only.
#pragma once

#include <vector>

#include "base/json.hpp"
#include "domain/bom.hpp"
#include "domain/vex.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// The subject and the components with their purls, without dependencies.
Bom read_cyclonedx_components(const Json& tree, const Source& source);

/// The bill of a tree in the JSON form, whose schema is checked elsewhere.
Bom read_cyclonedx_bill(const Json& tree, const Source& source);

/// The statements of a tree in the JSON form.
std::vector<VexStatement> read_statements_of(const Json& tree, const Source& source);

}  // namespace lockstep::formats
