// SPDX-License-Identifier: Apache-2.0
// What the reader of clocks refuses, each with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "regulations/clock_data.hpp"

namespace lockstep::regulations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* common = R"(
working_days: {days: 2, working: 2, contested: c, cites: [eu-1971-1182/art_3/par_5]}
alarm: [{up_to: PT24H, before: PT8H}]
instants: {aware: a, changed: c}
places:
  entity: e
)";

constexpr const char* clock = R"(
clocks:
  - id: X-1
    what: w
    stage: s
    owed_by: manufacturer
    to: [t]
    at: entity
    runs_when: event.exploited
    promptly: at once
    limits: [{within: PT24H, after: aware}]
    content: [c]
    cites: [art_14/par_1]
)";

/// The problems of clocks.yaml and of the one clock of the CRA, as "file:line code".
std::vector<std::string> problems_of(const std::string& more_places,
                                     const std::string& more_clock) {
  Diagnostics problems;
  std::vector<SourceFile> files;
  for (const auto& [path, text] :
       {std::pair{std::string("clocks.yaml"), common + more_places},
        std::pair{std::string("regulations/eu-2024-2847/clocks/x.yaml"), clock + more_clock}}) {
    auto tree = parse_yaml(text, path, problems);
    EXPECT_TRUE(tree.has_value()) << text;
    if (tree) files.push_back({path, *std::move(tree)});
  }
  load_clocks(files, test::clock_data().law, problems);
  std::vector<std::string> found;
  for (const Diagnostic& entry : problems.entries())
    found.push_back(to_text(entry));
  return found;
}

constexpr const char* from = "    applies_from: cra.reporting_from\n";

TEST(ClockLoad, TakesPlacesThatFactsTellAndBeginningsByCondition) {
  EXPECT_THAT(problems_of("  csirt: {means: m, first_of: [event.most_staff_in],\n"
                          "          cites: [eu-2024-2847/art_14/par_7]}\n",
                          "    applies_from:\n"
                          "      - {when: event.exploited, date: cra.reporting_from}\n"
                          "      - {when: {not: event.exploited}, date: cra.applies_from}\n"),
              IsEmpty());
}

TEST(ClockLoad, RefusesPlacesToldByWhatIsNoChoice) {
  EXPECT_THAT(problems_of("  csirt: {means: m, first_of: [event.exploited, event.nobody],\n"
                          "          cites: [eu-2024-2847/art_14/par_7]}\n",
                          from),
              ElementsAre(HasSubstr("'event.exploited' is no choice"),
                          HasSubstr("'event.nobody' is no choice")));
  EXPECT_THAT(
      problems_of("  csirt: {means: m, first_of: [event.most_staff_in], cites: [art_14]}\n", from),
      ElementsAre(HasSubstr("regulation.citation")));
  EXPECT_THAT(problems_of("  csirt: {means: m, first: [event.most_staff_in],\n"
                          "          cites: [eu-2024-2847/art_14/par_7]}\n",
                          from),
              ElementsAre(HasSubstr("'first' is no key"), HasSubstr("under 'first_of'")));
}

TEST(ClockLoad, RefusesBeginningsWithoutADate) {
  EXPECT_THAT(problems_of("", "    applies_from: cra.someday\n"),
              ElementsAre(HasSubstr("'cra.someday' is the id of no date")));
  EXPECT_THAT(problems_of("", "    applies_from: [{when: event.exploited, date: cra.someday}]\n"),
              ElementsAre(HasSubstr("'cra.someday' is the id of no date")));
  EXPECT_THAT(problems_of("", "    applies_from: []\n"), ElementsAre(HasSubstr("expected a date")));
  EXPECT_THAT(
      problems_of("", "    applies_from: [{when: event.exploitedd, date: cra.applies_from}]\n"),
      ElementsAre(HasSubstr("event.exploited")));
}

}  // namespace
}  // namespace lockstep::regulations
