// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/rules.hpp"
#include "base/files.hpp"
#include "domain/baseline.hpp"
#include "domain/dossier.hpp"

namespace lockstep::app {

/// The findings of an earlier run: its dossier.json (lockstep/dossier/1), or the JSON of
/// `vuln scan` (lockstep/findings/1). Errors: file.*, json.*; baseline.foreign when it is another
/// document.
Result<Baseline> read_baseline(const std::string& path, const Files& files);

/// Notes in a dossier, whose law and risks are worked out already, how its findings stand against
/// the baseline, and which risks and requirements stop the release by known findings alone. What
/// the law says of the product does not change; only the gate looks at it.
/// Errors: baseline.product when the baseline is a run of another product.
Result<> apply_baseline(const Baseline& baseline, const Rules& rules, Dossier& dossier);

/// "since run 0123456789ab of 2028-09-04: 1 new, 24 unchanged, 2 settled findings"
std::string baseline_words(const SinceBaseline& since);

}  // namespace lockstep::app
