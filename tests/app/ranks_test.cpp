// SPDX-License-Identifier: Apache-2.0
// The processes of a job, one after the other in one process: whatever their number, the first one
// ends with the same measurements, and no test is run twice. The worker is a shell script that
// answers with its epsilon as the number of samples.
#include "app/ranks.hpp"

#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "app/attack.hpp"
#include "base/files.hpp"
#include "store/memory_store.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

class Ranks : public testing::Test {
 protected:
  void SetUp() override {
    write("model.onnx", "a model");
    write("data.npz", "data");
    Measurement answer;
    answer.id = "NAME";
    answer.epsilon = 0.1;
    answer.norm = "linf";
    answer.seed = 1;
    answer.attacks = {{"pgd", "a paper", 90, 50, 9000, 9000, 0.125}};
    answer.clean = {90, 100, {0.8, 0.95}};
    answer.robust = {40, 100, {0.3, 0.5}};
    write("worker", "#!/bin/sh\nread line\necho started >> " + folder_ +
                        "/starts\nname=$(expr \"$line\" : '.*\"id\":\"\\([a-z.0-9]*\\)\"')\n"
                        "case $name in *.broken) exit 3 ;; esac\n"
                        "sed s/NAME/$name/ " +
                        folder_ + "/answer\n");
    ::chmod((folder_ + "/worker").c_str(), 0755);
    write("answer", R"({"result": )" + to_canonical_json(ai::to_json(answer)) + "}\n");
    ModelInput model;
    model.id = "reader";
    model.path = "model.onnx";
    model.data = "data.npz";
    for (const char* id : {"reader.a", "reader.b", "reader.broken", "reader.c", "reader.d"}) {
      EvasionTest test;
      test.id = id;
      test.epsilon = 0.1;
      model.evasion.push_back(test);
    }
    product_.path = folder_ + "/lockstep.yaml";
    product_.models = {model};
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
  }

  AttackSettings settings(store::Store* store, Parts* parts) const {
    AttackSettings settings;
    settings.program = folder_ + "/worker";
    settings.now = "2028-09-04T08:00:00Z";
    settings.store = store;
    settings.parts = parts;
    return settings;
  }

  void share(const Rank& rank) {
    Parts parts(rank, folder_ + "/parts", files_);
    store::MemoryStore store;
    ASSERT_TRUE(measure_share(product_, settings(&store, &parts), files_, quiet_).has_value());
  }

  AttackReport gather(const Rank& rank) {
    Parts parts(rank, folder_ + "/parts", files_);
    store::MemoryStore store;
    auto report = attack_models(product_, settings(&store, &parts), files_, quiet_);
    EXPECT_TRUE(report.has_value());
    return *std::move(report);
  }

  AttackReport alone() {
    store::MemoryStore store;
    auto report = attack_models(product_, settings(&store, nullptr), files_, quiet_);
    EXPECT_TRUE(report.has_value());
    return *std::move(report);
  }

  std::ptrdiff_t starts() const {
    std::ifstream file(folder_ + "/starts");
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  }

  std::string folder_ = test::fresh_folder("ranks");
  RealFiles files_;
  Progress quiet_;
  Product product_;
};

std::vector<std::string> texts_of(const AttackReport& report) {
  std::vector<std::string> texts;
  for (const Measurement& one : report.measurements)
    texts.push_back(one.id + " " + to_canonical_json(ai::to_json(one)));
  for (const NotChecked& one : report.not_checked)
    texts.push_back(one.what + " " + one.reason);
  for (const auto& [id, at] : report.measured_at)
    texts.push_back(id + " " + at);
  return texts;
}

TEST_F(Ranks, AnyNumberOfThemEndsWithTheSame) {
  const AttackReport one = alone();
  ASSERT_EQ(one.measurements.size(), 4U);
  ASSERT_EQ(one.not_checked.size(), 1U);
  for (const std::size_t count : {2U, 3U, 4U, 9U}) {
    const std::ptrdiff_t before = starts();
    const std::string job = "job " + std::to_string(count);
    for (std::size_t number = count; number-- > 0;)
      share({number, count, job});
    const AttackReport many = gather({0, count, job});
    EXPECT_EQ(texts_of(many), texts_of(one)) << count;
    EXPECT_TRUE(many.reused.empty());
    EXPECT_EQ(starts() - before, 5) << "each test once";
    EXPECT_EQ(files_.list(folder_ + "/parts", ".json")->size(), 0U);
  }
}

TEST_F(Ranks, WhatALostJobLeftIsNotRunAgain) {
  share({1, 2, "lost"});  // b and c
  const std::ptrdiff_t before = starts();
  for (std::size_t number = 3; number-- > 0;)
    share({number, 3, "next"});
  const AttackReport report = gather({0, 3, "next"});
  EXPECT_EQ(starts() - before, 3);
  EXPECT_THAT(report.reused, testing::ElementsAre("reader.b", "reader.c"));
  EXPECT_EQ(texts_of(report), texts_of(alone()));
}

TEST_F(Ranks, FreshRunsAgainWhatALostJobLeft) {
  share({1, 2, "lost"});
  Parts parts({0, 1, "next"}, folder_ + "/parts", files_);
  store::MemoryStore store;
  AttackSettings fresh = settings(&store, &parts);
  fresh.reuse = Reuse::no;
  const std::ptrdiff_t before = starts();
  ASSERT_TRUE(measure_share(product_, fresh, files_, quiet_).has_value());
  EXPECT_EQ(starts() - before, 5);
  const auto report = attack_models(product_, fresh, files_, quiet_);
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->reused.empty());
}

/// Stops at once.
class Stopped final : public Progress {
 public:
  bool is_cancelled() const override { return true; }
};

TEST_F(Ranks, TheFirstOneCanBeStoppedWhileItWaits) {
  Parts parts({0, 2, "job"}, folder_ + "/parts", files_);
  Stopped stopped;
  store::MemoryStore store;
  const auto report = attack_models(product_, settings(&store, &parts), files_, stopped);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, "ai.cancelled");
}

TEST(RankOf, IsReadFromWhatMpiSays) {
  EXPECT_TRUE(rank_of("", "", "")->is_alone());
  const auto second = rank_of("1", "4", "17");
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->number, 1U);
  EXPECT_FALSE(second->is_first());
  EXPECT_TRUE(second->runs(5));
  EXPECT_FALSE(second->runs(4));
  for (const auto& [number, count] : {std::pair{"4", "4"},
                                      {"-1", "4"},
                                      {"1", ""},
                                      {"", "2"},
                                      {"0", "0"},
                                      {"a", "2"},
                                      {"0", "99999999999"}})
    EXPECT_EQ(rank_of(number, count, "").error().code, "ai.ranks") << number << " of " << count;
}

}  // namespace
}  // namespace lockstep::app
