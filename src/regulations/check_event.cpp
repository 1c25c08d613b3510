// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/clocks.hpp"
#include "regulations/countries.hpp"
#include "regulations/facts.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

class EventCheck {
 public:
  EventCheck(const Event& event, const Ruleset& law, Diagnostics& problems)
      : event_(event), law_(law), problems_(problems) {}

  void name(std::string_view found,
            std::string_view kind,
            const std::vector<std::string>& known,
            const Position& where) {
    if (std::ranges::find(known, found) != known.end()) return;
    std::string help = kind == "Member State" ? country_help(law_, found) : "";
    if (help.empty()) help = suggestion(found, known);
    if (help.empty()) help = "; known are " + join(known, ", ");
    problems_.error("event.name", fmt::format("'{}' is no {}{}", quotable(found), kind, help),
                    where);
  }

  /// A report cannot be sent before what it reports on.
  void order() {
    const StatedInstant* first = nullptr;
    for (const Awareness& aware : event_.aware)
      if (first == nullptr || aware.at.at < first->at) first = &aware.at;
    for (const auto& [id, sent] : event_.submitted) {
      if (first != nullptr && sent.at < first->at)
        problems_.error("event.order",
                        fmt::format("{} was submitted {}, before anyone was aware ({})", id,
                                    lockstep::to_text(sent.at), lockstep::to_text(first->at)),
                        sent.where);
    }
    const auto occurred = event_.instants.find("occurred");
    if (occurred == event_.instants.end()) return;
    for (const Awareness& aware : event_.aware)
      if (aware.at.at < occurred->second.at)
        problems_.warning(
            "event.order",
            fmt::format("aware {}, before it occurred ({})", lockstep::to_text(aware.at.at),
                        lockstep::to_text(occurred->second.at)),
            aware.at.where);
  }

 private:
  const Event& event_;
  const Ruleset& law_;
  Diagnostics& problems_;
};

template <typename Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map)
    keys.push_back(key);
  return keys;
}

}  // namespace

void check_event(const Event& event,
                 const Ruleset& law,
                 const ClockRules& rules,
                 const Calendars& calendars,
                 Diagnostics& problems) {
  EventCheck check(event, law, problems);
  std::vector<std::string> states;
  std::vector<std::string> zones;
  std::vector<std::string> ids;
  std::vector<std::string> acts;
  for (const Calendar& calendar : calendars.calendars)
    states.push_back(calendar.id);
  for (const TimeZone& zone : calendars.zones)
    zones.push_back(zone.name);
  for (const Clock& clock : rules.clocks)
    ids.push_back(clock.id);
  for (const Act& act : law.acts)
    acts.push_back(act.short_title);
  const auto place_of = [&](const std::string& key) {
    const auto found = event.places_at.find(key);
    return found == event.places_at.end() ? Position{event.path, 0, 0} : found->second;
  };
  if (!event.member_state.empty())
    check.name(event.member_state, "Member State", states, place_of("member_state"));
  if (!event.time_zone.empty())
    check.name(event.time_zone, "time zone of a Member State", zones, place_of("time_zone"));
  for (const auto& [place, state] : event.places) {
    const Position where = place_of(place);
    check.name(place, "place", keys_of(rules.places), where);
    check.name(state, "Member State", states, where);
  }
  for (const auto& [name, at] : event.instants) {
    if (name == "aware") {
      problems.error("event.name", "awareness is a person's decision: write it under 'aware'",
                     at.where);
    } else {
      check.name(name, "instant", keys_of(rules.instants), at.where);
    }
  }
  for (const auto& [id, at] : event.submitted)
    check.name(id, "clock", ids, at.where);
  for (const Awareness& aware : event.aware)
    for (const std::string& act : aware.acts)
      check.name(act, "act", acts, aware.at.where);
  fit_facts(law, event.facts, problems);
  check.order();
}

}  // namespace lockstep::regulations
