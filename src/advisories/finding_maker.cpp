// SPDX-License-Identifier: Apache-2.0
#include "advisories/finding_maker.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "advisories/flaw_order.hpp"

namespace lockstep::advisories {

struct Told {
  const Hit* hit = nullptr;
  RecordHead head;
  Flaw flaw;
};

namespace {

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

}  // namespace

/// What the records of a flaw say about its severity: those that match, or, when none of them says
/// anything, the others.
Result<Rating> FindingMaker::rating_of(std::span<const Told* const> group) {
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
Result<> FindingMaker::add_lists(std::span<const Told* const> group, Finding& finding) const {
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
Result<> FindingMaker::finish(std::span<const Told* const> group, Finding& finding) {
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

Result<> FindingMaker::add(std::span<const Hit> hits,
                           const Finding& component,
                           std::vector<Finding>& into) {
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
    into.push_back(component);
    TRY_VOID(finish(group, into.back()));
  }
  return {};
}

}  // namespace lockstep::advisories
