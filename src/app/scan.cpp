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
#include "base/text.hpp"
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

/// A policy with the facts that it is held against.
struct Judge {
  GatePolicy policy;
  std::unique_ptr<const SsvcTables> trees;
  advisories::GateFacts facts;
};

/// A rule that asks for what is no outcome of the tree would never hold, and nobody would know.
Result<> check_outcomes(const GatePolicy& policy, const SsvcTables& trees) {
  const SsvcTable* const table = trees.find(policy.ssvc_tree);
  if (table == nullptr)
    return fail(ErrorKind::input, "ssvc.tree",
                fmt::format("there is no tree '{}'; `lockstep ssvc` lists them",
                            quotable(policy.ssvc_tree)),
                {policy.path});
  const std::vector<std::string>& outcomes = table->outcome.values;
  for (const GateRule& rule : policy.rules) {
    for (const auto* const asked : {&rule.when.ssvc, &rule.when.ssvc_possible}) {
      const auto other = std::ranges::find_if(*asked, [&](const std::string& word) {
        return std::ranges::find(outcomes, word) == outcomes.end();
      });
      if (other == asked->end()) continue;
      const auto near = nearest(*other, outcomes);
      return fail(ErrorKind::input, "ssvc.value",
                  fmt::format("expected outcomes of the tree '{}' ({}) in the rule '{}', found "
                              "'{}'{}",
                              table->id, join(outcomes, ", "), quotable(rule.id), quotable(*other),
                              near ? fmt::format("; did you mean '{}'?", *near) : ""),
                  rule.where);
    }
  }
  return {};
}

Result<Judge> judge_by(const Judging& by, const advisories::AdvisoryIndex& index) {
  Judge judge{by.policy == nullptr ? advisories::default_policy() : *by.policy,
              nullptr,
              {by.as_of, lists_of(index), nullptr, by.reachability}};
  if (judge.policy.ssvc_tree.empty()) return judge;
  TRY(judge.trees, embedded_ssvc());
  TRY_VOID(check_outcomes(judge.policy, *judge.trees));
  judge.facts.ssvc = judge.trees.get();
  return judge;
}

/// EPSS speaks of thirty days from its own day; with older scores that is said, not hidden.
void mark_old_scores(std::span<Finding> findings, Day as_of) {
  constexpr std::chrono::days fresh{7};
  for (Finding& finding : findings) {
    if (!finding.epss) continue;
    const auto day = parse_day(std::string_view(finding.epss->date).substr(0, 10));
    if (day && as_of - *day > fresh)
      finding.state_because += fmt::format("; its EPSS score is of {}", to_text(*day));
  }
}

/// What one part of a bill comes to, already judged and written.
struct WrittenPart {
  WrittenFindings findings;
  std::vector<Unmatched> unmatched;

  Result<> take(advisories::Matches found, const Judge& judge) {
    TRY_VOID(advisories::judge_all(found.findings, judge.policy, judge.facts));
    mark_old_scores(found.findings, judge.facts.as_of);
    documents::write_findings(found.findings, findings.texts);
    for (const Finding& finding : found.findings)
      findings.states.push_back(finding.state);
    std::ranges::move(found.unmatched, std::back_inserter(unmatched));
    return {};
  }
};

/// Matches, judges and writes a few components at a time, so that their findings stay in a core's
/// own cache and never lie in memory together.
Result<Scan> write_findings_of(std::span<const Bom> boms,
                               const Judging& by,
                               const advisories::AdvisoryIndex& index) {
  Scan scan;
  scan.data = sources_on(by.as_of, index);
  scan.written.emplace();
  TRY(const Judge judge, judge_by(by, index));
  for (const Bom& bom : boms) {
    std::vector<WrittenPart> parts(advisories::match_parts(bom));
    TRY_VOID(
        advisories::match_in_parts(bom, index, [&](std::size_t part, advisories::Matches found) {
          return parts[part].take(found, judge);
        }));
    for (WrittenPart& part : parts) {
      append(scan.written->texts, std::move(part.findings.texts));
      append(scan.written->states, std::move(part.findings.states));
      append(scan.unmatched, std::move(part.unmatched));
    }
  }
  return scan;
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
  TRY(const Judge judge, judge_by(by, index));
  if (!by.statements.empty())
    findings =
        advisories::apply_vex(std::move(findings), by.statements, names,
                              judge.policy.carries_statements ? advisories::Carry::same_component
                                                              : advisories::Carry::confirm);
  TRY(findings, advisories::judge(std::move(findings), judge.policy, judge.facts));
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
  const Judging by{statements, policy ? &*policy : nullptr, reachability, request.as_of};
  // Statements and a baseline look at the findings together.
  const bool is_written = request.only_document && statements.empty() && request.baseline.empty();
  TRY(Scan scan, is_written ? write_findings_of(boms, by, *index) : scan_boms(boms, by, *index));
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

std::vector<State> open_states(const Scan& scan) {
  if (scan.written) return scan.written->states;
  std::vector<State> states;
  for (const Finding& finding : scan.findings)
    if (!was_known(finding, scan)) states.push_back(finding.state);
  return states;
}

TextPieces findings_document(Scan scan, int exit) {
  if (scan.written)
    return documents::findings_text(scan.boms, scan.data, std::move(scan.written->texts),
                                    scan.unmatched, exit);
  return documents::findings_text(scan.boms, scan.data, scan.findings, scan.unmatched,
                                  scan.since_baseline, exit);
}

}  // namespace lockstep::app
