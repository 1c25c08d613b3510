// SPDX-License-Identifier: Apache-2.0
// Every file of version-native, vers and osv-semantic is answered by a test, or named here with the
// reason why it is not.
#include <algorithm>
#include <array>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "support/paths.hpp"

namespace lockstep::versions {

namespace {

struct Excuse {
  std::string_view file;
  std::string_view reason;
};

constexpr std::array excused = {
    Excuse{"npm/truncations", "cuts the text of a version, compares none"},
    Excuse{"pep440/test_specifiers-test_iteration", "how an object is walked through"},
    Excuse{"composer/invalidOperators", "made of objects: an operator that no text can hold"},
    Excuse{"composer/satisfiedByProvider", "lists without the constraint that they are tried with"},
    Excuse{"composer/sortProvider", "lists without the list that they are sorted into"},
    Excuse{"nuget/FloatingRangeTests-FloatingRange_FloatAbsoluteLatest", "holds no text"},
    Excuse{"nuget/NuGetVersionTest-EqualsReturnsFalseIfComparingANonSemVerType", "types of C#"},
    Excuse{"nuget/NuGetVersionTest-NuGetVersionKeepsOriginalVersionString",
           "how an object prints its own text"},
    Excuse{"nuget/NuGetVersionTest-ParseReadsSemverAndHybridSemverVersionNumbers",
           "fields of an object"},
    Excuse{"nuget/NuGetVersionTest-StringConstructorParsesValuesCorrectly", "fields of an object"},
    Excuse{"nuget/NuGetVersionTest-ToStringConstructedFromVersionAndSpecialVersionConstructor",
           "made of the parts of a version"},
    Excuse{"nuget/NuGetVersionTest-ToStringFromStringFormat", "made of the parts of a version"},
    Excuse{"nuget/NuGetVersionTest-ToStringReturnsOriginalValueForNonSemVer2",
           "how an object prints its own text"},
    Excuse{"nuget/VersionParsingTests-FullVersionParsing", "how an object prints its own text"},
    Excuse{"nuget/VersionParsingTests-ReleaseLabelParsing", "fields of an object"},
    Excuse{"nuget/VersionParsingTests-SpecialVersionParsing", "fields of an object"},
    Excuse{"nuget/VersionParsingTests-VersionLength", "how an object prints its own text"},
    Excuse{"nuget/VersionRangeTests-ParseVersionRangeToString",
           "how an object prints itself in brackets"},
    Excuse{"nuget/VersionRangeTests-ParseVersionRangeToStringShortHand",
           "how an object prints itself in brackets"},
    Excuse{"nuget/VersionRangeTests-VersionRange_Equals",
           "equality of objects, where what floats counts"},
    Excuse{"pep440/test_specifiers-test_arbitrary_equality_is_intersection_preserving",
           "holds no results"},
    Excuse{"pep440/test_specifiers-test_comparison_canonicalizes", "equality of objects"},
    Excuse{"pep440/test_specifiers-test_contains_equivalent", "flags of an object"},
    Excuse{"pep440/test_specifiers-test_contains_identical_across_canonicalization",
           "holds no results"},
    Excuse{"pep440/test_specifiers-test_contains_oversized_version_raises_valueerror",
           "the size of Python's numbers"},
    Excuse{"pep440/test_specifiers-test_empty_specifierset_filter_with_key",
           "a function of Python as argument"},
    Excuse{"pep440/test_specifiers-test_filter_equivalent", "flags of an object"},
    Excuse{"pep440/test_specifiers-test_length", "how many parts an object has"},
    Excuse{"pep440/test_specifiers-test_pickle_specifier_roundtrip", "how Python stores objects"},
    Excuse{"pep440/test_specifiers-test_pickle_specifierset_roundtrip",
           "how Python stores objects"},
    Excuse{"pep440/test_specifiers-test_set_relations_raise_on_prerelease_policy_mismatch",
           "flags of objects"},
    Excuse{"pep440/test_specifiers-test_set_relations_require_specifierset", "types of Python"},
    Excuse{"pep440/test_specifiers-test_spec_version_cache_compatible_operator",
           "holds no results"},
    Excuse{"pep440/test_specifiers-test_spec_version_cache_consistency", "holds no results"},
    Excuse{"pep440/test_specifiers-test_spec_version_cache_with_wildcards", "holds no results"},
    Excuse{"pep440/test_specifiers-test_specifier_filter_with_key",
           "a function of Python as argument"},
    Excuse{"pep440/test_specifiers-test_specifier_operator_property", "fields of an object"},
    Excuse{"pep440/test_specifiers-test_specifier_prereleases_detection", "fields of an object"},
    Excuse{"pep440/test_specifiers-test_specifier_version_property", "fields of an object"},
    Excuse{"pep440/test_specifiers-test_specifiers_combine", "how an object prints itself"},
    Excuse{"pep440/test_specifiers-test_specifiers_str_and_repr", "how an object prints itself"},
    Excuse{"pep440/test_specifiers-test_specifierset_filter_with_key",
           "a function of Python as argument"},
    Excuse{"pep440/test_specifiers-test_to_specifier_set_roundtrip_matches", "flags of an object"},
    Excuse{"pep440/test_version-test_base_version_notimplemented_with_non_base_version",
           "operators of Python"},
    Excuse{"pep440/test_version-test_compare_other", "operators of Python"},
    Excuse{"pep440/test_version-test_dunder_op_returns_notimplemented", "operators of Python"},
    Excuse{"pep440/test_version-test_from_parts", "made of the parts of a version"},
    Excuse{"pep440/test_version-test_oversized_version_raises_valueerror",
           "the size of Python's numbers"},
};

std::string text_of_tests() {
  std::string text;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(test::source_path("tests/versions"))) {
    if (entry.path().extension() == ".cpp" && entry.path().stem() != "coverage_test")
      text += test::read_file(entry.path().string());
  }
  return text;
}

/// The last word of a file's name: the tests of a folder may name its common beginning once.
std::string_view last_word(std::string_view stem) {
  const std::size_t hyphen = stem.rfind('-');
  return hyphen == std::string_view::npos ? stem : stem.substr(hyphen + 1);
}

/// "npm/range-include" of each file with cases below a suite; the rest of a name is dropped.
std::set<std::string> files_of(const std::string& suite) {
  std::set<std::string> files;
  const std::filesystem::path root = test::shared_path("vuln/suites/" + suite);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const auto relative = entry.path().lexically_relative(root);
    if (!entry.is_regular_file() || *relative.begin() == "reference") continue;
    files.insert((relative.parent_path() / relative.stem()).generic_string());
  }
  return files;
}

bool is_excused(const std::string& file) {
  return std::ranges::find(excused, file, &Excuse::file) != excused.end();
}

}  // namespace

TEST(SuiteCoverage, EachFileIsAnsweredOrExcused) {
  LS_NEEDS_SHARED("vuln/suites/version-native");
  const std::string tests = text_of_tests();
  for (const char* suite : {"version-native", "vers", "osv-semantic"}) {
    for (const std::string& file : files_of(suite)) {
      const std::string stem = std::filesystem::path(file).filename().string();
      const bool answered =
          tests.find(stem) != std::string::npos || tests.find(last_word(stem)) != std::string::npos;
      EXPECT_TRUE(answered || is_excused(file)) << suite << "/" << file;
    }
  }
}

/// A file that is answered after all, or is no more, leaves the list.
TEST(SuiteCoverage, NoExcuseIsStale) {
  LS_NEEDS_SHARED("vuln/suites/version-native");
  const std::string tests = text_of_tests();
  const auto files = files_of("version-native");
  for (const Excuse& each : excused) {
    EXPECT_TRUE(files.contains(std::string(each.file))) << each.file;
    EXPECT_FALSE(each.reason.empty()) << each.file;
    const std::string stem = std::filesystem::path(each.file).filename().string();
    EXPECT_EQ(tests.find("\"" + stem + "\""), std::string::npos) << each.file;
  }
}

}  // namespace lockstep::versions
