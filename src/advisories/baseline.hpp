// SPDX-License-Identifier: Apache-2.0
// What is new since an earlier run, so that a gate can speak of that alone.
#pragma once

#include <span>
#include <string>

#include "domain/baseline.hpp"
#include "domain/finding.hpp"

namespace lockstep::advisories {

/// No statement settles it.
bool is_open(const Finding& finding);

/// "CVE-2021-44228 in log4j-core 2.14.1"
std::string name_of(const Finding& finding);

/// The new, unchanged and settled findings. Two findings are the same when the component has the
/// same package URL (without one: the same name and version) and they share an id of the flaw: ids
/// come and go as advisories are merged. A version that changed makes the finding new.
SinceBaseline compare(std::span<const Finding> findings, const Baseline& baseline);

/// Whether the finding was open in the baseline already and may rest there. Known exploitation is
/// a hard gate: it never rests.
bool may_rest(const Finding& finding, const SinceBaseline& since);

}  // namespace lockstep::advisories
