// SPDX-License-Identifier: Apache-2.0
#include "app/baseline.hpp"

#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/evidence.hpp"
#include "app/verdict.hpp"
#include "documents/json/json.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Finding finding(const std::string& advisory, State state) {
  Finding made;
  made.component = "curl";
  made.version = "7.88.1";
  made.purl = "pkg:deb/debian/curl@7.88.1";
  made.advisory = advisory;
  made.flaw = advisory;
  made.state = state;
  return made;
}

Dossier dossier_of(std::vector<Finding> findings) {
  Dossier dossier;
  dossier.product.name = "Gate";
  dossier.as_of = *parse_day("2028-09-04");
  dossier.boms.emplace_back().components.emplace_back();
  dossier.data = {{"osv", "2028-09-01", 10, ""}};
  dossier.findings = std::move(findings);
  return dossier;
}

/// The dossier as a file, read back.
Result<Baseline> read_back(const std::string& text) {
  const std::string path = test::fresh_folder("baseline") + "/run.json";
  std::ofstream(path) << text;
  return read_baseline(path, RealFiles());
}

Dossier compared(Dossier dossier, const Dossier& before) {
  const auto baseline = read_back(to_pretty_json(documents::dossier_json(before)));
  EXPECT_TRUE(baseline.has_value()) << to_text(baseline.error());
  const auto rules = load_rules();
  EXPECT_TRUE(rules.has_value());
  EXPECT_TRUE(apply_baseline(*baseline, *rules, dossier).has_value());
  return dossier;
}

std::vector<std::string> blocking(const Dossier& dossier) {
  std::vector<std::string> ids;
  for (const Blocker& blocker : blockers_of(dossier))
    ids.push_back(blocker.id);
  return ids;
}

State vulnerabilities(const Dossier& dossier) {
  const auto areas = areas_of(dossier, {});
  return std::ranges::find(areas, "vulnerabilities", &AreaVerdict::area)->state;
}

TEST(Baseline, OnlyWhatIsNewFails) {
  const Dossier before = dossier_of({finding("CVE-1", State::fail), finding("CVE-2", State::human),
                                     finding("CVE-3", State::pass), finding("CVE-4", State::fail)});
  const Dossier same = compared(before, before);
  EXPECT_THAT(blocking(same), IsEmpty());
  EXPECT_EQ(vulnerabilities(same), State::warn);
  const Dossier after =
      compared(dossier_of({finding("CVE-1", State::fail), finding("CVE-2", State::pass),
                           finding("CVE-3", State::human), finding("CVE-5", State::fail)}),
               before);
  EXPECT_THAT(after.since_baseline->unchanged, ElementsAre("CVE-1 in curl 7.88.1"));
  EXPECT_THAT(after.since_baseline->settled,
              ElementsAre("CVE-2 in curl 7.88.1", "CVE-4 in curl 7.88.1"));
  // What a statement had settled and is open again is new.
  EXPECT_THAT(after.since_baseline->fresh,
              ElementsAre("CVE-3 in curl 7.88.1", "CVE-5 in curl 7.88.1"));
  EXPECT_THAT(blocking(after), ElementsAre("CVE-5", "CVE-3"));
  EXPECT_EQ(vulnerabilities(after), State::fail);
}

TEST(Baseline, KnownExploitationIsNeverBaselined) {
  Finding exploited = finding("CVE-1", State::fail);
  exploited.known_exploited = {"cisa-kev"};
  const Dossier after =
      compared(dossier_of({exploited}), dossier_of({finding("CVE-1", State::fail)}));
  EXPECT_THAT(after.since_baseline->unchanged, ElementsAre("CVE-1 in curl 7.88.1"));
  EXPECT_THAT(blocking(after), ElementsAre("CVE-1"));
  EXPECT_THAT(blocking(compared(dossier_of({exploited}), dossier_of({exploited}))),
              ElementsAre("CVE-1"));
}

TEST(Baseline, AFlawIsKnownByAnyOfItsNames) {
  Finding merged = finding("GHSA-1", State::fail);
  merged.aliases = {"CVE-1"};
  const Dossier before = dossier_of({finding("CVE-1", State::fail)});
  EXPECT_THAT(blocking(compared(dossier_of({merged}), before)), IsEmpty());
  Finding other = finding("CVE-1", State::fail);
  other.purl = "pkg:deb/debian/curl@7.88.2";
  EXPECT_THAT(blocking(compared(dossier_of({other}), before)), ElementsAre("CVE-1"));
}

// The law's answer stays: the requirement is still unmet. Only the gate passes over it, as long as
// nothing but known findings stands against it.
TEST(Baseline, RequirementsAndRisksThatStandOnKnownFindingsRest) {
  const auto rules = load_rules();
  ASSERT_TRUE(rules.has_value());
  Dossier before = dossier_of({finding("CVE-1", State::fail)});
  before.product.facts = {};
  Risk risk;
  risk.id = "vulnerable_component.gate";
  risk.state = State::fail;
  risk.findings = {"CVE-1"};
  before.risks = {risk};
  Dossier after = dossier_of({finding("CVE-1", State::fail)});
  after.risks = {risk};
  const Dossier rested = compared(after, before);
  EXPECT_THAT(rested.since_baseline->known, testing::Contains("vulnerable_component.gate"));
  EXPECT_EQ(rested.risks[0].state, State::fail);
  EXPECT_THAT(blocking(rested), IsEmpty());
  after.findings.push_back(finding("CVE-9", State::fail));
  after.risks[0].findings = {"CVE-1", "CVE-9"};
  EXPECT_THAT(blocking(compared(after, before)), ElementsAre("CVE-9", "vulnerable_component.gate"));
  after.risks[0].findings = {};
  EXPECT_THAT(blocking(compared(after, before)), ElementsAre("CVE-9", "vulnerable_component.gate"));
}

TEST(Baseline, SaysWhatIsNoBaseline) {
  const auto says = [](const std::string& text) {
    const auto read = read_back(text);
    return read ? "read" : read.error().code + (read.error().kind == ErrorKind::input ? "" : "!");
  };
  EXPECT_EQ(says("no json"), "json.syntax");
  EXPECT_EQ(says("[]"), "baseline.foreign");
  EXPECT_EQ(says("{}"), "baseline.foreign");
  EXPECT_EQ(says(R"({"schema": "lockstep/scope/1"})"), "baseline.foreign");
  EXPECT_EQ(says(R"({"schema": "lockstep/findings/1"})"), "baseline.foreign");
  EXPECT_EQ(says(R"({"schema": "lockstep/findings/1", "data": [], "findings": []})"),
            "baseline.foreign");
  EXPECT_EQ(says(R"({"schema": "lockstep/findings/1", "data": [{}], "findings": [{}]})"),
            "baseline.foreign");
  EXPECT_EQ(says(R"({"schema": "lockstep/findings/1", "data": [{}], "findings": []})"), "read");
  EXPECT_EQ(read_baseline("/nowhere/run.json", RealFiles()).error().code, "file.missing");
}

TEST(Baseline, ARunOfAnotherProductIsRefused) {
  const auto baseline = read_back(to_pretty_json(documents::dossier_json(dossier_of({}))));
  Dossier other = dossier_of({});
  other.product.name = "Door";
  const auto done = apply_baseline(*baseline, *load_rules(), other);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().message,
            "expected a baseline of 'Door', found a run of 'Gate'; name an earlier run of the same "
            "product");
}

}  // namespace
}  // namespace lockstep::app
