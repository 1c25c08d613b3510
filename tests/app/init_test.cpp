// SPDX-License-Identifier: Apache-2.0
#include "app/init.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "app/law.hpp"
#include "app/questions.hpp"
#include "formats/product/product.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

using testing::HasSubstr;

using test::law;
using test::usual_day;

TEST(WriteProductFile, CanBeReadBack) {
  const InitAnswers answers{"A \"reader\": \\ with # signs",
                            "1.0",
                            "reads codes",
                            {{"product.kind", std::string("software"), {}},
                             {"product.placed_on_market", Day(std::chrono::year{2028} / 9 / 4), {}},
                             {"product.union_acts", std::vector<std::string>{"radio"}, {}},
                             {"ai.is_ai_system", true, {}},
                             {"ai.annex_iii_uses", std::vector<std::string>{}, {}},
                             {"maker.country", std::string("NO"), {}},
                             {"ai.safety_role", std::monostate{}, {}}}};
  Diagnostics problems;
  const std::string text =
      write_product_file(law(), answers, ask_next(law(), answers.facts, usual_day).view);
  const auto product = formats::read_product(text, "lockstep.yaml", problems);
  ASSERT_TRUE(product.has_value());
  for (const Diagnostic& entry : problems.entries())
    ADD_FAILURE() << to_text(entry);
  EXPECT_EQ(product->name, answers.name);
  const auto facts = regulations::fit_facts(law(), product->facts, problems);
  EXPECT_FALSE(problems.has_errors());
  ASSERT_EQ(facts.size(), answers.facts.size());
  for (const Fact& fact : answers.facts) {
    const auto found = std::ranges::find(facts, fact.name, &Fact::name);
    ASSERT_NE(found, facts.end()) << fact.name;
    EXPECT_EQ(found->value, fact.value) << fact.name;
  }
}

TEST(WriteProductFile, ListsWhatIsStillOpenAsComments) {
  Diagnostics problems;
  const std::string text = write_product_file(law(), {}, ask_next(law(), {}, usual_day).view);
  EXPECT_THAT(text, HasSubstr("# product.kind: unknown"));
  const auto product = formats::read_product(text, "lockstep.yaml", problems);
  ASSERT_TRUE(product.has_value());
  for (const Diagnostic& entry : problems.entries())
    ADD_FAILURE() << to_text(entry);
  EXPECT_TRUE(product->facts.empty());
}

}  // namespace
}  // namespace lockstep::app
