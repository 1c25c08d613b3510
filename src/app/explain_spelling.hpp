// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// The provisions that a person's way of writing means, as ACT/PATH: "CRA 14(2)(a)", "art14",
/// "AI Act Art. 6(1)", "Annex III". Without an act, those of all acts, by act. Where a point is not
/// listed by itself, the nearest provision above it. Empty when none.
std::vector<std::string> provisions_spelt(const regulations::Ruleset& law, std::string_view text);

}  // namespace lockstep::app
