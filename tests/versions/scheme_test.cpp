// SPDX-License-Identifier: Apache-2.0
// Every scheme has its file, its row and its table, and the tables of tests/data/versions hold.
#include "versions/scheme.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "base/diagnostics.hpp"
#include "support/paths.hpp"
#include "versions/statement.hpp"

namespace lockstep::versions {

namespace {

/// Files of the room that are no scheme.
const std::set<std::string> others = {"scheme", "statement"};

std::set<std::string> stems(const std::string& folder, const std::string& extension) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(test::source_path(folder))) {
    if (entry.path().extension() == extension) names.insert(entry.path().stem().string());
  }
  return names;
}

}  // namespace

TEST(Schemes, EachFileHasARowAndATable) {
  std::set<std::string> files = stems("src/versions", ".cpp");
  for (const std::string& other : others)
    EXPECT_EQ(files.erase(other), 1U) << other;
  std::set<std::string> rows;
  for (const Scheme* scheme : schemes())
    rows.insert(std::string(scheme->name));
  EXPECT_EQ(rows, files);
  EXPECT_EQ(rows, stems("tests/data/versions", ".txt"));
  EXPECT_TRUE(std::ranges::is_sorted(schemes(), {}, &Scheme::name));
}

TEST(Schemes, TablesHold) {
  for (const Scheme* scheme : schemes()) {
    const std::string path = "tests/data/versions/" + std::string(scheme->name) + ".txt";
    const std::string text = test::read_file(test::source_path(path));
    EXPECT_TRUE(text.starts_with("# Judged by ")) << path << " does not name its judge";
    const auto report = check_statements(*scheme, text, path);
    ASSERT_TRUE(report) << to_text(report.error());
    for (const std::string& line : report->lines)
      ADD_FAILURE() << path << ": " << line;
    EXPECT_GE(report->right, 100U) << path;
  }
}

TEST(Schemes, EcosystemsHaveTheirScheme) {
  EXPECT_EQ(scheme_for_ecosystem("Debian"), &debian);
  EXPECT_EQ(scheme_for_ecosystem("Debian:12"), &debian);
  EXPECT_EQ(scheme_for_ecosystem("Ubuntu:Pro:22.04:LTS"), &debian);
  EXPECT_EQ(scheme_for_ecosystem("Echo"), &debian);
  EXPECT_EQ(scheme_for_ecosystem("Maven:https://repo.example.org/maven"), &maven);
  EXPECT_EQ(scheme_for_ecosystem("PyPI"), &pypi);
  EXPECT_EQ(scheme_for_ecosystem("Go"), &go);
  EXPECT_EQ(scheme_for_ecosystem("crates.io"), &crates);
  EXPECT_EQ(scheme_for_ecosystem("npm"), &npm);
  for (const char* name : {"Hex", "Julia", "Bitnami", "SwiftURL"}) {
    EXPECT_EQ(scheme_for_ecosystem(name), &semver) << name;
  }
}

TEST(Schemes, OtherEcosystemsHaveNone) {
  for (const char* name : {"", ":", "Alpine:v3.20", "Root:Debian:12", "debian", "pypi", "Linux",
                           "GIT", "Packagist", "npm2", "Debian 12"}) {
    EXPECT_EQ(scheme_for_ecosystem(name), nullptr) << name;
  }
}

TEST(Schemes, TellVersionsFromOtherTexts) {
  const std::string long_version = "1." + std::string(4200, '0');
  for (const Scheme* scheme : schemes()) {
    EXPECT_FALSE(scheme->is_valid("")) << scheme->name;
    EXPECT_FALSE(scheme->is_valid("1.0.0 beta")) << scheme->name;
    EXPECT_FALSE(scheme->is_valid(long_version)) << scheme->name;
    const bool wants_v = scheme == &debian;
    EXPECT_TRUE(scheme->is_valid("1.0.0")) << scheme->name;
    EXPECT_EQ(scheme->is_valid("v1.0.0"), !wants_v && scheme != &semver && scheme != &crates)
        << scheme->name;
  }
  EXPECT_FALSE(semver.is_valid("1.0"));
  EXPECT_FALSE(semver.is_valid("1.02.0"));
  EXPECT_FALSE(semver.is_valid("1.0.0-01"));
  EXPECT_TRUE(semver.is_valid("1.0.0-0a+01"));
  EXPECT_FALSE(crates.is_valid("18446744073709551616.0.0"));
  EXPECT_TRUE(go.is_valid("v0.0.0-20240101000000-abcdefabcdef"));
  EXPECT_FALSE(debian.is_valid("2147483648:1"));
  EXPECT_FALSE(debian.is_valid("a1"));
  EXPECT_FALSE(debian.is_valid("1-"));
  EXPECT_FALSE(debian.is_valid("x:1"));
  EXPECT_FALSE(pypi.is_valid("1.0+"));
  EXPECT_FALSE(pypi.is_valid("1.0-charmander"));
}

}  // namespace lockstep::versions
