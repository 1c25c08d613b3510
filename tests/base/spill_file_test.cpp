// SPDX-License-Identifier: Apache-2.0
#include "base/spill_file.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <vector>

#include "support/paths.hpp"

namespace lockstep::test {
namespace {

TEST(SpillFile, GivesBackItsFramesAndLeavesNothingBehind) {
  const std::string folder = fresh_folder("spill");
  std::vector<std::string> frames = {"", "a", std::string(3'000'000, 'b'), "",
                                     std::string(70'000, 'c')};
  auto file = SpillFile::create(folder + "/new");
  ASSERT_TRUE(file.has_value());
  for (const std::string& frame : frames)
    ASSERT_TRUE(append_frame(*file, frame).has_value());
  ASSERT_TRUE(file->flush().has_value());
  EXPECT_EQ(file->size(), 3'070'001U + 4 * frames.size());
  EXPECT_TRUE(std::filesystem::is_empty(folder + "/new"));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, std::size_t{1} << 20U}) {
    FrameReader reader(*file, piece);
    for (const std::string& frame : frames) {
      ASSERT_EQ(reader.next(), true);
      EXPECT_TRUE(reader.frame() == frame);
    }
    EXPECT_EQ(reader.next(), false);
  }
  std::filesystem::remove_all(folder);
}

TEST(SpillFile, SaysWhereItCannotBeMade) {
  const auto file = SpillFile::create("/proc/none");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, "file.unwritable");
}

}  // namespace
}  // namespace lockstep::test
