// SPDX-License-Identifier: Apache-2.0
#include "advisories/version_list.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace lockstep::test {
namespace {

using advisories::BlobReader;
using advisories::BlobWriter;
using advisories::Listed;

Listed listed(const std::vector<std::string>& versions, const std::string& version) {
  advisories::VersionListWriter writer;
  BlobWriter blob;
  writer.put(std::vector<std::string>{"from", "the", "list before"}, blob);
  blob.clear();
  writer.put(versions, blob);
  blob.count(7);
  BlobReader reader(blob.bytes());
  const Listed found = advisories::take_listed(reader, version);
  EXPECT_EQ(reader.count(), 7U) << "the reader stands behind the list";
  EXPECT_TRUE(reader.good());
  return found;
}

/// Few letters, so that many are in the list; long and short ones, so that many hashes are alike.
RC_GTEST_PROP(VersionList, FindsWhatASearchFinds, ()) {
  const auto version = rc::gen::container<std::string>(rc::gen::elementOf(std::string("01.")));
  const auto versions = *rc::gen::container<std::vector<std::string>>(version);
  const auto wanted = *version;
  const bool is_there = std::ranges::find(versions, wanted) != versions.end();
  const Listed expected = versions.empty() ? Listed::no_list
                          : is_there       ? Listed::ours
                                           : Listed::others;
  RC_ASSERT(listed(versions, wanted) == expected);
}

TEST(VersionList, FindsEachOfThousands) {
  std::vector<std::string> versions;
  for (int i = 0; i < 5'000; ++i)
    versions.push_back("1." + std::to_string(i) + ".0");
  advisories::VersionListWriter writer;
  BlobWriter blob;
  writer.put(versions, blob);
  const auto listed = [&blob](int number) {
    BlobReader reader(blob.bytes());
    return advisories::take_listed(reader, "1." + std::to_string(number) + ".0");
  };
  for (int i = 0; i < 5'000; ++i)
    ASSERT_EQ(listed(i), Listed::ours) << i;
  // Sixteen bits of hash leave a few alike among thousands: the texts decide.
  for (int i = 5'000; i < 10'000; ++i)
    ASSERT_EQ(listed(i), Listed::others) << i;
}

TEST(VersionList, ADamagedListIsNotReadPastItsEnd) {
  advisories::VersionListWriter writer;
  BlobWriter blob;
  writer.put(std::vector<std::string>{"1.0", "2.0", "3.0"}, blob);
  for (std::size_t size = 0; size < blob.bytes().size(); ++size) {
    BlobReader reader(blob.bytes().substr(0, size));
    advisories::take_listed(reader, "2.0");
    EXPECT_FALSE(reader.good()) << size;
  }
}

}  // namespace
}  // namespace lockstep::test
