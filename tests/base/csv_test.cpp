// SPDX-License-Identifier: Apache-2.0
// Tables taken apart, with the examples of RFC 4180 and what people write instead.
#include "base/csv.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep {
namespace {

std::vector<std::vector<std::string>> lines_of(std::string_view text, char separator = ',') {
  CsvReader reader(text, separator, "t.csv", "some.code");
  std::vector<std::vector<std::string>> lines;
  for (;;) {
    auto line = reader.next();
    if (!line) return {{line.error().message}};
    if (!*line) return lines;
    lines.push_back((*line)->fields);
  }
}

using Lines = std::vector<std::vector<std::string>>;

TEST(Csv, IsTakenApartAsTheStandardSays) {
  EXPECT_EQ(lines_of("a,b\nc,d\n"), (Lines{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(lines_of("a,b\r\nc,d"), (Lines{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(lines_of("aaa,\"b \r\nbb\",ccc\n"), (Lines{{"aaa", "b \r\nbb", "ccc"}}));
  EXPECT_EQ(lines_of("\"aaa\",\"b\"\"bb\",\"ccc\""), (Lines{{"aaa", "b\"bb", "ccc"}}));
  EXPECT_EQ(lines_of("a,,\n,\n"), (Lines{{"a", "", ""}, {"", ""}}));
  EXPECT_EQ(lines_of("\xEF\xBB\xBF"
                     "a, b\n\n \nc ,\"d\" \n"),
            (Lines{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(lines_of("a\t\"b\tc\"\t\t\"\"\n", '\t'), (Lines{{"a", "b\tc", "", ""}}));
  EXPECT_EQ(lines_of("\"a"), (Lines{{"expected a quote at the end of the field"}}));
  EXPECT_EQ(lines_of("\"a\"b\n"),
            (Lines{{"expected a separator or the end of the line after a quoted field"}}));
  EXPECT_EQ(lines_of(""), Lines{});
}

TEST(Csv, NamesTheLineAndTheCode) {
  CsvReader reader("a,b\n\"1\n2\",c\n\nd,\"e", ',', "t.csv", "some.code");
  EXPECT_EQ(reader.next()->value().number, 1);
  EXPECT_EQ(reader.next()->value().number, 2);
  const auto cut = reader.next();
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, "some.code");
  EXPECT_EQ(cut.error().where.line, 5);
}

TEST(Csv, ALineHasALimit) {
  const std::string many(csv_fields_max, ',');
  EXPECT_FALSE(CsvReader(many, ',', "t.csv", "some.code").next());
  EXPECT_TRUE(CsvReader(many.substr(1), ',', "t.csv", "some.code").next());
}

}  // namespace
}  // namespace lockstep
