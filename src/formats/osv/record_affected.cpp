// SPDX-License-Identifier: Apache-2.0
// The affected entries of a record: packages, ranges and events.
#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/osv/record_reader.hpp"
#include "formats/osv/words.hpp"

namespace lockstep::formats::osv {

/// Files the last entry under the repositories whose commits its ranges list: beside its package,
/// or, where it names none, in its place.
void add_repositories(std::vector<AffectedView>& entries) {
  const AffectedView& entry = entries.back();
  const bool is_package = !entry.package.empty();
  std::vector<AffectedView> repositories;
  for (const AffectedRangeView& range : entry.ranges) {
    if (range.kind != RangeKind::git || range.repo.empty()) continue;
    auto of_repository = std::ranges::find(repositories, range.repo, &AffectedView::package);
    if (of_repository == repositories.end()) {
      AffectedView& one = repositories.emplace_back();
      one.ecosystem = git_ecosystem;
      one.package = range.repo;
      one.severity = entry.severity;
      one.partly_read = entry.partly_read;
      // Versions of packages are no tags, but where the package is the repository.
      if (!is_package || entry.ecosystem == "OSS-Fuzz") one.versions = entry.versions;
      of_repository = repositories.end() - 1;
    }
    of_repository->ranges.push_back(range);
  }
  if (!is_package && !repositories.empty()) entries.pop_back();
  std::ranges::move(repositories, std::back_inserter(entries));
}

std::vector<AffectedView> RecordReader::affected(const dom::element& value) {
  std::vector<AffectedView> entries;
  const auto items = array(value);
  if (!items) return entries;
  entries.reserve(items->size());
  each_object(*items, [&](const dom::object& entry) {
    entries.push_back(affected_entry(entry));
    add_repositories(entries);
  });
  return entries;
}

/// Members whose content is the database's own, but which are objects.
bool is_specific(std::string_view key) {
  return is(key, "database_specific") || is(key, "ecosystem_specific");
}

AffectedView RecordReader::affected_entry(const dom::object& entry) {
  AffectedView affected;
  for (const dom::key_value_pair member : entry) {
    const Inside here(walk_, member.key);
    if (is(member.key, "package")) {
      package(member.value, affected);
    } else if (is(member.key, "ranges")) {
      affected.partly_read |= !ranges(member.value, affected.ranges);
    } else if (is(member.key, "versions")) {
      affected.partly_read |= !texts(member.value, affected.versions);
    } else if (is(member.key, "severity") && !member.value.is_null()) {
      affected.severity = severity(member.value);
      severity_of_entry_ = true;
    } else if (is_specific(member.key)) {
      object(member.value);
    }
  }
  return affected;
}

void RecordReader::package(const dom::element& value, AffectedView& into) {
  const auto members = object(value);
  if (!members) return;
  bool has_ecosystem = false;
  bool has_name = false;
  std::string_view purl;
  for (const dom::key_value_pair member : *members) {
    const Inside here(walk_, member.key);
    if (is(member.key, "ecosystem")) {
      has_ecosystem = true;
      into.ecosystem = text(member.value).value_or("");
      if (!is_listed(into.ecosystem)) check_ecosystem(into.ecosystem, walk_);
    } else if (is(member.key, "name")) {
      has_name = true;
      into.package = text(member.value).value_or("");
    } else if (is(member.key, "purl")) {
      purl = text(member.value).value_or("");
    }
  }
  if (!purl.empty()) read_purl(purl, into);
  if (!has_ecosystem) report_missing(walk_, "ecosystem");
  if (!has_name) report_missing(walk_, "name");
}

/// Whether the schema lists the ecosystem, which has no suffix; others are looked at more closely.
/// SPEED: neighbouring records are of one ecosystem.
bool RecordReader::is_listed(std::string_view ecosystem) {
  if (ecosystem == memory_.good_ecosystem) return !ecosystem.empty();
  if (!is_one_of(ecosystem, ecosystems)) return false;
  memory_.good_ecosystem = ecosystem;
  return true;
}

/// A package URL repeats ecosystem and name, but for two things: records of packages that are built
/// for several architectures tell these apart by it; and where the schema does not list the
/// ecosystem, it is what the package is found by.
void RecordReader::read_purl(std::string_view written, AffectedView& into) {
  const bool is_known = is_listed(into.ecosystem) ||
                        is_one_of(into.ecosystem.substr(0, into.ecosystem.find(':')), ecosystems);
  // SPEED: most records repeat themselves here, and are not worth the parsing.
  if (is_known && written.find("arch=") == std::string_view::npos) return;
  const auto purl = parse_purl(written);
  if (!purl) {
    walk_.warning("osv.value", purl.error().message);
    return;
  }
  for (const auto& [key, value] : purl->qualifiers)
    if (is(key, "arch") && !is_one_of(value, general_architectures))
      into.arch = memory_.made.emplace_back(value);
  if (is_known) return;
  into.ecosystem = memory_.made.emplace_back(std::string(purl_ecosystem) + purl->type);
  into.package = memory_.made.emplace_back(package_of(*purl));
  if (!purl->version.empty() && into.ranges.empty() && into.versions.empty())
    into.versions.push_back(memory_.made.emplace_back(purl->version));
}

/// @returns whether every range could be read
bool RecordReader::ranges(const dom::element& value, std::vector<AffectedRangeView>& into) {
  return each_read(value, into, [this](const dom::object& members) { return range(members); });
}

std::optional<AffectedRangeView> RecordReader::range(const dom::object& value) {
  AffectedRangeView range;
  bool has_type = false;
  bool has_events = false;
  bool whole = true;
  for (const dom::key_value_pair member : value) {
    const Inside here(walk_, member.key);
    if (is(member.key, "type")) {
      has_type = true;
      const std::string_view type = text(member.value).value_or("");
      range.kind = is(type, "GIT")      ? RangeKind::git
                   : is(type, "SEMVER") ? RangeKind::semver
                                        : RangeKind::ecosystem;
      if (range.kind == RangeKind::ecosystem && type != "ECOSYSTEM") {
        whole = false;
        walk_.error("osv.value",
                    fmt::format("expected SEMVER, ECOSYSTEM or GIT, found '{}'", quotable(type)));
      }
    } else if (is(member.key, "repo")) {
      range.repo = text(member.value).value_or("");
    } else if (is(member.key, "events")) {
      has_events = true;
      whole = events(member.value, range.events) && whole;
    } else if (is_specific(member.key)) {
      object(member.value);
    }
  }
  if (!has_type) report_missing(walk_, "type");
  if (!has_events) report_missing(walk_, "events");
  if (has_events) check_events(range, walk_);
  if (!has_type || !has_events || !whole) return std::nullopt;
  return range;
}

/// @returns whether every event could be read
bool RecordReader::events(const dom::element& value, std::vector<EventView>& into) {
  return each_read(value, into, [this](const dom::object& members) { return event(members); });
}

std::optional<EventView> RecordReader::event(const dom::object& value) {
  std::optional<EventView> event;
  std::size_t kinds = 0;
  for (const dom::key_value_pair member : value) {
    EventKind kind = EventKind::introduced;
    if (is(member.key, "fixed")) {
      kind = EventKind::fixed;
    } else if (is(member.key, "last_affected")) {
      kind = EventKind::last_affected;
    } else if (is(member.key, "limit")) {
      kind = EventKind::limit;
    } else if (member.key != "introduced") {
      continue;
    }
    ++kinds;
    const Inside here(walk_, member.key);
    if (const auto version = text(member.value)) event = EventView{kind, *version};
  }
  if (kinds == 1) return event;
  walk_.error("osv.events",
              fmt::format("expected exactly one of introduced, fixed, last_affected and limit, "
                          "found {}",
                          kinds));
  return std::nullopt;
}

}  // namespace lockstep::formats::osv
