// SPDX-License-Identifier: Apache-2.0
#include "advisories/evaluate.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::test {
namespace {

using advisories::Evaluation;
using advisories::Listed;
using advisories::Verdict;

constexpr auto semver = RangeKind::semver;
constexpr auto ecosystem = RangeKind::ecosystem;
constexpr auto git = RangeKind::git;

EventView introduced(std::string_view version) {
  return {EventKind::introduced, version};
}

EventView fixed(std::string_view version) {
  return {EventKind::fixed, version};
}

EventView last(std::string_view version) {
  return {EventKind::last_affected, version};
}

EventView limit(std::string_view version) {
  return {EventKind::limit, version};
}

AffectedRangeView range(RangeKind kind, std::vector<EventView> events) {
  return {kind, std::move(events), ""};
}

Evaluation evaluate(std::string_view name,
                    const std::vector<AffectedRangeView>& ranges,
                    const std::vector<std::string_view>& versions,
                    std::string_view version) {
  const bool is_listed = std::ranges::find(versions, version) != versions.end();
  const Listed listed = versions.empty() ? Listed::no_list
                        : is_listed      ? Listed::ours
                                         : Listed::others;
  return advisories::evaluate({name, ranges, listed}, version);
}

std::string text(const Evaluation& evaluation) {
  const std::string_view verdict = evaluation.verdict == Verdict::affected       ? "yes"
                                   : evaluation.verdict == Verdict::not_affected ? "no"
                                                                                 : "open";
  std::string fixes;
  for (const std::string_view version : evaluation.fixed)
    fixes.append(" ").append(version);
  return std::string(verdict) + "|" + evaluation.because + "|" + fixes;
}

TEST(Evaluate, WalksTheEventsInTheirOrder) {
  const std::vector<AffectedRangeView> ranges = {
      range(ecosystem, {fixed("2.15.0"), introduced("2.13.0"), introduced("0"), fixed("2.3.1")})};
  EXPECT_EQ(text(evaluate("npm", ranges, {}, "2.14.1")),
            "yes|2.14.1 is in [2.13.0, 2.15.0)| 2.15.0");
  EXPECT_EQ(text(evaluate("npm", ranges, {}, "2.13.0")),
            "yes|2.13.0 is in [2.13.0, 2.15.0)| 2.15.0");
  EXPECT_EQ(text(evaluate("npm", ranges, {}, "2.15.0")), "no||");
  EXPECT_EQ(text(evaluate("npm", ranges, {}, "2.3.1")), "no||");
  EXPECT_EQ(text(evaluate("npm", ranges, {}, "0.0.1")), "yes|0.0.1 is in [0, 2.3.1)| 2.3.1 2.15.0");
  EXPECT_EQ(text(evaluate("npm", ranges, {}, "2.9.0")), "no||");
}

TEST(Evaluate, TakesLastAffectedIn) {
  const std::vector<AffectedRangeView> ranges = {
      range(ecosystem, {introduced("1.0"), last("1.9")})};
  EXPECT_EQ(text(evaluate("PyPI", ranges, {}, "1.9")), "yes|1.9 is in [1.0, 1.9]|");
  EXPECT_EQ(text(evaluate("PyPI", ranges, {}, "1.9.1")), "no||");
  EXPECT_EQ(text(evaluate("PyPI", ranges, {}, "1.0rc1")), "no||");
}

TEST(Evaluate, LetsTheLowestOfSeveralLastAffectedDecide) {
  const std::vector<AffectedRangeView> ranges = {
      range(ecosystem, {introduced("0"), last("7.2.0"), last("6.1.0"), last("5.3.0")})};
  EXPECT_EQ(evaluate("PyPI", ranges, {}, "5.3.0").verdict, Verdict::affected);
  EXPECT_EQ(evaluate("PyPI", ranges, {}, "6.0.0").verdict, Verdict::not_affected);
}

TEST(Evaluate, StartsBeforeEveryVersionAtZero) {
  const std::vector<AffectedRangeView> ranges = {range(semver, {introduced("0")})};
  EXPECT_EQ(text(evaluate("Go", ranges, {}, "0.0.0-20260101000000-abcdefabcdef")),
            "yes|0.0.0-20260101000000-abcdefabcdef is in [0, ...)|");
  const std::vector<AffectedRangeView> from_zero = {range(semver, {introduced("0.0.0")})};
  EXPECT_EQ(evaluate("Go", from_zero, {}, "0.0.0-20260101000000-abcdefabcdef").verdict,
            Verdict::not_affected);
  const std::vector<AffectedRangeView> from_first = {range(semver, {introduced("0.0.0-0")})};
  EXPECT_EQ(evaluate("crates.io", from_first, {}, "0.0.0-0").verdict, Verdict::affected);
}

TEST(Evaluate, StaysBelowOneOfTheLimits) {
  const auto with = [](std::string_view one) {
    return std::vector{range(ecosystem, {introduced("1"), limit(one), limit("2")})};
  };
  EXPECT_EQ(evaluate("PyPI", with("1.5"), {}, "1.9").verdict, Verdict::affected);
  EXPECT_EQ(evaluate("PyPI", with("1.5"), {}, "2").verdict, Verdict::not_affected);
  EXPECT_EQ(evaluate("PyPI", with("*"), {}, "99").verdict, Verdict::affected);
}

TEST(Evaluate, BelievesTheListLiterally) {
  EXPECT_EQ(text(evaluate("PyPI", {}, {"1.0", "1.1"}, "1.1")), "yes|1.1 is listed in versions|");
  EXPECT_EQ(evaluate("PyPI", {}, {"1.0"}, "1.0.0").verdict, Verdict::not_affected);
  EXPECT_EQ(evaluate("Linux", {}, {"a-tag"}, "a-tag").verdict, Verdict::affected);
}

TEST(Evaluate, JoinsRangesAndList) {
  const std::vector<AffectedRangeView> ranges = {range(ecosystem, {introduced("1"), fixed("2")}),
                                                 range(ecosystem, {introduced("3"), fixed("4")})};
  EXPECT_EQ(evaluate("PyPI", ranges, {"9"}, "1.5").verdict, Verdict::affected);
  EXPECT_EQ(evaluate("PyPI", ranges, {"9"}, "3.5").verdict, Verdict::affected);
  EXPECT_EQ(evaluate("PyPI", ranges, {"9"}, "9").verdict, Verdict::affected);
  EXPECT_EQ(evaluate("PyPI", ranges, {"9"}, "2.5").verdict, Verdict::not_affected);
}

// Many PyPI records list the commits first; a matcher that stops there loses them.
TEST(Evaluate, PassesOverCommits) {
  const std::string commit(40, 'a');
  const AffectedRangeView commits = range(git, {introduced("0"), fixed(commit)});
  const std::vector<AffectedRangeView> both = {commits,
                                               range(ecosystem, {introduced("0"), fixed("2")})};
  EXPECT_EQ(evaluate("PyPI", both, {}, "1").verdict, Verdict::affected);
  EXPECT_EQ(evaluate("PyPI", both, {}, "2").verdict, Verdict::not_affected);
  EXPECT_EQ(evaluate("PyPI", {commits}, {"1"}, "1").verdict, Verdict::affected);
  EXPECT_EQ(evaluate("PyPI", {commits}, {"1"}, "2").verdict, Verdict::not_affected);
  EXPECT_EQ(text(evaluate("PyPI", {commits}, {}, "1")),
            "open|the record lists commits, not versions|");
}

TEST(Evaluate, SaysWhatItCannotEvaluate) {
  const std::vector<AffectedRangeView> ranges = {range(ecosystem, {introduced("2"), fixed("3")})};
  EXPECT_EQ(text(evaluate("Linux", ranges, {}, "1")),
            "open|the versions of 'Linux' have no order here: its releases are branches: 6.1.50 is "
            "newer than 6.2, but has not all its changes|");
  EXPECT_EQ(text(evaluate("Cobol", ranges, {}, "1")),
            "open|the versions of 'Cobol' have no order here|");
  EXPECT_EQ(text(evaluate("PyPI", ranges, {}, "latest")),
            "open|'latest' is no version of the scheme 'pypi'|");
  const Evaluation partly = advisories::evaluate({"PyPI", ranges, Listed::no_list, true}, "1");
  EXPECT_EQ(text(partly), "open|a range of the record could not be read|");
  EXPECT_EQ(advisories::evaluate({"PyPI", ranges, Listed::no_list, true}, "2").verdict,
            Verdict::affected);
}

}  // namespace
}  // namespace lockstep::test
