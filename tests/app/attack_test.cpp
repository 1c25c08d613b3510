// SPDX-License-Identifier: Apache-2.0
// A test of a model is run once: what was measured before with everything the same comes from the
// store. The worker is a shell script that counts how often it is started.
#include "app/attack.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <string>
#include <sys/stat.h>

#include "base/files.hpp"
#include "store/memory_store.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

class MeasuredOnce : public testing::Test {
 protected:
  void SetUp() override {
    write("model.onnx", "a model");
    write("data.npz", "data");
    write_worker("first");
    EvasionTest test;
    test.id = "reader.linf";
    test.epsilon = 0.05;
    ModelInput model;
    model.id = "reader";
    model.path = "model.onnx";
    model.data = "data.npz";
    model.evasion = {test};
    product_.path = folder_ + "/lockstep.yaml";
    product_.models = {model};
    settings_.program = folder_ + "/worker";
    settings_.now = "2028-09-04T08:00:00Z";
    settings_.store = &store_;
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
  }

  void write_worker(const std::string& remark) const {
    write("worker", "#!/bin/sh\n# " + remark + "\nread line\necho started >> " + folder_ +
                        "/starts\ncat " + folder_ + "/answer\n");
    ::chmod((folder_ + "/worker").c_str(), 0755);
  }

  /// What the worker would measure, for the request as it stands.
  void write_answer() const {
    const EvasionTest& test = product_.models[0].evasion[0];
    Measurement measured;
    measured.id = test.id;
    measured.epsilon = test.epsilon;
    measured.norm = test.norm;
    measured.seed = settings_.seed;
    measured.clean = {90, 100, {0.8, 0.95}};
    measured.robust = {40, 100, {0.3, 0.5}};
    measured.attacks = {{"pgd", "a paper", 90, 50, 9000, 9000, 0.125}};
    write("answer", R"({"result": )" + to_canonical_json(ai::to_json(measured)) + "}\n");
  }

  AttackReport attack() const {
    write_answer();
    Progress quiet;
    const RealFiles files;
    auto report = attack_models(product_, settings_, files, quiet);
    EXPECT_TRUE(report.has_value());
    EXPECT_TRUE(report->not_checked.empty()) << report->not_checked.at(0).reason;
    return *std::move(report);
  }

  std::ptrdiff_t starts() const {
    std::ifstream file(folder_ + "/starts");
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  }

  std::string folder_ = test::fresh_folder("reuse");
  store::MemoryStore store_;
  Product product_;
  AttackSettings settings_;
};

std::string bytes_of(const AttackReport& report) {
  return to_canonical_json(ai::to_json(report.measurements.at(0)));
}

TEST_F(MeasuredOnce, ASecondRunDoesNotStartTheWorker) {
  const AttackReport first = attack();
  settings_.now = "2028-09-05T08:00:00Z";
  const AttackReport second = attack();
  EXPECT_EQ(starts(), 1);
  EXPECT_TRUE(first.reused.empty());
  EXPECT_EQ(second.reused, std::vector<std::string>{"reader.linf"});
  EXPECT_EQ(bytes_of(second), bytes_of(first));
  EXPECT_EQ(second.measurements[0].model.path, "model.onnx");
  EXPECT_EQ(second.measured_at.at("reader.linf"), "2028-09-04T08:00:00Z");
  EXPECT_TRUE(second.store_problems.empty());
}

TEST_F(MeasuredOnce, FreshStartsTheWorkerAndTakesThePlaceOfTheOldOne) {
  attack();
  settings_.reuse = Reuse::no;
  settings_.now = "2028-09-05T08:00:00Z";
  EXPECT_EQ(attack().measured_at.at("reader.linf"), "2028-09-05T08:00:00Z");
  EXPECT_EQ(starts(), 2);
  settings_.reuse = Reuse::yes;
  EXPECT_EQ(attack().measured_at.at("reader.linf"), "2028-09-05T08:00:00Z");
  EXPECT_EQ(starts(), 2);
}

// Everything that determines the measurement is in the key: one changed thing runs the test again.
TEST_F(MeasuredOnce, AnyChangeStartsTheWorker) {
  EvasionTest& test = product_.models[0].evasion[0];
  const std::vector<std::function<void()>> changes = {
      [] {},
      [&] { settings_.seed = 2; },
      [&] { settings_.threads = 2; },
      [&] { test.epsilon = 0.06; },
      [&] { test.norm = "l2"; },
      [&] { test.attack = "fgsm"; },
      [&] { test.steps = 41; },
      [&] { test.restarts = 2; },
      [&] { test.passes = 20; },
      [&] { test.samples = 999; },
      [&] { test.random_start = false; },
      [&] { test.curve = {0.1}; },
      [&] { write("model.onnx", "b model"); },
      [&] { write("data.npz", "date"); },
      [&] { write_worker("another build"); },
  };
  std::ptrdiff_t expected = 0;
  for (const auto& change : changes) {
    change();
    attack();
    EXPECT_EQ(starts(), ++expected);
    attack();
    EXPECT_EQ(starts(), expected);
  }
}

TEST_F(MeasuredOnce, WhatDoesNotDetermineTheMeasurementDoesNot) {
  attack();
  product_.models[0].evasion[0].max_attack_success = 0.9;
  product_.models[0].evasion[0].reason = "another reason";
  product_.models[0].purpose = "another purpose";
  attack();
  EXPECT_EQ(starts(), 1);
}

// One change for all samples is a test like any other: kept, and run once for each size.
TEST_F(MeasuredOnce, AUniversalChangeIsATest) {
  EvasionTest& test = product_.models[0].evasion[0];
  test.attack = "patch";
  test.norm = "share";
  test.steps = 0;
  UniversalReport found;
  found.model = {"m", "1"};
  found.data = {"d", "2"};
  found.change = {UniversalChange::Kind::patch, "linf", 0, 0.05};
  found.steps = 500;
  found.seed = 1;
  found.clean = {45, 50, {0.8, 0.95}};
  found.changed = {30, 50, {0.4, 0.8}};
  found.control = {44, 50, {0.7, 0.95}};
  found.confirmed = 15;
  found.claimed = 16;
  found.source = "a paper";
  write("answer", R"({"result": )" + to_canonical_json(ai::to_json(found)) + "}\n");
  Progress quiet;
  const RealFiles files;
  for (int i = 0; i < 2; ++i) {
    const auto report = attack_models(product_, settings_, files, quiet);
    ASSERT_TRUE(report.has_value());
    ASSERT_TRUE(report->not_checked.empty()) << report->not_checked.at(0).reason;
    const Measurement& measured = report->measurements.at(0);
    EXPECT_EQ(measured.id, "reader.linf");
    EXPECT_EQ(measured.norm, "share");
    EXPECT_EQ(measured.epsilon, 0.05);
    EXPECT_EQ(measured.robust.correct, 30);
    EXPECT_EQ(measured.attacks.at(0).broken, 15);
    EXPECT_EQ(measured.soundness.at(0).state, State::pass);
    EXPECT_EQ(report->reused.size(), static_cast<std::size_t>(i));
  }
  EXPECT_EQ(starts(), 1);
}

// A service is asked only with leave, and each time; its key is its address, not how fast it is
// asked.
TEST_F(MeasuredOnce, AModelMayBeAService) {
  product_.models[0].path = "https://models.example/scores?key=secret";
  write_answer();
  Progress quiet;
  const RealFiles files;
  const auto refused = attack_models(product_, settings_, files, quiet);
  ASSERT_TRUE(refused.has_value());
  ASSERT_EQ(refused->not_checked.size(), 1U);
  EXPECT_NE(refused->not_checked[0].reason.find("ai.offline"), std::string::npos);
  EXPECT_EQ(refused->not_checked[0].reason.find("secret"), std::string::npos);

  write("worker", "#!/bin/sh\nread line\necho \"$line\" > " + folder_ + "/asked\necho started >> " +
                      folder_ + "/starts\ncat " + folder_ + "/answer\n");
  settings_.access = [](const ModelInput& model) {
    EndpointAccess access;
    access.options = model.endpoint;
    access.token = "token";
    return Result<EndpointAccess>(access);
  };
  const AttackReport first = attack();
  EXPECT_EQ(first.measurements[0].model.path, "https://models.example/scores");
  std::ifstream asked(folder_ + "/asked");
  const std::string line(std::istreambuf_iterator<char>(asked), {});
  EXPECT_NE(line.find("https://models.example/scores?key=secret"), std::string::npos);
  EXPECT_NE(line.find("black_box"), std::string::npos);
  const std::string key = first.keys.at("reader.linf");
  product_.models[0].endpoint.parallel = 4;
  const AttackReport faster = attack();
  EXPECT_TRUE(faster.reused.empty());
  EXPECT_EQ(faster.keys.at("reader.linf"), key);
  product_.models[0].endpoint.form = "kserve";
  EXPECT_NE(attack().keys.at("reader.linf"), key);
  product_.models[0].endpoint.form = "";
  product_.models[0].path = "https://models.example/other";
  EXPECT_NE(attack().keys.at("reader.linf"), key);
  EXPECT_EQ(starts(), 4);
}

TEST_F(MeasuredOnce, WithoutAStoreEveryTestIsRun) {
  settings_.store = nullptr;
  attack();
  attack();
  EXPECT_EQ(starts(), 2);
}

TEST_F(MeasuredOnce, AChangedRowIsNotTrusted) {
  const std::string path = folder_ + "/store.db";
  const auto kept = store::open_store("sqlite:" + path);
  ASSERT_TRUE(kept.has_value());
  settings_.store = kept->get();
  const AttackReport first = attack();
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle,
                         "UPDATE measurement SET body = replace(body, '\"correct\":40', "
                         "'\"correct\":90')",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  EXPECT_EQ(sqlite3_changes(handle), 1);
  sqlite3_close(handle);
  const AttackReport second = attack();
  EXPECT_EQ(starts(), 2);
  EXPECT_TRUE(second.reused.empty());
  EXPECT_EQ(bytes_of(second), bytes_of(first));
  ASSERT_EQ(second.store_problems.size(), 1U);
  EXPECT_EQ(second.store_problems[0].code, "store.corrupt");
  // The new measurement stands in the chain, so the next run uses it.
  EXPECT_EQ(attack().reused.size(), 1U);
}

}  // namespace
}  // namespace lockstep::app
