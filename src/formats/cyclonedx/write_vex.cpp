// SPDX-License-Identifier: Apache-2.0
// Statements as the vulnerabilities of a CycloneDX 1.6 document. Its words are the nearest ones;
// the statement itself stands beside them as a property. Source: CycloneDX 1.6
// (vulnerabilities[].analysis, affects).
#include <array>
#include <set>
#include <utility>
#include <variant>

#include "domain/purl.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/vex_extras.hpp"

namespace lockstep::formats {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

std::string word_for(std::span<const Row> rows, std::string_view word) {
  for (const auto& [from, to] : rows)
    if (from == word) return std::string(to);
  return "";
}

constexpr std::array<Row, 4> states = {{{"not_affected", "not_affected"},
                                        {"affected", "exploitable"},
                                        {"fixed", "resolved"},
                                        {"under_investigation", "in_triage"}}};

constexpr std::array<Row, 5> justifications = {{
    {"component_not_present", "code_not_present"},
    {"vulnerable_code_not_present", "code_not_present"},
    {"vulnerable_code_not_in_execute_path", "code_not_reachable"},
    {"vulnerable_code_cannot_be_controlled_by_adversary", "requires_environment"},
    {"inline_mitigations_already_exist", "protected_by_mitigating_control"},
}};

Json component_of(const std::string& name) {
  Json node = Json::object_of({{"type", "library"}, {"bom-ref", name}, {"name", name}});
  if (const auto purl = parse_purl(name)) {
    node.set("name", purl->name);
    if (!purl->version.empty()) node.set("version", purl->version);
    node.set("purl", name);
  }
  return node;
}

std::string source_of(std::string_view id) {
  if (id.starts_with("CVE-")) return "CVE";
  if (id.starts_with("GHSA-")) return "GitHub Advisory Database";
  return id.starts_with("EUVD-") ? "EUVD" : "other";
}

Json analysis_of(const VexStatement& statement) {
  Json analysis = Json::object_of({{"state", word_for(states, status_word(statement))}});
  if (const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status)) {
    const std::string word = word_for(justifications, clear->justification);
    if (!word.empty()) analysis.set("justification", word);
    const std::string& detail =
        clear->impact_statement.empty() ? clear->justification : clear->impact_statement;
    if (!detail.empty()) analysis.set("detail", detail);
  } else if (const auto* affected = std::get_if<VexStatement::Affected>(&statement.status)) {
    if (!affected->action_statement.empty()) analysis.set("detail", affected->action_statement);
    if (!statement.accepted_by.empty()) {
      analysis.set("response", Json::array().push("will_not_fix"));
    }
  }
  if (statement.at) analysis.set("lastUpdated", to_text(*statement.at));
  return analysis;
}

Json products_of(const VexStatement& statement) {
  Json products = Json::array();
  for (const VexStatement::Scope& scope : statement.products) {
    Json product = Json::object_of(
        {{"product", scope.product}, {"parts", Json::array_of(scope.subcomponents)}});
    if (!scope.versions.empty()) product.set("versions", scope.versions);
    products.push(std::move(product));
  }
  return products;
}

Json vulnerability_of(const VexStatement& statement) {
  Json references = Json::array();
  for (const std::string& alias : statement.aliases)
    references.push(Json::object_of(
        {{"id", alias}, {"source", Json::object_of({{"name", source_of(alias)}})}}));
  Json affects = Json::array();
  std::set<std::string> seen;
  for (const VexStatement::Scope& scope : statement.products) {
    const std::vector<std::string> whole = {scope.product};
    for (const std::string& target : scope.subcomponents.empty() ? whole : scope.subcomponents) {
      if (target.empty() || !seen.insert(target + "\n" + scope.versions).second) continue;
      Json affected = Json::object_of({{"ref", target}});
      if (!scope.versions.empty())
        affected.set("versions", Json::array().push(Json::object_of(
                                     {{"range", scope.versions}, {"status", "affected"}})));
      affects.push(std::move(affected));
    }
  }
  Json extras = vex_extras(statement);
  extras.set("products", products_of(statement));
  Json node = Json::object_of({{"id", statement.vulnerability},
                               {"analysis", analysis_of(statement)},
                               {"properties", Json::array().push(Json::object_of(
                                                  {{"name", std::string(vex_extras_name)},
                                                   {"value", to_canonical_json(extras)}}))}});
  if (!statement.aliases.empty()) node.set("references", std::move(references));
  if (!seen.empty()) node.set("affects", std::move(affects));
  return node;
}

}  // namespace

Json cyclonedx_vex_document(const VexDocument& document) {
  std::set<std::string> names;
  std::set<std::string> products;
  for (const VexStatement& statement : document.statements) {
    for (const VexStatement::Scope& scope : statement.products) {
      products.insert(scope.product);
      names.insert(scope.product);
      names.insert(scope.subcomponents.begin(), scope.subcomponents.end());
    }
  }
  names.erase("");
  Json metadata = Json::object_of(
      {{"timestamp", to_text(document.at)},
       {"authors", Json::array().push(Json::object_of({{"name", document.author}}))}});
  // One product alone is what the document is about.
  if (products.size() == 1 && !products.begin()->empty()) {
    metadata.set("component", component_of(*products.begin()));
    names.erase(*products.begin());
  }
  Json components = Json::array();
  for (const std::string& name : names)
    components.push(component_of(name));
  Json vulnerabilities = Json::array();
  for (const VexStatement& statement : document.statements)
    vulnerabilities.push(vulnerability_of(statement));
  Json json = Json::object_of({{"bomFormat", "CycloneDX"},
                               {"specVersion", "1.6"},
                               {"version", document.version},
                               {"metadata", std::move(metadata)},
                               {"components", std::move(components)},
                               {"vulnerabilities", std::move(vulnerabilities)}});
  if (document.id.starts_with("urn:uuid:")) json.set("serialNumber", document.id);
  return json;
}

}  // namespace lockstep::formats
