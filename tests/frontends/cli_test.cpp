// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "frontends/cli/parse.hpp"
#include "frontends/cli/run.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

using Words = std::vector<std::string>;

Printed run_words(const Words& words) {
  RealFiles files;
  Progress progress;
  const auto fetcher = make_fetcher();
  Environment environment{files, *fetcher, progress, Instant{}, "", {}, false, 80, false, nullptr};
  return run(words, environment);
}

TEST(Commands, AreSortedAndComplete) {
  EXPECT_TRUE(std::ranges::is_sorted(commands(), {}, &Command::name));
  for (const Command& command : commands()) {
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_FALSE(command.examples.empty()) << command.name;
    std::set<std::string_view> names;
    for (const Option& option : command.options)
      EXPECT_TRUE(names.insert(option.name).second) << command.name << " " << option.name;
    for (const Option& option : common_options_of(command))
      EXPECT_TRUE(names.insert(option.name).second) << command.name << " " << option.name;
  }
}

TEST(Commands, EveryExampleNamesItsCommand) {
  for (const Command& command : commands())
    EXPECT_NE(command.examples.find("lockstep " + std::string(command.name)), std::string::npos)
        << command.name;
}

TEST(Commands, HelpFitsEightyColumns) {
  Words pages = {""};
  for (const Command& command : commands())
    pages.emplace_back(command.name);
  for (const CommandGroup& group : command_groups())
    pages.emplace_back(group.name);
  for (const std::string& page : pages) {
    const std::string text = help(page);
    std::size_t start = 0;
    while (start < text.size()) {
      const std::size_t end = text.find('\n', start);
      const std::string line = text.substr(start, end - start);
      if (!line.starts_with("  lockstep") && !line.starts_with("  source")) {
        EXPECT_LE(columns(line), 80U) << line;
      }
      start = end + 1;
    }
  }
}

TEST(Usage, MisspeltWordsGetASuggestion) {
  EXPECT_EQ(run_words({"asess"}).problems,
            "error[usage.command]: there is no command 'asess'; did you mean 'assess'?\n"
            "  `lockstep --help` lists the commands\n");
  EXPECT_EQ(run_words({"vuln", "scn"}).problems.substr(0, 83),
            "error[usage.command]: there is no command 'vuln scn'; did you mean 'vuln scan'?\n  `");
  EXPECT_EQ(run_words({"purl", "parse", "pkg:npm/a", "--fromat", "json"}).problems,
            "error[usage.option]: `lockstep purl parse` has no option '--fromat'; did you mean "
            "'--format'?\n");
  EXPECT_EQ(run_words({"purl", "parse", "pkg:npm/a", "--format", "jsn"}).problems,
            "error[usage.choice]: --format expects one of text|json, found 'jsn'; did you mean "
            "'json'?\n");
}

TEST(Usage, ExitsWithTwo) {
  for (const Words& words : std::vector<Words>{{"asess"},
                                               {"--format", "json"},
                                               {"purl", "parse"},
                                               {"purl", "parse", "a", "b"},
                                               {"purl", "parse", "pkg:npm/a", "--wrong"},
                                               {"purl", "parse", "pkg:npm/a", "--format"},
                                               {"version-check", "Cobol", "x"}})
    EXPECT_EQ(run_words(words).exit, exit_code::usage) << words[0];
}

TEST(Usage, ProblemsAreJsonWhenAskedFor) {
  const Printed printed = run_words({"purl", "parse", "nonsense", "--format", "json"});
  EXPECT_EQ(printed.exit, exit_code::input);
  Diagnostics problems;
  const auto document = parse_json(printed.output, "out", problems);
  ASSERT_TRUE(document.has_value()) << printed.output;
  EXPECT_EQ((*document)["schema"].string_or(""), "lockstep/error/1");
  EXPECT_EQ((*document)["exit"].as_int(), 3);
  ASSERT_EQ((*document)["errors"].items().size(), 1U);
  EXPECT_EQ((*document)["errors"].items()[0]["code"].string_or(""), "purl.scheme");
}

TEST(ExitCodes, TheHighestRankingReasonWins) {
  const std::vector<int> order = {70, 2, 3, 7, 1, 6, 5, 4, 0};
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t j = i; j < order.size(); ++j) {
      EXPECT_EQ(higher_ranking(order[i], order[j]), order[i]);
      EXPECT_EQ(higher_ranking(order[j], order[i]), order[i]);
    }
}

TEST(Tables, AlignAndWrap) {
  Table table({"Area", "Worst"});
  table.add({"a", "one two three four five six seven eight nine"});
  table.add({"longer", "b\x1b[31m"});
  EXPECT_EQ(table.to_text(40),
            "Area    Worst\n"
            "------  -----\n"
            "a       one two three four five six\n"
            "        seven eight nine\n"
            "longer  b?[31m\n");
}

TEST(Completion, IsMadeForEachShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto script = completion(shell);
    ASSERT_TRUE(script.has_value());
    EXPECT_NE(script->find("version-check"), std::string::npos);
  }
  EXPECT_EQ(completion("tcsh").error().code, "usage.choice");
}

}  // namespace
}  // namespace lockstep::frontends
