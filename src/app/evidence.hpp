// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/json.hpp"
#include "domain/dossier.hpp"
#include "domain/evidence.hpp"
#include "regulations/evaluate.hpp"
#include "store/chain.hpp"

namespace lockstep::app {

/// All rows of a store, by number. A store that does not exist yet has none; asking makes none.
/// Errors: store.*.
Result<std::vector<EvidenceRow>> list_evidence(const std::string& store_url, const Files& files);

/// Recomputes the chain. Errors: store.*; store.missing when there is no store.
Result<store::ChainReport> verify_evidence(const std::string& store_url, const Files& files);

/// The assessment that was kept last.
struct NewestRun {
  std::string as_of;  ///< YYYY-MM-DD
  Json dossier;       ///< lockstep/dossier/1
};

/// Nothing when none was kept. Errors: store.*.
Result<std::optional<NewestRun>> newest_run(const std::string& store_url, const Files& files);

/// lockstep/evidence/1, as pretty text.
std::string evidence_document(const std::vector<EvidenceRow>& rows, int exit);

/// When the first result of each test was stored. Errors: store.*.
Result<std::map<std::string, Instant>> first_results(const std::string& store_url,
                                                     const Files& files);

/// What the run itself shows, and what the product file lists: inputs by digest, then results, each
/// with tool version, data state, seed and time.
/// @param made_at      time of the run, RFC 3339
/// @param measured_at  by test, where that was at another time
std::vector<Evidence> gather_evidence(const Dossier& dossier,
                                      const std::string& made_at,
                                      const std::map<std::string, std::string>& measured_at);

/// How each piece of evidence stands on the day: results by their verdicts, a person's entries by
/// their expiry.
std::vector<regulations::EvidenceState> evidence_states(const Dossier& dossier);

}  // namespace lockstep::app
