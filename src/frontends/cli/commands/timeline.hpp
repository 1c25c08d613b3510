// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "domain/obligation.hpp"

namespace lockstep::frontends {

/// What applies already and what comes when, for one product: an axis of years with a mark for each
/// date and `^` for the day of the view, then the dates with their citations.
/// @param width columns, at least 60
std::string timeline_text(const LegalView& view, int width);

}  // namespace lockstep::frontends
