// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/sbom.hpp"
#include "base/json.hpp"

namespace lockstep::app {
namespace {

Json head_of(const Bom& bom) {
  return Json::object_of({{"path", bom.path},
                          {"sha256", bom.sha256},
                          {"format", bom.format},
                          {"components", bom.components.size()}});
}

Json problems_of(const Diagnostics& problems) {
  Json rows = Json::array();
  for (const Diagnostic& one : problems.entries())
    if (one.severity == Severity::error)
      rows.push(Json::object_of({{"id", one.code},
                                 {"path", one.where.file},
                                 {"line", one.where.line},
                                 {"message", one.message}}));
  return rows;
}

Json answer_of(const BomRuleAnswer& answer) {
  Json missing = Json::array();
  for (const BomRuleAnswer::Missing& one : answer.missing)
    missing.push(Json::object_of(
        {{"component", one.component}, {"version", one.version}, {"line", one.where.line}}));
  const BomRule& rule = *answer.rule;
  return Json::object_of({{"id", rule.id},
                          {"cites", rule.cites},
                          {"asks", rule.asks},
                          {"path", rule.path},
                          {"severity", rule.is_must ? "must" : "should"},
                          {"weight", rule.weight},
                          {"state", answer.is_met() ? "pass"
                                    : rule.is_must  ? "fail"
                                                    : "warn"},
                          {"met", answer.met},
                          {"of", answer.of},
                          {"missing", std::move(missing)}});
}

Json parts_of(const std::vector<BomDiff::Part>& parts) {
  Json rows = Json::array();
  for (const BomDiff::Part& part : parts)
    rows.push(Json::object_of(
        {{"component", part.name}, {"version", part.version}, {"purl", part.purl}}));
  return rows;
}

Json changes_of(const std::vector<BomDiff::Change>& changes) {
  Json rows = Json::array();
  for (const BomDiff::Change& change : changes)
    rows.push(Json::object_of({{"component", change.name},
                               {"purl", change.purl},
                               {"before", Json::array_of(change.before)},
                               {"after", Json::array_of(change.after)}}));
  return rows;
}

Json findings_of(const std::vector<Finding>& findings) {
  Json rows = Json::array();
  for (const Finding& finding : findings)
    rows.push(Json::object_of({{"advisory", finding.advisory},
                               {"flaw", finding.flaw},
                               {"component", finding.component},
                               {"version", finding.version},
                               {"severity", finding.severity.word},
                               {"known_exploited", Json::array_of(finding.known_exploited)},
                               {"because", finding.because}}));
  return rows;
}

}  // namespace

std::string quality_document(const SbomCheck& check, int exit) {
  Json rules = Json::array();
  for (const BomRuleAnswer& answer : check.quality.answers)
    rules.push(answer_of(answer));
  Json gaps = Json::array();
  for (const NotChecked& one : check.not_checked)
    gaps.push(Json::object_of({{"what", one.what}, {"because", one.because}}));
  return to_pretty_json(Json::object_of({{"schema", "lockstep/sbom-quality/1"},
                                         {"sbom", head_of(check.bom)},
                                         {"valid", !check.problems.has_errors()},
                                         {"problems", problems_of(check.problems)},
                                         {"score", check.quality.score},
                                         {"rules", std::move(rules)},
                                         {"not_checked", std::move(gaps)},
                                         {"exit", exit}}));
}

std::string diff_document(const SbomComparison& comparison, int exit) {
  const bool has = comparison.has_findings;
  Json findings = Json::object_of({{"state", has ? "checked" : "not_checked"},
                                   {"because", has ? "" : "there is no advisory data here"},
                                   {"added", findings_of(comparison.added)},
                                   {"settled", findings_of(comparison.settled)}});
  return to_pretty_json(Json::object_of({{"schema", "lockstep/sbom-diff/1"},
                                         {"before", head_of(comparison.before)},
                                         {"after", head_of(comparison.after)},
                                         {"added", parts_of(comparison.diff.added)},
                                         {"removed", parts_of(comparison.diff.removed)},
                                         {"versions", changes_of(comparison.diff.versions)},
                                         {"licences", changes_of(comparison.diff.licences)},
                                         {"findings", std::move(findings)},
                                         {"exit", exit}}));
}

std::string import_document(const SbomImport& import, int exit) {
  Json rows = Json::array();
  for (const formats::LeftOut& one : import.left_out)
    rows.push(Json::object_of({{"what", one.what}, {"count", one.count}}));
  return to_pretty_json(Json::object_of({{"schema", "lockstep/sbom-import/1"},
                                         {"sbom", head_of(import.bom)},
                                         {"left_out", std::move(rows)},
                                         {"exit", exit}}));
}

}  // namespace lockstep::app
