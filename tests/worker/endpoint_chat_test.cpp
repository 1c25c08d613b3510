// SPDX-License-Identifier: Apache-2.0
// Texts that a service classifies, by the name of a class or by scores.
#include "ai/worker/nets/endpoint_chat.hpp"

#include <ATen/ATen.h>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

#include "ai/worker/answer.hpp"
#include "ai/worker/nets/endpoint_texts.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "support/http_server.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

using lockstep::test::Asked;
using lockstep::test::HttpServer;
using ServerAnswer = lockstep::test::Answer;

const std::vector<std::string> moods{"bad", "Good"};

/// Writes texts and their description into a folder, and asks for edits that change a service's
/// answers about them. A card is asked for, too, which such a model never uses.
WorkerRequest attack_on(const std::string& url,
                        const std::string& folder,
                        const std::string& texts,
                        const std::string& description) {
  RealFiles files;
  EXPECT_TRUE(files.write(folder + "/texts.csv", texts).has_value());
  EXPECT_TRUE(
      files.write(folder + "/texts.yaml", "lockstep_text: 1\ntokenizer: none\n" + description)
          .has_value());
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  request.model = url;
  request.data = folder + "/texts.csv";
  request.data_options.text = folder + "/texts.yaml";
  request.evasion.attacks = {"deepwordbug"};
  request.evasion.norm = "edits";
  request.evasion.knowledge = "black_box";
  request.device = "cuda";
  return request;
}

TEST(Chat, AsksForTheNameOfAClass) {
  EXPECT_EQ(
      write_chat("m-1", moods, "a \"fine\" film\n"),
      R"({"messages":[{"content":"Classify the text. Answer with exactly one of these classes )"
      R"(and nothing else: bad, Good","role":"system"},{"content":"a \"fine\" film\n",)"
      R"("role":"user"}],"model":"m-1","temperature":0})");
  EXPECT_EQ(write_chat("", moods, "x").find("model"), std::string::npos);
  EXPECT_NE(
      write_chat("", moods, "x", "{classes}? Say {classes}.").find("bad, Good? Say bad, Good."),
      std::string::npos);
}

TEST(Chat, TakesNothingElseForAnAnswer) {
  const auto read = [](const std::string& body) { return read_chat(body, moods, "s"); };
  EXPECT_EQ(*read(R"({"choices":[{"message":{"role":"assistant","content":" good\n"}}]})"), 1);
  EXPECT_EQ(*read(R"({"choices":[{"message":{"content":"bad"}},{"message":{"content":"?"}}]})"), 0);
  for (const char* body :
       {"", "{}", R"({"choices":[]})", R"({"choices":[{"message":{"content":null}}]})",
        R"({"choices":[{"message":{"content":"good, I think"}}]})",
        R"({"choices":[{"message":{"content":""}}]})", R"({"choices":{"message":"good"}})"})
    EXPECT_EQ(read(body).error().code, "ai.endpoint_answer") << body;
}

// The service says Good where the text has the word: one edit of it, and only of it, is enough.
TEST(Chat, DeepWordBugFindsTheOneWordThatCounts) {
  HttpServer server;
  server.on("/v1/chat/completions", [](const Asked& asked) {
    Diagnostics problems;
    const Json tree = *parse_json(asked.body, "test", problems);
    const std::string text = tree["messages"].items()[1]["content"].string_or("");
    EXPECT_EQ(tree["messages"].items()[0]["content"].string_or(""), "Is it bad, Good?");
    const bool is_good = text.find("good") != std::string::npos;
    return ServerAnswer{200, std::string(R"({"choices":[{"message":{"content":")") +
                                 (is_good ? "Good" : "bad") + R"("}}]})"};
  });
  const std::string folder = lockstep::test::fresh_folder("chat");
  WorkerRequest request =
      attack_on(server.url("/v1/chat/completions"), folder,
                "text,label\na good film,Good\na film to forget,bad\ndull and good,bad\n"
                "the good the good,Good\n",
                "classes: [bad, Good]\nprompt: 'Is it {classes}?'\n");
  request.evasion.epsilon = 1;
  request.endpoint.parallel = 3;
  Progress quiet;
  const auto result = answer(request, quiet);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  const auto measured = read_measurement(*result);
  EXPECT_EQ(measured->clean.correct, 3);   // all but the third
  EXPECT_EQ(measured->robust.correct, 2);  // the fourth needs two edits
  EXPECT_EQ(measured->confirmed, 1);
  EXPECT_EQ(measured->answered_by.device, "cpu");
  EXPECT_EQ(measured->soundness.front().state, State::pass);
  EXPECT_EQ(measured->soundness.back().check, "questions");
  EXPECT_EQ(measured->soundness.back().value, static_cast<double>(server.asked().size()));
  WorkerRequest measure = request;
  measure.command = WorkerCommand::measure;
  measure.metrics.declared = {{"accuracy", -1, "", 0.5, 0.95}};
  const auto found = answer(measure, quiet);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  const auto metrics = read_metrics(*found);
  ASSERT_TRUE(metrics.has_value()) << metrics.error().message;
  EXPECT_EQ(metrics->values.front().count, (Count{3, 4}));
  EXPECT_EQ(metrics->declared.front().measured.count, (Count{3, 4}));
  EXPECT_EQ(metrics->consistency.front().state, State::pass);
  EXPECT_EQ(metrics->answered_by.device, "cpu");
  EXPECT_EQ(metrics->answered_by.engine, "the service (chat)");
  request.evasion.attacks = {"hotflip"};
  EXPECT_EQ(answer(request, quiet).error().code, "ai.gradients");
  request.data_options.text.clear();
  request.evasion.attacks = {"square"};
  EXPECT_EQ(answer(request, quiet).error().code, "ai.endpoint_form");
  std::filesystem::remove_all(folder);
}

TEST(KserveTexts, AreElementsOfBytes) {
  const std::vector<TextSample> texts{{"a \"fine\" film\n", {}}, {"", {}}};
  const auto body = [&](const char* shape) {
    const auto model = read_kserve_description(
        std::string(R"({"inputs":[{"name":"text","datatype":"BYTES","shape":)") + shape + "}]}",
        "s");
    return model ? write_kserve_texts(*model, texts) : model.error().code;
  };
  const std::string start =
      R"({"inputs":[{"data":["a \"fine\" film\n",""],"datatype":"BYTES","name":"text","shape":[)";
  EXPECT_EQ(body("[-1,1]"), start + "2,1]}]}");
  EXPECT_EQ(body("[-1,-1]"), start + "2,1]}]}");
  EXPECT_EQ(body("[-1]"), start + "2]}]}");
  for (const char* shape : {"[]", "[-1,2]", "[-1,1,1]", "\"text\""})
    EXPECT_EQ(body(shape), "ai.endpoint_answer") << shape;
}

// Class 1 leads where the words left are worth more than 2.5. Of the first text no word alone
// decides; that alpha and beta are to be edited, and not the first two, is known from scores only.
TEST(KserveTexts, DeepWordBugFollowsTheScores) {
  HttpServer server;
  server.on("/v2/models/mood", [](const Asked&) {
    return ServerAnswer{200, R"({"inputs":[{"name":"text","datatype":"BYTES","shape":[-1,1]}]})"};
  });
  server.on("/v2/models/mood/infer", [](const Asked& asked) {
    Diagnostics problems;
    const Json tree = *parse_json(asked.body, "test", problems);
    const Json& input = tree["inputs"].items().at(0);
    const auto rows = input["data"].items().size();
    EXPECT_LE(rows, 3U);
    EXPECT_EQ(input["shape"].items().at(0).as_int(), static_cast<std::int64_t>(rows));
    std::string scores;
    for (const Json& item : input["data"].items()) {
      const std::string text = " " + item.string_or("") + " ";
      double worth = 0;
      for (const auto& [word, value] : {std::pair{" alpha ", 3.0}, {" beta ", 2.0}, {" c ", 1.0}})
        if (text.find(word) != std::string::npos) worth += value;
      scores += fmt::format("{}2.5,{}", scores.empty() ? "" : ",", worth);
    }
    return ServerAnswer{
        200, fmt::format(R"({{"outputs":[{{"datatype":"FP32","shape":[{},2],"data":[{}]}}]}})",
                         rows, scores)};
  });
  const std::string folder = lockstep::test::fresh_folder("kserve-texts");
  WorkerRequest request =
      attack_on(server.url("/v2/models/mood/infer"), folder,
                "text,label\nc beta then alpha,1\nonly c,0\nalpha,0\nc beta,1\n", "");
  request.evasion.epsilon = 2;
  request.endpoint.rows = 3;
  request.endpoint.parallel = 2;
  Progress quiet;
  const auto result = answer(request, quiet);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  const auto measured = read_measurement(*result);
  EXPECT_EQ(measured->clean.correct, 3);   // all but the third
  EXPECT_EQ(measured->robust.correct, 1);  // nothing makes a class 1 of the second
  EXPECT_EQ(measured->confirmed, 2);
  EXPECT_EQ(measured->soundness.front().state, State::pass);
  EXPECT_EQ(measured->answered_by.device, "cpu");
  EXPECT_EQ(measured->answered_by.engine, "the service (kserve)");
  request.evasion.epsilon = 1;
  EXPECT_EQ(read_measurement(*answer(request, quiet))->robust.correct, 2);

  request.command = WorkerCommand::measure;
  const auto metrics = read_metrics(*answer(request, quiet));
  ASSERT_TRUE(metrics.has_value()) << metrics.error().message;
  EXPECT_EQ(metrics->values.front().count, (Count{3, 4}));
  EXPECT_EQ(metrics->consistency.front().difference, 0);
  request.data_options.text.clear();
  EXPECT_EQ(answer(request, quiet).error().code, "ai.endpoint_form");
  server.on("/v2/models/mood", [](const Asked&) {
    return ServerAnswer{200, R"({"inputs":[{"name":"x","datatype":"FP32","shape":[-1,4]}]})"};
  });
  request.data_options.text = folder + "/texts.yaml";
  EXPECT_EQ(answer(request, quiet).error().code, "ai.endpoint_form");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace lockstep::ai
