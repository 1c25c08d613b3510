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
#include <array>
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
const Scheme* scheme_of(const AffectedRangeView& range, const Scheme* of_ecosystem) {
  return range.kind == RangeKind::semver ? &versions::semver : of_ecosystem;
}

/// "introduced: 0" is no version: it stands before all of them.
bool is_start(const EventView& event) {
  return event.kind == EventKind::introduced && event.version == "0";
}

/// "introduced: 0" alone holds every version, also where versions have no order.
bool holds_all(const AffectedRangeView& range) {
  return range.kind != RangeKind::git && !range.events.empty() &&
         std::ranges::all_of(range.events, is_start);
}

std::weak_ordering order_of(const EventView& a, const EventView& b, const Scheme& scheme) {
  if (is_start(a) || is_start(b)) return is_start(b) <=> is_start(a);
  return scheme.compare(a.version, b.version);
}

/// An event with where our version stands against it.
struct Placed {
  const EventView* event = nullptr;
  std::weak_ordering order = std::weak_ordering::equivalent;  ///< ours against that of the event
};

/// Room for the events of a range. SPEED: nearly all ranges have two, which need no memory.
class Room {
 public:
  std::span<Placed> of(std::size_t events) {
    if (events <= few_.size()) return std::span(few_).first(events);
    many_.resize(events);
    return many_;
  }

 private:
  std::array<Placed, 8> few_;
  std::vector<Placed> many_;
};

/// The events in the order of their versions.
std::span<const Placed> placed_events(std::string_view version,
                                      const AffectedRangeView& range,
                                      const Scheme& scheme,
                                      Room& room) {
  const std::span<Placed> events = room.of(range.events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const EventView& event = range.events[i];
    const bool is_after = is_start(event);
    const bool is_before = event.kind == EventKind::limit && event.version == "*";
    events[i] = {&event, is_after    ? std::weak_ordering::greater
                         : is_before ? std::weak_ordering::less
                                     : scheme.compare(version, event.version)};
  }
  const auto comes_first = [&scheme](const Placed& a, const Placed& b) {
    // SPEED: where our version stands between two, or is one of them, that tells their order.
    if (a.order != b.order) return std::is_gt(a.order) || std::is_lt(b.order);
    return std::is_lt(order_of(*a.event, *b.event, scheme));
  };
  // Events of one version keep the order in which the record lists them.
  if (!std::ranges::is_sorted(events, comes_first)) std::ranges::stable_sort(events, comes_first);
  return events;
}

bool is_before_limits(std::span<const Placed> events) {
  bool has_limit = false;
  for (const auto& [event, order] : events) {
    if (event->kind != EventKind::limit) continue;
    has_limit = true;
    if (std::is_lt(order)) return true;
  }
  return !has_limit;
}

/// "2.14.1 is in [2.13.0, 2.15.0)", "[0, 3.1]", "(2.0, ...)": from the event that opened the
/// interval to the first that closes it.
std::string because_of(std::string_view version, std::span<const Placed> interval) {
  constexpr std::size_t mostly_enough = 64;
  std::string text;
  text.reserve(mostly_enough);
  const bool is_after = interval.front().event->kind == EventKind::introduced_after;
  text.append(quotable(version)).append(" is in ").append(is_after ? "(" : "[");
  text += quotable(interval.front().event->version);
  for (const auto& [event, order] : interval.subspan(1)) {
    const bool is_fixed = event->kind == EventKind::fixed;
    if (!is_fixed && event->kind != EventKind::last_affected) continue;
    return text.append(", ").append(quotable(event->version)).append(is_fixed ? ")" : "]");
  }
  return text.append(", ...)");
}

/// The interval that holds our version, from the event that opens it; empty when there is none.
std::span<const Placed> interval_with(std::span<const Placed> events) {
  if (!is_before_limits(events)) return {};
  std::optional<std::size_t> opening;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& [event, order] = events[i];
    switch (event->kind) {
      case EventKind::limit:
        break;
      case EventKind::introduced:
        if (std::is_gteq(order)) opening = i;
        break;
      case EventKind::introduced_after:
        if (std::is_gt(order)) opening = i;
        break;
      case EventKind::fixed:
        if (std::is_gteq(order)) opening.reset();
        break;
      case EventKind::last_affected:
        if (std::is_gt(order)) opening.reset();
        break;
    }
  }
  return opening ? events.subspan(*opening) : std::span<const Placed>();
}

/// In the order of the record.
void add_fixes(std::span<const Placed> events, std::vector<std::string_view>& fixed) {
  for (const auto& [event, order] : events)
    if (event->kind == EventKind::fixed && event->version != "0" && std::is_lt(order))
      fixed.push_back(event->version);
}

void sort_fixes(std::vector<std::string_view>& fixed, const Scheme* scheme) {
  if (fixed.size() < 2) return;
  const Scheme& order = scheme == nullptr ? versions::semver : *scheme;
  std::ranges::stable_sort(fixed, [&order](std::string_view a, std::string_view b) {
    const std::weak_ordering found = order.compare(a, b);
    return std::is_lt(found) || (std::is_eq(found) && a < b);
  });
  const auto doubled = std::ranges::unique(fixed);
  fixed.erase(doubled.begin(), doubled.end());
}

/// Why the version cannot be placed in the range, or "" when it can. Commits beside ranges or lists
/// of versions repeat them; they leave the question open only where nothing else is there.
std::string obstacle(std::string_view version,
                     const AffectedRangeView& range,
                     const AffectedVersions& affected,
                     const Scheme* scheme) {
  if (range.kind == RangeKind::git) {
    const bool alone = affected.listed == Listed::no_list &&
                       std::ranges::all_of(affected.ranges, [](const AffectedRangeView& other) {
                         return other.kind == RangeKind::git;
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
  if (affected.listed == Listed::ours) {
    result.verdict = Verdict::affected;
    result.because = quotable(version) + " is listed in versions";
  }
  const Scheme* of_ecosystem = versions::scheme_for_ecosystem(affected.ecosystem);
  Room room;
  std::string unanswered = affected.partly_read ? "a range of the record could not be read" : "";
  for (const AffectedRangeView& range : affected.ranges) {
    if (holds_all(range)) {
      result.verdict = Verdict::affected;
      if (result.because.empty())
        result.because = fmt::format("{} is in [0, ...)", quotable(version));
      continue;
    }
    const Scheme* scheme = scheme_of(range, of_ecosystem);
    const bool is_comparable =
        range.kind != RangeKind::git && scheme != nullptr && range.events.size() <= max_events;
    if (!is_comparable) continue;
    const std::span<const Placed> events = placed_events(version, range, *scheme, room);
    add_fixes(events, result.fixed);
    if (result.verdict == Verdict::affected) continue;
    if (const auto interval = interval_with(events); !interval.empty()) {
      result.verdict = Verdict::affected;
      result.because = because_of(version, interval);
    }
  }
  if (result.verdict == Verdict::affected) {
    sort_fixes(result.fixed, of_ecosystem);
    return result;
  }
  result.fixed.clear();
  for (const AffectedRangeView& range : affected.ranges) {
    if (!unanswered.empty()) break;
    unanswered = obstacle(version, range, affected, scheme_of(range, of_ecosystem));
  }
  if (!unanswered.empty()) {
    result.verdict = Verdict::not_evaluated;
    result.because = unanswered;
  }
  return result;
}

}  // namespace lockstep::advisories
