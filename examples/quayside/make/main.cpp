// SPDX-License-Identifier: Apache-2.0
// Makes the data and the two models of the sample product, from nothing but a seed:
//
//   quayside FOLDER [SEED]
//
// writes FOLDER/data/{train,test}.npz, FOLDER/data/samples.png, FOLDER/model/reader.onnx (plain)
// and FOLDER/model/reader-hardened.onnx (trained against attacks). Takes some minutes on one core.
#include <charconv>
#include <cstdio>
#include <fmt/format.h>
#include <string_view>

#include "base/files.hpp"
#include "files.hpp"
#include "net.hpp"

namespace quayside {
namespace {

constexpr std::int64_t train_count = 6120;  // 170 for each of the 36 characters
constexpr std::int64_t test_count = 1512;   // 42 for each
constexpr double hardened_epsilon = 0.10;
constexpr double report_epsilon = 0.05;
constexpr int report_steps = 10;
constexpr int sheet_rows = 4;

lockstep::Result<> write_data(lockstep::Files& files,
                              const std::string& folder,
                              const DataSet& training,
                              const DataSet& test) {
  TRY(const std::string training_bytes, to_npz(training));
  TRY(const std::string test_bytes, to_npz(test));
  TRY_VOID(files.write(folder + "/data/train.npz", training_bytes));
  TRY_VOID(files.write(folder + "/data/test.npz", test_bytes));
  return files.write(folder + "/data/samples.png", contact_sheet(test, sheet_rows));
}

lockstep::Result<> make_model(lockstep::Files& files,
                              const std::string& path,
                              const DataSet& training,
                              const DataSet& test,
                              const Recipe& recipe) {
  const auto parameters = train(training, recipe, [&](int epoch, double loss) {
    fmt::print(stderr, "{}: epoch {}/{}, loss {:.4f}\n", recipe.name, epoch, recipe.epochs, loss);
  });
  fmt::print("{}: {:.2f} % of the test pictures right, {:.2f} % under attack at epsilon {:.2f}\n",
             recipe.name, 100 * accuracy(parameters, test),
             100 * accuracy_under_attack(parameters, test, report_epsilon, report_steps),
             report_epsilon);
  return files.write(path, to_onnx(parameters, recipe.name));
}

lockstep::Result<> make_all(const std::string& folder, std::uint64_t seed) {
  lockstep::RealFiles files;
  fmt::print("seed {}\n", seed);
  const DataSet training = make_data(seed, "train", train_count);
  const DataSet test = make_data(seed, "test", test_count);
  TRY_VOID(write_data(files, folder, training, test));

  Recipe plain;
  plain.seed = seed;
  plain.name = "reader";
  plain.epochs = 14;
  TRY_VOID(make_model(files, folder + "/model/reader.onnx", training, test, plain));

  Recipe hardened = plain;
  hardened.name = "reader-hardened";
  hardened.epochs = 22;
  hardened.epsilon = hardened_epsilon;
  return make_model(files, folder + "/model/reader-hardened.onnx", training, test, hardened);
}

}  // namespace
}  // namespace quayside

int main(int argc, char** argv) {
  std::uint64_t seed = 6346;
  const std::string_view text = argc > 2 ? argv[2] : "6346";
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (argc < 2 || argc > 3 || error != std::errc{} || end != text.data() + text.size()) {
    fmt::print(stderr, "usage: quayside FOLDER [SEED]\n");
    return 2;
  }
  const lockstep::Result<> made = quayside::make_all(argv[1], seed);
  if (!made) {
    fmt::print(stderr, "{}\n", made.error().message);
    return 3;
  }
  return 0;
}
