// SPDX-License-Identifier: Apache-2.0
// The worked examples E1 to E12, and clocks that other tools got wrong.
#include "regulations/clocks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tuple>

#include "regulations/clock_data.hpp"

namespace lockstep::regulations {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Fact fact(const std::string& name, FactValue value) {
  return {"event." + name, std::move(value), {}};
}

class Events {
 public:
  Event event;

  explicit Events(const std::string& state) { event.member_state = state; }

  Events& with(const std::string& name, FactValue value) {
    event.facts.push_back(fact(name, std::move(value)));
    return *this;
  }

  Events& aware(const std::string& at) {
    event.aware.push_back({{*parse_instant(at), {}}, "duty officer", "", {}});
    return *this;
  }

  Events& when(const std::string& name, const std::string& at) {
    event.instants[name] = {*parse_instant(at), {}};
    return *this;
  }

  Events& sent(const std::string& id, const std::string& at) {
    event.submitted[id] = {*parse_instant(at), {}};
    return *this;
  }

  ClockView view(const std::string& as_of = "2028-08-05T00:00:00Z") const {
    const auto& data = test::clock_data();
    Diagnostics problems;
    check_event(event, data.law, data.rules, data.calendars, problems);
    for (const auto& entry : problems.entries())
      ADD_FAILURE() << to_text(entry);
    return run_clocks(event, data.law, data.rules, data.calendars, *parse_instant(as_of));
  }

  Deadline deadline(const std::string& id,
                    const std::string& as_of = "2028-08-05T00:00:00Z") const {
    const ClockView all = view(as_of);
    const auto found = std::ranges::find(all.deadlines, id, &Deadline::id);
    EXPECT_NE(found, all.deadlines.end()) << id << " does not run";
    return found == all.deadlines.end() ? Deadline{} : *found;
  }
};

Events exploited(const std::string& state = "DE") {
  Events events(state);
  return events.with("cra_role", std::string("manufacturer")).with("exploited", true);
}

Events incident(const std::string& state = "DE") {
  Events events(state);
  return events.with("cra_role", std::string("manufacturer")).with("severe_incident", true);
}

Events harmful_ai(const std::string& harm, const std::string& state) {
  Events events(state);
  return events.with("ai_roles", std::vector<std::string>{"provider"})
      .with("ai_high_risk", std::string("annex_iii"))
      .with("ai_harm", std::vector<std::string>{harm})
      .with("ai_widespread", false)
      .with("ai_other_reporting", false)
      .with("ai_office", false);
}

TEST(WorkedExamples, E1AwareOnAFridayAfternoon) {
  Events e = exploited();
  e.aware("2026-11-27T16:20:00+01:00");
  const Deadline early = e.deadline("CRA-AEV-1");
  EXPECT_EQ(early.strict_local, "Sat 28 Nov 2026 16:20 +01:00");
  EXPECT_EQ(early.outer_local, "Sat 28 Nov 2026 17:00 +01:00");
  EXPECT_THAT(early.contested, IsEmpty());
  const Deadline full = e.deadline("CRA-AEV-2");
  EXPECT_EQ(full.strict_local, "Mon 30 Nov 2026 16:20 +01:00");
  EXPECT_EQ(full.outer_local, "Mon 30 Nov 2026 17:00 +01:00");
  EXPECT_THAT(full.contested, Contains(HasSubstr("it would be Tue 1 Dec 2026 24:00 +01:00")));
}

TEST(WorkedExamples, E2AwareInTheNightOfTheClockChange) {
  Events e = exploited();
  e.aware("2026-10-24T14:10:00+02:00");
  const Deadline d = e.deadline("CRA-AEV-1");
  EXPECT_EQ(d.strict_local, "Sun 25 Oct 2026 13:10 +01:00");
  EXPECT_EQ(d.outer_local, "Sun 25 Oct 2026 14:00 +01:00");
}

TEST(WorkedExamples, E3AFixBeforeChristmas) {
  const auto outer = [](const std::string& state) {
    Events e = exploited(state);
    e.aware("2026-12-01T09:00:00+01:00").when("measure_available", "2026-12-10T12:00:00+01:00");
    return e.deadline("CRA-AEV-3").outer_local;
  };
  EXPECT_EQ(outer("DE"), "Thu 24 Dec 2026 24:00 +01:00");
  EXPECT_EQ(outer("PL"), "Mon 28 Dec 2026 24:00 +01:00");
}

TEST(WorkedExamples, E4AFixThatLeadsToChristmasDay) {
  Events e = exploited();
  e.aware("2026-12-01T09:00:00+01:00").when("measure_available", "2026-12-11T12:00:00+01:00");
  EXPECT_EQ(e.deadline("CRA-AEV-3").outer_local, "Mon 28 Dec 2026 24:00 +01:00");
}

TEST(WorkedExamples, E5AMonthAfterTheNotification) {
  Events e = incident();
  e.aware("2026-11-28T09:00:00+01:00").sent("CRA-SI-2", "2026-11-30T10:00:00+01:00");
  EXPECT_EQ(e.deadline("CRA-SI-3").outer_local, "Wed 30 Dec 2026 24:00 +01:00");
}

TEST(WorkedExamples, E6AMonthWithoutThatDate) {
  Events e = incident();
  e.aware("2027-01-29T09:00:00+01:00").sent("CRA-SI-2", "2027-01-31T10:00:00+01:00");
  const Deadline d = e.deadline("CRA-SI-3");
  EXPECT_EQ(d.strict_local, "Sun 28 Feb 2027 10:00 +01:00");
  EXPECT_EQ(d.outer_local, "Mon 1 Mar 2027 24:00 +01:00");
}

TEST(WorkedExamples, E7FifteenDays) {
  Events e = harmful_ai("health", "DE");
  e.aware("2028-08-04T10:00:00+02:00");
  EXPECT_EQ(e.deadline("AIA-73-STD").outer_local, "Mon 21 Aug 2028 24:00 +02:00");
}

TEST(WorkedExamples, E8TenDays) {
  Events e = harmful_ai("death", "DE");
  e.aware("2028-08-04T10:00:00+02:00");
  EXPECT_EQ(e.deadline("AIA-73-DTH").outer_local, "Mon 14 Aug 2028 24:00 +02:00");
}

TEST(WorkedExamples, E9TwoDaysOverAWeekend) {
  const auto outer = [](const std::string& state) {
    Events e = harmful_ai("infrastructure", state);
    e.aware("2028-08-11T10:00:00+02:00");
    return e.deadline("AIA-73-CI").outer_local;
  };
  EXPECT_EQ(outer("DE"), "Tue 15 Aug 2028 24:00 +02:00");
  EXPECT_EQ(outer("FR"), "Wed 16 Aug 2028 24:00 +02:00");
}

TEST(WorkedExamples, E10EntityAndController) {
  Events e("DE");
  e.with("nis2_entity", std::string("important"))
      .with("nis2_significant", true)
      .with("trust_service", false)
      .with("financial_entity", std::string("none"))
      .with("personal_data_breach", true)
      .with("data_roles", std::vector<std::string>{"controller"})
      .with("risk_to_persons", std::string("likely"))
      .aware("2026-11-27T16:20:00+01:00");
  EXPECT_EQ(e.deadline("NIS2-2").strict_local, "Mon 30 Nov 2026 16:20 +01:00");
  const Deadline breach = e.deadline("GDPR-33");
  EXPECT_EQ(breach.strict_local, "Mon 30 Nov 2026 16:20 +01:00");
  EXPECT_THAT(breach.promptly, HasSubstr("where feasible"));
}

Events major_incident() {
  Events e("DE");
  e.with("financial_entity", std::string("other"))
      .with("dora_major", true)
      .with("nis2_entity", std::string("none"))
      .aware("2026-11-30T22:00:00+01:00");
  return e;
}

TEST(WorkedExamples, E11AFinancialEntity) {
  Events e = major_incident();
  e.when("classified", "2026-12-01T06:00:00+01:00");
  EXPECT_EQ(e.deadline("DORA-1").strict_local, "Tue 1 Dec 2026 10:00 +01:00");
  e.sent("DORA-1", "2026-12-01T09:30:00+01:00");
  EXPECT_EQ(e.deadline("DORA-1").state, Deadline::State::done);
  EXPECT_EQ(e.deadline("DORA-2").strict_local, "Fri 4 Dec 2026 09:30 +01:00");
  e.sent("DORA-2", "2026-12-04T09:00:00+01:00");
  EXPECT_EQ(e.deadline("DORA-3").outer_local, "Mon 4 Jan 2027 24:00 +01:00");
}

TEST(Dora, ClassifiedLaterThanADayHasFourHoursFromThen) {
  Events e = major_incident();
  e.when("classified", "2026-12-02T06:00:00+01:00");
  EXPECT_EQ(e.deadline("DORA-1").strict_local, "Wed 2 Dec 2026 10:00 +01:00");
}

TEST(Dora, AWeekendGivesNoonOfTheNextWorkingDayButNotToBanks) {
  const auto outer = [](const std::string& kind) {
    Events e("DE");
    e.with("financial_entity", kind)
        .with("dora_major", true)
        .with("nis2_entity", std::string("none"))
        .aware("2026-12-04T22:00:00+01:00")
        .when("classified", "2026-12-05T06:00:00+01:00");
    return e.deadline("DORA-1").outer_local;
  };
  EXPECT_EQ(outer("other"), "Mon 7 Dec 2026 12:00 +01:00");
  EXPECT_EQ(outer("credit_institution"), "Sat 5 Dec 2026 11:00 +01:00");
}

TEST(WorkedExamples, E12ThePlatformsCounterIsNotTheLimit) {
  Events e = exploited();
  e.aware("2026-11-27T16:20:00+01:00").sent("CRA-AEV-1", "2026-11-28T08:00:00+01:00");
  const Deadline d = e.deadline("CRA-AEV-2");
  EXPECT_THAT(d.notes, Contains(HasSubstr("counter says Mon 30 Nov 2026 08:00 +01:00")));
  EXPECT_EQ(d.strict_local, "Mon 30 Nov 2026 16:20 +01:00");
  EXPECT_EQ(d.outer_local, "Mon 30 Nov 2026 17:00 +01:00");
}

TEST(Clocks, TheFinalReportWaitsForTheMeasureNotForAwareness) {
  Events e = exploited();
  e.aware("2026-11-27T16:20:00+01:00");
  const Deadline d = e.deadline("CRA-AEV-3", "2027-06-01T00:00:00Z");
  EXPECT_EQ(d.state, Deadline::State::not_begun);
  EXPECT_THAT(d.missing, Contains("measure_available"));
}

TEST(Clocks, AKnownExploitedComponentAloneIsNoReport) {
  Events e("DE");
  e.with("cra_role", std::string("manufacturer"))
      .with("exploited", false)
      .with("severe_incident", false)
      .with("component_vulnerability", true)
      .aware("2028-08-04T10:00:00+02:00");
  for (const Deadline& d : e.view().deadlines)
    EXPECT_FALSE(d.id.starts_with("CRA-AEV") || d.id.starts_with("CRA-SI")) << d.id;
  EXPECT_EQ(e.deadline("CRA-COMPONENT").state, Deadline::State::no_number);
}

TEST(Clocks, NobodyIsAwareUntilAPersonSaysSo) {
  Events e = exploited();
  e.event.candidates.push_back({{*parse_instant("2026-11-27T09:00:00Z"), {}}, "a customer wrote"});
  const ClockView view = e.view("2027-06-01T00:00:00Z");
  EXPECT_EQ(view.candidates.size(), 1U);
  const Deadline d = e.deadline("CRA-AEV-1", "2027-06-01T00:00:00Z");
  EXPECT_EQ(d.state, Deadline::State::needs_aware);
  EXPECT_FALSE(d.strict.has_value());
}

TEST(Clocks, ADutyDoesNotLookBack) {
  Events e = exploited();
  e.aware("2026-09-10T10:00:00+02:00");
  for (const Deadline& d : e.view().deadlines)
    EXPECT_NE(d.act, "CRA") << d.id;
}

TEST(Clocks, TheFirstDayOfADutyBeginsWhereTheReportGoes) {
  const auto runs = [](const std::string& state, const std::string& aware) {
    Events e = exploited(state);
    e.aware(aware);
    const auto all = e.view("2026-09-11T12:00:00Z").deadlines;
    return std::ranges::find(all, "CRA-AEV-1", &Deadline::id) != all.end();
  };
  EXPECT_TRUE(runs("DE", "2026-09-11T00:30:00+02:00"));  // 22:30 of the day before in UTC
  EXPECT_FALSE(runs("DE", "2026-09-10T23:59:00+02:00"));
  EXPECT_TRUE(runs("EL", "2026-09-11T00:01:00+03:00"));
  EXPECT_FALSE(runs("DE", "2026-09-11T00:01:00+03:00"));
  EXPECT_TRUE(runs("", "2026-09-11T00:01:00+03:00"));  // In Greece the day has begun.
}

TEST(Clocks, AnActCanHaveAnAwarenessOfItsOwn) {
  Events e = exploited();
  e.aware("2026-11-27T16:20:00+01:00")
      .with("personal_data_breach", true)
      .with("data_roles", std::vector<std::string>{"controller"})
      .with("risk_to_persons", std::string("high"));
  e.event.aware.push_back({{*parse_instant("2026-11-28T10:00:00+01:00"), {}}, "dpo", "", {"GDPR"}});
  EXPECT_EQ(e.deadline("GDPR-33").strict_local, "Tue 1 Dec 2026 10:00 +01:00");
  EXPECT_EQ(e.deadline("CRA-AEV-1").strict_local, "Sat 28 Nov 2026 16:20 +01:00");
}

TEST(Clocks, OfSeveralDecisionsAboutAwarenessTheEarliestCounts) {
  Events e = exploited();
  e.aware("2026-11-28T10:00:00+01:00");
  e.event.aware.push_back({{*parse_instant("2026-11-27T16:20:00+01:00"), {}}, "ciso", "", {}});
  EXPECT_EQ(e.deadline("CRA-AEV-1").strict_local, "Sat 28 Nov 2026 16:20 +01:00");
  e.event.aware.push_back({{*parse_instant("2026-11-30T10:00:00+01:00"), {}}, "a", "", {"CRA"}});
  e.event.aware.push_back({{*parse_instant("2026-11-29T10:00:00+01:00"), {}}, "b", "", {"CRA"}});
  EXPECT_EQ(e.deadline("CRA-AEV-1").strict_local, "Mon 30 Nov 2026 10:00 +01:00");
}

TEST(Clocks, StatesFollowTheTwoEnds) {
  Events e = exploited();
  e.aware("2026-11-27T16:20:00+01:00");
  const auto at = [&](const std::string& as_of) { return e.deadline("CRA-AEV-1", as_of).state; };
  EXPECT_EQ(at("2026-11-27T17:00:00+01:00"), Deadline::State::running);
  EXPECT_EQ(at("2026-11-28T08:20:00+01:00"), Deadline::State::alarm);
  EXPECT_EQ(at("2026-11-28T16:21:00+01:00"), Deadline::State::strict_over);
  EXPECT_EQ(at("2026-11-28T17:00:01+01:00"), Deadline::State::passed);
  e.sent("CRA-AEV-1", "2026-11-28T18:00:00+01:00");
  EXPECT_EQ(at("2026-11-29T17:00:00+01:00"), Deadline::State::done_late);
}

TEST(Clocks, WithoutAStateDaysAreNotGuessed) {
  Events e("");
  e.with("cra_role", std::string("manufacturer"))
      .with("exploited", true)
      .aware("2026-12-01T09:00:00+01:00")
      .when("measure_available", "2026-12-10T12:00:00+01:00");
  const Deadline d = e.deadline("CRA-AEV-3");
  EXPECT_TRUE(d.strict.has_value());
  EXPECT_FALSE(d.outer.has_value());
  EXPECT_THAT(d.outer_not_checked, HasSubstr("member_state"));
}

/// With no fact stated no clock is dropped, except where a duty is not law yet.
// AI Act 113: listed uses from 2 December 2027, products from 2 August 2028.
TEST(Clocks, BeginOnTheDayOfTheirOwnAnnex) {
  for (const auto& [annex, day, runs] : {std::tuple{"annex_iii", "2027-12-01", false},
                                         {"annex_iii", "2027-12-02", true},
                                         {"annex_i", "2028-08-01", false},
                                         {"annex_i", "2028-08-02", true}}) {
    Events e("DE");
    e.with("ai_roles", std::vector<std::string>{"provider"})
        .with("ai_high_risk", std::string(annex))
        .with("ai_harm", std::vector<std::string>{"health"})
        .with("ai_widespread", false)
        .with("ai_other_reporting", false)
        .aware(std::string(day) + "T12:00:00Z");
    const ClockView view = e.view("2028-09-01T00:00:00Z");
    EXPECT_EQ(
        std::ranges::find(view.deadlines, "AIA-73-STD", &Deadline::id) != view.deadlines.end(),
        runs)
        << annex << " " << day;
  }
}

// S12: the provider cannot be reached after a death; the ten days of E8 count for the deployer.
TEST(Clocks, ADeployerReportsWhereTheProviderCannotBeReached) {
  Events e("DE");
  e.with("ai_roles", std::vector<std::string>{"deployer"})
      .with("ai_high_risk", std::string("annex_iii"))
      .with("ai_harm", std::vector<std::string>{"death"})
      .with("ai_widespread", false)
      .with("ai_other_reporting", false)
      .with("ai_office", false)
      .with("ai_provider_unreachable", true)
      .aware("2028-08-04T12:00:00+02:00");
  EXPECT_EQ(e.deadline("AIA-73-DTH").outer_local, "Mon 14 Aug 2028 24:00 +02:00");
}

TEST(Clocks, AuthorisationsCountFromTheFirstUse) {
  Events e("DE");
  e.with("ai_roles", std::vector<std::string>{"deployer"})
      .with("ai_live_identification", true)
      .with("ai_later_identification", true)
      .when("use_started", "2028-08-04T16:20:00+02:00")
      .aware("2028-08-04T18:00:00+02:00");
  EXPECT_EQ(e.deadline("AIA-5.3").strict_local, "Sat 5 Aug 2028 16:20 +02:00");
  EXPECT_EQ(e.deadline("AIA-26.10").strict_local, "Sun 6 Aug 2028 16:20 +02:00");
}

TEST(Clocks, WhatWasRegisteredIsMendedInTwoWeeksAndForDigitalEntitiesInThreeMonths) {
  Events e("DE");
  e.with("nis2_entity", std::string("essential"))
      .with("registration_changed", true)
      .with("nis2_digital", true)
      .when("changed", "2026-11-30T09:00:00+01:00")
      .aware("2026-11-30T09:00:00+01:00");
  EXPECT_EQ(e.deadline("NIS2-REG", "2026-12-01T00:00:00Z").outer_local,
            "Mon 14 Dec 2026 24:00 +01:00");
  // 28 February 2027, the last day of the month, is a Sunday.
  EXPECT_EQ(e.deadline("NIS2-REG-D", "2026-12-01T00:00:00Z").outer_local,
            "Mon 1 Mar 2027 24:00 +01:00");
}

// CRA 14(7): main establishment, most employees; without one representative, importer,
// distributor, most users.
TEST(Csirt, IsThatOfTheFirstPlaceInTheOrderOfTheLaw) {
  const std::vector<std::string> order = {"product_security_in", "most_staff_in",
                                          "representative_in",   "importer_in",
                                          "distributor_in",      "most_users_in"};
  const std::vector<std::string> states = {"NL", "PL", "IE", "FR", "ES", "EL"};
  for (std::size_t first = 0; first < order.size(); ++first) {
    Events e = exploited("DE");
    e.aware("2026-11-27T16:20:00+01:00");
    for (std::size_t i = 0; i < order.size(); ++i)
      e.with(order[i], i < first ? "none" : states[i]);
    for (const std::string id : {"CRA-AEV-1", "CRA-AEV-2"}) {
      const Deadline d = e.deadline(id, "2026-11-28T00:00:00Z");
      EXPECT_EQ(d.place, states[first]) << id << " " << order[first];
      EXPECT_THAT(d.because, Contains(HasSubstr("event." + order[first])));
      EXPECT_EQ(std::ranges::count_if(
                    d.cites, [](const auto& cite) { return cite.ends_with("art_14/par_7"); }),
                1);
    }
  }
}

TEST(Csirt, StaysOpenWhereAFactAboveIsMissingAndGivesWayToAStatedPlace) {
  Events e = exploited("DE");
  e.aware("2026-11-27T16:20:00+01:00")
      .with("product_security_in", std::string("none"))
      .with("representative_in", std::string("IE"));
  const Deadline open = e.deadline("CRA-AEV-1", "2026-11-28T00:00:00Z");
  EXPECT_EQ(open.place, "DE");
  EXPECT_THAT(open.notes, Contains(HasSubstr("event.most_staff_in is not stated")));
  e.with("most_staff_in", std::string("none"));
  EXPECT_EQ(e.deadline("CRA-AEV-1", "2026-11-28T00:00:00Z").place, "IE");
  e.event.places["csirt"] = "SE";
  EXPECT_EQ(e.deadline("CRA-AEV-1", "2026-11-28T00:00:00Z").place, "SE");
  EXPECT_THAT(exploited("DE").aware("2026-11-27T16:20:00+01:00").deadline("CRA-AEV-1").notes,
              Not(Contains(HasSubstr("may be another"))));
}

TEST(Clocks, NothingKnownDropsNothing) {
  Events e("DE");
  const ClockView view = e.view("2028-08-05T00:00:00Z");
  EXPECT_THAT(view.not_running, IsEmpty());
  EXPECT_EQ(view.deadlines.size(), test::clock_data().rules.clocks.size());
  for (const Deadline& d : view.deadlines) {
    EXPECT_EQ(d.state, Deadline::State::not_known) << d.id;
    EXPECT_THAT(d.missing, testing::Not(IsEmpty())) << d.id;
  }
}

}  // namespace
}  // namespace lockstep::regulations
