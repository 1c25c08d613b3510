// SPDX-License-Identifier: Apache-2.0
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

Json to_json(const Rating& rating) {
  return Json::object_of({{"source", text_or_null(rating.source)},
                          {"vector", text_or_null(rating.vector)},
                          {"score", rating.score ? Json(*rating.score) : Json()},
                          {"rating", rating.word}});
}

Json to_json(const std::optional<EpssScore>& epss) {
  if (!epss) return {};
  return Json::object_of(
      {{"probability", epss->probability}, {"percentile", epss->percentile}, {"date", epss->date}});
}

Json to_json(const std::optional<AppliedVex>& vex) {
  if (!vex) return {};
  return Json::object_of({{"status", vex->status},
                          {"statement", vex->statement},
                          {"justification", text_or_null(vex->justification)},
                          {"document", text_or_null(vex->document)},
                          {"author", text_or_null(vex->author)},
                          {"accepted_by", text_or_null(vex->accepted_by)},
                          {"accepted_until", text_or_null(vex->accepted_until)},
                          {"carried_from", text_or_null(vex->carried_from)},
                          {"needs_confirmation", vex->needs_confirmation},
                          {"disagrees", Json::array_of(vex->disagrees)},
                          {"replaces", Json::array_of(vex->replaces)},
                          {"at", text_or_null(vex->at)}});
}

Json to_json(const Exploitation& fact) {
  return Json::object_of({{"source", fact.source},
                          {"since", text_or_null(fact.since)},
                          {"origin", text_or_null(fact.origin)},
                          {"ransomware", fact.ransomware}});
}

Json to_json(const DecidingRule& rule) {
  return Json::object_of({{"policy", rule.policy},
                          {"rule", rule.rule},
                          {"reason", text_or_null(rule.reason)},
                          {"not_asked", Json::array_of(rule.not_asked)}});
}

Json to_json(const std::optional<FindingReach>& reach) {
  if (!reach) return {};
  return Json::object_of({{"reachable", reach->word},
                          {"because", text_or_null(reach->because)},
                          {"tool", reach->tool}});
}

Json to_json(const std::optional<FindingSsvc>& ssvc) {
  if (!ssvc) return {};
  return Json::object_of({{"tree", ssvc->tree},
                          {"outcomes", Json::array_of(ssvc->outcomes)},
                          {"inputs", Json::array_of(ssvc->inputs)},
                          {"missing", Json::array_of(ssvc->missing)}});
}

}  // namespace

Json to_json(const Finding& finding) {
  return Json::object_of(
      {{"sbom", finding.sbom},
       {"component", finding.component},
       {"reference", finding.reference},
       {"purl", text_or_null(finding.purl)},
       {"version", text_or_null(finding.version)},
       {"advisory", finding.advisory},
       {"flaw", text_or_null(finding.flaw)},
       {"matched", Json::array_of(finding.matched)},
       {"upstream", Json::array_of(finding.upstream)},
       {"aliases", Json::array_of(finding.aliases)},
       {"summary", finding.summary},
       {"because", finding.because},
       {"fixed", Json::array_of(finding.fixed)},
       {"severity", to_json(finding.severity)},
       {"epss", to_json(finding.epss)},
       {"known_exploited", Json::array_of(finding.known_exploited)},
       {"exploited",
        list_of(finding.exploited, [](const Exploitation& fact) { return to_json(fact); })},
       {"vex", to_json(finding.vex)},
       {"state", to_text(finding.state)},
       {"state_because", finding.state_because},
       {"decided_by", to_json(finding.decided_by)},
       {"published", text_or_null(finding.published)},
       {"reach", to_json(finding.reach)},
       {"scope", text_or_null(finding.scope)},
       {"ssvc", to_json(finding.ssvc)}});
}

Json to_json(const Unmatched& unmatched) {
  return Json::object_of({{"sbom", unmatched.sbom},
                          {"component", unmatched.component},
                          {"reference", unmatched.reference},
                          {"purl", text_or_null(unmatched.purl)},
                          {"kind", to_text(unmatched.kind)},
                          {"reason", unmatched.reason},
                          {"possible", Json::array_of(unmatched.possible)}});
}

Json to_json(const DataSource& source) {
  return Json::object_of({{"source", source.source},
                          {"as_of", source.as_of},
                          {"advisories", source.entries},
                          {"later", source.later},
                          {"sha256", source.sha256}});
}

Json summary_of(const Bom& bom) {
  return Json::object_of({{"path", bom.path},
                          {"sha256", bom.sha256},
                          {"format", bom.format},
                          {"components", bom.components.size()}});
}

Json findings_json(std::span<const Bom> boms,
                   std::span<const DataSource> data,
                   std::span<const Finding> findings,
                   std::span<const Unmatched> unmatched,
                   int exit) {
  return Json::object_of(
      {{"schema", "lockstep/findings/1"},
       {"sbom", boms.empty() ? Json() : summary_of(boms.front())},
       {"sboms", list_of(boms, [](const Bom& bom) { return summary_of(bom); })},
       {"data", list_of(data, [](const DataSource& source) { return to_json(source); })},
       {"findings", list_of(findings, [](const Finding& finding) { return to_json(finding); })},
       {"unmatched", list_of(unmatched, [](const Unmatched& one) { return to_json(one); })},
       {"exit", exit}});
}

}  // namespace lockstep::documents
