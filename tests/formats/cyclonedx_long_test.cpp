// SPDX-License-Identifier: Apache-2.0
// The reader of long bills says what the ordinary one says, or nothing.
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json_list.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/invalid_files.hpp"
#include "formats/limits.hpp"

namespace lockstep::formats {
namespace {

using test::read_file;
using test::shared_path;
using test::source_path;

/// All that a reader gives, as a text.
std::string said(const Bom& bom, const Diagnostics& problems) {
  std::string places;
  for (const Component& component : bom.components)
    places += fmt::format("{}:{} ", component.where.line, component.where.column);
  return write_cyclonedx(bom) + places + test::text_of(problems);
}

struct Compared {
  bool is_read = false;
  bool is_same = true;
};

Compared compare(const std::string& bytes, const std::string& name) {
  Diagnostics problems;
  const auto bom = read_long_cyclonedx(bytes, {name, problems, Rules::warnings});
  if (!bom) {
    EXPECT_TRUE(problems.entries().empty()) << name;
    return {};
  }
  Diagnostics expected;
  const auto document = parse_document(bytes, {name, expected, Rules::warnings}, "bom.format");
  if (!document || !looks_like_cyclonedx(*document)) return {true, false};
  const Bom ordinary = read_cyclonedx(*document, {name, expected, Rules::warnings});
  return {true, said(*bom, problems) == said(ordinary, expected)};
}

TEST(LongCycloneDx, IsReadAsTheOrdinaryReaderReadsIt) {
  LS_NEEDS_SHARED("vuln/data/sbom");
  int read = 0;
  for (const char* folder : {"vuln/data/sbom", "vuln/suites/cyclonedx"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared_path(folder))) {
      if (entry.path().extension() != ".json") continue;
      const Compared one = compare(read_file(entry.path().string()), entry.path().string());
      read += one.is_read ? 1 : 0;
      EXPECT_TRUE(one.is_same) << entry.path();
    }
  EXPECT_GT(read, 90);
}

TEST(LongCycloneDx, LeavesWhatIsWrongToTheOrdinaryReader) {
  for (const auto& file : test::files_in(source_path("tests/data/formats/cyclonedx/invalid")))
    EXPECT_TRUE(compare(read_file(file.string()), file.string()).is_same) << file;
}

std::string bill_of(const std::string& components) {
  return R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [)" + components + "]}";
}

TEST(LongCycloneDx, DeclinesWhatItCannotAnswerFor) {
  const std::string good = R"({"type": "library", "name": "a"})";
  EXPECT_TRUE(compare(bill_of(good), "good").is_read);
  for (const std::string& components : {
           std::string(),                                                  // no list to speak of
           good + ", 3",                                                   // no component
           good + R"(, {"type": "library"})",                              // no name
           good + ", " + good,                                             // twice the same
           good + R"(, {"type": "library", "name": "b", "name": "c"})",    // a key twice
           good + R"(, {"type": "library", "name": "b"]})",                // another bracket
           good + R"(, {"type": "library", "name": "b" "version": "1"})",  // a comma is missing
           good + R"(, {"type": "library", "name": "b", "components": [)" + good + "]}",
       })
    EXPECT_FALSE(compare(bill_of(components), components).is_read) << components;
}

TEST(LongCycloneDx, AListOfTooManyComponentsIsRefused) {
  std::string components = "{}";
  components.reserve(3 * bom_components + 3);
  for (std::size_t i = 0; i < bom_components; ++i)
    components += ",{}";
  const std::string bytes = bill_of(components);
  EXPECT_FALSE(compare(bytes, "many").is_read);
  Diagnostics problems;
  const auto document = parse_document(bytes, {"many", problems}, "bom.format");
  ASSERT_TRUE(document.has_value());
  const Bom bom = read_cyclonedx(*document, {"many", problems, Rules::warnings});
  EXPECT_TRUE(bom.components.empty());
  const auto is_it = [](const Diagnostic& one) {
    return one.code == "bom.size" && one.severity == Severity::error && one.where.line == 1;
  };
  EXPECT_TRUE(std::ranges::any_of(problems.entries(), is_it)) << test::text_of(problems);
}

TEST(JsonList, ElementsStandWhereTheyStandInTheDocument) {
  const std::string text =
      "{\"before\": 1,\n \"list\": [ {\"a\": 1},\n  {\"b\":\n 2}],\n\"after\": {}}";
  const auto list = JsonList::open(text, "list", bom_limits);
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(to_canonical_json(list->rest()), R"({"after":{},"before":1,"list":[]})");
  ASSERT_EQ(list->size(), 2U);
  const auto second = list->elements(1, 2);
  ASSERT_TRUE(second.has_value());
  const Json& element = second->trees.front();
  EXPECT_EQ(element.line(), 3);
  EXPECT_EQ(element.column(), 3);
  EXPECT_EQ(element["b"].line(), 4);
  EXPECT_EQ(element["b"].column(), 2);
  // The document, two members, the list, two elements and what is in them.
  EXPECT_EQ(list->nodes() + list->elements(0, 2)->nodes, 8U);
}

TEST(JsonList, LeavesDocumentsOfManyMembersAlone) {
  std::string text = R"({"list": [{}])";
  for (int i = 0; i < 63; ++i)
    text += fmt::format(R"(, "key {}": 1)", i);
  EXPECT_TRUE(JsonList::open(text + "}", "list", bom_limits).has_value());
  EXPECT_FALSE(JsonList::open(text + R"(, "one more": 1})", "list", bom_limits).has_value());
}

TEST(JsonList, HoldsTheLimitsOfTheDocument) {
  const std::string deep = R"({"list": [{"a": [[1]]}]})";
  const auto opened = [&](const TreeLimits& limits) {
    const auto list = JsonList::open(deep, "list", limits);
    return list && list->elements(0, 1).has_value();
  };
  EXPECT_TRUE(opened({.bytes = 100, .depth = 5, .nodes = 100}));
  EXPECT_FALSE(opened({.bytes = 100, .depth = 4, .nodes = 100}));
  EXPECT_FALSE(opened({.bytes = 10, .depth = 5, .nodes = 100}));
  EXPECT_FALSE(opened({.bytes = 100, .depth = 5, .nodes = 3}));
}

}  // namespace
}  // namespace lockstep::formats
