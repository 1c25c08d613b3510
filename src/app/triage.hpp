// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep vuln triage`: findings that wait for a person, with what is known about
// each, and decisions written down as statements.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "domain/bom.hpp"
#include "domain/decision.hpp"
#include "domain/finding.hpp"

namespace lockstep::app {

struct TriageRequest {
  std::string product_file;
  std::string data_folder;
  Day as_of;
  std::string vex;  ///< path of the OpenVEX document to write to; "" for that of the product file
};

/// A finding and what a person needs to know to decide about it.
struct TriageCase {
  Finding finding;
  Position where;                 ///< of the component in its bill
  std::vector<std::string> path;  ///< names from the bill's subject to the component, the shortest
  std::size_t parents = 0;        ///< components that need it directly
  std::vector<std::string> lists_missing;  ///< lists of exploited ones that were not imported
  std::vector<std::string> earlier;        ///< statements about other versions of the component
  bool is_open = false;                    ///< nobody settled or accepted it
};

/// What is to be decided about a product.
struct TriageWork {
  std::vector<TriageCase> cases;  ///< all findings, the worst first
  std::vector<Bom> boms;
  std::string vex;     ///< path of the document to write to
  std::string author;  ///< the manufacturer, "" when the product file names none
};

/// Scans the product and gathers the facts. Errors: those of the inputs; data.missing, data.index;
/// triage.vex.
Result<TriageWork> open_triage(const TriageRequest& request,
                               const Files& files,
                               Diagnostics& problems);

/// The OpenVEX document that a product file's decisions are written to: the one under `vex` that is
/// OpenVEX or is not there yet. Errors: triage.vex where there is none, or more than one.
Result<std::string> own_vex(const std::string& product_file, const Files& files);

/// Where decisions wait while a triage is not finished: beside the VEX document.
std::string kept_decisions_path(const TriageWork& work);

/// Decisions of a file, of which each is about a finding and no acceptance ends before `today`.
/// Errors: file.*, yaml.*,
/// decisions.format; input.problems after all problems of the file: decisions.*.
Result<std::vector<Decision>> read_decisions(const std::string& path,
                                             const TriageWork& work,
                                             Day today,
                                             const Files& files,
                                             Diagnostics& problems);

Result<> keep_decisions(const std::string& path, std::span<const Decision> decisions, Files& files);

/// Whether a decision is about a finding: by any of its ids, and by its component.
bool is_about(const Decision& decision, const Finding& finding);

struct TriageReport {
  std::string vex;             ///< where it was written
  std::size_t statements = 0;  ///< one for each finding that was decided
  std::size_t open = 0;        ///< findings that still wait
};

/// Appends the decisions as statements to the VEX document, and takes away decisions that waited
/// beside it. A later decision about a finding replaces an earlier one of the list.
/// Errors: those of append_statements.
Result<TriageReport> write_decisions(const TriageWork& work,
                                     std::span<const Decision> decisions,
                                     Instant now,
                                     Files& files);

}  // namespace lockstep::app
