// SPDX-License-Identifier: Apache-2.0
// Every scheme has its file, its row and its table, and the tables of tests/data/versions hold.
#include "versions/scheme.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "support/paths.hpp"
#include "versions/statement.hpp"

namespace lockstep::versions {

namespace {

/// Files of the room that are no scheme.
const std::set<std::string> others = {"coerce",    "ecosystems", "scheme",
                                      "statement", "vers",       "vers_native"};

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
  const std::vector<std::pair<const Scheme*, std::vector<const char*>>> expected = {
      {&apk,
       {"Alpaquita:23", "Alpine:v3.20", "BellSoft Hardened Containers:23", "Chainguard",
        "CleanStart", "MinimOS", "Root:Alpine:3.18", "Wolfi"}},
      {&conan, {"ConanCenter"}},
      {&cran, {"Bioconductor", "CRAN"}},
      {&crates, {"crates.io"}},
      {&debian, {"Debian", "Debian:12", "Echo", "Root:Debian:12", "Ubuntu:Pro:22.04:LTS"}},
      {&freebsd, {"FreeBSD", "FreeBSD:ports", "FreeBSD:base:14.3", "FreeBSD:kernel"}},
      {&go, {"Go"}},
      {&hackage, {"GHC", "Hackage"}},
      {&maven, {"Maven", "Maven:https://repo.example.org/maven"}},
      {&npm, {"npm", "Root:npm"}},
      {&nuget, {"NuGet"}},
      {&opam, {"opam"}},
      {&packagist, {"Packagist", "Packagist:https://packages.drupal.org/8"}},
      {&pub, {"Pub"}},
      {&pypi, {"PyPI", "Root:PyPI"}},
      {&rpm,
       {"AlmaLinux:9", "Azure Linux:3", "Mageia:9", "Photon OS:5.0",
        "Red Hat:enterprise_linux:9::appstream", "Rocky Linux:8", "SUSE:Linux Enterprise 15",
        "TuxCare:AlmaLinux:9", "openEuler:24.03", "openSUSE:Leap 15.6"}},
      {&rubygems, {"RubyGems"}},
      {&semver,
       {"Bitnami", "Docker Hardened Images", "GitHub Actions", "Hex", "Julia", "SwiftURL",
        "VSCode:https://open-vsx.org"}},
  };
  for (const auto& [scheme, names] : expected) {
    for (const char* name : names) {
      EXPECT_EQ(scheme_for_ecosystem(name), scheme) << name;
      EXPECT_EQ(why_no_order(name), "") << name;
    }
  }
}

TEST(Schemes, EcosystemsWithoutAnOrderSayWhy) {
  for (const char* name :
       {"Android", "GIT", "Kubernetes", "Linux", "OSS-Fuzz", "Root", "TuxCare:9"}) {
    EXPECT_EQ(scheme_for_ecosystem(name), nullptr) << name;
    EXPECT_NE(why_no_order(name), "") << name;
  }
}

TEST(Schemes, UnknownEcosystemsHaveNone) {
  for (const char* name : {"", ":", "debian", "pypi", "npm2", "Debian 12", "Root:Cobol"}) {
    EXPECT_EQ(scheme_for_ecosystem(name), nullptr) << name;
  }
  EXPECT_EQ(why_no_order("Cobol"), "");
}

/// The list of the schema itself: none is forgotten.
TEST(Schemes, EveryEcosystemOfTheSchemaIsKnown) {
  LS_NEEDS_SHARED("vuln/suites/osv-schema");
  Diagnostics problems;
  const auto list = parse_json(
      test::read_file(test::shared_path("vuln/suites/osv-schema/reference/ecosystems.json")),
      "ecosystems.json", problems);
  ASSERT_TRUE(list);
  for (const auto& [name, description] : list->members()) {
    EXPECT_TRUE(scheme_for_ecosystem(name) != nullptr || !why_no_order(name).empty()) << name;
  }
}

TEST(Schemes, HaveOtherNames) {
  const std::vector<std::pair<const char*, const Scheme*>> expected = {
      {"deb", &debian},
      {"dpkg", &debian},
      {"DEBIAN:12", &debian},
      {"gem", &rubygems},
      {"golang", &go},
      {"composer", &packagist},
      {"ebuild", &gentoo},
      {"Pep440", &pypi},
      {"cocoapods", &rubygems},
      {"chrome-extension", &intdot},
      {"cargo", &crates},
      {"nginx", &semver},
      {"alpine", &apk},
      {"red hat", &rpm},
      {"RPM", &rpm},
      {"root:alpine", &apk},
      {"generic", &generic},
      {"intdot", &intdot}};
  for (const auto& [name, scheme] : expected)
    EXPECT_EQ(scheme_named(name), scheme) << name;
  for (const char* name : {"", "cobol", "linux", "root", "root:root"})
    EXPECT_EQ(scheme_named(name), nullptr) << name;
  for (const std::string_view name : scheme_names()) {
    EXPECT_TRUE(scheme_named(name) != nullptr || !why_no_order(name).empty()) << name;
  }
}

TEST(Schemes, TellVersionsFromOtherTexts) {
  const std::string long_version = "1." + std::string(4200, '0');
  for (const Scheme* scheme : schemes()) {
    EXPECT_FALSE(scheme->is_valid("")) << scheme->name;
    EXPECT_FALSE(scheme->is_valid("1.0.0 beta")) << scheme->name;
    EXPECT_FALSE(scheme->is_valid(long_version)) << scheme->name;
    EXPECT_EQ(scheme->is_valid("1.0.0"), scheme != &datetime) << scheme->name;
  }
  for (const Scheme* scheme : {&go, &maven, &npm, &packagist, &pypi})
    EXPECT_TRUE(scheme->is_valid("v1.0.0")) << scheme->name;
  for (const Scheme* scheme : {&apk, &cran, &crates, &debian, &hackage, &nuget, &rubygems, &semver})
    EXPECT_FALSE(scheme->is_valid("v1.0.0")) << scheme->name;
  EXPECT_TRUE(datetime.is_valid("2024-02-29T23:59:60.5+02:00"));
  EXPECT_FALSE(datetime.is_valid("2023-02-29T00:00:00Z"));
  EXPECT_TRUE(rpm.is_valid("1:1.0~rc1-1.el9"));
  EXPECT_FALSE(rpm.is_valid("1.0-"));
  EXPECT_TRUE(nuget.is_valid(" 1 . 2 "));
  EXPECT_FALSE(nuget.is_valid("1.2.3.4.5"));
  EXPECT_TRUE(gentoo.is_valid("1.2b_rc4_p5-r6"));
  EXPECT_FALSE(gentoo.is_valid("1.2_foo"));
  EXPECT_TRUE(rubygems.is_valid("1.0.0-rc.1"));
  EXPECT_FALSE(rubygems.is_valid("1..0"));
  EXPECT_FALSE(rubygems.is_valid("1rc1"));
  EXPECT_TRUE(freebsd.is_valid("1.2.3.r1_4,1"));
  EXPECT_FALSE(freebsd.is_valid("1.2.3,1_4"));
  EXPECT_TRUE(openssl.is_valid("1.0.2-beta1"));
  EXPECT_FALSE(openssl.is_valid("1.0.2-"));
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
