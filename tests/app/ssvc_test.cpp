// SPDX-License-Identifier: Apache-2.0
#include "app/ssvc.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "documents/schema_check.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const SsvcTables& tables() {
  static const auto loaded = embedded_ssvc();
  EXPECT_TRUE(loaded.has_value()) << (loaded ? "" : to_text(loaded.error()));
  return **loaded;
}

SsvcDecision decided(const std::string& tree, const std::vector<std::string>& words) {
  Diagnostics problems;
  auto decision = decide_tree(tables(), tree, words, problems);
  EXPECT_TRUE(decision.has_value()) << (decision ? "" : to_text(decision.error()));
  return decision ? *decision : SsvcDecision{};
}

std::string refusal(const std::string& tree, const std::vector<std::string>& words) {
  Diagnostics problems;
  const auto decision = decide_tree(tables(), tree, words, problems);
  return decision ? "" : to_text(decision.error());
}

/// The cells of one line of CSV: quoted cells may hold commas, none holds a quote.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      cells.emplace_back();
    } else {
      cells.back().push_back(c);
    }
  }
  return cells;
}

/// "Modified Impact (without Not Defined) v1.0.1 (cvss)" without its edition.
std::string name_of(const std::string& heading) {
  std::string name = heading.substr(0, heading.find(" v"));
  for (std::size_t at = heading.find(" v"); at != std::string::npos;
       at = heading.find(" v", at + 1))
    if (heading[at + 2] >= '0' && heading[at + 2] <= '9') name = heading.substr(0, at);
  const std::size_t note = name.find(" (without");
  return name.substr(0, note);
}

/// The tree that asks for points of these names.
const SsvcTable* tree_with(const std::vector<std::string>& names) {
  for (const SsvcTable& table : tables().tables) {
    std::vector<std::string> own;
    for (const SsvcPoint* point : table.points)
      own.push_back(point->name);
    own.push_back(table.outcome.name);
    if (own == names) return &table;
  }
  return nullptr;
}

TEST(SsvcSuite, EveryRowComesOutAsThere) {
  LS_NEEDS_SHARED("vuln/suites/ssvc");
  std::size_t rows = 0;
  std::set<std::string> seen;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(test::shared_path("vuln/suites/ssvc"))) {
    if (entry.path().extension() != ".csv") continue;
    const std::string text = test::read_file(entry.path().string());
    const SsvcTable* table = nullptr;
    std::vector<std::string> names;
    for (const std::string_view line : split(text, '\n')) {
      if (trim(line).empty()) continue;
      std::vector<std::string> cells = cells_of(trim(line));
      if (table == nullptr) {
        for (std::size_t i = 1; i < cells.size(); ++i)
          names.push_back(name_of(cells[i]));
        table = tree_with(names);
        ASSERT_NE(table, nullptr) << entry.path() << line;
        continue;
      }
      std::vector<std::string> words;
      for (std::size_t i = 1; i + 1 < cells.size(); ++i)
        words.push_back(names[i - 1] + "=" + cells[i]);
      EXPECT_THAT(decided(table->id, words).outcomes, ElementsAre(cells.back()))
          << entry.path() << ": " << line;
      ++rows;
    }
    seen.insert(table->id);
  }
  EXPECT_GE(rows, 780U);
  EXPECT_EQ(seen.size(), tables().tables.size());
}

/// What is possible is what some way to fill in the unknown points gives, by going through them
/// all.
TEST(Ssvc, UnknownPointsGiveEveryOutcomeThatTheyMayHave) {
  for (const char* id : {"supplier", "deployer", "cisa", "publish", "bod-26-04"}) {
    const SsvcTable& table = *tables().find(id);
    const std::size_t count = table.points.size();
    for (std::size_t known = 0; known < (std::size_t{1} << count); ++known) {
      std::vector<std::string> words;
      for (std::size_t i = 0; i < count; ++i)
        if ((known >> i & 1U) != 0)
          words.push_back(table.points[i]->id + "=" + table.points[i]->values[0]);
      std::set<std::string> possible;
      for (std::size_t at = 0; at < table.outcomes.size(); ++at) {
        std::size_t rest = at;
        bool fits = true;
        for (std::size_t i = count; i-- > 0;) {
          const std::size_t value = rest % table.points[i]->values.size();
          rest /= table.points[i]->values.size();
          if ((known >> i & 1U) != 0 && value != 0) fits = false;
        }
        if (fits) possible.insert(table.outcome.values[table.outcomes[at]]);
      }
      const SsvcDecision decision = decided(id, words);
      EXPECT_EQ(std::set(decision.outcomes.begin(), decision.outcomes.end()), possible);
      EXPECT_EQ(decision.missing.empty(), possible.size() == 1);
    }
  }
}

TEST(Ssvc, KeepsWhatIsKnownAndWhatFollows) {
  const SsvcDecision decision =
      decided("supplier", {"E=poc", "automatable=Y", "Value Density=concentrated", "ti=total",
                           "safety_impact=negligible"});
  EXPECT_THAT(decision.outcomes, ElementsAre("out-of-cycle"));
  ASSERT_EQ(decision.answers.size(), 7U);
  EXPECT_EQ(decision.answers[3].point->id, "utility");
  EXPECT_THAT(decision.answers[3].possible, ElementsAre("super effective"));
  EXPECT_EQ(decision.answers[3].because,
            "follows from automatable = yes, value_density = concentrated");
}

TEST(Ssvc, NamesOnlyWhatWouldDecide) {
  // Exploited and super effective: immediate, whatever the rest.
  EXPECT_THAT(decided("supplier", {"exploitation=active", "utility=super effective"}).missing,
              IsEmpty());
  EXPECT_THAT(decided("supplier", {"exploitation=active", "utility=efficient"}).missing,
              ElementsAre("public_safety_impact"));
  EXPECT_THAT(decided("deployer", {"exploitation=none", "system_exposure=open", "automatable=yes",
                                   "mission_impact=degraded"})
                  .missing,
              ElementsAre("safety_impact"));
}

TEST(Ssvc, DocumentsKeepTheirSchema) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {}, {"automatable=no"}, {"automatable=no", "value_density=diffuse"}}) {
    const SsvcDecision decision = decided("utility", words);
    Diagnostics problems;
    const auto json =
        parse_json(ssvc_document(decision, decision.is_decided() ? 0 : 4), "out", problems);
    ASSERT_TRUE(json.has_value());
    EXPECT_THAT(test::SchemaCheck::problems(*json, "ssvc.schema.json"), IsEmpty());
  }
}

TEST(Ssvc, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("suplier", {}),
            "error[ssvc.tree]: there is no tree 'suplier'; did you mean 'supplier'?");
  EXPECT_EQ(refusal("publish", {"exploitaton=none"}),
            "error[ssvc.point]: the tree 'publish' asks for supplier_involvement, exploitation, "
            "public_value_added, found 'exploitaton'; did you mean 'exploitation'?");
  EXPECT_EQ(refusal("publish", {"exploitation=inactive"}),
            "error[ssvc.value]: expected one of 'none', 'public poc', 'active' for exploitation, "
            "found 'inactive'; did you mean 'active'?");
  EXPECT_EQ(refusal("publish", {"exploitation=none", "E=active"}),
            "error[ssvc.twice]: expected exploitation once, found it twice");
  EXPECT_EQ(refusal("supplier", {"utility=laborious", "automatable=yes"}),
            "error[ssvc.twice]: utility = laborious does not go with what it follows from "
            "automatable = yes");
  Diagnostics problems;
  EXPECT_FALSE(decide_tree(tables(), "publish", {"exploitation", "=none", "a="}, problems));
  EXPECT_EQ(problems.error_count(), 3U);
}

}  // namespace
}  // namespace lockstep::app
