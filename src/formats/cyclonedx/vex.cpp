// SPDX-License-Identifier: Apache-2.0
// The statements inside a CycloneDX document, in the words of OpenVEX.
//
//   analysis.state                      status
//   not_affected, false_positive        not_affected
//   exploitable                         affected
//   resolved, resolved_with_pedigree    fixed
//   in_triage                           under_investigation
//
// CycloneDX has nine justifications where OpenVEX has five. The nearest one is taken, and the word
// as written opens the impact statement, so that nothing is lost to a person who reads it.
//
// Source: CycloneDX 1.7 (vulnerabilities[].analysis, affects); OpenVEX 0.2.0 (status labels and
// status justifications).
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "base/url.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/cyclonedx/parts.hpp"
#include "formats/limits.hpp"
#include "formats/vex_extras.hpp"
#include "versions/vers.hpp"

namespace lockstep::formats {
namespace {

std::string text(const Json& node, std::string_view key) {
  return node[key].string_or("");
}

std::string openvex_justification(std::string_view written) {
  for (const auto& [own, openvex] : cyclonedx_justifications)
    if (own == written) return std::string(openvex);
  return "";
}

std::string joined(const std::vector<std::string>& parts) {
  std::vector<std::string> filled = parts;
  std::erase(filled, "");
  return join(filled, ": ");
}

VexStatement::NotAffected read_not_affected(const Json& analysis) {
  const std::string written = text(analysis, "justification");
  const std::string state = text(analysis, "state");
  VexStatement::NotAffected status;
  status.justification = openvex_justification(written);
  const bool is_exact = written == "code_not_present" || written == "code_not_reachable";
  status.impact_statement = joined(
      {state == "false_positive" ? state : "", is_exact ? "" : written, text(analysis, "detail")});
  return status;
}

VexStatement::Affected read_affected(const Json& vulnerability) {
  const Json& analysis = vulnerability["analysis"];
  std::vector<std::string> responses;
  for (const Json& response : analysis["response"].items())
    responses.push_back(response.string_or(""));
  return {joined({join(responses, ", "), text(vulnerability, "recommendation"),
                  text(vulnerability, "workaround"), text(analysis, "detail")})};
}

bool read_status(const Json& vulnerability, VexStatement& statement) {
  const std::string state = text(vulnerability["analysis"], "state");
  if (state == "not_affected" || state == "false_positive")
    statement.status = read_not_affected(vulnerability["analysis"]);
  else if (state == "exploitable")
    statement.status = read_affected(vulnerability);
  else if (state == "resolved" || state == "resolved_with_pedigree")
    statement.status = VexStatement::Fixed{};
  else if (state == "in_triage")
    statement.status = VexStatement::UnderInvestigation{};
  else
    return false;
  return true;
}

class StatementReader {
 public:
  StatementReader(const Json& document, const Source& source)
      : document_(document), source_(source) {
    Diagnostics told_by_the_bill;
    bom_ = read_cyclonedx_components(document, {source.path, told_by_the_bill, source.rules});
    for (const Component& component : bom_.components)
      add(component);
    if (bom_.subject) add(*bom_.subject);
    if (bom_.subject && bom_.subject->purl) subject_ = to_text(*bom_.subject->purl);
  }

  std::vector<VexStatement> read() {
    for (const Json& vulnerability : document_["vulnerabilities"].items())
      read_one(vulnerability);
    return std::move(statements_);
  }

 private:
  void add(const Component& component) {
    if (!component.reference.empty()) components_[component.reference] = &component;
  }

  void read_one(const Json& vulnerability) {
    VexStatement statement;
    if (!read_status(vulnerability, statement)) return;
    statement.where = vulnerability.at(source_.path);
    statement.vulnerability = text(vulnerability, "id");
    for (const Json& reference : vulnerability["references"].items())
      if (const std::string id = text(reference, "id");
          !id.empty() && id != statement.vulnerability)
        statement.aliases.push_back(id);
    statement.at = time_of(vulnerability);
    statement.author = author();
    statement.document = text(document_, "serialNumber");
    for (const Json& affected : vulnerability["affects"].items())
      add_scopes(affected, statement);
    read_property(vulnerability, statement);
    const auto* not_affected = std::get_if<VexStatement::NotAffected>(&statement.status);
    if (not_affected != nullptr && not_affected->justification.empty() &&
        not_affected->impact_statement.empty()) {
      source_.problems.warning(
          "cyclonedx.vex_reason",
          fmt::format("expected a justification or a detail for not_affected, found neither; the "
                      "statement about '{}' is not used",
                      quotable(statement.vulnerability)),
          vulnerability["analysis"].at(source_.path));
      return;
    }
    statements_.push_back(std::move(statement));
  }

  /// The statement as this program wrote it beside the words of the standard.
  void read_property(const Json& vulnerability, VexStatement& statement) const {
    for (const Json& property : vulnerability["properties"].items()) {
      if (text(property, "name") != vex_extras_name) continue;
      Diagnostics ignored;
      const auto extras =
          parse_json(text(property, "value"), source_.path, ignored, product_limits);
      if (!extras || !take_vex_extras(*extras, statement)) continue;
      auto scopes = vex_extra_products(*extras);
      if (names_same_purls(vulnerability["affects"], scopes))
        statement.products = std::move(scopes);
    }
  }

  static std::string canonical(const std::string& identifier) {
    const auto purl = parse_purl(identifier);
    return purl ? to_text(*purl) : identifier;
  }

  /// Whether the package URLs that are affected are still those of the scopes: somebody may have
  /// taken one out, or in.
  bool names_same_purls(const Json& affects, const std::vector<VexStatement::Scope>& scopes) const {
    if (affects.items().empty()) return true;
    std::set<std::string> wanted;
    for (const VexStatement::Scope& scope : scopes) {
      const std::vector<std::string> whole = {scope.product};
      for (const std::string& target : scope.subcomponents.empty() ? whole : scope.subcomponents)
        if (target.starts_with("pkg:")) wanted.insert(canonical(target));
    }
    std::set<std::string> found;
    for (const Json& affected : affects.items()) {
      const std::string target = target_of(text(affected, "ref"));
      const auto component = components_.find(target);
      if (component != components_.end() && component->second->purl)
        found.insert(to_text(*component->second->purl));
      else if (target.starts_with("pkg:"))
        found.insert(canonical(target));
    }
    return found == wanted;
  }

  std::optional<Instant> time_of(const Json& vulnerability) const {
    const Json& analysis = vulnerability["analysis"];
    for (const std::string& written :
         {text(analysis, "lastUpdated"), text(analysis, "firstIssued"),
          text(vulnerability, "updated"), text(document_["metadata"], "timestamp")})
      if (const auto at = parse_instant(written)) return at;
    return std::nullopt;
  }

  std::string author() const {
    const Json& metadata = document_["metadata"];
    if (!metadata["authors"].items().empty())
      if (std::string name = text(metadata["authors"].items().front(), "name"); !name.empty())
        return name;
    for (const std::string_view role : {"supplier", "manufacturer", "manufacture"})
      if (std::string name = text(metadata[role], "name"); !name.empty()) return name;
    return "";
  }

  /// A reference is a bom-ref of this document or a BOM-Link, urn:cdx:SERIAL/VERSION#BOM-REF. A
  /// link into another document is kept as written, but for one whose bom-ref is a purl.
  std::string target_of(const std::string& reference) const {
    const std::size_t hash = reference.find('#');
    if (!reference.starts_with("urn:cdx:") || hash == std::string::npos) return reference;
    std::string inner = reference.substr(hash + 1);
    if (!components_.contains(inner)) inner = percent_decoded(inner);
    const std::string serial = text(document_, "serialNumber");
    const bool is_own =
        serial.starts_with("urn:uuid:") &&
        lower_case(reference).starts_with("urn:cdx:" + lower_case(serial.substr(9)) + "/");
    return is_own || parse_purl(inner).has_value() ? inner : reference;
  }

  void add_scope(const std::string& identifier,
                 VexStatement& statement,
                 const std::string& versions = "") const {
    if (subject_.empty() || identifier == subject_)
      statement.products.push_back({identifier, {}, versions});
    else
      statement.products.push_back({subject_, {identifier}, versions});
  }

  /// The versions that the statement is about narrow a purl that has none. A range that is no VERS
  /// of a type whose order is known cannot be used: then a statement that clears the component is
  /// not used for it.
  void add_scopes(const Json& affected, VexStatement& statement) {
    const std::string target = target_of(text(affected, "ref"));
    const auto component = components_.find(target);
    std::optional<Purl> named =
        component == components_.end() ? std::nullopt : component->second->purl;
    const auto& versions = affected["versions"].items();
    // A document about bills of others names a component by its package URL alone.
    if (component == components_.end() && !versions.empty())
      if (auto purl = parse_purl(target)) named = *std::move(purl);
    if (!named) return add_scope(target, statement);
    const Purl& purl = *named;
    if (versions.empty()) return add_scope(to_text(purl), statement);
    if (!purl.version.empty()) return add_if_covered(affected, purl, statement);
    for (const Json& entry : versions) {
      if (entry["status"].string_or("affected") != "affected") continue;
      if (entry["version"].is_string()) {
        Purl narrowed = purl;
        narrowed.version = text(entry, "version");
        add_scope(to_text(narrowed), statement);
      } else {
        add_range(entry, purl, statement);
      }
    }
  }

  static bool clears(const VexStatement& statement) {
    return std::holds_alternative<VexStatement::NotAffected>(statement.status) ||
           std::holds_alternative<VexStatement::Fixed>(statement.status);
  }

  static bool covers(const Json& entry, const std::string& version) {
    if (text(entry, "status") == "unknown") return false;
    if (entry["version"].is_string()) return text(entry, "version") == version;
    const auto vers = versions::parse_vers(text(entry, "range"));
    return vers && versions::contains(*vers, version).value_or(false);
  }

  /// A component of one version: what clears other versions does not clear it.
  void add_if_covered(const Json& affected, const Purl& purl, VexStatement& statement) {
    const bool is_covered =
        std::ranges::any_of(affected["versions"].items(),
                            [&purl](const Json& entry) { return covers(entry, purl.version); });
    if (is_covered || !clears(statement)) return add_scope(to_text(purl), statement);
    source_.problems.warning(
        "cyclonedx.vex_version",
        fmt::format("expected versions among which '{}' is, found none that is; the statement "
                    "about '{}' is not used for it",
                    to_text(purl), quotable(statement.vulnerability)),
        affected.at(source_.path));
  }

  void add_range(const Json& entry, const Purl& purl, VexStatement& statement) {
    const std::string range = text(entry, "range");
    if (const auto vers = versions::parse_vers(range)) {
      if (versions::contains(*vers, "1").has_value())
        return add_scope(to_text(purl), statement, range);
    }
    if (!clears(statement)) add_scope(to_text(purl), statement);
    source_.problems.warning(
        "cyclonedx.vex_version",
        fmt::format("expected single versions of '{}' or a range (VERS) of a type whose versions "
                    "have an order, found the range '{}'; the statement about '{}' is {}",
                    to_text(purl), quotable(range), quotable(statement.vulnerability),
                    clears(statement) ? "not used for it" : "used for every version"),
        entry.at(source_.path));
  }

  const Json& document_;
  const Source& source_;
  Bom bom_;
  std::map<std::string, const Component*> components_;
  std::string subject_;
  std::vector<VexStatement> statements_;
};

}  // namespace

std::vector<VexStatement> read_statements_of(const Json& tree, const Source& source) {
  // SPEED: most bills state nothing; their components are not read a second time.
  if (tree["vulnerabilities"].items().empty()) return {};
  Diagnostics found;
  auto statements = StatementReader(tree, {source.path, found, source.rules}).read();
  append_in_file_order(source.problems, found);
  return statements;
}

std::vector<VexStatement> read_cyclonedx_statements(const Document& document,
                                                    const Source& source) {
  return read_statements_of(document.tree, source);
}

}  // namespace lockstep::formats
