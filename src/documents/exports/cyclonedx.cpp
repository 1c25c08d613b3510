// SPDX-License-Identifier: Apache-2.0
// The bill with what is known to be wrong in it (a CycloneDX VDR): the components of all bills, and
// a vulnerability for each finding, with the analysis where somebody stated one. Several bills
// become one, with the product as the subject. Source: CycloneDX 1.6, "Vulnerabilities".
#include "formats/cyclonedx/cyclonedx.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/json.hpp"
#include "documents/exports/parts.hpp"
#include "domain/bom_merge.hpp"

namespace lockstep::documents {
namespace {

/// One bill in which each component can be referred to.
Bom whole_of(const ScannedBills& scanned) {
  const bool is_whole =
      scanned.boms.size() == 1 &&
      std::ranges::none_of(scanned.boms.front().components,
                           [](const Component& one) { return one.reference.empty(); });
  if (is_whole) return scanned.boms.front();
  std::optional<Component> subject;
  if (scanned.product != nullptr && !scanned.product->name.empty()) {
    subject.emplace();
    subject->type = "application";
    subject->name = scanned.product->name;
    subject->version = scanned.product->version;
  }
  return merge(subject, scanned.boms);
}

std::string reference_in(const Bom& whole, const ScannedBills& scanned, const Finding& finding) {
  const Component* own = component_of(scanned, finding);
  for (const Component& one : whole.components) {
    if (scanned.boms.size() == 1 && one.reference == finding.reference && !one.reference.empty())
      return one.reference;
    const bool is_same = own != nullptr && one.name == own->name && one.version == own->version &&
                         one.group == own->group && one.purl == own->purl;
    if (is_same) return one.reference;
  }
  return "";
}

std::string_view method_of(std::string_view vector) {
  if (vector.starts_with("CVSS:4.0/")) return "CVSSv4";
  if (vector.starts_with("CVSS:3.1/")) return "CVSSv31";
  if (vector.starts_with("CVSS:3.0/")) return "CVSSv3";
  return vector.starts_with("AV:") ? "CVSSv2" : "other";
}

Json rating_of(const Finding& finding) {
  const Rating& severity = finding.severity;
  Json rating = Json::object_of({{"severity", severity.word}});
  if (!severity.source.empty()) rating.set("source", Json::object_of({{"name", severity.source}}));
  if (severity.score) rating.set("score", *severity.score);
  if (!severity.vector.empty())
    rating.set("vector", severity.vector).set("method", method_of(severity.vector));
  return rating;
}

Json property(std::string_view name, std::string value) {
  return Json::object_of({{"name", fmt::format("lockstep:{}", name)}, {"value", std::move(value)}});
}

Json properties_of(const Json& stated, const Finding& finding) {
  Json properties = stated.is_array() ? stated : Json::array();
  properties.push(property("state", std::string(to_text(finding.state))));
  properties.push(property("state_because", finding.state_because));
  properties.push(property("because", finding.because));
  if (finding.epss)
    properties.push(
        property("epss", fmt::format("{} (percentile {}) on {}", finding.epss->probability,
                                     finding.epss->percentile, finding.epss->date)));
  for (const std::string& list : finding.known_exploited)
    properties.push(property("known_exploited", list));
  return properties;
}

/// A source and where to read about an id.
Json source_of(const std::string& id) {
  return Json::object_of({{"name", formats::cyclonedx_source_of(id)}, {"url", address_of(id)}});
}

Json vulnerability_of(const Finding& finding,
                      const VexStatement& statement,
                      const std::string& reference) {
  Json node = Json::object_of({{"id", statement.vulnerability}});
  if (is_stated(finding)) node = formats::cyclonedx_vulnerability(statement);
  Json references = Json::array();
  for (const std::string& alias : statement.aliases)
    references.push(Json::object_of({{"id", alias}, {"source", source_of(alias)}}));
  if (!statement.aliases.empty()) node.set("references", std::move(references));
  node.set("bom-ref", "finding-" + identity_of(finding));
  node.set("source", source_of(statement.vulnerability));
  node.set("ratings", Json::array().push(rating_of(finding)));
  if (!finding.summary.empty()) node.set("description", finding.summary);
  if (const std::string solution = solution_of(finding); !solution.empty())
    node.set("recommendation", solution);
  if (!finding.published.empty())
    node.set("published", finding.published.substr(0, 10) + "T00:00:00Z");
  Json affected = Json::object_of({{"ref", reference}});
  if (!finding.version.empty())
    affected.set("versions", Json::array().push(Json::object_of(
                                 {{"version", finding.version}, {"status", "affected"}})));
  if (reference.empty())
    node.set("affects", Json::array());
  else
    node.set("affects", Json::array().push(std::move(affected)));
  node.set("properties", properties_of(node["properties"], finding));
  return node;
}

}  // namespace

Result<std::string> export_cyclonedx(const ScannedBills& scanned) {
  const Bom whole = whole_of(scanned);
  Json document = formats::cyclonedx_document(whole);
  Json vulnerabilities = Json::array();
  const auto statements = statements_of(scanned);
  for (std::size_t i = 0; i < scanned.findings.size(); ++i) {
    const Finding& finding = scanned.findings[i];
    vulnerabilities.push(
        vulnerability_of(finding, statements[i], reference_in(whole, scanned, finding)));
  }
  document.set("vulnerabilities", std::move(vulnerabilities));
  document.set("serialNumber", document_id_of(scanned, "cyclonedx"));
  Json metadata = document["metadata"];
  metadata.set("timestamp", to_text(scanned.at));
  Json properties = Json::array();
  for (const Unmatched& unmatched : scanned.unmatched)
    properties.push(property("not_asked", unmatched.component + ": " + unmatched.reason));
  for (const DataSource& source : scanned.data)
    properties.push(
        property("advisory_data", fmt::format("{} as of {}, {} entries, sha256 {}", source.source,
                                              source.as_of, source.entries, source.sha256)));
  metadata.set("properties", std::move(properties));
  document.set("metadata", std::move(metadata));
  return to_pretty_json(document);
}

}  // namespace lockstep::documents
