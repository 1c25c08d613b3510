// SPDX-License-Identifier: Apache-2.0
// The statements of a CSAF document, in the words of OpenVEX.
//
//   product_status                                   status
//   known_not_affected                               not_affected
//   known_affected, first_affected, last_affected    affected
//   fixed, first_fixed                               fixed
//   under_investigation, unknown                     under_investigation
//   recommended                                      (none: it says which version to take)
//
// Labels of flags are the justifications of OpenVEX; threats of the category impact are impact
// statements, remediations are action statements.
//
// Source: CSAF 2.0, 3.2.3.9 and 4.5; CSAF 2.1, 3.2.4.12; OpenVEX 0.2.0.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <unordered_map>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/csaf/csaf.hpp"
#include "formats/csaf/validate.hpp"
#include "formats/csaf/vex_note.hpp"
#include "formats/vex_extras.hpp"
#include "versions/vers.hpp"

namespace lockstep::formats::csaf {
namespace {

using Products = std::unordered_map<std::string_view, const ProductValue*>;

/// The package URL before the CPE: purls are what bills list. "" when there is neither.
std::string identifier_of(const ProductValue& product) {
  return product.purls.empty() ? product.cpe : product.purls.front();
}

/// What is said about each product, in order.
using ByProduct = std::unordered_map<std::string_view, std::vector<const Said*>>;

ByProduct by_product(const std::vector<Said>& items) {
  ByProduct said;
  for (const Said& item : items)
    for (const std::string& product : item.products)
      said[product].push_back(&item);
  return said;
}

/// One vulnerability, and what is said about its products.
struct Subject {
  explicit Subject(const VulnerabilityValue& one)
      : vulnerability(one),
        flags(by_product(one.flags)),
        threats(by_product(one.threats)),
        remediations(by_product(one.remediations)) {}

  const VulnerabilityValue& vulnerability;
  ByProduct flags;
  ByProduct threats;
  ByProduct remediations;
};

std::string actions_for(const Subject& subject, std::string_view product) {
  std::vector<std::string> texts;
  if (const auto said = subject.remediations.find(product); said != subject.remediations.end())
    for (const Said* item : said->second)
      texts.push_back(item->category + ": " + item->details);
  return join(texts, "; ");
}

std::string impact_on(const Subject& subject, std::string_view product) {
  std::vector<std::string> texts;
  if (const auto said = subject.threats.find(product); said != subject.threats.end())
    for (const Said* item : said->second)
      if (item->category == "impact") texts.push_back(item->details);
  return join(texts, "; ");
}

class StatementReader {
 public:
  StatementReader(const DocumentValue& document, const Source& source)
      : document_(document), source_(source) {
    for (const ProductValue& product : document_.products)
      products_.emplace(product.id, &product);
  }

  std::vector<VexStatement> read() {
    for (const VulnerabilityValue& vulnerability : document_.vulnerabilities) {
      const Subject subject(vulnerability);
      for (const StatusValue& status : vulnerability.status)
        for (const std::string& id : status.products)
          read_one(subject, status.key, id);
    }
    return std::move(statements_);
  }

 private:
  void warn(std::string code, std::string message, const Position& where) {
    source_.problems.warning(std::move(code), std::move(message), where);
  }

  void read_one(const Subject& subject, const std::string& key, const std::string& id) {
    const VulnerabilityValue& vulnerability = subject.vulnerability;
    const auto product = products_.find(id);
    if (key == "recommended" || product == products_.end()) return;
    VexStatement statement;
    if (!set_status(subject, key, id, statement)) return;
    statement.vulnerability = vulnerability.cve;
    statement.aliases = vulnerability.ids;
    if (statement.vulnerability.empty() && !statement.aliases.empty()) {
      statement.vulnerability = statement.aliases.front();
      statement.aliases.erase(statement.aliases.begin());
    }
    if (statement.vulnerability.empty()) return;
    statement.at = document_.current_release;
    statement.author = document_.publisher;
    statement.document = document_.id;
    statement.where = vulnerability.where;
    if (add_scopes(*product->second, statement)) add(std::move(statement));
  }

  /// Products of one vulnerability of which the same is said are one statement.
  void add(VexStatement statement) {
    if (!statements_.empty()) {
      VexStatement& last = statements_.back();
      if (last.vulnerability == statement.vulnerability && last.where == statement.where &&
          says_the_same(last, statement)) {
        std::ranges::move(statement.products, std::back_inserter(last.products));
        return;
      }
    }
    statements_.push_back(std::move(statement));
  }

  static bool says_the_same(const VexStatement& a, const VexStatement& b) {
    if (a.status.index() != b.status.index()) return false;
    if (const auto* one = std::get_if<VexStatement::NotAffected>(&a.status)) {
      const auto& other = std::get<VexStatement::NotAffected>(b.status);
      return one->justification == other.justification &&
             one->impact_statement == other.impact_statement;
    }
    if (const auto* one = std::get_if<VexStatement::Affected>(&a.status))
      return one->action_statement == std::get<VexStatement::Affected>(b.status).action_statement;
    return true;
  }

  bool set_status(const Subject& subject,
                  const std::string& key,
                  const std::string& id,
                  VexStatement& statement) {
    if (key == "known_not_affected") return set_not_affected(subject, id, statement);
    if (key == "known_affected" || key == "first_affected" || key == "last_affected")
      statement.status = VexStatement::Affected{actions_for(subject, id)};
    else if (key == "fixed" || key == "first_fixed")
      statement.status = VexStatement::Fixed{};
    else
      statement.status = VexStatement::UnderInvestigation{};
    return true;
  }

  bool set_not_affected(const Subject& subject, const std::string& id, VexStatement& statement) {
    VexStatement::NotAffected status;
    if (const auto flags = subject.flags.find(id); flags != subject.flags.end())
      status.justification = flags->second.front()->category;
    status.impact_statement = impact_on(subject, id);
    const bool has_reason = !status.justification.empty() || !status.impact_statement.empty();
    if (!has_reason)
      warn(
          "csaf.vex_reason",
          fmt::format("expected a flag or an impact for '{}', which is not affected by '{}', found "
                      "neither; the statement is not used",
                      quotable(id), quotable(subject.vulnerability.cve)),
          subject.vulnerability.where);
    statement.status = std::move(status);
    return has_reason;
  }

  /// A component inside a product is a subcomponent of it; one that is made of more parts is looked
  /// at as the first in the last. What has no identifier of its own may have it through its parts.
  bool add_scopes(const ProductValue& product, VexStatement& statement) {
    if (product.parts.size() > 1) {
      const auto component = products_.find(product.parts.front());
      const auto whole = products_.find(product.parts.back());
      if (component != products_.end() && whole != products_.end()) {
        const std::string part = identifier_of(*component->second);
        const std::string owner = identifier_of(*whole->second);
        if (!part.empty() && !owner.empty() && may_name(*component->second, part, statement) &&
            may_name(*whole->second, owner, statement)) {
          auto [name, versions] = name_and_range(part);
          statement.products.push_back({owner, {std::move(name)}, std::move(versions)});
          return true;
        }
      }
    }
    bool has_one = false;
    auto identifiers = product.purls;
    if (identifiers.empty() && !product.cpe.empty()) identifiers.push_back(product.cpe);
    for (const std::string& identifier : identifiers) {
      if (is_range_of(product, identifier)) {
        statement.products.push_back({identifier, {}, product.version_range});
      } else if (may_name(product, identifier, statement)) {
        auto [name, versions] = name_and_range(identifier);
        statement.products.push_back({std::move(name), {}, std::move(versions)});
      } else {
        continue;
      }
      has_one = true;
    }
    if (identifiers.empty())
      warn("csaf.vex_product",
           fmt::format("expected a package URL or a CPE of '{}', found neither; what is said about "
                       "it is not used",
                       quotable(product.name.empty() ? product.id : product.name)),
           product.where);
    return has_one;
  }

  /// A package URL without its qualifier `vers`, and the range that this one holds.
  static std::pair<std::string, std::string> name_and_range(std::string identifier) {
    std::string versions = identifier.starts_with("pkg:") ? take_range(identifier) : "";
    return {std::move(identifier), std::move(versions)};
  }

  /// Whether the identifier has no version, and the product a range (VERS) of a type whose versions
  /// have an order.
  static bool is_range_of(const ProductValue& product, const std::string& identifier) {
    const auto purl = parse_purl(identifier);
    const auto vers = versions::parse_vers(product.version_range);
    return purl && purl->version.empty() && vers && versions::contains(*vers, "1").has_value();
  }

  /// A range that cannot be read clears nothing, since without it every version would be cleared.
  bool may_name(const ProductValue& product,
                const std::string& identifier,
                const VexStatement& statement) {
    if (product.version_range.empty()) return true;
    const auto purl = parse_purl(identifier);
    if (purl && !purl->version.empty()) return true;
    const bool clears = std::holds_alternative<VexStatement::NotAffected>(statement.status) ||
                        std::holds_alternative<VexStatement::Fixed>(statement.status);
    warn("csaf.vex_version",
         fmt::format("expected single versions of '{}' or a range (VERS) of a type whose versions "
                     "have an order, found the range '{}'; what is said about it is {}",
                     quotable(identifier), quotable(product.version_range),
                     clears ? "not used" : "used for every version"),
         product.where);
    return !clears;
  }

  const DocumentValue& document_;
  const Source& source_;
  Products products_;
  std::vector<VexStatement> statements_;
};

/// Errors of the standard alone; warnings and notes are about quality.
void report_errors(const Json& document, const Source& source) {
  Diagnostics found;
  check_document(document, {source.path, found, source.rules}, Instant{});
  for (Diagnostic entry : found.entries()) {
    if (entry.severity != Severity::error) continue;
    if (source.rules == Rules::warnings) entry.severity = Severity::warning;
    source.problems.add(std::move(entry));
  }
}

/// As this program wrote them beside the words of the standard, else in those words.
std::vector<VexStatement> statements_of(const Json& document, const Source& source) {
  if (auto noted = read_vex_note(document)) {
    for (VexStatement& statement : *noted)
      statement.where = document.at(source.path);
    return *std::move(noted);
  }
  return StatementReader(read_document(document, source.path), source).read();
}

}  // namespace

std::vector<VexStatement> read_csaf_vex(const Document& document, const Source& source) {
  Diagnostics found;
  const Source collect{source.path, found, source.rules};
  report_errors(document.tree, collect);
  auto statements = statements_of(document.tree, collect);
  append_in_file_order(source.problems, found);
  return statements;
}

}  // namespace lockstep::formats::csaf
