// SPDX-License-Identifier: Apache-2.0
#include "documents/charts/charts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "documents/charts/svg.hpp"
#include "support/sample_dossier.hpp"

namespace lockstep::documents {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string words_of(const Line& line) {
  std::string words;
  for (const Span& span : line.spans) {
    if (const auto* plain = std::get_if<Plain>(&span)) words += plain->text;
    if (const auto* mark = std::get_if<Mark>(&span)) words += mark->word;
    if (const auto* code = std::get_if<Code>(&span)) words += code->text;
    if (const auto* date = std::get_if<Date>(&span)) words += to_text(date->day);
  }
  return words;
}

std::vector<std::string> column(const Table& table, std::size_t index) {
  std::vector<std::string> words;
  for (const Row& row : table.rows)
    words.push_back(words_of(row.cells[index]));
  return words;
}

TEST(AccuracyCurve, HasTheSameNumbersInItsTable) {
  const auto figure =
      accuracy_curve(test::sample_measurement(), test::sample_verdicts()[0].threshold);
  ASSERT_TRUE(figure);
  EXPECT_THAT(column(figure->data, 0), ElementsAre("0", "0.01", "0.02", "0.03", "0.05"));
  EXPECT_THAT(column(figure->data, 1),
              ElementsAre("496 of 500", "431 of 500", "322 of 500", "206 of 500", "60 of 500"));
  EXPECT_THAT(column(figure->data, 2),
              ElementsAre("99.2 %", "86.2 %", "64.4 %", "41.2 %", "12.0 %"));
  EXPECT_THAT(figure->drawing.description, HasSubstr("from 99.2 % at epsilon 0 to 12.0 %"));
  // 99.2 % times (1 - 0.4)
  EXPECT_THAT(figure->drawing.description, HasSubstr("asks for 59.5 % at epsilon 0.03"));
  // Epsilon 0 stands at the left end, the largest at the right end.
  EXPECT_THAT(figure->drawing.shapes, HasSubstr("<circle cx=\"64.0\" cy=\"20.1\""));
  EXPECT_THAT(figure->drawing.shapes, HasSubstr("<circle cx=\"700.0\" cy=\"245.0\""));
}

TEST(AccuracyCurve, IsNotDrawnFromOnePoint) {
  Measurement test = test::sample_measurement();
  test.curve.clear();
  EXPECT_TRUE(accuracy_curve(test, std::nullopt));
  test.robust = {};
  EXPECT_FALSE(accuracy_curve(test, std::nullopt));
}

TEST(SeverityBars, CountEachFindingOnce) {
  const Dossier dossier = test::sample_dossier();
  const Figure figure = severity_bars(dossier.findings);
  EXPECT_THAT(column(figure.data, 1), ElementsAre("2", "1", "1", "0", "0", "1"));
  EXPECT_THAT(column(figure.data, 2), ElementsAre("1", "1", "0", "0", "0", "0"));
  EXPECT_THAT(figure.drawing.description, HasSubstr("2 critical, 1 high, 1 medium, 0 low"));
}

TEST(ExploitScatter, ShowsThoseWithBothNumbersByProbability) {
  const Dossier dossier = test::sample_dossier();
  const auto figure = exploit_scatter(dossier.findings);
  ASSERT_TRUE(figure);
  EXPECT_THAT(column(figure->data, 0),
              ElementsAre("GHSA-jfh8-c2jp-5v3q", "GHSA-44wm-f244-xhp3", "CVE-2023-35116"));
  EXPECT_THAT(column(figure->data, 3), ElementsAre("0.97", "0.004", "0.0008"));
  EXPECT_FALSE(exploit_scatter({}));
}

TEST(Timeline, TellsPastFromFuture) {
  const auto figure = timeline(test::sample_law(), test::day("2028-10-01"));
  ASSERT_TRUE(figure);
  EXPECT_THAT(column(figure->data, 1),
              ElementsAre("751 days ago", "304 days ago", "295 days ago", "in 1799 days"));
  EXPECT_THAT(figure->drawing.description,
              HasSubstr("4 dates between 2026-09-11 and 2033-09-04; 1 "));
  EXPECT_FALSE(timeline(LegalView{}, test::day("2028-10-01")));
}

TEST(Svg, EscapesWordsAndRoundsPlaces) {
  Svg svg;
  svg.text({1.25, -0.01}, "<a>&\"");
  EXPECT_EQ(svg.take(),
            "<text x=\"1.2\" y=\"0.0\" text-anchor=\"start\">&lt;a&gt;&amp;&quot;</text>\n");
}

TEST(Svg, NoPlaceIsNotANumber) {
  Measurement test = test::sample_measurement();
  test.epsilon = 0;
  test.curve.clear();
  const auto figure = accuracy_curve(test, std::nullopt);
  EXPECT_FALSE(figure) << "one point only: epsilon 0 is the clean accuracy";
  for (const Figure& one :
       {severity_bars({}), *timeline(test::sample_law(), test::day("2026-09-11"))})
    EXPECT_THAT(one.drawing.shapes, Not(HasSubstr("nan")));
}

TEST(RoundTicks, Table) {
  EXPECT_THAT(round_ticks(0, 10, 5), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_EQ(round_ticks(0, 0.05, 6).size(), 6U);
  EXPECT_THAT(round_ticks(3, 3, 5), ElementsAre(3));
}

RC_GTEST_PROP(RoundTicks, RiseAndCover, ()) {
  const double low = *rc::gen::inRange(-1000, 1000) / 7.0;
  const double high = low + *rc::gen::inRange(1, 100000) / 13.0;
  const std::vector<double> ticks = round_ticks(low, high, *rc::gen::inRange(1, 12));
  RC_ASSERT((ticks.front() <= low + 1e-6));
  RC_ASSERT((ticks.back() >= high - 1e-6 * (high - low) - 1e-9 * std::abs(high)));
  for (std::size_t i = 1; i < ticks.size(); ++i)
    RC_ASSERT((ticks[i - 1] < ticks[i]));
}

}  // namespace
}  // namespace lockstep::documents
