// SPDX-License-Identifier: Apache-2.0
#include "formats/schema.hpp"

#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>

#include "formats/invalid_files.hpp"
#include "formats/registry.hpp"
#include "formats/schema_texts.hpp"

namespace lockstep::formats {
namespace {

/// What the checker knows, and what says nothing about a document.
const std::set<std::string>& known_keywords() {
  static const std::set<std::string> words = {"$ref",          "type",       "enum",
                                              "const",         "minLength",  "maxLength",
                                              "pattern",       "format",     "minimum",
                                              "maximum",       "items",      "additionalItems",
                                              "minItems",      "maxItems",   "uniqueItems",
                                              "required",      "properties", "additionalProperties",
                                              "allOf",         "anyOf",      "oneOf",
                                              "not",           "if",         "then",
                                              "else",          "$schema",    "$id",
                                              "definitions",   "$defs",      "minProperties",
                                              "maxProperties", "multipleOf"};
  return words;
}

void expect_known(const Json& schema, const std::string& name) {
  for (const Json& element : schema.items())
    expect_known(element, name);
  for (const auto& [key, value] : schema.members()) {
    EXPECT_TRUE(known_keywords().contains(key)) << name << ": " << key;
    if (key == "enum" || key == "const" || key == "required") continue;
    if (key != "properties" && key != "definitions" && key != "$defs") {
      expect_known(value, name);
      continue;
    }
    for (const auto& member : value.members())
      expect_known(member.second, name);
  }
}

TEST(Schemas, HoldNoRuleThatTheCheckerDoesNotKnow) {
  int schemas = 0;
  for (const char* folder : {"csaf", "cyclonedx", "openvex", "sarif", "spdx"}) {
    const std::string path = test::source_path(std::string("data/schemas/") + folder);
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() != ".json") continue;
      const std::string file = entry.path().filename().string();
      const std::string name = std::string(folder) + "/" + file.substr(0, file.find(".schema"));
      Diagnostics problems;
      const auto schema = parse_json(shipped_schema(name), name, problems);
      ASSERT_TRUE(schema.has_value()) << name;
      expect_known(*schema, name);
      ++schemas;
    }
  }
  EXPECT_EQ(schemas, 28);
}

TEST(Schemas, AMissingOneIsEmpty) {
  EXPECT_EQ(shipped_schema("cyclonedx/bom-9.9"), "");
}

// ECMA-262: ^ and $ are the ends of the whole text, a dot is any character but the end of a line.
TEST(SchemaTexts, PatternsDoNotMatchLineByLine) {
  const Pattern number("^[0-9]+$");
  EXPECT_TRUE(number.matches("12"));
  for (const char* text : {"12\n", "12\nx", "x\n12", "x\r12", "\n12"})
    EXPECT_FALSE(number.matches(text)) << text;
  const Pattern without_blanks_around("^[\\S](.*[\\S])?$");
  EXPECT_TRUE(without_blanks_around.matches("a b"));
  EXPECT_FALSE(without_blanks_around.matches("a\nb"));
  EXPECT_TRUE(Pattern("b$").matches("a\nb"));
}

TEST(SchemaTexts, FormatsHoldInBothDirections) {
  EXPECT_TRUE(has_format("2026-09-11T10:00:00Z", "date-time"));
  EXPECT_TRUE(has_format("2026-09-11T10:00:00.123+02:00", "date-time"));
  EXPECT_FALSE(has_format("2026-09-11", "date-time"));
  EXPECT_FALSE(has_format("2026-02-30T10:00:00Z", "date-time"));
  EXPECT_TRUE(has_format("2028-02-29", "date"));
  EXPECT_FALSE(has_format("2027-02-29", "date"));
  EXPECT_TRUE(has_format("https://example.org/a", "uri"));
  EXPECT_FALSE(has_format("ES256", "uri"));
  EXPECT_FALSE(has_format("1a:b", "uri"));
  EXPECT_TRUE(has_format("../a", "iri-reference"));
  EXPECT_FALSE(has_format("a b", "iri-reference"));
  EXPECT_TRUE(has_format("a@example.org", "idn-email"));
  EXPECT_FALSE(has_format("a@", "idn-email"));
  EXPECT_TRUE(has_format("anything", "unheard-of"));
  EXPECT_EQ(code_points("a\u00e6\U0001f600"), 3U);
}

std::string bill_of(const std::string& rest) {
  return R"({"bomFormat":"CycloneDX","specVersion":"1.6",)" + rest + "}";
}

TEST(BomLimits, ALongChainOfDependenciesIsWalkedWithoutRecursion) {
  constexpr int count = 50'000;
  std::string components;
  std::string edges;
  for (int i = 0; i < count; ++i) {
    const std::string id = std::to_string(i);
    components += (i > 0 ? "," : "") + (R"({"type":"library","name":"n","bom-ref":")" + id + "\"}");
    edges += (i > 0 ? "," : "") + (R"({"ref":")" + id + R"(","dependsOn":[")" +
                                   std::to_string((i + 1) % count) + "\"]}");
  }
  Diagnostics problems;
  const auto bom =
      read_bom(bill_of("\"components\":[" + components + "],\"dependencies\":[" + edges + "]"), "f",
               problems);
  ASSERT_TRUE(bom.has_value());
  EXPECT_EQ(bom->dependencies.size(), static_cast<std::size_t>(count));
  ASSERT_EQ(problems.entries().size(), 1U) << test::text_of(problems);
  EXPECT_EQ(problems.entries()[0].message,
            "expected dependencies without a circle, found 0 -> 1 -> 2 -> 3 -> 4 -> 5 -> ... -> 0");
}

TEST(BomLimits, DeepNestingIsRefused) {
  std::string open;
  std::string close;
  for (int i = 0; i < 200; ++i) {
    open += R"({"type":"library","name":"n","components":[)";
    close += "]}";
  }
  Diagnostics problems;
  const auto bom = read_bom(bill_of("\"components\":[" + open + close + "]"), "f", problems);
  ASSERT_FALSE(bom.has_value());
  EXPECT_EQ(bom.error().code, "json.depth");
}

TEST(BomLimits, ManyProblemsAreCountedAndTheFirstAreKept) {
  std::string components;
  for (int i = 0; i < 5000; ++i)
    components +=
        (i > 0 ? "," : "") + (R"({"type":"nothing","name":")" + std::to_string(i) + "\"}");
  Diagnostics problems;
  const auto bom = read_bom(bill_of("\"components\":[" + components + "]"), "f", problems);
  ASSERT_TRUE(bom.has_value());
  EXPECT_EQ(bom->components.size(), 5000U);
  EXPECT_EQ(problems.entries().size(), Diagnostics::max_entries);
}

}  // namespace
}  // namespace lockstep::formats
