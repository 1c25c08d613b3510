// SPDX-License-Identifier: Apache-2.0
// What the readers of JSON and XML, of bill and statements share. Used in this folder only.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "domain/bom.hpp"
#include "domain/vex.hpp"
#include "formats/left_out.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// The name of the property that says which file of a merged bill lists a component.
inline constexpr std::string_view source_property = "lockstep:source";

/// Names of the property that gives a component one more CPE name; the first is the one written.
inline constexpr std::array<std::string_view, 2> cpe_properties = {"lockstep:cpe", "syft:cpe23"};

/// The subject and the components with their purls, without dependencies.
Bom read_cyclonedx_components(const Json& tree, const Source& source);

/// The bill of a tree in the JSON form, whose schema is checked elsewhere.
Bom read_cyclonedx_bill(const Json& tree, const Source& source);

/// What a tree says that the bill does not keep.
std::vector<LeftOut> cyclonedx_left_out(const Json& tree);

/// The statements of a tree in the JSON form.
std::vector<VexStatement> read_statements_of(const Json& tree, const Source& source);

}  // namespace lockstep::formats
