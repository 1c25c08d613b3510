// SPDX-License-Identifier: Apache-2.0
// The grype-matcher suite: real records behind our matcher. What must be found, and what must not,
// is what the suite's own tests say of each package; where we differ on purpose the row says why,
// and the test fails when that is no longer so.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/match.hpp"
#include "advisories/vex.hpp"
#include "base/digest.hpp"
#include "matching/grype_data.hpp"

namespace lockstep::test {
namespace {

const std::string suite = "vuln/suites/grype-matcher";

struct Case {
  std::string database;           ///< "dpkg/rootio-debian-12"
  std::vector<std::string> only;  ///< of its records; all when empty
  std::string purl;
  std::string wanted;  ///< ids of what is found, in order; "" for nothing
  std::string ours;    ///< what we find instead, where we differ
  std::string reason;  ///< why; "" where we do not differ
  std::string cpe = {};
};

std::vector<Case> cases() {
  const std::string jq = "dpkg/rootio-debian-12";
  const std::string apk = "apk/rootio-alpine-318";
  const std::string rhel = "rpm/rhel8";
  const std::string alma = "rpm/alma8";
  const std::string pypi = "python/python-name-and-vex";
  const std::string babel = "github:npm/ghsa-67hx-6x53-jw92";
  const std::string octokit = "github:npm/ghsa-rmvr-2pp2-xj38";
  const std::string request = "github:npm/ghsa-7xfp-9c55-5vqj";
  const std::string httpd = "2.4.37-30.module_el8.3.0%2B1234%2Babcd";
  const std::string alma_fix = "2.4.37-43.module_el8.5.0%2B2597%2Bc4b14997.alma";
  const std::vector<std::string> bulk = {"cve-2021-40438", "alsa-2021:4537"};
  const std::vector<std::string> patch = {"cve-2019-13636", "alsa-2020:1852"};
  const std::vector<std::string> maria = {"cve-2021-27928", "alsa-2021:1242"};
  const std::vector<std::string> openssl = {"rhel:8/cve-2018-0735"};
  const std::vector<std::string> go = {"go-2022-0969"};
  return {
      // Debian, and packages that Root.io rebuilt from it.
      {jq,
       {},
       "pkg:deb/debian/rootio-postgresql-15@15.14-0%2Bdeb12u1?distro=debian-12",
       "CVE-2025-12817",
       "",
       ""},
      {jq,
       {},
       "pkg:deb/debian/rootio-postgresql-15@15.14-0%2Bdeb12u1.root.io.6?distro=debian-12",
       "",
       "",
       ""},
      {jq, {}, "pkg:deb/debian/rootio-jq@1.6-2.1?distro=debian-12", "CVE-2025-48060", "", ""},
      {jq, {}, "pkg:deb/debian/jq@1.6-2.1%2Bdeb12u1?distro=debian-12", "", "", ""},
      {jq, {}, "pkg:deb/debian/postgresql-15@15.13?distro=debian-12", "CVE-2025-12817", "", ""},
      // Go: the standard library, the tools, modules with major versions.
      {"golang/govulndb-go", go, "pkg:golang/stdlib@go1.18.0", "GO-2022-0969", "", ""},
      {"golang/govulndb-go", go, "pkg:golang/stdlib@go1.18.6", "", "", ""},
      {"golang/govulndb-go", go, "pkg:golang/stdlib@go1.19.0", "GO-2022-0969", "", ""},
      {"golang/govulndb-go", {}, "pkg:golang/stdlib@go1.18.0", "GO-2022-0969 GO-2023-1840", "", ""},
      {"golang/govulndb-go",
       {},
       "pkg:golang/golang.org/x/net@v0.0.0-20220225172249-27dd8689420f",
       "GO-2022-0969",
       "",
       ""},
      {"golang/govulndb-go",
       {},
       "pkg:golang/toolchain@go1.15.2",
       "GO-2023-1839 GO-2023-1841 GO-2023-1842",
       "",
       ""},
      {"golang/govulndb-and-ghsa",
       {},
       "pkg:golang/github.com/redis/go-redis/v9@v9.6.0",
       "GHSA-92cp-5422-2mw7",
       "",
       ""},
      // Java.
      {"java/spring-webmvc",
       {},
       "pkg:maven/org.springframework/spring-webmvc@5.3.20",
       "GHSA-7phw-cxx7-q9vq GHSA-r936-gwx5-v52f",
       "",
       ""},
      // Bitnami.
      {"bitnami/bitnami",
       {},
       "pkg:bitnami/spark@3.2.1",
       "BIT-spark-2022-31777 BIT-spark-2023-22946",
       "",
       ""},
      {"bitnami/bitnami", {}, "pkg:bitnami/spark@3.2.4", "BIT-spark-2023-22946", "", ""},
      {"bitnami/bitnami",
       {},
       "pkg:bitnami/spark@3.3.0",
       "BIT-spark-2022-31777 BIT-spark-2023-22946",
       "",
       ""},
      {"bitnami/bitnami", {}, "pkg:bitnami/spark@3.4.1", "", "", ""},
      {"bitnami/bitnami", {}, "pkg:bitnami/apache@2.4.40", "BIT-apache-2020-11984", "", ""},
      {"bitnami/bitnami", {}, "pkg:bitnami/apache@2.4.10", "BIT-apache-2020-11985", "", ""},
      {"bitnami/bitnami", {}, "pkg:bitnami/apache@2.4.50", "", "", ""},
      {"bitnami/bitnami", {}, "pkg:bitnami/node@12.18.0", "BIT-node-2020-8201", "", ""},
      {"bitnami/bitnami", {}, "pkg:bitnami/node@12.18.4", "", "", ""},
      {"bitnami/bitnami", {}, "pkg:bitnami/redis@7.0.0", "", "", ""},
      // Python: names by PEP 503; rebuilds that are said to be mended; Root.io.
      {pypi, {}, "pkg:pypi/Django@1.2.5", "GHSA-h95j-h2rv-qrg4", "", ""},
      {pypi, {}, "pkg:pypi/DJANGO@1.2.5", "GHSA-h95j-h2rv-qrg4", "", ""},
      {pypi, {}, "pkg:pypi/Django@1.3.5", "", "", ""},
      {pypi, {}, "pkg:pypi/oslo.utils@0.1.0", "GHSA-v933-vx5p-j7w2", "", ""},
      {pypi, {}, "pkg:pypi/oslo_utils@0.1.0", "GHSA-v933-vx5p-j7w2", "", ""},
      {pypi, {}, "pkg:pypi/oslo-utils@0.1.0", "GHSA-v933-vx5p-j7w2", "", ""},
      {pypi, {}, "pkg:pypi/certifi@2020.12.5", "GHSA-xqr8-7jwr-rhp7", "", ""},
      {pypi, {}, "pkg:pypi/certifi@2020.12.5%2Bcgr.1", "", "", ""},
      {pypi, {}, "pkg:pypi/certifi@2023.7.22", "", "", ""},
      {"python/rootio-pypi",
       {},
       "pkg:pypi/rootio-apache-airflow-providers-google@8.0.0",
       "GHSA-8g23-2q5p-8866",
       "",
       ""},
      {"python/rootio-pypi",
       {},
       "pkg:pypi/rootio-apache-airflow-providers-google@8.1.0%2Broot.io.1",
       "",
       "",
       ""},
      {"python/rootio-pypi",
       {},
       "pkg:pypi/rootio-langgraph-checkpoint@2.0.0",
       "GHSA-wwqv-p2pp-99h5",
       "",
       ""},
      {"python/rootio-pypi",
       {},
       "pkg:pypi/rootio-langgraph-checkpoint@2.1.0%2Broot.io.1",
       "",
       "",
       ""},
      {"python/rootio-pypi",
       {},
       "pkg:pypi/langgraph-checkpoint@2.0.0",
       "GHSA-wwqv-p2pp-99h5",
       "",
       ""},
      {"python/rootio-pypi", {}, "pkg:pypi/langgraph-checkpoint@3.0.0", "", "", ""},
      {"python/rootio-pypi", {}, "pkg:pypi/requests@2.31.0", "", "", ""},
      // JavaScript: scopes.
      {"javascript/npm-scope-handling",
       {babel},
       "pkg:npm/%40babel/traverse@7.20.0",
       "GHSA-67hx-6x53-jw92",
       "",
       ""},
      {"javascript/npm-scope-handling",
       {babel},
       "pkg:npm/babel-traverse@7.20.0",
       "GHSA-67hx-6x53-jw92",
       "",
       ""},
      {"javascript/npm-scope-handling", {babel}, "pkg:npm/traverse@7.20.0", "", "", ""},
      {"javascript/npm-scope-handling", {babel}, "pkg:npm/%40babel/traverse@7.23.5", "", "", ""},
      {"javascript/npm-scope-handling",
       {octokit, request},
       "pkg:npm/%40octokit/request@9.0.0",
       "GHSA-rmvr-2pp2-xj38",
       "",
       ""},
      {"javascript/npm-scope-handling",
       {octokit, request},
       "pkg:npm/request@2.50.0",
       "GHSA-7xfp-9c55-5vqj",
       "",
       ""},
      {"javascript/rootio-npm",
       {},
       "pkg:npm/%40rootio/json-schema@0.2.2",
       "GHSA-896r-f27r-55mw",
       "",
       ""},
      {"javascript/rootio-npm", {}, "pkg:npm/%40rootio/json-schema@0.2.3-root.io.1", "", "", ""},
      {"javascript/rootio-npm",
       {},
       "pkg:npm/%40rootio/http-cache-semantics@3.8.0",
       "GHSA-rc47-6667-2j5j",
       "",
       ""},
      {"javascript/rootio-npm",
       {},
       "pkg:npm/%40rootio/http-cache-semantics@3.8.1-root.io.1",
       "",
       "",
       ""},
      {"javascript/rootio-npm",
       {},
       "pkg:npm/http-cache-semantics@3.8.0",
       "GHSA-rc47-6667-2j5j",
       "",
       ""},
      {"javascript/rootio-npm", {}, "pkg:npm/http-cache-semantics@4.1.1", "", "", ""},
      {"javascript/rootio-npm", {}, "pkg:npm/lodash@4.17.21", "", "", ""},
      // apk: the distribution before CPE names; architectures; what is said not to be affected.
      {"apk/wolfi-rolling",
       {"wolfi:rolling/CVE-2024-0727"},
       "pkg:apk/wolfi/openssl@3.1.0-r0",
       "CVE-2024-0727",
       "",
       ""},
      {"apk/wolfi-rolling",
       {"wolfi:rolling/CVE-2024-0727"},
       "pkg:apk/wolfi/openssl@3.2.1-r0",
       "",
       "",
       ""},
      {"apk/wolfi-rolling", {}, "pkg:apk/wolfi/akhq@0.25.0-r0", "", "", ""},
      {"apk/wolfi-rolling",
       {},
       "pkg:apk/wolfi/akhq-bin@0.25.0-r0?upstream=akhq",
       "",
       "",
       "",
       "cpe:2.3:a:io.netty:netty-common:0.25.0-r0:*:*:*:*:maven:*:*"},
      {apk,
       {},
       "pkg:apk/alpine/rootio-libuv@1.44.2-r20071?distro=alpine-3.18",
       "",
       "",
       "",
       "cpe:2.3:a:libuv:libuv:1.44.2:*:*:*:*:*:*:*"},
      {apk,
       {},
       "pkg:apk/alpine/rootio-libuv@1.40.0-r0?distro=alpine-3.18",
       "CVE-2024-24806",
       "",
       "",
       "cpe:2.3:a:libuv:libuv:1.40.0:*:*:*:*:*:*:*"},
      {apk,
       {},
       "pkg:apk/alpine/rootio-nghttp2@1.57.0-r00072?distro=alpine-3.18",
       "",
       "",
       "",
       "cpe:2.3:a:nghttp2:nghttp2:1.57.0:*:*:*:*:*:*:*"},
      {apk,
       {},
       "pkg:apk/alpine/rootio-wget@1.21.0-r0?distro=alpine-3.18",
       "CVE-2024-10524",
       "",
       "",
       "cpe:2.3:a:gnu:wget:1.21.0:*:*:*:*:*:*:*"},
      {apk,
       {},
       "pkg:apk/alpine/rootio-wget@1.21.4-r00071?distro=alpine-3.18",
       "",
       "",
       "",
       "cpe:2.3:a:gnu:wget:1.21.4:*:*:*:*:*:*:*"},
      {apk, {}, "pkg:apk/alpine/rootio-socat@1.7.4.4-r10071?distro=alpine-3.18", "", "", ""},
      {apk, {}, "pkg:apk/alpine/musl@1.2.4-r2?distro=alpine-3.18", "", "", ""},
      {"apk/chainguard-rolling",
       {},
       "pkg:apk/chainguard/langfuse-3-worker@3.152.0-r0?arch=x86_64",
       "CGA-22hv-wp9q-4779",
       "",
       ""},
      {"apk/chainguard-rolling",
       {},
       "pkg:apk/chainguard/langfuse-3-worker@3.153.1-r0?arch=x86_64",
       "",
       "",
       ""},
      {"apk/chainguard-rolling",
       {},
       "pkg:apk/chainguard/langfuse-3-worker@3.152.0-r0?arch=aarch64",
       "",
       "",
       ""},
      {"apk/chainguard-rolling",
       {},
       "pkg:apk/chainguard/langfuse-3-worker@3.152.0-r0",
       "CGA-22hv-wp9q-4779",
       "",
       ""},
      {"apk/chainguard-rolling",
       {},
       "pkg:apk/wolfi/langfuse-3-worker@3.152.0-r0?arch=aarch64",
       "CGA-22hv-wp9q-4779",
       "",
       ""},
      // Red Hat: source packages, epochs, module streams.
      {rhel, openssl, "pkg:rpm/redhat/openssl@1.1.1b-1.el8?distro=rhel-8&epoch=1", "CVE-2018-0735",
       "", ""},
      {rhel, openssl,
       "pkg:rpm/redhat/openssl-libs@1.1.1b-1.el8?distro=rhel-8&epoch=1&"
       "upstream=openssl-1.1.1b-1.el8.src.rpm",
       "CVE-2018-0735", "", ""},
      {rhel, openssl, "pkg:rpm/redhat/openssl@1.1.1c-2.el8?distro=rhel-8&epoch=1", "", "", ""},
      {rhel, openssl, "pkg:rpm/redhat/openssl@1.1.1z-99.el8?distro=rhel-8", "CVE-2018-0735", "",
       ""},
      {rhel, openssl, "pkg:rpm/redhat/openssl@1.1.1c-2.el8?distro=rhel-8&epoch=0", "CVE-2018-0735",
       "", ""},
      {rhel, openssl, "pkg:rpm/redhat/openssl@1.1.1b-1.el8?distro=rhel-8&epoch=2", "", "", ""},
      {rhel, openssl,
       "pkg:rpm/redhat/openssl-libs@1.1.1d-1.el8?distro=rhel-8&epoch=1&"
       "upstream=openssl-1.1.1d-1.el8.src.rpm",
       "", "", ""},
      {rhel, {"cve-1999-0199"}, "pkg:rpm/redhat/glibc@2.28-100.el8?distro=rhel-8.4", "", "", ""},
      {rhel,
       {"rhel:8/cve-2016-10228", "cve-1999-0199"},
       "pkg:rpm/redhat/glibc@2.28-100.el8?distro=rhel-8",
       "CVE-2016-10228",
       "",
       ""},
      {rhel,
       {"rhel:8/cve-2018-17199"},
       "pkg:rpm/redhat/httpd@2.4.37-30.module%2Bel8.3.0%2B1.el8?distro=rhel-8&epoch=0",
       "CVE-2018-17199",
       "",
       ""},
      {rhel,
       {"rhel:8/cve-2018-17199"},
       "pkg:rpm/redhat/httpd@2.4.37-30.module%2Bel8.3.0%2B1.el8?distro=rhel-8&epoch=0&"
       "rpmmod=httpd:2.6:1234:5678",
       "",
       "",
       ""},
      {"rpm/eol-rhel7",
       {},
       "pkg:rpm/redhat/openssl@1.1.0a?distro=rhel-7",
       "CVE-2018-0735",
       "",
       "",
       "cpe:2.3:a:openssl:openssl:1.1.0a:*:*:*:*:*:*:*"},
      // AlmaLinux, whose own advisories decide.
      {alma, bulk, "pkg:rpm/almalinux/httpd@" + httpd + "?distro=almalinux-8", "CVE-2021-40438", "",
       ""},
      {alma, bulk, "pkg:rpm/almalinux/httpd@" + alma_fix + "?distro=almalinux-8", "", "", ""},
      {alma, bulk,
       "pkg:rpm/almalinux/httpd@" + httpd + "?distro=almalinux-8&rpmmod=httpd:2.6:1234:5678", "",
       "", ""},
      {alma, patch, "pkg:rpm/almalinux/patch@2.7.6-10.el8?distro=almalinux-8", "CVE-2019-13636", "",
       ""},
      {alma, patch, "pkg:rpm/almalinux/patch@2.7.6-11.el8?distro=almalinux-8", "", "", ""},
      {alma,
       {"cve-2005-2541"},
       "pkg:rpm/almalinux/tar@1.30-5.el8?distro=almalinux-8&epoch=2",
       "CVE-2005-2541",
       "",
       ""},
      {alma, bulk,
       "pkg:rpm/almalinux/httpd-tools@" + httpd + "?distro=almalinux-8&upstream=httpd-" + httpd +
           ".src.rpm",
       "CVE-2021-40438", "", ""},
      {alma, maria,
       "pkg:rpm/almalinux/mariadb@10.3.28-1.module_el8.3.0%2B2177%2B7adc332a?distro=almalinux-8&"
       "epoch=3",
       "", "", ""},
      {alma, maria,
       "pkg:rpm/almalinux/mariadb@10.3.27-3.module_el8.3.0%2B1234%2Babcdef?distro=almalinux-8&"
       "epoch=3",
       "CVE-2021-27928", "", ""},
      {alma, patch,
       "pkg:rpm/almalinux/patch-debuginfo@2.7.6-10.el8?distro=almalinux-8&"
       "upstream=patch-2.7.6-10.el8.src.rpm",
       "", "CVE-2019-13636",
       "a package of debug information is of the same source; who ships it ships an old build"},
  };
}

/// The ids of each finding that no statement settles, with what its records stand for.
std::vector<std::set<std::string>> found(const Case& one, const grype::Database& database) {
  advisories::IndexBuilder builder;
  std::map<std::string, std::vector<std::string>> upstream;
  for (const Advisory& record : database.records) {
    builder.add(record);
    upstream[record.id] = record.upstream;
  }
  const auto index = advisories::AdvisoryIndex::from_bytes(builder.finish(), "grype.index");
  EXPECT_TRUE(index.has_value());
  Bom bom;
  bom.path = "one.cdx.json";
  Component component;
  const auto purl = parse_purl(one.purl);
  EXPECT_TRUE(purl.has_value()) << one.purl;
  component.purl = *purl;
  component.name = purl->name;
  component.version = purl->version;
  component.cpe = one.cpe;
  bom.components.push_back(component);
  auto result = advisories::match(bom, *index);
  EXPECT_TRUE(result.has_value());
  std::vector<std::set<std::string>> ids;
  for (const Finding& finding :
       advisories::apply_vex(std::move(result->findings), database.statements, {})) {
    const bool settles =
        finding.vex && finding.vex->status == "fixed" && !finding.vex->needs_confirmation;
    if (settles) continue;
    std::set<std::string>& all = ids.emplace_back(finding.aliases.begin(), finding.aliases.end());
    all.insert(finding.matched.begin(), finding.matched.end());
    for (const std::string& id : finding.matched)
      all.insert(upstream[id].begin(), upstream[id].end());
  }
  return ids;
}

/// Whether the findings are those: each id of one finding, and no finding without one of them.
bool are(const std::vector<std::set<std::string>>& findings, const std::string& wanted) {
  std::vector<std::string_view> ids;
  if (!wanted.empty()) ids = split(wanted, ' ');
  const bool all_found = std::ranges::all_of(ids, [&](std::string_view id) {
    return std::ranges::any_of(
        findings, [&](const auto& finding) { return finding.contains(std::string(id)); });
  });
  return all_found && std::ranges::all_of(findings, [&](const auto& finding) {
           return std::ranges::any_of(
               ids, [&](std::string_view id) { return finding.contains(std::string(id)); });
         });
}

std::string shown(const std::vector<std::set<std::string>>& findings) {
  std::string text;
  for (const auto& finding : findings) {
    text += "[ ";
    for (const std::string& id : finding)
      text += id + " ";
    text += "]";
  }
  return text;
}

TEST(GrypeSuite, FindsWhatTheMatcherTestsFind) {
  LS_NEEDS_SHARED(suite);
  int asked = 0;
  int different = 0;
  for (const Case& one : cases()) {
    const std::size_t slash = one.database.find('/');
    const std::string folder = shared_path(suite + "/" + one.database.substr(0, slash) +
                                           "/testdata/" + one.database.substr(slash + 1));
    if (!std::filesystem::exists(folder)) continue;
    const auto findings = found(one, grype::read(folder, one.only));
    ++asked;
    if (one.reason.empty()) {
      EXPECT_TRUE(are(findings, one.wanted))
          << one.purl << "\n  wanted: " << one.wanted << "\n  found:  " << shown(findings);
      continue;
    }
    ++different;
    EXPECT_FALSE(are(findings, one.wanted)) << "stale: " << one.purl << ": " << one.reason;
    EXPECT_TRUE(are(findings, one.ours))
        << one.purl << "\n  ours:  " << one.ours << "\n  found: " << shown(findings);
  }
  fmt::print("{} packages asked about, {} differ on purpose\n", asked, different);
  EXPECT_GT(asked, 0);
}

// What is of a kind that is no advisory: dates of support, and CSAF of a distribution, whose
// package URLs have no release.
TEST(GrypeSuite, PassesOverWhatIsNoAdvisory) {
  LS_NEEDS_SHARED(suite);
  const auto eol = grype::read(shared_path(suite + "/rpm/testdata/eol-rhel7"), {});
  EXPECT_EQ(eol.passed_over, (std::vector<std::string>{"rhel:7", "rhel:9"}));
}

}  // namespace
}  // namespace lockstep::test
