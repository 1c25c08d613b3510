// SPDX-License-Identifier: Apache-2.0
#include "advisories/purl_lookup.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "advisories/evaluate.hpp"
#include "advisories/module_stream.hpp"
#include "advisories/revision.hpp"

namespace lockstep::advisories {

namespace {

/// Adds what another entry of the same record says.
void merge(Hit& hit, const Evaluation& evaluation) {
  for (const std::string_view version : evaluation.fixed) {
    std::vector<std::string_view>& fixed = hit.evaluation.fixed;
    if (std::ranges::find(fixed, version) == fixed.end()) fixed.push_back(version);
  }
}

/// Where the source code of a package may be listed. A package without a version has that of its
/// source code.
Candidates source_of(const Purl& purl, Candidates& package) {
  Candidates source;
  std::optional<Revision> revision = revision_of(purl);
  if (!revision) return source;
  if (package.version.empty()) package.version = revision->name;
  source.ecosystems.emplace_back(git_ecosystem);
  source.version = revision->name.empty() ? package.version : std::move(revision->name);
  source.names.push_back(std::move(revision->repository));
  return source;
}

}  // namespace

PurlLookup::PurlLookup(const AdvisoryIndex& index) : index_(index) {
  for (const EcosystemCount& count : index.ecosystems())
    imported_.insert(count.ecosystem);
}

Result<PurlQuestion> PurlLookup::question_about(const Component& component) const {
  PurlQuestion question;
  Candidates& package = question.package;
  if (component.purl) {
    const bool says_more = !component.source.name.empty() || !component.source.module.empty();
    package = says_more ? candidates_of(with_source(*component.purl, component.source))
                        : candidates_of(*component.purl);
  }
  if (package.version.empty()) package.version = component.version;
  if (component.purl) question.source = source_of(*component.purl, package);
  TRY(question.postings, postings_of(package));
  TRY(question.source_postings, postings_of(question.source));
  if (!package.extended_ecosystems.empty()) {
    Candidates extended;
    extended.ecosystems = package.extended_ecosystems;
    extended.names = package.names;
    TRY(question.extended_postings, postings_of(extended));
  }
  return question;
}

bool PurlLookup::has_data(const PurlQuestion& question) const {
  return has_data(question.package) || has_data(question.source);
}

/// The ecosystems of the index that a candidate stands for.
std::vector<std::string_view> PurlLookup::expand(std::string_view candidate) const {
  const std::size_t star = candidate.find('*');
  if (star == std::string_view::npos) return {candidate};
  const std::string_view start = candidate.substr(0, star);
  std::vector<std::string_view> found;
  for (auto one = imported_.lower_bound(start); one != imported_.end() && one->starts_with(start);
       ++one)
    if (fits(candidate, *one)) found.push_back(*one);
  return found;
}

bool PurlLookup::has_data(const Candidates& candidates) const {
  const auto is_there = [this](const std::string& one) {
    return one.find('*') == std::string::npos ? imported_.contains(one) : !expand(one).empty();
  };
  return std::ranges::any_of(candidates.ecosystems, is_there) ||
         std::ranges::any_of(candidates.own_ecosystems, is_there);
}

Result<> PurlLookup::add_postings(std::string_view candidate,
                                  std::span<const std::string> names,
                                  std::vector<Posting>& into) const {
  for (const std::string_view ecosystem : expand(candidate)) {
    for (const std::string& name : names) {
      TRY(const std::vector<Posting> postings, index_.find(ecosystem, name));
      for (const Posting& posting : postings) {
        TRY(const bool is_withdrawn, index_.is_withdrawn(posting.record));
        if (!is_withdrawn) into.push_back(posting);
      }
    }
  }
  return {};
}

/// All entries filed under the candidates, those of withdrawn records left out.
Result<std::vector<Posting>> PurlLookup::postings_of(const Candidates& candidates) const {
  std::vector<Posting> all;
  for (const std::string& candidate : candidates.ecosystems)
    TRY_VOID(add_postings(candidate, candidates.names, all));
  for (const std::string& candidate : candidates.further_ecosystems)
    TRY_VOID(add_postings(candidate, candidates.names, all));
  std::ranges::sort(all);
  const auto doubled = std::ranges::unique(all);
  all.erase(doubled.begin(), doubled.end());
  return all;
}

/// Whether the entry that is looked at mends builds of a module, or of a stream, that ours is none
/// of.
Result<bool> PurlLookup::is_of_other_module(const Posting& posting,
                                            const Candidates& candidates) const {
  if (!candidates.is_rpm || entry_.listed == Listed::ours) return false;
  if (is_other_build(entry_, candidates.version)) return true;
  if (candidates.stream.empty()) return false;
  TRY(const RecordHead head, index_.head(posting.record));
  return is_other_stream(head.summary, candidates.stream);
}

/// Evaluates the entries, which come sorted by record; those for another architecture and for
/// other builds of modules are passed over. Several entries of one record are a union.
Result<std::vector<Hit>> PurlLookup::evaluated(std::span<const Posting> postings,
                                               const Candidates& candidates,
                                               Open& open) {
  const std::string_view version = candidates.version;
  std::vector<Hit> hits;
  hits.reserve(postings.size());
  for (const Posting& posting : postings) {
    TRY_VOID(index_.entry(posting, version, entry_));
    const bool is_other_arch = !entry_.arch.empty() && !candidates.arch.empty() &&
                               !is_same_arch(entry_.arch, candidates.arch);
    if (is_other_arch) continue;
    TRY(const bool is_mended_elsewhere, is_of_other_module(posting, candidates));
    if (is_mended_elsewhere) continue;
    const AffectedVersions affected{entry_.ecosystem, entry_.ranges, entry_.listed,
                                    entry_.partly_read};
    Evaluation evaluation = entry_.ecosystem == git_ecosystem ? evaluate_revision(affected, version)
                                                              : evaluate(affected, version);
    if (evaluation.verdict == Verdict::not_affected) continue;
    TRY(const std::string_view id, index_.id(posting.record));
    if (evaluation.verdict == Verdict::not_evaluated) {
      open[evaluation.because].emplace(id);
    } else if (!hits.empty() && hits.back().record == posting.record) {
      merge(hits.back(), evaluation);
    } else {
      hits.push_back({posting.record, id, std::move(evaluation), entry_.severity});
    }
  }
  for (const Hit& hit : hits) {
    for (auto& [reason, ids] : open)
      ids.erase(std::string(hit.id));
  }
  std::erase_if(open, [](const auto& item) { return item.second.empty(); });
  return hits;
}

Result<std::vector<std::uint32_t>> PurlLookup::decided_by(std::span<const Posting> postings,
                                                          const Open& open) const {
  std::vector<std::uint32_t> decided;
  for (const Posting& posting : postings) {
    TRY(const std::string_view id, index_.id(posting.record));
    const bool is_open = std::ranges::any_of(
        open, [id](const auto& item) { return item.second.contains(std::string(id)); });
    if (!is_open) decided.push_back(posting.record);
  }
  return decided;
}

/// Adds what the records say, but for weaknesses that those deciding about the package decide.
Result<> PurlLookup::add_undecided(std::span<const Posting> postings,
                                   const Candidates& candidates,
                                   std::span<const Posting> deciding,
                                   std::vector<Hit>& hits,
                                   Open& open) {
  if (postings.empty()) return {};
  Open more_open;
  TRY(std::vector<Hit> more_hits, evaluated(postings, candidates, more_open));
  TRY(const std::vector<std::uint32_t> decided, decided_by(deciding, open));
  TRY_VOID(remove_decided(decided, index_, more_hits, more_open));
  for (const Hit& hit : more_hits)
    for (auto& [reason, ids] : open)
      ids.erase(std::string(hit.id));
  std::erase_if(open, [](const auto& item) { return item.second.empty(); });
  std::ranges::move(more_hits, std::back_inserter(hits));
  for (auto& [reason, ids] : more_open)
    open[reason].insert(ids.begin(), ids.end());
  return {};
}

Result<> PurlLookup::add_open_flaws(const PurlQuestion& question,
                                    std::vector<Hit>& hits,
                                    const Open& open) {
  if (question.package.rebuilt_ecosystems.empty()) return {};
  Candidates rebuilt = question.package;
  rebuilt.ecosystems = rebuilt.rebuilt_ecosystems;
  rebuilt.further_ecosystems.clear();
  TRY(const std::vector<Posting> postings, postings_of(rebuilt));
  if (postings.empty()) return {};
  // What cannot be compared is no flaw that is known to be open.
  Open not_compared;
  TRY(std::vector<Hit> open_hits, evaluated(postings, rebuilt, not_compared));
  std::erase_if(open_hits, [](const Hit& hit) { return !hit.evaluation.fixed.empty(); });
  not_compared.clear();
  TRY(const std::vector<std::uint32_t> decided, decided_by(question.postings, open));
  TRY_VOID(remove_decided(decided, index_, open_hits, not_compared));
  for (Hit& hit : open_hits) {
    hit.evaluation.because += ", open in the distribution whose packages are rebuilt";
    hits.push_back(std::move(hit));
  }
  return {};
}

Result<std::vector<Hit>> PurlLookup::hits_of(PurlQuestion& question, Open& open) {
  TRY(std::vector<Hit> hits, evaluated(question.postings, question.package, open));
  TRY_VOID(add_undecided(question.source_postings, question.source, question.postings, hits, open));
  TRY_VOID(
      add_undecided(question.extended_postings, question.package, question.postings, hits, open));
  if (question.package.own_ecosystems.empty()) return hits;
  Candidates own = question.package;
  own.ecosystems = own.own_ecosystems;
  own.further_ecosystems.clear();
  own.names = own.own_names;
  TRY(const std::vector<Posting> postings, postings_of(own));
  Open own_open;
  TRY(std::vector<Hit> own_hits, evaluated(postings, own, own_open));
  TRY(const std::vector<std::uint32_t> decided, decided_by(postings, own_open));
  TRY_VOID(remove_decided(decided, index_, hits, open));
  std::ranges::move(own_hits, std::back_inserter(hits));
  for (auto& [reason, ids] : own_open)
    open[reason].insert(ids.begin(), ids.end());
  question.postings.insert(question.postings.end(), postings.begin(), postings.end());
  return hits;
}

}  // namespace lockstep::advisories
