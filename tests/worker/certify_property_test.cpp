// SPDX-License-Identifier: Apache-2.0
// The reader of VNN-LIB files, and answers to properties: closed forms on small nets, the answers
// of the VNN-COMP on a few of its instances, and exhaustive search on a net of two inputs.
#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/certify/property.hpp"
#include "ai/worker/certify/verify.hpp"
#include "ai/worker/data/gzip.hpp"
#include "ai/worker/limits.hpp"
#include "base/text.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai::certify {
namespace {

using Verdict = PropertyAnswer::Verdict;
using test::ToyModel;

constexpr const char* declarations =
    "(declare-const X_0 Real)\n(declare-const X_1 Real)\n"
    "(declare-const Y_0 Real)\n(declare-const Y_1 Real)\n"
    "(assert (<= X_0 1))\n(assert (>= X_0 0))\n(assert (<= X_1 1))\n(assert (>= X_1 0))\n";

std::string problems_of(const std::string& text) {
  Diagnostics problems;
  (void)read_property(text, "p.vnnlib", problems);
  std::string all;
  for (const Diagnostic& each : problems.entries())
    all += to_text(each) + "\n";
  return all;
}

Property property_of(const std::string& text) {
  Diagnostics problems;
  auto property = read_property(text, "p.vnnlib", problems);
  if (!property) throw std::runtime_error(property.error().message);
  return *std::move(property);
}

TEST(VnnLib, ReadsBoxesAndClauses) {
  const Property property =
      property_of(std::string(declarations) +
                  "; either of two\n"
                  "(assert (or (and (<= X_0 0.25) (>= Y_0 Y_1)) (<= Y_1 -2)))\n"
                  "(assert (>= (+ Y_0 (* 2 Y_1)) (- 3)))\n");
  ASSERT_EQ(property.cases.size(), 2U);
  EXPECT_EQ(property.inputs, 2);
  EXPECT_EQ(property.outputs, 2);
  EXPECT_EQ(property.cases[0].high, (std::vector<double>{0.25, 1}));
  EXPECT_EQ(property.cases[1].high, (std::vector<double>{1, 1}));
  const Condition common{{{0, -1}, {1, -2}}, 3};
  EXPECT_EQ(property.cases[0].clauses,
            (std::vector<Clause>{{common, Condition{{{0, -1}, {1, 1}}, 0}}}));
  EXPECT_EQ(property.cases[1].clauses, (std::vector<Clause>{{common, Condition{{{1, 1}}, -2}}}));
}

TEST(VnnLib, SaysAllProblemsWithTheirLines) {
  EXPECT_EQ(problems_of("(declare-const X_0 Real)\n(declare-const X_2 Real)\n"
                        "(declare-const Y_0 Int)\n(assert (<= X_0 Y_0))\n(assert (< X_0 1))\n"
                        "(assert (<= (* X_0 X_0) 1e999))\n(minimize X_0)\n"),
            "p.vnnlib:3: error[vnnlib.name]: expected (declare-const X_0 Real) with a name X_N or "
            "Y_N\n"
            "p.vnnlib:2: error[vnnlib.name]: expected X_1 to be declared before X_2\n"
            "p.vnnlib:4: error[vnnlib.name]: 'Y_0' is not declared\n"
            "p.vnnlib:5: error[vnnlib.form]: expected <= or >= with two sides, or 'and' or 'or' of "
            "conditions\n"
            "p.vnnlib:6: error[vnnlib.form]: expected a linear term, found a product of names\n"
            "p.vnnlib:6: error[vnnlib.form]: expected a number or a name, found '1e999'\n"
            "p.vnnlib:7: error[vnnlib.form]: expected (declare-const NAME Real) or (assert "
            "CONDITION), found something else\n");
  EXPECT_EQ(problems_of("(declare-const X_0 Real"),
            "p.vnnlib:1: error[vnnlib.syntax]: expected ')' for the list that begins here, found "
            "the end of the file\n");
  EXPECT_EQ(problems_of("(declare-const X_0 Real)\n(assert (<= X_0 1))"),
            "p.vnnlib: error[vnnlib.range]: expected bounds below and above for X_0\n");
  EXPECT_NE(problems_of(std::string(200, '(')).find("vnnlib.limit"), std::string::npos);
}

TEST(VnnLib, StopsBeforeAlternativesMultiply) {
  std::string text = declarations;
  for (int i = 0; i < 40; ++i)
    text += "(assert (or (<= Y_0 1) (<= Y_1 1)))\n";
  EXPECT_NE(problems_of(text).find("vnnlib.limit"), std::string::npos);
}

Net net_of(const std::string& model) {
  auto read = read_onnx(model, "toy.onnx", "");
  if (!read) throw std::runtime_error(read.error().message);
  auto net = Net::build(*std::move(read), "toy.onnx");
  if (!net) throw std::runtime_error(net.error().message);
  return *std::move(net);
}

PropertyAnswer answer_of(const std::string& model, const Property& property, double seconds = 20) {
  const auto property_net = PropertyNet::build(net_of(model), "toy.onnx");
  if (!property_net) throw std::runtime_error(property_net.error().message);
  Progress progress;
  auto answer = decide(*property_net, property, seconds, 1, progress);
  if (!answer) throw std::runtime_error(answer.error().message);
  return *answer;
}

/// Y_0 = |X_0 - X_1|, Y_1 = 0.
std::string distance_model() {
  ToyModel model;
  model.input("x", {2}).output("z", {2});
  model.weight("w", {2, 2}, {1, -1, -1, 1}).weight("v", {2, 2}, {1, 0, 1, 0});
  model.node("MatMul", {"x", "w"}, {"h"});
  model.node("Relu", {"h"}, {"r"});
  model.node("MatMul", {"r", "v"}, {"z"});
  return model.bytes();
}

TEST(Decide, IsSharpAtTheClosedForm) {
  const auto verdict = [](const char* condition) {
    return answer_of(distance_model(), property_of(std::string(declarations) + condition)).verdict;
  };
  EXPECT_EQ(verdict("(assert (>= Y_0 0.999))"), Verdict::sat);
  EXPECT_EQ(verdict("(assert (>= Y_0 1.001))"), Verdict::unsat);
  EXPECT_EQ(verdict("(assert (<= Y_0 -0.001))"), Verdict::unsat);
  EXPECT_EQ(verdict("(assert (<= Y_0 Y_1))"), Verdict::sat);
  EXPECT_EQ(verdict("(assert (or (>= Y_0 1.5) (and (<= Y_0 0.2) (>= Y_0 0.3))))"), Verdict::unsat);
}

TEST(Decide, GivesACounterexampleThatFulfilsTheProperty) {
  const Property property = property_of(std::string(declarations) + "(assert (>= Y_0 0.9))");
  const PropertyAnswer answer = answer_of(distance_model(), property);
  ASSERT_EQ(answer.verdict, Verdict::sat);
  EXPECT_NEAR(answer.outputs[0], std::abs(answer.inputs[0] - answer.inputs[1]), 1e-6);
  EXPECT_GE(answer.outputs[0], 0.9);
  EXPECT_TRUE(is_counterexample(property, answer.inputs, answer.outputs, 0));
  const std::string text = counterexample_text(answer);
  EXPECT_TRUE(text.starts_with("sat\n((X_0 ")) << text;
  EXPECT_TRUE(text.ends_with("(Y_1 0))\n")) << text;
}

/// Random nets of two inputs: a fine grid knows the least score difference to a few thousandths.
TEST(Decide, AgreesWithAGrid) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    ToyModel model;
    model.input("x", {2}).output("z", {2});
    model.weight("w1", {2, 12}, test::random_weights(24, 1, seed * 3));
    model.weight("b1", {12}, test::random_weights(12, 0.5, seed * 3 + 1));
    model.weight("w2", {12, 2}, test::random_weights(24, 1, seed * 3 + 2));
    model.node("Gemm", {"x", "w1", "b1"}, {"h"});
    model.node("Relu", {"h"}, {"r"});
    model.node("MatMul", {"r", "w2"}, {"z"});
    const Classifier net = test::classifier_of(model.bytes());
    const at::Tensor axis = at::linspace(0, 1, 401);
    const at::Tensor grid =
        at::stack({axis.repeat_interleave(401), axis.repeat({401})}, 1).contiguous();
    const at::Tensor scores = *net.logits(grid);
    const double least = (scores.select(1, 0) - scores.select(1, 1)).min().item<double>();
    for (const double offset : {-0.05, 0.05}) {
      const std::string condition =
          "(assert (<= (- Y_0 Y_1) " + std::to_string(least + offset) + "))";
      EXPECT_EQ(answer_of(model.bytes(), property_of(declarations + condition)).verdict,
                offset < 0 ? Verdict::unsat : Verdict::sat)
          << "seed " << seed << condition;
    }
  }
}

/// The same with the search that divides by activations, which boxes of many inputs take.
TEST(Decide, DividesByActivationsWhereInputsAreMany) {
  ToyModel model;
  model.input("x", {20}).output("z", {2});
  // |sum of x - 10| through two activations; the other inputs only widen the box.
  std::vector<float> w;
  for (int i = 0; i < 20; ++i) {
    w.push_back(1);
    w.push_back(-1);
  }
  model.weight("w", {20, 2}, w).weight("b", {2}, {-10, 10}).weight("v", {2, 2}, {1, 0, 1, 0});
  model.node("Gemm", {"x", "w", "b"}, {"h"});
  model.node("Relu", {"h"}, {"r"});
  model.node("MatMul", {"r", "v"}, {"z"});
  std::string text = "(declare-const Y_0 Real)\n(declare-const Y_1 Real)\n";
  for (int i = 0; i < 20; ++i)
    text += "(declare-const X_" + std::to_string(i) + " Real)\n(assert (<= X_" + std::to_string(i) +
            " 1))\n(assert (>= X_" + std::to_string(i) + " 0))\n";
  EXPECT_EQ(answer_of(model.bytes(), property_of(text + "(assert (<= Y_0 -0.01))")).verdict,
            Verdict::unsat);
  EXPECT_EQ(answer_of(model.bytes(), property_of(text + "(assert (>= Y_0 10.01))")).verdict,
            Verdict::unsat);
  EXPECT_EQ(answer_of(model.bytes(), property_of(text + "(assert (>= Y_0 9.9))")).verdict,
            Verdict::sat);
}

/// Sixteen inputs of which only two sums count, so that a grid of these knows the least score; two
/// layers, so that some signs of the activations go together with no input.
TEST(Decide, AgreesWithAGridWhereInputsAreMany) {
  std::vector<float> halves;
  std::string text = "(declare-const Y_0 Real)\n";
  for (int i = 0; i < 16; ++i) {
    const float eighth = 0.125;
    halves.insert(halves.end(), {i < 8 ? eighth : 0, i < 8 ? 0 : eighth});
    text += fmt::format(
        "(declare-const X_{0} Real)\n(assert (<= X_{0} 1))\n(assert (>= X_{0} 0))\n", i);
  }
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    ToyModel model;
    model.input("x", {16}).output("z", {1});
    model.weight("w0", {16, 2}, halves);
    model.weight("w1", {2, 10}, test::random_weights(20, 1.5, seed * 5));
    model.weight("b1", {10}, test::random_weights(10, 0.7, seed * 5 + 1));
    model.weight("w2", {10, 10}, test::random_weights(100, 1, seed * 5 + 2));
    model.weight("b2", {10}, test::random_weights(10, 0.5, seed * 5 + 3));
    model.weight("w3", {10, 1}, test::random_weights(10, 1, seed * 5 + 4));
    model.node("MatMul", {"x", "w0"}, {"s"});
    model.node("Gemm", {"s", "w1", "b1"}, {"h1"});
    model.node("Relu", {"h1"}, {"r1"});
    model.node("Gemm", {"r1", "w2", "b2"}, {"h2"});
    model.node("Relu", {"h2"}, {"r2"});
    model.node("MatMul", {"r2", "w3"}, {"z"});
    const Graph graph = *Graph::build(net_of(model.bytes()), {16}, false);
    const at::Tensor axis = at::linspace(0, 1, 201, at::kDouble);
    const at::Tensor sums = at::stack({axis.repeat_interleave(201), axis.repeat({201})}, 1);
    const double least = graph.scores(sums.repeat_interleave(8, 1)).min().item<double>();
    for (const double offset : {-0.02, 0.02}) {
      const std::string condition = fmt::format("(assert (<= Y_0 {}))", least + offset);
      EXPECT_EQ(answer_of(model.bytes(), property_of(text + condition)).verdict,
                offset < 0 ? Verdict::unsat : Verdict::sat)
          << "seed " << seed << condition;
    }
  }
}

struct Instance {
  const char* folder;
  const char* model;
  const char* property;
  Verdict verdict;
};

class VnnComp : public ::testing::TestWithParam<Instance> {};

PropertyAnswer answer_of(const Instance& instance) {
  const std::string folder =
      lockstep::test::shared_path("ai/suites/vnncomp/" + std::string(instance.folder) + "/");
  const auto read = [&](const char* name) {
    auto bytes = unpacked(lockstep::test::read_file(folder + name), limits::model_bytes, name);
    if (!bytes) throw std::runtime_error(bytes.error().message);
    return *bytes;
  };
  return answer_of(read(instance.model), property_of(read(instance.property)), 30);
}

TEST_P(VnnComp, IsAnsweredAsPublished) {
  const Instance& instance = GetParam();
  LS_NEEDS_SHARED("ai/suites/vnncomp/expected.csv");
  const PropertyAnswer answer = answer_of(instance);
  EXPECT_EQ(to_text(answer.verdict), to_text(instance.verdict)) << answer.how;
}

INSTANTIATE_TEST_SUITE_P(
    Sample,
    VnnComp,
    ::testing::Values(
        Instance{"acasxu", "onnx/ACASXU_run2a_1_1_batch_2000.onnx.gz", "vnnlib/prop_1.vnnlib.gz",
                 Verdict::unsat},
        Instance{"rl_benchmarks", "onnx/cartpole.onnx.gz",
                 "vnnlib/cartpole_case_unsafe_1.vnnlib.gz", Verdict::unsat},
        Instance{"rl_benchmarks", "onnx/cartpole.onnx.gz",
                 "vnnlib/cartpole_case_unsafe_29.vnnlib.gz", Verdict::sat},
        Instance{"reach_prob_density", "onnx/vdp.onnx.gz", "vnnlib/vdp_1.vnnlib.gz",
                 Verdict::unsat},
        Instance{"reach_prob_density", "onnx/vdp.onnx.gz", "vnnlib/vdp_3.vnnlib.gz", Verdict::sat},
        Instance{"eran", "nets/ffnnSIGMOID__Point_6x200.onnx.gz",
                 "specs/mnist/mnist_spec_idx_962_eps_0.01200.vnnlib.gz", Verdict::unsat},
        Instance{"mnist_fc", "onnx/mnist-net_256x2.onnx.gz", "vnnlib/prop_1_0.05.vnnlib.gz",
                 Verdict::sat}));

/// Linear bounds of the whole box lose sight of an input here: with them alone the search halves
/// the others for ever.
TEST(Decide, HalvesInputsThatTheBoundsHaveLostSightOf) {
  LS_NEEDS_SHARED("ai/suites/vnncomp/expected.csv");
  const PropertyAnswer answer = answer_of({"acasxu", "onnx/ACASXU_run2a_1_3_batch_2000.onnx.gz",
                                           "vnnlib/prop_1.vnnlib.gz", Verdict::unsat});
  EXPECT_EQ(answer.verdict, Verdict::unsat) << answer.how;
  EXPECT_LT(answer.domains, 2000);
}

}  // namespace
}  // namespace lockstep::ai::certify
