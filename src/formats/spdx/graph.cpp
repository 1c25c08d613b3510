// SPDX-License-Identifier: Apache-2.0
#include "formats/spdx/graph.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <utility>
#include <variant>

#include "base/digest.hpp"
#include "domain/purl.hpp"
#include "formats/spdx/vex_words.hpp"
#include "formats/vex_extras.hpp"

namespace lockstep::formats {
namespace {

constexpr std::string_view creation_id = "_:creation";

Json creation_of(Instant at, const std::string& author, const std::string& tool) {
  return Json::object_of({{"type", "CreationInfo"},
                          {"@id", creation_id},
                          {"specVersion", "3.0.1"},
                          {"created", to_text(at)},
                          {"createdBy", Json::array_of({author})},
                          {"createdUsing", Json::array_of({tool})}});
}

void set_text(Json& node, const char* key, const std::string& value) {
  if (!value.empty()) node.set(key, value);
}

/// The word of CycloneDX for what a component is, as the purpose of SPDX; "" where it has none.
std::string_view purpose_of(std::string_view type) {
  using Row = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Row, 11> rows = {{{"application", "application"},
                                         {"framework", "framework"},
                                         {"library", "library"},
                                         {"container", "container"},
                                         {"platform", "platform"},
                                         {"operating-system", "operatingSystem"},
                                         {"device", "device"},
                                         {"device-driver", "deviceDriver"},
                                         {"firmware", "firmware"},
                                         {"machine-learning-model", "model"},
                                         {"data", "data"}}};
  const auto row = std::ranges::find(rows, type, &Row::first);
  return row == rows.end() ? "" : row->second;
}

Json identifier_of(std::string_view type, const std::string& identifier) {
  return Json::object_of({{"type", "ExternalIdentifier"},
                          {"externalIdentifierType", type},
                          {"identifier", identifier}});
}

std::string_view identifier_type_of(std::string_view name) {
  if (name.starts_with("CVE-")) return "cve";
  return "securityOther";
}

}  // namespace

SpdxGraph::SpdxGraph(std::string name_space, const std::string& author, Instant at)
    : name_space_(std::move(name_space)), at_(at), author_(id_for("agent", author)) {
  add(author.empty() ? "SoftwareAgent" : "Organization", author_,
      Json::object_of({{"name", author.empty() ? "lockstep" : author}}));
  add("Tool", id_for("tool", "lockstep"),
      Json::object_of({{"name", std::string("lockstep ") + LOCKSTEP_VERSION}}));
}

std::string SpdxGraph::id_for(std::string_view kind, const std::string& key) const {
  return fmt::format("{}#{}-{}", name_space_, kind, uuid_of(key));
}

bool SpdxGraph::add(std::string_view type, const std::string& id, Json members) {
  if (!ids_.insert(id).second) return false;
  members.set("type", type).set("spdxId", id).set("creationInfo", creation_id);
  nodes_.push_back(std::move(members));
  return true;
}

std::string SpdxGraph::add_package(const Component& component, const std::string& bill) {
  const std::string id = id_for("package", bill + "\n" + component.reference + "\n" +
                                               component.name + "\n" + component.version);
  if (ids_.contains(id)) return id;
  Json node = Json::object_of({{"name", component.name}});
  set_text(node, "software_packageVersion", component.version);
  if (component.purl) {
    by_purl_.emplace(to_text(*component.purl), id);
    node.set("software_packageUrl", to_text(*component.purl));
  }
  set_text(node, "software_primaryPurpose", std::string(purpose_of(component.type)));
  set_text(node, "description", component.description);
  if (!component.cpe.empty())
    node.set("externalIdentifier", Json::array().push(identifier_of("cpe23", component.cpe)));
  add("software_Package", id, std::move(node));
  return id;
}

std::string SpdxGraph::add_package(const std::string& identifier) {
  if (const auto known = by_purl_.find(identifier); known != by_purl_.end()) return known->second;
  const std::string id = id_for("package", identifier);
  if (ids_.contains(id)) return id;
  Json node = Json::object_of({{"name", identifier}});
  if (const auto purl = parse_purl(identifier)) {
    node.set("name", purl->name).set("software_packageUrl", identifier);
    set_text(node, "software_packageVersion", purl->version);
  } else {
    const std::string_view type = identifier.starts_with("cpe:2.3:") ? "cpe23" : "other";
    node.set("externalIdentifier", Json::array().push(identifier_of(type, identifier)));
  }
  add("software_Package", id, std::move(node));
  return id;
}

std::string SpdxGraph::add_flaw(const SpdxFlaw& flaw) {
  std::string key = flaw.id;
  Json names = Json::array().push(identifier_of(identifier_type_of(flaw.id), flaw.id));
  for (const std::string& alias : flaw.aliases) {
    key += "\n" + alias;
    names.push(identifier_of(identifier_type_of(alias), alias));
  }
  const std::string id = id_for("vulnerability", key);
  Json node = Json::object_of({{"name", flaw.id}, {"externalIdentifier", std::move(names)}});
  set_text(node, "summary", flaw.summary);
  if (!flaw.published.empty())
    node.set("security_publishedTime", flaw.published.substr(0, 10) + "T00:00:00Z");
  add("security_Vulnerability", id, std::move(node));
  return id;
}

void SpdxGraph::relate(std::string_view type,
                       std::string_view relationship,
                       const std::string& from,
                       const std::vector<std::string>& targets,
                       const Json& members) {
  Json node = members;
  node.set("relationshipType", relationship).set("from", from).set("to", Json::array_of(targets));
  const std::string id = id_for("relationship", std::string(type) + "\n" + to_canonical_json(node));
  add(type, id, std::move(node));
}

void SpdxGraph::add_statement(const VexStatement& statement) {
  const std::string flaw = add_flaw({statement.vulnerability, statement.aliases, "", ""});
  const spdx::VexWord& word = spdx::vex_words[statement.status.index()];
  Json members = Json::object();
  if (statement.at) members.set("security_publishedTime", to_text(*statement.at));
  if (const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status)) {
    set_text(members, "security_justificationType",
             std::string(spdx::justification_to_spdx(clear->justification)));
    set_text(members, "security_impactStatement", clear->impact_statement);
  } else if (const auto* affected = std::get_if<VexStatement::Affected>(&statement.status)) {
    members.set("security_actionStatement",
                affected->action_statement.empty() ? "none stated" : affected->action_statement);
  }
  set_text(members, "security_statusNotes", statement.notes);
  Json extras = vex_extras(statement);
  extras.set("products", vex_extra_products(statement)).set("number", ++statements_);
  members.set("comment", std::string(vex_extras_name) + " " + to_canonical_json(extras));
  // Each part with all products that it is a part of.
  std::map<std::string, std::vector<std::string>> products_by_part;
  for (const VexStatement::Scope& scope : statement.products) {
    const std::string product = add_package(scope.product);
    const std::vector<std::string> whole = {""};
    for (const std::string& part : scope.subcomponents.empty() ? whole : scope.subcomponents) {
      auto& products = products_by_part[part];
      if (std::ranges::find(products, product) == products.end()) products.push_back(product);
    }
  }
  // A relationship has a target; this one says that nobody names it.
  if (products_by_part.empty())
    products_by_part[""] = {"https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"};
  for (const auto& [part, products] : products_by_part) {
    Json own = members;
    if (!part.empty()) own.set("security_assessedElement", add_package(part));
    relate(word.type, word.relationship, flaw, products, own);
  }
}

Json SpdxGraph::document(const std::string& name, const std::vector<std::string>& roots) const {
  Json graph = Json::array();
  graph.push(creation_of(at_, author_, id_for("tool", "lockstep")));
  Json whole =
      Json::object_of({{"type", "SpdxDocument"},
                       {"spdxId", name_space_ + "#document"},
                       {"creationInfo", creation_id},
                       {"name", name},
                       {"profileConformance", Json::array_of({"core", "software", "security"})},
                       {"element", Json::array_of({ids_.begin(), ids_.end()})}});
  if (!roots.empty()) whole.set("rootElement", Json::array_of(roots));
  graph.push(std::move(whole));
  for (const Json& node : nodes_)
    graph.push(node);
  return Json::object_of({{"@context", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"},
                          {"@graph", std::move(graph)}});
}

Json spdx_vex_document(const VexDocument& document) {
  SpdxGraph graph(document.id, document.author, document.at);
  std::set<std::string> products;
  for (const VexStatement& statement : document.statements) {
    graph.add_statement(statement);
    for (const VexStatement::Scope& scope : statement.products)
      products.insert(graph.add_package(scope.product));
  }
  // One product alone is what the document is about.
  std::vector<std::string> roots;
  if (products.size() == 1) roots.push_back(*products.begin());
  return graph.document("Statements about vulnerabilities", roots);
}

}  // namespace lockstep::formats
