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
#include "base/parallel.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// A hit with what its record says.
struct Told {
  const Hit* hit = nullptr;
  RecordHead head;
  Flaw flaw;
};

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
    return {not_identified,
            component.has_unreadable_purl ? "no package URL that can be read" : "no package URL"};
  }
  if (!candidates.is_covered) return {no_source, candidates.obstacle};
  if (!candidates.ecosystems.empty() && !has_data) {
    const std::string& first = candidates.ecosystems.front();
    return {not_imported,
            fmt::format("no advisories of '{}' were imported",
                        first.ends_with('*') ? without_suffix(first) : std::string_view(first))};
  }
  if (!candidates.obstacle.empty()) return {not_identified, candidates.obstacle};
  return {not_identified, candidates.version.empty() ? "no version" : ""};
}

bool has_names(const Component& component) {
  return !component.cpe.empty() || !component.more_cpes.empty();
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

/// Matches components of one bill against one index.
class Matcher {
 public:
  Matcher(const std::string& sbom, const NamedProducts& beside, const AdvisoryIndex& index)
      : sbom_(sbom), beside_(beside), index_(index) {
    for (const EcosystemCount& count : index.ecosystems())
      imported_.insert(count.ecosystem);
  }

  Result<> match_component(const Component& component);

  MatchResult take() { return std::move(result_); }

 private:
  std::vector<std::string_view> expand(std::string_view candidate) const;
  bool has_data(const Candidates& candidates) const;
  Result<std::vector<Posting>> postings_of(const Candidates& candidates) const;
  Result<std::vector<Hit>> hits_of(std::span<const Posting> postings,
                                   std::string_view version,
                                   Open& open) const;
  Result<Rating> rating_of(std::span<const Told* const> group);
  Result<> add_lists(std::span<const Told* const> group, Finding& finding) const;
  Result<> finish(std::span<const Told* const> group, Finding& finding);
  Result<> add_findings(std::span<const Hit> hits, const Finding& component);
  Result<> add_answers(const Asked& asked, std::span<const Hit> hits, const Open& open);
  Result<std::vector<std::uint32_t>> decided_by(const Asked& asked, const Open& open) const;
  Result<> match_by_cpe(Asked& asked, const Open& open);

  const std::string& sbom_;
  const NamedProducts& beside_;
  const AdvisoryIndex& index_;
  std::set<std::string_view> imported_;  ///< ecosystems, with their suffix
  VectorScores scores_;
  MatchResult result_;
};

/// The ecosystems of the index that a candidate stands for.
std::vector<std::string_view> Matcher::expand(std::string_view candidate) const {
  if (!candidate.ends_with('*')) return {candidate};
  candidate.remove_suffix(1);
  std::vector<std::string_view> found;
  for (auto one = imported_.lower_bound(candidate);
       one != imported_.end() && one->starts_with(candidate); ++one)
    found.push_back(*one);
  return found;
}

/// Of a distribution the release must be there: records of another one say nothing.
bool Matcher::has_data(const Candidates& candidates) const {
  return std::ranges::any_of(candidates.ecosystems, [this](const std::string& one) {
    return one.ends_with('*') ? !expand(one).empty() : imported_.contains(one);
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
    TRY(const std::string_view id, index_.id(posting.record));
    if (evaluation.verdict == Verdict::not_evaluated) {
      open[evaluation.because].emplace(id);
    } else if (!hits.empty() && hits.back().record == posting.record) {
      merge(hits.back(), evaluation);
    } else {
      hits.push_back({posting.record, id, std::move(evaluation), std::move(entry.severity)});
    }
  }
  for (const Hit& hit : hits) {
    for (auto& [reason, ids] : open)
      ids.erase(std::string(hit.id));
  }
  std::erase_if(open, [](const auto& item) { return item.second.empty(); });
  return hits;
}

/// What the records of a flaw say about its severity: those that match, or, when none of them says
/// anything, the others.
Result<Rating> Matcher::rating_of(std::span<const Told* const> group) {
  std::vector<RecordSeverity> said;
  for (const Told* told : group) {
    const RecordHead& head = told->head;
    const std::vector<PublishedSeverity>& of_entry = told->hit->severity;
    said.push_back({head.id, of_entry.empty() ? head.severity : of_entry, head.severity_word});
  }
  Rating rating = rate(said, scores_);
  if (!rating.vector.empty() || rating.word != "unknown") return rating;
  said.clear();
  std::vector<RecordHead> others;
  for (const std::uint32_t record : group.front()->flaw.records) {
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
Result<> Matcher::add_lists(std::span<const Told* const> group, Finding& finding) const {
  std::vector<std::string_view> ids = group.front()->flaw.ids;
  for (const Told* told : group)
    ids.insert(ids.end(), told->head.upstream.begin(), told->head.upstream.end());
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
  const std::vector<std::string_view>& own = group.front()->flaw.ids;
  for (const std::string_view id : ids)
    if (std::ranges::find(own, id) == own.end()) finding.upstream.emplace_back(id);
  return {};
}

/// Completes the finding of a component with what the hits about one flaw say, the best id first.
Result<> Matcher::finish(std::span<const Told* const> group, Finding& finding) {
  const auto& [hit, head, flaw] = *group.front();
  finding.advisory = head.id;
  finding.flaw = flaw.ids.front();
  finding.aliases.reserve(flaw.ids.size());
  for (const std::string_view id : flaw.ids) {
    if (id != head.id) finding.aliases.emplace_back(id);
  }
  std::ranges::sort(finding.aliases);
  for (const Told* told : group)
    finding.matched.emplace_back(told->head.id);
  std::ranges::sort(finding.matched);
  finding.summary = head.summary;
  if (head.published)
    finding.published = lockstep::to_text(std::chrono::floor<std::chrono::days>(*head.published));
  finding.because = hit->evaluation.because;
  finding.fixed = hit->evaluation.fixed;
  TRY(finding.severity, rating_of(group));
  return add_lists(group, finding);
}

/// The hits as findings: one for each flaw, sorted by the id of the record that stands for it.
Result<> Matcher::add_findings(std::span<const Hit> hits, const Finding& component) {
  std::vector<Told> all;
  all.reserve(hits.size());
  for (const Hit& hit : hits) {
    TRY(RecordHead head, index_.head(hit.record));
    TRY(Flaw flaw, index_.flaw_of(hit.record));
    all.push_back({&hit, std::move(head), std::move(flaw)});
  }
  // The hits of one flaw stand together, the best id first.
  const auto flaw_of = [](const Told* told) {
    return told->flaw.records.empty() ? told->hit->record : told->flaw.records.front();
  };
  std::vector<const Told*> order;
  for (const Told& told : all)
    order.push_back(&told);
  std::ranges::sort(order, [&](const Told* a, const Told* b) {
    if (flaw_of(a) != flaw_of(b)) return flaw_of(a) < flaw_of(b);
    return is_better_id(a->head.id, b->head.id);
  });
  std::vector<std::span<const Told* const>> groups;
  for (std::span<const Told* const> rest = order; !rest.empty();) {
    const auto end = std::ranges::find_if(
        rest, [&](const Told* told) { return flaw_of(told) != flaw_of(rest.front()); });
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

Result<> Matcher::add_answers(const Asked& asked, std::span<const Hit> hits, const Open& open) {
  TRY_VOID(add_findings(hits, asked.named));
  for (const auto& [reason, ids] : open) {
    Unmatched& unmatched = result_.unmatched.emplace_back(asked.unmatched);
    unmatched.kind = Unmatched::Kind::not_compared;
    unmatched.reason = reason;
    unmatched.possible.assign(ids.begin(), ids.end());
  }
  return {};
}

/// The records that were found by package URL and gave an answer, whatever it is.
Result<std::vector<std::uint32_t>> Matcher::decided_by(const Asked& asked, const Open& open) const {
  std::vector<std::uint32_t> decided;
  if (!asked.unmatched.reason.empty()) return decided;
  for (const Posting& posting : asked.postings) {
    TRY(const std::string_view id, index_.id(posting.record));
    const bool is_open = std::ranges::any_of(
        open, [id](const auto& item) { return item.second.contains(std::string(id)); });
    if (!is_open) decided.push_back(posting.record);
  }
  return decided;
}

/// Asks by CPE name for what the package URL left unanswered. Packages of deb and rpm are asked
/// only where the distribution itself could not be: it mends old versions, which the NVD cannot
/// know.
Result<> Matcher::match_by_cpe(Asked& asked, const Open& open) {
  const Component& component = asked.component;
  const bool is_mended_by_others =
      component.purl && (component.purl->type == "deb" || component.purl->type == "rpm");
  if (!has_names(component) || (is_mended_by_others && asked.unmatched.reason.empty())) return {};
  std::string& reason = asked.unmatched.reason;
  using enum Unmatched::Kind;
  const bool by_name_alone =
      !reason.empty() && (!component.purl || asked.unmatched.kind == no_source);
  if (!has_cpe_records(index_)) {
    if (!by_name_alone) return {};
    asked.unmatched.kind = not_imported;
    reason += "; no records by CPE name (NVD) were imported";
    return {};
  }
  const std::vector<Cpe> names = names_of(component, component.version);
  TRY(CpeAnswer answer, ask_by_cpe(names, beside_, index_));
  TRY(const std::vector<std::uint32_t> decided, decided_by(asked, open));
  TRY_VOID(remove_decided(decided, index_, answer));
  if (by_name_alone && answer.knows_product) {
    reason.clear();
  } else if (by_name_alone) {
    reason += names.empty() ? "; no CPE name that can be read"
                            : "; no record names the product of its CPE name";
  }
  asked.named.matched_by = "cpe";
  return add_answers(asked, answer.hits, answer.open);
}

Result<> Matcher::match_component(const Component& component) {
  Asked asked{component, {}, {}, {}, {}};
  Candidates& candidates = asked.candidates;
  if (component.purl) candidates = candidates_of(*component.purl);
  if (candidates.version.empty()) candidates.version = component.version;
  Obstacle found = obstacle(component, candidates, has_data(candidates));
  TRY(asked.postings, postings_of(candidates));
  if (found.reason.empty() && asked.postings.empty() && !has_names(component)) return {};

  const std::string purl = component.purl ? to_text(*component.purl) : "";
  asked.unmatched = {sbom_, component.name, component.reference, purl, std::move(found.reason),
                     {},    found.kind};
  asked.named.sbom = sbom_;
  asked.named.component = component.name;
  asked.named.reference = component.reference;
  asked.named.purl = purl;
  asked.named.scope = component.scope;
  asked.named.version = component.version.empty() ? candidates.version : component.version;
  Open open;
  if (asked.unmatched.reason.empty() && !asked.postings.empty()) {
    TRY(const std::vector<Hit> hits, hits_of(asked.postings, candidates.version, open));
    TRY_VOID(add_answers(asked, hits, open));
  }
  TRY_VOID(match_by_cpe(asked, open));
  if (asked.unmatched.reason.empty()) return {};
  TRY(asked.unmatched.possible, ids_of(asked.postings, index_));
  result_.unmatched.push_back(std::move(asked.unmatched));
  return {};
}

Result<MatchResult> match_all(std::span<const Component> components,
                              const std::string& sbom,
                              const NamedProducts& beside,
                              const AdvisoryIndex& index) {
  Matcher matcher(sbom, beside, index);
  for (const Component& component : components) {
    TRY_VOID(matcher.match_component(component));
  }
  return matcher.take();
}

}  // namespace

Result<MatchResult> match(const Bom& bom, const AdvisoryIndex& index) {
  constexpr std::size_t least = 500;  // fewer do not pay for a thread
  const std::span<const Component> components = bom.components;
  NamedProducts beside;
  if (has_cpe_records(index)) beside = products_of(bom);
  std::vector<Result<MatchResult>> parts(parts_of(components.size(), least));
  in_parts(
      components.size(), parts.size(), [&](std::size_t part, std::size_t begin, std::size_t end) {
        parts[part] = match_all(components.subspan(begin, end - begin), bom.path, beside, index);
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
