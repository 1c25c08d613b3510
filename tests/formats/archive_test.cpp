// SPDX-License-Identifier: Apache-2.0
#include "formats/archive.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
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
