// SPDX-License-Identifier: Apache-2.0
// Constraints of Composer against composer/semver's own vectors.
#include "versions/native/composer.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "versions/native/composer_version.hpp"
#include "versions/native/suite.hpp"

namespace lockstep::versions {

namespace {

using test_suite::answer;
using test_suite::rows_of;

std::string text_at(const Json& row, std::size_t at) {
  return row.items()[at].string_or("");
}

/// As composer/semver prints a constraint: "[>= 1.0.0.0-dev < 2.0.0.0-dev]", "== 1.0.0.0".
std::string printed(const NativeTerms& terms) {
  std::string text;
  for (const NativeTerm& term : terms) {
    const std::string sign =
        term.relation == Relation::equal ? "==" : to_text(NativeTerm{term.relation, ""});
    text += (text.empty() ? "" : " ") + sign + " " + term.version;
  }
  return terms.size() > 1 ? "[" + text + "]" : text;
}

std::string printed(const NativeRange& range) {
  std::string text;
  for (const NativeTerms& terms : range.alternatives)
    text += (text.empty() ? "" : " || ") + printed(terms);
  return range.alternatives.size() > 1 ? "[" + text + "]" : text;
}

NativeTerm term_of(const std::string& sign, const std::string& version) {
  for (const Relation relation : {Relation::not_equal, Relation::less, Relation::less_or_equal,
                                  Relation::greater, Relation::greater_or_equal}) {
    if (to_text(NativeTerm{relation, ""}) == sign) return {relation, version};
  }
  EXPECT_EQ(sign, "==");
  return {Relation::equal, version};
}

/// Whether two comparators have a version in common.
bool meet(const Json& row) {
  return composer_terms_meet(term_of(text_at(row, 0), text_at(row, 1)),
                             term_of(text_at(row, 2), text_at(row, 3)), {});
}

}  // namespace

TEST(ComposerConstraints, HoldWhatTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/composer");
  for (const Json& row : rows_of("composer/satisfiesProviderPositive"))
    EXPECT_EQ(answer(native_composer, text_at(row, 1), text_at(row, 0)), "yes")
        << to_canonical_json(row);
  for (const Json& row : rows_of("composer/satisfiesProviderNegative"))
    EXPECT_EQ(answer(native_composer, text_at(row, 1), text_at(row, 0)), "no")
        << to_canonical_json(row);
}

TEST(ComposerConstraints, BecomeTheComparatorsOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/composer");
  for (const Json& row : rows_of("composer/constraintProvider")) {
    const auto range = parse_native(native_composer, text_at(row, 0));
    EXPECT_EQ(range ? printed(*range) : "", text_at(row, 1)) << to_canonical_json(row);
  }
}

TEST(ComposerConstraints, MeetAsTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/composer");
  for (const Json& row : rows_of("composer/successfulVersionMatches"))
    EXPECT_TRUE(meet(row)) << to_canonical_json(row);
  for (const Json& row : rows_of("composer/failingVersionMatches"))
    EXPECT_FALSE(meet(row)) << to_canonical_json(row);
}

TEST(ComposerVersions, AreNormalisedAsTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/composer");
  for (const Json& row : rows_of("composer/successfulNormalizedVersions"))
    EXPECT_EQ(normal_composer(text_at(row, 0)).value_or("none"), text_at(row, 1))
        << to_canonical_json(row);
  for (const Json& row : rows_of("composer/failingNormalizedVersions"))
    EXPECT_FALSE(normal_composer(text_at(row, 0))) << to_canonical_json(row);
  for (const Json& row : rows_of("composer/isValidVersions"))
    EXPECT_EQ(normal_composer(text_at(row, 0)).has_value(), row.items()[1].as_bool())
        << to_canonical_json(row);
  for (const Json& row : rows_of("composer/successfulNormalizedBranches"))
    EXPECT_EQ(normal_composer_branch(text_at(row, 0)), text_at(row, 1)) << to_canonical_json(row);
}

TEST(ComposerVersions, HaveTheStabilityOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/composer");
  for (const Json& row : rows_of("composer/stabilityProvider"))
    EXPECT_EQ(composer_stability(text_at(row, 1)), text_at(row, 0)) << to_canonical_json(row);
  for (const Json& row : rows_of("composer/numericAliasVersions"))
    EXPECT_EQ(composer_numeric_alias(text_at(row, 0)).value_or(""), text_at(row, 1))
        << to_canonical_json(row);
}

}  // namespace lockstep::versions
