// SPDX-License-Identifier: Apache-2.0
#include "ai/protocol.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck/gtest.h>
#include <string>

#include "ai/attack_details.hpp"
#include "ai/description.hpp"

namespace lockstep::ai {
namespace {

Measurement some_measurement() {
  Measurement m;
  m.id = "reader.linf";
  m.model_id = "reader";
  m.model = {"reader.onnx", "aa"};
  m.data = {"test.npz", "bb"};
  m.preprocessing = "2 x - 1";
  m.samples = 10;
  m.norm = "linf";
  m.epsilon = 0.03;
  m.budget = "40 steps, 1 restart";
  m.target = "next";
  m.left_out = 2;
  m.seed = std::numeric_limits<std::uint64_t>::max();
  m.batch_size = 128;
  m.clean = {9, 10, clopper_pearson(9, 10)};
  m.robust = {4, 10, clopper_pearson(4, 10)};
  m.attacks = {{"pgd", "Madry et al. 2018", 9, 5, 360, 360, 1.5}};
  m.claimed = 6;
  m.confirmed = 5;
  m.soundness = {{"zero_gradients", State::pass, 0.0, "none"}};
  m.curve = {{0.01, {7, 10, clopper_pearson(7, 10)}}};
  m.threads = 2;
  m.worker_version = "0.1.0";
  return m;
}

TEST(Protocol, AMeasurementSurvivesTheTrip) {
  const Json json = to_json(some_measurement());
  const auto back = read_measurement(json);
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(to_canonical_json(to_json(*back)), to_canonical_json(json));
  EXPECT_EQ(back->seed, std::numeric_limits<std::uint64_t>::max());
}

TEST(Protocol, DistancesSurviveTheTrip) {
  Measurement m = some_measurement();
  EXPECT_FALSE(read_measurement(to_json(m))->distances.has_value());
  m.distances = Distances{9, 4, 1.5, 1.25, std::nullopt, {{1000, 3, 2.5}, {5000, 4, 1.25}}};
  const auto back = read_measurement(to_json(m));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(to_canonical_json(to_json(*back)), to_canonical_json(to_json(m)));
  ASSERT_TRUE(back->distances.has_value());
  EXPECT_EQ(back->distances->after.at(1).questions, 5000);
  EXPECT_EQ(back->distances->median_attacked, std::nullopt);
  m.distances->median_attacked = 3;
  EXPECT_EQ(read_measurement(to_json(m))->distances->median_attacked, 3);
  m.distances->fooled = 10;
  EXPECT_FALSE(read_measurement(to_json(m)).has_value());
}

TEST(Protocol, CountsThatDoNotFitTogetherAreRefused) {
  Measurement m = some_measurement();
  m.confirmed = 7;
  EXPECT_EQ(read_measurement(to_json(m)).error().message,
            "expected counts that fit together as 'confirmed' in a line of the worker protocol");
  m = some_measurement();
  m.robust.correct = 10;
  EXPECT_FALSE(read_measurement(to_json(m)).has_value());
  m = some_measurement();
  m.attacks[0].broken = 10;
  EXPECT_FALSE(read_measurement(to_json(m)).has_value());
}

TEST(Protocol, ChangesOfRowsSurviveTheTrip) {
  Measurement m = some_measurement();
  m.table = TableChanges{{{3, {"age", "job"}, 1.5}}, 2, 1.5, 4, 1};
  const auto back = read_measurement(to_json(m));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(to_canonical_json(to_json(*back)), to_canonical_json(to_json(m)));
  m.table->rows[0].sample = -1;
  EXPECT_FALSE(read_measurement(to_json(m)).has_value());
}

TEST(Protocol, HowAServiceIsAskedSurvivesTheTrip) {
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  request.model = "https://models.example/v2/models/reader/infer";
  request.endpoint = {"kserve", "m", 7, 3, 11, 4, 1'000'000};
  request.token = "hush";
  const auto again = read_request(write_request(request));
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(*again, request);
}

TEST(Protocol, TheDeviceSurvivesTheTripAndIsSaidOnlyWhereItIsNoProcessor) {
  WorkerRequest request;
  EXPECT_EQ(write_request(request).find("device"), std::string::npos);
  request.device = "cuda";
  const auto again = read_request(write_request(request));
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(*again, request);
}

TEST(Protocol, MetricsSurviveTheTrip) {
  WorkerRequest request;
  request.command = WorkerCommand::measure;
  request.metrics.seed = std::numeric_limits<std::uint64_t>::max();
  request.metrics.groups = "site";
  request.metrics.declared = {{"recall", 3, "night", 0.9, 0.99}};
  request.metrics.other = "old.onnx";
  const auto again = read_request(write_request(request));
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(*again, request);

  Metrics metrics;
  metrics.model_id = "reader";
  metrics.values = {
      {"accuracy", -1, 0.9, 10, Count{9, 10}, Interval{0.5, 1}, "Clopper-Pearson", ""},
      {"mcc", -1, std::nullopt, 10, std::nullopt, std::nullopt, "", "one class"}};
  metrics.confusion = {{5, 1}, {0, 4}};
  metrics.calibration.bins = {{0.5, 0.9, 0.7, {9, 10, clopper_pearson(9, 10)}}};
  metrics.calibration.scaling = TemperatureScaling{1.5, 5, 4, 0.2, 0.1, 0.75, 0.5};
  metrics.groups = {
      {"a", 10, {9, 10, clopper_pearson(9, 10)}, metrics.values, State::warn, 0.01, 0.02, "worse"}};
  metrics.consistency = {{"batch 1", State::pass, 10, 1e-6, 0, "none"}};
  metrics.declared = {{{"recall", 3, "night", 0.9, 0.99},
                       metrics.values[0],
                       0.6,
                       std::nullopt,
                       0.2,
                       0.7,
                       120,
                       "exact binomial, one-sided"}};
  metrics.comparison = ModelComparison{
      {"old.onnx", "cc"}, {"cuda", "LibTorch on cuda:0"}, 8, 1, 0, 1, 0.1, 1, "none"};
  metrics.answered_by = {"cpu", "LibTorch: because"};
  const Json json = to_json(metrics);
  const auto back = read_metrics(json);
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(to_canonical_json(to_json(*back)), to_canonical_json(json));
  metrics.confusion[0].pop_back();
  EXPECT_FALSE(read_metrics(to_json(metrics)).has_value());
  metrics.confusion.clear();
  metrics.values[0].count = Count{11, 10};
  EXPECT_FALSE(read_metrics(to_json(metrics)).has_value());
}

TEST(Protocol, UniversalChangesSurviveTheTrip) {
  WorkerRequest request;
  request.command = WorkerCommand::universal;
  request.universal = {{UniversalChange::Kind::patch, "l2", 0.5, 0.25},
                       7,
                       40,
                       std::numeric_limits<std::uint64_t>::max(),
                       "patch.png"};
  const auto read = read_request(write_request(request));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, request);

  UniversalReport report;
  report.change = request.universal.change;
  report.clean = {38, 40, clopper_pearson(38, 40)};
  report.changed = report.control = report.trained = report.clean;
  report.confirmed = 3;
  report.source = "a paper";
  report.answered_by = {"cuda", "LibTorch on cuda:0"};
  const auto back = read_universal_report(to_json(report));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(to_canonical_json(to_json(*back)), to_canonical_json(to_json(report)));
  report.changed.correct = 41;
  EXPECT_FALSE(read_universal_report(to_json(report)).has_value());
}

TEST(Protocol, CorruptionsSurviveTheTrip) {
  WorkerRequest request;
  request.command = WorkerCommand::corrupt;
  request.corruption = {{"fog"}, {1, 5}, "old.onnx",
                        40,      7,      std::numeric_limits<std::uint64_t>::max()};
  const auto read = read_request(write_request(request));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, request);

  CorruptionReport report;
  report.samples = 40;
  report.seed = 3;
  report.table = "small";
  report.answered_by = {"cuda", "LibTorch on cuda:0"};
  report.clean = {38, 40, clopper_pearson(38, 40)};
  report.cells = {{"fog", 1, {30, 40, clopper_pearson(30, 40)}, 35}};
  report.errors = CorruptionErrors{{"old.onnx", "cc"},
                                   {"cpu", "the service (scores)"},
                                   {39, 40, clopper_pearson(39, 40)},
                                   {},
                                   {}};
  const auto back = read_corruption_report(to_json(report));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(to_canonical_json(to_json(*back)), to_canonical_json(to_json(report)));
  // The reader computes what follows from the counts.
  EXPECT_NEAR(*back->errors->mce, 100 * 10.0 / 5.0, 1e-9);
  report.cells[0].accuracy.correct = 41;
  EXPECT_FALSE(read_corruption_report(to_json(report)).has_value());
}

TEST(Protocol, CertificatesSurviveTheTrip) {
  WorkerRequest request;
  request.command = WorkerCommand::certify;
  request.certificate.kind = CertificatePlan::Kind::smoothing;
  request.certificate.smoothing.sigma = 0.25;
  request.certificate.smoothing.seed = std::numeric_limits<std::uint64_t>::max();
  const auto again = read_request(write_request(request));
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(*again, request);

  Certificate certificate;
  certificate.method = "smoothing";
  certificate.answered_by = {"cuda", "LibTorch on cuda:0"};
  certificate.rows = {{0, 1, -1, 0.5}};
  certificate.smoothing = summary_of(certificate.rows, {0, 1});
  certificate.attacked = Accuracy{1, 2, clopper_pearson(1, 2)};
  const Json json = to_json(certificate);
  EXPECT_EQ(to_canonical_json(to_json(*read_certificate(json))), to_canonical_json(json));

  PropertyAnswer answer;
  answer.verdict = PropertyAnswer::Verdict::sat;
  answer.inputs = {0.5, 1};
  answer.outputs = {2};
  answer.answered_by.engine = "LibTorch";
  EXPECT_EQ(to_canonical_json(to_json(*read_property_answer(to_json(answer)))),
            to_canonical_json(to_json(answer)));
  answer.inputs.clear();  // sat without a counterexample is no answer
  EXPECT_FALSE(read_property_answer(to_json(answer)).has_value());
}

RC_GTEST_PROP(Protocol,
              ARequestSurvivesTheTrip,
              (std::string id, std::uint64_t seed, bool random_start)) {
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  for (char& c : id)
    c = static_cast<char>(c & 0x7F);
  request.model = id;
  request.evasion.seed = seed;
  request.evasion.epsilon = 0.1;
  request.evasion.passes = 20;
  request.evasion.random_start = random_start;
  request.evasion.curve = {0.01, 0.5};
  request.evasion.target = "second";
  request.folders = {"a", "b c"};
  request.data_options = {"columns.yaml", "ab", {255, {0.1}, {1, 2, 3}, "nhwc"}};
  request.examples = "examples.npz";
  const std::string line = write_request(request);
  RC_ASSERT(line.find('\n') == std::string::npos);
  const auto back = read_request(line);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == request);
}

TEST(Protocol, LinesThatDoNotFitGetAMessage) {
  const auto request = [](const char* line) { return read_request(line).error().message; };
  EXPECT_EQ(request("{}"), "expected text as 'command' in a line of the worker protocol");
  EXPECT_EQ(read_reply("[1]").error().message,
            "expected a line with progress, a result or an error from the worker");
  EXPECT_EQ(
      read_reply(R"({"progress": {"stage": "x", "done": "many", "total": 3}})").error().message,
      "expected an integer as 'done' in a line of the worker protocol");
  EXPECT_EQ(read_reply("hello").error().code, "ai.protocol");
}

TEST(Protocol, ErrorsKeepTheirKindAndPlace) {
  const Error error{
      ErrorKind::verification, "ai.digest", "it changed", {"m.onnx", 0, 0}, {"a note"}};
  const auto reply = read_reply(write_error(error));
  ASSERT_TRUE(reply.has_value());
  const auto& back = std::get<ErrorReply>(*reply).error;
  EXPECT_EQ(back.kind, error.kind);
  EXPECT_EQ(back.code, error.code);
  EXPECT_EQ(back.where.file, "m.onnx");
  EXPECT_EQ(back.notes, error.notes);
}

TEST(Protocol, ConformanceLinesAreThoseOfTheContract) {
  using Verdict = ConformanceCase::Verdict;
  EXPECT_EQ(to_text(ConformanceCase{"test_a", Verdict::pass, ""}), "PASS test_a");
  EXPECT_EQ(to_text(ConformanceCase{"test_a", Verdict::fail, "output 0"}), "FAIL test_a: output 0");
  EXPECT_EQ(to_text(ConformanceCase{"test_a", Verdict::unsupported, "Foo"}),
            "UNSUPPORTED test_a: Foo");
  const Conformance cases{{"a", Verdict::pass, ""}, {"b", Verdict::unsupported, "Foo"}};
  EXPECT_EQ(*read_conformance(to_json(cases)), cases);
}

TEST(Protocol, ADescriptionSurvivesTheTrip) {
  ModelDescription d;
  d.sha256 = "aa";
  d.bytes = 1234;
  d.ir_version = 8;
  d.producer = "maker 1";
  d.opsets = {{"", 13}};
  d.inputs = {{"x", "float32", {-1, 4}}};
  d.operators = {{"Relu", 2}};
  d.not_finite = {"w: 3"};
  d.parameters = 99;
  d.engine = "LibTorch: because";
  d.checks = {{"weights_finite", State::fail, "weights with NaN"}};
  EXPECT_EQ(*read_description(to_json(d)), d);
}

TEST(Protocol, DetailsOfAnAttackSurviveTheTrip) {
  AttackDetails details;
  details.grid = "rows of the table";
  details.class_names = {"no", "yes"};
  details.classes = {{0, "no", 5, 4, 1}};
  details.examples = {{7, "a/b.png", 0, 1, 0.25, true, {"age may not change"}}};
  details.examples_sha256 = "ab";
  EXPECT_EQ(*read_attack_details(to_json(details)), details);
  details.classes[0].standing = 5;  // more than were right
  EXPECT_FALSE(read_attack_details(to_json(details)).has_value());
  details.classes.clear();
  details.examples[0].predicted = 0;  // the right class is no deception
  EXPECT_FALSE(read_attack_details(to_json(details)).has_value());
}

}  // namespace
}  // namespace lockstep::ai
