// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "support/paths.hpp"

namespace lockstep::test {

/// The files of a folder, sorted, without those that end in ".expected".
inline std::vector<std::filesystem::path> files_in(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() != ".expected")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

inline std::string text_of(const Diagnostics& problems) {
  std::string text;
  for (const Diagnostic& entry : problems.entries())
    text += to_text(entry) + "\n";
  return text;
}

/// Holds the messages of every file of a folder against NAME.expected beside it. `read` gives the
/// whole text of the messages for the bytes and the name. With LOCKSTEP_UPDATE_GOLDEN=1 writes the
/// expected files instead, and fails.
template <typename Read>
void expect_messages(const std::string& folder, Read read) {
  const auto files = files_in(source_path(folder));
  ASSERT_FALSE(files.empty()) << folder;
  for (const auto& file : files) {
    const std::string got = read(read_file(file.string()), file.filename().string());
    const auto expected = std::filesystem::path(file).replace_extension(".expected");
    EXPECT_FALSE(got.empty()) << file << " has no problem";
    if (std::getenv("LOCKSTEP_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(expected, std::ios::binary) << got;
      ADD_FAILURE() << "wrote " << expected << "; read the difference";
      continue;
    }
    EXPECT_EQ(read_file(expected.string()), got) << file;
  }
}

}  // namespace lockstep::test
