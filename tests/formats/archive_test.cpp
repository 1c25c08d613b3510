// SPDX-License-Identifier: Apache-2.0
#include "formats/archive.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
#include "formats/zip.hpp"
#include "support/zip.hpp"

namespace lockstep::test {
namespace {

using std::string_literals::operator""s;

using formats::ArchiveLimits;
using formats::ZipReader;

/// The entries of a zip, or the message of what stopped the reading.
std::pair<std::vector<std::pair<std::string, std::string>>, std::string> read_all(
    const std::string& bytes, const ArchiveLimits& limits = {}) {
  std::vector<std::pair<std::string, std::string>> entries;
  auto zip = ZipReader::open_bytes(bytes, "all.zip", limits);
  if (!zip) return {entries, to_text(zip.error())};
  while (true) {
    const auto entry = zip->next();
    if (!entry) return {entries, to_text(entry.error())};
    if (!*entry) return {entries, ""};
    entries.emplace_back((*entry)->name, (*entry)->bytes);
  }
}

TEST(Archive, ReadsTheFilesOfAZipInOrder) {
  const auto [entries, trouble] =
      read_all(make_zip({{"b.json", "{}"}, {"folder/", "", 040755}, {"folder/a.json", "[1]"}}));
  EXPECT_EQ(trouble, "");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0], std::pair("b.json"s, "{}"s));
  EXPECT_EQ(entries[1], std::pair("folder/a.json"s, "[1]"s));
}

/// Written by the zipfile module of Python 3.11: one deflated entry, and a comment that holds the
/// four bytes of an end record.
std::string python_zip() {
  constexpr std::string_view hexadecimal =
      "504b030414000000080000002100689f74bf0b000000c800000006000000612e6a736f6e8b36d489"
      "1e7c2896640000504b0102140314000000080000002100689f74bf0b000000c80000000600000000"
      "00000000000000a48100000000612e6a736f6e504b05060000000001000100340000002f0000000e"
      "00504b0506206973206e6f20656e64";
  std::string bytes;
  for (std::size_t at = 0; at < hexadecimal.size(); at += 2)
    bytes.push_back(
        static_cast<char>(std::stoi(std::string(hexadecimal.substr(at, 2)), nullptr, 16)));
  return bytes;
}

TEST(Archive, UnpacksWhatAnotherProgramDeflated) {
  const auto [entries, trouble] = read_all(python_zip());
  EXPECT_EQ(trouble, "");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].first, "a.json");
  std::string expected;
  for (int i = 0; i < 50; ++i)
    expected += "[1,";
  EXPECT_EQ(entries[0].second, expected + std::string(50, ']'));
}

TEST(Archive, RefusesContentsThatAreNotWhatTheDirectorySays) {
  const std::string start =
      "all.zip: error[archive.entry]: expected plain files in the archive, found 'a.json' with ";
  const std::string whole = python_zip();
  const std::size_t listed = whole.find("PK\x01\x02");
  const auto changed = [&](std::size_t at, char to) {
    std::string bytes = whole;
    bytes[at] = to;
    const std::string trouble = read_all(bytes).second;
    EXPECT_TRUE(trouble.starts_with(start)) << trouble;
    return trouble.substr(std::min(start.size(), trouble.size()));
  };
  const std::string end = "; make the archive again without it";
  EXPECT_EQ(changed(listed + 16, 0), "data that differs from its check sum" + end);
  EXPECT_EQ(changed(listed + 24, 7), "data of another size than it says" + end);
  EXPECT_EQ(changed(listed + 10, 12), "a way of packing other than deflate" + end);
  EXPECT_EQ(changed(listed + 42, 1), "data that is not where it says" + end);
  EXPECT_EQ(changed(listed + 22, 9), "data that the archive does not hold" + end);
  EXPECT_EQ(changed(36, '\x07'), "data that cannot be unpacked" + end);
}

TEST(Archive, ReadsLargeArchivesAndLargeSizes) {
  std::vector<ZipMember> members;
  for (int i = 0; i < 66'000; ++i)
    members.push_back({std::to_string(i), "{}"});
  members.push_back({"last", "[]", 0100644, 0, true});
  const auto [entries, trouble] = read_all(make_zip(members));
  EXPECT_EQ(trouble, "");
  ASSERT_EQ(entries.size(), 66'001U);
  EXPECT_EQ(entries.back(), std::pair("last"s, "[]"s));
}

TEST(Archive, RefusesOddEntriesWithTheirName) {
  const auto message = [](const ZipMember& member) { return read_all(make_zip({member})).second; };
  const std::string start =
      "all.zip: error[archive.entry]: expected plain files in the archive, found ";
  const std::string end = "; make the archive again without it";
  EXPECT_EQ(message({"/etc/passwd", "x"}), start + "'/etc/passwd' with an absolute name" + end);
  EXPECT_EQ(message({"a/../../b", "x"}),
            start + "'a/../../b' with a name that climbs with '..'" + end);
  EXPECT_EQ(message({"..\\b", "x"}), start + "'../b' with a name that climbs with '..'" + end);
  EXPECT_EQ(message({"a\nb", "x"}), start + "'a?b' with a control character in its name" + end);
  EXPECT_EQ(message({"link", "target", 0120777}), start + "'link' with a link" + end);
  EXPECT_EQ(message({"secret", "x", 0100644, 1}), start + "'secret' with encryption" + end);
  EXPECT_EQ(read_all(make_zip({{"a", "1"}, {"a", "2"}})).second,
            start + "'a' with a name that is there twice" + end);
}

TEST(Archive, KeepsItsLimits) {
  const std::string zip = make_zip({{"a", std::string(100, 'x')}, {"b", std::string(100, 'y')}});
  ArchiveLimits limits;
  limits.entries = 1;
  EXPECT_EQ(read_all(zip, limits).second,
            "all.zip: error[archive.limit]: expected at most 1 entries, found more at 'b'");
  limits = {};
  limits.entry_bytes = 99;
  EXPECT_EQ(read_all(zip, limits).second,
            "all.zip: error[archive.limit]: expected at most 99 bytes in one entry, found more at "
            "'a'");
  limits = {};
  limits.total_bytes = 150;
  EXPECT_EQ(read_all(zip, limits).second,
            "all.zip: error[archive.limit]: expected at most 150 bytes in all entries, found more "
            "at 'b'");
  limits = {};
  limits.total_bytes = 200;
  EXPECT_EQ(read_all(zip, limits).second, "");
}

TEST(Archive, SaysWhatIsNoZip) {
  for (const std::string& bytes : {""s, "PK"s, "{\"id\": 1}"s}) {
    const std::string trouble = read_all(bytes).second;
    EXPECT_TRUE(trouble.empty() || trouble.starts_with("all.zip: error[archive.format]"))
        << trouble;
    EXPECT_TRUE(read_all(bytes).first.empty());
  }
  const std::string whole = make_zip({{"a", std::string(1000, 'x')}});
  const auto [entries, trouble] = read_all(whole.substr(0, 500));
  EXPECT_TRUE(entries.empty());
  EXPECT_FALSE(trouble.empty());
}

TEST(Archive, UnpacksGzip) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{200'000}}) {
    const std::string text(size, 'e');
    const auto unpacked = formats::unpack_gzip(make_gzip(text), "epss.csv.gz");
    ASSERT_TRUE(unpacked.has_value()) << to_text(unpacked.error());
    EXPECT_EQ(*unpacked, text);
  }
  EXPECT_FALSE(formats::unpack_gzip("no gzip", "x.gz").has_value());
  const std::string cut = make_gzip(std::string(1000, 'e')).substr(0, 300);
  EXPECT_FALSE(formats::unpack_gzip(cut, "x.gz").has_value());
}

TEST(Archive, StopsAtABomb) {
  const std::string bomb = make_gzip_bomb(200'000);
  ArchiveLimits limits;
  limits.ratio = 100;
  const auto unpacked = formats::unpack_gzip(bomb, "bomb.gz", limits);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_EQ(unpacked.error().code, "archive.limit");
  const auto whole = formats::unpack_gzip(make_gzip_bomb(1000), "small.gz", limits);
  // The stream's own check sum is left out of the hand-made file; only its size matters here.
  EXPECT_TRUE(!whole || whole->size() == 258'001U);
}

}  // namespace
}  // namespace lockstep::test
