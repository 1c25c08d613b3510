// SPDX-License-Identifier: Apache-2.0
// The algorithm, in the schema's order:
//
//   affected(v)  =  v is literally in `versions`, or some range holds v
//   range holds v: v is below one of the limits (no limit, or "*": below infinity), and after
//     walking the events in the order of versions the last word is "vulnerable":
//       introduced <= v       -> vulnerable
//       introduced after < v  -> vulnerable (not in OSV: a start that is itself left out)
//       fixed <= v            -> not
//       last_affected < v     -> not
//
// The ranges are a union. A range of commits says nothing about a version: it is passed over, never
// a reason to stop, since many records list it before the range that decides. Where only such
// ranges are left, or the ecosystem has no order, or our version is none in its order, the honest
// answer is "not evaluated".
//
// Source: OSV schema 1.7.5, "Evaluation".
#include "advisories/evaluate.hpp"

#include <algorithm>
#include <compare>
#include <fmt/format.h>
#include <optional>

#include "advisories/limits.hpp"
#include "base/text.hpp"
#include "versions/scheme.hpp"

namespace lockstep::advisories {

namespace {

using versions::Scheme;

/// The order of a range's versions; null when there is none.
const Scheme* scheme_of(const AffectedRange& range, const Scheme* of_ecosystem) {
  return range.kind == AffectedRange::Kind::semver ? &versions::semver : of_ecosystem;
}

/// "introduced: 0" is no version: it stands before all of them.
bool is_start(const Event& event) {
  return event.kind == Event::Kind::introduced && event.version == "0";
}

std::weak_ordering order_of(const Event& a, const Event& b, const Scheme& scheme) {
  if (is_start(a) || is_start(b)) return is_start(b) <=> is_start(a);
  return scheme.compare(a.version, b.version);
}

bool is_before_limits(std::string_view version, const AffectedRange& range, const Scheme& scheme) {
  bool has_limit = false;
  for (const Event& event : range.events) {
    if (event.kind != Event::Kind::limit) continue;
    has_limit = true;
    if (event.version == "*" || std::is_lt(scheme.compare(version, event.version))) return true;
  }
  return !has_limit;
}

std::vector<const Event*> sorted_events(const AffectedRange& range, const Scheme& scheme) {
  std::vector<const Event*> events;
  events.reserve(range.events.size());
  for (const Event& event : range.events)
    events.push_back(&event);
  // Events of one version keep the order in which the record lists them, that of their addresses.
  const auto is_before = [&scheme](const Event* a, const Event* b) {
    const std::weak_ordering order = order_of(*a, *b, scheme);
    return std::is_lt(order) || (std::is_eq(order) && a < b);
  };
  if (!std::ranges::is_sorted(events, is_before)) std::ranges::sort(events, is_before);
  return events;
}

/// "[2.13.0, 2.15.0)", "[0, 3.1]", "(2.0, ...)": from the event that opened the interval to the
/// first that closes it.
std::string interval_from(std::size_t opening, std::span<const Event* const> events) {
  const bool is_after = events[opening]->kind == Event::Kind::introduced_after;
  const std::string start = (is_after ? "(" : "[") + quotable(events[opening]->version);
  for (const Event* event : events.subspan(opening + 1)) {
    const std::string end = quotable(event->version);
    if (event->kind == Event::Kind::fixed) return fmt::format("{}, {})", start, end);
    if (event->kind == Event::Kind::last_affected) return fmt::format("{}, {}]", start, end);
  }
  return fmt::format("{}, ...)", start);
}

/// The interval of the range that holds the version, or nothing.
std::optional<std::string> interval_with(std::string_view version,
                                         const AffectedRange& range,
                                         const Scheme& scheme) {
  if (!is_before_limits(version, range, scheme)) return std::nullopt;
  const std::vector<const Event*> events = sorted_events(range, scheme);
  std::optional<std::size_t> opening;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = *events[i];
    if (event.kind == Event::Kind::limit) continue;
    const auto order =
        is_start(event) ? std::weak_ordering::greater : scheme.compare(version, event.version);
    if (event.kind == Event::Kind::introduced) {
      if (std::is_gteq(order)) opening = i;
    } else if (event.kind == Event::Kind::introduced_after) {
      if (std::is_gt(order)) opening = i;
    } else if (event.kind == Event::Kind::fixed) {
      if (std::is_gteq(order)) opening.reset();
    } else if (std::is_gt(order)) {
      opening.reset();
    }
  }
  if (!opening) return std::nullopt;
  return interval_from(*opening, events);
}

void add_fixes(std::string_view version,
               const AffectedRange& range,
               const Scheme& scheme,
               std::vector<std::string>& fixed) {
  for (const Event& event : range.events) {
    const bool mends = event.kind == Event::Kind::fixed && event.version != "0" &&
                       std::is_gt(scheme.compare(event.version, version));
    if (mends) fixed.push_back(event.version);
  }
}

void sort_fixes(std::vector<std::string>& fixed, const Scheme* scheme) {
  if (fixed.size() < 2) return;
  const Scheme& order = scheme == nullptr ? versions::semver : *scheme;
  std::ranges::stable_sort(fixed, [&order](const std::string& a, const std::string& b) {
    const std::weak_ordering found = order.compare(a, b);
    return std::is_lt(found) || (std::is_eq(found) && a < b);
  });
  const auto doubled = std::ranges::unique(fixed);
  fixed.erase(doubled.begin(), doubled.end());
}

/// Why the version cannot be placed in the range, or "" when it can. Commits beside ranges or lists
/// of versions repeat them; they leave the question open only where nothing else is there.
std::string obstacle(std::string_view version,
                     const AffectedRange& range,
                     const AffectedVersions& affected,
                     const Scheme* scheme) {
  if (range.kind == AffectedRange::Kind::git) {
    const bool alone = affected.versions.empty() &&
                       std::ranges::all_of(affected.ranges, [](const AffectedRange& other) {
                         return other.kind == AffectedRange::Kind::git;
                       });
    return alone ? "the record lists commits, not versions" : "";
  }
  if (scheme == nullptr) {
    const std::string_view why = versions::why_no_order(affected.ecosystem);
    return fmt::format("the versions of '{}' have no order here{}{}", quotable(affected.ecosystem),
                       why.empty() ? "" : ": ", why);
  }
  if (range.events.size() > max_events) {
    return fmt::format("the range has more than {} events", max_events);
  }
  if (!scheme->is_valid(version)) {
    return fmt::format("'{}' is no version of the scheme '{}'", quotable(version), scheme->name);
  }
  return "";
}

}  // namespace

Evaluation evaluate(const AffectedVersions& affected, std::string_view version) {
  Evaluation result;
  if (std::ranges::find(affected.versions, version) != affected.versions.end()) {
    result.verdict = Verdict::affected;
    result.because = fmt::format("{} is listed in versions", quotable(version));
  }
  const Scheme* of_ecosystem = versions::scheme_for_ecosystem(affected.ecosystem);
  std::string unanswered = affected.partly_read ? "a range of the record could not be read" : "";
  for (const AffectedRange& range : affected.ranges) {
    const Scheme* scheme = scheme_of(range, of_ecosystem);
    if (unanswered.empty()) unanswered = obstacle(version, range, affected, scheme);
    const bool is_comparable = range.kind != AffectedRange::Kind::git && scheme != nullptr &&
                               range.events.size() <= max_events;
    if (!is_comparable) continue;
    add_fixes(version, range, *scheme, result.fixed);
    if (result.verdict == Verdict::affected) continue;
    if (const auto interval = interval_with(version, range, *scheme)) {
      result.verdict = Verdict::affected;
      result.because = fmt::format("{} is in {}", quotable(version), *interval);
    }
  }
  if (result.verdict == Verdict::affected) {
    sort_fixes(result.fixed, of_ecosystem);
    return result;
  }
  result.fixed.clear();
  if (!unanswered.empty()) {
    result.verdict = Verdict::not_evaluated;
    result.because = unanswered;
  }
  return result;
}

}  // namespace lockstep::advisories
