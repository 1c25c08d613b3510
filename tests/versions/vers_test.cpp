// SPDX-License-Identifier: Apache-2.0
#include "versions/vers.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace lockstep::versions {

namespace {

std::string code_of(const Result<Vers>& range) {
  return range ? "" : range.error().code;
}

bool holds(const std::string& vers, const std::string& version) {
  const auto range = parse_vers(vers);
  EXPECT_TRUE(range) << vers;
  const auto found = contains(*range, version);
  EXPECT_TRUE(found) << vers;
  return found && *found;
}

std::string native(const std::string& type, const std::string& text) {
  const auto range = vers_from_native(type, text);
  return range ? to_text(*range) : range.error().code;
}

}  // namespace

TEST(Vers, IsReadAndPutInOrder) {
  const auto range = parse_vers("vers:npm/<2.0.0|>=1.0.0|!=1.5.0");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->type, "npm");
  EXPECT_EQ(range->constraints,
            (std::vector<VersConstraint>{{Comparator::greater_or_equal, "1.0.0"},
                                         {Comparator::not_equal, "1.5.0"},
                                         {Comparator::less, "2.0.0"}}));
  EXPECT_EQ(to_text(*range), "vers:npm/>=1.0.0|!=1.5.0|<2.0.0");
  EXPECT_EQ(to_text(*parse_vers("vers:deb/1%3A2%7C3")), "vers:deb/1:2%7C3");
}

TEST(Vers, OtherTextsAreRefused) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"", "vers.scheme"},
      {"npm/1.0", "vers.scheme"},
      {"VERS:npm/1.0", "vers.scheme"},
      {"vers:npm", "vers.scheme"},
      {"vers:npm/1.0 |2.0", "vers.scheme"},
      {"vers:/1.0", "vers.type"},
      {"vers:NPM/1.0", "vers.type"},
      {"vers:1a/1.0", "vers.type"},
      {"vers:n%70m/1.0", "vers.type"},
      {"vers:invalid/1.0", "vers.type"},
      {"vers:npm/", "vers.constraint"},
      {"vers:npm/|1.0", "vers.constraint"},
      {"vers:npm/1.0|", "vers.constraint"},
      {"vers:npm/1.0||2.0", "vers.constraint"},
      {"vers:npm/=1.0", "vers.constraint"},
      {"vers:npm/>==1.0", "vers.constraint"},
      {"vers:npm/>", "vers.constraint"},
      {"vers:all/1.0", "vers.constraint"},
      {"vers:none/1.0", "vers.constraint"},
      {"vers:npm/*|1.0", "vers.encoding"},
      {"vers:npm/*1.0", "vers.encoding"},
      {"vers:npm/1.0%", "vers.encoding"},
      {"vers:npm/1.0%2", "vers.encoding"},
      {"vers:npm/1.0%ZZ", "vers.encoding"},
      {"vers:npm/1.0%0A", "vers.encoding"},
  };
  for (const auto& [text, code] : cases)
    EXPECT_EQ(code_of(parse_vers(text)), code) << text;
  EXPECT_EQ(code_of(parse_vers("vers:npm/" + std::string(max_vers_bytes, '1'))), "vers.size");
  std::string many = "vers:test/1";
  for (std::size_t i = 0; i < max_vers_constraints; ++i)
    many += "|1";
  EXPECT_EQ(code_of(parse_vers(many)), "vers.size");
}

/// Clause 5.4 of the specification.
TEST(Vers, CanonicalRangesAreSortedUniqueAndNotRedundant) {
  for (const char* text : {"vers:npm/*", "vers:npm/1.0.0", "vers:npm/1.0.0|>=2.0.0|<3.0.0",
                           "vers:npm/<1.0.0|>=2.0.0|!=2.5.0|<3.0.0|4.0.0", "vers:test/2|1"}) {
    EXPECT_EQ(code_of(parse_canonical_vers(text)), "") << text;
  }
  for (const char* text :
       {"vers:npm/2.0.0|1.0.0", "vers:npm/1.0.0|1.0.0", "vers:npm/1.0.0|!=1.0.0",
        "vers:npm/<1.0.0|<2.0.0", "vers:npm/>1.0.0|>=2.0.0", "vers:npm/1.0.0|<2.0.0",
        "vers:npm/>1.0.0|2.0.0", "vers:pypi/1.0|1.0.0"}) {
    EXPECT_EQ(code_of(parse_canonical_vers(text)), "vers.order") << text;
  }
}

TEST(Vers, ContainsWhatItsIntervalsHold) {
  EXPECT_TRUE(holds("vers:npm/*", "anything"));
  EXPECT_TRUE(holds("vers:all/*", "1"));
  EXPECT_FALSE(holds("vers:none/*", "1"));
  const std::string range = "vers:npm/<1.0.0|>=2.0.0|!=2.5.0|<3.0.0|4.0.0|>5.0.0";
  for (const char* version : {"0.9.9", "1.0.0-rc.1", "2.0.0", "2.4.9", "2.9.9", "4.0.0", "5.0.1"})
    EXPECT_TRUE(holds(range, version)) << version;
  for (const char* version : {"1.0.0", "1.5.0", "2.5.0", "3.0.0", "3.5.0", "4.0.1", "5.0.0"})
    EXPECT_FALSE(holds(range, version)) << version;
  EXPECT_TRUE(holds("vers:pypi/!=5", "4"));
  EXPECT_FALSE(holds("vers:pypi/!=5", "5.0"));
  EXPECT_FALSE(holds("vers:npm/>1.0.0|<3.0.0", "1.0.0"));
  EXPECT_FALSE(holds("vers:npm/>1.0.0|<3.0.0", "3.0.0"));
  const auto unknown = parse_vers("vers:test/1|>2");
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(contains(*unknown, "1"));
}

/// A slow obvious version: redundant constraints united, as the simplification of the specification
/// has it: of two openings the lower one holds, of two closings the higher one.
RC_GTEST_PROP(Vers, ContainsIsTheUnionOfIntervals, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 6);
  Vers range{"intdot", false, {}};
  std::vector<std::pair<int, bool>> ends;  // position, whether it opens
  int at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    at += *rc::gen::inRange(1, 3);
    const bool open = *rc::gen::arbitrary<bool>();
    ends.emplace_back(at, open);
    range.constraints.push_back(
        {open ? Comparator::greater : Comparator::less, std::to_string(at)});
  }
  for (int version = 0; version <= at + 1; ++version) {
    bool inside = false;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto [position, open] = ends[i];
      // Up to the end on the other side that ends the interval, or for ever.
      if (open && version > position) {
        std::size_t next = i + 1;
        while (next < ends.size() && ends[next].second)
          ++next;
        while (next + 1 < ends.size() && !ends[next + 1].second)
          ++next;
        inside = inside || next == ends.size() || version < ends[next].first;
      }
      if (!open && version < position) {
        std::size_t before = i;
        while (before > 0 && !ends[before - 1].second)
          --before;
        inside = inside || before == 0;
      }
    }
    const auto found = contains(range, std::to_string(version));
    RC_ASSERT(found.has_value());
    RC_ASSERT(*found == inside);
  }
}

/// Examples of the manuals of npm, RubyGems, Composer, Conan, NuGet, Maven and PEP 440.
TEST(Vers, IsMadeOfNativeRanges) {
  const std::vector<std::pair<std::pair<const char*, const char*>, const char*>> cases = {
      {{"npm", "1.2.3 - 2.3.4"}, "vers:npm/>=1.2.3|<=2.3.4"},
      {{"npm", "^0.0.3"}, "vers:npm/>=0.0.3|<0.0.4"},
      {{"npm", "^0"}, "vers:npm/>=0.0.0|<1.0.0"},
      {{"npm", "~1"}, "vers:npm/>=1.0.0|<2.0.0"},
      {{"npm", "~1.2.3"}, "vers:npm/>=1.2.3|<1.3.0"},
      {{"npm", "1.x || >=2.5.0"}, "vers:npm/>=1.0.0|<2.0.0|>=2.5.0"},
      {{"npm", "*"}, "vers:npm/*"},
      {{"gem", "~> 2.2"}, "vers:gem/>=2.2|<3"},
      {{"gem", "~> 2.2.0"}, "vers:gem/>=2.2.0|<2.3"},
      {{"gem", "!= 1.2.3"}, "vers:gem/!=1.2.3"},
      {{"pypi", "~= 1.4.5"}, "vers:pypi/>=1.4.5|<1.5"},
      {{"pypi", "!=2!1.0,<3"}, "vers:pypi/<3|!=2%211.0"},
      {{"pypi", "==1.4.*"}, "vers:pypi/>=1.4|<1.5"},
      {{"pypi", ">= 1.0, != 1.3.4.*, < 2.0"}, "vers.native"},
      {{"composer", "~1.2"}, "vers:composer/>=1.2.0|<2.0.0"},
      {{"composer", "~1.2.3"}, "vers:composer/>=1.2.3|<1.3.0"},
      {{"conan", "~2.5.1"}, "vers:conan/>=2.5.1|<2.6-"},
      {{"nuget", "[1.0]"}, "vers:nuget/1.0"},
      {{"nuget", "(1.0,)"}, "vers:nuget/>1.0"},
      {{"nuget", "1.0"}, "vers:nuget/>=1.0"},
      {{"nuget", "(1.0)"}, "vers.native"},
      {{"maven", "(,1.0],[1.2,)"}, "vers:maven/<=1.0|>=1.2"},
      {{"maven", "[1.0"}, "vers.native"},
      {{"nginx", "1.1.4-1.2.8, 1.3.9-1.4.0"}, "vers:nginx/>=1.1.4|<=1.2.8|>=1.3.9|<=1.4.0"},
      {{"nginx", "1.5.0+, 1.4.1+"}, "vers:nginx/>=1.4.1|<1.5.0|>=1.5.0"},
      {{"npm", ">"}, "vers.native"},
      {{"npm", "><1.0"}, "vers.native"},
      {{"cobol", "1"}, "vers.type"},
  };
  for (const auto& [given, expected] : cases)
    EXPECT_EQ(native(given.first, given.second), expected) << given.first << " " << given.second;
}

}  // namespace lockstep::versions
