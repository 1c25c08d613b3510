// SPDX-License-Identifier: Apache-2.0
// The run of a product file's tests against a worker that is a shell script: what is finished is
// kept, whatever happens to the test after it.
#include "app/ai_run.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "ai/attack_details.hpp"
#include "app/evidence.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AiTests : public testing::Test {
 protected:
  void SetUp() override {
    write("model.onnx", "a model");
    write("data.npz", "data");
    write("lockstep.yaml", R"(lockstep: 1
product: {name: Reader, version: "1"}
models:
  - id: reader
    path: model.onnx
    data: data.npz
    purpose: reads
    evasion:
      - {id: one, epsilon: 0.05, max_attack_success: 0.6, reason: a film}
      - {id: two, epsilon: 0.06, max_attack_success: 0.6, reason: a film}
)");
    for (const char* id : {"one", "two"})
      write(std::string("answer-") + id, answer(id, std::string(id) == "one" ? 0.05 : 0.06));
    // Writes the file of examples that it is told, notes the test, and answers.
    write("worker", R"sh(#!/bin/sh
read line
id=$(echo "$line" | sed 's/.*"id":"\([a-z]*\)".*/\1/')
echo "$id" >> FOLDER/starts
[ -e FOLDER/fail-$id ] && exit 9
file=$(echo "$line" | sed 's/.*"examples":"\([^"]*\)".*/\1/')
[ -n "$file" ] && mkdir -p "$(dirname "$file")" && printf examples > "$file"
cat FOLDER/answer-$id
)sh");
    ::chmod((folder_ + "/worker").c_str(), 0755);
    request_.product_file = folder_ + "/lockstep.yaml";
    request_.now = *parse_instant("2028-09-04T08:00:00Z");
    request_.attack_program = folder_ + "/worker";
    request_.store_url = "sqlite:" + folder_ + "/store/store.db";
  }

  void write(const std::string& name, std::string text) const {
    for (std::size_t at = text.find("FOLDER"); at != std::string::npos; at = text.find("FOLDER"))
      text.replace(at, 6, folder_);
    std::ofstream(folder_ + "/" + name) << text;
  }

  static std::string answer(const std::string& id, double epsilon) {
    Measurement measured;
    measured.id = id;
    measured.epsilon = epsilon;
    measured.norm = "linf";
    measured.seed = 1;
    measured.clean = {90, 100, {0.8, 0.95}};
    measured.robust = {70, 100, {0.6, 0.8}};
    measured.attacks = {{"pgd", "a paper", 90, 20, 9000, 9000, 0.125}};
    AttackDetails details;
    details.classes = {{0, "", 100, 90, 70}};
    details.examples = {{4, "", 0, 1, 0.05, true, {}}};
    details.examples_sha256 = sha256("examples");
    Json json = ai::to_json(measured);
    json.set("details", ai::to_json(details));
    return R"({"result": )" + to_canonical_json(json) + "}\n";
  }

  Result<AiRun> run() {
    Progress quiet;
    RealFiles files;
    problems_ = {};
    return run_ai_tests(request_, files, quiet, problems_);
  }

  std::vector<std::string> starts() const {
    std::ifstream file(folder_ + "/starts");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
      lines.push_back(line);
    return lines;
  }

  std::string folder_ = test::fresh_folder("ai-run");
  AiRunRequest request_;
  Diagnostics problems_;
};

TEST_F(AiTests, TextsAreMeasuredAnewWithAnotherVocabulary) {
  write("texts.yaml", "lockstep_text: 1\ntokenizer: words\nvocabulary: words.txt\n");
  write("words.txt", "[PAD]\n[UNK]\ngood\n");
  write("lockstep.yaml", R"(lockstep: 1
product: {name: Reader, version: "1"}
models:
  - id: reader
    path: model.onnx
    data: data.npz
    text: texts.yaml
    purpose: reads
    evasion:
      - {id: one, epsilon: 0.05, max_attack_success: 0.6, reason: a film}
)");
  ASSERT_TRUE(run().has_value());
  ASSERT_TRUE(run().has_value());
  EXPECT_EQ(starts().size(), 1U);
  write("words.txt", "[PAD]\n[UNK]\nbad\n");
  ASSERT_TRUE(run().has_value());
  EXPECT_EQ(starts().size(), 2U);
}

TEST_F(AiTests, AFinishedTestIsNeverRunAgain) {
  const auto first = run();
  ASSERT_TRUE(first.has_value()) << first.error().message;
  EXPECT_THAT(first->dossier.not_checked, IsEmpty());
  EXPECT_FALSE(first->tests.at("one").is_reused);
  EXPECT_EQ(first->tests.at("one").details.examples.size(), 1U);
  const auto second = run();
  ASSERT_TRUE(second.has_value());
  EXPECT_THAT(starts(), ElementsAre("one", "two"));
  EXPECT_TRUE(second->tests.at("one").is_reused);
  EXPECT_EQ(second->tests.at("two").details, first->tests.at("two").details);
  request_.reuse = Reuse::no;
  ASSERT_TRUE(run().has_value());
  EXPECT_THAT(starts(), ElementsAre("one", "two", "one", "two"));
}

TEST_F(AiTests, ATestThatFailedIsRunAgainAndTheOthersAreNot) {
  write("fail-two", "");
  const auto broken = run();
  ASSERT_TRUE(broken.has_value());
  ASSERT_EQ(broken->dossier.not_checked.size(), 1U);
  EXPECT_EQ(broken->dossier.not_checked[0].what, "two");
  EXPECT_NE(broken->state, State::pass);
  std::filesystem::remove(folder_ + "/fail-two");
  ASSERT_TRUE(run().has_value());
  EXPECT_THAT(starts(), ElementsAre("one", "two", "two"));
}

/// Says stop once the second test has begun.
class StopsAtTheSecond final : public Progress {
 public:
  explicit StopsAtTheSecond(const std::string& folder) : folder_(folder) {}

  bool is_cancelled() const override {
    std::ifstream file(folder_ + "/starts");
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n') >= 2;
  }

 private:
  std::string folder_;
};

TEST_F(AiTests, AnInterruptedRunGoesOnWhereItWas) {
  write("answer-two", "{\"progress\": {\"stage\": \"x\", \"done\": 0, \"total\": 1}}\n");
  StopsAtTheSecond person(folder_);
  RealFiles files;
  const auto stopped = run_ai_tests(request_, files, person, problems_);
  ASSERT_FALSE(stopped.has_value());
  write("answer-two", answer("two", 0.06));
  const auto whole = run();
  ASSERT_TRUE(whole.has_value()) << whole.error().message;
  EXPECT_TRUE(whole->tests.at("one").is_reused);
  EXPECT_FALSE(whole->tests.at("two").is_reused);
  EXPECT_EQ(std::ranges::count(starts(), "one"), 1);
}

TEST_F(AiTests, ExamplesThatChangedOrWentAreMadeAgain) {
  ASSERT_TRUE(run().has_value());
  const auto kept = RealFiles().list(folder_ + "/store/examples", ".npz");
  ASSERT_EQ(kept->size(), 2U);
  std::ofstream(kept->front()) << "changed";
  std::filesystem::remove(kept->back());
  ASSERT_TRUE(run().has_value());
  EXPECT_EQ(starts().size(), 4U);
  ASSERT_TRUE(run().has_value());
  EXPECT_EQ(starts().size(), 4U);
}

TEST_F(AiTests, OnlyRunsWhatIsChosenAndNamesTheOthers) {
  request_.only = {"two"};
  const auto one = run();
  ASSERT_TRUE(one.has_value());
  EXPECT_THAT(starts(), ElementsAre("two"));
  EXPECT_EQ(one->dossier.not_checked.at(0).reason, "left out by --only");
  EXPECT_EQ(one->state, State::human);  // no threshold was locked
  EXPECT_EQ(one->exit, 5);
  request_.only = {"tow"};
  EXPECT_EQ(run().error().code, "usage.choice");
  EXPECT_THAT(run().error().message, HasSubstr("did you mean 'two'?"));
}

TEST_F(AiTests, TheRunIsEvidenceOnce) {
  ASSERT_TRUE(run().has_value());
  ASSERT_TRUE(run().has_value());
  const RealFiles files;
  const auto rows = list_evidence(request_.store_url, files);
  ASSERT_TRUE(rows.has_value());
  std::vector<std::string> kinds;
  for (const EvidenceRow& row : *rows)
    kinds.push_back(row.evidence.kind);
  EXPECT_THAT(kinds, ElementsAre("measurement", "measurement", "ai_run", "adversarial_examples",
                                 "adversarial_examples"));
  EXPECT_EQ((*rows)[3].evidence.sha256, sha256("examples"));
  EXPECT_THAT(verify_evidence(request_.store_url, files)->problems, IsEmpty());
}

}  // namespace
}  // namespace lockstep::app
