// SPDX-License-Identifier: Apache-2.0
// The laws of an order, for every scheme, on generated versions and on all short nasty texts; and
// the rows where a scheme's own tool cannot be the judge.
#include <algorithm>
#include <compare>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "versions/scheme.hpp"

namespace lockstep::versions {

namespace {

/// Pieces that versions are made of, and some that they are not.
const std::vector<std::string> pieces = {
    "0",    "1",     "2",  "10", "01",       "00",    "999999999999999999999",
    ".",    "-",     "_",  "+",  "~",        ":",     "!",
    "v",    "a",     "b",  "m",  "rc",       "alpha", "dev",
    "post", "final", "ga", "sp", "SNAPSHOT", "foo",   "Z",
    "^",    "_rc",   "_p", "-r", " ",        "=",     "\xc3\xa9",
    "\xff"};

rc::Gen<std::string> any_version() {
  return rc::gen::map(
      rc::gen::resize(8, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))),
      [](const std::vector<std::string>& chosen) {
        std::string text;
        for (const std::string& piece : chosen)
          text += piece;
        return text;
      });
}

int sign(std::weak_ordering order) {
  return std::is_lt(order) ? -1 : std::is_gt(order) ? 1 : 0;
}

/// All texts of up to `length` characters of the alphabet.
std::vector<std::string> all_texts(const std::string& alphabet, std::size_t length) {
  std::vector<std::string> texts = {""};
  for (std::size_t start = 0, size = 0; size < length; ++size) {
    const std::size_t end = texts.size();
    for (std::size_t i = start; i < end; ++i) {
      for (const char c : alphabet)
        texts.push_back(texts[i] + c);
    }
    start = end;
  }
  return texts;
}

/// Sorts the texts and then holds every pair against the sorted order: this finds any three that
/// do not fit together, without looking at all triples.
void expect_total_order(const Scheme& scheme, std::vector<std::string> texts) {
  std::ranges::sort(texts, [&](const std::string& a, const std::string& b) {
    return std::is_lt(scheme.compare(a, b));
  });
  std::vector<std::size_t> rank(texts.size(), 0);
  for (std::size_t i = 1; i < texts.size(); ++i) {
    rank[i] = rank[i - 1] + (std::is_eq(scheme.compare(texts[i - 1], texts[i])) ? 0 : 1);
  }
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < texts.size() && wrong < 10; ++i) {
    for (std::size_t j = 0; j < texts.size(); ++j) {
      if (sign(scheme.compare(texts[i], texts[j])) == sign(rank[i] <=> rank[j])) continue;
      ADD_FAILURE() << scheme.name << ": '" << texts[i] << "' and '" << texts[j] << "'";
      ++wrong;
    }
  }
}

void expect_sorted(const Scheme& scheme, const std::vector<std::string>& sorted) {
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(sign(scheme.compare(sorted[i], sorted[j])), sign(i <=> j))
          << sorted[i] << " and " << sorted[j];
    }
  }
}

}  // namespace

RC_GTEST_PROP(VersionLaws, AVersionEqualsItself, ()) {
  const std::string a = *any_version();
  for (const Scheme* scheme : schemes())
    RC_ASSERT(sign(scheme->compare(a, a)) == 0);
}

RC_GTEST_PROP(VersionLaws, TheOrderIsAntisymmetric, ()) {
  const std::string a = *any_version();
  const std::string b = *any_version();
  for (const Scheme* scheme : schemes()) {
    RC_ASSERT(sign(scheme->compare(a, b)) == -sign(scheme->compare(b, a)));
  }
}

RC_GTEST_PROP(VersionLaws, TheOrderIsTransitive, ()) {
  std::vector<std::string> three = {*any_version(), *any_version(), *any_version()};
  for (const Scheme* scheme : schemes()) {
    if (!scheme->is_transitive) continue;
    std::ranges::sort(three);
    do {
      const int ab = sign(scheme->compare(three[0], three[1]));
      const int bc = sign(scheme->compare(three[1], three[2]));
      const int ac = sign(scheme->compare(three[0], three[2]));
      if (ab <= 0 && bc <= 0) RC_ASSERT(ac == std::min(ab, bc));
    } while (std::ranges::next_permutation(three).found);
  }
}

TEST(VersionLaws, AllShortTextsAreInOneOrder) {
  for (const Scheme* scheme : schemes()) {
    if (scheme != &semver && scheme->compare == semver.compare) continue;
    if (!scheme->is_transitive) continue;
    expect_total_order(*scheme, all_texts("01a.-", 4));
    expect_total_order(*scheme, all_texts("0v~+:! _", 3));
  }
}

/// The odd corners of Maven, where Maven's own order has cycles.
TEST(VersionLaws, MavenWordsAreInOneOrder) {
  std::vector<std::string> texts;
  for (const char* first : {"1", "1.0", "1.0.0", "1-0", "1.ga", "1-ga.0"}) {
    for (const char* mark : {".", "-"}) {
      for (const char* second : {"alpha", "rc", "final", "sp", "foo", "0", "1"}) {
        for (const char* third : {"", ".1", "-1", ".foo", "-rc", ".0.2", "-0.ga"}) {
          texts.push_back(std::string(first) + mark + second + third);
        }
      }
    }
  }
  expect_total_order(maven, texts);
}

TEST(MavenVersions, WordsAfterADotComeBeforeWordsAfterAHyphen) {
  expect_sorted(maven,
                {"1.alpha", "1.rc1", "1-alpha", "1-rc1", "1.0.beta8", "1.0.0.alpha", "1", "1.sp",
                 "1.foo", "1-sp", "1-foo", "1-1", "1.0.sp", "1.0.foo", "1.0.0.foo", "1.0.1"});
}

/// The two orders with a rule that is not transitive, on texts to which the rule does not apply.
TEST(VersionLaws, OddOrdersAreTotalWithoutTheirOddity) {
  expect_total_order(packagist, all_texts("01a.-", 4));
  expect_total_order(packagist, {"1", "1.0", "1.dev", "1.a", "1-a1", "1.b2", "1.RC", "1.rc1", "1.p",
                                 "1.p1", "1.foo", "1.BETA", "v1", "V1.1", "dev-x", ""});
  expect_total_order(alpm,
                     {"1", "1.0", "1.1", "1.a", "1a", "1b", "1.0.1", "1:0", "2:1", "0.9", "a"});
}

/// "#" is every number and the end; an absent release is every release.
TEST(VersionLaws, TheOddOrdersAreOdd) {
  EXPECT_EQ(sign(packagist.compare("1.2.#", "1.2")), 0);
  EXPECT_EQ(sign(packagist.compare("1.2.#", "1.2.1")), 0);
  EXPECT_EQ(sign(packagist.compare("1.2", "1.2.1")), -1);
  EXPECT_EQ(sign(alpm.compare("1.5", "1.5-1")), 0);
  EXPECT_EQ(sign(alpm.compare("1.5", "1.5-2")), 0);
  EXPECT_EQ(sign(alpm.compare("1.5-1", "1.5-2")), -1);
}

TEST(PypiVersions, TextsThatAreNoVersionsComeFirst) {
  // The order of packaging 21.3, the last one that took such texts.
  expect_sorted(pypi, {"dog", "foo.dev", "foo.c", "foo", "foo.post", "foo.1", "0.9-eevee",
                       "1.0-bulbasaur", "1.0-charmander", "1-class", "0.0.dev0", "0"});
}

TEST(SemverVersions, TextsThatAreNotSemverHaveAPlace) {
  expect_sorted(semver, {"hello", "0.0.0", "1.2rc1", "1.2", "1.2.0.1", "1.2.1-0", "1.2.1"});
  for (const auto& [a, b] :
       std::vector<std::pair<std::string, std::string>>{{"1", "1.0.0"},
                                                        {"1.2", "v1.2.0"},
                                                        {" = v1.2.3 ", "1.2.3"},
                                                        {"1.0.0.0", "1"},
                                                        {"1.2.3+a", "1.2.3+b"},
                                                        {"01.02.03", "1.2.3"}}) {
    EXPECT_EQ(sign(semver.compare(a, b)), 0) << a << " and " << b;
  }
}

}  // namespace lockstep::versions
