// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/files.hpp"
#include "support/paths.hpp"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

class Walk : public testing::Test {
 protected:
  void SetUp() override { folder_ = test::fresh_folder("walk"); }

  void TearDown() override { fs::remove_all(folder_); }

  void put(const std::string& name) {
    fs::create_directories(fs::path(folder_ + "/" + name).parent_path());
    std::ofstream(folder_ + "/" + name) << "x";
  }

  std::string folder_;
};

TEST_F(Walk, NamesLinksAndFollowsNone) {
  put("in/b.txt");
  put("in/sub/a.txt");
  put("outside/secret.txt");
  fs::create_symlink("../outside/secret.txt", folder_ + "/in/link.txt");
  fs::create_directory_symlink("../outside", folder_ + "/in/folder");
  ASSERT_EQ(::mkfifo((folder_ + "/in/pipe").c_str(), 0600), 0);
  const auto found = RealFiles().walk(folder_ + "/in", {});
  ASSERT_TRUE(found.has_value());
  std::vector<std::string> lines;
  for (const FolderEntry& entry : *found)
    lines.push_back(entry.path + (entry.kind == FolderEntry::Kind::file   ? ""
                                  : entry.kind == FolderEntry::Kind::link ? " link"
                                                                          : " other"));
  EXPECT_THAT(lines, testing::ElementsAre("b.txt", "folder link", "link.txt link", "pipe other",
                                          "sub/a.txt"));
}

TEST_F(Walk, StopsAtItsLimits) {
  put("in/1/2/3/a.txt");
  put("in/b.txt");
  const auto deep = RealFiles().walk(folder_ + "/in", {.entries = 10, .depth = 2});
  ASSERT_FALSE(deep.has_value());
  EXPECT_EQ(deep.error().code, "file.folder_limit");
  const auto many = RealFiles().walk(folder_ + "/in", {.entries = 1, .depth = 10});
  ASSERT_FALSE(many.has_value());
  EXPECT_EQ(many.error().code, "file.folder_limit");
  EXPECT_EQ(RealFiles().walk(folder_ + "/none", {}).error().code, "file.missing");
}

}  // namespace
}  // namespace lockstep
