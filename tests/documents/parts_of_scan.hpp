// SPDX-License-Identifier: Apache-2.0
// One small scan: a bill with a subject and seven components, of which log4j-core is exploited,
// left is not reachable, hook is accepted, rope waits, knot is fixed, clean is clean, and camera
// could not be asked about.
#pragma once

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "documents/exports/exports.hpp"
#include "domain/purl.hpp"

namespace lockstep::test {

struct SmallScan {
  Product product;
  std::vector<Bom> boms;
  std::vector<DataSource> data;
  std::vector<Finding> findings;
  std::vector<Unmatched> unmatched;

  static Instant at() { return *parse_instant("2026-11-27T00:00:00Z"); }

  SmallScan() {
    product.path = "lockstep.yaml";
    product.name = "Reader";
    product.version = "1.0";
    product.manufacturer.name = "Quayside";
    product.manufacturer.website = "https://quayside.example";
    Bom bom;
    bom.format = "CycloneDX 1.6";
    bom.path = "sbom/the app.cdx.json";
    bom.sha256 = sha256("bill");
    bom.subject = component("pkg:generic/reader@1.0", 5);
    bom.subject->type = "application";
    bom.components = {component("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", 12),
                      component("pkg:npm/left@1.0.0", 20),
                      component("pkg:npm/hook@2.0.0", 28),
                      component("pkg:npm/rope@3.0.0", 36),
                      component("pkg:deb/debian/knot@4.0-1", 44),
                      component("pkg:npm/clean@5.0.0", 52)};
    Component camera;
    camera.reference = "camera";
    camera.type = "library";
    camera.name = "camera <b>";
    camera.where = {60, 5};
    bom.components.push_back(camera);
    bom.dependencies = {{bom.subject->reference, bom.components[0].reference},
                        {bom.components[0].reference, bom.components[1].reference}};
    boms = {bom};
    data = {{"osv", "2026-11-20", 241003, sha256("osv")},
            {"cisa-kev", "2026-11-24", 1612, sha256("kev")}};
    unmatched = {{bom.path, camera.name, camera.reference, "", "no version", {}}};
    make_findings();
  }

  static SmallScan empty() {
    SmallScan scan;
    scan.findings.clear();
    scan.unmatched.clear();
    return scan;
  }

  documents::ScannedBills view() const {
    return {&product, boms, data, findings, unmatched, *parse_day("2026-11-27"), at()};
  }

 private:
  static Component component(const std::string& purl, int line) {
    Component one;
    one.reference = purl;
    one.type = "library";
    one.purl = *parse_purl(purl);
    one.name = one.purl->name;
    one.version = one.purl->version;
    one.where = {line, 5};
    return one;
  }

  Finding finding(std::size_t place, const std::string& advisory, State state) const {
    const Component& component = boms[0].components[place];
    Finding one;
    one.sbom = boms[0].path;
    one.component = component.name;
    one.reference = component.reference;
    one.purl = to_text(*component.purl);
    one.version = component.version;
    one.advisory = advisory;
    one.flaw = advisory;
    one.matched = {advisory};
    one.because = one.version + " is in [0, 99)";
    one.state = state;
    one.state_because = "for the test";
    one.decided_by = {"default", "rule", "", {}};
    one.published = "2026-01-02";
    return one;
  }

  void make_findings() {
    Finding log4j = finding(0, "GHSA-jfh8-c2jp-5v3q", State::fail);
    log4j.flaw = "CVE-2021-44228";
    log4j.aliases = {"GHSA-jfh8-c2jp-5v3q"};
    log4j.summary = "Remote <b> code injection";
    log4j.fixed = {"2.15.0"};
    log4j.severity = {"GHSA-jfh8-c2jp-5v3q", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0,
                      "critical"};
    log4j.epss = EpssScore{0.97, 0.99, "2026-11-26"};
    log4j.known_exploited = {"cisa-kev"};
    Finding left = finding(1, "CVE-2026-1001", State::pass);
    left.vex = AppliedVex{"not_affected", "vulnerable_code_not_in_execute_path: never called",
                          "https://quayside.example/vex/1", "Quayside", "2026-09-01T08:00:00Z"};
    left.vex->justification = "vulnerable_code_not_in_execute_path";
    left.severity = {"CVE-2026-1001", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.8, "low"};
    Finding hook = finding(2, "CVE-2026-1002", State::warn);
    hook.vex = AppliedVex{"affected",  "the port is closed",   "https://quayside.example/vex/1",
                          "Quayside",  "2026-09-01T08:00:00Z", "A. Maker",
                          "2027-01-31"};
    hook.severity = {"CVE-2026-1002",
                     "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3,
                     "critical"};
    Finding rope = finding(3, "CVE-2026-1001", State::human);
    rope.severity = left.severity;
    Finding knot = finding(4, "DEBIAN-CVE-2026-1003", State::pass);
    knot.upstream = {"CVE-2026-1003"};
    knot.vex = AppliedVex{"fixed", "", "https://quayside.example/vex/1", "Quayside",
                          "2026-09-01T08:00:00Z"};
    findings = {log4j, left, hook, rope, knot};
  }
};

}  // namespace lockstep::test
