// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/cyclonedx/parts.hpp"
#include "formats/schema.hpp"
#include "formats/schema_texts.hpp"
#include "formats/vex_extras.hpp"

namespace lockstep::formats {
namespace {

std::set<std::string> words_of(const Json& list) {
  std::set<std::string> words;
  for (const Json& word : list.items())
    words.insert(word.string_or(""));
  return words;
}

void set_text(Json& node, std::string_view key, const std::string& text) {
  if (!text.empty()) node.set(std::string(key), text);
}

/// A list in which each element stands once, as CycloneDX asks.
class UniqueList {
 public:
  void push(Json element) {
    if (seen_.insert(to_canonical_json(element)).second) list_.push(std::move(element));
  }

  Json take() { return std::move(list_); }

 private:
  Json list_ = Json::array();
  std::set<std::string> seen_;
};

class Writer {
 public:
  Writer()
      : licence_ids_(words_of(shipped_document("cyclonedx/spdx")["enum"])),
        rules_(shipped_document("cyclonedx/bom-1.6")["definitions"]),
        algorithms_(words_of(rules_["hash-alg"]["enum"])),
        types_(words_of(rules_["component"]["properties"]["type"]["enum"])) {}

  Json write(const Bom& bom) {
    Json document = Json::object_of({{"bomFormat", "CycloneDX"},
                                     {"specVersion", "1.6"},
                                     {"version", 1},
                                     {"metadata", metadata_of(bom)},
                                     {"components", Json::array()}});
    if (is_serial(bom.serial)) document.set("serialNumber", bom.serial);
    Json components = Json::array();
    std::set<std::string> seen;
    for (const Component& component : bom.components) {
      Json node = component_of(component);
      // References differ; without them two components may be the same in words.
      const bool is_new =
          !component.reference.empty() || seen.insert(to_canonical_json(node)).second;
      if (is_new) components.push(std::move(node));
    }
    document.set("components", std::move(components));
    if (!bom.dependencies.empty()) document.set("dependencies", dependencies_of(bom));
    return document;
  }

 private:
  bool is_serial(const std::string& serial) {
    return patterns_.matches(
        serial, "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$");
  }

  Json metadata_of(const Bom& bom) {
    Json metadata = Json::object();
    if (bom.made) metadata.set("timestamp", to_text(*bom.made));
    if (!bom.tools.empty()) {
      UniqueList tools;
      for (const std::string& tool : bom.tools)
        tools.push(Json::object_of({{"type", "application"}, {"name", tool}}));
      metadata.set("tools", Json::object_of({{"components", tools.take()}}));
    }
    Json authors = Json::array();
    for (const std::string& creator : bom.creators)
      authors.push(Json::object_of({{"name", creator}}));
    if (!bom.creators.empty()) metadata.set("authors", std::move(authors));
    if (bom.subject) metadata.set("component", component_of(*bom.subject));
    return metadata;
  }

  Json component_of(const Component& component) {
    Json node =
        Json::object_of({{"type", types_.contains(component.type) ? component.type : "library"},
                         {"name", component.name}});
    set_text(node, "bom-ref", component.reference);
    set_text(node, "group", component.group);
    set_text(node, "version", component.version);
    if (component.scope != "development") set_text(node, "scope", component.scope);
    if (component.purl) node.set("purl", to_text(*component.purl));
    set_text(node, "cpe", component.cpe);
    set_text(node, "description", component.description);
    if (!component.supplier.empty())
      node.set("supplier", Json::object_of({{"name", component.supplier}}));
    if (!component.licences.empty()) node.set("licenses", licences_of(component.licences));
    Json hashes = Json::array();
    for (const auto& [algorithm, content] : component.digests)
      if (algorithms_.contains(algorithm) && is_digest(content))
        hashes.push(Json::object_of({{"alg", algorithm}, {"content", content}}));
    if (!hashes.items().empty()) node.set("hashes", std::move(hashes));
    Json properties = Json::array();
    if (component.scope == "development")
      properties.push(Json::object_of({{"name", scope_property}, {"value", component.scope}}));
    for (const std::string& source : component.sources)
      properties.push(Json::object_of({{"name", source_property}, {"value", source}}));
    const SourcePackage& source = component.source;
    const std::array values = {&source.name, &source.version, &source.module};
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!values[i]->empty())
        properties.push(
            Json::object_of({{"name", source_package_properties[i]}, {"value", *values[i]}}));
    for (const Purl& purl : component.more_purls)
      properties.push(Json::object_of({{"name", purl_property}, {"value", to_text(purl)}}));
    for (const std::string& name : component.more_cpes)
      properties.push(Json::object_of({{"name", cpe_properties.front()}, {"value", name}}));
    if (!properties.items().empty()) node.set("properties", std::move(properties));
    return node;
  }

  bool is_digest(const std::string& content) {
    return patterns_.matches(content, rules_["hash-content"]["pattern"].string_or(""));
  }

  /// One expression stands alone; among several, what is no SPDX id is a name.
  Json licences_of(const std::vector<std::string>& licences) {
    const bool is_expression = licences.size() == 1 &&
                               patterns_.matches(licences.front(), " (AND|OR|WITH) ") &&
                               !licence_ids_.contains(licences.front());
    if (is_expression)
      return Json::array().push(Json::object_of({{"expression", licences.front()}}));
    Json choices = Json::array();
    for (const std::string& licence : licences) {
      const char* key = licence_ids_.contains(licence) ? "id" : "name";
      choices.push(Json::object_of({{"license", Json::object_of({{key, licence}})}}));
    }
    return choices;
  }

  /// One entry for each component that depends on others, in the order of the bill.
  static Json dependencies_of(const Bom& bom) {
    std::vector<std::string> order;
    std::map<std::string, Json> targets;
    std::set<std::pair<std::string, std::string>> seen;
    for (const Dependency& edge : bom.dependencies) {
      if (!seen.emplace(edge.from, edge.to).second) continue;
      if (!targets.contains(edge.from)) order.push_back(edge.from);
      targets[edge.from].push(edge.to);
    }
    Json entries = Json::array();
    for (const std::string& from : order)
      entries.push(Json::object_of({{"ref", from}, {"dependsOn", std::move(targets[from])}}));
    return entries;
  }

  std::set<std::string> licence_ids_;
  Json rules_;
  std::set<std::string> algorithms_;
  std::set<std::string> types_;
  Patterns patterns_;
};

/// Statements name components by their package URLs, a document by their references.
Json vulnerabilities_of(const Bom& bom, std::span<const VexStatement> statements) {
  std::map<std::string, std::string> references;
  const auto add = [&](const Component& component) {
    if (component.purl && !component.reference.empty())
      references.emplace(to_text(*component.purl), component.reference);
  };
  if (bom.subject) add(*bom.subject);
  for (const Component& component : bom.components)
    add(component);
  Json list = Json::array();
  for (const VexStatement& statement : statements) {
    Json vulnerability = cyclonedx_vulnerability(statement);
    Json affects = Json::array();
    for (Json affected : vulnerability["affects"].items()) {
      const auto known = references.find(affected["ref"].string_or(""));
      if (known != references.end()) affected.set("ref", known->second);
      affects.push(std::move(affected));
    }
    if (!affects.items().empty()) vulnerability.set("affects", std::move(affects));
    list.push(std::move(vulnerability));
  }
  return distinct(list);
}

}  // namespace

Json cyclonedx_document(const Bom& bom) {
  return Writer().write(bom);
}

std::string write_cyclonedx(const Bom& bom, std::span<const VexStatement> statements) {
  Json document = cyclonedx_document(bom);
  if (!statements.empty()) document.set("vulnerabilities", vulnerabilities_of(bom, statements));
  return to_pretty_json(document);
}

}  // namespace lockstep::formats
