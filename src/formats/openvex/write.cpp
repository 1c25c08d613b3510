// SPDX-License-Identifier: Apache-2.0
// Statements as OpenVEX 0.2.0. Source: OpenVEX specification 0.2.0 and its schema.
#include <variant>

#include "base/url.hpp"
#include "formats/openvex/openvex.hpp"
#include "formats/schema_texts.hpp"
#include "formats/vex_extras.hpp"

namespace lockstep::formats {
namespace {

/// The standard wants a URI; the reference of a component in its bill may be any text.
Json identifier_of(const std::string& name, const std::string& versions) {
  const bool is_uri = has_format(name, "uri") && !name.starts_with(reference_scheme);
  const bool can_hold_range = versions.empty() || name.starts_with("pkg:");
  const std::string id =
      is_uri && can_hold_range ? name : std::string(reference_scheme) + percent_encoded(name);
  return Json::object_of({{"@id", with_range(id, versions)}});
}

Json products_of(const VexStatement& statement) {
  Json products = Json::array();
  for (const VexStatement::Scope& scope : statement.products) {
    // OpenVEX has no ranges: without one, the statement would be about every version.
    const bool has_parts = !scope.subcomponents.empty();
    Json product = identifier_of(scope.product, has_parts ? "" : scope.versions);
    Json parts = Json::array();
    for (const std::string& part : scope.subcomponents)
      parts.push(identifier_of(part, scope.versions));
    if (has_parts) product.set("subcomponents", std::move(parts));
    products.push(std::move(product));
  }
  return products;
}

void set_text(Json& node, const char* key, const std::string& value) {
  if (!value.empty()) node.set(key, value);
}

}  // namespace

Json openvex_statement(const VexStatement& statement, const VexDocument& document) {
  Json vulnerability = Json::object_of({{"name", statement.vulnerability}});
  if (!statement.aliases.empty()) vulnerability.set("aliases", Json::array_of(statement.aliases));
  Json node = Json::object_of({{"vulnerability", std::move(vulnerability)},
                               {"products", products_of(statement)},
                               {"status", std::string(status_word(statement))}});
  if (statement.at) node.set("timestamp", to_text(*statement.at));
  if (const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status)) {
    set_text(node, "justification", clear->justification);
    set_text(node, "impact_statement", clear->impact_statement);
  } else if (const auto* affected = std::get_if<VexStatement::Affected>(&statement.status)) {
    // The schema asks for an action with every affected product.
    node.set("action_statement",
             affected->action_statement.empty() ? "none stated" : affected->action_statement);
  }
  // What the document and the members above cannot say exactly.
  const auto* affected = std::get_if<VexStatement::Affected>(&statement.status);
  const bool is_exact = statement.author == document.author && statement.document == document.id &&
                        statement.accepted_by.empty() && !statement.accepted_until &&
                        statement.at.has_value() &&
                        statement.notes.find(vex_extras_name) == std::string::npos &&
                        (affected == nullptr || !affected->action_statement.empty());
  if (is_exact) {
    set_text(node, "status_notes", statement.notes);
    return node;
  }
  const std::string before = statement.notes.empty() ? "" : statement.notes + "\n";
  node.set("status_notes",
           before + std::string(vex_extras_name) + " " + to_canonical_json(vex_extras(statement)));
  return node;
}

Json openvex_document(const VexDocument& document) {
  Json statements = Json::array();
  for (const VexStatement& statement : document.statements)
    statements.push(openvex_statement(statement, document));
  return Json::object_of({{"@context", "https://openvex.dev/ns/v0.2.0"},
                          {"@id", document.id},
                          {"author", document.author},
                          {"timestamp", to_text(document.at)},
                          {"version", document.version},
                          {"tooling", "lockstep"},
                          {"statements", distinct(statements)}});
}

}  // namespace lockstep::formats
