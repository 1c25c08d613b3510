// SPDX-License-Identifier: Apache-2.0
// What is told, when, and once; how long a release is kept.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advisories/gate.hpp"
#include "app/embedded_law.hpp"
#include "app/watch/answers.hpp"
#include "app/watch/documents.hpp"
#include "app/watch/notices.hpp"
#include "app/watch/releases.hpp"
#include "app/watch/run.hpp"
#include "app/watch/table.hpp"
#include "app/watch/tasks.hpp"
#include "documents/schema_check.hpp"
#include "support/paths.hpp"
#include "watch_support.hpp"

namespace lockstep::test {
namespace {

using app::run_watch;
using testing::ElementsAre;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

Advisory flaw(const std::string& id, const std::string& fixed, const std::string& cve = "") {
  Advisory made;
  made.id = id;
  made.modified = parse_instant("2026-01-02T03:04:05Z");
  if (!cve.empty()) made.aliases = {cve};
  Affected affected;
  affected.ecosystem = "npm";
  affected.package = "left";
  AffectedRange range;
  range.events = {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, fixed}};
  affected.ranges = {range};
  made.affected = {affected};
  return made;
}

Component left(const std::string& version) {
  Component component;
  component.purl = *parse_purl("pkg:npm/left@" + version);
  component.name = "left";
  component.version = version;
  component.reference = "left-" + version;
  return component;
}

/// "kind flaw version component@version: what; what"
Texts lines_of(const std::vector<WatchNotice>& notices) {
  Texts lines;
  for (const WatchNotice& notice : notices) {
    Diagnostics problems;
    const auto body = parse_json(notice.body, "notice", problems);
    EXPECT_THAT(SchemaCheck::problems(*body, "watch-notice.schema.json"), IsEmpty());
    for (const Json& entry : body->operator[]("entries").items()) {
      std::string line = entry["kind"].string_or("") + " " + (*body)["flaw"].string_or("-") + " " +
                         entry["version"].string_or("") + " " +
                         entry["component_version"].string_or("-");
      for (const Json& what : entry["what"].items())
        line += "; " + what.string_or("");
      lines.push_back(line);
    }
  }
  return lines;
}

class Watch : public testing::Test {
 protected:
  void SetUp() override {
    store_ = *store::WatchStore::open("memory:");
    world_.lists["cisa-kev"];
  }

  void add(const std::string& version,
           const std::vector<Component>& components,
           std::vector<VexStatement> statements = {}) {
    app::ReleaseInput input;
    input.product = "crane";
    input.version = version;
    input.released = parse_day("2028-02-29");
    input.support_until = parse_day("2033-03-01");
    Bom bom;
    bom.path = "app.json";
    bom.sha256 = sha256(version + std::to_string(components.size()));
    bom.components = components;
    input.boms = {bom};
    input.statements = std::move(statements);
    const auto added = app::add_release(*store_, std::move(input), at("2028-03-01"));
    ASSERT_TRUE(added.has_value()) << to_text(added.error());
  }

  void state(const std::string& status_of_cve, VexStatement::Fixed fixed) {
    VexStatement statement;
    statement.vulnerability = status_of_cve;
    statement.products = {{"pkg:npm/left", {}}};
    statement.status = fixed;
    app::ReleaseInput input;
    input.product = "crane";
    input.version = "1";
    input.statements = {statement};
    const auto added = app::add_release(*store_, std::move(input), at("2028-03-01"));
    ASSERT_TRUE(added.has_value()) << to_text(added.error());
  }

  static Instant at(const std::string& day) { return *parse_instant(day); }

  app::WatchRun run(const std::string& day = "2028-04-01") {
    const auto index = world_.index();
    auto done = run_watch(*store_, index, policy_, "2028-03-31T08:00:00Z", at(day));
    EXPECT_TRUE(done.has_value()) << (done ? "" : to_text(done.error()));
    return *std::move(done);
  }

  Texts told(const std::string& day = "2028-04-01") { return lines_of(run(day).notices); }

  void exploited(const std::string& cve, const std::string& source = "cisa-kev") {
    KnownExploited known;
    known.cve = cve;
    known.source = source;
    known.date_added = "2028-03-20";
    world_.lists[source][cve] = known;
  }

  World world_;
  GatePolicy policy_ = advisories::default_policy();
  std::unique_ptr<store::WatchStore> store_;
};

TEST_F(Watch, TellsWhatIsNewOncePerProductAndFlaw) {
  add("1", {left("1.0")});
  add("2", {left("1.5"), left("3.0.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  const auto first = run();
  EXPECT_EQ(first.notices.size(), 1U);
  EXPECT_THAT(lines_of(first.notices),
              ElementsAre("new CVE-2028-1000 1 1.0", "new CVE-2028-1000 2 1.5"));
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(told("2028-04-02"), IsEmpty());
}

TEST_F(Watch, TellsWhatChangedAndWhatIsSettled) {
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0");
  EXPECT_THAT(told(), ElementsAre("new GHSA-1 1 1.0"));
  world_.records["GHSA-1"] = flaw("GHSA-1", "1.9");
  EXPECT_THAT(told(), ElementsAre("changed GHSA-1 1 1.0; fixed in 2.0 -> 1.9"));
  world_.records["GHSA-1"].severity = {{"CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}};
  EXPECT_THAT(told(), ElementsAre("changed GHSA-1 1 1.0; severity unknown -> critical 9.8; state "
                                  "human -> fail; rule otherwise -> rated"));
  world_.records["GHSA-1"].withdrawn = at("2028-04-01");
  EXPECT_THAT(told(), ElementsAre("settled GHSA-1 1 1.0; no advisory says any more that this "
                                  "version is affected"));
  world_.records["GHSA-1"].withdrawn.reset();
  EXPECT_THAT(told("2028-04-02"), ElementsAre("new GHSA-1 1 1.0"));
}

// A program before may have known fewer names under which records list a component.
TEST_F(Watch, WhatComesBackOnTheSameDayIsToldAgainUnderAnotherKey) {
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  add("1", {left("1.0")});
  const auto first = run();
  add("1", {left("3.0.0"), left("3.0.1")});
  EXPECT_THAT(told(), ElementsAre("settled CVE-2028-1000 1 1.0; the component is not in the "
                                  "release any more"));
  add("1", {left("1.0")});
  const auto again = run();
  EXPECT_THAT(lines_of(again.notices), ElementsAre("new CVE-2028-1000 1 1.0"));
  EXPECT_NE(again.notices.at(0).key, first.notices.at(0).key);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Watch, ComponentsOfAnotherProgramAreFiledAgain) {
  add("1", {});
  store::NewPart part;
  part.component = app::watched(left("1.0"), "");
  part.id = app::number_of(part.component);
  part.reference = "left";
  ASSERT_TRUE(store_->add_part(1, part).has_value());
  EXPECT_THAT(told(), IsEmpty());
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0");
  EXPECT_THAT(told(), ElementsAre("new GHSA-1 1 1.0"));
}

TEST_F(Watch, WhatAnEarlierProgramKeptIsRenewedWhenItIsAddedAgain) {
  Component named = left("1.0");
  named.cpe = "cpe:2.3:a:acme:left:1.0:*:*:*:*:*:*:*";
  add("1", {named});
  const auto before = *store_->parts_of_release(1);
  // As kept by a program that knew nothing of CPE names.
  ASSERT_TRUE(store_->erase_parts(1).has_value());
  store::NewPart part;
  part.component = app::watched(left("1.0"), "");
  part.id = app::number_of(part.component);
  part.reference = "left-1.0";
  ASSERT_TRUE(store_->add_part(1, part).has_value());
  ASSERT_TRUE(store_->clear_pending(1).has_value());
  add("1", {named});
  EXPECT_EQ(*store_->parts_of_release(1), before);
  EXPECT_TRUE(store_->releases()->at(0).is_pending);
  // Nothing is different any more.
  ASSERT_TRUE(store_->clear_pending(1).has_value());
  add("1", {named});
  EXPECT_FALSE(store_->releases()->at(0).is_pending);
}

TEST_F(Watch, KnowsRepositoriesAndDistributionsThatAreRebuilt) {
  const std::string commit = "1f0e1a7f3b5c2d4e6f8091a2b3c4d5e6f7081920";
  Component crane;
  crane.name = "crane";
  crane.version = commit;
  crane.reference = "crane";
  crane.purl = *parse_purl("pkg:github/acme/crane@" + commit);
  Component tar;
  tar.name = "tar";
  tar.version = "1.30-5.el8";
  tar.reference = "tar";
  tar.purl = *parse_purl("pkg:rpm/almalinux/tar@1.30-5.el8?distro=almalinux-8");
  add("1", {crane, tar});
  EXPECT_THAT(told(), IsEmpty());
  Advisory by_commit = flaw("OSV-1", "");
  by_commit.affected[0].ecosystem = "GIT";
  by_commit.affected[0].package = "https://github.com/Acme/crane.git";
  by_commit.affected[0].ranges[0].kind = RangeKind::git;
  by_commit.affected[0].ranges[0].events = {{Event::Kind::introduced, commit}};
  world_.records["OSV-1"] = by_commit;
  Advisory open = flaw("CVE-2028-1", "");
  open.affected[0].ecosystem = "Red Hat:enterprise_linux:8::baseos";
  open.affected[0].package = "tar";
  open.affected[0].ranges[0].events = {{Event::Kind::introduced, "0"}};
  world_.records["CVE-2028-1"] = open;
  EXPECT_THAT(told(), ElementsAre("new CVE-2028-1 1 1.30-5.el8", "new OSV-1 1 " + commit));
}

TEST_F(Watch, AnIdThatIsAddedMakesNoNewFinding) {
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0");
  EXPECT_THAT(told(), ElementsAre("new GHSA-1 1 1.0"));
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  EXPECT_THAT(told(), IsEmpty());
  world_.records["OSV-2"] = flaw("OSV-2", "2.0", "CVE-2028-1000");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Watch, TwoFlawsThatBecomeOneAreNotSettled) {
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0");
  world_.records["OSV-2"] = flaw("OSV-2", "2.0");
  EXPECT_THAT(told(), ElementsAre("new GHSA-1 1 1.0", "new OSV-2 1 1.0"));
  world_.records["OSV-2"].aliases = {"GHSA-1"};
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(store_->sizes()->rows, 1);
}

TEST_F(Watch, AStatementSettlesAndItsEndReopens) {
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  EXPECT_THAT(told(), ElementsAre("new CVE-2028-1000 1 1.0"));
  state("CVE-2028-1000", {});
  EXPECT_THAT(told(), ElementsAre("settled CVE-2028-1000 1 1.0; a statement says fixed"));
  add("1", {left("1.0"), left("0.9")}, std::vector<VexStatement>());
  EXPECT_THAT(told("2028-04-02"),
              ElementsAre("new CVE-2028-1000 1 0.9",
                          "new CVE-2028-1000 1 1.0; it was settled, and is open again"));
  add("1", {left("1.0")});
  EXPECT_THAT(told("2028-04-03"), ElementsAre("settled CVE-2028-1000 1 0.9; the component is not "
                                              "in the release any more"));
}

TEST_F(Watch, ASettledFindingIsNotToldAtFirstSight) {
  VexStatement statement;
  statement.vulnerability = "GHSA-1";
  statement.products = {{"pkg:npm/left", {}}};
  statement.status = VexStatement::Fixed{};
  add("1", {left("1.0")}, {statement});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Watch, AnAcceptanceThatEndsIsToldOnTheDayAfter) {
  VexStatement statement;
  statement.vulnerability = "GHSA-1";
  statement.products = {{"pkg:npm/left", {}}};
  statement.status = VexStatement::Affected{"later"};
  statement.at = at("2028-03-01");
  statement.accepted_by = "A. Maker";
  statement.accepted_until = parse_day("2028-04-10");
  add("1", {left("1.0")}, {statement});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0");
  EXPECT_THAT(told("2028-04-01"), ElementsAre("new GHSA-1 1 1.0"));
  EXPECT_THAT(told("2028-04-10"), IsEmpty());
  EXPECT_THAT(told("2028-04-11"),
              ElementsAre("changed GHSA-1 1 1.0; state warn -> human; rule accepted -> otherwise"));
}

TEST_F(Watch, RecordsThatCannotBeHeldAgainstAVersionAreToldAsNotChecked) {
  Component component = left("1.0");
  component.purl = *parse_purl("pkg:npm/left");
  component.version.clear();
  add("1", {component});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0");
  EXPECT_THAT(told(), ElementsAre("not_checked - 1 "));
  world_.records["GHSA-2"] = flaw("GHSA-2", "2.0");
  EXPECT_THAT(told(), ElementsAre("not_checked - 1 ; may apply GHSA-1 -> GHSA-1, GHSA-2"));
}

TEST_F(Watch, WithADamagedSnapshotEverythingIsAskedAgain) {
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0");
  EXPECT_THAT(told(), ElementsAre("new GHSA-1 1 1.0"));
  ASSERT_TRUE(store_->set_state("snapshot", "no rows").has_value());
  world_.records["GHSA-1"] = flaw("GHSA-1", "1.9");
  const auto again = run();
  EXPECT_EQ(again.delta.whole_because,
            "what the last run kept of the advisory data cannot be read");
  EXPECT_THAT(lines_of(again.notices), ElementsAre("changed GHSA-1 1 1.0; fixed in 2.0 -> 1.9"));
  world_.records.clear();
  EXPECT_EQ(run().delta.whole_because, "");
}

TEST_F(Watch, AnExploitedFlawOpensOneTaskWithItsInstants) {
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  EXPECT_TRUE(run().tasks.empty());
  exploited("CVE-2028-1000");
  const auto hit = run("2028-04-02T10:00:00Z");
  EXPECT_THAT(lines_of(hit.notices),
              ElementsAre("changed CVE-2028-1000 1 1.0; exploited by the list none -> cisa-kev; "
                          "state human -> fail; rule otherwise -> exploited"));
  ASSERT_EQ(hit.tasks.size(), 1U);
  const auto task = app::task_json(hit.tasks[0]);
  ASSERT_TRUE(task.has_value());
  Texts candidates;
  for (const Json& one : (*task)["candidates"].items())
    candidates.push_back(one["at"].string_or("") + " " + one["source"].string_or(""));
  EXPECT_THAT(candidates, ElementsAre("2028-03-20 cisa-kev",
                                      "2028-03-31T08:00:00Z manifest of the advisory data",
                                      "2028-04-02T10:00:00Z lockstep vuln watch"));
  EXPECT_EQ((*task)["applies_from"]["day"].string_or(""), "2026-09-11");  // CRA Art. 71(2)
  EXPECT_TRUE(run("2028-04-03").tasks.empty());

  add("2", {left("1.1")});
  const auto further = run("2028-04-04");
  ASSERT_EQ(further.tasks.size(), 1U);
  EXPECT_EQ(further.tasks[0].number, hit.tasks[0].number);
  EXPECT_EQ(*(*app::task_json(further.tasks[0]))["versions"].items()[1].as_string(), "2");
}

TEST_F(Watch, AClosedTaskIsAskedAgainOnlyWhenAListOrVersionIsNew) {
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  exploited("CVE-2028-1000");
  auto tasks = run().tasks;
  ASSERT_EQ(tasks.size(), 1U);
  tasks[0].closed_at = "2028-04-02T00:00:00Z";
  tasks[0].decision = "not_exploited";
  ASSERT_TRUE(store_->put_task(tasks[0]).has_value());
  world_.records["GHSA-1"].withdrawn = at("2028-04-02");
  EXPECT_TRUE(run("2028-04-03").tasks.empty());
  world_.records["GHSA-1"].withdrawn.reset();
  EXPECT_TRUE(run("2028-04-04").tasks.empty());
  world_.lists["eu-kev"];
  exploited("CVE-2028-1000", "eu-kev");
  const auto again = run("2028-04-05").tasks;
  ASSERT_EQ(again.size(), 1U);
  EXPECT_NE(again[0].number, tasks[0].number);
}

TEST_F(Watch, WhatAStatementSettlesOpensNoTask) {
  VexStatement statement;
  statement.vulnerability = "CVE-2028-1000";
  statement.products = {{"pkg:npm/left", {}}};
  statement.status = VexStatement::NotAffected{"component_not_present", ""};
  add("1", {left("1.0")}, {statement});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  exploited("CVE-2028-1000");
  EXPECT_TRUE(run().tasks.empty());
}

/// The duty to report does not ask what the gate lets pass.
TEST_F(Watch, WhatAPolicyLetsPassOpensATaskAllTheSame) {
  GateRule not_delivered{"not_delivered", {}, State::pass, "it is no part of the product", {}};
  not_delivered.when.ecosystem = {"npm"};
  policy_.rules = {not_delivered};
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  EXPECT_TRUE(run().tasks.empty());
  exploited("CVE-2028-1000");
  const auto listed = run();
  EXPECT_THAT(listed.notices, IsEmpty());
  ASSERT_EQ(listed.tasks.size(), 1U);
  EXPECT_EQ(listed.tasks[0].flaw, "CVE-2028-1000");
  EXPECT_TRUE(run().tasks.empty());
  EXPECT_EQ(run().open_tasks, 1);
}

TEST_F(Watch, TheEndOfSupportIsToldAtEachLeadTimeOnce) {
  add("1", {left("9.0")});
  EXPECT_THAT(told("2032-09-01"), IsEmpty());
  // 180 days before 2033-03-01.
  EXPECT_THAT(told("2032-09-02"), ElementsAre("support_ends - 1 -"));
  EXPECT_THAT(told("2032-10-01"), IsEmpty());
  EXPECT_THAT(told("2033-02-01"), ElementsAre("support_ends - 1 -"));  // 30 days; 90 were missed
  EXPECT_THAT(told("2033-03-01"), IsEmpty());
  EXPECT_THAT(told("2033-03-02"), ElementsAre("support_ends - 1 -"));
  EXPECT_THAT(told("2034-01-01"), IsEmpty());
  // Ten years after 29 February 2028 end with the last day of February 2038.
  EXPECT_THAT(told("2038-02-28"), IsEmpty());
  EXPECT_THAT(told("2038-03-01"), ElementsAre("keeping_ended - 1 -"));
}

TEST(WatchTerms, TheTimeOfKeepingIsThatOfTheDuty) {
  const auto terms = app::watch_terms();
  ASSERT_TRUE(terms.has_value()) << to_text(terms.error());
  const regulations::Ruleset law = app::embedded_law();
  const auto* duty = law.find_requirement("cra.documents_kept");
  ASSERT_NE(duty, nullptr);
  EXPECT_THAT(duty->duty.keep,
              testing::StartsWith(regulations::to_text(terms->keeping) + " from placing on the "));
  EXPECT_EQ(terms->keeping.count, 10);
  for (const auto* cites : {&terms->support_cites, &terms->keeping_cites, &terms->task_cites}) {
    for (const std::string& cite : *cites) {
      const std::size_t slash = cite.find('/');
      EXPECT_NE(law.find_provision(cite.substr(0, slash), cite.substr(slash + 1)), nullptr) << cite;
    }
  }
}

TEST(WatchTerms, AReleaseIsKeptForTheLongerOfBothTimes) {
  const auto terms = *app::watch_terms();
  WatchedRelease release;
  release.released = *parse_day("2028-03-01");
  EXPECT_EQ(app::kept_until_of(terms, release), *parse_day("2038-03-01"));
  release.support_until = *parse_day("2033-03-01");
  EXPECT_EQ(app::kept_until_of(terms, release), *parse_day("2038-03-01"));
  release.support_until = *parse_day("2045-12-31");
  EXPECT_EQ(app::kept_until_of(terms, release), *parse_day("2045-12-31"));
}

TEST(WatchReleases, ARemovedReleaseStaysUntilItsDocumentsNeedNotBeKept) {
  const std::string url = "sqlite:" + fresh_folder("watch") + "/store.db";
  {
    const auto store = *store::WatchStore::open(url);
    app::ReleaseInput input;
    input.product = "crane";
    input.version = "1";
    input.released = parse_day("2028-03-01");
    Bom bom;
    bom.path = "a.json";
    bom.components = {left("1.0")};
    input.boms = {bom};
    ASSERT_TRUE(app::add_release(*store, std::move(input), Instant{}).has_value());
  }
  const auto remove = [&](const std::string& day) {
    return app::remove_release(url, "crane", "1", *parse_instant(day));
  };
  const auto first = remove("2030-01-01");
  ASSERT_TRUE(first.has_value()) << to_text(first.error());
  EXPECT_FALSE(first->is_erased);
  EXPECT_EQ(to_text(first->kept_until), "2038-03-01");
  EXPECT_FALSE(remove("2038-03-01")->is_erased);
  EXPECT_EQ((*store::WatchStore::open(url))->sizes()->parts, 1);
  EXPECT_TRUE(remove("2038-03-02")->is_erased);
  EXPECT_EQ(remove("2038-03-02").error().code, "watch.unknown");
  const auto sizes = (*store::WatchStore::open(url))->sizes();
  EXPECT_EQ(sizes->releases + sizes->components + sizes->parts + sizes->rows, 0);
}

TEST(WatchReleases, WhatIsMissingIsSaid) {
  const auto store = *store::WatchStore::open("memory:");
  const auto code = [&](app::ReleaseInput input) {
    const auto added = app::add_release(*store, std::move(input), Instant{});
    return added ? "" : added.error().message.substr(0, 48);
  };
  app::ReleaseInput input;
  EXPECT_EQ(code(input), "expected the name of the product, found none; a ");
  input.product = "crane";
  input.version = "1";
  EXPECT_EQ(code(input), "expected a bill of materials, found none; a rele");
  input.boms.emplace_back();
  EXPECT_EQ(code(input), "expected the day on which it was placed on the m");
  input.released = parse_day("2028-03-01");
  input.support_until = parse_day("2028-02-01");
  EXPECT_EQ(code(input), "expected an end of support that is not before 20");
  input.support_until.reset();
  EXPECT_EQ(code(input), "");
}

TEST_F(Watch, DocumentsKeepTheirSchemas) {
  add("1", {left("1.0")});
  world_.records["GHSA-1"] = flaw("GHSA-1", "2.0", "CVE-2028-1000");
  exploited("CVE-2028-1000");
  const auto done = run();
  const std::vector<app::TargetReport> targets = {{"folder:out", 1, 1, "full"}};
  EXPECT_THAT(
      SchemaCheck::problems(*app::watch_run_json(done, targets, 5), "watch-run.schema.json"),
      IsEmpty());
  EXPECT_THAT(
      SchemaCheck::problems(*app::watch_tasks_json(done.tasks, 5), "watch-tasks.schema.json"),
      IsEmpty());
  EXPECT_THAT(
      SchemaCheck::problems(*app::watch_task_json(done.tasks.front(), 0), "watch-task.schema.json"),
      IsEmpty());
  app::WatchAdded added;
  added.release.product = "crane";
  added.release.version = "1";
  EXPECT_THAT(SchemaCheck::problems(app::watch_added_json(added, 0), "watch-added.schema.json"),
              IsEmpty());
  app::WatchRemoved removed;
  removed.release = added.release;
  EXPECT_THAT(
      SchemaCheck::problems(app::watch_removed_json(removed, 0), "watch-removed.schema.json"),
      IsEmpty());
  const std::vector<app::WatchTableRow> rows = {
      {2, added, std::nullopt}, {3, added, Error{ErrorKind::input, "a.b", "c", {}, {}}}};
  const Json table = app::watch_table_json(rows, 3);
  EXPECT_THAT(SchemaCheck::problems(table, "watch-table.schema.json"), IsEmpty());
  EXPECT_EQ(table["failed"], Json(1));
}

TEST(WatchTable, NamesReleasesInAnyOrderOfColumns) {
  Diagnostics problems;
  const auto read = app::read_watch_table(
      "version,product,support_until,sbom,released,Reachability\r\n"
      "1.2,\"crane, big\",2033-03-01,a.json; b.json ,2028-03-01,calls.yaml\r\n"
      "\r\n"
      "1.3,\"say \"\"hoist\"\"\",,/c.json,2029-01-01",
      "fleet/table.csv", problems);
  ASSERT_TRUE(read.has_value()) << to_text(read.error());
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->at(0).product, "crane, big");
  EXPECT_EQ(read->at(0).version, "1.2");
  EXPECT_EQ(read->at(0).boms, (std::vector<std::string>{"fleet/a.json", "fleet/b.json"}));
  EXPECT_EQ(read->at(0).reachability, std::vector<std::string>{"fleet/calls.yaml"});
  EXPECT_EQ(read->at(0).released, parse_day("2028-03-01"));
  EXPECT_EQ(read->at(0).support_until, parse_day("2033-03-01"));
  EXPECT_EQ(read->at(1).product, "say \"hoist\"");
  EXPECT_EQ(read->at(1).boms, std::vector<std::string>{"/c.json"});
  EXPECT_EQ(read->at(1).support_until, std::nullopt);
  EXPECT_EQ(read->at(1).line, 4);
}

TEST(WatchTable, ReportsAllThatIsWrong) {
  Diagnostics problems;
  EXPECT_EQ(app::read_watch_table("", "t.csv", problems).error().code, "watch.table");
  EXPECT_EQ(app::read_watch_table("product,versions\n", "t.csv", problems).error().code,
            "watch.table");
  EXPECT_EQ(app::read_watch_table("product,version,product\n", "t.csv", problems).error().message,
            "expected a first line with columns of product, version, sbom, vex, released, "
            "support_until, reachability, found the column 'product' twice");
  const auto cut = app::read_watch_table("product,version\na,\"1.2\n", "t.csv", problems);
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().code, "watch.table");
  EXPECT_EQ(cut.error().where.line, 2);
  const auto read = app::read_watch_table("product,version,released\na,,2028-01-01\nb,1,soon\n",
                                          "t.csv", problems);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, "input.problems");
  ASSERT_EQ(problems.entries().size(), 2U);
  EXPECT_EQ(problems.entries()[0].where.line, 2);
  EXPECT_EQ(problems.entries()[1].where.line, 3);
}

TEST(WatchTable, ACellWithoutAColumnIsSaid) {
  Diagnostics problems;
  const auto read =
      app::read_watch_table("product,version\na,1,2028-01-01\nb,1\n", "t.csv", problems);
  ASSERT_FALSE(read.has_value());
  ASSERT_EQ(problems.entries().size(), 1U);
  EXPECT_EQ(problems.entries()[0].message,
            "expected at most 2 cells, one for each column, found 3; a cell with a comma stands in "
            "double quotes");
}

}  // namespace
}  // namespace lockstep::test
