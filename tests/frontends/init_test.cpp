// SPDX-License-Identifier: Apache-2.0
// `lockstep init` with a person whose words are written down beforehand.
#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "frontends/cli/run.hpp"
#include "support/paths.hpp"

namespace lockstep::frontends {
namespace {

using testing::HasSubstr;
using testing::Not;

std::deque<std::string> to_say;  // and then nothing: the end of the input
std::string heard;

std::optional<std::string> ask(std::string_view question) {
  heard += question;
  if (to_say.empty()) return std::nullopt;
  std::string word = to_say.front();
  to_say.pop_front();
  return word;
}

class Init : public testing::Test {
 protected:
  Printed say(std::deque<std::string> words) {
    to_say = std::move(words);
    heard.clear();
    Progress progress;
    const auto fetcher = make_fetcher();
    Environment environment{files, *fetcher, progress, Instant{}, "", {}, false, 80, true, ask};
    const std::vector<std::string> call = {"init", "-o", path, "--as-of", "2029-01-15"};
    return run(call, environment);
  }

  RealFiles files;
  std::string folder = test::fresh_folder("init");
  std::string path = folder + "/lockstep.yaml";
  std::string kept = folder + "/lockstep.answers.yaml";
};

TEST_F(Init, StopsKeepsGoesOnAndWritesTheFile) {
  const Printed stopped = say({"Reader", "1.0", "It reads.", "none", "later"});
  EXPECT_THAT(stopped.problems, HasSubstr("init.cancelled"));
  EXPECT_FALSE(files.exists(path));
  EXPECT_THAT(test::read_file(kept), HasSubstr("product.special_cases: []"));

  const Printed done = say({"perhaps", "back", "1", "not sure", "done"});
  EXPECT_EQ(done.exit, exit_code::ok) << done.problems;
  EXPECT_THAT(heard, HasSubstr("Going on with the answers of an earlier sitting (1)"));
  EXPECT_THAT(heard, HasSubstr("expected yes or no, found 'perhaps'"));
  EXPECT_THAT(heard, HasSubstr("Taken back: product.special_cases = none"));
  EXPECT_THAT(heard, Not(HasSubstr("What is it called?")));
  EXPECT_FALSE(files.exists(kept));
  const std::string written = test::read_file(path);
  EXPECT_THAT(written, HasSubstr("  name: \"Reader\""));
  EXPECT_THAT(written, HasSubstr("facts_answered: 2029-01-15"));
  EXPECT_THAT(written, HasSubstr("product.special_cases: [classified_information]"));
  EXPECT_THAT(written, HasSubstr("ai.is_ai_system: unknown"));

  EXPECT_THAT(say({"Another"}).problems, HasSubstr("init.exists"));
  EXPECT_EQ(test::read_file(path), written);
}

TEST_F(Init, AsksAgainWhereAnAnswerContradictsAnEarlierOne) {
  ASSERT_TRUE(
      files.write(kept, "facts:\n  product.special_cases: []\n  product.union_acts: [lifts]\n")
          .has_value());
  say({"radio", "lifts", "later"});
  EXPECT_THAT(heard, HasSubstr("lockstep explain product.third_party_acts"));
  EXPECT_THAT(heard, HasSubstr("cannot be true together"));
  EXPECT_THAT(test::read_file(kept), HasSubstr("product.third_party_acts: [lifts]"));
}

TEST_F(Init, TheEndOfTheInputBeforeAnyAnswerWritesNothing) {
  EXPECT_THAT(say({"Reader"}).problems, HasSubstr("nothing was written"));
  EXPECT_FALSE(files.exists(path));
  EXPECT_FALSE(files.exists(kept));
}

TEST_F(Init, AnswersOfAnEarlierSittingThatDoNotFitAreNamed) {
  ASSERT_TRUE(files.write(kept, "facts: {product.kind: softwear}\n").has_value());
  const Printed printed = say({"done"});
  EXPECT_NE(printed.exit, exit_code::ok);
  EXPECT_THAT(printed.problems, HasSubstr("did you mean 'software'?"));
  EXPECT_FALSE(files.exists(path));
}

}  // namespace
}  // namespace lockstep::frontends
