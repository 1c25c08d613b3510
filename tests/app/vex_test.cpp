// SPDX-License-Identifier: Apache-2.0
// Statements that are appended to a document of a person.
#include "app/vex.hpp"

#include <gtest/gtest.h>

#include "support/paths.hpp"

namespace lockstep::test {
namespace {

app::AcceptRequest request(const std::string& path, const std::string& vulnerability) {
  app::AcceptRequest asked;
  asked.vulnerability = vulnerability;
  asked.component = "pkg:npm/hook";
  asked.reason = "the port is closed";
  asked.by = "C. Maker";
  asked.until = *parse_day("2028-01-31");
  asked.path = path;
  asked.now = *parse_instant("2028-01-01T00:00:00Z");
  return asked;
}

std::string code_of(const Result<VexStatement>& accepted) {
  return accepted ? "" : accepted.error().code;
}

TEST(Accept, NeedsAVulnerability) {
  RealFiles files;
  const std::string path = fresh_folder("accept") + "/v.json";
  for (const char* id : {"", " "})
    EXPECT_EQ(code_of(app::accept_risk(request(path, id), files)), "usage.accept");
  EXPECT_FALSE(files.exists(path));
}

/// Two processes that append at once would lose what one of them says.
TEST(Accept, WaitsForNobodyAndLosesNothing) {
  RealFiles files;
  const std::string folder = fresh_folder("accept_at_once");
  const std::string path = folder + "/v.json";
  ASSERT_EQ(code_of(app::accept_risk(request(path, "CVE-2026-1000"), files)), "");
  const std::string before = read_file(path);
  {
    const auto other = files.lock(folder);
    ASSERT_TRUE(other.has_value());
    EXPECT_EQ(code_of(app::accept_risk(request(path, "CVE-2026-1001"), files)), "file.locked");
    EXPECT_EQ(read_file(path), before);
  }
  EXPECT_EQ(code_of(app::accept_risk(request(path, "CVE-2026-1001"), files)), "");
  EXPECT_EQ(*files.list(folder, ""), std::vector<std::string>{path});
}

}  // namespace
}  // namespace lockstep::test
