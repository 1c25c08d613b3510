// SPDX-License-Identifier: Apache-2.0
// Version specifiers of Python against packaging's own vectors.
#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <rapidcheck/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "versions/coerce.hpp"
#include "versions/native/suite.hpp"
#include "versions/pypi.hpp"

namespace lockstep::versions {

namespace {

using test_suite::answer;
using test_suite::yes_or_no;

/// The cases of a file.
std::vector<Json> cases_of(const std::string& file) {
  std::vector<Json> cases;
  for (const Json& row : test_suite::rows_of("pep440/test_" + file))
    cases.push_back(row["case"]);
  return cases;
}

std::string text_at(const Json& row, std::size_t at) {
  return row.items()[at].string_or("");
}

std::optional<bool> flag_at(const Json& row, std::size_t at) {
  return row.items()[at].as_bool();
}

/// packaging's three-valued flag: what is set nearer counts.
NativeOptions options_of(std::optional<bool> outer, std::optional<bool> inner = std::nullopt) {
  const auto flag = inner ? inner : outer;
  if (!flag) return {};
  return {*flag ? Prereleases::all : Prereleases::none, false};
}

std::string specifier_answer(const std::string& range,
                             const std::string& version,
                             const NativeOptions& options = {}) {
  return answer(native_pypi, range, version, options);
}

bool is_prerelease(const std::string& version) {
  return specifier_answer("", version, {Prereleases::none, false}) == "no";
}

}  // namespace

TEST(Pep440Specifiers, HoldWhatTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/pep440");
  for (const char* file : {"specifiers-test_specifiers", "specifiers-test_arbitrary_equality",
                           "specifiers-test_comparison_ignores_local",
                           "specifiers-test_contains_arbitrary_equality_contains"}) {
    for (const Json& row : cases_of(file))
      EXPECT_EQ(specifier_answer(text_at(row, 1), text_at(row, 0)), yes_or_no(*flag_at(row, 2)))
          << file << to_canonical_json(row);
  }
  for (const char* file :
       {"specifiers-test_boundary_closure_short_release", "specifiers-test_invalid_version",
        "specifiers-test_contains_post_release_boundary_intersection"}) {
    for (const Json& row : cases_of(file))
      EXPECT_EQ(specifier_answer(text_at(row, 0), text_at(row, 1)), yes_or_no(*flag_at(row, 2)))
          << file << to_canonical_json(row);
  }
  for (const Json& row : cases_of("specifiers-test_contains_rejects_invalid_specifier"))
    EXPECT_EQ(specifier_answer(text_at(row, 0), text_at(row, 1)), "no") << to_canonical_json(row);
}

TEST(Pep440Specifiers, TakePrereleasesAsTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/pep440");
  for (const Json& row : cases_of("specifiers-test_specifiers_prereleases"))
    EXPECT_EQ(specifier_answer(text_at(row, 0), text_at(row, 1),
                               options_of(flag_at(row, 2), flag_at(row, 3))),
              yes_or_no(*flag_at(row, 4)))
        << to_canonical_json(row);
  for (const Json& row : cases_of("specifiers-test_contains_exclusionary_bridges"))
    EXPECT_EQ(specifier_answer(text_at(row, 0), text_at(row, 2), options_of(flag_at(row, 1))),
              yes_or_no(*flag_at(row, 3)))
        << to_canonical_json(row);
  // specifier, initial, set, version, initially, finally; the other file has them in another order
  for (const Json& row : cases_of("specifiers-test_specifier_prereleases_set")) {
    EXPECT_EQ(specifier_answer(text_at(row, 0), text_at(row, 3), options_of(flag_at(row, 1))),
              yes_or_no(*flag_at(row, 4)))
        << to_canonical_json(row);
    EXPECT_EQ(specifier_answer(text_at(row, 0), text_at(row, 3), options_of(flag_at(row, 2))),
              yes_or_no(*flag_at(row, 5)))
        << to_canonical_json(row);
  }
  for (const Json& row : cases_of("specifiers-test_specifier_prereleases_explicit")) {
    EXPECT_EQ(specifier_answer(text_at(row, 5), text_at(row, 2), options_of(flag_at(row, 0))),
              yes_or_no(*flag_at(row, 3)))
        << to_canonical_json(row);
    EXPECT_EQ(specifier_answer(text_at(row, 5), text_at(row, 2), options_of(flag_at(row, 1))),
              yes_or_no(*flag_at(row, 4)))
        << to_canonical_json(row);
  }
  // An installed pre-release is wanted.
  for (const Json& row : cases_of("specifiers-test_specifier_contains_installed_prereleases")) {
    const bool wanted = *flag_at(row, 4) && is_prerelease(text_at(row, 1));
    EXPECT_EQ(
        specifier_answer(text_at(row, 0), text_at(row, 1),
                         wanted ? options_of(true) : options_of(flag_at(row, 2), flag_at(row, 3))),
        yes_or_no(*flag_at(row, 5)))
        << to_canonical_json(row);
  }
}

TEST(Pep440Specifiers, AreReadOrRefusedAsTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/pep440");
  for (const char* file : {"specifiers-test_specifiers_valid", "specifiers-test_specifiers_hash",
                           "specifiers-test_specifierset_construction_is_lazy",
                           "specifiers-test_specifier_construction_is_lazy",
                           "specifiers-test_contains_equivalent_with_version_objects",
                           "specifiers-test_spec_version_cache_with_arbitrary_equality"}) {
    for (const Json& row : cases_of(file))
      EXPECT_TRUE(parse_native(native_pypi, *row.as_string())) << file << *row.as_string();
  }
  for (const Json& row : cases_of("specifiers-test_specifiers_invalid"))
    EXPECT_FALSE(parse_native(native_pypi, *row.as_string())) << *row.as_string();
  for (const Json& row : cases_of("specifiers-test_specifiers_normalized")) {
    const std::string version = *row.as_string();
    const bool local = version.find('+') != std::string::npos;
    for (const char* sign : {"~=", "==", "!=", "<=", ">=", "<", ">"}) {
      const bool takes_local = std::string_view(sign) == "==" || std::string_view(sign) == "!=";
      EXPECT_EQ(parse_native(native_pypi, sign + version).has_value(), takes_local || !local)
          << sign << version;
    }
  }
}

/// Which of some versions a tool takes: all that are in the range; when nobody says whether
/// pre-releases are wanted, it may leave them out for the sake of others.
TEST(Pep440Specifiers, KeepTheVersionsOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/pep440");
  const auto expect_kept = [](const Json& row, const std::string& range,
                              const NativeOptions& options, const Json& given,
                              const Json& expected) {
    for (const Json& each : given.items()) {
      const std::string version = *each.as_string();
      const bool kept = std::ranges::count(expected.items(), version,
                                           [](const Json& one) { return *one.as_string(); }) > 0;
      const bool may_be_left_out =
          options.prereleases == Prereleases::by_rule && is_prerelease(version);
      if (!kept && may_be_left_out) continue;
      EXPECT_EQ(specifier_answer(range, version, options), yes_or_no(kept))
          << version << to_canonical_json(row);
    }
  };
  for (const Json& row : cases_of("specifiers-test_specifier_filter"))
    expect_kept(row, text_at(row, 0), options_of(flag_at(row, 1), flag_at(row, 2)), row.items()[3],
                row.items()[4]);
  for (const Json& row : cases_of("specifiers-test_filter_exclusionary_bridges"))
    expect_kept(row, text_at(row, 0), options_of(flag_at(row, 1)), row.items()[2], row.items()[3]);
  for (const Json& row : cases_of("specifiers-test_empty_specifier_arbitrary_string"))
    expect_kept(row, "", options_of(flag_at(row, 0)), row.items()[1], row.items()[2]);
  for (const Json& row : cases_of("specifiers-test_empty_specifier_ordering_with_arbitrary"))
    expect_kept(row, "", {}, row.items()[0], row.items()[1]);
}

TEST(Pep440Specifiers, AreSetsAsTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/pep440");
  const auto range_of = [](const Json& text) {
    return *parse_native(native_pypi, *text.as_string());
  };
  for (const Json& row : cases_of("specifiers-test_is_subset"))
    EXPECT_EQ(is_within(range_of(row.items()[0]), range_of(row.items()[1])), flag_at(row, 2))
        << to_canonical_json(row);
  for (const Json& row : cases_of("specifiers-test_is_superset"))
    EXPECT_EQ(is_within(range_of(row.items()[1]), range_of(row.items()[0])), flag_at(row, 2))
        << to_canonical_json(row);
  for (const Json& row : cases_of("specifiers-test_is_disjoint"))
    EXPECT_EQ(intersects(range_of(row.items()[0]), range_of(row.items()[1])), !*flag_at(row, 2))
        << to_canonical_json(row);
  for (const Json& row : cases_of("specifiers-test_post_release_boundary_unsatisfiable"))
    EXPECT_EQ(intersects(range_of(row), range_of(row)), false) << to_canonical_json(row);
  for (const Json& row : cases_of("specifiers-test_set_relations_reject_arbitrary_equality")) {
    const auto left = range_of(row.items()[0]);
    const auto right = range_of(row.items()[1]);
    EXPECT_EQ(is_within(left, right), std::nullopt) << to_canonical_json(row);
    EXPECT_EQ(intersects(right, left), std::nullopt) << to_canonical_json(row);
  }
}

/// Against the slow obvious version: try all versions that the specifiers could tell apart.
RC_GTEST_PROP(Pep440Specifiers, AreSetsOfTheVersionsThatTheyHold, ()) {
  const std::vector<std::string> versions = {
      "0.9",      "1.0.dev0",       "1.0.dev1",  "1.0a1",     "1.0a1.post1", "1.0a2.dev1", "1.0",
      "1.0+a",    "1.0+b",          "1.0.post1", "1.0.post2", "1.0.post2+x", "1.0.1.dev0", "1.0.1",
      "1.1.dev0", "1.1.dev0+l",     "1.1",       "1.9",       "2.dev0",      "2",          "2.1",
      "1!0",      "1.0.post1.dev3", "1.0a1+l",   "1.0.dev1+l"};
  const auto specifier = [&] {
    static const std::vector<std::string> bounds = {"1.0",   "1",         "1.0.dev1",
                                                    "1.0a1", "1.0.post1", "2"};
    static const std::vector<std::string> more = {"==1.*", "!=1.0.*", "==1.0+a", "!=1.0+a",
                                                  "~=1.0"};
    const std::string sign =
        *rc::gen::elementOf(std::vector<std::string>{"<", "<=", "==", "!=", ">=", ">"});
    return *rc::gen::arbitrary<bool>() ? *rc::gen::elementOf(more)
                                       : sign + *rc::gen::elementOf(bounds);
  };
  const auto a = parse_native(native_pypi, specifier() + "," + specifier());
  const auto b = parse_native(native_pypi, specifier() + "," + specifier());
  RC_ASSERT(a && b);
  bool common = false;
  bool within = true;
  for (const std::string& version : versions) {
    common = common || (contains(*a, version) && contains(*b, version));
    within = within && (!contains(*a, version) || contains(*b, version));
  }
  if (common) RC_ASSERT(intersects(*a, *b) == true);
  if (!within) RC_ASSERT(is_within(*a, *b) == false);
  RC_ASSERT(is_within(*a, *a) == true);
  RC_ASSERT(intersects(*a, *b) == intersects(*b, *a));
}

TEST(Pep440Versions, AreNormalisedAsTheSuiteSays) {
  LS_NEEDS_SHARED("vuln/suites/version-native/pep440");
  for (const char* file : {"version-test_normalized_versions", "version-test_version_str_repr"}) {
    for (const Json& row : cases_of(file))
      EXPECT_EQ(normal_pypi(text_at(row, 0)), text_at(row, 1)) << to_canonical_json(row);
  }
  for (const char* file : {"version-test_pickle_roundtrip", "version-test_version_hash"}) {
    for (const Json& row : cases_of(file))
      EXPECT_TRUE(parse_pep440(*row.as_string())) << *row.as_string();
  }
  for (const Json& row : cases_of("version-test_invalid_versions"))
    EXPECT_FALSE(parse_pep440(*row.as_string())) << *row.as_string();
}

TEST(Pep440Versions, HaveThePartsOfTheSuite) {
  LS_NEEDS_SHARED("vuln/suites/version-native/pep440");
  const auto version_of = [](const Json& row) {
    return *parse_pep440(*row.items()[0].as_string());
  };
  const auto number_or_null = [](const Pep440Part& part) {
    return part.place == Pep440Place::given ? std::string(part.number) : "null";
  };
  for (const Json& row : cases_of("version-test_version_epoch"))
    EXPECT_EQ("0" + std::string(version_of(row).epoch),
              (*row.items()[1].as_int() == 0 ? "0" : "0" + to_canonical_json(row.items()[1])));
  for (const Json& row : cases_of("version-test_version_post"))
    EXPECT_EQ(number_or_null(version_of(row).post), to_canonical_json(row.items()[1]));
  for (const Json& row : cases_of("version-test_version_dev"))
    EXPECT_EQ(number_or_null(version_of(row).dev), to_canonical_json(row.items()[1]));
  for (const Json& row : cases_of("version-test_version_local"))
    EXPECT_EQ(version_of(row).local, text_at(row, 1));
  for (const Json& row : cases_of("version-test_version_is_prerelease"))
    EXPECT_EQ(is_prerelease(text_at(row, 0)), flag_at(row, 1)) << to_canonical_json(row);
  for (const Json& row : cases_of("version-test_version_is_devrelease"))
    EXPECT_EQ(version_of(row).dev.place == Pep440Place::given, flag_at(row, 1));
  for (const Json& row : cases_of("version-test_version_is_postrelease"))
    EXPECT_EQ(version_of(row).post.place == Pep440Place::given, flag_at(row, 1));
  for (const Json& row : cases_of("version-test_version_release")) {
    std::string numbers;
    for (const Json& number : row.items()[1].items())
      numbers += (numbers.empty() ? "" : ".") + to_canonical_json(number);
    EXPECT_EQ(version_of(row).release, numbers);
  }
  for (const Json& row : cases_of("version-test_version_pre")) {
    const Pep440Part pre = version_of(row).pre;
    const char* word = pre.place == Pep440Place::alpha       ? "a"
                       : pre.place == Pep440Place::beta      ? "b"
                       : pre.place == Pep440Place::candidate ? "rc"
                                                             : "";
    const Json& expected = row.items()[1];
    EXPECT_EQ(word, expected.is_array() ? expected.items()[0].string_or("") : "");
    if (!expected.is_array()) continue;
    EXPECT_EQ(pre.number, to_canonical_json(expected.items()[1]));
  }
  for (const Json& row : cases_of("version-test_version_public")) {
    const std::string normal = normal_pypi(text_at(row, 0));
    EXPECT_EQ(normal.substr(0, normal.find('+')), text_at(row, 1));
  }
  for (const Json& row : cases_of("version-test_version_base_version")) {
    const Pep440 version = version_of(row);
    const std::string epoch = version.epoch.empty() ? "" : std::string(version.epoch) + "!";
    EXPECT_EQ(epoch + std::string(version.release), text_at(row, 1));
  }
}

}  // namespace lockstep::versions
