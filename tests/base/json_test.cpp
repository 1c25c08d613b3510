// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace lockstep {
namespace {

std::string canonical(const std::string& text) {
  Diagnostics problems;
  const auto value = parse_json(text, "t.json", problems);
  if (!value) return to_text(value.error());
  return to_canonical_json(*value);
}

// Source: RFC 8785, 3.2.2 and 3.2.3.
TEST(Json, CanonicalTextIsThatOfTheRfc) {
  EXPECT_EQ(
      canonical(R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})"),
      "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
      "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(Json, SortsKeysByUtf16CodeUnits) {
  EXPECT_EQ(
      canonical(R"({"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7})"),
      "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\U0001f600\":5,\"\ufb33\":3}");
}

TEST(Json, EveryValueKnowsItsPlace) {
  Diagnostics problems;
  const auto value =
      parse_json("{\n  \"a\": [1,\n    {\"b\": \"x\"}],\n \"c\": null}", "t", problems);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ((*value)["a"].line(), 2);
  EXPECT_EQ((*value)["a"].column(), 8);
  EXPECT_EQ((*value)["a"].items()[1]["b"].line(), 3);
  EXPECT_EQ((*value)["a"].items()[1]["b"].column(), 11);
  EXPECT_EQ((*value)["c"].line(), 4);
}

TEST(Json, ReportsEveryDuplicateKey) {
  Diagnostics problems;
  ASSERT_TRUE(parse_json("{\"a\":1,\n\"a\":2,\"b\":{\"c\":1,\"c\":1}}", "t", problems).has_value());
  ASSERT_EQ(problems.error_count(), 2U);
  EXPECT_EQ(to_text(problems.entries()[0]),
            "t:2:5: error[json.duplicate_key]: expected each key once, found 'a' again");
}

TEST(Json, BrokenTextsAreRefusedWithAPlace) {
  for (const char* text :
       {"", " ", "{", "[1,]", "{\"a\" 1}", "[1 2]", "nul", "\"\\ud800\"", "01", "[1]]",
        "{\"a\":1}x", "{a:1}", "\xff", "[\"\x01\"]", "1e999", "--1", "[,1]", "tru e"})
    EXPECT_EQ(canonical(text).find("error[json."), canonical(text).find("error")) << text;
  for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "[1]]", "\xff", "1e999", "nul"})
    EXPECT_NE(canonical(text).find("error[json."), std::string::npos) << text << canonical(text);
  EXPECT_TRUE(canonical("[1,\n2,}").starts_with("t.json:2:")) << canonical("[1,\n2,}");
}

TEST(Json, ScalarsAreDocumentsToo) {
  EXPECT_EQ(canonical("\"x\""), "\"x\"");
  EXPECT_EQ(canonical("-3"), "-3");
  EXPECT_EQ(canonical("2.50"), "2.5");
  EXPECT_EQ(canonical("true"), "true");
  EXPECT_EQ(canonical("null"), "null");
}

TEST(Json, LimitsHold) {
  Diagnostics problems;
  TreeLimits limits;
  limits.depth = 3;
  limits.nodes = 10;
  limits.bytes = 50;
  EXPECT_EQ(parse_json("[[[1]]]", "t", problems, limits).has_value(), true);
  EXPECT_EQ(parse_json("[[[[1]]]]", "t", problems, limits).error().code, "json.depth");
  EXPECT_EQ(parse_json("[1,2,3,4,5,6,7,8,9,0]", "t", problems, limits).error().code, "json.size");
  EXPECT_EQ(parse_json(std::string(51, ' '), "t", problems, limits).error().code, "json.size");
  EXPECT_FALSE(parse_json(std::string(100000, '['), "t", problems).has_value());
}

TEST(Yaml, ScalarsKeepTheirText) {
  Diagnostics problems;
  const auto value = parse_yaml("a: 1.10\nb: yes\nc: \"no\"\nd: [1, x]\ne: ~\n", "t", problems);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ((*value)["a"].string_or(""), "1.10");
  EXPECT_EQ((*value)["a"].as_number(), 1.1);
  EXPECT_EQ((*value)["b"].as_bool(), true);
  EXPECT_EQ((*value)["c"].as_bool(), std::nullopt);
  EXPECT_EQ((*value)["d"].items()[0].as_int(), 1);
  EXPECT_TRUE((*value)["e"].is_null());
  EXPECT_EQ((*value)["d"].line(), 4);
  EXPECT_EQ((*value)["d"].column(), 4);
}

TEST(Yaml, RefusesWhatItMust) {
  Diagnostics problems;
  EXPECT_EQ(parse_yaml("a: &x [1]\nb: *x\n", "t", problems).error().code, "yaml.alias");
  EXPECT_EQ(parse_yaml("a: [1\nb: 2\n", "t", problems).error().code, "yaml.syntax");
  EXPECT_EQ(parse_yaml("a: 1\n---\nb: 2\n", "t", problems).error().code, "yaml.syntax");
  EXPECT_TRUE(parse_yaml("a: 1\na: 2\n", "t", problems).has_value());
  EXPECT_EQ(to_text(problems.entries().back()),
            "t:2:1: error[yaml.duplicate_key]: expected each key once, found 'a' again");
  EXPECT_FALSE(parse_yaml(std::string(100000, '['), "t", problems).has_value());
}

RC_GTEST_PROP(JsonProperties,
              ReadingWhatWasWrittenGivesTheSame,
              (const std::string& text, double number)) {
  RC_PRE(number == number && number - number == 0);
  const Json value = Json::object_of({{"n", number}, {"t", "x"}});
  RC_ASSERT(canonical(to_canonical_json(value)) == to_canonical_json(value));
  (void)text;
}

}  // namespace

TEST(Json, WritesNoBytesThatATerminalObeysOrAReaderRefuses) {
  EXPECT_EQ(to_pretty_json(Json("\x7f\xC2\x9B\xFF")), "\"\\u007f\\u009b\xEF\xBF\xBD\"\n");
  // RFC 8785 escapes only what RFC 8259 demands.
  EXPECT_EQ(to_canonical_json(Json("\x7f\xC2\x9B")), "\"\x7f\xC2\x9B\"");
}

}  // namespace lockstep
