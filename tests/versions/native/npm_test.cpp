// SPDX-License-Identifier: Apache-2.0
// Ranges of npm against node-semver's own vectors, and against its manual.
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "versions/native/npm_increment.hpp"
#include "versions/native/suite.hpp"

namespace lockstep::versions {

namespace {

using test_suite::answer;
using test_suite::rows_of;

/// The third value of a row: `true` for loose, or an object of options.
NativeOptions options_of(const std::vector<Json>& row, std::size_t at) {
  NativeOptions options;
  if (row.size() <= at) return options;
  const Json& given = row[at];
  // JavaScript takes every value but false, null, 0 and "" for true.
  const auto is_true = [](const Json& value) {
    return value.as_bool().value_or(false) || value.as_int().value_or(0) != 0;
  };
  options.is_loose = given.is_object() ? is_true(given["loose"]) : is_true(given);
  if (given.is_object() && is_true(given["includePrerelease"])) {
    options.prereleases = Prereleases::all;
  }
  return options;
}

std::vector<Json> items_of(const Json& row) {
  return {row.items().begin(), row.items().end()};
}

/// What is no range, and what is no version, is not included.
void expect_answers(const std::string& file, bool included) {
  for (const Json& row : rows_of("npm/" + file)) {
    const auto items = items_of(row);
    const std::string found =
        answer(native_npm, *items[0].as_string(), items[1].string_or(""), options_of(items, 2));
    EXPECT_EQ(found == "yes", included) << to_canonical_json(row) << found;
  }
}

/// Whether each version is above (or below) its range.
void expect_beside(const std::string& file,
                   bool (*is_beside)(const NativeRange&, std::string_view),
                   bool expected) {
  for (const Json& row : rows_of("npm/" + file)) {
    const auto items = items_of(row);
    const auto range = parse_native(native_npm, *items[0].as_string(), options_of(items, 2));
    ASSERT_TRUE(range) << to_canonical_json(row);
    EXPECT_EQ(is_beside(*range, *items[1].as_string()), expected) << to_canonical_json(row);
  }
}

void expect_intersections(const std::string& file) {
  for (const Json& row : rows_of("npm/" + file)) {
    const auto items = items_of(row);
    const NativeOptions options = {items.size() > 3 && items[3].as_bool().value_or(false)
                                       ? Prereleases::all
                                       : Prereleases::by_rule,
                                   false};
    const auto a = parse_native(native_npm, *items[0].as_string(), options);
    const auto b = parse_native(native_npm, *items[1].as_string(), options);
    ASSERT_TRUE(a && b) << to_canonical_json(row);
    EXPECT_EQ(intersects(*a, *b), *items[2].as_bool()) << to_canonical_json(row);
    EXPECT_EQ(intersects(*b, *a), *items[2].as_bool()) << to_canonical_json(row);
  }
}

}  // namespace

TEST(NpmRanges, HoldWhatTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/npm");
  expect_answers("range-include", true);
  expect_answers("range-exclude", false);
}

TEST(NpmRanges, BecomeTheComparatorsOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/npm");
  for (const Json& row : rows_of("npm/range-parse")) {
    const auto items = items_of(row);
    const auto range = parse_native(native_npm, *items[0].as_string(), options_of(items, 2));
    EXPECT_EQ(range ? to_text(*range) : "", items[1].string_or("")) << to_canonical_json(row);
  }
}

TEST(NpmRanges, LieBesideVersionsAsTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/npm");
  expect_beside("version-gt-range", is_above, true);
  expect_beside("version-not-gt-range", is_above, false);
  expect_beside("version-lt-range", is_below, true);
  expect_beside("version-not-lt-range", is_below, false);
}

TEST(NpmRanges, IntersectAsTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/npm");
  expect_intersections("range-intersection");
  expect_intersections("comparator-intersection");
}

/// A row is a version, a step, the result, and if given: loose, an identifier, the first number.
TEST(NpmVersions, AreFollowedByTheOnesOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/npm");
  for (const Json& row : rows_of("npm/increments")) {
    const auto items = items_of(row);
    // The place of the flag may hold the identifier.
    const bool shifted = items.size() == 4 && items[3].is_string();
    const std::string identifier = shifted            ? items[3].string_or("")
                                   : items.size() > 4 ? items[4].string_or("")
                                                      : "";
    PrereleaseBase base = PrereleaseBase::zero;
    if (items.size() > 5) {
      const bool one = items[5].as_int() == 1 || items[5].string_or("") == "1";
      base = one                           ? PrereleaseBase::one
             : items[5].as_bool() == false ? PrereleaseBase::none
                                           : PrereleaseBase::zero;
    }
    EXPECT_EQ(next_npm_version(*items[0].as_string(), *items[1].as_string(), identifier, base,
                               options_of(items, 3).is_loose)
                  .value_or(""),
              items[2].string_or(""))
        << to_canonical_json(row);
  }
}

}  // namespace lockstep::versions
