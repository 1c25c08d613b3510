// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "ai/worker/nets/model.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;
using lockstep_onnx::TensorProto;
using test::ToyModel;

std::string message_of(const std::string& bytes, const std::string& folder = "") {
  const auto model = read_onnx(bytes, "m.onnx", folder);
  return model ? "read" : model.error().code + ": " + model.error().message;
}

ToyModel with_external(const std::string& location, const std::string& length = "8") {
  ToyModel model;
  model.input("x", {2}).output("z", {2});
  auto* tensor = model.proto().mutable_graph()->add_initializer();
  tensor->set_name("w");
  tensor->set_data_type(TensorProto::FLOAT);
  tensor->add_dims(2);
  tensor->set_data_location(TensorProto::EXTERNAL);
  for (const auto& [key, value] : {std::pair("location", location), std::pair("length", length)}) {
    auto* entry = tensor->add_external_data();
    entry->set_key(key);
    entry->set_value(value);
  }
  model.node("Add", {"x", "w"}, {"z"});
  return model;
}

TEST(OnnxReader, BytesThatAreNoModelGetAMessage) {
  EXPECT_EQ(
      message_of("\xff\xff\xff"),
      "onnx.syntax: expected an ONNX model (a protobuf message of at most 2 GiB), found other "
      "bytes");
  EXPECT_EQ(
      message_of(""),
      "onnx.graph: expected an ONNX model with a graph and its operator sets, found neither or "
      "one");
}

TEST(OnnxReader, ATensorThatClaimsMoreThanItHasIsRefused) {
  ToyModel model;
  model.weight("w", {1'000'000}, {1, 2, 3});
  EXPECT_EQ(message_of(model.bytes()),
            "onnx.tensor: expected 4000000 bytes in the tensor 'w' of shape [1000000] and type "
            "float32, found 12");
  ToyModel huge;
  huge.weight("w", {1'000'000'000, 1'000'000'000}, {});
  EXPECT_EQ(
      message_of(huge.bytes()),
      "onnx.limit: expected at most 16 dimensions and 2147483648 elements, found the tensor 'w' "
      "of shape [1000000000, 1000000000]");
  ToyModel strange;
  strange.weight("w", {1}, {1});
  strange.proto().mutable_graph()->mutable_initializer(0)->set_data_type(23);
  EXPECT_EQ(message_of(strange.bytes()),
            "onnx.tensor: the tensor 'w' has elements of type 23, which lockstep does not read");
}

TEST(OnnxReader, WeightsThatAreNotFiniteAreCounted) {
  ToyModel model;
  model.weight(
      "w", {3},
      {1, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()});
  const auto read = read_onnx(model.bytes(), "m.onnx", "");
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->not_finite.size(), 1U);
  EXPECT_EQ(read->not_finite[0].tensor, "w");
  EXPECT_EQ(read->not_finite[0].count, 2);
}

TEST(OnnxReader, ExternalDataIsReadInsideTheFolderOnly) {
  const std::string folder = lockstep::test::fresh_folder("onnx-external");
  fs::create_directories(folder + "/model/deep");
  const float values[] = {3, 4};
  std::ofstream(folder + "/model/deep/w.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(values), sizeof values);
  fs::copy(folder + "/model/deep/w.bin", folder + "/secret.bin");
  fs::create_symlink("../secret.bin", folder + "/model/link.bin");
  const std::string model = folder + "/model";

  const auto read = read_onnx(with_external("deep/w.bin").bytes(), "m.onnx", model);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(numbers_of(read->graph.initializers[0].second), (std::vector<double>{3, 4}));

  EXPECT_EQ(message_of(with_external("../secret.bin").bytes(), model),
            "onnx.external: expected external data inside the model's folder, found the path "
            "'../secret.bin'");
  EXPECT_EQ(message_of(with_external("/etc/passwd").bytes(), model),
            "onnx.external: expected external data inside the model's folder, found the path "
            "'/etc/passwd'");
  EXPECT_EQ(message_of(with_external("link.bin").bytes(), model),
            "onnx.external: expected external data inside the model's folder, but 'link.bin' leads "
            "outside it");
  EXPECT_EQ(
      message_of(with_external("none.bin").bytes(), model),
      "onnx.external: expected the external data file 'none.bin' beside the model, found none");
  EXPECT_EQ(message_of(with_external("deep/w.bin", "9999").bytes(), model),
            "onnx.external: expected 8 bytes of external data for the tensor 'w', and at most "
            "4294967296 in all, found the length 9999");
  EXPECT_EQ(message_of(with_external("deep/w.bin").bytes(), ""),
            "onnx.external: expected all weights inside the file, found external data");
}

TEST(OnnxReader, GraphsNestedWithoutEndAreRefused) {
  ToyModel model;
  auto* graph = model.proto().mutable_graph();
  for (int i = 0; i < 20; ++i) {
    auto* node = graph->add_node();
    node->set_op_type("If");
    node->add_output("y");
    auto* attribute = node->add_attribute();
    attribute->set_name("then_branch");
    attribute->set_type(lockstep_onnx::AttributeProto::GRAPH);
    graph = attribute->mutable_g();
    graph->set_name("inner");
  }
  EXPECT_EQ(message_of(model.bytes()),
            "onnx.limit: expected graphs nested at most 16 deep, found more");
}

TEST(Net, AllUnknownOperatorsAreNamed) {
  ToyModel model;
  model.input("x", {2}).output("z", {2});
  model.node("Frobnicate", {"x"}, {"a"});
  model.node("Sharpen", {"a"}, {"z"}).set_domain("com.example");
  auto read = read_onnx(model.bytes(), "m.onnx", "");
  ASSERT_TRUE(read.has_value());
  const auto net = Net::build(*std::move(read), "m.onnx");
  ASSERT_FALSE(net.has_value());
  EXPECT_EQ(net.error().code, "onnx.operator");
  EXPECT_EQ(net.error().message,
            "expected operators that lockstep can run, found Frobnicate, com.example.Sharpen");
}

TEST(Net, AValueThatNothingMakesIsNamed) {
  ToyModel model;
  model.input("x", {2}).output("z", {2});
  model.node("Add", {"x", "ghost"}, {"z"});
  const auto net = Net::build(*read_onnx(model.bytes(), "m.onnx", ""), "m.onnx");
  ASSERT_FALSE(net.has_value());
  EXPECT_EQ(net.error().message,
            "expected 'ghost' before the node 'Add_z' that uses it, found no such value");
}

TEST(Net, AFunctionOfTheModelIsReplacedByItsBody) {
  ToyModel model;
  model.input("x", {2}).output("z", {2});
  auto* function = model.proto().add_functions();
  function->set_name("Double");
  function->set_domain("own");
  function->add_input("a");
  function->add_output("b");
  auto* set = function->add_opset_import();
  set->set_version(13);
  auto* body = function->add_node();
  body->set_op_type("Add");
  body->add_input("a");
  body->add_input("a");
  body->add_output("b");
  model.node("Double", {"x"}, {"h"}).set_domain("own");
  model.node("Double", {"h"}, {"z"}).set_domain("own");
  const auto net = Net::build(*read_onnx(model.bytes(), "m.onnx", ""), "m.onnx");
  ASSERT_TRUE(net.has_value()) << net.error().message;
  const float values[] = {1, -3};
  const auto outputs = net->run({value_of(array_of<float>({1, 2}, values))});
  ASSERT_TRUE(outputs.has_value()) << outputs.error().message;
  EXPECT_EQ(numbers_of(array_of(outputs->front())), (std::vector<double>{4, -12}));
}

}  // namespace
}  // namespace lockstep::ai
