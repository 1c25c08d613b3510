// SPDX-License-Identifier: Apache-2.0
#include "app/data_diff.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "app/import_data.hpp"
#include "documents/schema_check.hpp"
#include "support/paths.hpp"
#include "watch_support.hpp"

namespace lockstep::test {
namespace {

using testing::IsEmpty;

class DataDiff : public testing::Test {
 protected:
  void SetUp() override { folder_ = fresh_folder("data_diff"); }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const World& world) {
    advisories::IndexBuilder builder;
    for (const auto& [id, record] : world.records)
      builder.add(record);
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << builder.finish();
    return path;
  }

  std::string folder_;
};

/// What a record says of itself, for the slow way.
std::string face(const Advisory& record) {
  advisories::IndexBuilder builder;
  builder.add(record);
  return builder.finish();
}

/// "added" and so on by id.
std::map<std::string, std::string> expected(const World& before, const World& after) {
  std::map<std::string, std::string> changes;
  for (const auto& [id, record] : before.records)
    if (!after.records.contains(id)) changes[id] = "removed";
  for (const auto& [id, record] : after.records) {
    const auto old = before.records.find(id);
    if (old == before.records.end()) {
      changes[id] = "added";
    } else if (face(old->second) != face(record)) {
      changes[id] = record.withdrawn && !old->second.withdrawn ? "withdrawn" : "changed";
    }
  }
  return changes;
}

TEST_F(DataDiff, IsWhatEachRecordSaysAlone) {
  Random random({3, stream_of("data-diff"), 0, 0});
  World before;
  RealFiles files;
  for (int round = 0; round < 30; ++round) {
    World after = before;
    for (std::uint32_t i = 0; i < random.below(4); ++i)
      change(after, random);
    const auto diff =
        app::data_diff(write("before.index", before), write("after.index", after), files);
    ASSERT_TRUE(diff.has_value()) << to_text(diff.error());
    const Json json = app::data_diff_json(*diff, 0);
    EXPECT_THAT(SchemaCheck::problems(json, "data-diff.schema.json"), IsEmpty());
    std::map<std::string, std::string> found;
    std::map<std::string, std::int64_t> npm;
    std::string last;
    for (const Json& record : json["records"].items()) {
      const std::string id = record["id"].string_or("");
      EXPECT_LT(last, id);
      last = id;
      found[id] = record["change"].string_or("");
      for (const Json& ecosystem : record["ecosystems"].items())
        npm[found[id]] += ecosystem == Json("npm") ? 1 : 0;
    }
    EXPECT_EQ(found, expected(before, after)) << round;
    std::int64_t all = 0;
    for (const char* word : {"added", "changed", "withdrawn", "removed"})
      all += json["counts"][word].as_int().value_or(-1);
    EXPECT_EQ(all, std::ssize(found));
    for (const Json& row : json["ecosystems"].items()) {
      if (!(row["ecosystem"] == Json("npm"))) continue;
      for (const char* word : {"added", "changed", "withdrawn", "removed"})
        EXPECT_EQ(row[word].as_int(), npm[word]) << word;
    }
    before = after;
  }
}

TEST_F(DataDiff, RefusesWhatHoldsNoWholeIndex) {
  RealFiles files;
  World world;
  Random random({4, stream_of("data-diff"), 0, 0});
  change(world, random);
  const std::string whole = write("whole.index", world);
  EXPECT_EQ(app::data_diff(folder_, whole, files).error().code, "data.missing");
  EXPECT_EQ(app::data_diff(whole, folder_ + "/none", files).error().code, "file.missing");
  std::string bytes = read_file(whole);
  bytes[bytes.size() / 2] ^= 1;
  std::ofstream(folder_ + "/bad.index", std::ios::binary) << bytes;
  EXPECT_EQ(app::data_diff(folder_ + "/bad.index", whole, files).error().code, "data.index");
  std::filesystem::copy(whole, app::index_path(folder_));
  EXPECT_TRUE(app::data_diff(folder_, whole, files)->records.empty());
}

}  // namespace
}  // namespace lockstep::test
