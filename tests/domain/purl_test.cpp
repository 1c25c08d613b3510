// SPDX-License-Identifier: Apache-2.0
#include "domain/purl.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "support/paths.hpp"

namespace lockstep {

namespace {

Json read_json(const std::string& path) {
  Diagnostics problems;
  auto parsed = parse_json(test::read_file(path), path, problems);
  EXPECT_TRUE(parsed) << path;
  return parsed ? *std::move(parsed) : Json();
}

/// Components as the suite writes them: null for what is not there.
Purl components_of(const Json& json) {
  Purl purl;
  purl.type = json["type"].string_or("");
  purl.name_space = json["namespace"].string_or("");
  purl.name = json["name"].string_or("");
  purl.version = json["version"].string_or("");
  purl.subpath = json["subpath"].string_or("");
  for (const auto& [key, value] : json["qualifiers"].members()) {
    purl.qualifiers.emplace_back(key, value.string_or(""));
  }
  std::sort(purl.qualifiers.begin(), purl.qualifiers.end());
  return purl;
}

void expect_case_holds(const Json& each, const std::string& file) {
  const std::string type = each["test_type"].string_or("");
  const Json& input = each["input"];
  const auto got =
      type == "build" ? make_purl(components_of(input)) : parse_purl(input.string_or(""));
  const std::string label =
      file + ": " + each["description"].string_or("") + ": " + to_canonical_json(input);
  if (each["expected_failure"].as_bool().value_or(false)) {
    EXPECT_FALSE(got) << label;
    return;
  }
  ASSERT_TRUE(got) << label << ": " << got.error().message;
  const Json& expected = each["expected_output"];
  if (type == "parse") {
    EXPECT_EQ(*got, components_of(expected)) << label << " gives " << to_text(*got);
  } else {
    EXPECT_EQ(to_text(*got), expected.string_or("")) << label;
  }
}

}  // namespace

TEST(PurlSuite, Holds) {
  LS_NEEDS_SHARED("vuln/suites/purl");
  std::size_t count = 0;
  for (const char* folder : {"types", "spec"}) {
    const std::string path = test::shared_path(std::string("vuln/suites/purl/") + folder);
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      const Json suite = read_json(entry.path().string());
      for (const Json& each : suite["tests"].items()) {
        expect_case_holds(each, entry.path().filename().string());
        ++count;
      }
    }
  }
  EXPECT_GE(count, 300U);
}

TEST(PurlSuite, ExamplesOfTheTypesAreCanonical) {
  LS_NEEDS_SHARED("vuln/suites/purl/reference/types");
  const std::string path = test::shared_path("vuln/suites/purl/reference/types");
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const Json definition = read_json(entry.path().string());
    for (const Json& example : definition["examples"].items()) {
      const auto purl = parse_purl(*example.as_string());
      ASSERT_TRUE(purl) << *example.as_string() << ": " << purl.error().message;
      EXPECT_EQ(to_text(*parse_purl(to_text(*purl))), to_text(*purl)) << *example.as_string();
    }
  }
}

}  // namespace lockstep
