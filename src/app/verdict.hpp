// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "domain/dossier.hpp"

namespace lockstep::app {

/// How strict the exit code is.
enum class Strictness {
  normal,   ///< what was not checked is shown, but does not block
  release,  ///< what was not checked, is stale or underpowered blocks too
};

/// Whether the risk or requirement stops the release only by findings that the baseline knew.
bool is_known_since_baseline(const Dossier& dossier, const std::string& id);

/// One line for each area, in the order of the report: scope, sbom, vulnerabilities, ai, risks,
/// requirements, documents, evidence. Looks only at what the dossier holds.
/// @param missing_fields  names of the fields that the declaration lacks
std::vector<AreaVerdict> areas_of(const Dossier& dossier,
                                  const std::vector<std::string>& missing_fields);

/// What stops a release or waits for a person: fails first, then decisions; stable order.
std::vector<Blocker> blockers_of(const Dossier& dossier);

/// The exit code of the contract: 1 when an area fails, else 5 when a decision is missing, else 4
/// when something is not checked and the strictness says that this blocks, else 0.
int exit_of(const std::vector<AreaVerdict>& areas, Strictness strictness);

}  // namespace lockstep::app
