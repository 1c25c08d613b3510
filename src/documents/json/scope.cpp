// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json to_json(const DecisionStep& step) {
  return Json::object_of({{"id", step.id},
                          {"question", step.question},
                          {"answer", to_text(step.answer)},
                          {"outcome", text_or_null(step.outcome)},
                          {"cites", Json::array_of(step.cites)},
                          {"because", Json::array_of(step.because)},
                          {"missing", Json::array_of(step.missing)},
                          {"basis", text_or_null(step.basis)}});
}

Json to_json(const LegalDate& date) {
  return Json::object_of(
      {{"day", to_text(date.day)}, {"act", date.act}, {"what", date.what}, {"cites", date.cites}});
}

Json to_json(const ActReference& act) {
  return Json::object_of({{"id", act.id},
                          {"short_title", act.short_title},
                          {"title", act.title},
                          {"official_journal", text_or_null(act.official_journal)}});
}

/// To two decimals: what is known so roughly is not shown finely.
double rounded(double outcomes) {
  constexpr double hundred = 100;
  return std::round(outcomes * hundred) / hundred;
}

}  // namespace

Json to_json(const ScopeCodes& codes) {
  return Json::object_of({{"cra", Json::array_of(codes.cra)},
                          {"cra_routes", Json::array_of(codes.cra_routes)},
                          {"ai_act", Json::array_of(codes.ai_act)},
                          {"nis2", Json::array_of(codes.nis2)},
                          {"article_12", codes.article_12}});
}

Json to_json(const Answer& answer) {
  return Json::object_of(
      {{"id", answer.id},
       {"act", answer.act},
       {"question", answer.question},
       {"state", to_text(answer.state)},
       {"codes", Json::array_of(answer.codes)},
       {"cites", Json::array_of(answer.cites)},
       {"because", Json::array_of(answer.because)},
       {"missing", Json::array_of(answer.missing)},
       {"steps", list_of(answer.steps, [](const DecisionStep& step) { return to_json(step); })}});
}

Json to_json(const Obligation& obligation) {
  return Json::object_of({{"id", obligation.id},
                          {"act", obligation.act},
                          {"says", obligation.says},
                          {"group", obligation.group},
                          {"cites", Json::array_of(obligation.cites)},
                          {"owed_by", obligation.owed_by},
                          {"basis", text_or_null(obligation.basis)},
                          {"owed_to", Json::array_of(obligation.duty.owed_to)},
                          {"trigger", text_or_null(obligation.duty.trigger)},
                          {"documents", Json::array_of(obligation.duty.documents)},
                          {"keep", text_or_null(obligation.duty.keep)},
                          {"sanction", text_or_null(obligation.duty.sanction)},
                          {"sanction_eur", obligation.duty.sanction_eur},
                          {"applies_from", day_or_null(obligation.applies_from)},
                          {"state", to_text(obligation.state)},
                          {"evidence_kinds", Json::array_of(obligation.evidence_kinds)},
                          {"evidence", Json::array_of(obligation.evidence)},
                          {"because", Json::array_of(obligation.because)},
                          {"missing", Json::array_of(obligation.missing)},
                          {"crosswalk", list_of(obligation.crosswalk, [](const Overlap& overlap) {
                             return Json::object_of(
                                 {{"id", overlap.id}, {"strength", to_text(overlap.strength)}});
                           })}});
}

Json to_json(const Conflict& conflict) {
  return Json::object_of({{"id", conflict.id},
                          {"provisions", list_of(conflict.provisions,
                                                 [](const Citation& cite) {
                                                   return Json::object_of(
                                                       {{"act", cite.act}, {"path", cite.path}});
                                                 })},
                          {"applies", to_text(conflict.applies)},
                          {"collides", conflict.collides},
                          {"resolution", conflict.resolution},
                          {"resolved_by", conflict.stated ? "stated" : "ours"},
                          {"stated_in", conflict.stated_in},
                          {"because", Json::array_of(conflict.because)},
                          {"missing", Json::array_of(conflict.missing)}});
}

Json to_json(const MissingFact& fact) {
  return Json::object_of({{"fact", fact.fact},
                          {"question", fact.question},
                          {"outcomes_fewer", rounded(fact.fewer)},
                          {"would_decide", Json::array_of(fact.would_decide)}});
}

Json to_json(const LawChange& change) {
  return Json::object_of({{"day", to_text(change.day)},
                          {"act", change.act},
                          {"by", text_or_null(change.by)},
                          {"says", change.says},
                          {"rules", Json::array_of(change.rules)},
                          {"cites", Json::array_of(change.cites)},
                          {"facts", Json::array_of(change.facts)},
                          {"changed", Json::array_of(change.changed)},
                          {"state", change.changed.empty() ? "warn" : "human"}});
}

Json scope_json(const std::string& product, const LegalView& law, int exit) {
  return Json::object_of(
      {{"schema", "lockstep/scope/1"},
       {"product", product},
       {"as_of", to_text(law.as_of)},
       {"acts", list_of(law.acts, [](const ActReference& act) { return to_json(act); })},
       {"codes", to_json(law.codes)},
       {"answers", list_of(law.answers, [](const Answer& answer) { return to_json(answer); })},
       {"obligations",
        list_of(law.obligations, [](const Obligation& one) { return to_json(one); })},
       {"conflicts",
        list_of(law.conflicts, [](const Conflict& conflict) { return to_json(conflict); })},
       {"missing_facts",
        list_of(law.missing_facts, [](const MissingFact& fact) { return to_json(fact); })},
       {"facts_answered", day_or_null(law.facts_answered)},
       {"changes_since",
        list_of(law.changes_since, [](const LawChange& change) { return to_json(change); })},
       {"dates", list_of(law.dates, [](const LegalDate& date) { return to_json(date); })},
       {"exit", exit}});
}

}  // namespace lockstep::documents
