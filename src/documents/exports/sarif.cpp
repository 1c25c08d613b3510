// SPDX-License-Identifier: Apache-2.0
// Findings as a SARIF log: a rule for each flaw, a result for each finding, at the line of its bill
// where the component stands and under the component's package URL. What a statement settles and
// what a person accepts is suppressed, with the reason; what could not be asked about is a
// notification. Source: SARIF 2.1.0 (OASIS Standard).
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/json.hpp"
#include "base/text.hpp"
#include "documents/exports/parts.hpp"

namespace lockstep::documents {
namespace {

Json message_of(std::string text) {
  return Json::object_of({{"text", std::move(text)}});
}

std::string_view level_of(std::string_view severity) {
  if (severity == "critical" || severity == "high") return "error";
  return severity == "low" || severity == "none" ? "note" : "warning";
}

/// How bad the worst finding of a flaw is.
bool is_worse(const Finding& a, const Finding& b) {
  return a.severity.score.value_or(-1) > b.severity.score.value_or(-1);
}

/// The flaws by id, each with the finding that says most about it.
std::map<std::string, const Finding*> flaws_of(const ScannedBills& scanned) {
  std::map<std::string, const Finding*> flaws;
  for (const Finding& finding : scanned.findings) {
    const auto [place, is_new] = flaws.try_emplace(flaw_of(finding), &finding);
    if (!is_new && is_worse(finding, *place->second)) place->second = &finding;
  }
  return flaws;
}

Json rule_of(const Finding& finding) {
  const std::string& id = flaw_of(finding);
  const auto others = other_ids_of(finding);
  const std::string title =
      finding.summary.empty() ? fmt::format("Known vulnerability {}", id) : finding.summary;
  std::string help = title;
  if (!others.empty()) help += fmt::format("\nAlso known as {}.", join(others, ", "));
  if (!finding.severity.vector.empty())
    help += fmt::format("\n{} says {}.", finding.severity.source, finding.severity.vector);
  Json properties = Json::object_of({{"tags", Json::array_of({"security", "vulnerability"})},
                                     {"aliases", Json::array_of(others)}});
  if (finding.severity.score)
    properties.set("security-severity", fmt::format("{:.1f}", *finding.severity.score));
  if (!finding.severity.vector.empty()) properties.set("cvss", finding.severity.vector);
  return Json::object_of(
      {{"id", id},
       {"shortDescription", message_of(title)},
       {"fullDescription", message_of(help)},
       {"help", message_of(help)},
       {"helpUri", address_of(id)},
       {"defaultConfiguration", Json::object_of({{"level", level_of(finding.severity.word)}})},
       {"properties", std::move(properties)}});
}

Json suppression_of(const Finding& finding) {
  const AppliedVex& vex = *finding.vex;
  Json properties = Json::object_of({{"status", vex.status}});
  for (const auto& [key, value] :
       {std::pair{"document", &vex.document}, std::pair{"author", &vex.author},
        std::pair{"acceptedBy", &vex.accepted_by}, std::pair{"acceptedUntil", &vex.accepted_until},
        std::pair{"at", &vex.at}})
    if (!value->empty()) properties.set(key, *value);
  return Json::object_of({{"kind", "external"},
                          {"status", "accepted"},
                          {"justification", vex.statement.empty() ? vex.status : vex.statement},
                          {"properties", std::move(properties)}});
}

/// A finding that passes or is accepted by what somebody stated.
bool is_suppressed(const Finding& finding) {
  if (!is_stated(finding)) return false;
  return finding.state == State::pass ||
         (finding.state == State::warn && !finding.vex->accepted_by.empty());
}

Json location_of(const ScannedBills& scanned,
                 const Finding& finding,
                 const std::map<std::string, std::size_t>& artifacts) {
  Json artifact = Json::object_of({{"uri", uri_of_path(finding.sbom)}});
  if (const auto place = artifacts.find(finding.sbom); place != artifacts.end())
    artifact.set("index", place->second);
  Json physical = Json::object_of({{"artifactLocation", std::move(artifact)}});
  const Component* component = component_of(scanned, finding);
  if (component != nullptr && component->where.line > 0) {
    Json region = Json::object_of({{"startLine", component->where.line}});
    if (component->where.column > 0) region.set("startColumn", component->where.column);
    physical.set("region", std::move(region));
  }
  Json logical = Json::object_of(
      {{"name", finding.component},
       {"fullyQualifiedName", finding.purl.empty() ? name_of(finding) : finding.purl},
       {"kind", "package"}});
  return Json::object_of({{"physicalLocation", std::move(physical)},
                          {"logicalLocations", Json::array().push(std::move(logical))}});
}

Json properties_of(const Finding& finding) {
  Json properties = Json::object_of({{"state", to_text(finding.state)},
                                     {"stateBecause", finding.state_because},
                                     {"rule", finding.decided_by.rule},
                                     {"fixed", Json::array_of(finding.fixed)},
                                     {"knownExploited", Json::array_of(finding.known_exploited)}});
  if (finding.epss)
    properties.set("epss", Json::object_of({{"probability", finding.epss->probability},
                                            {"percentile", finding.epss->percentile},
                                            {"date", finding.epss->date}}));
  if (is_stated(finding)) properties.set("vex", finding.vex->status);
  return properties;
}

Json result_of(const ScannedBills& scanned,
               const Finding& finding,
               std::size_t rule,
               const std::map<std::string, std::size_t>& artifacts) {
  std::string text =
      fmt::format("{} is touched by {}: {}.", name_of(finding), flaw_of(finding), finding.because);
  if (const std::string solution = solution_of(finding); !solution.empty())
    text += " " + solution + ".";
  if (!finding.state_because.empty()) text += fmt::format(" State: {}.", finding.state_because);
  Json result = Json::object_of(
      {{"ruleId", flaw_of(finding)},
       {"ruleIndex", rule},
       {"level", finding.state == State::fail ? "error" : level_of(finding.severity.word)},
       {"message", message_of(std::move(text))},
       {"locations", Json::array().push(location_of(scanned, finding, artifacts))},
       {"partialFingerprints", Json::object_of({{"lockstepFinding/v1", identity_of(finding)}})},
       // An empty list says that somebody looked, and that nothing is suppressed.
       {"suppressions", Json::array()},
       {"properties", properties_of(finding)}});
  if (is_suppressed(finding))
    result.set("suppressions", Json::array().push(suppression_of(finding)));
  return result;
}

Json notification_of(const Unmatched& unmatched,
                     const std::map<std::string, std::size_t>& artifacts) {
  Json artifact = Json::object_of({{"uri", uri_of_path(unmatched.sbom)}});
  if (const auto place = artifacts.find(unmatched.sbom); place != artifacts.end())
    artifact.set("index", place->second);
  Json location = Json::object_of(
      {{"physicalLocation", Json::object_of({{"artifactLocation", std::move(artifact)}})}});
  return Json::object_of(
      {{"descriptor", Json::object_of({{"id", std::string(to_text(unmatched.kind))}})},
       {"level", is_gap(unmatched) ? "warning" : "note"},
       {"message", message_of(fmt::format("'{}' could not be asked about: {}", unmatched.component,
                                          unmatched.reason))},
       {"locations", Json::array().push(std::move(location))}});
}

Json artifacts_of(const ScannedBills& scanned) {
  Json artifacts = Json::array();
  for (const Bom& bom : scanned.boms)
    artifacts.push(Json::object_of({{"location", Json::object_of({{"uri", uri_of_path(bom.path)}})},
                                    {"hashes", Json::object_of({{"sha-256", bom.sha256}})},
                                    {"description", message_of(bom.format)}}));
  return artifacts;
}

Json data_of(const ScannedBills& scanned) {
  Json data = Json::array();
  for (const DataSource& source : scanned.data)
    data.push(Json::object_of({{"source", source.source},
                               {"asOf", source.as_of},
                               {"entries", source.entries},
                               {"sha256", source.sha256}}));
  return data;
}

}  // namespace

Result<std::string> export_sarif(const ScannedBills& scanned) {
  std::map<std::string, std::size_t> artifacts;
  for (const Bom& bom : scanned.boms)
    artifacts.emplace(bom.path, artifacts.size());
  Json rules = Json::array();
  std::map<std::string, std::size_t> places;
  for (const auto& [id, finding] : flaws_of(scanned)) {
    places.emplace(id, places.size());
    rules.push(rule_of(*finding));
  }
  Json results = Json::array();
  for (const Finding& finding : scanned.findings)
    results.push(result_of(scanned, finding, places.at(flaw_of(finding)), artifacts));
  Json notifications = Json::array();
  for (const Unmatched& unmatched : scanned.unmatched)
    notifications.push(notification_of(unmatched, artifacts));
  Json kinds = Json::array();
  for (const auto kind : {Unmatched::Kind::not_identified, Unmatched::Kind::not_compared,
                          Unmatched::Kind::not_imported, Unmatched::Kind::no_source})
    kinds.push(Json::object_of({{"id", std::string(to_text(kind))}}));
  Json driver = Json::object_of({{"name", "lockstep"},
                                 {"version", LOCKSTEP_VERSION},
                                 {"semanticVersion", LOCKSTEP_VERSION},
                                 {"rules", std::move(rules)},
                                 {"notifications", std::move(kinds)}});
  Json invocation = Json::object_of({{"executionSuccessful", true},
                                     {"endTimeUtc", to_text(scanned.at)},
                                     {"toolExecutionNotifications", std::move(notifications)}});
  Json run = Json::object_of(
      {{"tool", Json::object_of({{"driver", std::move(driver)}})},
       {"automationDetails",
        Json::object_of({{"id", fmt::format("lockstep/vuln-scan/{}/", to_text(scanned.as_of))}})},
       {"invocations", Json::array().push(std::move(invocation))},
       {"artifacts", artifacts_of(scanned)},
       {"columnKind", "unicodeCodePoints"},
       {"results", std::move(results)},
       {"properties",
        Json::object_of({{"asOf", to_text(scanned.as_of)}, {"advisoryData", data_of(scanned)}})}});
  return to_pretty_json(
      Json::object_of({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                       {"version", "2.1.0"},
                       {"runs", Json::array().push(std::move(run))}}));
}

}  // namespace lockstep::documents
