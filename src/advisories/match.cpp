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
#include "base/parallel.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// A record that touches the component.
struct Hit {
  std::uint32_t record = 0;
  Evaluation evaluation;
  std::vector<PublishedSeverity> severity;  ///< of the entry
  RecordHead head;
  Flaw flaw;
};

/// The records that could not be asked, by reason.
using Open = std::map<std::string, std::set<std::string>>;

/// Adds what another entry of the same record says.
void merge(Hit& hit, const Evaluation& evaluation) {
  for (const std::string& version : evaluation.fixed) {
    std::vector<std::string>& fixed = hit.evaluation.fixed;
    if (std::ranges::find(fixed, version) == fixed.end()) fixed.push_back(version);
  }
}

/// The facts that a list has about a flaw, with what it says under another of its ids.
void add_exploitation(KnownExploited known, Finding& finding) {
  const auto fact = std::ranges::find(finding.exploited, known.source, &Exploitation::source);
  if (fact == finding.exploited.end()) {
    finding.exploited.push_back({std::move(known.source), std::move(known.date_added),
                                 std::move(known.origin), known.ransomware});
    return;
  }
  fact->ransomware = fact->ransomware || known.ransomware;
  // Several ids of one weakness may be listed; it is exploited since the first.
  const bool is_earlier =
      !known.date_added.empty() && (fact->since.empty() || known.date_added < fact->since);
  if (!is_earlier) return;
  fact->since = std::move(known.date_added);
  fact->origin = std::move(known.origin);
}

/// Why a component cannot be asked about at all.
struct Obstacle {
  Unmatched::Kind kind = Unmatched::Kind::not_identified;
  std::string reason;  ///< "" when it can be asked about
};

/// @param has_data whether records of a candidate's ecosystem were imported
Obstacle obstacle(const Component& component, const Candidates& candidates, bool has_data) {
  using enum Unmatched::Kind;
  if (!component.purl) {
    std::string reason =
        component.has_unreadable_purl ? "no package URL that can be read" : "no package URL";
    if (!component.cpe.empty()) reason += "; its CPE name is not matched";
    return {not_identified, reason};
  }
  if (!candidates.is_covered) return {no_source, candidates.obstacle};
  if (!candidates.ecosystems.empty() && !has_data) {
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

/// Matches components against one index.
class Matcher {
 public:
  explicit Matcher(const AdvisoryIndex& index) : index_(index) {
    for (const EcosystemCount& count : index.ecosystems())
      imported_.insert(without_suffix(count.ecosystem));
  }

  Result<> match_component(const Component& component, const std::string& sbom);

  MatchResult take() { return std::move(result_); }

 private:
  std::vector<std::string_view> expand(std::string_view candidate) const;
  bool has_data(const Candidates& candidates) const;
  Result<std::vector<Posting>> postings_of(const Candidates& candidates) const;
  Result<std::vector<Hit>> hits_of(std::span<const Posting> postings,
                                   std::string_view version,
                                   Open& open) const;
  Result<Rating> rating_of(std::span<const Hit* const> hits);
  Result<> add_lists(std::span<const Hit* const> hits, Finding& finding) const;
  Result<> finish(std::span<const Hit* const> hits, Finding& finding);
  Result<> add_findings(std::span<Hit> hits, const Finding& component);

  const AdvisoryIndex& index_;
  std::set<std::string_view> imported_;  ///< ecosystems without suffix
  VectorScores scores_;
  MatchResult result_;
};

/// The ecosystems of the index that a candidate stands for.
std::vector<std::string_view> Matcher::expand(std::string_view candidate) const {
  if (!candidate.ends_with('*')) return {candidate};
  candidate.remove_suffix(1);
  std::vector<std::string_view> found;
  for (const EcosystemCount& count : index_.ecosystems()) {
    if (count.ecosystem.starts_with(candidate)) found.emplace_back(count.ecosystem);
  }
  return found;
}

bool Matcher::has_data(const Candidates& candidates) const {
  return std::ranges::any_of(candidates.ecosystems, [this](const std::string& one) {
    return imported_.contains(without_suffix(one));
  });
}

/// All entries filed under the candidates, those of withdrawn records left out.
Result<std::vector<Posting>> Matcher::postings_of(const Candidates& candidates) const {
  std::vector<Posting> all;
  for (const std::string& candidate : candidates.ecosystems) {
    for (const std::string_view ecosystem : expand(candidate)) {
      for (const std::string& name : candidates.names) {
        TRY(const std::vector<Posting> postings, index_.find(ecosystem, name));
        for (const Posting& posting : postings) {
          TRY(const bool is_withdrawn, index_.is_withdrawn(posting.record));
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

/// Evaluates the entries, which come sorted by record. Several entries of one record are a union.
Result<std::vector<Hit>> Matcher::hits_of(std::span<const Posting> postings,
                                          std::string_view version,
                                          Open& open) const {
  std::vector<Hit> hits;
  for (const Posting& posting : postings) {
    TRY(AffectedEntry entry, index_.entry(posting));
    Evaluation evaluation =
        evaluate({entry.ecosystem, entry.ranges, entry.versions, entry.partly_read}, version);
    if (evaluation.verdict == Verdict::not_affected) continue;
    if (evaluation.verdict == Verdict::not_evaluated) {
      TRY(const std::string_view id, index_.id(posting.record));
      open[evaluation.because].emplace(id);
    } else if (!hits.empty() && hits.back().record == posting.record) {
      merge(hits.back(), evaluation);
    } else {
      hits.push_back({posting.record, std::move(evaluation), std::move(entry.severity), {}, {}});
    }
  }
  for (Hit& hit : hits) {
    TRY(hit.head, index_.head(hit.record));
    TRY(hit.flaw, index_.flaw_of(hit.record));
    for (auto& [reason, ids] : open)
      ids.erase(std::string(hit.head.id));
  }
  std::erase_if(open, [](const auto& item) { return item.second.empty(); });
  return hits;
}

/// What the records of a flaw say about its severity: those that match, or, when none of them says
/// anything, the others.
Result<Rating> Matcher::rating_of(std::span<const Hit* const> hits) {
  std::vector<RecordSeverity> said;
  for (const Hit* hit : hits) {
    const RecordHead& head = hit->head;
    said.push_back(
        {head.id, hit->severity.empty() ? head.severity : hit->severity, head.severity_word});
  }
  Rating rating = rate(said, scores_);
  if (!rating.vector.empty() || rating.word != "unknown") return rating;
  said.clear();
  std::vector<RecordHead> others;
  for (const std::uint32_t record : hits.front()->flaw.records) {
    TRY(const bool is_withdrawn, index_.is_withdrawn(record));
    if (is_withdrawn) continue;
    TRY(RecordHead head, index_.head(record));
    others.push_back(std::move(head));
  }
  for (const RecordHead& head : others)
    said.push_back({head.id, head.severity, head.severity_word});
  return rate(said, scores_);
}

/// What the lists of exploited vulnerabilities and the scores say under the ids of the flaw, and
/// under those that the matching records stand for. A distributor's advisory names its CVEs under
/// `upstream` only; they are other records, never aliases, but an exploited one of them is
/// exploited here too.
Result<> Matcher::add_lists(std::span<const Hit* const> hits, Finding& finding) const {
  std::vector<std::string_view> ids = hits.front()->flaw.ids;
  for (const Hit* hit : hits)
    ids.insert(ids.end(), hit->head.upstream.begin(), hit->head.upstream.end());
  std::ranges::sort(ids);
  const auto doubled = std::ranges::unique(ids);
  ids.erase(doubled.begin(), doubled.end());
  for (const std::string_view id : ids) {
    TRY(std::vector<KnownExploited> listed, index_.known_exploited(id));
    for (KnownExploited& known : listed)
      add_exploitation(std::move(known), finding);
    TRY(const std::optional<EpssScore> score, index_.epss(id));
    const bool is_higher =
        score && (!finding.epss || score->probability > finding.epss->probability);
    if (is_higher) finding.epss = score;
  }
  std::ranges::sort(finding.exploited, {}, &Exploitation::source);
  for (const Exploitation& fact : finding.exploited)
    finding.known_exploited.push_back(fact.source);
  return {};
}

/// Completes the finding of a component with what the hits about one flaw say, the best id first.
Result<> Matcher::finish(std::span<const Hit* const> hits, Finding& finding) {
  const Hit& first = *hits.front();
  finding.advisory = first.head.id;
  finding.flaw = first.flaw.ids.front();
  finding.aliases.reserve(first.flaw.ids.size());
  for (const std::string_view id : first.flaw.ids) {
    if (id != first.head.id) finding.aliases.emplace_back(id);
  }
  std::ranges::sort(finding.aliases);
  for (const Hit* hit : hits)
    finding.matched.emplace_back(hit->head.id);
  std::ranges::sort(finding.matched);
  finding.summary = first.head.summary;
  if (first.head.published)
    finding.published =
        lockstep::to_text(std::chrono::floor<std::chrono::days>(*first.head.published));
  finding.because = first.evaluation.because;
  finding.fixed = first.evaluation.fixed;
  TRY(finding.severity, rating_of(hits));
  return add_lists(hits, finding);
}

/// The hits as findings: one for each flaw, sorted by the id of the record that stands for it.
Result<> Matcher::add_findings(std::span<Hit> hits, const Finding& component) {
  // The hits of one flaw stand together, the best id first.
  const auto flaw_of = [](const Hit& hit) {
    return hit.flaw.records.empty() ? hit.record : hit.flaw.records.front();
  };
  std::vector<const Hit*> order;
  for (const Hit& hit : hits)
    order.push_back(&hit);
  std::ranges::sort(order, [&](const Hit* a, const Hit* b) {
    if (flaw_of(*a) != flaw_of(*b)) return flaw_of(*a) < flaw_of(*b);
    return is_better_id(a->head.id, b->head.id);
  });
  std::vector<std::span<const Hit* const>> groups;
  for (std::span<const Hit* const> rest = order; !rest.empty();) {
    const auto end = std::ranges::find_if(
        rest, [&](const Hit* hit) { return flaw_of(*hit) != flaw_of(*rest.front()); });
    groups.emplace_back(rest.begin(), end);
    rest = rest.subspan(groups.back().size());
  }
  std::ranges::sort(groups, {}, [](const auto& group) { return group.front()->head.id; });
  for (const auto& group : groups) {
    result_.findings.push_back(component);
    TRY_VOID(finish(group, result_.findings.back()));
  }
  return {};
}

Result<> Matcher::match_component(const Component& component, const std::string& sbom) {
  Candidates candidates;
  if (component.purl) candidates = candidates_of(*component.purl);
  if (candidates.version.empty()) candidates.version = component.version;
  const Obstacle found = obstacle(component, candidates, has_data(candidates));
  TRY(const std::vector<Posting> postings, postings_of(candidates));
  if (found.reason.empty() && postings.empty()) return {};
  const std::string purl = component.purl ? to_text(*component.purl) : "";
  if (!found.reason.empty()) {
    TRY(auto possible, ids_of(postings, index_));
    result_.unmatched.push_back({sbom, component.name, component.reference, purl, found.reason,
                                 std::move(possible), found.kind});
    return {};
  }
  Open open;
  TRY(std::vector<Hit> hits, hits_of(postings, candidates.version, open));
  Finding named;
  named.sbom = sbom;
  named.component = component.name;
  named.reference = component.reference;
  named.purl = purl;
  named.scope = component.scope;
  named.version = component.version.empty() ? candidates.version : component.version;
  TRY_VOID(add_findings(hits, named));
  for (const auto& [reason, ids] : open) {
    result_.unmatched.push_back({sbom,
                                 component.name,
                                 component.reference,
                                 purl,
                                 reason,
                                 {ids.begin(), ids.end()},
                                 Unmatched::Kind::not_compared});
  }
  return {};
}

Result<MatchResult> match_all(std::span<const Component> components,
                              const std::string& sbom,
                              const AdvisoryIndex& index) {
  Matcher matcher(index);
  for (const Component& component : components) {
    TRY_VOID(matcher.match_component(component, sbom));
  }
  return matcher.take();
}

}  // namespace

Result<MatchResult> match(const Bom& bom, const AdvisoryIndex& index) {
  constexpr std::size_t least = 500;  // fewer do not pay for a thread
  const std::span<const Component> components = bom.components;
  std::vector<Result<MatchResult>> parts(parts_of(components.size(), least));
  in_parts(components.size(), parts.size(),
           [&](std::size_t part, std::size_t begin, std::size_t end) {
             parts[part] = match_all(components.subspan(begin, end - begin), bom.path, index);
           });
  TRY(MatchResult all, std::move(parts.front()));
  for (auto& part : std::span(parts).subspan(1)) {
    TRY(MatchResult more, std::move(part));
    std::ranges::move(more.findings, std::back_inserter(all.findings));
    std::ranges::move(more.unmatched, std::back_inserter(all.unmatched));
  }
  return all;
}

}  // namespace lockstep::advisories
