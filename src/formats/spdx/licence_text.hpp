// SPDX-License-Identifier: Apache-2.0
// The licences of an SPDX 3 graph as expressions. Used in this folder only.
#pragma once

#include <string>

#include "base/json.hpp"
#include "formats/spdx/nodes.hpp"

namespace lockstep::formats::spdx {

/// The expression that a licence element says: its own text, the id of a listed licence, or what
/// its parts make together. A licence without an id has its name where it stands alone, and
/// "LicenseRef-" before it inside an expression. "" for one that says nothing, that is not in the
/// document, or whose parts have no end.
/// @param licence an element or its id
/// Source: SPDX specification 3.0.1, profiles SimpleLicensing and ExpandedLicensing; annex "SPDX
/// license expressions".
std::string licence_text(const Json& licence, const Nodes& nodes);

}  // namespace lockstep::formats::spdx
