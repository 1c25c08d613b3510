// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/bom_diff.hpp"
#include "domain/bom_merge.hpp"
#include "domain/bom_quality.hpp"

namespace lockstep {
namespace {

Component part(const std::string& name, const std::string& version, bool has_purl = true) {
  Component component;
  component.type = "library";
  component.reference = "ref-" + name + version;
  component.name = name;
  component.version = version;
  if (has_purl) component.purl = parse_purl("pkg:npm/" + name + "@" + version).value();
  return component;
}

Bom bill(const std::string& path, std::vector<Component> components) {
  Bom bom;
  bom.path = path;
  bom.format = "CycloneDX 1.6";
  bom.components = std::move(components);
  return bom;
}

std::vector<std::string> references(const Bom& bom) {
  std::vector<std::string> list;
  for (const Component& component : bom.components)
    list.push_back(component.reference);
  return list;
}

TEST(BomDiff, TellsNewPartsFromNewVersions) {
  Component free = part("rope", "1.0.0");
  free.licences = {"MIT"};
  Component closed = free;
  closed.licences = {"LicenseRef-own"};
  const BomDiff diff = compare(bill("a", {part("hook", "1.0.0"), free, part("old", "1.0.0")}),
                               bill("b", {part("hook", "2.0.0"), closed, part("new", "1.0.0")}));
  ASSERT_EQ(diff.added.size(), 1U);
  EXPECT_EQ(diff.added[0].purl, "pkg:npm/new@1.0.0");
  ASSERT_EQ(diff.removed.size(), 1U);
  EXPECT_EQ(diff.removed[0].name, "old");
  ASSERT_EQ(diff.versions.size(), 1U);
  EXPECT_EQ(diff.versions[0].purl, "pkg:npm/hook");
  EXPECT_EQ(diff.versions[0].before, std::vector<std::string>{"1.0.0"});
  EXPECT_EQ(diff.versions[0].after, std::vector<std::string>{"2.0.0"});
  ASSERT_EQ(diff.licences.size(), 1U);
  EXPECT_EQ(diff.licences[0].after, std::vector<std::string>{"LicenseRef-own"});
}

rc::Gen<Bom> any_bill() {
  const auto name = rc::gen::elementOf(std::vector<std::string>{"a", "b", "c", "d"});
  const auto version = rc::gen::elementOf(std::vector<std::string>{"1.0.0", "2.0.0"});
  return rc::gen::map(rc::gen::container<std::vector<std::tuple<std::string, std::string, bool>>>(
                          rc::gen::tuple(name, version, rc::gen::arbitrary<bool>())),
                      [](const auto& rows) {
                        Bom bom = bill("f", {});
                        for (const auto& [one, two, three] : rows)
                          bom.components.push_back(part(one, two, three));
                        return bom;
                      });
}

RC_GTEST_PROP(BomDiffProperties, TurnsAroundWithItsArguments, ()) {
  const Bom a = *any_bill();
  const Bom b = *any_bill();
  const BomDiff there = compare(a, b);
  const BomDiff back = compare(b, a);
  RC_ASSERT(there.added.size() == back.removed.size());
  RC_ASSERT(there.removed.size() == back.added.size());
  RC_ASSERT(there.versions.size() == back.versions.size());
  const BomDiff none = compare(a, a);
  RC_ASSERT(none.added.empty() && none.removed.empty() && none.versions.empty());
}

TEST(BomMerge, MakesOneOfTheSameAndFillsInWhatIsMissing) {
  Component plain = part("hook", "1.0.0");
  Component rich = part("hook", "1.0.0");
  rich.reference = "another";
  rich.supplier = "Example AS";
  rich.digests = {{"SHA-256", "00"}};
  Bom first = bill("a.json", {plain, part("rope", "1.0.0", false)});
  first.subject = part("app", "1.0.0", false);
  first.dependencies = {{first.subject->reference, plain.reference}};
  Bom second = bill("b.json", {rich, part("rope", "2.0.0", false)});
  second.subject = part("firmware", "1.0.0", false);
  second.dependencies = {{"another", second.components[1].reference}};
  Component whole = part("crane", "3", false);
  const Bom merged = merge(whole, std::vector<Bom>{first, second});
  EXPECT_EQ(references(merged),
            (std::vector<std::string>{"app@1.0.0", "firmware@1.0.0", "pkg:npm/hook@1.0.0",
                                      "rope@1.0.0", "rope@2.0.0"}));
  EXPECT_EQ(merged.subject.value().name, "crane");
  const Component& hook = merged.components[2];
  EXPECT_EQ(hook.supplier, "Example AS");
  EXPECT_EQ(hook.digests.size(), 1U);
  EXPECT_EQ(hook.sources, (std::vector<std::string>{"a.json", "b.json"}));
  std::vector<std::string> edges;
  for (const Dependency& edge : merged.dependencies)
    edges.push_back(edge.from + " > " + edge.to);
  EXPECT_EQ(edges, (std::vector<std::string>{"app@1.0.0 > pkg:npm/hook@1.0.0",
                                             "crane@3 > app@1.0.0", "crane@3 > firmware@1.0.0",
                                             "pkg:npm/hook@1.0.0 > rope@2.0.0"}));
}

TEST(BomMerge, NeedsWhatOneOfTheBillsNeeds) {
  // Gates may let pass what is not needed: of two scopes the one that asks for more holds.
  const std::vector<std::string> by_need = {"required", "", "optional", "development", "excluded"};
  for (std::size_t more = 0; more < by_need.size(); ++more)
    for (std::size_t less = more; less < by_need.size(); ++less) {
      Bom first = bill("a", {part("hook", "1.0.0")});
      Bom second = first;
      first.components[0].scope = by_need[less];
      second.components[0].scope = by_need[more];
      for (const auto& bills : {std::vector<Bom>{first, second}, std::vector<Bom>{second, first}})
        EXPECT_EQ(merge(std::nullopt, bills).components.at(0).scope, by_need[more]);
    }
}

TEST(BomMerge, KeepsTheSubjectThatAllBillsShare) {
  Bom first = bill("a", {part("hook", "1.0.0")});
  first.subject = part("app", "1.0.0");
  Bom second = bill("b", {part("rope", "1.0.0")});
  second.subject = part("app", "1.0.0");
  EXPECT_EQ(merge(std::nullopt, std::vector<Bom>{first, second}).subject.value().name, "app");
  second.subject = part("other", "1.0.0");
  const Bom without = merge(std::nullopt, std::vector<Bom>{first, second});
  EXPECT_FALSE(without.subject.has_value());
  EXPECT_EQ(without.components.size(), 4U);
}

TEST(BomMerge, KeepsWhatEachBillSaysOfAComponent) {
  Bom first = bill("a", {part("hook", "1.0.0")});
  first.components[0].licences = {"MIT"};
  first.components[0].digests = {{"SHA-256", "00"}};
  Bom second = bill("b", {part("hook", "1.0.0")});
  second.components[0].licences = {"ISC", "MIT"};
  second.components[0].digests = {{"SHA-256", "00"}, {"SHA-256", "11"}};
  const Component hook = merge(std::nullopt, std::vector<Bom>{first, second}).components.at(0);
  EXPECT_EQ(hook.licences, (std::vector<std::string>{"MIT", "ISC"}));
  EXPECT_EQ(hook.digests.size(), 2U);
}

TEST(BomMerge, TakesAModelOfOtherContentForAnother) {
  Component model;
  model.type = "machine-learning-model";
  model.name = "sight";
  model.digests = {{"SHA-256", "00"}};
  Component other = model;
  other.digests = {{"SHA-256", "11"}, {"MD5", "22"}};
  Component named = model;
  named.digests.clear();
  const std::vector<Bom> bills = {bill("a", {model}), bill("b", {other}), bill("c", {named}),
                                  bill("d", {other})};
  const Bom merged = merge(std::nullopt, bills);
  EXPECT_EQ(references(merged), (std::vector<std::string>{"sight", "sight#2"}));
  EXPECT_EQ(merged.components[1].sources, (std::vector<std::string>{"b", "d"}));
}

TEST(BomMerge, AProductThatABillListsIsStillDescribedByItsFile) {
  Component listed = part("crane", "3", false);
  Component whole = listed;
  whole.supplier = "Example AS";
  whole.sources = {"lockstep.yaml"};
  const Bom merged = merge(whole, std::vector<Bom>{bill("a", {listed})});
  ASSERT_TRUE(merged.subject.has_value());
  EXPECT_EQ(merged.subject->supplier, "Example AS");
  EXPECT_EQ(merged.subject->sources, (std::vector<std::string>{"a", "lockstep.yaml"}));
}

TEST(BomMerge, SaysWhatBecameOfEachReference) {
  Component first = part("hook", "1.0.0", false);
  Component second = part("hook", "1.0.0");
  const auto merged =
      merge_bills(std::nullopt, std::vector<Bom>{bill("a", {first}), bill("b", {second})});
  ASSERT_EQ(merged.references.size(), 2U);
  EXPECT_EQ(merged.references[0].at("ref-hook1.0.0"), "hook@1.0.0");
  EXPECT_EQ(merged.references[1].at("ref-hook1.0.0"), "pkg:npm/hook@1.0.0");
}

/// What a bill says, in an order that does not hang on that of the bills it was made of.
std::vector<std::string> said_by(const Bom& bom) {
  std::vector<std::string> said;
  const auto add = [&](const std::string& reference, std::string what,
                       std::vector<std::string> list) {
    std::ranges::sort(list);
    for (const std::string& one : list)
      what += " " + one;
    said.push_back(reference + " " + what);
  };
  for (const Component& one : bom.components) {
    add(one.reference, "sources", one.sources);
    add(one.reference, "licences", one.licences);
    add(one.reference, "scope " + one.scope, {});
  }
  for (const Dependency& edge : bom.dependencies)
    add(edge.from, "needs " + edge.to, {});
  std::ranges::sort(said);
  return said;
}

RC_GTEST_PROP(BomMergeProperties, HangsNotOnHowTheBillsAreTakenTogether, ()) {
  std::vector<Bom> bills;
  for (const std::string path : {"a", "b", "c"}) {
    Bom one = *any_bill();
    one.path = path;
    for (Component& component : one.components) {
      component.scope = *rc::gen::element<std::string>("", "required", "optional", "development");
      component.licences = *rc::gen::elementOf(
          std::vector<std::vector<std::string>>{{}, {"MIT"}, {"ISC", "MIT"}, {"ISC"}});
      one.dependencies.push_back({one.components[0].reference, component.reference});
    }
    bills.push_back(std::move(one));
  }
  const auto whole = [](std::vector<Bom> list) {
    Bom merged = merge(std::nullopt, list);
    merged.path = "merged";
    return merged;
  };
  const Bom all = whole(bills);
  RC_ASSERT(said_by(whole({whole({bills[0], bills[1]}), bills[2]})) == said_by(all));
  RC_ASSERT(said_by(whole({bills[0], whole({bills[1], bills[2]})})) == said_by(all));
  RC_ASSERT(said_by(whole({bills[2], bills[0], bills[1]})) == said_by(all));
  RC_ASSERT(said_by(whole({all})) == said_by(all));
}

RC_GTEST_PROP(BomMergeProperties, MergingABillWithItselfAddsNothing, ()) {
  const Bom a = *any_bill();
  const Bom once = merge(std::nullopt, std::vector<Bom>{a});
  const Bom twice = merge(std::nullopt, std::vector<Bom>{a, a});
  RC_ASSERT(references(once) == references(twice));
  const std::vector<std::string> all = references(once);
  RC_ASSERT(std::set<std::string>(all.begin(), all.end()).size() == all.size());
}

TEST(BomQuality, CountsWhatIsThereAndNamesWhatIsNot) {
  const std::vector<BomRule> rules = {
      {"a", "", "", "component.version", "", true, 3},
      {"b", "", "", "bom.creator", "", false, 1},
  };
  Component bare = part("bare", "1.0.0", false);
  bare.version = "";
  const BomQuality quality = judge(bill("f", {part("hook", "1.0.0"), bare}), rules);
  EXPECT_EQ(quality.answers[0].met, 1U);
  EXPECT_EQ(quality.answers[0].of, 2U);
  ASSERT_EQ(quality.answers[0].missing.size(), 1U);
  EXPECT_EQ(quality.answers[0].missing[0].component, "bare");
  EXPECT_FALSE(quality.answers[1].is_met());
  // (3 * 1/2 + 1 * 0) / 4 of 100
  EXPECT_EQ(quality.score, 37);
}

TEST(BomQuality, AnEmptyBillMeetsNothingThatIsAskedOfComponents) {
  const std::vector<BomRule> rules = {{"a", "", "", "component.name", "", true, 1}};
  const BomQuality quality = judge(bill("f", {}), rules);
  EXPECT_FALSE(quality.answers[0].is_met());
  EXPECT_EQ(quality.score, 0);
}

}  // namespace
}  // namespace lockstep
