// SPDX-License-Identifier: Apache-2.0
#include "base/url.hpp"
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json numbers_of(const std::vector<double>& values) {
  Json numbers = Json::array();
  for (const double value : values)
    numbers.push(value);
  return numbers;
}

Json to_json(const Operator& one) {
  return Json::object_of({{"name", text_or_null(one.name)},
                          {"address", text_or_null(one.address)},
                          {"country", text_or_null(one.country)},
                          {"email", text_or_null(one.email)},
                          {"website", text_or_null(one.website)}});
}

Json to_json(const EvasionTest& test) {
  return Json::object_of({{"id", test.id},
                          {"attack", test.attack},
                          {"norm", test.norm},
                          {"epsilon", test.epsilon},
                          {"steps", test.steps},
                          {"restarts", test.restarts},
                          {"eot", test.passes},
                          {"samples", test.samples},
                          {"random_start", test.random_start},
                          {"knowledge", test.knowledge},
                          {"max_attack_success", test.max_attack_success},
                          {"reason", text_or_null(test.reason)},
                          {"curve", numbers_of(test.curve)}});
}

Json to_json(const DeclaredInput& entry) {
  const DeclaredMetric& declared = entry.declared;
  return Json::object_of({{"metric", declared.metric},
                          {"class", declared.class_index < 0 ? Json() : Json(declared.class_index)},
                          {"group", text_or_null(declared.group)},
                          {"value", declared.value},
                          {"confidence", declared.confidence},
                          {"data", text_or_null(entry.data)},
                          {"reason", text_or_null(entry.reason)}});
}

Json to_json(const ModelInput& model) {
  return Json::object_of(
      {{"id", model.id},
       {"path", is_address(model.path) ? without_query(model.path) : model.path},
       {"data", text_or_null(model.data)},
       {"columns", text_or_null(model.columns)},
       {"text", text_or_null(model.text)},
       {"preprocessing", text_or_null(to_text(model.preprocessing))},
       {"purpose", text_or_null(model.purpose)},
       {"groups", text_or_null(model.groups)},
       {"declared", list_of(model.declared, [](const DeclaredInput& one) { return to_json(one); })},
       {"evasion", list_of(model.evasion, [](const EvasionTest& one) { return to_json(one); })}});
}

Json to_json(const DeclarationInput& declaration) {
  return Json::object_of({{"number", text_or_null(declaration.number)},
                          {"object", text_or_null(declaration.object)},
                          {"standards", Json::array_of(declaration.standards)},
                          {"notified_body", text_or_null(declaration.notified_body)},
                          {"notified_body_number", text_or_null(declaration.notified_body_number)},
                          {"certificate", text_or_null(declaration.certificate)},
                          {"procedure", text_or_null(declaration.procedure)},
                          {"place", text_or_null(declaration.place)},
                          {"date", text_or_null(declaration.date)},
                          {"signatory", text_or_null(declaration.signatory)},
                          {"function", text_or_null(declaration.function)},
                          {"additional", text_or_null(declaration.additional)}});
}

Json to_json(const ControlInput& control) {
  return Json::object_of({{"id", control.id},
                          {"title", control.title},
                          {"hierarchy", control.hierarchy},
                          {"effectiveness", control.effectiveness},
                          {"strength", control.strength},
                          {"evidence", text_or_null(control.evidence)},
                          {"date", text_or_null(control.date)}});
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const RiskJudgement& risk) {
  return Json::object_of({{"id", risk.id},
                          {"rate_low", number_or_null(risk.rate_low)},
                          {"rate_high", number_or_null(risk.rate_high)},
                          {"harm_low", number_or_null(risk.harm_low)},
                          {"harm_high", number_or_null(risk.harm_high)},
                          {"class", text_or_null(risk.harm_class)},
                          {"severity", risk.severity},
                          {"reason", text_or_null(risk.reason)},
                          {"by", text_or_null(risk.by)},
                          {"date", text_or_null(risk.date)},
                          {"decision", text_or_null(risk.decision)},
                          {"reviewed_by", text_or_null(risk.reviewed_by)},
                          {"expires", text_or_null(risk.expires)},
                          {"controls", Json::array_of(risk.controls)}});
}

}  // namespace

Json to_json(const Fact& fact) {
  return Json::object_of(
      {{"name", fact.name}, {"value", to_text(fact.value)}, {"from", to_text(fact.provenance)}});
}

Json to_json(const Product& product, Times times) {
  Json json = Json::object_of(
      {{"path", product.path},
       {"sha256", product.sha256},
       {"name", product.name},
       {"version", product.version},
       {"type", text_or_null(product.type)},
       {"description", text_or_null(product.description)},
       {"intended_purpose", text_or_null(product.intended_purpose)},
       {"foreseeable_misuse", Json::array_of(product.foreseeable_misuse)},
       {"placed_on_market", day_or_null(product.placed_on_market)},
       {"facts_answered", day_or_null(product.facts_answered)},
       {"support", Json::object_of({{"from", day_or_null(product.support_from)},
                                    {"until", day_or_null(product.support_until)},
                                    {"reason", text_or_null(product.support_reason)}})}});
  json.set(
      "operators",
      Json::object_of({{"manufacturer", to_json(product.manufacturer)},
                       {"authorised_representative", to_json(product.authorised_representative)},
                       {"importer", to_json(product.importer)}}));
  json.set("security",
           Json::object_of({{"contact", text_or_null(product.security_contact)},
                            {"disclosure_policy", text_or_null(product.disclosure_policy)}}));
  json.set("handling", Json::object_of({{"days_to_fix", numbers_of(product.handling.days_to_fix)},
                                        {"evidence", text_or_null(product.handling.evidence)}}));
  json.set("facts", list_of(product.facts, [](const Fact& fact) { return to_json(fact); }));
  json.set("sboms", list_of(product.sboms, [](const SbomInput& sbom) {
             return Json::object_of({{"path", sbom.path}, {"part", text_or_null(sbom.part)}});
           }));
  json.set("vex", Json::array_of(product.vex));
  json.set("models", list_of(product.models, [](const ModelInput& one) { return to_json(one); }));
  json.set("evidence",
           list_of(product.evidence, [&](const Evidence& one) { return to_json(one, times); }));
  json.set("controls",
           list_of(product.controls, [](const ControlInput& one) { return to_json(one); }));
  json.set("risks", list_of(product.risks, [](const RiskJudgement& one) { return to_json(one); }));
  json.set("declaration", to_json(product.declaration));
  return json;
}

}  // namespace lockstep::documents
