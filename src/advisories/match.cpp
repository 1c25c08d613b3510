// SPDX-License-Identifier: Apache-2.0
// Per component: it is asked about by its package URL (purl_lookup.hpp), and what that leaves open
// by its CPE name (cpe_lookup.hpp). The cost is that of the lookups and the entries found, whatever
// the size of the index.
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
#include "advisories/finding_maker.hpp"
#include "advisories/hit.hpp"
#include "advisories/purl_lookup.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// Why a component cannot be asked about at all.
struct Obstacle {
  Unmatched::Kind kind = Unmatched::Kind::not_identified;
  std::string reason;  ///< "" when it can be asked about
};

Obstacle obstacle(const Component& component,
                  const PurlQuestion& question,
                  const PurlLookup& lookup) {
  using enum Unmatched::Kind;
  const Candidates& candidates = question.package;
  if (!component.purl) {
    return {not_identified,
            component.has_unreadable_purl ? "no package URL that can be read" : "no package URL"};
  }
  if (!candidates.is_covered) {
    // Records of a type that no source is known to cover speak of the packages that they name.
    if (!question.is_named()) return {no_source, candidates.obstacle};
    return {not_identified, candidates.version.empty() ? "no version" : ""};
  }
  // A record that lists the package is data of its ecosystem.
  const bool has_data = question.is_named() || lookup.has_data(question);
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

/// What is asked about one component, and where the answers go.
struct Asked {
  const Component& component;
  PurlQuestion& question;
  Finding& named;        ///< with all that is the same in every finding of the component
  Unmatched& unmatched;  ///< the same for what could not be asked; without a reason when it could
};

/// Matches components of one bill against one index.
class Matcher {
 public:
  Matcher(const std::string& sbom, const NamedProducts& beside, const AdvisoryIndex& index)
      : beside_(beside), index_(index), lookup_(index), maker_(index) {
    named_.sbom = sbom;
    unasked_.sbom = sbom;
  }

  Result<> match_component(const Component& component);

  Matches found() { return {findings_.all(), unmatched_}; }

  /// Begins again, with the memory of what was found.
  void clear() {
    findings_.clear();
    unmatched_.clear();
  }

 private:
  Asked asked_about(const Component& component, PurlQuestion& question);
  Result<> ask_also(const Purl& purl, Asked& asked, std::vector<Hit>& hits, Open& open);
  Result<> add_answers(const Asked& asked, std::span<const Hit> hits, const Open& open);
  Result<> match_by_cpe(Asked& asked, const Open& open);

  const NamedProducts& beside_;
  const AdvisoryIndex& index_;
  PurlLookup lookup_;
  FindingMaker maker_;
  FindingList findings_;
  std::vector<Unmatched> unmatched_;
  // SPEED: what `Asked` refers to, in memory that is used again.
  Finding named_;
  Unmatched unasked_;
};

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

/// Asks by another package URL of the component. Each record counts once.
Result<> Matcher::ask_also(const Purl& purl, Asked& asked, std::vector<Hit>& hits, Open& open) {
  Component other = asked.component;
  other.purl = purl;
  TRY(PurlQuestion question, lookup_.question_about(other));
  Obstacle found = obstacle(other, question, lookup_);
  // The component is identified by what a source covers, whichever of its package URLs that is.
  if (found.kind == Unmatched::Kind::no_source) return {};
  if (!found.reason.empty()) {
    Unmatched& unmatched = unmatched_.emplace_back(asked.unmatched);
    unmatched.kind = found.kind;
    unmatched.reason = std::move(found.reason);
    unmatched.purl = to_text(purl);
    TRY(unmatched.possible, ids_of(question.postings, index_));
    return {};
  }
  if (asked.unmatched.kind == Unmatched::Kind::no_source) asked.unmatched.reason.clear();
  TRY(std::vector<Hit> more, lookup_.hits_of(question, open));
  TRY_VOID(lookup_.add_open_flaws(question, more, open));
  for (Hit& hit : more)
    if (std::ranges::find(hits, hit.record, &Hit::record) == hits.end())
      hits.push_back(std::move(hit));
  std::ranges::copy(question.postings, std::back_inserter(asked.question.postings));
  return {};
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
    TRY(const std::vector<std::uint32_t> decided,
        lookup_.decided_by(asked.question.postings, open));
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

/// Makes the parts of the answers that are the same in all of them.
Asked Matcher::asked_about(const Component& component, PurlQuestion& question) {
  named_.component = component.name;
  named_.reference = component.reference;
  named_.purl = component.purl ? to_text(*component.purl) : "";
  named_.scope = component.scope;
  named_.version = component.version.empty() ? question.package.version : component.version;
  named_.matched_by = "purl";
  unasked_.component = component.name;
  unasked_.reference = component.reference;
  unasked_.purl = named_.purl;
  unasked_.possible.clear();
  return {component, question, named_, unasked_};
}

Result<> Matcher::match_component(const Component& component) {
  TRY(PurlQuestion question, lookup_.question_about(component));
  Obstacle found = obstacle(component, question, lookup_);
  const bool is_listed = question.is_listed();
  const bool has_more = !component.more_purls.empty() || has_names(component);
  if (found.reason.empty() && !is_listed && !has_more) return {};

  Asked asked = asked_about(component, question);
  asked.unmatched.kind = found.kind;
  asked.unmatched.reason = std::move(found.reason);
  Open open;
  std::vector<Hit> hits;
  const bool is_asked = asked.unmatched.reason.empty() && is_listed;
  if (is_asked) {
    TRY(hits, lookup_.hits_of(question, open));
  }
  // Where its own records were not imported, what stays open elsewhere is known all the same.
  if (!question.package.version.empty()) TRY_VOID(lookup_.add_open_flaws(question, hits, open));
  for (const Purl& purl : component.more_purls)
    TRY_VOID(ask_also(purl, asked, hits, open));
  TRY_VOID(add_answers(asked, hits, open));
  TRY_VOID(match_by_cpe(asked, open));
  if (asked.unmatched.reason.empty()) return {};
  std::vector<Posting>& possible = question.postings;
  std::ranges::move(question.source_postings, std::back_inserter(possible));
  TRY(asked.unmatched.possible, ids_of(possible, index_));
  unmatched_.push_back(asked.unmatched);
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
  constexpr std::size_t least = 125;   // fewer do not pay for a turn
  constexpr std::size_t for_each = 8;  // one part may have many more findings than another
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
