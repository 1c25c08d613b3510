// SPDX-License-Identifier: Apache-2.0
// Notations without a suite, against the examples of their manuals; and what all notations share.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "support/paths.hpp"
#include "versions/native/suite.hpp"

namespace lockstep::versions {

namespace {

using test_suite::answer;

std::string comparators(const NativeSyntax& syntax, const std::string& text) {
  const auto range = parse_native(syntax, text);
  return range ? to_text(*range) : range.error().code;
}

/// Pieces that ranges are made of, and some that they are not.
const std::vector<std::string> pieces = {
    "0",  "1",  "2", "10", "1.2", "1.2.3", "2.0.0", ".",    "-",  " - ", "x", "*",     "^",  "~",
    "~>", "~=", ">", ">=", "<",   "<=",    "=",     "==",   "!=", "===", "|", "||",    ",",  " ",
    "[",  "]",  "(", ")",  "+",   "@",     "dev-",  "-dev", "a",  "rc1", "v", "-beta", ".*", "#"};

rc::Gen<std::string> any_range() {
  return rc::gen::map(
      rc::gen::resize(8, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))),
      [](const std::vector<std::string>& chosen) {
        std::string text;
        for (const std::string& piece : chosen)
          text += piece;
        return text;
      });
}

}  // namespace

TEST(NativeSyntaxes, EachFileHasARow) {
  const std::set<std::string> files = {"cargo", "composer", "gem",   "golang",
                                       "maven", "npm",      "nuget", "pypi"};
  std::set<std::string> rows;
  for (const NativeSyntax* syntax : native_syntaxes()) {
    rows.insert(std::string(syntax->name));
    EXPECT_FALSE(test::read_file(
                     test::source_path("src/versions/native/" + std::string(syntax->name) + ".cpp"))
                     .empty());
    EXPECT_EQ(native_syntax_named(syntax->name), syntax);
  }
  EXPECT_EQ(rows, files);
  EXPECT_EQ(native_syntax_named("RubyGems"), &native_gem);
  EXPECT_EQ(native_syntax_named("crates.io"), &native_cargo);
  for (const char* name : {"deb", "cobol", "", "generic"})
    EXPECT_EQ(native_syntax_named(name), nullptr) << name;
}

/// The tables of tests/data/native, each judged by the package manager itself.
TEST(NativeSyntaxes, TablesHold) {
  for (const char* name : {"cargo", "composer", "gem", "maven", "npm", "pypi"}) {
    const std::string path = "tests/data/native/" + std::string(name) + ".txt";
    const std::string text = test::read_file(test::source_path(path));
    EXPECT_TRUE(text.starts_with("# Judged by ")) << path << " does not name its judge";
    std::size_t count = 0;
    for (const std::string_view line : split(text, '\n')) {
      if (line.empty() || line.starts_with('#')) continue;
      const auto fields = split(line, '\t');
      ASSERT_EQ(fields.size(), 3U) << path << ": " << line;
      const std::string found =
          answer(*native_syntax_named(name), std::string(fields[0]), std::string(fields[1]));
      EXPECT_EQ(found == "vers.native" ? "no range" : found, fields[2]) << path << ": " << line;
      ++count;
    }
    EXPECT_GE(count, 150U) << path;
  }
}

/// The table of The Cargo Book, "Specifying Dependencies".
TEST(CargoRequirements, AreTheIntervalsOfTheBook) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"1.2.3", ">=1.2.3 <2.0.0-0"},
      {"1.2", ">=1.2.0 <2.0.0-0"},
      {"1", ">=1.0.0 <2.0.0-0"},
      {"0.2.3", ">=0.2.3 <0.3.0-0"},
      {"0.2", ">=0.2.0 <0.3.0-0"},
      {"0.0.3", ">=0.0.3 <0.0.4-0"},
      {"0.0", "<0.1.0-0"},
      {"0", "<1.0.0-0"},
      {"^1.2", ">=1.2.0 <2.0.0-0"},
      {"~1.2.3", ">=1.2.3 <1.3.0-0"},
      {"~1.2", ">=1.2.0 <1.3.0-0"},
      {"~1", ">=1.0.0 <2.0.0-0"},
      {"*", "*"},
      {"1.*", ">=1.0.0 <2.0.0-0"},
      {"1.2.*", ">=1.2.0 <1.3.0-0"},
      {">= 1.2.0", ">=1.2.0"},
      {"> 1", ">=2.0.0"},
      {"< 2", "<2.0.0-0"},
      {"= 1.2.3", "1.2.3"},
      {">=1.2, <1.5", ">=1.2.0 <1.5.0-0"},
      {"1.2.3 - 2.3.4", "vers.native"},
      {"1.*.3", "vers.native"},
      {"v1", "vers.native"},
      {"~> 1", "vers.native"},
      {"*, 1", "vers.native"},
      {">= 1 || 3", "vers.native"},
      {"18446744073709551616.0.0", "vers.native"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(comparators(native_cargo, text), expected) << text;
  EXPECT_EQ(answer(native_cargo, "1.0", "1.1.0-alpha"), "no");
  EXPECT_EQ(answer(native_cargo, ">=1.0.0-alpha", "1.0.0-beta"), "yes");
  EXPECT_EQ(answer(native_cargo, ">=1.0.0-alpha", "1.1.0-beta"), "no");
  EXPECT_EQ(answer(native_cargo, "1.0", "v1.0.0"), "no");
  for (const char* text : {"", "1,", "1.2+build", "1.*-beta", "=1 2"})
    EXPECT_EQ(comparators(native_cargo, text), "vers.native") << text;
}

/// The queries of the Go Modules Reference, "Version queries".
TEST(GoQueries, NameTheVersionsOfTheReference) {
  EXPECT_EQ(answer(native_golang, "v1.2.3", "v1.2.3"), "yes");
  EXPECT_EQ(answer(native_golang, "v1.2.3", "v1.2.4"), "no");
  EXPECT_EQ(answer(native_golang, "v1.2", "v1.2.9"), "yes");
  EXPECT_EQ(answer(native_golang, "v1.2", "v1.20.0"), "no");
  EXPECT_EQ(answer(native_golang, "v1.2", "v1.2.0-rc.1"), "yes");
  EXPECT_EQ(answer(native_golang, "<v1.2.3", "v1.2.3-pre"), "yes");
  EXPECT_EQ(answer(native_golang, "<v1.2.3", "v1.2.3"), "no");
  EXPECT_EQ(answer(native_golang, ">=v1.5", "v1.5.0-rc.1"), "no");
  EXPECT_EQ(answer(native_golang, ">=v1.5.6", "2.0.0+incompatible"), "yes");
  EXPECT_EQ(answer(native_golang, ">v0.0.0", "v0.0.0-20240101000000-abcdefabcdef"), "no");
  EXPECT_EQ(answer(native_golang, "<1.9.8||>=1.10.0 <1.10.4||=1.11.0", "1.10.3"), "yes");
  for (const char* query :
       {"latest", "upgrade", "patch", "main", ">v1.2", "<=v1", "^1.2", "v1.x", ""})
    EXPECT_EQ(comparators(native_golang, query), "vers.native") << query;
}

/// The table of the Maven POM Reference, "Dependency Version Requirement Specification".
TEST(MavenRanges, HoldWhatTheReferenceSays) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"1.0", "*"},
      {"[1.0]", "1.0"},
      {"(,1.0]", "<=1.0"},
      {"[1.2,1.3]", ">=1.2 <=1.3"},
      {"[1.0,2.0)", ">=1.0 <2.0"},
      {"[1.5,)", ">=1.5"},
      {"(,1.0],[1.2,)", "<=1.0||>=1.2"},
      {"(,1.1),(1.1,)", "<1.1||>1.1"},
      {"(1.0)", "vers.native"},
      {"[2.0,1.0]", "vers.native"},
      {"[1.0,2.0],[1.5,3.0]", "vers.native"},
      {"(,1.2],[1.2,2)", "<=1.2||>=1.2 <2"},
      {"[1.0", "vers.native"},
      {"", "vers.native"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(comparators(native_maven, text), expected) << text;
  EXPECT_EQ(answer(native_maven, "(,1.1),(1.1,)", "1.1.0"), "no");
  EXPECT_EQ(answer(native_maven, "[1.0,2.0)", "2.0-SNAPSHOT"), "yes");
}

TEST(NativeRanges, HaveLimits) {
  EXPECT_EQ(comparators(native_npm, std::string(max_native_bytes + 1, '1')), "vers.size");
  std::string many = "1";
  for (std::size_t i = 0; i < max_native_terms; ++i)
    many += "||" + std::to_string(i);
  EXPECT_EQ(comparators(native_npm, many), "vers.size");
}

/// What is printed as plain comparators says the same, where the notation has them.
RC_GTEST_PROP(NativeRanges, ArePrintedAsTheSameRange, ()) {
  const std::string text = *any_range();
  const std::string version = *rc::gen::elementOf(std::vector<std::string>{
      "0.0.0", "1.2.3", "1.2.3-beta", "1.10.0", "2.0.0", "2.0.0-rc1", "10.0.0"});
  const auto range = parse_native(native_npm, text);
  if (!range) return;
  const auto again = parse_native(native_npm, to_text(*range));
  RC_ASSERT(again.has_value());
  RC_ASSERT(to_text(*again) == to_text(*range));
  RC_ASSERT(contains(*again, version) == contains(*range, version));
}

RC_GTEST_PROP(NativeRanges, LieOnAtMostOneSideOfAVersion, ()) {
  const std::string text = *any_range();
  for (const NativeSyntax* syntax : native_syntaxes()) {
    const auto range = parse_native(*syntax, text);
    if (!range) continue;
    for (const char* version : {"0.0.0", "1.2.3", "1.2.3-beta", "2.0.0", "10.0.0", "main"}) {
      if (contains(*range, version)) {
        RC_ASSERT(!is_above(*range, version));
        RC_ASSERT(!is_below(*range, version));
      }
    }
  }
}

}  // namespace lockstep::versions
