// SPDX-License-Identifier: Apache-2.0
// Statements as the vulnerabilities of a CycloneDX 1.6 document. Its words are the nearest ones;
// the statement itself stands beside them as a property. Source: CycloneDX 1.6
// (vulnerabilities[].analysis, affects).
#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <variant>

#include "domain/purl.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/cyclonedx/parts.hpp"
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

/// The words of CycloneDX in which a text begins that was read from it: "false_positive",
/// then a justification, each before ": ".
struct ForeignWords {
  bool is_false_positive = false;
  std::string justification;
  std::string detail;
};

/// Takes `word` and what separates it from the rest off the front of the text.
bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  const std::string_view rest = text.substr(word.size());
  if (!rest.empty() && !rest.starts_with(": ")) return false;
  text = rest.empty() ? rest : rest.substr(2);
  return true;
}

ForeignWords words_in(const VexStatement::NotAffected& status) {
  std::string_view text = status.impact_statement;
  ForeignWords words;
  words.is_false_positive = take_word(text, "false_positive");
  for (const auto& [own, openvex] : cyclonedx_justifications)
    if (words.justification.empty() && openvex == status.justification && take_word(text, own))
      words.justification = own;
  words.detail = text;
  return words;
}

/// The responses that a text begins with ("update, rollback: ..."), as read from CycloneDX.
Json responses_in(std::string_view& text) {
  constexpr std::array<std::string_view, 5> known = {"can_not_fix", "will_not_fix", "update",
                                                     "rollback", "workaround_available"};
  const std::size_t end = std::min(text.find(": "), text.size());
  Json responses = Json::array();
  std::string_view list = text.substr(0, end);
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(", "), list.size());
    const std::string_view word = list.substr(0, comma);
    if (std::ranges::find(known, word) == known.end()) return Json::array();
    responses.push(word);
    list.remove_prefix(std::min(comma + 2, list.size()));
  }
  text.remove_prefix(std::min(end + 2, text.size()));
  return responses;
}

void set_not_affected(const VexStatement::NotAffected& status, Json& analysis) {
  const ForeignWords words = words_in(status);
  if (words.is_false_positive) analysis.set("state", "false_positive");
  const std::string word = words.justification.empty()
                               ? word_for(justifications, status.justification)
                               : words.justification;
  if (!word.empty()) analysis.set("justification", word);
  // The nearest word may say less than the label of OpenVEX, which then stands in the detail.
  const bool says_all = !words.justification.empty() || words.is_false_positive;
  const std::string& detail =
      words.detail.empty() && !says_all ? status.justification : words.detail;
  if (!detail.empty()) analysis.set("detail", detail);
}

void set_affected(const VexStatement& statement, std::string_view action, Json& analysis) {
  Json responses = responses_in(action);
  if (!action.empty()) analysis.set("detail", action);
  if (!statement.accepted_by.empty() && responses.items().empty()) responses.push("will_not_fix");
  if (!responses.items().empty()) analysis.set("response", std::move(responses));
}

Json analysis_of(const VexStatement& statement) {
  Json analysis = Json::object_of({{"state", word_for(states, status_word(statement))}});
  if (const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status))
    set_not_affected(*clear, analysis);
  else if (const auto* affected = std::get_if<VexStatement::Affected>(&statement.status))
    set_affected(statement, affected->action_statement, analysis);
  if (statement.at) analysis.set("lastUpdated", to_text(*statement.at));
  return analysis;
}

}  // namespace

std::string cyclonedx_source_of(std::string_view id) {
  if (id.starts_with("CVE-")) return "CVE";
  if (id.starts_with("GHSA-")) return "GitHub Advisory Database";
  return id.starts_with("EUVD-") ? "EUVD" : "other";
}

Json cyclonedx_vulnerability(const VexStatement& statement) {
  Json references = Json::array();
  for (const std::string& alias : statement.aliases)
    references.push(Json::object_of(
        {{"id", alias}, {"source", Json::object_of({{"name", cyclonedx_source_of(alias)}})}}));
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
  extras.set("products", vex_extra_products(statement));
  Json node = Json::object_of({{"id", statement.vulnerability},
                               {"analysis", analysis_of(statement)},
                               {"properties", Json::array().push(Json::object_of(
                                                  {{"name", std::string(vex_extras_name)},
                                                   {"value", to_canonical_json(extras)}}))}});
  if (!statement.aliases.empty()) node.set("references", std::move(references));
  if (!seen.empty()) node.set("affects", std::move(affects));
  return node;
}

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
    vulnerabilities.push(cyclonedx_vulnerability(statement));
  Json json = Json::object_of({{"bomFormat", "CycloneDX"},
                               {"specVersion", "1.6"},
                               {"version", document.version},
                               {"metadata", std::move(metadata)},
                               {"components", std::move(components)},
                               {"vulnerabilities", distinct(vulnerabilities)}});
  if (document.id.starts_with("urn:uuid:")) json.set("serialNumber", document.id);
  return json;
}

}  // namespace lockstep::formats
