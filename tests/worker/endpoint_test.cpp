// SPDX-License-Identifier: Apache-2.0
// Models behind an address: a server on this machine answers for a known net, and wrongly.
#include "ai/worker/nets/endpoint.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

#include "ai/worker/answer.hpp"
#include "ai/worker/evasion/measure.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "ai/worker/nets/endpoint_forms.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "support/http_server.hpp"
#include "support/paths.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using lockstep::test::Asked;
using lockstep::test::HttpServer;
using ServerAnswer = lockstep::test::Answer;
using std::chrono::milliseconds;
using test::classifier_of;

/// The real network, with a clock that only writes down how long a wait would have been.
class PatientCaller final : public HttpCaller {
 public:
  PatientCaller(const CallLimits& limits, std::vector<milliseconds>& waits)
      : network_(make_http_caller(limits)), waits_(waits) {}

  std::vector<Result<HttpReply>> call(std::span<const HttpCall> calls) override {
    return network_->call(calls);
  }

  void wait(milliseconds time) override { waits_.push_back(time); }

 private:
  std::unique_ptr<HttpCaller> network_;
  std::vector<milliseconds>& waits_;
};

Json tree_of(const std::string& text) {
  Diagnostics problems;
  return *parse_json(text, "test", problems);
}

/// The numbers of nested lists, in order.
void flatten(const Json& value, std::vector<float>& into) {
  if (value.is_array())
    for (const Json& item : value.items())
      flatten(item, into);
  else
    into.push_back(static_cast<float>(*value.as_number()));
}

std::string list_text(const at::Tensor& z) {
  std::string text = "[";
  for (std::int64_t i = 0; i < z.numel(); ++i)
    text += fmt::format("{}{}", i > 0 ? "," : "", z.data_ptr<float>()[i]);
  return text + "]";
}

class Endpoints : public testing::Test {
 protected:
  /// Answers for a net in the form `scores`.
  void serve(const std::string& path, const Classifier& net) {
    server_.on(path, [&net](const Asked& asked) {
      const Json tree = tree_of(asked.body);
      const auto rows = std::ssize(tree["inputs"].items());
      std::vector<float> x;
      flatten(tree["inputs"], x);
      const at::Tensor z = *net.logits(at::tensor(x).reshape({rows, -1}));
      std::string text = R"({"scores":[)";
      for (std::int64_t i = 0; i < rows; ++i)
        text += (i > 0 ? "," : "") + list_text(z[i].contiguous());
      return ServerAnswer{200, text + "]}"};
    });
  }

  void answer(const std::string& path, const ServerAnswer& answer) {
    server_.on(path, [answer](const Asked&) { return answer; });
  }

  Result<std::shared_ptr<Endpoint>> open(const std::string& path) {
    return Endpoint::open(server_.url(path), options_, token_,
                          std::make_unique<PatientCaller>(limits_, waits_));
  }

  Classifier classifier_at(const std::string& path, std::int64_t features) {
    const auto endpoint = open(path);
    EXPECT_TRUE(endpoint.has_value()) << endpoint.error().message;
    ToyModel model;
    model.input("x", {features}).output("y", {features});
    model.node("Identity", {"x"}, {"y"});
    return Classifier::of_endpoint(
        *endpoint, *Net::build(*read_onnx(model.bytes(), "toy", ""), "toy"), {features});
  }

  std::string code_of(const std::string& path) {
    const auto endpoint = open(path);
    if (!endpoint) return endpoint.error().code;
    const auto scores = (*endpoint)->scores(at::ones({3, 2}));
    return scores ? "none" : scores.error().code;
  }

  using ToyModel = test::ToyModel;
  HttpServer server_;
  EndpointOptions options_;
  CallLimits limits_{milliseconds(2'000), milliseconds(2'000), std::size_t{1} << 20U, 2};
  std::string token_;
  std::vector<milliseconds> waits_;
};

TEST_F(Endpoints, AskInTheFormOfTheService) {
  answer("/scores", {200, R"({"scores":[[1,2],[3,4.5],[-1e3,0]],"more":true})"});
  options_.rows = 3;
  const auto scores = (*open("/scores"))->scores(at::tensor({1.5F, 2.0F, 3.0F}).reshape({3, 1, 1}));
  ASSERT_TRUE(scores.has_value()) << scores.error().message;
  EXPECT_TRUE(scores->equal(at::tensor({1.0F, 2.0F, 3.0F, 4.5F, -1e3F, 0.0F}).reshape({3, 2})));
  EXPECT_EQ(server_.asked().back().body, R"({"inputs":[[[1.5]],[[2]],[[3]]]})");
  EXPECT_EQ(server_.asked().back().header("content-type"), "application/json");

  answer("/v2/models/reader", {200, R"({"name":"reader","platform":"onnx","inputs":[
                   {"name":"x \"1\"","datatype":"FP32","shape":[-1,1,2]}]})"});
  answer("/v2/models/reader/infer", {200, R"({"model_name":"reader","outputs":[
                   {"name":"label","datatype":"INT64","shape":[1],"data":[1]},
                   {"name":"z","datatype":"FP32","shape":[1,3],"data":[0.5,1,2]}]})"});
  const auto kserve = open("/v2/models/reader/infer");
  ASSERT_TRUE(kserve.has_value()) << kserve.error().message;
  EXPECT_EQ((*kserve)->sample_shape(), (std::vector<std::int64_t>{1, 2}));
  const auto z = (*kserve)->scores(at::tensor({0.25F, -1.0F}).reshape({1, 1, 2}));
  ASSERT_TRUE(z.has_value()) << z.error().message;
  EXPECT_TRUE(z->equal(at::tensor({0.5F, 1.0F, 2.0F}).reshape({1, 3})));
  EXPECT_EQ(
      server_.asked().back().body,
      R"({"inputs":[{"name":"x \"1\"","shape":[1,1,2],"datatype":"FP32","data":[0.25,-1]}]})");
}

TEST_F(Endpoints, ManyRequestsKeepTheOrderOfTheSamples) {
  server_.on("/echo", [](const Asked& asked) {
    std::string text = R"({"scores":[)";
    const Json tree = tree_of(asked.body);
    for (const Json& row : tree["inputs"].items())
      text += fmt::format("{}[{},0]", text.back() == '[' ? "" : ",", *row.items()[0].as_number());
    return ServerAnswer{200, text + "]}"};
  });
  const at::Tensor x = at::arange(50).to(at::kFloat).reshape({50, 1});
  for (const auto& [rows, parallel] : {std::pair{1, 1}, {7, 3}, {7, 16}, {100, 2}}) {
    options_.rows = rows;
    limits_.parallel = static_cast<std::size_t>(parallel);
    const auto z = (*open("/echo"))->scores(x);
    ASSERT_TRUE(z.has_value()) << z.error().message;
    EXPECT_TRUE(z->select(1, 0).equal(x.select(1, 0)));
  }
}

TEST_F(Endpoints, BusyServicesAreAskedAgainWhenTheyWantIt) {
  int asked = 0;
  server_.on("/busy", [&asked](const Asked&) {
    ++asked;
    if (asked == 1) return ServerAnswer{429, "slow down", {{"Retry-After", "7"}}};
    if (asked == 2)
      return ServerAnswer{503,
                          "",
                          {{"Date", "Fri, 27 Nov 2026 10:00:00 GMT"},
                           {"Retry-After", "Fri, 27 Nov 2026 10:00:03 GMT"}}};
    if (asked == 3) return ServerAnswer{200, R"({"scores":[[1,2]]})", {}, {}, 5};
    return ServerAnswer{200, R"({"scores":[[1,2],[1,2],[1,2]]})"};
  });
  EXPECT_EQ(code_of("/busy"), "none");
  EXPECT_EQ(asked, 4);
  EXPECT_EQ(waits_, (std::vector{milliseconds(7'000), milliseconds(3'000), milliseconds(2'000)}));
  answer("/always", {503, ""});
  EXPECT_EQ(code_of("/always"), "ai.endpoint");
  answer("/tomorrow", {429, "", {{"Retry-After", "86400"}}});
  EXPECT_EQ(code_of("/tomorrow"), "ai.endpoint");
}

TEST_F(Endpoints, FaultsAreErrorsAndNeverScores) {
  limits_.reply_bytes = 10'000;
  limits_.whole = milliseconds(150);
  options_.tries = 2;
  answer("/silent", {200, "{", {}, 100, 1, true});
  EXPECT_EQ(code_of("/silent"), "fetch.broken");
  answer("/huge", {200, std::string(20'000, ' ')});
  EXPECT_EQ(code_of("/huge"), "fetch.too_large");
  answer("/away", {302, "", {{"Location", "http://127.0.0.1:1/other"}}});
  EXPECT_EQ(code_of("/away"), "ai.endpoint");
  answer("/fault", {500, "out of memory"});
  EXPECT_EQ(code_of("/fault"), "ai.endpoint");
  answer("/locked", {401, ""});
  EXPECT_EQ(code_of("/locked"), "ai.endpoint");
  for (const char* body :
       {"", "[]", "{}", R"({"scores":[]})", R"({"scores":[[1,2],[1,2]]})",
        R"({"scores":[[1,2],[1,2],[1,2],[1,2]]})", R"({"scores":[[1,2],[1,2,3],[1,2]]})",
        R"({"scores":[[1],[1],[1]]})", R"({"scores":[[],[],[]]})", R"({"scores":[1,2,3]})",
        R"({"scores":[[1,2],[1,null],[1,2]]})", R"({"scores":[[1,2],[1,NaN],[1,2]]})",
        R"({"scores":[[1,2],[1,"2"],[1,2]]})", R"({"scores":[[1,2],[1,1e300],[1,2]]})",
        R"({"scores":[[1,2],[1,[2]],[1,2]]})", R"({"scores":[[1,2],[1,2],[1,2]],"scores":[]})"}) {
    answer("/wrong", {200, body});
    EXPECT_EQ(code_of("/wrong"), "ai.endpoint_answer") << body;
  }
  answer("/v2/models/m", {200, R"({"inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}]})"});
  for (const char* output : {R"({"datatype":"INT64","shape":[3,2],"data":[1,2,3,4,5,6]})",
                             R"({"datatype":"FP32","shape":[2,3],"data":[1,2,3,4,5,6]})",
                             R"({"datatype":"FP32","shape":[3,2],"data":[1,2,3,4,5]})",
                             R"({"datatype":"FP32","shape":[3,1],"data":[1,2,3]})",
                             R"({"datatype":"FP32","shape":[3,-2,-1],"data":[1,2,3,4,5,6]})",
                             R"({"datatype":"FP32","shape":"3,2","data":[1,2,3,4,5,6]})"}) {
    answer("/v2/models/m/infer", {200, fmt::format(R"({{"outputs":[{}]}})", output)});
    EXPECT_EQ(code_of("/v2/models/m/infer"), "ai.endpoint_answer") << output;
  }
  answer("/v2/models/m/infer",
         {200, R"({"outputs":[{"datatype":"FP64","shape":[3,2],"data":[[1,2],[3,4],[5,6]]}]})"});
  EXPECT_EQ(code_of("/v2/models/m/infer"), "none");
}

TEST_F(Endpoints, ATokenIsShownToTheServiceAndToNobodyElse) {
  token_ = "hush-hush";
  server_.on("/echo", [](const Asked& asked) {
    return ServerAnswer{400, "you said " + asked.header("authorization")};
  });
  const auto refused = (*open("/echo?key=secret"))->scores(at::ones({1, 2}));
  ASSERT_FALSE(refused.has_value());
  answer("/echo?key=secret", {400, "you said Bearer hush-hush"});
  const auto told = (*open("/echo?key=secret"))->scores(at::ones({1, 2}));
  ASSERT_FALSE(told.has_value());
  EXPECT_EQ(server_.asked().back().header("authorization"), "Bearer hush-hush");
  for (const Error& error : {refused.error(), told.error()}) {
    EXPECT_EQ(error.message.find("hush"), std::string::npos) << error.message;
    EXPECT_EQ((error.message + error.where.file).find("secret"), std::string::npos);
  }
  EXPECT_EQ((*open("/echo?key=secret"))->shown(), server_.url("/echo"));
}

TEST_F(Endpoints, AsksOnlyWhatItMayAsk) {
  for (const char* url : {"http://example.org/x", "https://user@example.org/", "ftp://127.0.0.1/"})
    EXPECT_EQ(Endpoint::open(url, {}, "", make_http_caller({})).error().code, "fetch.address");
  EndpointOptions wrong;
  wrong.form = "chatter";
  EXPECT_EQ(Endpoint::open("https://a/", wrong, "", nullptr).error().code, "ai.endpoint_form");
  wrong.form = "kserve";
  EXPECT_EQ(Endpoint::open("https://a/", wrong, "", nullptr).error().code, "ai.endpoint_form");
  wrong = {};
  wrong.parallel = 0;
  EXPECT_EQ(Endpoint::open("https://a/", wrong, "", nullptr).error().code, "ai.endpoint_plan");
  EXPECT_EQ(Endpoint::open("https://a/", {}, "a\r\nHost: b", nullptr).error().code,
            "ai.endpoint_plan");
  answer("/few", {200, R"({"scores":[[1,2],[1,2],[1,2]]})"});
  options_.questions = 5;
  const auto endpoint = *open("/few");
  EXPECT_TRUE(endpoint->scores(at::ones({3, 2})).has_value());
  EXPECT_EQ(endpoint->scores(at::ones({3, 2})).error().code, "ai.endpoint_questions");
  EXPECT_EQ(server_.asked().size(), 1U);
}

EvasionPlan plan_of(const char* attack, const char* norm) {
  EvasionPlan plan;
  plan.attacks = {attack};
  plan.norm = norm;
  plan.epsilon = 0.15;
  plan.steps = 40;
  plan.curve = {0.05};
  return plan;
}

// The same net as a file and behind an address: the same samples fall, by the same distances.
TEST_F(Endpoints, AttacksFindTheSameAsInTheFile) {
  const Classifier net = classifier_of(test::mlp_model());
  serve("/mlp", net);
  options_.rows = 16;
  options_.parallel = 2;
  const Classifier asked = classifier_at("/mlp", 16);
  const Samples samples = test::samples_for(net, 12, 16);
  for (const auto& [attack, norm] : {std::pair{"hsj", "l2"},
                                     {"boundary", "l2"},
                                     {"rays", "linf"},
                                     {"square", "linf"},
                                     {"simba", "l2"},
                                     {"noise", "linf"}}) {
    Progress quiet;
    const EvasionPlan plan = plan_of(attack, norm);
    const auto ours = measure_evasion(net, samples, plan, 1, quiet);
    const auto theirs = measure_evasion(asked, samples, plan, 2, quiet);
    ASSERT_TRUE(theirs.has_value()) << theirs.error().message;
    EXPECT_EQ(theirs->is_broken, ours->is_broken) << attack;
    EXPECT_EQ(theirs->measurement.claimed, ours->measurement.claimed);
    EXPECT_EQ(theirs->measurement.curve.front().robust.correct,
              ours->measurement.curve.front().robust.correct);
    ASSERT_EQ(theirs->confirmed.size(), ours->confirmed.size());
    for (std::size_t i = 0; i < ours->confirmed.size(); ++i)
      EXPECT_TRUE(theirs->confirmed[i].x.equal(ours->confirmed[i].x)) << attack;
    EXPECT_EQ(theirs->measurement.attacks[0].forward, ours->measurement.attacks[0].forward);
  }
}

const SoundnessCheck* find_check(const Measurement& m, std::string_view name) {
  const auto found = std::ranges::find(m.soundness, name, &SoundnessCheck::check);
  return found == m.soundness.end() ? nullptr : &*found;
}

TEST_F(Endpoints, WhatCannotBeCheckedIsSaid) {
  const Classifier net = classifier_of(test::mlp_model());
  serve("/mlp", net);
  const Samples samples = test::samples_for(net, 4, 16);
  Progress quiet;
  const auto outcome =
      measure_evasion(classifier_at("/mlp", 16), samples, plan_of("square", "linf"), 1, quiet);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  const Measurement& m = outcome->measurement;
  EXPECT_EQ(find_check(m, "clean_repeat")->state, State::pass);
  EXPECT_EQ(find_check(m, "gradients")->state, State::not_checked);
  EXPECT_EQ(find_check(m, "model_identity")->state, State::not_checked);
  EXPECT_EQ(find_check(m, "zero_gradients"), nullptr);
  std::int64_t rows = 0;
  for (const Asked& asked : server_.asked())
    rows += std::ssize(tree_of(asked.body)["inputs"].items());
  // The curve is measured after the checks.
  EXPECT_LE(find_check(m, "questions")->value, static_cast<double>(rows));
  EXPECT_GE(find_check(m, "questions")->value, static_cast<double>(m.attacks[0].forward));
}

TEST_F(Endpoints, AServiceThatAnswersByChanceFailsTheCheck) {
  int asked = 0;
  server_.on("/dice", [&asked](const Asked& question) {
    std::string text = R"({"scores":[)";
    const Json tree = tree_of(question.body);
    for (const Json& row : tree["inputs"].items())
      text += fmt::format("{}[{},{}]", text.back() == '[' ? "" : ",", row.items().size(),
                          asked++ % 3 == 2 ? 99 : 0);
    return ServerAnswer{200, text + "]}"};
  });
  const Classifier net = classifier_at("/dice", 2);
  const Samples samples{at::rand({8, 2}), at::zeros({8}, at::kLong)};
  Progress quiet;
  const auto outcome = measure_evasion(net, samples, plan_of("noise", "linf"), 1, quiet);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(find_check(outcome->measurement, "clean_repeat")->state, State::fail);
}

TEST_F(Endpoints, AttacksWithGradientsAreRefusedBeforeAnythingIsAsked) {
  const Classifier net = classifier_at("/nobody", 2);
  const Samples samples{at::rand({4, 2}), at::zeros({4}, at::kLong)};
  Progress quiet;
  for (const char* attack : {"pgd", "autoattack", "fmn"}) {
    const auto outcome = measure_evasion(net, samples, plan_of(attack, "linf"), 1, quiet);
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().code, "ai.gradients");
  }
  EXPECT_TRUE(server_.asked().empty());
}

/// The whole request, as the worker gets it, with a preprocessing in front of the service.
TEST_F(Endpoints, TheWorkerMeasuresAModelBehindAnAddress) {
  const Classifier net = classifier_of(test::mlp_model());
  serve("/mlp?version=2", net);
  const Samples samples = test::samples_for(net, 6, 16);
  const at::Tensor raw = (samples.x * 2 + 1).contiguous();  // (x - 1) / 2 is what the net takes
  const std::string folder = lockstep::test::fresh_folder("endpoint");
  const std::string data = folder + "/data.npz";
  const std::vector<NamedArray> arrays{
      {"x", array_of<float>({6, 16}, {raw.data_ptr<float>(), 96})},
      {"y", array_of<std::int64_t>({6}, {samples.y.data_ptr<std::int64_t>(), 6})}};
  ASSERT_TRUE(RealFiles().write(data, *write_npz(arrays)).has_value());
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  request.model = server_.url("/mlp?version=2");
  request.data = data;
  request.data_options.preprocessing.mean = {1};
  request.data_options.preprocessing.deviation = {2};
  request.evasion = plan_of("rays", "linf");
  Progress quiet;
  const auto result = ai::answer(request, quiet);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  const auto measured = read_measurement(*result);
  EXPECT_EQ(measured->clean.correct, 6);
  EXPECT_EQ(measured->model.path, server_.url("/mlp"));
  EXPECT_EQ(measured->model.sha256, "");
  request.command = WorkerCommand::measure;
  const auto metrics = ai::answer(request, quiet);
  ASSERT_TRUE(metrics.has_value()) << metrics.error().message;
  request.command = WorkerCommand::inspect;
  EXPECT_EQ(ai::answer(request, quiet).error().code, "ai.gradients");
  request.command = WorkerCommand::certify;
  EXPECT_EQ(ai::answer(request, quiet).error().code, "ai.gradients");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace lockstep::ai
