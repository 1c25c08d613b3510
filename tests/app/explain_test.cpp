// SPDX-License-Identifier: Apache-2.0
#include "app/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/embedded_law.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

using testing::HasSubstr;

std::string page(const std::string& id) {
  static const auto law = embedded_law();
  static const auto rows = explain_rows();
  if (!rows) return "no data";
  const auto found = explain(law, *rows, id);
  if (!found) return found.error().code + ": " + found.error().message;
  std::string text = found->id + " (" + found->kind + ")\n" + found->title + "\n";
  for (const Explanation::Section& section : found->sections)
    text += section.heading + "\n" + join(section.lines, "\n") + "\n";
  return text;
}

TEST(Explain, FindsEveryKindOfThing) {
  EXPECT_THAT(page("product.data_connection"), HasSubstr("(fact)"));
  EXPECT_THAT(page("cra.scheme_recognised"), HasSubstr("(state of the law)"));
  EXPECT_THAT(page("cra.scope"), HasSubstr("S5: Is it a medical device"));
  EXPECT_THAT(page("cra.scope/S5"), HasSubstr("OUT:medical"));
  EXPECT_THAT(page("cra.sbom"), HasSubstr("CRA Annex I Part II(1)"));
  EXPECT_THAT(page("IN:I-3"), HasSubstr("cra.core_function = password_manager"));
  EXPECT_THAT(page("OUT:medical"), HasSubstr("cra.scope/S5"));
  EXPECT_THAT(page("vuln_scan"), HasSubstr("cra.no_known_exploitable_vulnerabilities"));
  EXPECT_THAT(page("underpowered"), HasSubstr("(state)"));
  EXPECT_THAT(page("facts.unknown_name"), HasSubstr("(error)"));
  EXPECT_THAT(page("SBOM"), HasSubstr("(term)"));
}

TEST(Explain, ShowsAProvisionWithAllBelowIt) {
  const std::string text = page("cra/anx_I/pt_II");
  EXPECT_THAT(text, HasSubstr("CRA Annex I Part II(1): "));
  EXPECT_THAT(text, HasSubstr("cra.cvd_policy"));
  EXPECT_THAT(text, HasSubstr("http://data.europa.eu/eli/reg/2024/2847/oj"));
  EXPECT_EQ(page("eu-2024-2847/art_13/par_2").find("Art. 13(3)"), std::string::npos);
}

TEST(Explain, TakesProvisionsAsPeopleWriteThem) {
  EXPECT_EQ(page("CRA 13(8)"), page("eu-2024-2847/art_13/par_8"));
  // What is not listed by itself is read where it stands.
  EXPECT_EQ(page("CRA Art. 13(8)(a)"), page("eu-2024-2847/art_13/par_8"));
  EXPECT_EQ(page("CRA Art. 14(2)(a)"), page("eu-2024-2847/art_14/par_2/pnt_a"));
  EXPECT_EQ(page("AI Act Art. 6(1)"), page("eu-2024-1689/art_6/par_1"));
  EXPECT_EQ(page("cra article 14"), page("eu-2024-2847/art_14"));
  EXPECT_EQ(page("CRA Annex I Part II(1)"), page("eu-2024-2847/anx_I/pt_II/pnt_1"));
  // No act is named, so that the articles of all acts are shown.
  EXPECT_THAT(page("art14"), HasSubstr("CRA Art. 14(1)"));
  EXPECT_THAT(page("art14"), HasSubstr("AI Act Art. 14"));
  EXPECT_THAT(page("CRA Art. 999"), HasSubstr("nothing is named"));
}

TEST(Explain, KnowsDutyWordsAndSanctions) {
  EXPECT_THAT(page("open-source steward"), HasSubstr("(party)"));
  EXPECT_THAT(page("on_event"), HasSubstr("(occasion)"));
  EXPECT_THAT(page("quality_system"), HasSubstr("(document)"));
  EXPECT_THAT(page("eu-2024-2847/fine_high"), HasSubstr("CRA Art. 64(2)"));
  EXPECT_THAT(page("cra.fine_high"), HasSubstr("CRA Art. 64(2)"));
  EXPECT_THAT(page("aia.fine_models"), HasSubstr("AI Act Art. 101(1)"));
  EXPECT_THAT(page("nis2.fine_essential"), HasSubstr("NIS2 Art. 34(4)"));
  EXPECT_THAT(page("cra.fine_essential"), HasSubstr("nothing is named"));
}

TEST(Explain, ShowsTheDaysOfADutyBeforeAndAfterTheAmendment) {
  const std::string text = page("aia.not_high_risk_documented");
  EXPECT_THAT(text, HasSubstr("2026-08-02 (the law since 2024-08-01)"));
  EXPECT_THAT(text, HasSubstr("2027-12-02 (the law since 2026-07-27)"));
}

TEST(Explain, SuggestsTheNearest) {
  EXPECT_EQ(page("cra.sbon"),
            "usage.explain: nothing is named 'cra.sbon'; did you mean 'cra.sbom'?");
  EXPECT_EQ(page("zzzzzzzzzzzzzzzzzzzzzzzzzzzzz"),
            "usage.explain: nothing is named 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzz'");
}

}  // namespace
}  // namespace lockstep::app
