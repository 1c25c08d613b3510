// SPDX-License-Identifier: Apache-2.0
// Per component: its package URL gives ecosystems and names to ask for, the index gives the entries
// filed under them, and each entry is evaluated against the version. What that leaves open is asked
// by CPE name (cpe_lookup.hpp). The cost is that of the lookups and the entries found, whatever the
// size of the index.
#include "advisories/match.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "advisories/cpe_lookup.hpp"
#include "advisories/ecosystem.hpp"
#include "advisories/evaluate.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/hit.hpp"
#include "advisories/severity.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// The ecosystems of the index that a candidate stands for.
std::vector<std::string_view> expand(std::string_view candidate, const AdvisoryIndex& index) {
  if (candidate.find('*') == std::string_view::npos) return {candidate};
  std::vector<std::string_view> found;
  for (const EcosystemCount& count : index.ecosystems()) {
    if (fits(candidate, count.ecosystem)) found.emplace_back(count.ecosystem);
  }
  return found;
}

/// Of a distribution the release must be there: records of another one say nothing.
bool has_data(std::string_view candidate, const AdvisoryIndex& index) {
  return std::ranges::any_of(expand(candidate, index), [&index](std::string_view ecosystem) {
    return std::ranges::find(index.ecosystems(), ecosystem, &EcosystemCount::ecosystem) !=
           index.ecosystems().end();
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

/// Evaluates the entries, which come sorted by record; those for another architecture are passed
/// over. Several entries of one record are a union.
Result<std::vector<Hit>> hits_of(std::span<const Posting> postings,
                                 const Candidates& candidates,
                                 const AdvisoryIndex& index,
                                 Open& open) {
  const std::string_view version = candidates.version;
  std::vector<Hit> hits;
  for (const Posting& posting : postings) {
    TRY(AffectedEntry entry, index.entry(posting));
    const bool is_other_arch = !entry.arch.empty() && !candidates.arch.empty() &&
                               !is_same_arch(entry.arch, candidates.arch);
    if (is_other_arch) continue;
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
  TRY(const std::set<std::string> ids, listed_ids(hits, flaw, index));
  TRY_VOID(add_exploitation(ids, index, finding));
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

/// @param is_named whether some record lists the package
Obstacle obstacle(const Component& component,
                  const Candidates& candidates,
                  bool is_named,
                  const AdvisoryIndex& index) {
  using enum Unmatched::Kind;
  if (!component.purl) {
    return {not_identified,
            component.has_unreadable_purl ? "no package URL that can be read" : "no package URL"};
  }
  const auto is_there = [&index](const std::string& one) { return has_data(one, index); };
  const bool has_any = std::ranges::any_of(candidates.ecosystems, is_there) ||
                       std::ranges::any_of(candidates.own_ecosystems, is_there);
  if (!candidates.is_covered) {
    // Records of a type that no source is known to cover speak of the packages that they name.
    if (!is_named) return {no_source, candidates.obstacle};
    return {not_identified, candidates.version.empty() ? "no version" : ""};
  }
  if (!candidates.ecosystems.empty() && !has_any) {
    const std::string& first = candidates.ecosystems.front();
    return {not_imported,
            fmt::format("no advisories of '{}' were imported", first.find('*') == std::string::npos
                                                                   ? std::string_view(first)
                                                                   : without_suffix(first))};
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

/// What is asked about one component, and where the answers go.
struct Asked {
  const Component& component;
  Candidates candidates;
  std::vector<Posting> postings;
  Finding named;        ///< with all that is the same in every finding of the component
  Unmatched unmatched;  ///< the same for what could not be asked; without a reason when it could
};

Result<Asked> ask_of(const Component& component,
                     const std::string& sbom,
                     const AdvisoryIndex& index) {
  Asked asked{component, {}, {}, {}, {}};
  Candidates& candidates = asked.candidates;
  if (component.purl) candidates = candidates_of(with_source(*component.purl, component.source));
  if (candidates.version.empty()) candidates.version = component.version;
  TRY(asked.postings, postings_of(candidates, index));
  const Obstacle found = obstacle(component, candidates, !asked.postings.empty(), index);
  asked.unmatched = {sbom, component.name, component.reference, "", found.reason, {}, found.kind};
  if (component.purl) asked.unmatched.purl = to_text(*component.purl);
  asked.named.sbom = sbom;
  asked.named.component = component.name;
  asked.named.reference = component.reference;
  asked.named.purl = asked.unmatched.purl;
  asked.named.scope = component.scope;
  asked.named.version = component.version.empty() ? candidates.version : component.version;
  return asked;
}

Result<> add_answers(const Asked& asked,
                     std::span<const Hit> hits,
                     const Open& open,
                     const AdvisoryIndex& index,
                     MatchResult& result) {
  TRY(std::vector<Finding> findings, findings_of(hits, index, asked.named));
  std::ranges::move(findings, std::back_inserter(result.findings));
  Unmatched unmatched = asked.unmatched;
  unmatched.kind = Unmatched::Kind::not_compared;
  for (const auto& [reason, ids] : open) {
    unmatched.reason = reason;
    unmatched.possible.assign(ids.begin(), ids.end());
    result.unmatched.push_back(unmatched);
  }
  return {};
}

/// The records that gave an answer, whatever it is.
Result<std::vector<std::uint32_t>> decided_by(std::span<const Posting> postings,
                                              const Open& open,
                                              const AdvisoryIndex& index) {
  std::vector<std::uint32_t> decided;
  for (const Posting& posting : postings) {
    TRY(const std::string_view id, index.id(posting.record));
    const bool is_open = std::ranges::any_of(
        open, [id](const auto& item) { return item.second.contains(std::string(id)); });
    if (!is_open) decided.push_back(posting.record);
  }
  return decided;
}

/// What the records touch that are found by package URL. Who rebuilt the package decides first.
Result<std::vector<Hit>> hits_by_purl(Asked& asked, const AdvisoryIndex& index, Open& open) {
  TRY(std::vector<Hit> hits, hits_of(asked.postings, asked.candidates, index, open));
  if (asked.candidates.own_ecosystems.empty()) return hits;
  Candidates own = asked.candidates;
  own.ecosystems = own.own_ecosystems;
  own.names = own.own_names;
  TRY(const std::vector<Posting> postings, postings_of(own, index));
  Open own_open;
  TRY(std::vector<Hit> own_hits, hits_of(postings, own, index, own_open));
  TRY(const std::vector<std::uint32_t> decided, decided_by(postings, own_open, index));
  TRY_VOID(remove_decided(decided, index, hits, open));
  std::ranges::move(own_hits, std::back_inserter(hits));
  for (auto& [reason, ids] : own_open)
    open[reason].insert(ids.begin(), ids.end());
  asked.postings.insert(asked.postings.end(), postings.begin(), postings.end());
  return hits;
}

/// Asks by CPE name for what the package URL left unanswered. Packages of deb and rpm are asked
/// only where the distribution itself could not be: it mends old versions, which the NVD cannot
/// know.
Result<> match_by_cpe(Asked& asked,
                      const Open& open,
                      const NamedProducts& beside,
                      const AdvisoryIndex& index,
                      MatchResult& result) {
  const Component& component = asked.component;
  const bool has_names = !component.cpe.empty() || !component.more_cpes.empty();
  const std::string_view type = component.purl ? std::string_view(component.purl->type) : "";
  const bool is_mended_by_others = type == "deb" || type == "rpm";
  const bool is_of_distribution = is_mended_by_others || type == "apk";
  if (!has_names || (is_mended_by_others && asked.unmatched.reason.empty())) return {};
  std::string& reason = asked.unmatched.reason;
  using enum Unmatched::Kind;
  const bool by_name_alone =
      !reason.empty() && (!component.purl || asked.unmatched.kind == no_source);
  if (!has_cpe_records(index)) {
    if (!by_name_alone) return {};
    asked.unmatched.kind = not_imported;
    reason += "; no records by CPE name (NVD) were imported";
    return {};
  }
  const std::vector<Cpe> names = names_of(component, component.version);
  TRY(CpeAnswer answer, ask_by_cpe(names, beside, index));
  if (reason.empty() || !by_name_alone) {
    TRY(const std::vector<std::uint32_t> decided, decided_by(asked.postings, open, index));
    TRY_VOID(remove_decided(decided, index, answer.hits, answer.open));
  }
  // The versions that mend the software are not those of a distribution's packages.
  if (is_of_distribution)
    for (Hit& hit : answer.hits)
      hit.evaluation.fixed.clear();
  if (by_name_alone && answer.knows_product) {
    reason.clear();
  } else if (by_name_alone) {
    reason += names.empty() ? "; no CPE name that can be read"
                            : "; no record names the product of its CPE name";
  }
  asked.named.matched_by = "cpe";
  return add_answers(asked, answer.hits, answer.open, index, result);
}

Result<> match_component(const Component& component,
                         const std::string& sbom,
                         const NamedProducts& beside,
                         const AdvisoryIndex& index,
                         MatchResult& result) {
  TRY(Asked asked, ask_of(component, sbom, index));
  Open open;
  if (asked.unmatched.reason.empty()) {
    TRY(const std::vector<Hit> hits, hits_by_purl(asked, index, open));
    TRY_VOID(add_answers(asked, hits, open, index, result));
  }
  TRY_VOID(match_by_cpe(asked, open, beside, index, result));
  if (asked.unmatched.reason.empty()) return {};
  TRY(asked.unmatched.possible, ids_of(asked.postings, index));
  result.unmatched.push_back(std::move(asked.unmatched));
  return {};
}

}  // namespace

Result<MatchResult> match(const Bom& bom, const AdvisoryIndex& index) {
  MatchResult result;
  NamedProducts beside;
  if (has_cpe_records(index)) beside = products_of(bom);
  for (const Component& component : bom.components) {
    TRY_VOID(match_component(component, bom.path, beside, index, result));
  }
  return result;
}

}  // namespace lockstep::advisories
