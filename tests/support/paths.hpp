// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <unistd.h>

namespace lockstep::test {

/// The checkout, from the environment that ctest sets.
inline std::string source_path(const std::string& relative) {
  const char* root = std::getenv("LOCKSTEP_SOURCE");
  return std::string(root == nullptr ? "." : root) + "/" + relative;
}

/// A file of the shared suites, beside the checkout.
inline std::string shared_path(const std::string& relative) {
  const char* root = std::getenv("LOCKSTEP_SHARED");
  return std::string(root == nullptr ? "../shared" : root) + "/" + relative;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A new empty folder for one test, below the system's temporary folder.
inline std::string fresh_folder(const std::string& name) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("lockstep-test-" + name + "-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder.string();
}

}  // namespace lockstep::test

/// Skips the test, with the reason, where the shared suites are not beside the checkout.
#define LS_NEEDS_SHARED(relative)                                        \
  if (!std::filesystem::exists(::lockstep::test::shared_path(relative))) \
  GTEST_SKIP() << "the shared suites are not here: " << (relative)
