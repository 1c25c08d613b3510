// SPDX-License-Identifier: Apache-2.0
#include "documents/declaration.hpp"

#include <algorithm>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "documents/declaration_values.hpp"
#include "documents/html_check.hpp"
#include "support/golden.hpp"
#include "support/sample_dossier.hpp"

namespace lockstep::documents {
namespace {

using test::sample_dossier;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A dossier that lacks nothing.
Dossier complete_dossier() {
  Dossier dossier = sample_dossier();
  for (Obligation& one : dossier.law.obligations)
    if (one.state != Obligation::Met::does_not_apply) one.state = Obligation::Met::met;
  dossier.product.facts.push_back({"product.union_acts", std::vector<std::string>{}, {}});
  return dossier;
}

struct Gap {
  std::function<void(Dossier&)> open;
  std::string message;
};

void unmet(Dossier& dossier, const char* id) {
  std::ranges::find(dossier.law.obligations, id, &Obligation::id)->state = Obligation::Met::unmet;
}

/// For every need of the declaration: how to open it alone, and what is said then. A requirement
/// that is not shown opens the needs that rest on it.
const std::multimap<std::string, Gap>& gaps() {
  static const std::multimap<std::string, Gap> rows = {
      {"product.name",
       {[](Dossier& d) { d.product.name.clear(); },
        "product.name: expected the name of the product; it is missing or incomplete (CRA Annex "
        "V(1), AI Act Annex V(1))"}},
      {"product.type",
       {[](Dossier& d) { d.product.type.clear(); },
        "product.type: expected the type, batch or other unique identification; it is missing or "
        "incomplete (CRA Annex V(1), AI Act Annex V(1))"}},
      {"operators.manufacturer.name",
       {[](Dossier& d) { d.product.manufacturer.name.clear(); },
        "operators.manufacturer.name: expected the name of the manufacturer; it is missing or "
        "incomplete (CRA Annex V(2), AI Act Annex V(2))"}},
      {"operators.manufacturer.address",
       {[](Dossier& d) { d.product.manufacturer.address.clear(); },
        "operators.manufacturer.address: expected the address of the manufacturer; it is missing "
        "or incomplete (CRA Annex V(2), AI Act Annex V(2))"}},
      {"operators.authorised_representative.address",
       {[](Dossier& d) { d.product.authorised_representative.address.clear(); },
        "operators.authorised_representative.address: expected the address of the authorised "
        "representative who is named; it is missing or incomplete (CRA Annex V(2), AI Act Annex "
        "V(2))"}},
      {"declaration.object",
       {[](Dossier& d) { d.product.declaration.object.clear(); },
        "declaration.object: expected a description of the object that allows it to be traced; it "
        "is missing or incomplete (CRA Annex V(4))"}},
      {"scope.cra",
       {[](Dossier& d) { d.law.codes.cra = {"IN:default", "OUT:saas_only"}; },
        "scope.cra: expected an answer on whether the act covers the product; it is missing or "
        "incomplete (CRA Annex V(5), CRA Art. 28(3))"}},
      {"scope.ai_act",
       {[](Dossier& d) { d.law.codes.ai_act = {"HR-III-2", "COND"}; },
        "scope.ai_act: expected an answer on whether the system is high-risk; it is missing or "
        "incomplete (AI Act Annex V(4), AI Act Art. 47(3))"}},
      {"acts.cra",
       {[](Dossier& d) { d.law.acts[1].official_journal.clear(); },
        "acts.cra: expected the act's title and its reference in the Official Journal; it is "
        "missing or incomplete (CRA Annex V(5), CRA Art. 28(3))"}},
      {"acts.ai_act",
       {[](Dossier& d) { d.law.acts[0].title.clear(); },
        "acts.ai_act: expected the act's title and its reference in the Official Journal; it is "
        "missing or incomplete (AI Act Annex V(4), AI Act Art. 47(3))"}},
      {"product.union_acts",
       {[](Dossier& d) { d.product.facts.back().value = std::monostate{}; },
        "product.union_acts: expected an answer on which other Union acts cover the product; it is "
        "missing or incomplete (CRA Art. 28(3), AI Act Art. 47(3))"}},
      {"requirements.annex_1",
       {[](Dossier& d) { unmet(d, "cra.cvd_policy"); },
        "requirements.annex_1: expected proof of every essential requirement that applies; it is "
        "missing or incomplete (CRA Art. 28(1))"}},
      {"requirements.high_risk",
       {[](Dossier& d) { unmet(d, "ai.risk_management"); },
        "requirements.high_risk: expected proof of every requirement for high-risk systems that "
        "applies; it is missing or incomplete (AI Act Art. 47(2))"}},
      {"requirements.protection_level",
       {[](Dossier& d) { unmet(d, "ai.robust_against_attacks"); },
        "requirements.protection_level: expected evidence for the protection of the AI system "
        "against attacks; it is missing or incomplete (CRA Art. 12(1)(c), AI Act Art. 42(3))"}},
      {"ai.processes_personal_data",
       {[](Dossier& d) { d.product.facts[2].value = std::monostate{}; },
        "ai.processes_personal_data: expected an answer on whether personal data are processed; "
        "it is missing or incomplete (AI Act Annex V(5))"}},
      {"declaration.procedure",
       {[](Dossier& d) { d.product.declaration.procedure.clear(); },
        "declaration.procedure: expected the conformity assessment procedure that was used; it is "
        "missing or incomplete (CRA Annex V(7), AI Act Annex V(7))"}},
      {"declaration.notified_body",
       {[](Dossier& d) { d.law.codes.cra_routes = {"B+C", "H"}; },
        "declaration.notified_body: expected the notified body, because every open procedure "
        "involves one; it is missing or incomplete (CRA Annex V(7), AI Act Annex V(7))"}},
      {"declaration.place",
       {[](Dossier& d) { d.product.declaration.place.clear(); },
        "declaration.place: expected the place of issue; it is missing or incomplete (CRA Annex "
        "V(8), AI Act Annex V(8))"}},
      {"declaration.date",
       {[](Dossier& d) { d.product.declaration.date.clear(); },
        "declaration.date: expected the date of issue; it is missing or incomplete (CRA Annex "
        "V(8), AI Act Annex V(8))"}},
      {"declaration.signatory",
       {[](Dossier& d) { d.product.declaration.signatory.clear(); },
        "declaration.signatory: expected the name of the person who signs; it is missing or "
        "incomplete (CRA Annex V(8), AI Act Annex V(8))"}},
      {"declaration.function",
       {[](Dossier& d) { d.product.declaration.function.clear(); },
        "declaration.function: expected the function of the person who signs; it is missing or "
        "incomplete (CRA Annex V(8), AI Act Annex V(8))"}}};
  return rows;
}

std::string html_of(const Dossier& dossier) {
  return write_declaration(dossier)[0].bytes;
}

TEST(Declaration, IsTheGoldenOne) {
  const auto files = write_declaration(sample_dossier());
  ASSERT_EQ(files.size(), 2U);
  test::expect_golden("documents/declaration.html", files[0].bytes);
  test::expect_golden("documents/declaration.json", files[1].bytes);
}

TEST(Declaration, LacksNothingWhenEverythingIsThere) {
  EXPECT_THAT(missing_fields(declaration_needs(), complete_dossier()), IsEmpty());
}

TEST(Declaration, NamesEachMissingNeedWithItsProvision) {
  for (const Need& need : declaration_needs()) {
    const auto gap = gaps().find(std::string(need.field));
    ASSERT_NE(gap, gaps().end()) << need.field << " has no row in this test";
    Dossier dossier = complete_dossier();
    gap->second.open(dossier);
    std::vector<std::string> messages;
    for (const MissingField& one : missing_fields(declaration_needs(), dossier))
      messages.push_back(one.message);
    EXPECT_THAT(messages, Contains(gap->second.message));
    const std::string text = test::read_html(html_of(dossier)).text;
    std::string shown = gap->second.message;
    for (std::size_t at = 0; (at = shown.find('\'', at)) != std::string::npos; at += 5)
      shown.replace(at, 1, "&#39;");
    EXPECT_THAT(text, HasSubstr(shown)) << "the document does not say it";
  }
  EXPECT_EQ(gaps().size(), declaration_needs().size());
}

TEST(Declaration, EveryNeedBelongsToAField) {
  for (const Need& need : declaration_needs())
    EXPECT_NE(std::ranges::find(declaration_fields(), need.part, &DeclarationField::id),
              declaration_fields().end())
        << need.part;
}

TEST(Declaration, CoversEveryPointOfBothAnnexes) {
  for (const std::string_view act : {cra_act, ai_act_act})
    for (int point = 1; point <= 8; ++point) {
      const std::string path = "anx_V/pnt_" + std::to_string(point);
      bool found = false;
      for (const DeclarationField& field : declaration_fields())
        for (const Provision& one : field.cites)
          found = found || (one.act == act && one.path == path);
      EXPECT_TRUE(found) << act << " " << path;
    }
}

// Mistakes that other tools make: CRA Annex V(1) is the identification of the product and no number
// of the declaration, (5) names the acts, (8) is the signature; and EN 18031, a standard of the
// Radio Equipment Directive, gives no presumption for the CRA.
TEST(Mistakes, PointsOfTheDeclaration) {
  std::map<std::string, std::string> points;
  for (const Need& need : declaration_needs()) {
    EXPECT_NE(need.field, "declaration.number");
    for (const Provision& provision : need.wanted_by)
      if (provision.act == cra_act)
        points[std::string(provision.path)] += std::string(need.part) + " ";
  }
  EXPECT_EQ(points["anx_V/pnt_1"], "identification identification ");
  EXPECT_EQ(points["anx_V/pnt_5"], "acts acts ");
  EXPECT_EQ(points["anx_V/pnt_8"], "signature signature signature signature ");
  EXPECT_EQ(points["art_12/par_1/pnt_c"], "protection_level ");
}

TEST(Mistakes, StandardsOfAnotherActGiveNoPresumption) {
  const Dossier dossier = complete_dossier();
  ASSERT_THAT(dossier.product.declaration.standards, Contains(HasSubstr("EN 18031")));
  EXPECT_THAT(test::read_html(html_of(dossier)).text, Not(HasSubstr("presum")));
}

TEST(Declaration, MakesNoStatementThatIsNotShown) {
  const std::string draft = test::read_html(html_of(sample_dossier())).text;
  EXPECT_THAT(draft, Not(HasSubstr("has been demonstrated")));
  EXPECT_THAT(draft, Not(HasSubstr("is demonstrated by the evidence")));
  EXPECT_THAT(draft, HasSubstr("3 of 5 requirements shown"));
  EXPECT_THAT(draft, HasSubstr("cra.no_known_exploitable"));
  const std::string full = test::read_html(html_of(complete_dossier())).text;
  EXPECT_THAT(full, HasSubstr("has been demonstrated"));
  EXPECT_THAT(full, HasSubstr("is demonstrated by the evidence"));
  EXPECT_THAT(full, HasSubstr("Test reader.linf"));
}

TEST(Declaration, IsAlwaysADraftAndNeverSigned) {
  for (const Dossier& dossier : {Dossier{}, sample_dossier(), complete_dossier()}) {
    const std::string text = test::read_html(html_of(dossier)).text;
    EXPECT_THAT(text, HasSubstr("DRAFT - not signed, not a declaration"));
    EXPECT_THAT(text, HasSubstr("left to the person who signs"));
    const Json json = declaration_json(dossier);
    EXPECT_EQ(json["status"].string_or(""), "draft");
    EXPECT_TRUE(json.find("signature") != nullptr && json["signature"].is_null());
  }
}

TEST(Declaration, LeavesOutWhatDoesNotArise) {
  Dossier dossier = complete_dossier();
  dossier.law.codes.ai_act = {"MIN"};
  dossier.law.codes.article_12 = "not_applicable";
  const Json json = declaration_json(dossier);
  std::vector<std::string> left_out;
  for (const Json& field : json["fields"].items())
    if (field["state"].string_or("") == "not_applicable")
      left_out.push_back(field["id"].string_or(""));
  EXPECT_THAT(left_out,
              ElementsAre("high_risk", "protection_level", "personal_data", "additional"));
  const std::string text = test::read_html(html_of(dossier)).text;
  EXPECT_THAT(text, HasSubstr("OJ L, 2024/2847"));
  EXPECT_THAT(text, Not(HasSubstr("OJ L, 2024/1689")));
}

TEST(Declaration, LeavesTheDataProtectionStatementToAPerson) {
  Dossier dossier = complete_dossier();
  dossier.product.facts[2].value = true;
  const Json json = declaration_json(dossier);
  for (const Json& field : json["fields"].items())
    if (field["id"].string_or("") == "personal_data") {
      EXPECT_EQ(field["state"].string_or(""), "human");
      EXPECT_TRUE(field["entries"].items()[0]["value"].is_null());
    }
}

TEST(Declaration, AsksForTheBodyOnlyWhereEveryOpenProcedureHasOne) {
  Dossier dossier = complete_dossier();
  EXPECT_THAT(missing_fields(declaration_needs(), dossier), IsEmpty());
  dossier.law.codes.cra_routes = {"H"};
  ASSERT_EQ(missing_fields(declaration_needs(), dossier).size(), 1U);
  dossier.product.declaration.notified_body = "Example Body";
  EXPECT_THAT(missing_fields(declaration_needs(), dossier), IsEmpty());
}

// CRA Article 28(3), AI Act Article 47(3): one declaration names every act that wants one.
TEST(Declaration, NamesTheSectorActsThatTheProductFileStates) {
  Dossier dossier = sample_dossier();
  const auto field = std::ranges::find(declaration_fields(), "acts", &DeclarationField::id);
  ASSERT_NE(field, declaration_fields().end());
  const auto entries = field->entries(dossier);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[2].label, "Named by the product file (atex)");
  EXPECT_THAT(entries[2].value, HasSubstr("2014/34/EU"));
  EXPECT_THAT(entries[2].value, HasSubstr("OJ L 96, 29.3.2014, p. 309"));
  EXPECT_THAT(entries[2].value, HasSubstr("not checked here"));
  dossier.law.sector_acts.clear();
  EXPECT_EQ(field->entries(dossier).size(), 2U);
}

}  // namespace
}  // namespace lockstep::documents
