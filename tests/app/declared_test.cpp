// SPDX-License-Identifier: Apache-2.0
// Declared values of the product file, measured by a worker that is a shell script.
#include "app/declared.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/exact_tests.hpp"
#include "base/files.hpp"
#include "store/memory_store.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

class DeclaredValues : public testing::Test {
 protected:
  void SetUp() override {
    write("model.onnx", "a model");
    write("data.npz", "data");
    write("worker", "#!/bin/sh\nread line\necho started >> " + folder_ + "/starts\ncat " + folder_ +
                        "/answer\n");
    ::chmod((folder_ + "/worker").c_str(), 0755);
    ModelInput model;
    model.id = "reader";
    model.path = "model.onnx";
    model.data = "data.npz";
    model.declared = {{{"accuracy", -1, "", 0.97, 0.95}, "", "", {}}};
    product_.path = folder_ + "/lockstep.yaml";
    product_.models = {model};
    settings_.program = folder_ + "/worker";
    settings_.now = "2028-09-04T08:00:00Z";
    settings_.store = &store_;
    answer(990);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
  }

  /// What the worker says: so many of 1000 are right.
  void answer(std::int64_t right) const {
    DeclaredTest test;
    test.declared = product_.models[0].declared[0].declared;
    test.measured = {"accuracy",
                     -1,
                     static_cast<double>(right) / 1000,
                     1000,
                     Count{right, 1000},
                     clopper_pearson(right, 1000),
                     "Clopper-Pearson",
                     ""};
    test.lower = lower_bound(right, 1000);
    test.upper = upper_bound(right, 1000);
    test.p_shown = binomial_at_least(right, 1000, test.declared.value);
    test.p_refuted = binomial_at_most(right, 1000, test.declared.value);
    Metrics metrics;
    metrics.seed = 1;
    metrics.declared = {test};
    write("answer", R"({"result": )" + to_canonical_json(ai::to_json(metrics)) + "}\n");
  }

  DeclaredReport measured() const {
    Progress quiet;
    const RealFiles files;
    auto report = measure_declared(product_, settings_, files, quiet);
    EXPECT_TRUE(report.has_value());
    return report ? *std::move(report) : DeclaredReport{};
  }

  Dossier dossier() const {
    DeclaredReport report = measured();
    Dossier dossier;
    dossier.product = product_;
    dossier.metrics = std::move(report.metrics);
    dossier.declared = std::move(report.verdicts);
    return dossier;
  }

  std::ptrdiff_t starts() const {
    std::ifstream file(folder_ + "/starts");
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  }

  std::string folder_ = test::fresh_folder("declared");
  store::MemoryStore store_;
  Product product_;
  AttackSettings settings_;
};

TEST_F(DeclaredValues, AreMeasuredOnceAndJudged) {
  const DeclaredReport first = measured();
  ASSERT_EQ(first.metrics.size(), 1U);
  EXPECT_EQ(first.metrics[0].model_id, "reader");
  EXPECT_EQ(first.metrics[0].model.path, "model.onnx");
  EXPECT_EQ(first.verdicts.at(0).state, State::pass);
  EXPECT_EQ(first.verdicts.at(0).data, "data.npz");
  settings_.now = "2028-09-05T08:00:00Z";
  const DeclaredReport second = measured();
  EXPECT_EQ(starts(), 1);
  EXPECT_EQ(second.measured_at.at("reader metrics on data.npz"), "2028-09-04T08:00:00Z");
  EXPECT_EQ(second.verdicts.at(0).because, first.verdicts.at(0).because);
  EXPECT_TRUE(second.store_problems.empty());
  write("data.npz", "other data");
  measured();
  EXPECT_EQ(starts(), 2);
}

TEST_F(DeclaredValues, StandTogetherAsTheWorstOfThem) {
  EXPECT_EQ(declared_state(dossier()), State::pass);
  settings_.reuse = Reuse::no;
  answer(940);
  EXPECT_EQ(declared_state(dossier()), State::fail);
  answer(972);
  EXPECT_EQ(declared_state(dossier()), State::underpowered);
  EXPECT_EQ(declared_state(Dossier{}), State::not_applicable);
}

TEST_F(DeclaredValues, AModelWithoutAnyIsNotChecked) {
  ModelInput other;
  other.id = "second";
  product_.models.push_back(other);
  const DeclaredReport report = measured();
  ASSERT_EQ(report.not_checked.size(), 1U);
  EXPECT_EQ(report.not_checked[0].what, "second");
  EXPECT_EQ(report.not_checked[0].reason, "the product file declares no metric of this model");
  EXPECT_EQ(declared_state(dossier()), State::not_checked);
}

TEST_F(DeclaredValues, WhatCannotBeMeasuredIsNotChecked) {
  product_.models[0].declared.push_back({{"mcc", -1, "", 0.9, 0.95}, "missing.npz", "", {}});
  const DeclaredReport report = measured();
  ASSERT_EQ(report.not_checked.size(), 1U);
  EXPECT_EQ(report.not_checked[0].what, "reader: mcc declared");
  EXPECT_EQ(report.not_checked[0].reason, "there is no such file (file.missing)");
  EXPECT_EQ(report.verdicts.size(), 1U);
  EXPECT_EQ(declared_state(dossier()), State::not_checked);
  product_.models[0].data.clear();
  EXPECT_EQ(measured().not_checked.at(0).reason, "there is no test data");
}

TEST_F(DeclaredValues, AnAnswerToAnotherQuestionIsRefused) {
  settings_.seed = 2;
  const DeclaredReport report = measured();
  ASSERT_EQ(report.not_checked.size(), 1U);
  EXPECT_EQ(report.not_checked[0].reason,
            "the worker's metrics are not those that were asked for (ai.protocol)");
}

}  // namespace
}  // namespace lockstep::app
