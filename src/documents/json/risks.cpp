// SPDX-License-Identifier: Apache-2.0
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json to_json(const Likelihood& likelihood) {
  return Json::object_of({{"median", likelihood.median},
                          {"q95", likelihood.q95},
                          {"monte_carlo_error", likelihood.monte_carlo_error}});
}

Json to_json(const Control& control) {
  return Json::object_of({{"id", control.id},
                          {"title", control.title},
                          {"hierarchy", control.hierarchy},
                          {"effectiveness", control.effectiveness},
                          {"weight", control.weight},
                          {"evidence", text_or_null(control.evidence)}});
}

Json to_json(const NumberOrigin& number) {
  return Json::object_of({{"name", number.name},
                          {"value", number.value},
                          {"source", number.source},
                          {"evidence", text_or_null(number.evidence)}});
}

Json to_json(const InputSensitivity& one) {
  return Json::object_of(
      {{"input", one.input},
       {"low", one.low},
       {"high", one.high},
       {"level_low", one.level_low},
       {"level_high", one.level_high},
       {"rank_correlation", one.rank_correlation ? Json(*one.rank_correlation) : Json()},
       {"crossing", one.crossing}});
}

}  // namespace

Json to_json(const OverallRisk& overall) {
  return Json::object_of({{"class", text_or_null(overall.harm_class)},
                          {"scenarios", overall.scenarios},
                          {"milder", overall.milder},
                          {"without_level", overall.without_level},
                          {"low", overall.low},
                          {"point", overall.point},
                          {"high", overall.high}});
}

Json to_json(const Risk& risk) {
  return Json::object_of(
      {{"id", risk.id},
       {"title", risk.title},
       {"acts", Json::array_of(risk.acts)},
       {"requirements", Json::array_of(risk.requirements)},
       {"asset", risk.asset},
       {"cause", risk.cause},
       {"techniques", Json::array_of(risk.techniques)},
       {"situation", risk.situation},
       {"harm", Json::object_of({{"class", risk.harm.harm_class},
                                 {"severity", risk.harm.severity},
                                 {"reason", text_or_null(risk.harm.reason)}})},
       {"inherent", to_json(risk.inherent)},
       {"current", to_json(risk.current)},
       {"band", risk.band},
       {"level", risk.level},
       {"tags", Json::array_of(risk.tags)},
       {"decision", text_or_null(risk.decision)},
       {"state", to_text(risk.state)},
       {"controls",
        list_of(risk.controls, [](const Control& control) { return to_json(control); })},
       {"numbers",
        list_of(risk.numbers, [](const NumberOrigin& number) { return to_json(number); })},
       {"sensitivity",
        list_of(risk.sensitivity, [](const InputSensitivity& one) { return to_json(one); })},
       {"next_evidence", text_or_null(risk.next_evidence)},
       {"findings", Json::array_of(risk.findings)},
       {"because", risk.because},
       {"seed", seed_json(risk.seed)},
       {"horizon_years", risk.horizon_years}});
}

Json risks_json(std::span<const Risk> risks, int exit) {
  return Json::object_of({{"schema", "lockstep/risks/1"},
                          {"risks", list_of(risks, [](const Risk& risk) { return to_json(risk); })},
                          {"exit", exit}});
}

}  // namespace lockstep::documents
