// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/vex_note.hpp"
#include "formats/csaf/write_parts.hpp"
#include "formats/vex_extras.hpp"

namespace lockstep::formats::csaf {
namespace {

/// A product by itself, or a component (second) in a product (first).
using ScopeName = std::pair<std::string, std::string>;

/// What is named with its range: a product by identifier holds all versions of it.
std::string name_with_range(const std::string& identifier, const std::string& versions) {
  if (versions.empty() || identifier.starts_with("pkg:")) return with_range(identifier, versions);
  return identifier + " " + versions;
}

std::vector<ScopeName> scopes_of(const VexStatement& statement) {
  std::vector<ScopeName> scopes;
  for (const VexStatement::Scope& scope : statement.products) {
    if (scope.subcomponents.empty())
      scopes.emplace_back(name_with_range(scope.product, scope.versions), "");
    for (const std::string& part : scope.subcomponents)
      scopes.emplace_back(scope.product, name_with_range(part, scope.versions));
  }
  return scopes;
}

/// Product ids by identifier and by scope, in the order of the names.
class Tree {
 public:
  Tree(std::span<const VexStatement> statements, Version version) : version_(version) {
    std::set<std::string> names;
    std::set<ScopeName> made;
    for (const VexStatement& statement : statements)
      for (const ScopeName& scope : scopes_of(statement)) {
        names.insert(scope.first);
        if (scope.second.empty()) continue;
        names.insert(scope.second);
        made.insert(scope);
      }
    for (const std::string& name : names)
      ids_.emplace(ScopeName(name, ""), product_id(ids_.size()));
    for (const ScopeName& scope : made)
      ids_.emplace(scope, product_id(ids_.size()));
  }

  const std::string& id_of(const ScopeName& scope) const { return ids_.at(scope); }

  Json json() const {
    Json names = Json::array();
    Json paths = Json::array();
    for (const auto& [scope, id] : ids_)
      (scope.second.empty() ? names : paths)
          .push(scope.second.empty() ? name(scope.first, id) : path(scope, id));
    Json tree = Json::object_of({{"full_product_names", std::move(names)}});
    if (!paths.items().empty())
      tree.set(version_ == Version::v2_0 ? "relationships" : "product_paths", std::move(paths));
    return tree;
  }

 private:
  Json name(const std::string& identifier, const std::string& id) const {
    Json product = Json::object_of({{"name", identifier}, {"product_id", id}});
    if (Json helper = helper_of(identifier, version_); !helper.is_null())
      product.set("product_identification_helper", std::move(helper));
    return product;
  }

  Json path(const ScopeName& scope, const std::string& id) const {
    Json full =
        Json::object_of({{"name", scope.second + " in " + scope.first}, {"product_id", id}});
    const std::string& part = id_of({scope.second, ""});
    const std::string& whole = id_of({scope.first, ""});
    if (version_ == Version::v2_0)
      return Json::object_of({{"category", "default_component_of"},
                              {"full_product_name", std::move(full)},
                              {"product_reference", part},
                              {"relates_to_product_reference", whole}});
    Json steps = Json::array();
    steps.push(
        Json::object_of({{"category", "default_component_of"}, {"next_product_reference", whole}}));
    return Json::object_of({{"beginning_product_reference", part},
                            {"full_product_name", std::move(full)},
                            {"subpaths", std::move(steps)}});
  }

  Version version_;
  std::map<ScopeName, std::string> ids_;
};

std::vector<std::string> names_of(const VexStatement& statement) {
  std::vector<std::string> names = {statement.vulnerability};
  names.insert(names.end(), statement.aliases.begin(), statement.aliases.end());
  return names;
}

/// What is said about one vulnerability: its names, and the newest statement for each product.
struct Subject {
  std::vector<std::string> names;
  std::map<ScopeName, const VexStatement*> newest;
};

std::map<std::string, Subject> subjects_of(std::span<const VexStatement> statements) {
  std::map<std::string, Subject> subjects;
  for (const VexStatement& statement : statements) {
    const auto names = names_of(statement);
    Subject& subject = subjects[key_of(names)];
    for (const std::string& name : names)
      if (std::ranges::find(subject.names, name) == subject.names.end())
        subject.names.push_back(name);
    for (const ScopeName& scope : scopes_of(statement)) {
      const VexStatement*& slot = subject.newest[scope];
      if (slot == nullptr || slot->at <= statement.at) slot = &statement;
    }
  }
  return subjects;
}

struct Action {
  std::string category;
  std::string details;
};

/// The category under which the version has an action for affected products, "" for a word that is
/// none. An optional patch is none: the standard has it for products that are not affected.
std::string_view category_of(std::string_view word, Version version) {
  constexpr std::array<std::string_view, 5> categories = {"workaround", "mitigation", "vendor_fix",
                                                          "none_available", "no_fix_planned"};
  // Version 2.0 has no word for a fix to come.
  if (word == "fix_planned") return version == Version::v2_0 ? "none_available" : word;
  const auto row = std::ranges::find(categories, word);
  return row == categories.end() ? std::string_view() : *row;
}

/// Whether an action can stand beside those before it; version 2.0 has no rule about that.
bool may_follow(const std::vector<Action>& before, std::string_view category, Version version) {
  return version == Version::v2_0 || std::ranges::all_of(before, [&](const Action& one) {
           return may_combine(one.category, category);
         });
}

/// "vendor_fix: update; workaround: unplug" is two remediations; all else is one.
std::vector<Action> actions_of(std::string_view text, Version version) {
  if (text.empty()) return {{"none_available", "No action is known yet."}};
  std::vector<Action> actions;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find("; ", at), text.size());
    const std::string_view piece = text.substr(at, end - at);
    const std::size_t colon = piece.find(": ");
    const bool has_details = colon != std::string_view::npos && piece.size() > colon + 2;
    const std::string_view category =
        has_details ? category_of(piece.substr(0, colon), version) : std::string_view();
    if (!category.empty() && may_follow(actions, category, version))
      actions.push_back({std::string(category), std::string(piece.substr(colon + 2))});
    else if (!actions.empty())
      actions.back().details += "; " + std::string(piece);
    else
      return {{"mitigation", std::string(text)}};
    at = end + 2;
  }
  return actions;
}

/// Lists of product ids by what is said about them.
struct Said {
  std::map<std::string, std::vector<std::string>> status;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> flags;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> impacts;
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::string>> actions;
};

void collect(const VexStatement& statement, const std::string& id, Version version, Said& said) {
  const std::string date = statement.at ? to_text(*statement.at) : "";
  if (const auto* status = std::get_if<VexStatement::NotAffected>(&statement.status)) {
    said.status["known_not_affected"].push_back(id);
    if (!status->justification.empty()) said.flags[{status->justification, date}].push_back(id);
    if (!status->impact_statement.empty())
      said.impacts[{status->impact_statement, date}].push_back(id);
  } else if (const auto* affected = std::get_if<VexStatement::Affected>(&statement.status)) {
    said.status["known_affected"].push_back(id);
    for (const Action& action : actions_of(affected->action_statement, version)) {
      auto& ids = said.actions[{action.category, action.details, date}];
      if (ids.empty() || ids.back() != id) ids.push_back(id);
    }
  } else if (std::holds_alternative<VexStatement::Fixed>(statement.status)) {
    said.status["fixed"].push_back(id);
  } else {
    said.status["under_investigation"].push_back(id);
  }
}

void set_date(Json& item, const std::string& date) {
  if (!date.empty()) item.set("date", date);
}

void set_list(Json& vulnerability, const char* key, Json list) {
  if (!list.items().empty()) vulnerability.set(key, std::move(list));
}

Json vulnerability_of(const Subject& subject, const Tree& tree, Version version) {
  Said said;
  for (const auto& [scope, statement] : subject.newest)
    collect(*statement, tree.id_of(scope), version, said);
  Json status = Json::object();
  for (const auto& [key, ids] : said.status)
    status.set(key, Json::array_of(ids));
  Json notes = Json::array();
  notes.push(Json::object_of(
      {{"category", "summary"},
       {"text", "Status of " + key_of(subject.names) + " in the products that are named here."}}));
  Json flags = Json::array();
  for (const auto& [flag, ids] : said.flags) {
    Json item = Json::object_of({{"label", flag.first}, {"product_ids", Json::array_of(ids)}});
    set_date(item, flag.second);
    flags.push(std::move(item));
  }
  Json threats = Json::array();
  for (const auto& [impact, ids] : said.impacts) {
    Json item = Json::object_of(
        {{"category", "impact"}, {"details", impact.first}, {"product_ids", Json::array_of(ids)}});
    set_date(item, impact.second);
    threats.push(std::move(item));
  }
  Json remediations = Json::array();
  for (const auto& [action, ids] : said.actions) {
    Json item = Json::object_of({{"category", std::get<0>(action)},
                                 {"details", std::get<1>(action)},
                                 {"product_ids", Json::array_of(ids)}});
    set_date(item, std::get<2>(action));
    remediations.push(std::move(item));
  }
  Json vulnerability =
      Json::object_of({{"notes", std::move(notes)}, {"product_status", std::move(status)}});
  set_names(vulnerability, subject.names);
  set_list(vulnerability, "flags", std::move(flags));
  set_list(vulnerability, "threats", std::move(threats));
  set_list(vulnerability, "remediations", std::move(remediations));
  return vulnerability;
}

}  // namespace

Json write_csaf_vex(std::span<const VexStatement> statements, const HeadToWrite& head) {
  LS_CHECK(!head.revisions.empty(), "a CSAF document has at least one revision");
  const Tree tree(statements, head.version);
  Json vulnerabilities = Json::array();
  for (const auto& [key, subject] : subjects_of(statements))
    if (!subject.newest.empty())
      vulnerabilities.push(vulnerability_of(subject, tree, head.version));
  Json whole = whole_of(head, "csaf_vex", tree.json(), std::move(vulnerabilities));
  add_vex_note(statements, whole);
  return whole;
}

}  // namespace lockstep::formats::csaf
