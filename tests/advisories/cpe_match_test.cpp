// SPDX-License-Identifier: Apache-2.0
// Matching by CPE names: what is asked, what is left to better sources, what stays open.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "advisories/builders.hpp"
#include "advisories/match.hpp"
#include "domain/cpe.hpp"

namespace lockstep::test {
namespace {

using advisories::MatchResult;

using Events = std::vector<Event>;

const Event from_the_start{Event::Kind::introduced, "0"};

Event before(const std::string& version) {
  return {Event::Kind::fixed, version};
}

/// A record of the NVD with one entry.
Advisory nvd(const std::string& cve, const std::string& name, const Events& events = {}) {
  Advisory made;
  made.id = "NVD:" + cve;
  made.aliases = {cve};
  made.modified = parse_instant("2026-01-02T03:04:05Z");
  Affected affected;
  affected.ecosystem = cpe_ecosystem;
  const auto cpe = parse_cpe(name);
  EXPECT_TRUE(cpe.has_value()) << name;
  affected.package = product_of(*cpe);
  affected.cpe = to_formatted_string(*cpe);
  if (!events.empty()) {
    AffectedRange range;
    range.events = events;
    affected.ranges = {range};
  }
  made.affected = {affected};
  return made;
}

Component named(const std::string& name, const std::string& version, const std::string& cpe) {
  Component made;
  made.name = name;
  made.reference = name;
  made.version = version;
  made.cpe = cpe;
  return made;
}

Bom bill_of(std::vector<Component> components) {
  Bom bom;
  bom.path = "app.cdx.json";
  bom.components = std::move(components);
  return bom;
}

MatchResult matched(const std::vector<Advisory>& records, const Bom& bom) {
  const auto index = index_of(records);
  auto result = advisories::match(bom, index);
  EXPECT_TRUE(result.has_value()) << to_text(result.error());
  return *std::move(result);
}

/// "NVD:CVE-1 cpe: because", a line each; then "kind: reason: ids" of what is open.
std::string text_of(const MatchResult& result) {
  std::string text;
  for (const Finding& finding : result.findings)
    text += finding.advisory + " " + finding.matched_by + ": " + finding.because + "\n";
  for (const Unmatched& open : result.unmatched) {
    text += std::string(to_text(open.kind)) + ": " + open.reason + ":";
    for (const std::string& id : open.possible)
      text += " " + id;
    text += "\n";
  }
  return text;
}

const std::string pump = "cpe:2.3:a:acme:pump:*:*:*:*:*:*:*:*";

TEST(CpeMatch, FindsByNameAndSaysThatItIsWeaker) {
  const auto result =
      matched({nvd("CVE-2026-1000", pump, {{Event::Kind::introduced_after, "1.0"}, before("1.5")})},
              bill_of({named("old", "", "cpe:2.3:a:acme:pump:1.0:*:*:*:*:*:*:*"),
                       named("bad", "1.0.1", pump), named("good", "", "cpe:/a:acme:pump:1.5"),
                       named("other", "1.0.1", "cpe:2.3:a:acme:valve:1.0.1:*:*:*:*:*:*:*")}));
  EXPECT_EQ(text_of(result),
            "NVD:CVE-2026-1000 cpe: 1.0.1 is in (1.0, 1.5); by its CPE name "
            "cpe:2.3:a:acme:pump:1.0.1:*:*:*:*:*:*:*\n"
            "not_identified: no package URL; no record names the product of its CPE name:\n");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].component, "bad");
  EXPECT_EQ(result.findings[0].flaw, "CVE-2026-1000");
  EXPECT_EQ(result.findings[0].fixed, std::vector<std::string>{"1.5"});
}

TEST(CpeMatch, ComparesUpdatesAndEditions) {
  const std::vector<Advisory> records = {
      nvd("CVE-2026-1000", "cpe:2.3:a:acme:pump:3.0:beta1:*:*:*:*:*:*"),
      nvd("CVE-2026-1001", "cpe:2.3:a:acme:pump:3.0:-:*:*:*:*:*:*"),
      nvd("CVE-2026-1002", "cpe:2.3:a:acme:pump:3.0.0:*:*:*:*:node.js:*:*"),
      nvd("CVE-2026-1003", "cpe:2.3:a:acme:pump:-:*:*:*:*:*:*:*")};
  const auto ids = [&](const std::string& version, const std::string& name) {
    std::string text;
    for (const Finding& finding : matched(records, bill_of({named("a", version, name)})).findings)
      text += finding.flaw.substr(9) + " ";
    return text;
  };
  EXPECT_EQ(ids("3.0", pump), "1001 1002 1003 ");
  EXPECT_EQ(ids("3.0-beta1", pump), "1000 1003 ");
  EXPECT_EQ(ids("", "cpe:2.3:a:acme:pump:3.0:beta1:*:*:*:*:*:*"), "1000 1002 1003 ");
  EXPECT_EQ(ids("", "cpe:2.3:a:acme:pump:3.0:*:*:*:*:python:*:*"), "1001 1003 ");
  EXPECT_EQ(ids("", "cpe:2.3:h:acme:pump:3.0:*:*:*:*:*:*:*"), "");
}

TEST(CpeMatch, LeavesToThePackageUrlWhatItAnswers) {
  Advisory mended = advisory("GHSA-1", "npm", "pump", "1.2.0");
  mended.aliases = {"CVE-2026-1000"};
  Advisory touched = advisory("GHSA-2", "npm", "pump", "9.0.0");
  touched.aliases = {"CVE-2026-1001"};
  Component component = test::component("pkg:npm/pump@1.4.0");
  component.cpe = pump;
  const auto result =
      matched({mended, touched, nvd("CVE-2026-1000", pump, {from_the_start, before("2")}),
               nvd("CVE-2026-1001", pump, {from_the_start, before("2")}),
               nvd("CVE-2026-1002", pump, {from_the_start, before("2")})},
              bill_of({component}));
  EXPECT_EQ(text_of(result),
            "GHSA-2 purl: 1.4.0 is in [0, 9.0.0)\n"
            "NVD:CVE-2026-1002 cpe: 1.4.0 is in [0, 2); by its CPE name "
            "cpe:2.3:a:acme:pump:1.4.0:*:*:*:*:*:*:*\n");
}

TEST(CpeMatch, AsksDistributionsFirst) {
  Component component = test::component("pkg:deb/debian/pump@1:1.4-2?distro=debian-12");
  component.cpe = "cpe:2.3:a:acme:pump:1\\:1.4-2:*:*:*:*:*:*:*";
  const Advisory general = nvd("CVE-2026-1000", pump, {from_the_start, before("1.5")});
  // Debian may have mended 1.4; its records say nothing of the package, so nothing is known to be.
  EXPECT_EQ(text_of(matched({general, advisory("DSA-1", "Debian:12", "valve", "2")},
                            bill_of({component}))),
            "");
  EXPECT_EQ(text_of(matched({general}, bill_of({component}))),
            "NVD:CVE-2026-1000 cpe: 1.4 is in [0, 1.5); by its CPE name "
            "cpe:2.3:a:acme:pump:1.4:*:*:*:*:*:*:*\n"
            "not_imported: no advisories of 'Debian:12' were imported:\n");
  // Alpine's records tell what was mended, not what is open. They name CVEs as `upstream`.
  Component apk = test::component("pkg:apk/alpine/pump@1.4-r2?distro=alpine-3.20");
  apk.cpe = pump;
  Advisory alpine = advisory("ALPINE-CVE-2026-1000", "Alpine:v3.20", "pump", "1.4-r1");
  alpine.upstream = {"CVE-2026-1000"};
  EXPECT_EQ(
      text_of(matched({general, alpine, nvd("CVE-2026-1001", pump, {from_the_start, before("2")})},
                      bill_of({apk}))),
      "NVD:CVE-2026-1001 cpe: 1.4 is in [0, 2); by its CPE name "
      "cpe:2.3:a:acme:pump:1.4:*:*:*:*:*:*:*\n");
}

TEST(CpeMatch, HonoursWhatARecordAsksFor) {
  Advisory record = nvd("CVE-2026-1000", pump, {from_the_start, before("2")});
  record.cpe_groups = {{{"cpe:2.3:o:acme:valve_os:-:*:*:*:*:*:*:*", {}},
                        {"cpe:2.3:o:acme:tap_os:*:*:*:*:*:*:*:*", {from_the_start, before("7")}}}};
  record.affected[0].together_with = {0};
  const Component part = named("pump", "1.0", pump);
  const std::string open =
      "not_compared: the record holds only beside 'o:acme:valve_os' or another product, which the "
      "bill does not name: NVD:CVE-2026-1000\n";
  const std::string found =
      "NVD:CVE-2026-1000 cpe: 1.0 is in [0, 2); by its CPE name "
      "cpe:2.3:a:acme:pump:1.0:*:*:*:*:*:*:*\n";
  const auto tap = [](const std::string& version) {
    return named("tap", version, "cpe:2.3:o:acme:tap_os:*:*:*:*:*:*:*:*");
  };
  const std::string unknown_product =
      "not_identified: no package URL; no record names the product of its CPE name:\n";
  EXPECT_EQ(text_of(matched({record}, bill_of({part}))), open);
  EXPECT_EQ(text_of(matched({record}, bill_of({part, tap("6")}))), found + unknown_product);
  EXPECT_EQ(text_of(matched({record}, bill_of({part, tap("7")}))), open + unknown_product);
  Bom bom = bill_of({part});
  bom.subject = named("device", "3.1", "cpe:2.3:o:acme:valve_os:3.1:*:*:*:*:*:*:*");
  EXPECT_EQ(text_of(matched({record}, bom)), found);
}

TEST(CpeMatch, TakesEveryNameAndSaysWhatStaysOpen) {
  Component component = named("pump", "1.0", "cpe:2.3:a:other:pump:1.0:*:*:*:*:*:*:*");
  component.more_cpes = {pump};
  const Advisory record = nvd("CVE-2026-1000", pump, {from_the_start, before("2")});
  EXPECT_EQ(matched({record}, bill_of({component})).findings.size(), 1U);
  EXPECT_EQ(text_of(matched({record}, bill_of({named("pump", "", pump)}))),
            "not_compared: no version: NVD:CVE-2026-1000\n");
  EXPECT_EQ(text_of(matched({record}, bill_of({named("pump", "1", "acme pump")}))),
            "not_identified: no package URL; no CPE name that can be read:\n");
  Advisory withdrawn = record;
  withdrawn.withdrawn = withdrawn.modified;
  EXPECT_TRUE(matched({withdrawn}, bill_of({component})).findings.empty());
}

}  // namespace
}  // namespace lockstep::test
