// SPDX-License-Identifier: Apache-2.0
#include "advisories/finding_maker.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "advisories/flaw_order.hpp"

namespace lockstep::advisories {

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
Result<> FindingMaker::rate_by(Group group, Rating& rating) {
  said_.clear();
  for (const Told* told : group) {
    const RecordHead& head = told->head;
    const std::vector<ScoredSeverity>& of_entry = told->hit->severity;
    said_.push_back({head.id, of_entry.empty() ? head.severity : of_entry, head.severity_word});
  }
  rate(said_, rating);
  if (!rating.vector.empty() || rating.word != "unknown") return {};
  said_.clear();
  const std::vector<std::uint32_t>& records = group.front()->flaw.records;
  if (others_.size() < records.size()) others_.resize(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    TRY(const bool is_withdrawn, index_.is_withdrawn(records[i]));
    if (is_withdrawn) continue;
    RecordHead& head = others_[i];
    TRY_VOID(index_.head(records[i], head));
    said_.push_back({head.id, head.severity, head.severity_word});
  }
  rate(said_, rating);
  return {};
}

/// What the lists of exploited vulnerabilities and the scores say under the ids of the flaw, and
/// under those that the matching records stand for. A distributor's advisory names its CVEs under
/// `upstream` only; they are other records, never aliases, but an exploited one of them is
/// exploited here too.
Result<> FindingMaker::add_lists(Group group, Finding& finding) {
  const std::vector<std::string_view>& own = group.front()->flaw.ids;
  ids_.assign(own.begin(), own.end());
  for (const Told* told : group)
    ids_.insert(ids_.end(), told->head.upstream.begin(), told->head.upstream.end());
  std::ranges::sort(ids_);
  const auto doubled = std::ranges::unique(ids_);
  ids_.erase(doubled.begin(), doubled.end());
  for (const std::string_view id : ids_) {
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
  for (const std::string_view id : ids_)
    if (std::ranges::find(own, id) == own.end()) finding.upstream.emplace_back(id);
  return {};
}

/// Completes the finding of a component with what the hits about one flaw say, the best id first.
Result<> FindingMaker::finish(Group group, Finding& finding) {
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
  finding.fixed.assign(hit->evaluation.fixed.begin(), hit->evaluation.fixed.end());
  TRY_VOID(rate_by(group, finding.severity));
  return add_lists(group, finding);
}

/// Reads what the records say, and groups the hits by flaw.
Result<> FindingMaker::tell(std::span<const Hit> hits) {
  if (told_.size() < hits.size()) told_.resize(hits.size());
  order_.clear();
  for (std::size_t i = 0; i < hits.size(); ++i) {
    told_[i].hit = &hits[i];
    TRY_VOID(index_.head(hits[i].record, told_[i].head));
    TRY_VOID(index_.flaw_of(hits[i].record, told_[i].flaw));
    order_.push_back(&told_[i]);
  }
  const auto flaw_of = [](const Told* told) {
    return told->flaw.records.empty() ? told->hit->record : told->flaw.records.front();
  };
  std::ranges::sort(order_, [&](const Told* a, const Told* b) {
    if (flaw_of(a) != flaw_of(b)) return flaw_of(a) < flaw_of(b);
    return is_better_id(a->head.id, b->head.id);
  });
  groups_.clear();
  for (Group rest = order_; !rest.empty();) {
    const auto end = std::ranges::find_if(
        rest, [&](const Told* told) { return flaw_of(told) != flaw_of(rest.front()); });
    groups_.emplace_back(rest.begin(), end);
    rest = rest.subspan(groups_.back().size());
  }
  std::ranges::sort(groups_, {}, [](const Group& group) { return group.front()->head.id; });
  return {};
}

Result<> FindingMaker::add(std::span<const Hit> hits, const Finding& component, FindingList& into) {
  TRY_VOID(tell(hits));
  for (const Group& group : groups_) {
    Finding& finding = into.add();
    finding = component;
    TRY_VOID(finish(group, finding));
  }
  return {};
}

}  // namespace lockstep::advisories
