// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <filesystem>
#include <gtest/gtest.h>

#include "ai/worker/data/data_set.hpp"
#include "ai/worker/data/image.hpp"
#include "base/files.hpp"
#include "base/tree_digest.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

using lockstep::test::fresh_folder;

/// A picture of one colour.
void draw(const std::string& path, std::int64_t height, std::int64_t width, std::string colour) {
  Array image{
      ElementType::uint8, {height, width, static_cast<std::int64_t>(colour.size())}, {}, {}};
  for (std::int64_t i = 0; i < height * width; ++i)
    image.bytes += colour;
  const auto bytes = write_png(image);
  ASSERT_TRUE(bytes.has_value());
  ASSERT_TRUE(RealFiles().write(path, *bytes));
}

DataRequest request_for(const std::string& folder, std::vector<std::int64_t> sample) {
  DataRequest request;
  request.path = folder;
  request.wanted = 1000;
  request.sample = std::move(sample);
  return request;
}

std::vector<std::int64_t> labels_of(const DataSet& set) {
  std::vector<std::int64_t> labels;
  for (const double label : numbers_of(*find_array(set.arrays, "labels")))
    labels.push_back(static_cast<std::int64_t>(label));
  return labels;
}

std::string code_of(const DataRequest& request) {
  const auto set = read_data(request);
  return set ? "" : set.error().code;
}

/// Three cats and one dog, of four pixels.
std::string pets(const std::string& name) {
  std::string folder = fresh_folder(name);
  for (const char* cat : {"/cat/1.png", "/cat/2.png", "/cat/3.PNG"})
    draw(folder + cat, 2, 2, "\x01\x02\x03");
  draw(folder + "/dog/a.png", 2, 2, "\x04\x05\x06");
  return folder;
}

TEST(ImageFolder, FoldersAreClassesInTheOrderOfTheirNames) {
  const auto set = read_data(request_for(pets("pets"), {3, 2, 2}));
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_EQ(set->classes, (std::vector<std::string>{"cat", "dog"}));
  // In the middle of each class's share: cat 1/6, dog 1/2, cat 3/6, cat 5/6.
  EXPECT_EQ(labels_of(*set), (std::vector<std::int64_t>{0, 0, 1, 0}));
  EXPECT_EQ(set->names,
            (std::vector<std::string>{"cat/1.png", "cat/2.png", "dog/a.png", "cat/3.PNG"}));
  const Array& images = *find_array(set->arrays, "images");
  EXPECT_EQ(images.shape, (std::vector<std::int64_t>{4, 3, 2, 2}));
  EXPECT_EQ(images.bytes.substr(0, 12), "\x01\x01\x01\x01\x02\x02\x02\x02\x03\x03\x03\x03");
}

TEST(ImageFolder, EveryPrefixHasAFairPartOfEachClass) {
  const std::string folder = fresh_folder("prefix");
  for (int i = 0; i < 30; ++i)
    draw(folder + "/a/" + std::to_string(100 + i) + ".png", 1, 1, "x");
  for (int i = 0; i < 10; ++i)
    draw(folder + "/b/" + std::to_string(500 + i) + ".png", 1, 1, "y");
  const auto set = read_data(request_for(folder, {1, -1, -1}));
  ASSERT_TRUE(set.has_value()) << set.error().message;
  int b = 0;
  for (int n = 1; n <= 40; ++n) {
    b += static_cast<int>(labels_of(*set)[static_cast<std::size_t>(n - 1)]);
    EXPECT_NEAR(b, n / 4.0, 1) << n;
  }
}

TEST(ImageFolder, TheLayoutIsThatOfTheNet) {
  const std::string folder = pets("layout");
  const auto last = read_data(request_for(folder, {2, 2, 3}));
  ASSERT_TRUE(last.has_value()) << last.error().message;
  EXPECT_EQ(find_array(last->arrays, "images")->bytes.substr(0, 6), "\x01\x02\x03\x01\x02\x03");
  const auto grey = read_data(request_for(folder, {1, -1, -1}));
  ASSERT_TRUE(grey.has_value()) << grey.error().message;
  EXPECT_EQ(find_array(grey->arrays, "images")->shape, (std::vector<std::int64_t>{4, 1, 2, 2}));
  const auto flat = read_data(request_for(folder, {4}));
  ASSERT_TRUE(flat.has_value()) << flat.error().message;
  EXPECT_EQ(find_array(flat->arrays, "images")->elements(), 16);
  // [3, 2, 3] may be either.
  DataRequest both = request_for(folder, {3, 2, 3});
  EXPECT_EQ(code_of(both), "ai.shape");
  both.options.preprocessing.layout = "nchw";
  const auto said = read_data(both);
  ASSERT_FALSE(said.has_value());
  EXPECT_EQ(said.error().message.substr(0, 55),
            "expected an image that fits the net's input [3, 2, 3], ");
}

TEST(ImageFolder, ClassesMayBeNamedInAFile) {
  const std::string folder = pets("named");
  ASSERT_TRUE(RealFiles().write(folder + "/classes.txt", "fish\ndog\r\n\ncat\n"));
  const auto set = read_data(request_for(folder, {3, 2, 2}));
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_EQ(set->classes, (std::vector<std::string>{"fish", "dog", "cat"}));
  EXPECT_EQ(labels_of(*set), (std::vector<std::int64_t>{2, 1, 2, 2}));
  ASSERT_TRUE(RealFiles().write(folder + "/classes.txt", "cat\n"));
  EXPECT_EQ(code_of(request_for(folder, {3, 2, 2})), "ai.classes");
  ASSERT_TRUE(RealFiles().write(folder + "/classes.txt", "cat\ndog\ncat\n"));
  EXPECT_EQ(code_of(request_for(folder, {3, 2, 2})), "ai.classes");
}

TEST(ImageFolder, AFolderWithoutPicturesIsAskedAbout) {
  const std::string folder = pets("no birds");
  std::filesystem::create_directory(folder + "/bird");
  std::filesystem::create_directory(folder + "/.cache");
  EXPECT_EQ(code_of(request_for(folder, {3, 2, 2})), "ai.classes");
  ASSERT_TRUE(RealFiles().write(folder + "/classes.txt",
                                "\xEF\xBB\xBF"
                                "bird\r\ncat\r\ndog\r\n"));
  const auto set = read_data(request_for(folder, {3, 2, 2}));
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_EQ(labels_of(*set), (std::vector<std::int64_t>{1, 1, 2, 1}));
}

TEST(ImageFolder, NumbersOutOfOrderAreAskedAbout) {
  const std::string folder = fresh_folder("numbers");
  for (const char* name : {"/0/a.png", "/2/a.png", "/10/a.png"})
    draw(folder + name, 1, 1, "x");
  EXPECT_EQ(code_of(request_for(folder, {1, -1, -1})), "ai.classes");
  std::filesystem::remove_all(folder + "/10");
  const auto set = read_data(request_for(folder, {1, -1, -1}));
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_EQ(set->classes, (std::vector<std::string>{"0", "2"}));
}

TEST(ImageFolder, AllProblemsAreSaidAtOnce) {
  const std::string folder = pets("problems");
  draw(folder + "/dog/b.png", 2, 3, "\x04\x05\x06");
  ASSERT_TRUE(RealFiles().write(folder + "/dog/c.png", "no picture"));
  const auto set = read_data(request_for(folder, {3, 2, 2}));
  ASSERT_FALSE(set.has_value());
  EXPECT_EQ(set.error().code, "ai.shape");
  EXPECT_EQ(set.error().message,
            "expected an image that fits the net's input [3, 2, 2] and the images before it, found "
            "3 x 2 pixels");
  ASSERT_EQ(set.error().notes.size(), 1U);
  EXPECT_NE(set.error().notes[0].find("dog/c.png: error[ai.image]"), std::string::npos);
}

TEST(ImageFolder, StrayFilesAndLinksAreRefusedAndHiddenOnesPassedOver) {
  const std::string folder = pets("stray");
  ASSERT_TRUE(RealFiles().write(folder + "/.DS_Store", "x"));
  ASSERT_TRUE(RealFiles().write(folder + "/cat/.thumbs/1.txt", "x"));
  EXPECT_EQ(code_of(request_for(folder, {3, 2, 2})), "");
  ASSERT_TRUE(RealFiles().write(folder + "/cat/notes.txt", "x"));
  EXPECT_EQ(code_of(request_for(folder, {3, 2, 2})), "ai.image");
  std::filesystem::remove(folder + "/cat/notes.txt");
  std::filesystem::create_symlink("/etc/passwd", folder + "/cat/9.png");
  EXPECT_EQ(code_of(request_for(folder, {3, 2, 2})), "file.link");
  EXPECT_EQ(code_of(request_for(fresh_folder("nothing"), {3, 2, 2})), "ai.data");
}

std::string first_word_of(const std::string& command) {
  std::array<char, 65> word{};
  std::FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT: one command of ours
  if (pipe == nullptr) return "";
  const std::size_t got = std::fread(word.data(), 1, 64, pipe);
  ::pclose(pipe);
  return {word.data(), got};
}

TEST(ImageFolder, TheDigestIsThatOfSha256sum) {
  const std::string folder = pets("digest");
  const auto set = read_data(request_for(folder, {3, 2, 2}));
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(set->sha256, first_word_of("cd " + folder +
                                       " && find * -type f | LC_ALL=C sort | xargs sha256sum | "
                                       "sha256sum"));
  EXPECT_EQ(*digest_of_data(RealFiles(), folder), set->sha256);
  DataRequest request = request_for(folder, {3, 2, 2});
  request.wanted = 1;  // pictures that are not wanted count for the digest
  EXPECT_EQ(read_data(request)->sha256, set->sha256);
  request.sha256 = set->sha256;
  EXPECT_EQ(code_of(request), "");
  draw(folder + "/dog/z.png", 2, 2, "\x04\x05\x06");
  EXPECT_EQ(code_of(request), "ai.digest");
}

}  // namespace
}  // namespace lockstep::ai
