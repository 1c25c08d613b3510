// SPDX-License-Identifier: Apache-2.0
#include "advisories/ecosystem.hpp"

#include <gtest/gtest.h>
#include <string>

namespace lockstep::test {
namespace {

/// "ecosystems | names | version | obstacle"
std::string asked(const std::string& text) {
  const auto purl = parse_purl(text);
  EXPECT_TRUE(purl.has_value()) << text;
  const advisories::Candidates found = advisories::candidates_of(*purl);
  const auto joined = [](const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words)
      all += (all.empty() ? "" : ", ") + word;
    return all;
  };
  return joined(found.ecosystems) + " | " + joined(found.names) + " | " + found.version + " | " +
         found.obstacle;
}

TEST(Ecosystem, NamesPackagesOfLanguages) {
  EXPECT_EQ(asked("pkg:pypi/Flask_Login@0.6"), "PyPI | flask-login | 0.6 | ");
  EXPECT_EQ(asked("pkg:npm/%40angular/core@1.2.3"), "npm | @angular/core | 1.2.3 | ");
  EXPECT_EQ(asked("pkg:maven/org.apache/log4j-core@2.14.1"),
            "Maven | org.apache:log4j-core | 2.14.1 | ");
  EXPECT_EQ(asked("pkg:cargo/stack_dst@0.6.1"), "crates.io | stack_dst | 0.6.1 | ");
  EXPECT_EQ(asked("pkg:nuget/Newtonsoft.Json@9.0.1"), "NuGet | newtonsoft.json | 9.0.1 | ");
  EXPECT_EQ(asked("pkg:composer/drupal/core@8.0"),
            "Packagist, Packagist:https://packages.drupal.org/* | drupal/core | 8.0 | ");
  EXPECT_EQ(asked("pkg:npm/a"), "npm | a |  | ");
  EXPECT_EQ(asked("pkg:vscode-extension/Acme/Tools@1.2.3"), "VSCode | acme.tools | 1.2.3 | ");
}

// The schema has the address of a repository as the name of a Swift package, however written.
TEST(Ecosystem, NamesPackagesOfSwiftByTheirRepository) {
  EXPECT_EQ(asked("pkg:swift/example.org/Acme/hook@1.0.0"),
            "SwiftURL | example.org/acme/hook | 1.0.0 | ");
  for (const char* name : {"https://example.org/Acme/hook.git", "https://example.org/acme/hook/",
                           "example.org/acme/hook"}) {
    EXPECT_EQ(advisories::normalised_name("SwiftURL", name), "example.org/acme/hook");
  }
}

TEST(Ecosystem, FindsGoModulesWhateverTheirCase) {
  EXPECT_EQ(asked("pkg:golang/github.com/1Panel-dev/1Panel@v1.0.0"),
            "Go | github.com/1panel-dev/1panel | 1.0.0 | ");
  EXPECT_EQ(advisories::normalised_name("Go", "github.com/1Panel-dev/1Panel"),
            "github.com/1panel-dev/1panel");
  EXPECT_EQ(asked("pkg:golang/example.org/m@v5.0.0#v5"),
            "Go | example.org/m, example.org/m/v5 | 5.0.0 | ");
}

// Releases of Go are no semantic versions; its records list them as such.
TEST(Ecosystem, KnowsReleasesOfGo) {
  EXPECT_EQ(asked("pkg:golang/stdlib@v1.21"), "Go | stdlib | 1.21.0 | ");
  EXPECT_EQ(asked("pkg:golang/stdlib@go1.21rc2"), "Go | stdlib | 1.21.0-rc.2 | ");
  EXPECT_EQ(asked("pkg:golang/toolchain@1.9.2"), "Go | toolchain | 1.9.2 | ");
  EXPECT_EQ(asked("pkg:golang/stdlib@devel"), "Go | stdlib | devel | ");
  EXPECT_EQ(asked("pkg:golang/stdlib"), "Go | stdlib |  | ");
}

TEST(Ecosystem, NeedsTheReleaseOfADistribution) {
  EXPECT_EQ(asked("pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12.5&upstream=openssl"),
            "Debian:12 | openssl | 3.0.11-1 | ");
  EXPECT_EQ(asked("pkg:deb/debian/curl@7.88?distro=bookworm"), "Debian:12 | curl | 7.88 | ");
  EXPECT_EQ(asked("pkg:deb/debian/libgcc@1?distro=debian-12&upstream=gcc-12%4012.2.0-14"),
            "Debian:12 | gcc-12 | 12.2.0-14 | ");
  EXPECT_EQ(asked("pkg:deb/debian/curl@7.88"),
            "Debian:* | curl | 7.88 | no release in the qualifier 'distro' of the package URL");
  EXPECT_EQ(asked("pkg:deb/ubuntu/curl@7.88?distro=ubuntu-22.04"),
            "Ubuntu:22.04, Ubuntu:22.04:LTS | curl | 7.88 | ");
  EXPECT_EQ(asked("pkg:apk/alpine/musl@1.2.4-r2?distro=alpine-3.18.4"),
            "Alpine:v3.18 | musl | 1.2.4-r2 | ");
  EXPECT_EQ(asked("pkg:apk/wolfi/glibc@2.38-r1"), "Wolfi | glibc | 2.38-r1 | ");
  EXPECT_EQ(asked("pkg:rpm/redhat/openssl-libs@1.1.1k-9.el8?distro=rhel-8.6&epoch=1&"
                  "upstream=openssl-1.1.1k-9.el8.src.rpm"),
            "Red Hat:enterprise_linux:8* | openssl, openssl-libs | 1:1.1.1k-9.el8 | ");
  EXPECT_EQ(asked("pkg:rpm/almalinux/curl@7?distro=almalinux-8.9"), "AlmaLinux:8 | curl | 7 | ");
}

TEST(Ecosystem, KnowsTheNamesOfReleases) {
  EXPECT_EQ(asked("pkg:rpm/centos/bash@4?distro=centos-7.6.1810"),
            "Red Hat:enterprise_linux:7* | bash | 4 | ");
  EXPECT_EQ(asked("pkg:rpm/cbl-mariner/vim@8?distro=cbl-mariner-2.0"),
            "Azure Linux:2 | vim | 8 | ");
  EXPECT_EQ(asked("pkg:rpm/opensuse/curl@8?distro=opensuse-tumbleweed-20240607"),
            "openSUSE:Tumbleweed | curl | 8 | ");
  EXPECT_EQ(asked("pkg:rpm/opensuse/curl@8?distro=opensuse-leap-15.1"),
            "openSUSE:Leap 15.1 | curl | 8 | ");
  EXPECT_EQ(asked("pkg:rpm/suse/curl@8?distro=sles-15.3"),
            "SUSE:Linux Enterprise *15 SP3* | curl | 8 | ");
  EXPECT_EQ(asked("pkg:rpm/suse/curl@8?distro=slem-5.4"),
            "SUSE:Linux Enterprise Micro 5.4 | curl | 8 | ");
  EXPECT_EQ(asked("pkg:rpm/suse/curl@8?distro=sl-micro-6.1"), "SUSE:Linux Micro 6.1 | curl | 8 | ");
  EXPECT_EQ(asked("pkg:rpm/suse/curl@8?distro=sles-16.1"),
            "SUSE:Linux Enterprise *16.1* | curl | 8 | ");
  EXPECT_EQ(asked("pkg:apk/alpine/musl@1?distro=edge"), "Alpine:edge | musl | 1 | ");
  EXPECT_EQ(asked("pkg:apk/alpaquita/musl@1?distro=alpaquita-stream"),
            "Alpaquita:stream | musl | 1 | ");
  EXPECT_EQ(asked("pkg:apk/alpine/musl@1?distro=3.10.2"), "Alpine:v3.10 | musl | 1 | ");
}

TEST(Ecosystem, FitsPatterns) {
  using advisories::fits;
  const char* basesystem = "SUSE:Linux Enterprise Module for Basesystem 15 SP3";
  EXPECT_TRUE(fits("SUSE:Linux Enterprise *15 SP3*", basesystem));
  EXPECT_TRUE(fits("SUSE:Linux Enterprise *15 SP3*", "SUSE:Linux Enterprise Server 15 SP3-LTSS"));
  EXPECT_FALSE(fits("SUSE:Linux Enterprise *15 SP2*", basesystem));
  EXPECT_TRUE(fits("Debian:*", "Debian:12"));
  EXPECT_TRUE(fits("Debian:*", "Debian:"));
  EXPECT_FALSE(fits("Debian:*", "Debian"));
  EXPECT_TRUE(fits("PyPI", "PyPI"));
  EXPECT_FALSE(fits("PyPI", "PyPI:x"));
  EXPECT_TRUE(fits("*a*a", "aba"));
}

TEST(Ecosystem, TakesTheSourcePackageThatABillNames) {
  const auto of_source = [](const std::string& purl, const SourcePackage& source) {
    return asked(to_text(advisories::with_source(*parse_purl(purl), source)));
  };
  EXPECT_EQ(
      of_source("pkg:deb/debian/libidn2-0@2.0.5-1?distro=debian-10.2", {"libidn2", "2.0.5-1"}),
      "Debian:10 | libidn2 | 2.0.5-1 | ");
  EXPECT_EQ(of_source("pkg:rpm/centos/openssl-libs@1.0.2k-16.el7?distro=centos-7&epoch=1",
                      {"openssl", "1.0.2k-16.el7"}),
            "Red Hat:enterprise_linux:7* | openssl, openssl-libs | 1:1.0.2k-16.el7 | ");
  EXPECT_EQ(of_source("pkg:deb/debian/a@1?distro=debian-10&upstream=b", {"c", "2"}),
            "Debian:10 | b | 1 | ");
}

TEST(Ecosystem, KnowsWhoRebuildsPackages) {
  const auto own = [](const std::string& text) {
    const advisories::Candidates found = advisories::candidates_of(*parse_purl(text));
    return found.own_ecosystems.at(0) + " " + found.own_names.at(0) + " before " +
           found.ecosystems.at(0) + " " + found.names.at(0);
  };
  EXPECT_EQ(own("pkg:deb/debian/rootio-jq@1.6?distro=debian-12"),
            "Root:Debian:12 rootio-jq before Debian:12 jq");
  EXPECT_EQ(own("pkg:apk/alpine/rootio-libuv@1?distro=alpine-3.18"),
            "Root:Alpine:3.18 rootio-libuv before Alpine:v3.18 libuv");
  EXPECT_EQ(own("pkg:npm/%40rootio/json-schema@1"),
            "Root:npm @rootio/json-schema before npm json-schema");
  EXPECT_EQ(own("pkg:pypi/rootio_a@1"), "Root:PyPI rootio-a before PyPI a");
  EXPECT_TRUE(advisories::candidates_of(*parse_purl("pkg:pypi/rootio@1")).own_names.empty());
}

TEST(Ecosystem, TakesTheVersionOfTheStandardLibraryOfGo) {
  EXPECT_EQ(asked("pkg:golang/stdlib@go1.18.0"), "Go | stdlib | 1.18.0 | ");
  EXPECT_EQ(asked("pkg:golang/stdlib@1.18.0"), "Go | stdlib | 1.18.0 | ");
}

TEST(Ecosystem, SaysWhatItDoesNotKnow) {
  EXPECT_EQ(asked("pkg:generic/openssl@3"),
            "purl:generic | openssl | 3 | no advisory source covers pkg:generic");
  EXPECT_EQ(asked("pkg:rpm/fedora/curl@7?distro=fedora-39"),
            "purl:rpm | fedora/curl?distro=fedora-39, fedora/curl | 7 | no advisory source covers "
            "pkg:rpm packages of 'fedora'");
}

// PEP 503: the form is the same for every spelling, and normalising again changes nothing.
TEST(Ecosystem, NormalisesPythonNames) {
  for (const char* name : {"Flask-Login", "flask_login", "flask.LOGIN", "flask-_.login"}) {
    EXPECT_EQ(advisories::normalised_name("PyPI", name), "flask-login");
  }
  EXPECT_EQ(advisories::normalised_name("crates.io", "stack_dst"), "stack_dst");
  EXPECT_EQ(advisories::normalised_name("npm", "JSONStream"), "JSONStream");
}

}  // namespace
}  // namespace lockstep::test
