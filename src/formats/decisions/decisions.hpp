// SPDX-License-Identifier: Apache-2.0
// Decisions about findings, as a person writes them for `lockstep vuln triage --decisions`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/decision.hpp"

namespace lockstep::formats {

/// Reads a file of decisions, YAML or JSON, format 1: `by`, and `decisions`, each with
/// `vulnerability`, `component`, `status` (affected, not_affected, fixed, under_investigation,
/// accepted) and what that status needs. All problems of the file go to `problems`; a decision with
/// a problem is left out. Errors: yaml.*; decisions.format where it is no such file. Codes:
/// decisions.row, and those of a product file for keys and types.
Result<std::vector<Decision>> read_decisions(std::string_view bytes,
                                             const std::string& path,
                                             Diagnostics& problems);

/// The decisions as that reader reads them.
std::string write_decisions(std::span<const Decision> decisions);

}  // namespace lockstep::formats
