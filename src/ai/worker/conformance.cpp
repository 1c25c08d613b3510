// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/conformance.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;

constexpr double relative_tolerance = 1e-3;
constexpr double absolute_tolerance = 1e-7;

Result<std::vector<Array>> read_tensors(const RealFiles& files,
                                        const fs::path& folder,
                                        std::string_view kind) {
  std::vector<Array> tensors;
  for (int i = 0;; ++i) {
    const std::string path = (folder / fmt::format("{}_{}.pb", kind, i)).string();
    if (!files.exists(path)) return tensors;
    TRY(const std::string bytes, files.read(path, limits::model_bytes));
    TRY(Array tensor, read_tensor(bytes, path));
    tensors.push_back(std::move(tensor));
  }
}

bool is_near(double got, double expected) {
  if (std::isnan(expected)) return std::isnan(got);
  if (std::isinf(expected)) return got == expected;
  return std::abs(got - expected) <= absolute_tolerance + relative_tolerance * std::abs(expected);
}

/// "" when the output is the expected one, otherwise what differs.
std::string difference(const Array& got, const Array& expected) {
  if (got.type != expected.type)
    return fmt::format("expected {}, got {}", name_of(expected.type), name_of(got.type));
  if (got.shape != expected.shape)
    return fmt::format("expected shape {}, got {}", shape_text(expected.shape),
                       shape_text(got.shape));
  for (std::size_t i = 0; i < expected.strings.size(); ++i)
    if (got.strings[i] != expected.strings[i])
      return fmt::format("element {} is '{}', expected '{}'", i, quotable(got.strings[i]),
                         quotable(expected.strings[i]));
  const std::vector<double> left = numbers_of(got);
  const std::vector<double> right = numbers_of(expected);
  for (std::size_t i = 0; i < right.size(); ++i)
    if (!is_near(left[i], right[i]))
      return fmt::format("element {} is {}, expected {}", i, left[i], right[i]);
  return "";
}

Result<std::string> run_data_set(const Net& net, const RealFiles& files, const fs::path& folder) {
  TRY(const std::vector<Array> inputs, read_tensors(files, folder, "input"));
  TRY(const std::vector<Array> expected, read_tensors(files, folder, "output"));
  if (expected.empty())
    return std::string("there is no output_0.pb in " + folder.filename().string());
  Values values;
  for (const Array& input : inputs)
    values.push_back(value_of(input));
  TRY(const Values outputs, net.run(std::move(values)));
  if (outputs.size() != expected.size())
    return fmt::format("expected {} outputs, got {}", expected.size(), outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].tensor.defined()) return fmt::format("output {} was not computed", i);
    const std::string found = difference(array_of(outputs[i]), expected[i]);
    if (!found.empty()) return fmt::format("output {}: {}", i, found);
  }
  return std::string();
}

Result<std::string> run_folder(const fs::path& folder, at::Device device) {
  const RealFiles files;
  const std::string path = (folder / "model.onnx").string();
  TRY(const std::string bytes, files.read(path, limits::model_bytes));
  TRY(Model model, read_onnx(bytes, path, folder.string()));
  const std::vector<std::string> missing = unsupported_operators(model);
  if (!missing.empty()) return fail(ErrorKind::input, "onnx.operator", join(missing, ", "));
  TRY(Net net, Net::build(std::move(model), path));
  if (!device.is_cpu()) net = net.on(device);
  std::vector<fs::path> data_sets;
  std::error_code trouble;
  for (const auto& entry : fs::directory_iterator(folder, trouble))
    if (entry.path().filename().string().starts_with("test_data_set_")) data_sets.push_back(entry);
  std::ranges::sort(data_sets);
  if (data_sets.empty()) return std::string("there is no test_data_set_0");
  for (const fs::path& data_set : data_sets) {
    TRY(std::string found, run_data_set(net, files, data_set));
    if (!found.empty()) return found;
  }
  return std::string();
}

}  // namespace

ConformanceCase run_conformance(const std::string& folder, at::Device device) {
  using Verdict = ConformanceCase::Verdict;
  fs::path path = fs::path(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const std::string name = quotable(path.filename().string(), 200);
  Result<std::string> found = fail(ErrorKind::internal, "ai.worker", "was not run");
  try {
    found = run_folder(path, device);
  } catch (const Unsupported& trouble) {
    found = fail(ErrorKind::input, "onnx.operator", trouble.what());
  } catch (const std::exception& trouble) {
    const std::string_view text = trouble.what();  // LibTorch appends a stack of its functions
    found = fail(ErrorKind::input, "onnx.run", quotable(text.substr(0, text.find('\n')), 200));
  }
  if (!found && found.error().code == "onnx.operator")
    return {name, Verdict::unsupported, found.error().message};
  if (!found) return {name, Verdict::fail, found.error().message};
  return {name, found->empty() ? Verdict::pass : Verdict::fail, *found};
}

}  // namespace lockstep::ai
