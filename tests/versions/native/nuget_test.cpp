// SPDX-License-Identifier: Apache-2.0
// Ranges of NuGet against NuGet's own vectors.
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "versions/native/suite.hpp"
#include "versions/semver.hpp"

namespace lockstep::versions {

namespace {

using test_suite::answer;
using test_suite::rows_of;
using test_suite::yes_or_no;

std::string nuget_range(const std::string& text) {
  const auto range = parse_native(native_nuget, text);
  return range ? to_text(*range) : range.error().code;
}

/// "(>= 1.0.0 && < 2.0.0)"
std::string pretty(const std::string& text) {
  const auto range = parse_native(native_nuget, text);
  if (!range) return range.error().code;
  std::string out;
  for (const NativeTerm& term : range->alternatives[0]) {
    const std::string sign = to_text(NativeTerm{term.relation, ""});
    out += (out.empty() ? "" : " && ") + (sign.empty() ? "=" : sign) + " " + term.version;
  }
  return "(" + out + ")";
}

}  // namespace

TEST(NugetRanges, HoldWhatTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  for (const Json& row : rows_of("nuget/VersionRangeTests-ParseVersionRangeSatisfies"))
    EXPECT_EQ(answer(native_nuget, *row["spec"].as_string(), *row["version"].as_string()), "yes")
        << to_canonical_json(row);
  for (const Json& row : rows_of("nuget/VersionRangeTests-ParseVersionRangeDoesNotSatisfy"))
    EXPECT_EQ(answer(native_nuget, *row["spec"].as_string(), *row["version"].as_string()), "no")
        << to_canonical_json(row);
  for (const Json& row : rows_of("nuget/VersionRangeTests-VersionRange_IsBetter_Prerelease")) {
    EXPECT_EQ(answer(native_nuget, *row["rangeString"].as_string(),
                     *row["versionString"].as_string(), {Prereleases::none, false}),
              yes_or_no(*row["expected"].as_bool()))
        << to_canonical_json(row);
  }
}

TEST(NugetRanges, BecomeTheComparatorsOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  for (const Json& row : rows_of("nuget/VersionRangeTests-VersionRange_PrettyPrintTests"))
    EXPECT_EQ(pretty(*row["versionString"].as_string()), *row["expected"].as_string())
        << to_canonical_json(row);
  for (const Json& row :
       rows_of("nuget/VersionRangeTests-VersionRange_MissingVersionComponents_DefaultToZero")) {
    EXPECT_EQ(nuget_range(*row["shortVersionSpec"].as_string()),
              nuget_range(*row["longVersionSpec"].as_string()))
        << to_canonical_json(row);
  }
}

TEST(NugetRanges, FloatFromTheLeastVersionOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  for (const Json& row : rows_of("nuget/FloatingRangeTests-FloatRange_ParsesCorrectMinVersion"))
    EXPECT_EQ(nuget_range(*row["versionRange"].as_string()),
              ">=" + *row["normalizedMinVersion"].as_string())
        << to_canonical_json(row);
}

TEST(NugetRanges, OtherTextsAreRefused) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  const std::vector<std::pair<const char*, const char*>> invalid = {
      {"FloatingRangeTests-FloatingRange_Parse_Invalid", "floatVersionString"},
      {"FloatingRangeTests-FloatingRange_TryParse_Invalid", "floatVersionString"},
      {"VersionRangeTests-ParseVersionRangeWithBadVersionThrows", "version"},
      {"VersionRangeTests-Parse_Illogical_VersionRange_Throws", "range"},
  };
  for (const auto& [file, field] : invalid) {
    for (const Json& row : rows_of(std::string("nuget/") + file))
      EXPECT_EQ(nuget_range(row[field].string_or("")), "vers.native") << to_canonical_json(row);
  }
}

TEST(NugetRanges, AreReadAsTheSuiteHasThem) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  const std::vector<std::pair<const char*, const char*>> valid = {
      {"FloatingRangeTests-FloatRange_ParseBasic", "version"},
      {"FloatingRangeTests-FloatingRange_Parse_Valid", "floatVersionString"},
      {"FloatingRangeTests-FloatingRange_TryParse_Valid", "floatVersionString"},
      {"VersionRangeTests-ParsedVersionRangeHasOriginalString", "range"},
      {"VersionRangeTests-StringFormatNullProvider", "range"},
      {"VersionRangeTests-StringFormatNullProvider2", "range"},
      {"VersionRangeTests-VersionRange_IncludePrerelease", "s"},
      {"VersionRangeTests-VersionRange_NormalizationRoundTripsTest", "versionString"},
      {"VersionRangeTests-VersionRange_VerifyNonSnapshotVersion", "snapshot"},
  };
  for (const auto& [file, field] : valid) {
    for (const Json& row : rows_of(std::string("nuget/") + file))
      EXPECT_NE(nuget_range(*row[field].as_string()), "vers.native") << to_canonical_json(row);
  }
}

TEST(NugetRanges, HaveTheEndsOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  for (const Json& row :
       rows_of("nuget/VersionRangeTests-ParseVersionParsesTokensVersionsCorrectly")) {
    const auto range = parse_native(native_nuget, *row["versionString"].as_string());
    ASSERT_TRUE(range);
    for (const auto& [field, included] : {std::pair("min", "incMin"), std::pair("max", "incMax")}) {
      const auto end = row[field].as_string();
      if (end == nullptr) continue;
      EXPECT_EQ(contains(*range, *end), row[included].as_bool()) << to_canonical_json(row);
    }
  }
  for (const char* file : {"ParseVersionRangeParts", "ParseVersionRangeToStringReParse"}) {
    for (const Json& row : rows_of(std::string("nuget/VersionRangeTests-") + file)) {
      const std::string min = *row["minString"].as_string();
      const std::string max = *row["maxString"].as_string();
      const std::string text = (*row["minInc"].as_bool() ? "[" : "(") + min + ", " + max +
                               (*row["maxInc"].as_bool() ? "]" : ")");
      EXPECT_EQ(answer(native_nuget, text, min), yes_or_no(*row["minInc"].as_bool())) << text;
      EXPECT_EQ(answer(native_nuget, text, max), yes_or_no(*row["maxInc"].as_bool())) << text;
    }
  }
}

TEST(NugetVersions, FollowSemverToTheLetterWhereTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  const std::vector<std::pair<const char*, bool>> files = {
      {"NuGetVersionTest-TryParseReturnsFalseWhenUnableToParseString", false},
      {"SemVer201SpecTests-SemVerVersionInvalidReleaseId", false},
      {"SemVer201SpecTests-SemVerVersionInvalidReleaseLabelChars", false},
      {"SemVer201SpecTests-SemVerVersionLeadingZeros", false},
      {"SemVer201SpecTests-SemVerVersionMetadataInvalidChars", false},
      {"SemVer201SpecTests-SemVerVersionMetadataNonEmptyParts", false},
      {"SemVer201SpecTests-SemVerVersionNegativeNumbers", false},
      {"SemVer201SpecTests-SemVerVersionReleaseLabelZeros", false},
      {"SemVer201SpecTests-SemVerVersionMetadataLeadingZeros", true},
      {"SemVer201SpecTests-SemVerVersionMetadataOrder", true},
      {"SemVer201SpecTests-SemVerVersionMetadataValidChars", true},
      {"SemVer201SpecTests-SemVerVersionReleaseLabelValidZeros", true},
      {"SemVer201SpecTests-SemVerVersionValidReleaseLabels", true},
      {"SemVer201SpecTests-SemVerVersionValidZeros", true},
      {"SemanticVersionTests-ParseSemanticVersionStrict", true},
      {"SemanticVersionTests-SemanticVersionStrictEquality", true},
      {"SemanticVersionTests-SemanticVersionStrictEqualityPreRelease", true},
  };
  for (const auto& [file, valid] : files) {
    for (const Json& row : rows_of(std::string("nuget/") + file))
      EXPECT_EQ(semver.is_valid(row["versionString"].string_or("")), valid)
          << to_canonical_json(row);
  }
  for (const Json& row :
       rows_of("nuget/SemanticVersionTests-TryParseStrictReturnsFalseIfVersionIsNotStrictSemVer"))
    EXPECT_FALSE(semver.is_valid(*row["version"].as_string())) << to_canonical_json(row);
  for (const Json& row : rows_of("nuget/SemVer201SpecTests-SemVerVersionMustBe3Parts"))
    EXPECT_EQ(semver.is_valid(*row["version"].as_string()), row["expected"].as_bool())
        << to_canonical_json(row);
}

TEST(NugetVersions, HaveThePartsOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  for (const Json& row : rows_of("nuget/VersionParsingTests-IsPrereleaseParsing"))
    EXPECT_EQ(answer(native_nuget, "(, )", *row["version"].as_string(), {Prereleases::none, false}),
              yes_or_no(!*row["expected"].as_bool()))
        << to_canonical_json(row);
  for (const Json& row : rows_of("nuget/VersionParsingTests-HasMetadataParsing"))
    EXPECT_EQ(!build_metadata(*row["version"].as_string()).empty(), row["expected"].as_bool())
        << to_canonical_json(row);
  for (const Json& row : rows_of("nuget/VersionParsingTests-MetadataParsing"))
    EXPECT_EQ(build_metadata(*row["version"].as_string()), *row["expected"].as_string())
        << to_canonical_json(row);
  for (const Json& row : rows_of("nuget/NuGetVersionTest-ToStringReturnsNormalizedForSemVer2"))
    EXPECT_EQ(nuget_range("[" + *row["version"].as_string() + "]"), *row["expected"].as_string())
        << to_canonical_json(row);
  for (const Json& row : rows_of("nuget/VersionParsingTests-VersionParsing")) {
    const auto numbers = strict_semver(*row["version"].as_string());
    ASSERT_TRUE(numbers) << to_canonical_json(row);
    EXPECT_EQ(numbers->major, to_canonical_json(row["major"]));
    EXPECT_EQ(numbers->minor, to_canonical_json(row["minor"]));
    EXPECT_EQ(numbers->patch, to_canonical_json(row["patch"]));
  }
}

}  // namespace lockstep::versions
