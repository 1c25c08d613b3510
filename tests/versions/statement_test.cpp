// SPDX-License-Identifier: Apache-2.0
#include "versions/statement.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "versions/limits.hpp"

namespace lockstep::versions {

TEST(Statements, AreCountedAndTheWrongOnesNamed) {
  const auto report = check_statements(debian,
                                       "# a comment\n"
                                       "1.0~rc1 < 1.0\r\n"
                                       "\n"
                                       "  1.0 = 0:1.0-0  \n"
                                       "1.0 < 0.9\n"
                                       "2 = 3\n"
                                       "1\t>\t2",
                                       "table.txt");
  ASSERT_TRUE(report) << to_text(report.error());
  EXPECT_EQ(report->right, 2U);
  EXPECT_EQ(report->wrong, 3U);
  EXPECT_EQ(report->lines, (std::vector<std::string>{"line 5: 1.0 < 0.9, but lockstep says >",
                                                     "line 6: 2 = 3, but lockstep says <",
                                                     "line 7: 1 > 2, but lockstep says <"}));
  EXPECT_EQ(summary(*report), "2 right, 3 wrong");
}

TEST(Statements, MayBeNone) {
  const auto report = check_statements(npm, "", "empty.txt");
  ASSERT_TRUE(report);
  EXPECT_EQ(summary(*report), "0 right, 0 wrong");
}

TEST(Statements, OtherLinesAreRefusedWithTheirPlace) {
  for (const char* line : {"1.0", "1.0 <", "< 1.0", "1.0<2.0", "1.0 << 2.0", "1.0 <= 2.0"}) {
    const auto report = check_statements(npm, "1 < 2\n" + std::string(line) + "\n", "table.txt");
    ASSERT_FALSE(report) << line;
    EXPECT_EQ(to_text(report.error()),
              "table.txt:2: error[version.statement]: expected 'A < B', 'A = B' or 'A > B', found "
              "'" +
                  std::string(line) + "'");
  }
}

TEST(Statements, HaveLimits) {
  const auto report =
      check_statements(npm, std::string(max_statement_bytes + 1, '1') + "\n", "table.txt");
  ASSERT_FALSE(report);
  EXPECT_EQ(to_text(report.error()),
            "table.txt:1: error[version.size]: expected a line of at most 8208 bytes, found 8209");
}

}  // namespace lockstep::versions
