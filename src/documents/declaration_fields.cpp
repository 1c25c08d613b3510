// SPDX-License-Identifier: Apache-2.0
// The fields of the declaration: the union of what CRA Annex V and AI Act Annex V list, in one
// order. Where the acts say the same, the field is there once and carries both clauses.
#include <array>
#include <fmt/format.h>

#include "documents/declaration.hpp"
#include "documents/declaration_values.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

using Entries = std::vector<DeclarationEntry>;

std::string always(const Dossier&) {
  return "";
}

std::string ids_of(const std::vector<const Obligation*>& obligations) {
  std::string ids;
  for (const Obligation* one : obligations)
    ids += (ids.empty() ? "" : ", ") + one->id;
  return ids;
}

/// The statement when everything behind it is shown, else nothing.
std::string only_if(const Shown& group, std::string statement) {
  return group.all() ? std::move(statement) : "";
}

std::string tally(const Shown& group) {
  return fmt::format("{} of {} requirements shown", group.asked.size() - group.open.size(),
                     group.asked.size());
}

// CRA Annex V(1), AI Act Annex V(1)
constexpr std::array<Provision, 2> identification_cites = {
    {{cra_act, "anx_V/pnt_1"}, {ai_act_act, "anx_V/pnt_1"}}};

Entries identification(const Dossier& dossier) {
  const Product& product = dossier.product;
  return {{"Name", product.name},
          {"Type, batch or other unique identification", product.type},
          {"Version", product.version}};
}

// CRA Annex V(2), AI Act Annex V(2)
constexpr std::array<Provision, 2> maker_cites = {
    {{cra_act, "anx_V/pnt_2"}, {ai_act_act, "anx_V/pnt_2"}}};

Entries maker(const Dossier& dossier) {
  const Operator& maker = dossier.product.manufacturer;
  const Operator& representative = dossier.product.authorised_representative;
  Entries entries = {{"Manufacturer and provider", maker.name},
                     {"Address", maker.address},
                     {"Country", maker.country}};
  if (!representative.name.empty()) {
    entries.push_back({"Authorised representative", representative.name});
    entries.push_back({"Address of the authorised representative", representative.address});
  }
  return entries;
}

// CRA Annex V(3), AI Act Annex V(3)
constexpr std::array<Provision, 2> responsibility_cites = {
    {{cra_act, "anx_V/pnt_3"}, {ai_act_act, "anx_V/pnt_3"}}};

Entries responsibility(const Dossier& dossier) {
  if (dossier.product.manufacturer.name.empty()) return {{"Statement", ""}};
  return {{"Statement (takes effect only with the signature)",
           "The manufacturer, who is also the provider, issues this declaration under its sole "
           "responsibility."}};
}

// CRA Annex V(4)
constexpr std::array<Provision, 1> object_cites = {{{cra_act, "anx_V/pnt_4"}}};

Entries object(const Dossier& dossier) {
  Entries entries = {{"Object of the declaration", dossier.product.declaration.object}};
  for (const Bom& bom : dossier.boms)
    entries.push_back({"Traced by bill of materials " + bom.path, "SHA-256 " + bom.sha256});
  for (const Measurement& test : dossier.measurements)
    entries.push_back({"Traced by model " + test.model.path, "SHA-256 " + test.model.sha256});
  return entries;
}

// CRA Annex V(5), Article 28(3); AI Act Annex V(4), Article 47(3)
constexpr std::array<Provision, 4> acts_cites = {{{cra_act, "anx_V/pnt_5"},
                                                  {cra_act, "art_28/par_3"},
                                                  {ai_act_act, "anx_V/pnt_4"},
                                                  {ai_act_act, "art_47/par_3"}}};

/// Title and publication reference of an act, or nothing when either is not recorded.
std::string act_line(const Dossier& dossier, std::string_view act) {
  const ActReference* reference = act_reference(dossier, act);
  if (reference == nullptr || reference->title.empty() || reference->official_journal.empty())
    return "";
  return reference->title + " (" + reference->official_journal + ")";
}

Entries acts(const Dossier& dossier) {
  Entries entries;
  if (may_concern_cra(dossier))
    entries.push_back({short_title(dossier.law, cra_act), act_line(dossier, cra_act)});
  if (may_concern_ai_act(dossier))
    entries.push_back({short_title(dossier.law, ai_act_act), act_line(dossier, ai_act_act)});
  for (const SectorAct& act : dossier.law.sector_acts)
    entries.push_back({"Named by the product file (" + act.word + ")",
                       fmt::format("{} ({}). You state that this act covers the product; whether "
                                   "its own requirements are met is not checked here.",
                                   act.title, act.official_journal)});
  return entries;
}

std::string no_act(const Dossier& dossier) {
  return may_concern_cra(dossier) || may_concern_ai_act(dossier)
             ? ""
             : "no act that was checked asks for this declaration";
}

std::string no_cra(const Dossier& dossier) {
  return may_concern_cra(dossier) ? "" : "the CRA asks for no declaration for this product";
}

std::string no_ai_act(const Dossier& dossier) {
  return may_concern_ai_act(dossier) ? "" : "the AI Act asks for no declaration for this product";
}

// CRA Article 28(1)
constexpr std::array<Provision, 1> annex_1_cites = {{{cra_act, "art_28/par_1"}}};

Entries essential_requirements(const Dossier& dossier) {
  const Shown group = annex_1(dossier);
  return {{"Statement",
           only_if(group,
                   "Fulfilment of the applicable essential cybersecurity requirements, for "
                   "the product and for vulnerability handling, has been demonstrated.")},
          {"Basis", tally(group)},
          {"Open requirements", group.open.empty() ? "none" : ids_of(group.open)}};
}

// AI Act Article 47(2)
constexpr std::array<Provision, 1> high_risk_cites = {{{ai_act_act, "art_47/par_2"}}};

Entries high_risk(const Dossier& dossier) {
  const Shown group = high_risk_requirements(dossier);
  return {{"Statement", only_if(group,
                                "The high-risk AI system meets the requirements that the AI "
                                "Act sets for such systems.")},
          {"Basis", tally(group)},
          {"Open requirements", group.open.empty() ? "none" : ids_of(group.open)}};
}

// CRA Article 12(1)(c), AI Act Article 42(3)
constexpr std::array<Provision, 2> protection_cites = {
    {{cra_act, "art_12/par_1/pnt_c"}, {ai_act_act, "art_42/par_3"}}};

std::string no_article_12(const Dossier& dossier) {
  return article_12_applies(dossier)
             ? ""
             : "the joint rule of both acts does not apply (outcome: " +
                   (dossier.law.codes.article_12.empty() ? std::string("not decided")
                                                         : dossier.law.codes.article_12) +
                   ")";
}

Entries protection(const Dossier& dossier) {
  const Shown level = protection_level(dossier);
  const bool holds = level.all() && annex_1(dossier).all();
  Entries entries = {
      {"Statement",
       holds ? "The level of cybersecurity protection that the AI Act requires of this high-risk "
               "system is demonstrated by the evidence named here."
             : ""},
      {"Basis", tally(level)},
      {"Open requirements", level.open.empty() ? "none" : ids_of(level.open)}};
  for (const TestVerdict& verdict : dossier.verdicts)
    entries.push_back({"Test " + verdict.test, mark(verdict.state).word + ": " + verdict.because});
  for (const Obligation* obligation : level.asked)
    for (const std::string& id : obligation->evidence)
      for (const Evidence& evidence : dossier.evidence)
        if (evidence.id == id) entries.push_back({"Evidence " + id, "SHA-256 " + evidence.sha256});
  return entries;
}

// AI Act Annex V(5)
constexpr std::array<Provision, 1> personal_data_cites = {{{ai_act_act, "anx_V/pnt_5"}}};

std::string no_personal_data(const Dossier& dossier) {
  if (!may_concern_ai_act(dossier)) return no_ai_act(dossier);
  return processes_personal_data(dossier) == Truth::no ? "no personal data are processed" : "";
}

Entries personal_data(const Dossier& dossier) {
  if (processes_personal_data(dossier) == Truth::unknown)
    return {{"Whether personal data are processed", ""}};
  // Whether data protection law is met was not looked at here, so that only a person can state it.
  return {
      {"Statement of conformity with Union data protection law (to be made by the person who "
       "signs; lockstep has not checked it)",
       ""}};
}

// CRA Annex V(6), AI Act Annex V(6)
constexpr std::array<Provision, 2> standards_cites = {
    {{cra_act, "anx_V/pnt_6"}, {ai_act_act, "anx_V/pnt_6"}}};

std::string no_standards(const Dossier& dossier) {
  return dossier.product.declaration.standards.empty()
             ? "the product file names no standard, specification or certification scheme"
             : "";
}

Entries standards(const Dossier& dossier) {
  Entries entries;
  for (const std::string& standard : dossier.product.declaration.standards)
    entries.push_back({"Standard, specification or certification", standard});
  return entries;
}

// CRA Annex V(7), AI Act Annex V(7)
constexpr std::array<Provision, 2> body_cites = {
    {{cra_act, "anx_V/pnt_7"}, {ai_act_act, "anx_V/pnt_7"}}};

Entries body(const Dossier& dossier) {
  const DeclarationInput& input = dossier.product.declaration;
  std::string routes;
  for (const std::string& route : dossier.law.codes.cra_routes)
    routes += (routes.empty() ? "" : ", ") + route;
  Entries entries = {{"Procedure, as the product file states it", input.procedure},
                     {"Procedures that are open, as lockstep found", routes}};
  if (has_code(dossier.law.codes.cra_routes, "A") && input.notified_body.empty()) {
    entries.push_back({"Notified body", "none named; one open procedure needs none"});
    return entries;
  }
  entries.push_back({"Notified body", input.notified_body});
  entries.push_back({"Number of the notified body", input.notified_body_number});
  entries.push_back({"Certificate", input.certificate});
  return entries;
}

// CRA Annex V(8)
constexpr std::array<Provision, 1> additional_cites = {{{cra_act, "anx_V/pnt_8"}}};

std::string no_additional(const Dossier& dossier) {
  return dossier.product.declaration.additional.empty() ? "nothing to add was given" : "";
}

Entries additional(const Dossier& dossier) {
  return {{"Additional information", dossier.product.declaration.additional}};
}

// CRA Annex V(8), AI Act Annex V(8)
constexpr std::array<Provision, 2> signature_cites = {
    {{cra_act, "anx_V/pnt_8"}, {ai_act_act, "anx_V/pnt_8"}}};

Entries signature(const Dossier& dossier) {
  const DeclarationInput& input = dossier.product.declaration;
  return {{"Signed for and on behalf of", dossier.product.manufacturer.name},
          {"Place of issue", input.place},
          {"Date of issue", input.date},
          {"Name", input.signatory},
          {"Function", input.function}};
}

constinit const std::array<DeclarationField, 13> fields = {{
    {"identification", "Product", identification_cites, always, identification},
    {"manufacturer", "Manufacturer", maker_cites, always, maker},
    {"responsibility", "Sole responsibility", responsibility_cites, always, responsibility},
    {"object", "Object of the declaration", object_cites, always, object},
    {"acts", "Union acts that the product is in conformity with", acts_cites, no_act, acts},
    {"annex_1", "Essential cybersecurity requirements", annex_1_cites, no_cra,
     essential_requirements},
    {"high_risk", "Requirements for high-risk AI systems", high_risk_cites, no_ai_act, high_risk},
    {"protection_level", "Level of cybersecurity protection of the AI system", protection_cites,
     no_article_12, protection},
    {"personal_data", "Personal data", personal_data_cites, no_personal_data, personal_data},
    {"standards", "Standards, specifications and certification", standards_cites, no_standards,
     standards},
    {"notified_body", "Conformity assessment procedure and notified body", body_cites, always,
     body},
    {"additional", "Additional information", additional_cites, no_additional, additional},
    {"signature", "Signature", signature_cites, always, signature},
}};

}  // namespace

std::span<const DeclarationField> declaration_fields() {
  return fields;
}

}  // namespace lockstep::documents
