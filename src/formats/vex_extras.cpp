// SPDX-License-Identifier: Apache-2.0
#include "formats/vex_extras.hpp"

#include <algorithm>
#include <set>
#include <variant>

#include "base/url.hpp"

namespace lockstep::formats {
namespace {

constexpr std::string_view range_key = "vers=";

/// Gives the statement an empty status of that word; whether there is such a word.
bool set_status(std::string_view word, VexStatement& statement) {
  if (word == "not_affected")
    statement.status = VexStatement::NotAffected{};
  else if (word == "affected")
    statement.status = VexStatement::Affected{};
  else if (word == "fixed")
    statement.status = VexStatement::Fixed{};
  else if (word == "under_investigation")
    statement.status = VexStatement::UnderInvestigation{};
  else
    return false;
  return true;
}

}  // namespace

Json vex_extras(const VexStatement& statement) {
  Json extras = Json::object();
  const auto set = [&extras](const char* key, const std::string& value) {
    if (!value.empty()) extras.set(key, value);
  };
  extras.set("status", std::string(status_word(statement)));
  if (const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status)) {
    set("justification", clear->justification);
    set("impact_statement", clear->impact_statement);
  } else if (const auto* affected = std::get_if<VexStatement::Affected>(&statement.status)) {
    set("action_statement", affected->action_statement);
  }
  set("author", statement.author);
  set("document", statement.document);
  set("notes", statement.notes);
  set("accepted_by", statement.accepted_by);
  if (statement.accepted_until) set("accepted_until", to_text(*statement.accepted_until));
  if (statement.at) set("at", to_text(*statement.at));
  return extras;
}

bool take_vex_extras(const Json& extras, VexStatement& statement) {
  if (!extras.is_object() || extras["status"].string_or("") != status_word(statement)) return false;
  const auto text = [&extras](const char* key) { return extras[key].string_or(""); };
  if (auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status)) {
    clear->justification = text("justification");
    clear->impact_statement = text("impact_statement");
  } else if (auto* affected = std::get_if<VexStatement::Affected>(&statement.status)) {
    affected->action_statement = text("action_statement");
  }
  statement.author = text("author");
  statement.document = text("document");
  statement.notes = text("notes");
  statement.accepted_by = text("accepted_by");
  statement.accepted_until = parse_day(text("accepted_until"));
  statement.at = parse_instant(text("at"));
  return true;
}

Json vex_extra_products(const VexStatement& statement) {
  Json products = Json::array();
  for (const VexStatement::Scope& scope : statement.products) {
    Json product = Json::object_of(
        {{"product", scope.product}, {"parts", Json::array_of(scope.subcomponents)}});
    if (!scope.versions.empty()) product.set("versions", scope.versions);
    products.push(std::move(product));
  }
  return products;
}

std::vector<VexStatement::Scope> vex_extra_products(const Json& extras) {
  std::vector<VexStatement::Scope> scopes;
  for (const Json& written : extras["products"].items()) {
    VexStatement::Scope scope{
        written["product"].string_or(""), {}, written["versions"].string_or("")};
    for (const Json& part : written["parts"].items())
      scope.subcomponents.push_back(part.string_or(""));
    scopes.push_back(std::move(scope));
  }
  return scopes;
}

Json whole_statement(const VexStatement& statement) {
  Json whole = vex_extras(statement);
  whole.set("vulnerability", statement.vulnerability);
  whole.set("aliases", Json::array_of(statement.aliases));
  whole.set("products", vex_extra_products(statement));
  return whole;
}

std::optional<VexStatement> whole_statement(const Json& written) {
  VexStatement statement;
  statement.vulnerability = written["vulnerability"].string_or("");
  if (statement.vulnerability.empty() || !set_status(written["status"].string_or(""), statement))
    return std::nullopt;
  for (const Json& alias : written["aliases"].items())
    statement.aliases.push_back(alias.string_or(""));
  statement.products = vex_extra_products(written);
  take_vex_extras(written, statement);
  const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status);
  if (clear != nullptr && clear->justification.empty() && clear->impact_statement.empty())
    return std::nullopt;
  return statement;
}

std::string with_range(const std::string& identifier, const std::string& versions) {
  if (versions.empty()) return identifier;
  const std::size_t end = std::min(identifier.find('#'), identifier.size());
  const bool has_qualifiers = identifier.find('?') < end;
  return identifier.substr(0, end) + (has_qualifiers ? "&" : "?") + std::string(range_key) +
         percent_encoded(versions) + identifier.substr(end);
}

std::string take_range(std::string& identifier) {
  const std::size_t end = std::min(identifier.find('#'), identifier.size());
  const std::size_t question = identifier.find('?');
  if (question >= end) return "";
  for (std::size_t start = question; start < end;) {
    const std::size_t next = std::min(identifier.find('&', start + 1), end);
    const std::string_view pair = std::string_view(identifier).substr(start + 1, next - start - 1);
    if (pair.starts_with(range_key)) {
      std::string versions = percent_decoded(pair.substr(range_key.size()));
      // The first qualifier leaves its "?" to the one behind it.
      const bool is_first_of_more = start == question && next < end;
      identifier.erase(is_first_of_more ? start + 1 : start, next - start);
      return versions;
    }
    start = next;
  }
  return "";
}

Json distinct(const Json& list) {
  Json kept = Json::array();
  std::set<std::string> seen;
  for (const Json& element : list.items())
    if (seen.insert(to_canonical_json(element)).second) kept.push(element);
  return kept;
}

}  // namespace lockstep::formats
