// SPDX-License-Identifier: Apache-2.0
#include "formats/decisions/decisions.hpp"

#include <gtest/gtest.h>

#include "formats/invalid_files.hpp"

namespace lockstep::formats {
namespace {

std::string shown(const std::vector<Decision>& decisions) {
  std::string text;
  for (const Decision& one : decisions) {
    VexStatement statement;
    statement.status = one.status;
    text += one.vulnerability + "|" + one.component + "|" + std::string(status_word(statement));
    if (const auto* clear = std::get_if<VexStatement::NotAffected>(&one.status))
      text += "|" + clear->justification + "|" + clear->impact_statement;
    if (const auto* affected = std::get_if<VexStatement::Affected>(&one.status))
      text += "|" + affected->action_statement;
    text += "|" + one.notes + "|" + one.by + "|" + one.accepted_by + "|" +
            (one.accepted_until ? to_text(*one.accepted_until) : "") + "\n";
  }
  return text;
}

TEST(DecisionFiles, ThatAreWrongSayEverythingAtOnce) {
  test::expect_messages("tests/data/formats/decisions/invalid", [](const std::string& bytes,
                                                                   const std::string& name) {
    Diagnostics problems;
    const auto decisions = read_decisions(bytes, name, problems);
    return test::text_of(problems) + (decisions ? "" : to_text(decisions.error()) + "\n");
  });
}

TEST(DecisionFiles, GiveWhatAPersonWroteAndWriteItBack) {
  Diagnostics problems;
  const auto decisions = read_decisions(
      test::read_file(test::source_path("tests/data/formats/decisions/valid/all.yaml")), "all.yaml",
      problems);
  ASSERT_TRUE(decisions.has_value());
  EXPECT_EQ(test::text_of(problems), "");
  EXPECT_EQ(shown(*decisions),
            "CVE-2026-1000|pkg:npm/hook@2.0.0|not_affected|vulnerable_code_not_present|not built||"
            "A. Maker||\n"
            "CVE-2026-1001||affected|update to 2.1||A. Maker||\n"
            "CVE-2026-1002|pkg:npm/rope|fixed|seen in the log|B. Maker||\n"
            "CVE-2026-1003||under_investigation||A. Maker||\n"
            "CVE-2026-1004||affected|the port is closed||A. Maker|C. Maker|2027-01-31\n");
  const auto again = read_decisions(write_decisions(*decisions), "again.yaml", problems);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(test::text_of(problems), "");
  EXPECT_EQ(shown(*again), shown(*decisions));
}

}  // namespace
}  // namespace lockstep::formats
