// SPDX-License-Identifier: Apache-2.0
// Per component: its package URL gives ecosystems and names to ask for, the index gives the entries
// filed under them, and each entry is evaluated against the version. The cost is that of the
// lookups and the entries found, whatever the size of the index.
#include "advisories/match.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "advisories/ecosystem.hpp"
#include "advisories/evaluate.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/severity.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// A record that touches the component.
struct Hit {
  std::uint32_t record = 0;
  std::string id;
  Evaluation evaluation;
  std::vector<PublishedSeverity> severity;  ///< of the entry
};

/// The records that could not be asked, by reason.
using Open = std::map<std::string, std::set<std::string>>;

/// The ecosystems of the index that a candidate stands for.
std::vector<std::string_view> expand(std::string_view candidate, const AdvisoryIndex& index) {
  if (!candidate.ends_with('*')) return {candidate};
  candidate.remove_suffix(1);
  std::vector<std::string_view> found;
  for (const EcosystemCount& count : index.ecosystems()) {
    if (count.ecosystem.starts_with(candidate)) found.emplace_back(count.ecosystem);
  }
  return found;
}

bool has_data(std::string_view candidate, const AdvisoryIndex& index) {
  const std::string_view base = without_suffix(candidate);
  return std::ranges::any_of(index.ecosystems(), [base](const EcosystemCount& count) {
    return without_suffix(count.ecosystem) == base;
  });
}

/// All entries filed under the candidates, those of withdrawn records left out.
Result<std::vector<Posting>> postings_of(const Candidates& candidates, const AdvisoryIndex& index) {
  std::vector<Posting> all;
  for (const std::string& candidate : candidates.ecosystems) {
    for (const std::string_view ecosystem : expand(candidate, index)) {
      for (const std::string& name : candidates.names) {
        TRY(const std::vector<Posting> postings, index.find(ecosystem, name));
        for (const Posting& posting : postings) {
          TRY(const bool is_withdrawn, index.is_withdrawn(posting.record));
          if (!is_withdrawn) all.push_back(posting);
        }
      }
    }
  }
  std::ranges::sort(all);
  const auto doubled = std::ranges::unique(all);
  all.erase(doubled.begin(), doubled.end());
  return all;
}

/// Adds what another entry of the same record says.
void merge(Hit& hit, const Evaluation& evaluation) {
  for (const std::string& version : evaluation.fixed) {
    std::vector<std::string>& fixed = hit.evaluation.fixed;
    if (std::ranges::find(fixed, version) == fixed.end()) fixed.push_back(version);
  }
}

/// Evaluates the entries, which come sorted by record. Several entries of one record are a union.
Result<std::vector<Hit>> hits_of(std::span<const Posting> postings,
                                 std::string_view version,
                                 const AdvisoryIndex& index,
                                 Open& open) {
  std::vector<Hit> hits;
  for (const Posting& posting : postings) {
    TRY(AffectedEntry entry, index.entry(posting));
    const Evaluation evaluation =
        evaluate({entry.ecosystem, entry.ranges, entry.versions, entry.partly_read}, version);
    if (evaluation.verdict == Verdict::not_affected) continue;
    TRY(const std::string_view id, index.id(posting.record));
    if (evaluation.verdict == Verdict::not_evaluated) {
      open[evaluation.because].emplace(id);
    } else if (!hits.empty() && hits.back().record == posting.record) {
      merge(hits.back(), evaluation);
    } else {
      hits.push_back({posting.record, std::string(id), evaluation, std::move(entry.severity)});
    }
  }
  for (const Hit& hit : hits) {
    for (auto& [reason, ids] : open)
      ids.erase(hit.id);
  }
  std::erase_if(open, [](const auto& item) { return item.second.empty(); });
  return hits;
}

/// What the records of a flaw say about its severity: those that match, or, when none of them says
/// anything, the others.
Result<Rating> rating_of(std::span<const Hit* const> hits,
                         const Flaw& flaw,
                         const AdvisoryIndex& index) {
  std::vector<RecordSeverity> said;
  for (const Hit* hit : hits) {
    TRY(Advisory advisory, index.record(hit->record));
    said.push_back({advisory.id, hit->severity.empty() ? advisory.severity : hit->severity,
                    advisory.severity_word});
  }
  Rating rating = rate(said);
  if (!rating.vector.empty() || rating.word != "unknown") return rating;
  said.clear();
  for (const std::uint32_t record : flaw.records) {
    TRY(const bool is_withdrawn, index.is_withdrawn(record));
    if (is_withdrawn) continue;
    TRY(Advisory advisory, index.record(record));
    said.push_back({advisory.id, std::move(advisory.severity), advisory.severity_word});
  }
  return rate(said);
}

/// The ids under which exploitation may be listed: those of the flaw, and those that the matching
/// records stand for. A distributor's advisory names its CVEs under `upstream` only; they are other
/// records, never aliases, but an exploited one of them is exploited here too.
Result<std::set<std::string>> listed_ids(std::span<const Hit* const> hits,
                                         const Flaw& flaw,
                                         const AdvisoryIndex& index) {
  std::set<std::string> ids(flaw.ids.begin(), flaw.ids.end());
  for (const Hit* hit : hits) {
    TRY(const Advisory advisory, index.record(hit->record));
    ids.insert(advisory.upstream.begin(), advisory.upstream.end());
  }
  return ids;
}

/// What the lists of exploited vulnerabilities and the scores say under any of the ids.
Result<> add_exploitation(const std::set<std::string>& ids,
                          const AdvisoryIndex& index,
                          Finding& finding) {
  std::map<std::string, Exploitation> sources;
  for (const std::string& id : ids) {
    TRY(const std::vector<KnownExploited> listed, index.known_exploited(id));
    for (const KnownExploited& known : listed) {
      const auto [place, is_new] = sources.try_emplace(
          known.source, Exploitation{known.source, known.date_added, known.origin, false});
      Exploitation& fact = place->second;
      fact.ransomware = fact.ransomware || known.ransomware;
      if (is_new || known.date_added.empty()) continue;
      // Several ids of one weakness may be listed; it is exploited since the first.
      if (fact.since.empty() || known.date_added < fact.since) {
        fact.since = known.date_added;
        fact.origin = known.origin;
      }
    }
    TRY(const std::optional<EpssScore> score, index.epss(id));
    const bool is_higher =
        score && (!finding.epss || score->probability > finding.epss->probability);
    if (is_higher) finding.epss = score;
  }
  for (auto& [source, fact] : sources) {
    finding.known_exploited.push_back(source);
    finding.exploited.push_back(std::move(fact));
  }
  return {};
}

/// One finding from the hits that are about one flaw.
Result<Finding> finding_of(std::vector<const Hit*> hits,
                           const AdvisoryIndex& index,
                           Finding finding) {
  std::ranges::sort(hits, [](const Hit* a, const Hit* b) { return is_better_id(a->id, b->id); });
  const Hit& first = *hits.front();
  TRY(const Flaw flaw, index.flaw_of(first.record));
  TRY(const Advisory advisory, index.record(first.record));
  finding.advisory = first.id;
  finding.flaw = flaw.ids.front();
  for (const std::string_view id : flaw.ids) {
    if (id != first.id) finding.aliases.emplace_back(id);
  }
  std::ranges::sort(finding.aliases);
  for (const Hit* hit : hits)
    finding.matched.push_back(hit->id);
  std::ranges::sort(finding.matched);
  finding.summary = advisory.summary;
  if (advisory.published)
    finding.published =
        lockstep::to_text(std::chrono::floor<std::chrono::days>(*advisory.published));
  finding.because = first.evaluation.because;
  finding.fixed = first.evaluation.fixed;
  TRY(finding.severity, rating_of(hits, flaw, index));
  TRY(std::set<std::string> ids, listed_ids(hits, flaw, index));
  TRY_VOID(add_exploitation(ids, index, finding));
  for (const std::string_view id : flaw.ids)
    ids.erase(std::string(id));
  finding.upstream.assign(ids.begin(), ids.end());
  return finding;
}

/// The hits as findings: one for each flaw, sorted by the id of the record that stands for it.
Result<std::vector<Finding>> findings_of(std::span<const Hit> hits,
                                         const AdvisoryIndex& index,
                                         const Finding& component) {
  std::map<std::uint32_t, std::vector<const Hit*>> flaws;
  for (const Hit& hit : hits) {
    TRY(const Flaw flaw, index.flaw_of(hit.record));
    const std::uint32_t key = flaw.records.empty() ? hit.record : flaw.records.front();
    flaws[key].push_back(&hit);
  }
  std::vector<Finding> findings;
  for (auto& [key, members] : flaws) {
    TRY(Finding finding, finding_of(std::move(members), index, component));
    findings.push_back(std::move(finding));
  }
  std::ranges::sort(findings, {}, &Finding::advisory);
  return findings;
}

/// Why a component cannot be asked about at all.
struct Obstacle {
  Unmatched::Kind kind = Unmatched::Kind::not_identified;
  std::string reason;  ///< "" when it can be asked about
};

Obstacle obstacle(const Component& component,
                  const Candidates& candidates,
                  const AdvisoryIndex& index) {
  using enum Unmatched::Kind;
  if (!component.purl) {
    std::string reason =
        component.has_unreadable_purl ? "no package URL that can be read" : "no package URL";
    if (!component.cpe.empty()) reason += "; its CPE name is not matched";
    return {not_identified, reason};
  }
  if (!candidates.is_covered) return {no_source, candidates.obstacle};
  const bool has_any = std::ranges::any_of(
      candidates.ecosystems, [&index](const std::string& one) { return has_data(one, index); });
  if (!candidates.ecosystems.empty() && !has_any) {
    return {not_imported, fmt::format("no advisories of '{}' were imported",
                                      without_suffix(candidates.ecosystems.front()))};
  }
  if (!candidates.obstacle.empty()) return {not_identified, candidates.obstacle};
  return {not_identified, candidates.version.empty() ? "no version" : ""};
}

Result<std::vector<std::string>> ids_of(std::span<const Posting> postings,
                                        const AdvisoryIndex& index) {
  std::set<std::string> ids;
  for (const Posting& posting : postings) {
    TRY(const std::string_view id, index.id(posting.record));
    ids.emplace(id);
  }
  return std::vector<std::string>(ids.begin(), ids.end());
}

Result<> match_component(const Component& component,
                         const std::string& sbom,
                         const AdvisoryIndex& index,
                         MatchResult& result) {
  Candidates candidates;
  if (component.purl) candidates = candidates_of(*component.purl);
  if (candidates.version.empty()) candidates.version = component.version;
  const Obstacle found = obstacle(component, candidates, index);
  Unmatched unmatched{sbom, component.name, component.reference, "", found.reason, {}, found.kind};
  if (component.purl) unmatched.purl = to_text(*component.purl);
  TRY(const std::vector<Posting> postings, postings_of(candidates, index));
  if (!unmatched.reason.empty()) {
    TRY(unmatched.possible, ids_of(postings, index));
    result.unmatched.push_back(std::move(unmatched));
    return {};
  }
  if (postings.empty()) return {};

  Open open;
  TRY(const std::vector<Hit> hits, hits_of(postings, candidates.version, index, open));
  Finding named;
  named.sbom = sbom;
  named.component = component.name;
  named.reference = component.reference;
  named.purl = unmatched.purl;
  named.scope = component.scope;
  named.version = component.version.empty() ? candidates.version : component.version;
  TRY(std::vector<Finding> findings, findings_of(hits, index, named));
  std::ranges::move(findings, std::back_inserter(result.findings));
  unmatched.kind = Unmatched::Kind::not_compared;
  for (const auto& [reason, ids] : open) {
    unmatched.reason = reason;
    unmatched.possible.assign(ids.begin(), ids.end());
    result.unmatched.push_back(unmatched);
  }
  return {};
}

}  // namespace

Result<MatchResult> match(const Bom& bom, const AdvisoryIndex& index) {
  MatchResult result;
  for (const Component& component : bom.components) {
    TRY_VOID(match_component(component, bom.path, index, result));
  }
  return result;
}

}  // namespace lockstep::advisories
