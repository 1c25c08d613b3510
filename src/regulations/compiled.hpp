// SPDX-License-Identifier: Apache-2.0
// The ruleset as bytes. The build reads and checks the law once and keeps what came out; a run of
// the program takes it back without reading or checking anything. Both ends are of one build, so
// that the form has no version and is nobody else's.
#pragma once

#include <string>
#include <string_view>

#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// The same ruleset gives the same bytes.
std::string to_bytes(const Ruleset& rules);

/// The ruleset of to_bytes. Other bytes are our own mistake (LS_CHECK).
Ruleset ruleset_of(std::string_view bytes);

}  // namespace lockstep::regulations
