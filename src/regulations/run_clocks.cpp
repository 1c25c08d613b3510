// SPDX-License-Identifier: Apache-2.0
// From one event to all its deadlines.
//
// For each clock: do the facts make it run (yes, no, not known), from which instant, and where does
// it end. A clock whose trigger is not known stays in the answer with the facts that would settle
// it. The instant of awareness is taken from the event as a person decided it; where nobody has,
// the clock says so. Several limits of one clock: the earliest end counts.
#include <algorithm>
#include <fmt/format.h>

#include "regulations/clocks.hpp"
#include "regulations/facts.hpp"
#include "regulations/walk.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view awareness = "aware";

std::string local_words(const Calendars& all, const TimeZone& zone, Instant at) {
  const auto offset = all.offset(zone, at);
  const Instant local = at + offset;
  const Day day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss time{local - Instant{day}};
  return fmt::format("{} {:02}:{:02} {}{:02}:00", day_words(day), time.hours().count(),
                     time.minutes().count(), offset.count() < 0 ? '-' : '+',
                     std::abs(offset.count()));
}

/// The same for the end of a day, which people write as its 24:00.
std::string end_words(const Calendars& all, const TimeZone& zone, Instant at) {
  const std::string text = local_words(all, zone, at);
  if (text.find(" 00:00 ") == std::string::npos) return text;
  const std::string before = local_words(all, zone, at - std::chrono::seconds{1});
  return before.substr(0, before.find(" 23:59 ")) + " 24:00" + before.substr(before.rfind(' '));
}

class ClockRun {
 public:
  ClockRun(const Event& event,
           const Ruleset& law,
           const ClockRules& rules,
           const Calendars& all,
           std::span<const Fact> facts,
           Instant as_of)
      : event_(event),
        law_(law),
        rules_(rules),
        all_(all),
        walk_(law, facts, std::chrono::floor<std::chrono::days>(as_of)),
        as_of_(as_of) {}

  ClockView run() {
    ClockView view;
    view.as_of = as_of_;
    view.title = event_.title;
    view.aware = event_.aware;
    view.candidates = event_.candidates;
    for (const Clock& clock : rules_.clocks) {
      const Truth runs = walk_.test(clock.runs_when);
      const std::string early = before_its_time(clock);
      if (runs == Truth::no || !early.empty()) {
        NotRunning row{clock.id, act(clock), {}};
        if (runs == Truth::no) walk_.add_reasons(clock.runs_when, row.because);
        if (runs != Truth::no) row.because.push_back(early);
        view.not_running.push_back(std::move(row));
      } else {
        view.deadlines.push_back(deadline(clock, runs));
      }
    }
    // What is known comes first; the order within is that of acts and rows.
    std::ranges::stable_partition(view.deadlines, [](const Deadline& one) {
      return one.state != Deadline::State::not_known;
    });
    view.calendar_notes = calendar_notes(view);
    return view;
  }

 private:
  std::string act(const Clock& clock) const {
    return law_.acts[static_cast<std::size_t>(clock.act)].short_title;
  }

  /// The awareness of the clock's act, else the one for all acts; of several the earliest.
  const Awareness* awareness_of(const Clock& clock) const {
    const Awareness* own = nullptr;
    const Awareness* of_all = nullptr;
    for (const Awareness& aware : event_.aware) {
      const bool is_own = std::ranges::find(aware.acts, act(clock)) != aware.acts.end();
      if (!is_own && !aware.acts.empty()) continue;
      const Awareness*& found = is_own ? own : of_all;
      if (found == nullptr || aware.at.at < found->at.at) found = &aware;
    }
    return own != nullptr ? own : of_all;
  }

  std::optional<Instant> instant(const Clock& clock, const Anchor& anchor) const {
    for (const std::string& id : anchor.submitted) {
      const auto sent = event_.submitted.find(id);
      if (sent != event_.submitted.end()) return sent->second.at;
    }
    if (anchor.instant == awareness) {
      const Awareness* aware = awareness_of(clock);
      return aware == nullptr ? std::nullopt : std::optional(aware->at.at);
    }
    const auto found = event_.instants.find(anchor.instant);
    return found == event_.instants.end() ? std::nullopt : std::optional(found->second.at);
  }

  /// The day from which the duty exists; while it is not known which of several, the earliest.
  std::optional<Day> begins(const Clock& clock) const {
    std::optional<Day> first;
    for (const NamedDate::Choice& choice : clock.applies_from) {
      const Truth holds = walk_.test(choice.when);
      const auto day = holds == Truth::no ? std::nullopt : walk_.day_of(choice.date);
      if (day && (!first || *day < *first)) first = day;
      if (holds == Truth::yes) break;
    }
    return first;
  }

  /// The day where the clock runs; while the place is not known, the latest that it is in the
  /// Union.
  Day local_day_of(const Clock& clock, Instant at) const {
    Deadline place;
    settle_place(clock.at, place);
    if (!place.zone.empty()) return all_.local_day(zone_of(place), at);
    Day latest = std::chrono::floor<std::chrono::days>(at);
    for (const TimeZone& zone : all_.zones)
      latest = std::max(latest, all_.local_day(zone, at));
    return latest;
  }

  /// Why the duty did not exist yet when the event became known, or "".
  std::string before_its_time(const Clock& clock) const {
    const auto from = begins(clock);
    if (!from) return "the law of that day has no such duty";
    const Awareness* aware = awareness_of(clock);
    const Instant known = aware == nullptr ? as_of_ : aware->at.at;
    if (local_day_of(clock, known) >= *from) return {};
    return fmt::format("the duty applies from {}, and does not look back",
                       lockstep::to_text(*from));
  }

  std::string anchor_words(const Anchor& anchor) const {
    if (anchor.submitted.empty()) return anchor.instant;
    std::string text = "submitted";
    for (const std::string& id : anchor.submitted)
      text += (text == "submitted" ? " " : " or ") + id;
    return text;
  }

  Deadline deadline(const Clock& clock, Truth runs) {
    Deadline d;
    d.id = clock.id;
    d.act = act(clock);
    d.what = clock.what;
    d.stage = clock.stage;
    d.owed_by = clock.owed_by;
    d.to = clock.to;
    d.promptly = clock.promptly;
    d.content = clock.content;
    d.cites = clock.cites;
    d.notes = clock.notes;
    d.contested = clock.contested;
    if (const auto sent = event_.submitted.find(clock.id); sent != event_.submitted.end())
      d.submitted = sent->second.at;
    std::string place = clock.at;
    if (clock.instead) take_instead(*clock.instead, place, d);
    settle_place(place, d);
    for (const ClockLimit& limit : clock.limits) {
      d.limit += fmt::format("{}{} from {}", d.limit.empty() ? "" : " and ", to_text(limit.within),
                             anchor_words(limit.after));
    }
    if (runs == Truth::unknown) {
      std::vector<int> missing;
      walk_.add_missing(clock.runs_when, missing);
      d.missing = walk_.names(missing);
      d.state = Deadline::State::not_known;
      return d;
    }
    walk_.add_reasons(clock.runs_when, d.because);
    count(clock, d);
    if (clock.platform) add_platform(clock, d);
    return d;
  }

  void take_instead(const Instead& instead, std::string& place, Deadline& d) const {
    const Truth holds = walk_.test(instead.when);
    if (holds == Truth::no) return;
    if (holds == Truth::unknown) {
      d.notes.push_back("another addressee is possible: " + instead.to.front());
      return;
    }
    d.to = instead.to;
    place = instead.at;
    d.cites.insert(d.cites.end(), instead.cites.begin(), instead.cites.end());
  }

  /// The word that the event states for a fact, or nothing.
  const std::string* word_of(const std::string& name) const {
    const auto found = std::ranges::find(event_.facts, name, &Fact::name);
    return found == event_.facts.end() ? nullptr : std::get_if<std::string>(&found->value);
  }

  /// The Member State by the facts of the event. Where a fact is missing, whoever stands below it
  /// is not asked, and the State of the event stays.
  void tell_place(const PlaceOrder& order, Deadline& d) const {
    const bool is_told = std::ranges::any_of(
        order.facts, [&](const std::string& name) { return word_of(name) != nullptr; });
    if (!is_told) return;
    for (const std::string& name : order.facts) {
      const std::string* word = word_of(name);
      if (word == nullptr) {
        d.notes.push_back(fmt::format("the Member State may be another: {} is not stated", name));
        return;
      }
      if (all_.find(*word) == nullptr) continue;
      d.place = *word;
      d.because.push_back(fmt::format("the Member State is {}, since {} = {}", *word, name, *word));
      for (const std::string& cite : order.cites) {
        const auto is_same = [&](const std::string& own) { return cite.ends_with("/" + own); };
        if (std::ranges::none_of(d.cites, is_same)) d.cites.push_back(cite);
      }
      return;
    }
  }

  void settle_place(const std::string& place, Deadline& d) const {
    d.place = event_.member_state;
    const auto own = event_.places.find(place);
    const auto order = rules_.told_by.find(place);
    if (own != event_.places.end()) {
      d.place = own->second;
    } else if (order != rules_.told_by.end()) {
      tell_place(order->second, d);
    }
    if (place == "institutions") d.place = "EU";
    const TimeZone* zone = all_.zone_of(d.place);
    if (const TimeZone* stated = all_.zone(event_.time_zone);
        stated != nullptr && stated->state == d.place)
      zone = stated;
    // Without a State, days are counted in UTC and the outer end stays open.
    d.zone = zone == nullptr ? "" : zone->name;
  }

  const TimeZone& zone_of(const Deadline& d) const {
    static const TimeZone utc{"UTC", "", std::chrono::hours{0}, false};
    const TimeZone* zone = all_.zone(d.zone);
    return zone == nullptr ? utc : *zone;
  }

  void count(const Clock& clock, Deadline& d) const {
    if (clock.limits.empty()) return without_number(clock, d);
    const ClockLimit* governing = nullptr;
    bool needs_aware = false;
    for (const ClockLimit& limit : clock.limits) {
      const auto from = instant(clock, limit.after);
      if (!from) {
        d.missing.push_back(anchor_words(limit.after));
        needs_aware = needs_aware || limit.after.instant == awareness;
        continue;
      }
      const Instant strict = strict_end(limit.within, *from, all_, zone_of(d));
      if (const auto later = instant(clock, {limit.dropped_when_later, {}});
          later && *later > strict) {
        d.because.push_back(fmt::format("the limit of {} falls away: {} came later",
                                        to_text(limit.within), limit.dropped_when_later));
        continue;
      }
      if (d.strict && *d.strict <= strict) continue;
      governing = &limit;
      d.strict = strict;
      d.from = from;
      d.from_what = anchor_words(limit.after);
    }
    if (governing == nullptr) {
      d.state = needs_aware ? Deadline::State::needs_aware : Deadline::State::not_begun;
      return;
    }
    d.from_local = local_words(all_, zone_of(d), *d.from);
    d.strict_local = local_words(all_, zone_of(d), *d.strict);
    add_outer(clock, governing->within, d);
    settle_state(governing->within, d);
  }

  void without_number(const Clock& clock, Deadline& d) const {
    d.from_what = clock.starts;
    d.from = instant(clock, {clock.starts, {}});
    d.state = d.submitted ? Deadline::State::done : Deadline::State::no_number;
    if (!d.from) {
      d.missing.push_back(clock.starts);
      d.state =
          clock.starts == awareness ? Deadline::State::needs_aware : Deadline::State::not_begun;
      return;
    }
    d.from_local = local_words(all_, zone_of(d), *d.from);
  }

  AtWeekend weekend_of(const Clock& clock, Deadline& d) const {
    if (!clock.at_noon) return AtWeekend::as_1182_71;
    const Truth excepted = clock.at_noon_unless ? walk_.test(*clock.at_noon_unless) : Truth::no;
    if (excepted == Truth::unknown)
      d.contested.emplace_back("whether noon of the next working day counts depends on the entity");
    return excepted == Truth::no ? AtWeekend::noon : AtWeekend::stays;
  }

  void add_outer(const Clock& clock, const Period& within, Deadline& d) const {
    const Calendar* calendar = all_.find(d.place);
    if (calendar == nullptr) {
      d.outer_not_checked = "the Member State is not stated; needed: member_state";
      return;
    }
    const TimeZone& zone = zone_of(d);
    const PeriodEnd end = outer_end(within, *d.from, all_, zone, *calendar, weekend_of(clock, d),
                                    rules_.working_days);
    d.because.insert(d.because.end(), end.because.begin(), end.because.end());
    d.outer = end.at;
    d.outer_not_checked = end.not_checked;
    if (d.outer) d.outer_local = end_words(all_, zone, *d.outer);
    const PeriodEnd other =
        contested_end(within, *d.from, all_, zone, *calendar, rules_.working_days);
    if (other.at)
      d.contested.push_back(fmt::format("{}; it would be {}", rules_.working_days_contested,
                                        end_words(all_, zone, *other.at)));
  }

  void settle_state(const Period& within, Deadline& d) const {
    const Instant outer = d.outer.value_or(*d.strict);
    if (d.submitted) {
      d.state = *d.submitted <= outer ? Deadline::State::done : Deadline::State::done_late;
    } else if (as_of_ > outer) {
      d.state = Deadline::State::passed;
    } else if (as_of_ > *d.strict) {
      d.state = Deadline::State::strict_over;
    } else {
      d.state = as_of_ + alarm_before(within, *d.from, zone_of(d)) >= *d.strict
                    ? Deadline::State::alarm
                    : Deadline::State::running;
    }
  }

  std::chrono::seconds alarm_before(const Period& within,
                                    Instant from,
                                    const TimeZone& zone) const {
    const Instant end = strict_end(within, from, all_, zone);
    for (const AlarmRow& row : rules_.alarm) {
      if (end <= strict_end(row.up_to, from, all_, zone))
        return strict_end(row.before, from, all_, zone) - from;
    }
    return std::chrono::seconds{0};
  }

  void add_platform(const Clock& clock, Deadline& d) const {
    const auto from = instant(clock, clock.platform->after);
    if (!from) return;
    const Instant shown = strict_end(clock.platform->within, *from, all_, zone_of(d));
    d.notes.push_back(
        fmt::format("the platform's counter says {} ({} after {}); it is not the legal limit",
                    local_words(all_, zone_of(d), shown), to_text(clock.platform->within),
                    anchor_words(clock.platform->after)));
  }

  std::vector<std::string> calendar_notes(const ClockView& view) const {
    std::vector<std::string> notes;
    for (const Deadline& d : view.deadlines) {
      const Calendar* calendar = all_.find(d.place);
      if (calendar == nullptr) continue;
      std::string note = fmt::format("{}: {}", calendar->name, calendar->note);
      if (std::ranges::find(notes, note) == notes.end()) notes.push_back(std::move(note));
    }
    return notes;
  }

  const Event& event_;
  const Ruleset& law_;
  const ClockRules& rules_;
  const Calendars& all_;
  Walk walk_;
  Instant as_of_;
};

}  // namespace

ClockView run_clocks(const Event& event,
                     const Ruleset& law,
                     const ClockRules& rules,
                     const Calendars& calendars,
                     Instant as_of) {
  Diagnostics unused;
  const std::vector<Fact> facts = fit_facts(law, event.facts, unused);
  return ClockRun(event, law, rules, calendars, facts, as_of).run();
}

}  // namespace lockstep::regulations
