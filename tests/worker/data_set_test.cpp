// SPDX-License-Identifier: Apache-2.0
// Tables as features, against those that another program made of the same table.
#include "ai/worker/data/data_set.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "ai/worker/data/draw.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/tree_digest.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

using lockstep::test::fresh_folder;
using lockstep::test::read_file;
using lockstep::test::shared_path;
using lockstep::test::source_path;

constexpr std::string_view description = R"(lockstep_columns: 1
file: {ignored: [id]}
columns:
  - {name: size, type: real, range: [0, 10], scale: min_max}
  - {name: colour, type: category, values: [red, blue]}
label: {name: kind, classes: [small, large]}
)";

DataRequest request_for(const std::string& folder, std::string_view csv) {
  EXPECT_TRUE(RealFiles().write(folder + "/columns.yaml", description));
  EXPECT_TRUE(RealFiles().write(folder + "/t.csv", csv));
  DataRequest request;
  request.path = folder + "/t.csv";
  request.options.columns = folder + "/columns.yaml";
  request.wanted = 1000;
  request.sample = {3};
  return request;
}

TEST(Table, RowsBecomeFeatures) {
  const auto set = read_data(
      request_for(fresh_folder("table"), "colour,id,kind,size\nblue,1,large,5\nred,2,small,2.5\n"));
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_EQ(numbers_of(*find_array(set->arrays, "x")),
            (std::vector<double>{0.5, 0, 1, 0.25, 1, 0}));
  EXPECT_EQ(numbers_of(*find_array(set->arrays, "y")), (std::vector<double>{1, 0}));
  EXPECT_EQ(set->classes, (std::vector<std::string>{"small", "large"}));
}

TEST(Table, ALabelMayBeANumber) {
  const std::string folder = fresh_folder("table-numbers");
  DataRequest request = request_for(folder, "colour,id,kind,size\nblue,1,1e3,5\nred,2,-2.5,2.5\n");
  std::string numbers(description);
  const std::string classes = "classes: [small, large]";
  numbers.replace(numbers.find(classes), classes.size(), "type: real");
  ASSERT_TRUE(RealFiles().write(folder + "/columns.yaml", numbers));
  const auto set = read_data(request);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_EQ(numbers_of(*find_array(set->arrays, "y")), (std::vector<double>{1000, -2.5}));
  EXPECT_TRUE(set->classes.empty());
  ASSERT_TRUE(RealFiles().write(folder + "/t.csv", "colour,id,kind,size\nblue,1,inf,5\n"));
  EXPECT_EQ(read_data(request).error().message, "expected a number as 'kind', found 'inf'");
}

TEST(Table, AllProblemsAreSaidAtOnceWithTheirLines) {
  const std::string folder = fresh_folder("table-problems");
  const auto set = read_data(
      request_for(folder, "colour,id,kind,size\nbleu,1,large,11\n\nred,2,tiny,2.5\nred,3\n"));
  ASSERT_FALSE(set.has_value());
  const Error& error = set.error();
  EXPECT_EQ(error.code, "ai.csv");
  EXPECT_EQ(error.where.line, 2);
  EXPECT_EQ(error.message,
            "expected one of the 2 values of 'colour', found 'bleu'; did you mean 'blue'?");
  ASSERT_EQ(error.notes.size(), 3U);
  EXPECT_EQ(error.notes[0], folder +
                                "/t.csv:2: error[ai.csv]: expected a number from 0 to 10 as "
                                "'size', found '11'");
  EXPECT_EQ(error.notes[1],
            folder + "/t.csv:4: error[ai.csv]: expected a class as 'kind', found 'tiny'");
  EXPECT_EQ(error.notes[2], folder + "/t.csv:5: error[ai.csv]: expected 4 fields, found 2");
}

TEST(Table, ColumnsThatDoNotFitTheDescriptionAreNamed) {
  const auto set = read_data(
      request_for(fresh_folder("table-columns"), "color,kind,size,size\nred,small,1,1\n"));
  ASSERT_FALSE(set.has_value());
  EXPECT_EQ(set.error().message, "the description has no column 'color'; did you mean 'colour'?");
  ASSERT_EQ(set.error().notes.size(), 3U);
  EXPECT_NE(set.error().notes[2].find("expected the column 'colour', which the description names"),
            std::string::npos);
}

TEST(Table, ADescriptionIsAskedForAndBelongsToATable) {
  const std::string folder = fresh_folder("table-none");
  DataRequest request = request_for(folder, "size\n1\n");
  request.path = folder;
  EXPECT_EQ(read_data(request).error().code, "ai.data");
  request.path = folder + "/t.csv";
  request.options.columns.clear();
  EXPECT_EQ(read_data(request).error().code, "ai.columns");
}

TEST(Table, ArraysOfFeaturesMayHaveADescriptionToo) {
  const std::string folder = fresh_folder("table-npz");
  DataRequest request = request_for(folder, "");
  request.path = folder + "/t.npz";
  const std::vector<float> x{0.5F, 0, 1, 0.25F, 1, 0};
  const std::vector<std::int64_t> y{1, 0};
  const std::vector<NamedArray> arrays{{"x", array_of<float>({2, 3}, std::span(x))},
                                       {"y", array_of<std::int64_t>({2}, std::span(y))}};
  ASSERT_TRUE(RealFiles().write(request.path, *write_npz(arrays)));
  const auto set = read_data(request);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  ASSERT_TRUE(set->table.has_value());
  EXPECT_EQ(set->table->features, 3U);
  EXPECT_EQ(set->classes, (std::vector<std::string>{"small", "large"}));
}

TEST(Table, BrokenRowsAreWrittenInTheFormOfTheData) {
  const std::string folder = fresh_folder("table-draw");
  const DataRequest request = request_for(folder, "");
  const std::vector<float> original{0.5F, 0, 1, 0.25F, 1, 0};
  const std::vector<float> changed{0.1F, 0, 1, 0.25F, 0, 1};
  const std::vector<std::int64_t> y{1, 0};
  const std::vector<std::int64_t> index{4, 9};
  const std::vector<NamedArray> arrays{{"index", array_of<std::int64_t>({2}, std::span(index))},
                                       {"original", array_of<float>({2, 3}, std::span(original))},
                                       {"x", array_of<float>({2, 3}, std::span(changed))},
                                       {"y", array_of<std::int64_t>({2}, std::span(y))}};
  const auto files =
      draw_examples(*write_npz(arrays), "examples.npz", request.options, folder + "/out");
  ASSERT_TRUE(files.has_value()) << files.error().message;
  EXPECT_EQ(files->size(), 3U);
  EXPECT_EQ(read_file(folder + "/out/original.csv"),
            "size,colour,kind\n5,blue,large\n2.5,red,small\n");
  // What is written reads back as the same features, bit by bit.
  DataRequest again = request;
  again.path = folder + "/out/adversarial.csv";
  const auto set = read_data(again);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_EQ(numbers_of(*find_array(set->arrays, "x")),
            std::vector<double>(changed.begin(), changed.end()));
  EXPECT_EQ(numbers_of(*find_array(set->arrays, "y")), (std::vector<double>{1, 0}));
}

// The features of the first 1,000 lines, made by another program, are beside the model.
TEST(Table, CensusDataHaveTheFeaturesThatTheModelWasTrainedOn) {
  LS_NEEDS_SHARED("ai/data/adult/adult-test.csv");
  DataRequest request;
  request.path = shared_path("ai/data/adult/adult-test.csv");
  request.options.columns = source_path("tests/data/columns/adult.yaml");
  request.wanted = 1000;
  request.sample = {108};
  const auto set = read_data(request);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  const auto known = read_npz(read_file(shared_path("ai/models/adult_test1000.npz")), "adult.npz");
  ASSERT_TRUE(known.has_value());
  const Array* expected_x = find_array(*known, "x");
  ASSERT_NE(expected_x, nullptr);
  const std::vector<double> x = numbers_of(*find_array(set->arrays, "x"));
  const std::vector<double> expected = numbers_of(*expected_x);
  ASSERT_EQ(x.size(), expected.size());
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    largest = std::max(largest, std::abs(x[i] - expected[i]));
  EXPECT_LT(largest, 1e-6);
  EXPECT_EQ(numbers_of(*find_array(set->arrays, "y")), numbers_of(*find_array(*known, "y")));

  const std::string model = shared_path("ai/models/adult_mlp.onnx");
  auto read = read_onnx(read_file(model), model, "");
  ASSERT_TRUE(read.has_value());
  auto net = Net::build(*std::move(read), model);
  ASSERT_TRUE(net.has_value());
  const auto classifier = Classifier::build(*std::move(net), model);
  ASSERT_TRUE(classifier.has_value());
  const auto samples =
      samples_of(set->arrays, classifier->sample_shape(), 1000, false, request.path);
  ASSERT_TRUE(samples.has_value()) << samples.error().message;
  const auto scores = classifier->logits(samples->x);
  ASSERT_TRUE(scores.has_value());
  EXPECT_EQ(scores->argmax(1).eq(samples->y).sum().item<std::int64_t>(), 831);
}

/// An .npy as NumPy's description of the format has it: the header ends at a multiple of 64.
std::string npy(const std::string& type, const std::string& shape, std::string_view numbers) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(117, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n" + std::string(numbers);
}

DataRequest pair_in(const std::string& folder,
                    const std::string& samples,
                    const std::string& labels) {
  constexpr std::string_view floats("\x00\x00\x00\x3f\x00\x00\x80\x3e", 8);  // 0.5, 0.25
  EXPECT_TRUE(RealFiles().write(folder + "/" + samples, npy("<f4", "(2, 1)", floats)));
  if (!labels.empty()) {
    EXPECT_TRUE(RealFiles().write(folder + "/" + labels, npy("|u1", "(2,)", "\x07\x01")));
  }
  DataRequest request;
  request.path = folder + "/" + samples;
  request.wanted = 2;
  request.sample = {1};
  return request;
}

TEST(ArrayPair, LabelsStandBesideTheirSamples) {
  for (const auto& [samples, labels] : std::vector<std::pair<std::string, std::string>>{
           {"x.npy", "y.npy"}, {"x_test.npy", "y_test.npy"}, {"images-3.npy", "labels-3.npy"}}) {
    const std::string folder = fresh_folder("pair");
    const auto set = read_data(pair_in(folder, samples, labels));
    ASSERT_TRUE(set.has_value()) << set.error().message;
    EXPECT_EQ(numbers_of(*find_array(set->arrays, "x")), (std::vector<double>{0.5, 0.25}));
    EXPECT_EQ(numbers_of(*find_array(set->arrays, "y")), (std::vector<double>{7, 1}));
    // As sha256sum writes the two, samples first.
    const std::string lines = sha256(read_file(folder + "/" + samples)) + "  " + samples + "\n" +
                              sha256(read_file(folder + "/" + labels)) + "  " + labels + "\n";
    EXPECT_EQ(set->sha256, sha256(lines));
    EXPECT_EQ(*digest_of_data(RealFiles(), folder + "/" + samples), set->sha256);
  }
}

TEST(ArrayPair, OtherLabelsAreOtherData) {
  const std::string folder = fresh_folder("pair-changed");
  DataRequest request = pair_in(folder, "x.npy", "y.npy");
  request.sha256 = read_data(request)->sha256;
  EXPECT_TRUE(read_data(request).has_value());
  EXPECT_TRUE(RealFiles().write(folder + "/y.npy", npy("|u1", "(2,)", "\x07\x02")));
  EXPECT_EQ(read_data(request).error().code, "ai.digest");
}

TEST(ArrayPair, WithoutLabelsThereIsNothingToMeasure) {
  EXPECT_EQ(read_data(pair_in(fresh_folder("pair-alone"), "x.npy", "")).error().code,
            "file.missing");
  for (const std::string name : {"xrays.npy", "test.npy", "y.npy", "x.NPY"})
    EXPECT_EQ(read_data(pair_in(fresh_folder("pair-named"), name, "")).error().code, "ai.data");
}

}  // namespace
}  // namespace lockstep::ai
