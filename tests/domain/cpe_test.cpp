// SPDX-License-Identifier: Apache-2.0
#include "domain/cpe.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "support/paths.hpp"

namespace lockstep {

namespace {

const std::string suite = "vuln/suites/cpe-matching/";

std::vector<std::string> lines_of(const std::string& relative) {
  std::vector<std::string> lines;
  const std::string text = test::read_file(test::shared_path(relative));
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

CpeValue version(const std::string& text) {
  const auto cpe = parse_cpe("cpe:2.3:a:v:p:" + text + ":*:*:*:*:*:*:*");
  EXPECT_TRUE(cpe) << text;
  return cpe ? (*cpe)[CpeAttribute::version] : CpeValue{};
}

std::string printed(const Result<Cpe>& cpe) {
  return cpe ? to_formatted_string(*cpe) + " " + to_uri(*cpe) : cpe.error().code;
}

}  // namespace

TEST(CpeSuite, MatchingHolds) {
  LS_NEEDS_SHARED("vuln/suites/cpe-matching");
  std::size_t count = 0;
  for (const std::string& line : lines_of(suite + "dependency-track-cpe.jsonl")) {
    Diagnostics problems;
    const auto row = parse_json(line, "line", problems);
    ASSERT_TRUE(row);
    // Ranges of versions are no matter of names.
    if ((*row)["range"].string_or("") != "WITHOUT_RANGE") continue;
    const auto vulnerable = parse_cpe(*(*row)["vulnerable_cpe"].as_string());
    const auto component = parse_cpe(*(*row)["component_cpe"].as_string());
    ASSERT_TRUE(vulnerable && component) << line;
    EXPECT_EQ(matches(*vulnerable, *component), *(*row)["expect"].as_bool()) << line;
    ++count;
  }
  EXPECT_GE(count, 90U);
}

TEST(CpeSuite, NamesAreToldFromOtherTexts) {
  LS_NEEDS_SHARED("vuln/suites/cpe-matching/reference");
  const std::string folder = suite + "reference/csaf_2.1/test/cpe/data/";
  for (const std::string& line : lines_of(folder + "valid/cpe.txt"))
    EXPECT_TRUE(parse_cpe(line)) << line;
  for (const std::string& line : lines_of(folder + "invalid/cpe.txt"))
    EXPECT_FALSE(parse_cpe(line)) << line;
}

/// The examples of NISTIR 7695, 6.1.2.4 and 6.2.2.3, and some of their own kind.
TEST(Cpe, IsReadAndWrittenInBothForms) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"cpe:/a:microsoft:internet_explorer:8.0.6001:beta",
       "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:* "
       "cpe:/a:microsoft:internet_explorer:8.0.6001:beta"},
      {"cpe:/a:microsoft:internet_explorer:8.%2a:sp%3f",
       "cpe:2.3:a:microsoft:internet_explorer:8.\\*:sp\\?:*:*:*:*:*:* "
       "cpe:/a:microsoft:internet_explorer:8.%2a:sp%3f"},
      {"cpe:/a:microsoft:internet_explorer:8.%02:sp%01",
       "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:* "
       "cpe:/a:microsoft:internet_explorer:8.%02:sp%01"},
      {"cpe:/a:hp:insight_diagnostics:7.4.0.1570::~~online~win2003~x64~",
       "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:*:*:*:online:win2003:x64:* "
       "cpe:/a:hp:insight_diagnostics:7.4.0.1570::~~online~win2003~x64~"},
      {"cpe:/a:hp:openview_network_manager:7.51:-:~~~linux~~",
       "cpe:2.3:a:hp:openview_network_manager:7.51:-:*:*:*:linux:*:* "
       "cpe:/a:hp:openview_network_manager:7.51:-:~~~linux~~"},
      {"cpe:/a:foo%5cbar:big%24money_manager_2010:::~~special~ipod_touch~80gb~",
       "cpe:2.3:a:foo\\\\bar:big\\$money_manager_2010:*:*:*:*:special:ipod_touch:80gb:* "
       "cpe:/a:foo%5cbar:big%24money_manager_2010:::~~special~ipod_touch~80gb~"},
      {"cpe:2.3:a:foo\\\\bar:big\\$money_2010:*:*:*:*:special:ipod_touch:80gb:*",
       "cpe:2.3:a:foo\\\\bar:big\\$money_2010:*:*:*:*:special:ipod_touch:80gb:* "
       "cpe:/a:foo%5cbar:big%24money_2010:::~~special~ipod_touch~80gb~"},
      {"cpe:2.3:A:Vendor:a\\:b:1\\-2:\\-:*:*:*:*:*:*",
       "cpe:2.3:a:vendor:a\\:b:1-2:\\-:*:*:*:*:*:* cpe:/a:vendor:a%3ab:1-2:%2d"},
      {"cpe:/", "cpe:2.3:*:*:*:*:*:*:*:*:*:*:* cpe:/"},
  };
  for (const auto& [given, expected] : cases) {
    const auto cpe = parse_cpe(given);
    EXPECT_EQ(printed(cpe), expected) << given;
    if (cpe) {
      EXPECT_EQ(*parse_cpe(to_formatted_string(*cpe)), *cpe);
      EXPECT_EQ(*parse_cpe(to_uri(*cpe)), *cpe);
    }
  }
}

TEST(Cpe, OtherTextsAreRefused) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "cpe.prefix"},
      {"cpe:2.2:a:b", "cpe.prefix"},
      {"cpe:2.3:a:b:c", "cpe.components"},
      {"cpe:2.3:a:b:c:*:*:*:*:*:*:*:*:*", "cpe.components"},
      {"cpe:/a:b:c:d:e:f:g:h", "cpe.components"},
      {"cpe:/a:b:c:d:e:~1~2", "cpe.components"},
      {"cpe:2.3:x:b:c:*:*:*:*:*:*:*:*", "cpe.value"},
      {"cpe:2.3:a:b*c:c:*:*:*:*:*:*:*:*", "cpe.value"},
      {"cpe:2.3:a:**b:c:*:*:*:*:*:*:*:*", "cpe.value"},
      {"cpe:2.3:a:?*b:c:*:*:*:*:*:*:*:*", "cpe.value"},
      {"cpe:2.3:a::c:*:*:*:*:*:*:*:*", "cpe.value"},
      {"cpe:2.3:a:b c:c:*:*:*:*:*:*:*:*", "cpe.value"},
      {"cpe:2.3:a:b:c:*:*:*:*:*:*:*:\\", "cpe.value"},
      {"cpe:/a:b%", "cpe.value"},
      {"cpe:/a:b%0a", "cpe.value"},
      {"cpe:/" + std::string(max_cpe_bytes, 'a'), "cpe.size"},
  };
  for (const auto& [text, code] : cases) {
    const auto cpe = parse_cpe(text);
    ASSERT_FALSE(cpe) << text;
    EXPECT_EQ(cpe.error().code, code) << text;
  }
}

/// NISTIR 7696, table 6-2, row by row.
TEST(Cpe, AttributesHaveARelation) {
  const std::vector<std::tuple<std::string, std::string, CpeRelation>> rows = {
      {"*", "*", CpeRelation::equal},          {"*", "-", CpeRelation::superset},
      {"*", "1", CpeRelation::superset},       {"*", "1*", CpeRelation::undefined},
      {"-", "*", CpeRelation::subset},         {"-", "-", CpeRelation::equal},
      {"-", "1", CpeRelation::disjoint},       {"-", "1*", CpeRelation::undefined},
      {"1", "1", CpeRelation::equal},          {"1", "2", CpeRelation::disjoint},
      {"1", "1*", CpeRelation::undefined},     {"1", "-", CpeRelation::disjoint},
      {"1", "*", CpeRelation::subset},         {"1.*", "1.2", CpeRelation::superset},
      {"1.*", "2.1", CpeRelation::disjoint},   {"1.*", "*", CpeRelation::subset},
      {"1.*", "-", CpeRelation::disjoint},     {"1.*", "1*", CpeRelation::undefined},
      {"1.??", "1.23", CpeRelation::superset}, {"1.??", "1.2", CpeRelation::superset},
      {"1.?", "1.23", CpeRelation::disjoint},  {"*ab?", "abxab1", CpeRelation::superset},
  };
  for (const auto& [source, target, expected] : rows) {
    EXPECT_EQ(relation_of(version(source), version(target)), expected) << source << " " << target;
  }
}

TEST(Cpe, NamesHaveARelation) {
  const auto relation = [](const char* source, const char* target) {
    return relation_of(*parse_cpe(source), *parse_cpe(target));
  };
  EXPECT_EQ(relation("cpe:/a:b:c", "cpe:/a:b:c"), CpeRelation::equal);
  EXPECT_EQ(relation("cpe:/a:b", "cpe:/a:b:c:1"), CpeRelation::superset);
  EXPECT_EQ(relation("cpe:/a:b:c:1", "cpe:/a:b"), CpeRelation::subset);
  EXPECT_EQ(relation("cpe:/a:b:c:1", "cpe:/a:b:d"), CpeRelation::disjoint);
  EXPECT_EQ(relation("cpe:/a:b:c", "cpe:/a:b::1"), CpeRelation::undefined);
}

}  // namespace lockstep
