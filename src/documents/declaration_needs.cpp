// SPDX-License-Identifier: Apache-2.0
// What the declaration cannot be complete without, and which clause wants it.
#include <array>

#include "documents/declaration.hpp"
#include "documents/declaration_values.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

// CRA Annex V(1), AI Act Annex V(1)
constexpr std::array<Provision, 2> identification = {
    {{cra_act, "anx_V/pnt_1"}, {ai_act_act, "anx_V/pnt_1"}}};
// CRA Annex V(2), AI Act Annex V(2)
constexpr std::array<Provision, 2> maker = {
    {{cra_act, "anx_V/pnt_2"}, {ai_act_act, "anx_V/pnt_2"}}};
// CRA Annex V(4)
constexpr std::array<Provision, 1> object = {{{cra_act, "anx_V/pnt_4"}}};
// CRA Annex V(5), Article 28(3)
constexpr std::array<Provision, 2> cra_reference = {
    {{cra_act, "anx_V/pnt_5"}, {cra_act, "art_28/par_3"}}};
// AI Act Annex V(4), Article 47(3)
constexpr std::array<Provision, 2> ai_act_reference = {
    {{ai_act_act, "anx_V/pnt_4"}, {ai_act_act, "art_47/par_3"}}};
// CRA Article 28(3), AI Act Article 47(3)
constexpr std::array<Provision, 2> one_declaration = {
    {{cra_act, "art_28/par_3"}, {ai_act_act, "art_47/par_3"}}};
// CRA Article 28(1)
constexpr std::array<Provision, 1> essential = {{{cra_act, "art_28/par_1"}}};
// AI Act Article 47(2)
constexpr std::array<Provision, 1> high_risk = {{{ai_act_act, "art_47/par_2"}}};
// CRA Article 12(1)(c), AI Act Article 42(3)
constexpr std::array<Provision, 2> protection = {
    {{cra_act, "art_12/par_1/pnt_c"}, {ai_act_act, "art_42/par_3"}}};
// AI Act Annex V(5)
constexpr std::array<Provision, 1> personal_data = {{{ai_act_act, "anx_V/pnt_5"}}};
// CRA Annex V(7), AI Act Annex V(7)
constexpr std::array<Provision, 2> body = {{{cra_act, "anx_V/pnt_7"}, {ai_act_act, "anx_V/pnt_7"}}};
// CRA Annex V(8), AI Act Annex V(8)
constexpr std::array<Provision, 2> signature = {
    {{cra_act, "anx_V/pnt_8"}, {ai_act_act, "anx_V/pnt_8"}}};

bool has_reference(const Dossier& dossier, std::string_view act) {
  const ActReference* reference = act_reference(dossier, act);
  return reference != nullptr && !reference->title.empty() && !reference->official_journal.empty();
}

/// A notified body takes part unless an open procedure does without.
bool body_is_given(const Dossier& dossier, const std::string& value) {
  return !value.empty() || !may_concern_cra(dossier) || has_code(dossier.law.codes.cra_routes, "A");
}

constinit const std::array<Need, 21> needs = {{
    {"product.name", "identification", "the name of the product", identification,
     [](const Dossier& d) { return !d.product.name.empty(); }},
    {"product.type", "identification", "the type, batch or other unique identification",
     identification, [](const Dossier& d) { return !d.product.type.empty(); }},
    {"operators.manufacturer.name", "manufacturer", "the name of the manufacturer", maker,
     [](const Dossier& d) { return !d.product.manufacturer.name.empty(); }},
    {"operators.manufacturer.address", "manufacturer", "the address of the manufacturer", maker,
     [](const Dossier& d) { return !d.product.manufacturer.address.empty(); }},
    {"operators.authorised_representative.address", "manufacturer",
     "the address of the authorised representative who is named", maker,
     [](const Dossier& d) {
       const Operator& representative = d.product.authorised_representative;
       return representative.name.empty() || !representative.address.empty();
     }},
    {"declaration.object", "object", "a description of the object that allows it to be traced",
     object, [](const Dossier& d) { return !d.product.declaration.object.empty(); }},
    {"scope.cra", "acts", "an answer on whether the act covers the product", cra_reference,
     [](const Dossier& d) { return cra_declares(d) != Truth::unknown; }},
    {"scope.ai_act", "acts", "an answer on whether the system is high-risk", ai_act_reference,
     [](const Dossier& d) { return ai_act_declares(d) != Truth::unknown; }},
    {"acts.cra", "acts", "the act's title and its reference in the Official Journal", cra_reference,
     [](const Dossier& d) { return !may_concern_cra(d) || has_reference(d, cra_act); }},
    {"acts.ai_act", "acts", "the act's title and its reference in the Official Journal",
     ai_act_reference,
     [](const Dossier& d) { return !may_concern_ai_act(d) || has_reference(d, ai_act_act); }},
    {union_acts_fact, "acts", "an answer on which other Union acts cover the product",
     one_declaration,
     [](const Dossier& d) {
       return (!may_concern_cra(d) && !may_concern_ai_act(d)) || states_union_acts(d);
     }},
    {"requirements.annex_1", "annex_1", "proof of every essential requirement that applies",
     essential, [](const Dossier& d) { return !may_concern_cra(d) || annex_1(d).all(); }},
    {"requirements.high_risk", "high_risk",
     "proof of every requirement for high-risk systems that applies", high_risk,
     [](const Dossier& d) { return !may_concern_ai_act(d) || high_risk_requirements(d).all(); }},
    {"requirements.protection_level", "protection_level",
     "evidence for the protection of the AI system against attacks", protection,
     [](const Dossier& d) {
       return !article_12_applies(d) || (protection_level(d).all() && annex_1(d).all());
     }},
    {personal_data_fact, "personal_data", "an answer on whether personal data are processed",
     personal_data,
     [](const Dossier& d) {
       return !may_concern_ai_act(d) || processes_personal_data(d) != Truth::unknown;
     }},
    {"declaration.procedure", "notified_body", "the conformity assessment procedure that was used",
     body, [](const Dossier& d) { return !d.product.declaration.procedure.empty(); }},
    {"declaration.notified_body", "notified_body",
     "the notified body, because every open procedure involves one", body,
     [](const Dossier& d) { return body_is_given(d, d.product.declaration.notified_body); }},
    {"declaration.place", "signature", "the place of issue", signature,
     [](const Dossier& d) { return !d.product.declaration.place.empty(); }},
    {"declaration.date", "signature", "the date of issue", signature,
     [](const Dossier& d) { return !d.product.declaration.date.empty(); }},
    {"declaration.signatory", "signature", "the name of the person who signs", signature,
     [](const Dossier& d) { return !d.product.declaration.signatory.empty(); }},
    {"declaration.function", "signature", "the function of the person who signs", signature,
     [](const Dossier& d) { return !d.product.declaration.function.empty(); }},
}};

}  // namespace

std::span<const Need> declaration_needs() {
  return needs;
}

}  // namespace lockstep::documents
