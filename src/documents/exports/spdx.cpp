// SPDX-License-Identifier: Apache-2.0
// The bill with what is known to be wrong in it, as SPDX 3 with the security profile: packages and
// their dependencies, vulnerabilities, what was stated (VEX), how bad they are (CVSS), how likely
// (EPSS), and which catalogues list them as exploited. Source: SPDX specification 3.0.1.
#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "documents/exports/parts.hpp"
#include "formats/spdx/graph.hpp"

namespace lockstep::documents {
namespace {

/// Packages of the bills, by bill and reference.
using Packages = std::map<std::pair<std::string, std::string>, std::string>;

void add_bill(const Bom& bom,
              formats::SpdxGraph& graph,
              Packages& packages,
              std::vector<std::string>& roots) {
  std::vector<std::string> parts;
  for (const Component& component : bom.components) {
    std::string id = graph.add_package(component, bom.path);
    packages[{bom.path, component.reference}] = id;
    parts.push_back(std::move(id));
  }
  if (bom.subject) {
    const std::string subject = graph.add_package(*bom.subject, bom.path);
    packages[{bom.path, bom.subject->reference}] = subject;
    if (!parts.empty()) graph.relate("Relationship", "contains", subject, parts);
    parts = {subject};
  }
  roots.insert(roots.end(), parts.begin(), parts.end());
  std::map<std::string, std::vector<std::string>> needs;
  for (const Dependency& edge : bom.dependencies) {
    const auto from = packages.find({bom.path, edge.from});
    const auto to = packages.find({bom.path, edge.to});
    if (from != packages.end() && to != packages.end()) needs[from->second].push_back(to->second);
  }
  for (const auto& [from, to] : needs)
    graph.relate("Relationship", "dependsOn", from, to);
}

void add_score(const Finding& finding,
               const std::string& flaw,
               const std::string& package,
               formats::SpdxGraph& graph) {
  const Rating& severity = finding.severity;
  if (!severity.score || severity.vector.empty()) return;
  const bool is_v4 = severity.vector.starts_with("CVSS:4");
  const bool is_v3 = severity.vector.starts_with("CVSS:3");
  Json members = Json::object_of(
      {{"security_score", *severity.score}, {"security_vectorString", severity.vector}});
  if (is_v3 || is_v4) members.set("security_severity", severity.word);
  graph.relate(is_v4   ? "security_CvssV4VulnAssessmentRelationship"
               : is_v3 ? "security_CvssV3VulnAssessmentRelationship"
                       : "security_CvssV2VulnAssessmentRelationship",
               "hasAssessmentFor", flaw, {package}, members);
}

void add_threats(const Finding& finding,
                 const std::string& flaw,
                 const std::string& package,
                 formats::SpdxGraph& graph) {
  if (finding.epss)
    graph.relate("security_EpssVulnAssessmentRelationship", "hasAssessmentFor", flaw, {package},
                 Json::object_of({{"security_probability", finding.epss->probability},
                                  {"security_percentile", finding.epss->percentile},
                                  {"security_publishedTime",
                                   finding.epss->date.substr(0, 10) + "T00:00:00Z"}}));
  for (const std::string& list : finding.known_exploited) {
    const bool is_cisa = list == "cisa-kev";
    graph.relate(
        "security_ExploitCatalogVulnAssessmentRelationship", "hasAssessmentFor", flaw, {package},
        Json::object_of({{"security_catalogType", is_cisa ? "kev" : "other"},
                         {"security_exploited", true},
                         {"security_locator",
                          is_cisa ? "https://www.cisa.gov/known-exploited-vulnerabilities-catalog"
                                  : "https://github.com/enisaeu/CNW"}}));
  }
}

}  // namespace

Result<std::string> export_spdx(const ScannedBills& scanned) {
  const std::string id = document_id_of(scanned, "spdx");
  formats::SpdxGraph graph(id, author_of(scanned), scanned.at);
  Packages packages;
  std::vector<std::string> roots;
  for (const Bom& bom : scanned.boms)
    add_bill(bom, graph, packages, roots);
  const auto statements = statements_of(scanned);
  for (std::size_t i = 0; i < scanned.findings.size(); ++i) {
    const Finding& finding = scanned.findings[i];
    VexStatement statement = statements[i];
    const std::string flaw = graph.add_flaw(
        {statement.vulnerability, statement.aliases, finding.summary, finding.published});
    const auto known = packages.find({finding.sbom, finding.reference});
    const std::string package = known == packages.end()
                                    ? graph.add_package(statement.products.front().product)
                                    : known->second;
    graph.relate("Relationship", "hasAssociatedVulnerability", package, {flaw});
    add_score(finding, flaw, package, graph);
    add_threats(finding, flaw, package, graph);
    if (!is_stated(finding)) continue;
    if (statement.document.empty()) statement.document = id;
    graph.add_statement(statement);
  }
  return to_pretty_json(graph.document(title_of(scanned), roots));
}

}  // namespace lockstep::documents
