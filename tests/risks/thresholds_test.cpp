// SPDX-License-Identifier: Apache-2.0
#include "risks/thresholds.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/digest.hpp"
#include "support.hpp"

namespace lockstep::risks {
namespace {

Instant at(const std::string& text) {
  return *parse_instant(text);
}

std::vector<LockedThreshold> locked(const Product& product,
                                    const std::string& when = "2028-03-01T10:00:00Z") {
  return lock_thresholds(planned_thresholds(product), {}, "head of testing", at(when));
}

std::string problems_of(const std::string& bytes) {
  Diagnostics problems;
  read_thresholds(bytes, "thresholds.lock", problems);
  std::string text;
  for (const Diagnostic& problem : problems.entries())
    text += to_text(problem) + "\n";
  return text;
}

ThresholdCheck check(const Product& product,
                     const std::vector<LockedThreshold>& lock,
                     const std::map<std::string, Instant>& results = {}) {
  return verify_thresholds(planned_thresholds(product), lock, results).at(0);
}

TEST(Thresholds, TheFileHoldsTheWholeQuestion) {
  const std::vector<LockedThreshold> lock = locked(test::product());
  EXPECT_EQ(write_thresholds(lock), R"({
  "schema": "lockstep/thresholds/1",
  "thresholds": [
    {
      "alpha": 0.05,
      "approver": "head of testing",
      "at_most": 0.4,
      "budget": "pgd, linf, epsilon 0.03, 40 steps, 1 restart, random start, white_box",
      "locked_at": "2028-03-01T10:00:00Z",
      "metric": "attack_success",
      "model": "reader",
      "planned_samples": 500,
      "reason": "what a scratched label does",
      "sha256": ")" + lock[0].threshold.sha256 +
                                        R"(",
      "slice": "first 500 of data/test.npz",
      "test": "reader.linf"
    }
  ]
}
)");
  EXPECT_EQ(
      lock[0].threshold.sha256,
      sha256(R"({"alpha":0.05,"approver":"head of testing","at_most":0.4,"budget":"pgd, linf, )"
             R"(epsilon 0.03, 40 steps, 1 restart, random start, white_box","locked_at":)"
             R"("2028-03-01T10:00:00Z","metric":"attack_success","model":"reader",)"
             R"("planned_samples":500,"reason":"what a scratched label does","slice":)"
             R"("first 500 of data/test.npz","test":"reader.linf"})"));
}

// A test that says no steps takes those of the attack's authors; attacks on texts have none.
TEST(Thresholds, StepsThatNobodySaidAreNotCalledNone) {
  Product product = test::product();
  EvasionTest& test = product.models[0].evasion[0];
  const auto budget = [&] { return planned_thresholds(product).at(0).budget; };
  test.steps = 0;
  EXPECT_EQ(budget(),
            "pgd, linf, epsilon 0.03, as many steps as usual, 1 restart, random start, "
            "white_box");
  test.steps = 1;
  EXPECT_EQ(budget(), "pgd, linf, epsilon 0.03, 1 step, 1 restart, random start, white_box");
  test.steps = 0;
  test.attack = "hotflip";
  test.norm = "edits";
  test.epsilon = 3;
  EXPECT_EQ(budget(), "hotflip, edits, epsilon 3, 1 restart, random start, white_box");
}

TEST(Thresholds, WhatWasWrittenIsReadAgain) {
  const std::string text = write_thresholds(locked(test::product()));
  Diagnostics problems;
  EXPECT_EQ(write_thresholds(read_thresholds(text, "thresholds.lock", problems)), text);
  EXPECT_TRUE(problems.entries().empty());
}

TEST(Thresholds, LockedAndUnchangedPasses) {
  const Product product = test::product();
  const ThresholdCheck passed = check(product, locked(product));
  EXPECT_EQ(passed.state, State::pass);
  EXPECT_EQ(passed.because, "locked at 2028-03-01T10:00:00Z by head of testing");
  EXPECT_EQ(passed.threshold.locked_at, "2028-03-01T10:00:00Z");
}

TEST(Thresholds, NotLockedNeedsAPerson) {
  const ThresholdCheck open = check(test::product(), {});
  EXPECT_EQ(open.state, State::human);
  EXPECT_EQ(open.because,
            "the threshold is not locked; run 'lockstep thresholds lock' before the test");
  EXPECT_EQ(open.threshold.locked_at, "");
}

TEST(Thresholds, EveryChangeOfTheQuestionShows) {
  const Product before = test::product();
  const std::vector<LockedThreshold> lock = locked(before);
  const std::vector<std::pair<std::function<void(EvasionTest&)>, std::string>> changes = {
      {[](EvasionTest& test) { test.max_attack_success = 0.5; },
       "at_most is 0.5 and was locked as 0.4"},
      {[](EvasionTest& test) { test.samples = 100; }, "slice is"},
      {[](EvasionTest& test) { test.epsilon = 0.01; }, "budget is"},
      {[](EvasionTest& test) { test.steps = 1; }, "budget is"},
      {[](EvasionTest& test) { test.restarts = 5; }, "budget is"},
      {[](EvasionTest& test) { test.passes = 20; }, "budget is"},
      {[](EvasionTest& test) { test.attack = "autoattack"; }, "budget is"},
      {[](EvasionTest& test) { test.norm = "l2"; }, "budget is"},
      {[](EvasionTest& test) { test.knowledge = "black_box"; }, "budget is"},
      {[](EvasionTest& test) { test.random_start = false; }, "budget is"},
      {[](EvasionTest& test) { test.reason = "other"; }, "reason is"},
  };
  for (const auto& [change, says] : changes) {
    Product after = before;
    change(after.models[0].evasion[0]);
    const ThresholdCheck changed = check(after, lock);
    EXPECT_EQ(changed.state, State::human);
    EXPECT_NE(changed.because.find("changed after it was locked: "), std::string::npos);
    EXPECT_NE(changed.because.find(says), std::string::npos) << changed.because;
  }
}

TEST(Thresholds, SetAfterTheResultIsSaid) {
  const Product product = test::product();
  const std::map<std::string, Instant> results = {{"reader.linf", at("2028-02-01T00:00:00Z")}};
  const ThresholdCheck late = check(product, locked(product), results);
  EXPECT_EQ(late.state, State::human);
  EXPECT_EQ(late.because,
            "threshold set after result: locked at 2028-03-01T10:00:00Z, first result at "
            "2028-02-01T00:00:00Z");
  EXPECT_EQ(check(product, locked(product, "2028-01-31T23:59:59Z"), results).state, State::pass);
}

TEST(Thresholds, LockingAgainKeepsWhatDidNotChange) {
  Product product = test::product();
  EvasionTest second = product.models[0].evasion[0];
  second.id = "reader.l2";
  product.models[0].evasion.push_back(second);
  const std::vector<LockedThreshold> first = locked(product);
  product.models[0].evasion[0].max_attack_success = 0.3;
  const std::vector<LockedThreshold> again =
      lock_thresholds(planned_thresholds(product), first, "another", at("2028-04-01T00:00:00Z"));
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].threshold.id, "reader.l2");
  EXPECT_EQ(again[0].threshold.locked_at, "2028-03-01T10:00:00Z");
  EXPECT_EQ(again[0].threshold.approver, "head of testing");
  EXPECT_EQ(again[1].threshold.locked_at, "2028-04-01T00:00:00Z");
  EXPECT_EQ(again[1].threshold.approver, "another");
}

TEST(Thresholds, AnEditByHandShows) {
  std::string text = write_thresholds(locked(test::product()));
  text.replace(text.find("0.4"), 3, "0.9");
  EXPECT_EQ(problems_of(text),
            "thresholds.lock:4:5: error[thresholds.digest]: expected the text of 'reader.linf' to "
            "have the digest that it was locked with; it was changed by hand: restore it, or lock "
            "it again\n");
}

TEST(Thresholds, BrokenFilesAreNamed) {
  EXPECT_EQ(problems_of("[]"),
            "thresholds.lock:1:1: error[thresholds.format]: expected a file that 'lockstep "
            "thresholds lock' wrote, with schema 'lockstep/thresholds/1' and a list "
            "'thresholds'\n");
  const std::string head = R"({"schema": "lockstep/thresholds/1", "thresholds": [)";
  EXPECT_NE(problems_of(head + "{}]}").find("expected a text under 'test'"), std::string::npos);
  EXPECT_NE(problems_of(head + R"({"at_most": 2}]})").find("a number from 0 to 1 under 'at_most'"),
            std::string::npos);
  EXPECT_NE(problems_of(head + R"({"planned_samples": -1}]})").find("under 'planned_samples'"),
            std::string::npos);
  EXPECT_NE(problems_of("{").find("error[json."), std::string::npos);
  std::string twice = write_thresholds(locked(test::product()));
  const std::size_t from = twice.find("    {");
  const std::size_t to = twice.find("\n  ]");
  twice.insert(to, ",\n" + twice.substr(from, to - from));
  EXPECT_NE(problems_of(twice).find("error[thresholds.duplicate]"), std::string::npos);
  std::string no_time = write_thresholds(locked(test::product()));
  no_time.replace(no_time.find("2028-03-01T10"), 4, "then");
  EXPECT_NE(problems_of(no_time).find("locked_at as a time in 'reader.linf'"), std::string::npos);
}

TEST(Thresholds, AVerdictCarriesTheCheck) {
  TestVerdict verdict;
  verdict.state = State::pass;
  verdict.because = "numbers";
  const ThresholdCheck good{"t", {}, State::pass, "locked"};
  const ThresholdCheck late{"t", {}, State::human, "threshold set after result"};
  EXPECT_EQ(with_check(verdict, good).state, State::pass);
  EXPECT_EQ(with_check(verdict, late).state, State::human);
  EXPECT_EQ(with_check(verdict, late).because, "numbers; threshold set after result");
  verdict.state = State::fail;
  EXPECT_EQ(with_check(verdict, late).state, State::fail);
}

RC_GTEST_PROP(ThresholdProperties, AnyChangedByteIsNoticedOrHarmless, (std::uint32_t where)) {
  const std::vector<LockedThreshold> lock = locked(test::product());
  std::string text = write_thresholds(lock);
  const std::string before = text;
  text[where % text.size()] = static_cast<char>('a' + where % 26);
  RC_PRE(text != before);
  Diagnostics problems;
  const auto read = read_thresholds(text, "thresholds.lock", problems);
  RC_ASSERT(read.empty());
}

// A value that is declared is fixed like a threshold, and so is what says what the data mean.
TEST(DeclaredValues, AreLockedChangedAndLate) {
  Product product = test::product();
  product.models[0].evasion.clear();
  product.models[0].data = "data/test.npz";
  product.models[0].declared = {{{"log_loss", -1, "night", 2.5, 0.99}, "", "the manual", {}}};
  const auto lock = locked(product);
  ASSERT_EQ(lock.size(), 1U);
  Diagnostics problems;
  const auto read = read_thresholds(write_thresholds(lock), "thresholds.lock", problems);
  EXPECT_FALSE(problems.has_errors());
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].threshold.at_most, 2.5);
  EXPECT_EQ(check(product, read).state, State::pass);
  const std::string id =
      declared_id("reader", product.models[0].declared[0].declared, "data/test.npz");
  EXPECT_EQ(id, "reader.log_loss@night on data/test.npz");

  Product changed = product;
  changed.models[0].declared[0].declared.value = 2.6;
  EXPECT_EQ(check(changed, read).state, State::human);
  EXPECT_THAT(check(changed, read).because, testing::HasSubstr("declared is 2.6"));
  changed = product;
  changed.models[0].declared[0].declared.confidence = 0.95;
  EXPECT_EQ(check(changed, read).state, State::human);
  EXPECT_EQ(check(product, {}).state, State::human);
  EXPECT_EQ(check(product, read, {{id, at("2028-02-01T00:00:00Z")}}).state, State::human);

  DeclaredVerdict verdict;
  verdict.state = State::pass;
  EXPECT_EQ(with_check(verdict, check(product, read)).state, State::pass);
  EXPECT_EQ(with_check(verdict, check(changed, read)).state, State::human);
}

TEST(DeclaredValues, AndThresholdsHoldTheDescriptionOfTheData) {
  const Product product = test::product();
  const std::string model = product.models[0].id;
  const auto lock =
      lock_thresholds(planned_thresholds(product, {{model, "columns a.yaml sha256:1"}}), {},
                      "head of testing", at("2028-03-01T00:00:00Z"));
  Diagnostics problems;
  const auto read = read_thresholds(write_thresholds(lock), "thresholds.lock", problems);
  EXPECT_FALSE(problems.has_errors());
  const auto verified = [&](const std::string& description) {
    return verify_thresholds(planned_thresholds(product, {{model, description}}), read, {}).at(0);
  };
  EXPECT_EQ(verified("columns a.yaml sha256:1").state, State::pass);
  EXPECT_EQ(verified("columns a.yaml sha256:2").state, State::human);
  EXPECT_THAT(verified("columns a.yaml sha256:2").because, testing::HasSubstr("described_by"));
  EXPECT_EQ(check(product, read).state, State::human);
}

}  // namespace
}  // namespace lockstep::risks
