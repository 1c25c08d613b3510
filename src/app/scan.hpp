// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/vex.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/pieces.hpp"
#include "domain/baseline.hpp"
#include "domain/bom.hpp"
#include "domain/finding.hpp"
#include "domain/gate_policy.hpp"
#include "domain/vex.hpp"

namespace lockstep::app {

/// Findings that were written as JSON as they were found, and not kept.
struct WrittenFindings {
  TextPieces texts;           ///< elements of a list, in order (documents/json/json.hpp)
  std::vector<State> states;  ///< of each
};

/// Bills of materials held against the advisory index.
struct Scan {
  std::vector<Bom> boms;
  std::vector<DataSource> data;
  std::vector<Finding> findings;
  std::vector<Unmatched> unmatched;
  std::optional<SinceBaseline> since_baseline;  ///< when the scan was asked to compare
  std::optional<WrittenFindings> written;       ///< instead of `findings`, when that was asked for
};

/// The index of a data folder, or nothing when no data was imported yet. Errors: data.index.
Result<std::optional<advisories::AdvisoryIndex>> open_index(const std::string& data_folder,
                                                            const Files& files);

/// What findings are judged by.
struct Judging {
  std::span<const VexStatement> statements;
  const GatePolicy* policy = nullptr;  ///< nothing for the policy that is built in
  std::span<const Reachability> reachability;
  Day as_of;
};

/// The lists of exploited vulnerabilities that were imported.
std::vector<std::string> lists_of(const advisories::AdvisoryIndex& index);

/// Applies the statements and gives each finding its state on the day. Errors: ssvc.*.
Result<std::vector<Finding>> judge_findings(std::vector<Finding> findings,
                                            const advisories::ProductNames& names,
                                            const Judging& by,
                                            const advisories::AdvisoryIndex& index);

/// Matches every bill, applies the statements, gives each finding its state on the day.
/// Errors: data.index, ssvc.*.
Result<Scan> scan_boms(std::span<const Bom> boms,
                       const Judging& by,
                       const advisories::AdvisoryIndex& index);

/// What `lockstep vuln scan` was asked.
struct ScanRequest {
  std::vector<std::string> boms;  ///< paths
  std::vector<std::string> vex;   ///< paths
  std::string data_folder;
  Day as_of;
  std::string baseline;  ///< path of an earlier run; "" for none
  std::string policy;    ///< path of the gate's policy; "" for the one that is built in
  std::vector<std::string> reachability;  ///< paths
  /// Only `findings_document` and the states are asked for: then findings need not be kept, which
  /// takes a third of the time and memory of a large bill.
  bool only_document = false;
};

/// Reads the files and scans them. Errors: file.*, bom.*, vex.*, policy.*, reachability.*, ssvc.*,
/// baseline.foreign, input.problems; data.missing when there is no advisory data: an empty answer
/// would look like a clean one.
Result<Scan> scan_files(const ScanRequest& request, const Files& files, Diagnostics& problems);

/// The states of the findings that a baseline does not excuse.
std::vector<State> open_states(const Scan& scan);

/// Whether the finding was open in the baseline and does not fail the gate again.
bool was_known(const Finding& finding, const Scan& scan);

/// lockstep/findings/1, as pretty text.
TextPieces findings_document(Scan scan, int exit);

}  // namespace lockstep::app
