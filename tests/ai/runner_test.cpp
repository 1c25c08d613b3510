// SPDX-License-Identifier: Apache-2.0
// The runner against workers that crash, hang and lie (shell scripts), and against the real one.
#include "ai/runner.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>

#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

using test::shared_path;

/// A worker made of shell lines.
std::string fake_worker(const std::string& name, const std::string& lines) {
  const std::string path = test::fresh_folder("worker-" + name) + "/worker";
  std::ofstream(path) << "#!/bin/sh\n" << lines << "\n";
  ::chmod(path.c_str(), 0755);
  return path;
}

std::string outcome_of(const std::string& worker, WorkerLimits limits = {}) {
  Progress quiet;
  const auto result = run_worker({worker, limits}, {}, quiet);
  return result ? to_canonical_json(*result) : result.error().code + ": " + result.error().message;
}

TEST(Runner, TheResultOfAWorkerComesBack) {
  EXPECT_EQ(outcome_of(fake_worker("good", R"(read line
echo '{"progress": {"stage": "pgd", "done": 0, "total": 2}}'
echo '{"result": {"answer": 42}}')")),
            R"({"answer":42})");
}

TEST(Runner, AMissingWorkerIsNamed) {
  EXPECT_EQ(
      outcome_of("/nowhere/lockstep-attack"),
      "ai.worker_missing: expected the attack worker as '/nowhere/lockstep-attack', found no such "
      "program; install lockstep-attack beside lockstep, or name it by LOCKSTEP_ATTACK");
}

TEST(Runner, ACrashIsToldWithItsSignalAndItsLastWords) {
  Progress quiet;
  const auto result =
      run_worker({fake_worker("crash", "echo 'oh no' >&2\nkill -SEGV $$"), {}}, {}, quiet);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, "ai.worker_died");
  EXPECT_EQ(result.error().message,
            "the worker was ended by signal 11 (Segmentation fault) without an answer");
  EXPECT_EQ(result.error().notes, std::vector<std::string>{"the worker said: oh no"});
  EXPECT_EQ(outcome_of(fake_worker("quit", "exit 3")),
            "ai.worker_died: the worker ended with status 3 without an answer");
}

TEST(Runner, AWorkerThatHangsIsStopped) {
  const auto start = std::chrono::steady_clock::now();
  WorkerLimits limits;
  limits.wall_seconds = 1;
  EXPECT_EQ(
      outcome_of(fake_worker("hang", "exec sleep 60"), limits),
      "ai.timeout: the worker did not finish in 1 seconds and was stopped; give it more time, or "
      "fewer samples or steps");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Runner, AWorkerThatBurnsItsProcessorTimeIsStopped) {
  WorkerLimits limits;
  limits.cpu_seconds = 1;
  EXPECT_EQ(outcome_of(fake_worker("burn", "while :; do :; done"), limits),
            "ai.timeout: the worker used its 1 seconds of processor time; give it more, or fewer "
            "samples or steps");
}

TEST(Runner, AWorkerThatLiesIsNotBelieved) {
  EXPECT_EQ(outcome_of(fake_worker("prose", "echo 'all is well'")).substr(0, 12), "ai.protocol:");
  EXPECT_EQ(outcome_of(fake_worker("twice", R"(echo '{"result": {}}'
echo '{"result": {}}')")),
            "ai.protocol: the worker spoke after its result");
  Progress quiet;
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  const auto measured =
      run_evasion({fake_worker("empty", R"(echo '{"result": {}}')"), {}}, request, quiet);
  ASSERT_FALSE(measured.has_value());
  EXPECT_EQ(measured.error().code, "ai.protocol");
}

TEST(Runner, TheWorkerSeesNoEnvironmentAndNoOpenFiles) {
  ::setenv("LOCKSTEP_TEST_SECRET", "hunter2", 1);
  const std::string script = R"(secret=${LOCKSTEP_TEST_SECRET:-none}
files=$(ls -l /proc/$$/fd | grep -c /status)
echo "{\"result\": {\"secret\": \"$secret\", \"files\": $files}}")";
  const std::ifstream open_here("/proc/self/status");
  EXPECT_EQ(outcome_of(fake_worker("nosy", script)), R"({"files":0,"secret":"none"})");
}

/// Says stop at the first sign of progress.
class Impatient final : public Progress {
 public:
  void advance(std::uint64_t) override { cancelled_ = true; }

  bool is_cancelled() const override { return cancelled_; }

 private:
  bool cancelled_ = false;
};

TEST(Runner, CancellingKillsTheWorker) {
  Impatient person;
  const auto result = run_worker(
      {fake_worker(
           "slow",
           "echo '{\"progress\": {\"stage\": \"x\", \"done\": 0, \"total\": 1}}'\nexec sleep 60"),
       {}},
      {}, person);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(result.error().code, "ai.cancelled");
}

TEST(Runner, ATestOfTheProductFileBecomesARequest) {
  EvasionTest test;
  test.id = "reader.linf";
  test.attack = "fgsm, pgd";
  test.epsilon = 0.03;
  test.steps = 7;
  ModelInput model;
  model.id = "reader";
  const WorkerRequest request = request_of(test, model, "m.onnx", "d.npz", 9);
  EXPECT_EQ(request.evasion.attacks, (std::vector<std::string>{"fgsm", "pgd"}));
  EXPECT_EQ(request.evasion.model_id, "reader");
  EXPECT_EQ(request.evasion.steps, 7);
  EXPECT_EQ(request.evasion.seed, 9U);
}

/// The real worker, where it was built.
std::string real_worker() {
  const char* folder = std::getenv("LOCKSTEP_BIN");
  const std::string path =
      std::string(folder == nullptr ? "build/dev" : folder) + "/lockstep-attack";
  return std::filesystem::exists(path) ? path : "";
}

#define LS_NEEDS_WORKER() \
  if (real_worker().empty()) GTEST_SKIP() << "lockstep-attack was not built"

TEST(Worker, MeasuresTheReferenceModel) {
  LS_NEEDS_WORKER();
  LS_NEEDS_SHARED("ai/models/mnist_mlp.onnx");
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  request.model = shared_path("ai/models/mnist_mlp.onnx");
  request.data = shared_path("ai/models/mnist_test1000.npz");
  request.evasion.id = "mlp";
  request.evasion.attacks = {"fgsm"};
  request.evasion.epsilon = 0.05;
  Progress quiet;
  const auto measured = run_evasion({real_worker(), {}}, request, quiet);
  ASSERT_TRUE(measured.has_value()) << measured.error().message;
  EXPECT_EQ(measured->clean.correct, 979);
  EXPECT_EQ(measured->robust.correct, 614);
  EXPECT_EQ(measured->model.sha256.size(), 64U);

  request.model_sha256 = std::string(64, '0');
  EXPECT_EQ(run_evasion({real_worker(), {}}, request, quiet).error().code, "ai.digest");
}

TEST(Worker, InspectsAModel) {
  LS_NEEDS_WORKER();
  LS_NEEDS_SHARED("ai/models/mnist_cnn_std.onnx");
  Progress quiet;
  const auto model =
      inspect_model({real_worker(), {}}, shared_path("ai/models/mnist_cnn_std.onnx"), quiet);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_EQ(model->parameters, 166'406);
  EXPECT_EQ(model->operators.at("Conv"), 2);
  EXPECT_TRUE(model->unsupported.empty());
  ASSERT_EQ(model->inputs.size(), 1U);
  EXPECT_EQ(model->inputs[0].shape, (std::vector<std::int64_t>{-1, 1, 28, 28}));
}

TEST(Worker, MemoryBeyondTheLimitIsAnErrorWithThatName) {
  LS_NEEDS_WORKER();
  LS_NEEDS_SHARED("ai/models/mnist_mlp.onnx");
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's shadow memory leaves no room for a limit";
#endif
  WorkerLimits limits;
  limits.memory_bytes = std::uint64_t{64} << 20U;
  Progress quiet;
  const auto model =
      inspect_model({real_worker(), limits}, shared_path("ai/models/mnist_mlp.onnx"), quiet);
  ASSERT_FALSE(model.has_value());
  EXPECT_EQ(model.error().code, "ai.memory");
}

TEST(Worker, FilesThatAreNotThereOrNoModelsAreErrorsOfTheInput) {
  LS_NEEDS_WORKER();
  Progress quiet;
  EXPECT_EQ(inspect_model({real_worker(), {}}, "/nowhere.onnx", quiet).error().code,
            "file.missing");
  const std::string folder = test::fresh_folder("no-model");
  std::ofstream(folder + "/m.onnx") << "this is a text";
  const auto model = inspect_model({real_worker(), {}}, folder + "/m.onnx", quiet);
  ASSERT_FALSE(model.has_value());
  EXPECT_EQ(model.error().kind, ErrorKind::input);
}

}  // namespace
}  // namespace lockstep::ai
