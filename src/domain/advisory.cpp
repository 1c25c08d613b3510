// SPDX-License-Identifier: Apache-2.0
#include "domain/advisory.hpp"

#include <algorithm>

namespace lockstep {
namespace {

std::vector<std::string> owned(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

std::vector<Event> owned(const std::vector<EventView>& views) {
  std::vector<Event> events;
  events.reserve(views.size());
  for (const EventView& view : views)
    events.push_back({view.kind, std::string(view.version)});
  return events;
}

std::vector<PublishedSeverity> owned(const std::vector<PublishedSeverityView>& views) {
  std::vector<PublishedSeverity> severities;
  severities.reserve(views.size());
  for (const PublishedSeverityView& view : views)
    severities.push_back({std::string(view.type), std::string(view.score)});
  return severities;
}

Affected owned(const AffectedView& view) {
  Affected affected;
  affected.ecosystem = view.ecosystem;
  affected.package = view.package;
  for (const AffectedRangeView& range : view.ranges)
    affected.ranges.push_back({range.kind, owned(range.events), std::string(range.repo)});
  affected.versions = owned(view.versions);
  affected.severity = owned(view.severity);
  affected.arch = view.arch;
  affected.partly_read = view.partly_read;
  affected.cpe = view.cpe;
  affected.together_with = view.together_with;
  return affected;
}

}  // namespace

std::optional<AdvisoryForm> advisory_form_of(std::string_view name) {
  const auto found = std::ranges::find(advisory_form_names, name);
  if (found == advisory_form_names.end()) return std::nullopt;
  return static_cast<AdvisoryForm>(found - advisory_form_names.begin());
}

Advisory owned(const AdvisoryView& view) {
  Advisory advisory;
  advisory.id = view.id;
  advisory.aliases = owned(view.aliases);
  advisory.upstream = owned(view.upstream);
  advisory.related = owned(view.related);
  advisory.summary = view.summary;
  advisory.details = view.details;
  advisory.modified = view.modified;
  advisory.published = view.published;
  advisory.withdrawn = view.withdrawn;
  advisory.severity = owned(view.severity);
  advisory.severity_word = view.severity_word;
  advisory.weaknesses = owned(view.weaknesses);
  advisory.references = owned(view.references);
  for (const AffectedView& one : view.affected)
    advisory.affected.push_back(owned(one));
  for (const auto& group : view.cpe_groups) {
    std::vector<CpeCriterion>& made = advisory.cpe_groups.emplace_back();
    for (const auto& criterion : group)
      made.push_back({std::string(criterion.name), owned(criterion.events)});
  }
  advisory.form = view.form;
  return advisory;
}

}  // namespace lockstep
