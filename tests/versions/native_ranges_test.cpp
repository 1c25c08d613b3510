// SPDX-License-Identifier: Apache-2.0
// The package managers' own vectors of "is this version in this range", answered by the VERS that
// is made of the range.
#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "support/paths.hpp"
#include "versions/vers.hpp"

namespace lockstep::versions {

namespace {

std::vector<Json> read_lines(const std::string& relative) {
  std::vector<Json> documents;
  const std::string path = "vuln/suites/version-native/" + relative + ".jsonl";
  const std::string text = test::read_file(test::shared_path(path));
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    Diagnostics problems;
    auto parsed = parse_json(line, "line", problems);
    EXPECT_TRUE(parsed) << line;
    if (parsed) documents.push_back(*std::move(parsed));
  }
  EXPECT_FALSE(documents.empty()) << relative;
  return documents;
}

/// "yes", "no", or the code of the error.
std::string answer(const std::string& type, const std::string& range, const std::string& version) {
  const auto vers = vers_from_native(type, range);
  if (!vers) return vers.error().code;
  const auto found = contains(*vers, version);
  return !found ? found.error().code : *found ? "yes" : "no";
}

}  // namespace

TEST(NativeRanges, NugetRangesHold) {
  LS_NEEDS_SHARED("vuln/suites/version-native/nuget");
  for (const Json& row : read_lines("nuget/VersionRangeTests-ParseVersionRangeSatisfies")) {
    EXPECT_EQ(answer("nuget", *row["spec"].as_string(), *row["version"].as_string()), "yes")
        << to_canonical_json(row);
  }
  for (const Json& row : read_lines("nuget/VersionRangeTests-ParseVersionRangeDoesNotSatisfy")) {
    EXPECT_EQ(answer("nuget", *row["spec"].as_string(), *row["version"].as_string()), "no")
        << to_canonical_json(row);
  }
}

}  // namespace lockstep::versions
