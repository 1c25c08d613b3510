// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/diagnostics.hpp"
#include "base/digest.hpp"
#include "support/paths.hpp"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

/// No file may grow beyond `bytes` while this lives: what a full disk does to a write.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }

  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(RealFiles, WritesWholeFilesAndMakesTheirFolders) {
  const std::string folder = test::fresh_folder("files");
  RealFiles files;
  const std::string bytes("a\0b\n", 4);
  ASSERT_TRUE(files.write(folder + "/x/y/file", bytes).has_value());
  EXPECT_EQ(*files.read(folder + "/x/y/file", 100), bytes);
  ASSERT_TRUE(files.write(folder + "/x/y/file", "").has_value());
  EXPECT_EQ(*files.read(folder + "/x/y/file", 100), "");
  EXPECT_EQ(files_in(folder + "/x/y"), 1U);
}

TEST(RealFiles, WritesPiecesAsOneFile) {
  RealFiles files;
  const std::string path = test::fresh_folder("files-pieces") + "/new/one";
  const TextPieces pieces = {"", "first ", std::string(3'000'000, 'x'), "", " last"};
  ASSERT_TRUE(files.write_pieces(path, pieces).has_value());
  EXPECT_EQ(files.read(path, 4'000'000).value_or("unread"),
            "first " + std::string(3'000'000, 'x') + " last");
  ASSERT_TRUE(files.write_pieces(path, {}).has_value());
  EXPECT_EQ(files.size(path).value_or(1), 0U);
  EXPECT_FALSE(files.write_pieces(test::fresh_folder("files-pieces-2"), pieces).has_value());
}

TEST(RealFiles, AFullDiskKeepsTheFormerFile) {
  const std::string folder = test::fresh_folder("full");
  RealFiles files;
  ASSERT_TRUE(files.write(folder + "/file", "before").has_value());
  Result<> written;
  {
    const SmallDisk small(1000);
    written = files.write(folder + "/file", std::string(5000, 'x'));
  }
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(to_text(written.error()),
            folder +
                "/file: error[file.unwritable]: the file cannot be written: File too large; "
                "nothing was changed");
  EXPECT_EQ(*files.read(folder + "/file", 100), "before");
  EXPECT_EQ(files_in(folder), 1U);  // no half-written file is left
}

TEST(RealFiles, WhatCannotBeWrittenIsNamed) {
  RealFiles files;
  EXPECT_EQ(files.write("/dev/null/file", "x").error().code, "file.unwritable");
  const std::string folder = test::fresh_folder("folder");
  fs::create_directories(folder + "/taken/inside");
  EXPECT_EQ(files.write(folder + "/taken", "x").error().code, "file.unwritable");
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(RealFiles, SayBeforehandWhetherAFileCanBeWritten) {
  RealFiles files;
  const std::string folder = test::fresh_folder("beforehand");
  ASSERT_TRUE(files.write(folder + "/plain", "before").has_value());
  fs::create_directories(folder + "/taken/inside");
  fs::create_symlink(folder + "/none/behind", folder + "/link");
  fs::create_symlink(folder + "/round", folder + "/round");
  const std::size_t before = files_in(folder);
  const std::vector<std::string> paths = {folder + "/new",
                                          folder + "/plain",
                                          folder + "/a/b/new",
                                          folder + "/plain/new",
                                          folder + "/plain/a/b",
                                          folder + "/taken",
                                          folder + "/taken/new",
                                          folder + "/link",
                                          folder + "/round",
                                          "/dev/null",
                                          "/dev/null/file",
                                          "/proc/new",
                                          "/proc/a/b"};
  std::vector<bool> foreseen;
  for (const std::string& path : paths) {
    const auto could = files.check_writable(path);
    EXPECT_TRUE(could || could.error().code == "file.unwritable") << path;
    foreseen.push_back(could.has_value());
    EXPECT_EQ(files_in(folder), before) << path;  // nothing is left behind, no folder is made
  }
  EXPECT_EQ(files.read(folder + "/plain", 100).value_or(""), "before");
  for (std::size_t i = 0; i < paths.size(); ++i)
    EXPECT_EQ(foreseen[i], files.write(paths[i], "x").has_value()) << paths[i];
}

TEST(RealFiles, WhatCannotBeReadIsNamed) {
  const RealFiles files;
  const std::string folder = test::fresh_folder("missing");
  EXPECT_EQ(to_text(files.read(folder + "/no", 10).error()),
            folder + "/no: error[file.missing]: there is no such file");
  EXPECT_EQ(files.read("/dev/null/x", 10).error().code, "file.missing");
  EXPECT_EQ(to_text(files.read(folder, 10).error()),
            folder + ": error[file.unreadable]: the file cannot be read: Is a directory");
  EXPECT_EQ(files.list(folder + "/no", "").error().code, "file.missing");
}

TEST(RealFiles, TheLimitHoldsForFilesAndForEndlessStreams) {
  const std::string path = test::fresh_folder("limit") + "/file";
  RealFiles files;
  ASSERT_TRUE(files.write(path, std::string(10, 'x')).has_value());
  EXPECT_EQ(files.read(path, 10)->size(), 10U);
  EXPECT_EQ(to_text(files.read(path, 9).error()),
            path + ": error[file.too_large]: expected at most 9 bytes in this file");
  EXPECT_EQ(files.read("/dev/zero", 1'000'000).error().code, "file.too_large");
  EXPECT_EQ(*files.read("/dev/null", 10), "");
}

TEST(RealFiles, ReadsLargeFilesWhole) {
  const std::string path = test::fresh_folder("large") + "/file";
  RealFiles files;
  std::string bytes(3'000'001, 'x');
  bytes.back() = 'y';
  ASSERT_TRUE(files.write(path, bytes).has_value());
  EXPECT_EQ(*files.read(path, 4'000'000), bytes);
  EXPECT_EQ(*sha256_of_file(path), sha256(bytes));
}

TEST(RealFiles, CreatesAndNeverOverwrites) {
  const std::string folder = test::fresh_folder("create");
  RealFiles files;
  const std::string path = folder + "/new/a.txt";
  ASSERT_TRUE(files.create(path, "first").has_value());
  const auto again = files.create(path, "second");
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, "file.exists");
  EXPECT_EQ(test::read_file(path), "first");
  fs::create_symlink("nowhere", folder + "/link");
  EXPECT_EQ(files.create(folder + "/link", "x").error().code, "file.exists");
  EXPECT_EQ(files.list(folder, "")->size(), 1U) << "a temporary file was left";
  ASSERT_TRUE(files.remove(path).has_value());
  ASSERT_TRUE(files.remove(path).has_value());
  EXPECT_FALSE(files.exists(path));
  EXPECT_EQ(files.remove(folder).error().code, "file.unwritable");
}

TEST(RealFiles, ListsByNameAndDoesNotFollowLinks) {
  const std::string folder = test::fresh_folder("list");
  RealFiles files;
  for (const char* name : {"/b.json", "/a/c.json", "/a/d.txt"})
    ASSERT_TRUE(files.write(folder + name, "x").has_value());
  fs::create_directory_symlink(folder, folder + "/a/loop");
  EXPECT_EQ(*files.list(folder, ".json"),
            (std::vector<std::string>{folder + "/a/c.json", folder + "/b.json"}));
  EXPECT_TRUE(files.exists(folder + "/b.json"));
  EXPECT_FALSE(files.exists(folder + "/c.json"));
}

/// No more files may be open than these while this lives: what makes a folder unreadable, also to
/// the person who may read all.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t number) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{number, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }

  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(RealFiles, AFolderThatCannotBeEnteredIsNotPassedOver) {
  const std::string folder = test::fresh_folder("list_deep");
  RealFiles files;
  std::string deep = folder;
  for (int i = 0; i < 40; ++i)
    deep += "/a";
  ASSERT_TRUE(files.write(deep + "/b.json", "x").has_value());
  const FolderLimits limits{100, 100};
  EXPECT_EQ(files.list(folder, ".json")->size(), 1U);
  EXPECT_EQ(files.walk(folder, limits)->size(), 1U);
  const FewDescriptors few(20);
  const auto listed = files.list(folder, ".json");
  EXPECT_EQ(listed ? "none" : listed.error().code, "file.unreadable");
  const auto walked = files.walk(folder, limits);
  EXPECT_EQ(walked ? "none" : walked.error().code, "file.unreadable");
}

// FIPS 180-4 examples for SHA-256: one block, two blocks, and a million letters.
TEST(Digest, IsSha256) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of_file(test::fresh_folder("none") + "/x").error().code, "file.missing");
}

}  // namespace
}  // namespace lockstep
