// SPDX-License-Identifier: Apache-2.0
#include "app/scan.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "advisories/baseline.hpp"
#include "advisories/gate.hpp"
#include "advisories/match.hpp"
#include "app/baseline.hpp"
#include "app/data_status.hpp"
#include "app/import_data.hpp"
#include "app/ssvc.hpp"
#include "base/digest.hpp"
#include "documents/json/json.hpp"
#include "formats/policy/policy.hpp"
#include "formats/reachability/reachability.hpp"
#include "formats/registry.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t document_bytes_max = std::uint64_t{256} << 20U;

template <typename Value>
void append(std::vector<Value>& into, std::vector<Value>&& more) {
  if (into.empty()) {
    into = std::move(more);
  } else {
    std::ranges::move(more, std::back_inserter(into));
  }
}

/// EPSS speaks of thirty days from its own day; with older scores that is said, not hidden.
void mark_old_scores(std::vector<Finding>& findings, Day as_of) {
  constexpr std::chrono::days fresh{7};
  for (Finding& finding : findings) {
    if (!finding.epss) continue;
    const auto day = parse_day(std::string_view(finding.epss->date).substr(0, 10));
    if (day && as_of - *day > fresh)
      finding.state_because += fmt::format("; its EPSS score is of {}", to_text(*day));
  }
}

}  // namespace

std::vector<std::string> lists_of(const advisories::AdvisoryIndex& index) {
  std::vector<std::string> lists;
  for (const advisories::IndexSource& source : index.sources())
    if (!advisory_form_of(source.source) && source.source != "epss") lists.push_back(source.source);
  return lists;
}

Result<std::optional<advisories::AdvisoryIndex>> open_index(const std::string& data_folder,
                                                            const Files& files) {
  const std::string path = index_path(data_folder);
  if (!files.exists(path)) return std::optional<advisories::AdvisoryIndex>{};
  TRY(auto index, advisories::AdvisoryIndex::open(path));
  return std::optional<advisories::AdvisoryIndex>(std::move(index));
}

Result<std::vector<Finding>> judge_findings(std::vector<Finding> findings,
                                            const advisories::ProductNames& names,
                                            const Judging& by,
                                            const advisories::AdvisoryIndex& index) {
  const GatePolicy policy = by.policy == nullptr ? advisories::default_policy() : *by.policy;
  if (!by.statements.empty())
    findings = advisories::apply_vex(
        std::move(findings), by.statements, names,
        policy.carries_statements ? advisories::Carry::same_component : advisories::Carry::confirm);
  advisories::GateFacts facts{by.as_of, lists_of(index), nullptr, by.reachability};
  std::unique_ptr<const SsvcTables> trees;
  if (!policy.ssvc_tree.empty()) {
    TRY(trees, embedded_ssvc());
    facts.ssvc = trees.get();
  }
  TRY(findings, advisories::judge(std::move(findings), policy, facts));
  mark_old_scores(findings, by.as_of);
  return findings;
}

Result<Scan> scan_boms(std::span<const Bom> boms,
                       const Judging& by,
                       const advisories::AdvisoryIndex& index) {
  Scan scan;
  scan.data = sources_on(by.as_of, index);
  for (const Bom& bom : boms) {
    TRY(advisories::MatchResult matched, advisories::match(bom, index));
    append(scan.findings, std::move(matched.findings));
    append(scan.unmatched, std::move(matched.unmatched));
  }
  TRY(scan.findings,
      judge_findings(std::move(scan.findings), advisories::names_of(boms), by, index));
  return scan;
}

Result<Scan> scan_files(const ScanRequest& request, const Files& files, Diagnostics& problems) {
  std::vector<Bom> boms;
  std::vector<VexStatement> statements;
  for (const std::string& path : request.boms) {
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    TRY(formats::Bill bill, formats::read_bill(bytes, path, problems, formats::Rules::warnings));
    boms.push_back(std::move(bill.bom));
    std::ranges::move(bill.statements, std::back_inserter(statements));
  }
  for (const std::string& path : request.vex) {
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    TRY(auto read, formats::read_vex(bytes, path, problems, formats::Rules::warnings));
    std::ranges::move(read, std::back_inserter(statements));
  }
  std::optional<GatePolicy> policy;
  if (!request.policy.empty()) {
    TRY(const std::string bytes, files.read(request.policy, document_bytes_max));
    TRY(policy, formats::read_policy(bytes, request.policy, problems));
  }
  std::vector<Reachability> reachability;
  for (const std::string& path : request.reachability) {
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    TRY(auto read, formats::read_reachability(bytes, path, problems));
    std::ranges::move(read, std::back_inserter(reachability));
  }
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the inputs; nothing was scanned", problems.error_count()));
  TRY(const auto index, open_index(request.data_folder, files));
  if (!index)
    return fail(ErrorKind::input, "data.missing",
                "there is no advisory data here; `lockstep data import PATH...` takes it in",
                {index_path(request.data_folder), 0, 0});
  TRY(Scan scan,
      scan_boms(boms, {statements, policy ? &*policy : nullptr, reachability, request.as_of},
                *index));
  scan.boms = std::move(boms);
  if (!request.baseline.empty()) {
    TRY(const Baseline baseline, read_baseline(request.baseline, files));
    scan.since_baseline = advisories::compare(scan.findings, baseline);
  }
  return scan;
}

bool was_known(const Finding& finding, const Scan& scan) {
  return scan.since_baseline && advisories::may_rest(finding, *scan.since_baseline);
}

std::string findings_document(const Scan& scan, int exit) {
  return documents::findings_text(scan.boms, scan.data, scan.findings, scan.unmatched,
                                  scan.since_baseline, exit);
}

}  // namespace lockstep::app
