// SPDX-License-Identifier: Apache-2.0
// Per component: its package URL gives ecosystems and names to ask for, the index gives the entries
// filed under them, and each entry is evaluated against the version. What that leaves open is asked
// by CPE name (cpe_lookup.hpp). The cost is that of the lookups and the entries found, whatever the
// size of the index.
#include "advisories/match.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "advisories/cpe_lookup.hpp"
#include "advisories/ecosystem.hpp"
#include "advisories/evaluate.hpp"
#include "advisories/finding_maker.hpp"
#include "advisories/hit.hpp"
#include "advisories/revision.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// Adds what another entry of the same record says.
void merge(Hit& hit, const Evaluation& evaluation) {
  for (const std::string_view version : evaluation.fixed) {
    std::vector<std::string_view>& fixed = hit.evaluation.fixed;
    if (std::ranges::find(fixed, version) == fixed.end()) fixed.push_back(version);
  }
}

/// Why a component cannot be asked about at all.
struct Obstacle {
  Unmatched::Kind kind = Unmatched::Kind::not_identified;
  std::string reason;  ///< "" when it can be asked about
};

/// @param is_named whether some record lists the package
/// @param has_data whether records of a candidate's ecosystem were imported
Obstacle obstacle(const Component& component,
                  const Candidates& candidates,
                  bool is_named,
                  bool has_data) {
  using enum Unmatched::Kind;
  if (!component.purl) {
    return {not_identified,
            component.has_unreadable_purl ? "no package URL that can be read" : "no package URL"};
  }
  if (!candidates.is_covered) {
    // Records of a type that no source is known to cover speak of the packages that they name.
    if (!is_named) return {no_source, candidates.obstacle};
    return {not_identified, candidates.version.empty() ? "no version" : ""};
  }
  if (!candidates.ecosystems.empty() && !has_data) {
    const std::string& first = candidates.ecosystems.front();
    return {not_imported,
            fmt::format("no advisories of '{}' were imported", first.find('*') == std::string::npos
                                                                   ? std::string_view(first)
                                                                   : without_suffix(first))};
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

/// What is asked about one component, and where the answers go.
struct Asked {
  const Component& component;
  Candidates candidates;
  std::vector<Posting> postings;
  Candidates source;  ///< its repository and revision, where the package URL names them
  std::vector<Posting> source_postings;
  Finding named;        ///< with all that is the same in every finding of the component
  Unmatched unmatched;  ///< the same for what could not be asked; without a reason when it could
};

/// Matches components of one bill against one index.
class Matcher {
 public:
  Matcher(const std::string& sbom, const NamedProducts& beside, const AdvisoryIndex& index)
      : sbom_(sbom), beside_(beside), index_(index), maker_(index) {
    for (const EcosystemCount& count : index.ecosystems())
      imported_.insert(count.ecosystem);
  }

  Result<> match_component(const Component& component);

  Matches found() { return {findings_.all(), unmatched_}; }

  /// Begins again, with the memory of what was found.
  void clear() {
    findings_.clear();
    unmatched_.clear();
  }

 private:
  std::vector<std::string_view> expand(std::string_view candidate) const;
  bool has_data(const Candidates& candidates) const;
  Result<std::vector<Posting>> postings_of(const Candidates& candidates) const;
  Result<std::vector<Hit>> hits_of(std::span<const Posting> postings,
                                   const Candidates& candidates,
                                   Open& open);
  Result<> add_answers(const Asked& asked, std::span<const Hit> hits, const Open& open);
  Result<std::vector<std::uint32_t>> decided_by(std::span<const Posting> postings,
                                                const Open& open) const;
  Result<std::vector<Hit>> hits_by_purl(Asked& asked, Open& open);
  Result<> add_hits_by_revision(const Asked& asked, std::vector<Hit>& hits, Open& open);
  Result<> match_by_cpe(Asked& asked, const Open& open);

  const std::string& sbom_;
  const NamedProducts& beside_;
  const AdvisoryIndex& index_;
  std::set<std::string_view> imported_;  ///< ecosystems, with their suffix
  FindingMaker maker_;
  AffectedEntry entry_;  ///< the one that is looked at
  FindingList findings_;
  std::vector<Unmatched> unmatched_;
};

/// The ecosystems of the index that a candidate stands for.
std::vector<std::string_view> Matcher::expand(std::string_view candidate) const {
  const std::size_t star = candidate.find('*');
  if (star == std::string_view::npos) return {candidate};
  const std::string_view start = candidate.substr(0, star);
  std::vector<std::string_view> found;
  for (auto one = imported_.lower_bound(start); one != imported_.end() && one->starts_with(start);
       ++one)
    if (fits(candidate, *one)) found.push_back(*one);
  return found;
}

/// Of a distribution the release must be there: records of another one say nothing.
bool Matcher::has_data(const Candidates& candidates) const {
  const auto is_there = [this](const std::string& one) {
    return one.find('*') == std::string::npos ? imported_.contains(one) : !expand(one).empty();
  };
  return std::ranges::any_of(candidates.ecosystems, is_there) ||
         std::ranges::any_of(candidates.own_ecosystems, is_there);
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

/// Evaluates the entries, which come sorted by record; those for another architecture are passed
/// over. Several entries of one record are a union.
Result<std::vector<Hit>> Matcher::hits_of(std::span<const Posting> postings,
                                          const Candidates& candidates,
                                          Open& open) {
  const std::string_view version = candidates.version;
  std::vector<Hit> hits;
  for (const Posting& posting : postings) {
    TRY_VOID(index_.entry(posting, version, entry_));
    const bool is_other_arch = !entry_.arch.empty() && !candidates.arch.empty() &&
                               !is_same_arch(entry_.arch, candidates.arch);
    if (is_other_arch) continue;
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

Result<> Matcher::add_answers(const Asked& asked, std::span<const Hit> hits, const Open& open) {
  TRY_VOID(maker_.add(hits, asked.named, findings_));
  for (const auto& [reason, ids] : open) {
    Unmatched& unmatched = unmatched_.emplace_back(asked.unmatched);
    unmatched.kind = Unmatched::Kind::not_compared;
    unmatched.reason = reason;
    unmatched.possible.assign(ids.begin(), ids.end());
  }
  return {};
}

/// The records that gave an answer, whatever it is.
Result<std::vector<std::uint32_t>> Matcher::decided_by(std::span<const Posting> postings,
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

/// Adds what records about the repository say of the revision, but for weaknesses that those about
/// the package decide.
Result<> Matcher::add_hits_by_revision(const Asked& asked, std::vector<Hit>& hits, Open& open) {
  if (asked.source_postings.empty()) return {};
  Open source_open;
  TRY(std::vector<Hit> source_hits, hits_of(asked.source_postings, asked.source, source_open));
  TRY(const std::vector<std::uint32_t> decided, decided_by(asked.postings, open));
  TRY_VOID(remove_decided(decided, index_, source_hits, source_open));
  for (const Hit& hit : source_hits)
    for (auto& [reason, ids] : open)
      ids.erase(std::string(hit.id));
  std::erase_if(open, [](const auto& item) { return item.second.empty(); });
  std::ranges::move(source_hits, std::back_inserter(hits));
  for (auto& [reason, ids] : source_open)
    open[reason].insert(ids.begin(), ids.end());
  return {};
}

/// What the records touch that are found by package URL. Who rebuilt the package decides first.
Result<std::vector<Hit>> Matcher::hits_by_purl(Asked& asked, Open& open) {
  TRY(std::vector<Hit> hits, hits_of(asked.postings, asked.candidates, open));
  TRY_VOID(add_hits_by_revision(asked, hits, open));
  if (asked.candidates.own_ecosystems.empty()) return hits;
  Candidates own = asked.candidates;
  own.ecosystems = own.own_ecosystems;
  own.names = own.own_names;
  TRY(const std::vector<Posting> postings, postings_of(own));
  Open own_open;
  TRY(std::vector<Hit> own_hits, hits_of(postings, own, own_open));
  TRY(const std::vector<std::uint32_t> decided, decided_by(postings, own_open));
  TRY_VOID(remove_decided(decided, index_, hits, open));
  std::ranges::move(own_hits, std::back_inserter(hits));
  for (auto& [reason, ids] : own_open)
    open[reason].insert(ids.begin(), ids.end());
  asked.postings.insert(asked.postings.end(), postings.begin(), postings.end());
  return hits;
}

/// Asks by CPE name for what the package URL left unanswered. Packages of deb and rpm are asked
/// only where the distribution itself could not be: it mends old versions, which the NVD cannot
/// know.
Result<> Matcher::match_by_cpe(Asked& asked, const Open& open) {
  const Component& component = asked.component;
  const std::string_view type = component.purl ? std::string_view(component.purl->type) : "";
  const bool is_mended_by_others = type == "deb" || type == "rpm";
  const bool is_of_distribution = is_mended_by_others || type == "apk";
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
  if (reason.empty() || !by_name_alone) {
    TRY(const std::vector<std::uint32_t> decided, decided_by(asked.postings, open));
    TRY_VOID(remove_decided(decided, index_, answer.hits, answer.open));
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
  return add_answers(asked, answer.hits, answer.open);
}

Result<> Matcher::match_component(const Component& component) {
  Asked asked{component, {}, {}, {}, {}, {}, {}};
  Candidates& candidates = asked.candidates;
  if (component.purl) {
    candidates = component.source.name.empty()
                     ? candidates_of(*component.purl)
                     : candidates_of(with_source(*component.purl, component.source));
  }
  if (candidates.version.empty()) candidates.version = component.version;
  if (component.purl) asked.source = source_of(*component.purl, candidates);
  TRY(asked.postings, postings_of(candidates));
  TRY(asked.source_postings, postings_of(asked.source));
  const bool is_named = !asked.postings.empty() || !asked.source_postings.empty();
  Obstacle found =
      obstacle(component, candidates, is_named, has_data(candidates) || has_data(asked.source));
  const bool is_listed = is_named || !candidates.own_ecosystems.empty();
  if (found.reason.empty() && !is_listed && !has_names(component)) return {};

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
  if (asked.unmatched.reason.empty() && is_listed) {
    TRY(const std::vector<Hit> hits, hits_by_purl(asked, open));
    TRY_VOID(add_answers(asked, hits, open));
  }
  TRY_VOID(match_by_cpe(asked, open));
  if (asked.unmatched.reason.empty()) return {};
  std::vector<Posting>& possible = asked.postings;
  std::ranges::move(asked.source_postings, std::back_inserter(possible));
  TRY(asked.unmatched.possible, ids_of(possible, index_));
  unmatched_.push_back(std::move(asked.unmatched));
  return {};
}

Result<> match_some(std::span<const Component> components,
                    Matcher& matcher,
                    const std::function<Result<>(Matches)>& take) {
  constexpr std::size_t piece = 4;  // what they need comes from memory that was just given back
  for (std::size_t i = 0; i < components.size(); ++i) {
    TRY_VOID(matcher.match_component(components[i]));
    if ((i + 1) % piece != 0 && i + 1 != components.size()) continue;
    TRY_VOID(take(matcher.found()));
    matcher.clear();
  }
  return {};
}

void append(MatchResult& into, Matches more) {
  std::ranges::move(more.findings, std::back_inserter(into.findings));
  std::ranges::move(more.unmatched, std::back_inserter(into.unmatched));
}

}  // namespace

std::size_t match_parts(const Bom& bom) {
  constexpr std::size_t least = 500;   // fewer do not pay for a thread
  constexpr std::size_t for_each = 4;  // one part may have many more findings than another
  return parts_of(bom.components.size(), least, for_each);
}

Result<> match_in_parts(const Bom& bom, const AdvisoryIndex& index, const TakeMatches& take) {
  const std::span<const Component> components = bom.components;
  NamedProducts beside;
  if (has_cpe_records(index)) beside = products_of(bom);
  std::vector<Result<>> parts(match_parts(bom));
  in_turns(components.size(), parts.size(), [&] {
    return [&, matcher = Matcher(bom.path, beside, index)](std::size_t part, std::size_t begin,
                                                           std::size_t end) mutable {
      parts[part] = match_some(components.subspan(begin, end - begin), matcher,
                               [&](Matches found) { return take(part, found); });
    };
  });
  for (const Result<>& part : parts)
    TRY_VOID(part);
  return {};
}

Result<MatchResult> match(const Bom& bom, const AdvisoryIndex& index) {
  std::vector<MatchResult> parts(match_parts(bom));
  TRY_VOID(match_in_parts(bom, index, [&](std::size_t part, Matches found) {
    append(parts[part], found);
    return Result<>{};
  }));
  MatchResult all = std::move(parts.front());
  for (MatchResult& part : std::span(parts).subspan(1))
    append(all, {part.findings, part.unmatched});
  return all;
}

}  // namespace lockstep::advisories
