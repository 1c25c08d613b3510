// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "domain/baseline.hpp"
#include "domain/bom.hpp"
#include "domain/evidence.hpp"
#include "domain/finding.hpp"
#include "domain/measurement.hpp"
#include "domain/metrics.hpp"
#include "domain/obligation.hpp"
#include "domain/product.hpp"
#include "domain/risk.hpp"

namespace lockstep {

/// One line of the verdict table.
struct AreaVerdict {
  std::string area;  ///< scope, sbom, vulnerabilities, ai, risks, requirements, documents, evidence
  State state = State::not_checked;
  std::int64_t count = 0;
  std::string worst;  ///< the worst item in a few words
};

/// Something that stops a release, or a person must do.
struct Blocker {
  std::string id;  ///< for `lockstep explain`
  State state = State::fail;
  std::string says;  ///< one sentence
};

/// What was handed over and where the run stopped to look.
struct NotChecked {
  std::string what;
  std::string reason;
};

/// Everything known about one product at one instant: the value that all documents are written
/// from. Immutable once made; `run_id` is the digest of its canonical JSON without times of day.
struct Dossier {
  std::string tool_version;
  Day as_of;
  std::uint64_t seed = 0;
  std::string run_id;
  Product product;
  std::vector<FileRef> inputs;  ///< sorted by path
  std::vector<Bom> boms;
  std::vector<DataSource> data;
  std::vector<Finding> findings;
  std::vector<Unmatched> unmatched;
  std::optional<SinceBaseline> since_baseline;  ///< when the run was asked to compare
  std::vector<Measurement> measurements;
  std::vector<TestVerdict> verdicts;
  std::vector<Metrics> metrics;           ///< one for each data set of a model, in file order
  std::vector<DeclaredVerdict> declared;  ///< one for each declared value that was measured
  std::vector<Risk> risks;
  std::vector<OverallRisk> overall_risk;  ///< by class of harm, then all
  LegalView law;
  std::vector<Evidence> evidence;
  std::vector<AreaVerdict> areas;
  std::vector<Blocker> blockers;
  std::vector<NotChecked> not_checked;
  std::vector<Diagnostic> problems;  ///< warnings and notes met on the way
  int exit = 0;
};

}  // namespace lockstep
