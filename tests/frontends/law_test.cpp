// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents/schema_check.hpp"
#include "frontends/cli/run.hpp"

namespace lockstep::frontends {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Printed run_words(const std::vector<std::string>& words) {
  RealFiles files;
  Progress progress;
  const auto fetcher = make_fetcher();
  Environment environment{files, *fetcher, progress, Instant{}, "", {}, false, 80, false, nullptr};
  return run(words, environment);
}

Json json_of(std::vector<std::string> words) {
  words.insert(words.end(), {"--format", "json"});
  Diagnostics problems;
  const auto tree = parse_json(run_words(words).output, "output", problems);
  EXPECT_TRUE(tree.has_value());
  return tree ? *tree : Json();
}

TEST(Law, DocumentsFitTheirSchemas) {
  EXPECT_THAT(test::SchemaCheck::problems(json_of({"law", "list"}), "law.schema.json"), IsEmpty());
  EXPECT_THAT(test::SchemaCheck::problems(json_of({"law", "cases"}), "law-cases.schema.json"),
              IsEmpty());
  EXPECT_THAT(test::SchemaCheck::problems(json_of({"law", "coverage"}), "law-coverage.schema.json"),
              IsEmpty());
}

TEST(Law, ADifferenceNamesTheActThatCausedIt) {
  const Json diff = json_of({"law", "diff", "2026-07-26", "2026-07-27", "--config",
                             test::source_path("examples/quayside/lockstep.yaml")});
  EXPECT_THAT(test::SchemaCheck::problems(diff, "law-diff.schema.json"), IsEmpty());
  EXPECT_FALSE(diff["differences"].items().empty());
  for (const Json& row : diff["differences"].items()) {
    ASSERT_FALSE(row["causes"].items().empty()) << row["what"].string_or("");
    EXPECT_EQ(row["causes"].items().front()["by"].string_or(""), "Regulation (EU) 2026/1744");
  }
  const Json none = json_of({"law", "diff", "2026-07-27", "2026-07-27", "--config",
                             test::source_path("examples/quayside/lockstep.yaml")});
  EXPECT_TRUE(none["differences"].items().empty());
}

TEST(Law, EveryProvisionHasOneState) {
  const Json acts = json_of({"law", "list"});
  std::int64_t provisions = 0;
  for (const Json& act : acts["acts"].items())
    provisions += act["provisions"].as_int().value_or(0);
  const Json coverage = json_of({"law", "coverage"});
  EXPECT_EQ(coverage["provisions"].items().size(), static_cast<std::size_t>(provisions));
  for (const Json& row : coverage["provisions"].items()) {
    const bool is_gap = row["state"].string_or("") == "gap";
    EXPECT_EQ(row["reason"].as_string() != nullptr && row["rules"].items().empty(), is_gap)
        << row["path"].string_or("");
  }
}

TEST(Law, ShowsWhatExplainShows) {
  EXPECT_EQ(run_words({"law", "show", "cra.sbom"}).output,
            run_words({"explain", "cra.sbom"}).output);
  EXPECT_THAT(run_words({"law", "show", "cra"}).output, HasSubstr("(provision)"));
}

}  // namespace
}  // namespace lockstep::frontends
