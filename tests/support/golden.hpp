// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "support/paths.hpp"

namespace lockstep::test {

/// Compares `got` with tests/golden/`name`. With LOCKSTEP_UPDATE_GOLDEN=1 writes the file instead,
/// and fails, so that an update run can never be green.
inline void expect_golden(const std::string& name, const std::string& got) {
  const std::string path = source_path("tests/golden/" + name);
  if (std::getenv("LOCKSTEP_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << got;
    ADD_FAILURE() << "wrote " << path << "; read the difference and commit it with the reason";
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing; ./x golden writes it";
  EXPECT_EQ(read_file(path), got) << "differs from " << path;
}

}  // namespace lockstep::test
