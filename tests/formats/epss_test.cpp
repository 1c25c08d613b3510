// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <string>

#include "formats/epss/read.hpp"
#include "formats/invalid_files.hpp"
#include "support/zip.hpp"

namespace lockstep::test {
namespace {

constexpr const char* table_text =
    "#model_version:v2025.03.14,score_date:2026-03-28T12:55:00Z\n"
    "cve,epss,percentile\n"
    "CVE-1999-0001,0.01025,0.77197\n"
    "CVE-2021-44228,0.94358,0.99962\r\n"
    "CVE-2021-44229,1.5,0.5\n"
    "nonsense\n"
    "\n"
    "CVE-2021-44230,0,1\n";

TEST(Epss, ReadsTheTableAndReportsBadRows) {
  Diagnostics problems;
  const auto table = formats::epss::read(table_text, "epss.csv", problems);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->model_version, "v2025.03.14");
  EXPECT_EQ(table->score_date, "2026-03-28");
  ASSERT_EQ(table->rows.size(), 3U);
  EXPECT_EQ(table->rows[1].cve, "CVE-2021-44228");
  EXPECT_DOUBLE_EQ(table->rows[1].probability, 0.94358);
  EXPECT_DOUBLE_EQ(table->rows[1].percentile, 0.99962);
  const std::string wanted =
      "expected a row such as 'CVE-2021-44228,0.94358,0.99962' and at most 5000000 of them, found ";
  EXPECT_EQ(text_of(problems), "epss.csv:5:1: error[epss.row]: " + wanted +
                                   "'CVE-2021-44229,1.5,0.5'\n"
                                   "epss.csv:6:1: error[epss.row]: " +
                                   wanted + "'nonsense'\n");
}

TEST(Epss, ReadsAGzipStreamToTheSameTable) {
  Diagnostics problems;
  const auto table = formats::epss::read(make_gzip(table_text), "epss.csv.gz", problems);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->rows.size(), 3U);
  EXPECT_EQ(table->score_date, "2026-03-28");
}

TEST(Epss, ReadsOlderDatesAndMissingOnes) {
  Diagnostics problems;
  const auto older = formats::epss::read(
      "#model_version:v2023.03.01,score_date:2024-01-02T00:00:00+0000\ncve,epss,percentile\n",
      "epss.csv", problems);
  ASSERT_TRUE(older.has_value());
  EXPECT_EQ(older->score_date, "2024-01-02");
  EXPECT_EQ(text_of(problems), "");
  ASSERT_TRUE(formats::epss::read("cve,epss,percentile\n", "epss.csv", problems).has_value());
  EXPECT_EQ(text_of(problems),
            "epss.csv:1:1: warning[epss.date]: expected a first line with score_date, found none; "
            "the age of the scores is not known\n");
}

TEST(Epss, RefusesAnotherHeader) {
  Diagnostics problems;
  const auto table = formats::epss::read("a,b,c\n", "epss.csv", problems);
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(to_text(table.error()),
            "epss.csv:1:1: error[epss.header]: expected the header 'cve,epss,percentile', found "
            "'a,b,c'");
}

}  // namespace
}  // namespace lockstep::test
