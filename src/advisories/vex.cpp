// SPDX-License-Identifier: Apache-2.0
#include "advisories/vex.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

constexpr std::string_view cyclonedx_urn = "urn:cdx:";
constexpr std::string_view uuid_urn = "urn:uuid:";

/// A name in a statement, read once.
struct Name {
  std::string text;
  std::optional<Purl> purl;
};

struct Scope {
  Name product;
  std::vector<Name> subcomponents;
};

struct Statement {
  const VexStatement* source = nullptr;
  std::vector<Scope> scopes;
};

/// What a name is compared with.
struct Subject {
  std::string_view reference;
  std::string_view serial;  ///< of the bill, without its "urn:uuid:"
  std::optional<Purl> purl;
};

Name name_of(const std::string& text) {
  Name name{text, std::nullopt};
  if (text.starts_with("pkg:")) {
    if (auto purl = parse_purl(text)) name.purl = *std::move(purl);
  }
  return name;
}

Statement read_statement(const VexStatement& source) {
  Statement statement{&source, {}};
  for (const VexStatement::Scope& scope : source.products) {
    Scope read{name_of(scope.product), {}};
    for (const std::string& part : scope.subcomponents)
      read.subcomponents.push_back(name_of(part));
    statement.scopes.push_back(std::move(read));
  }
  return statement;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The text without its percent escapes; what is no escape stays.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 &&
                           digit_of(text[i + 2]) >= 0;
    if (is_escape) {
      plain.push_back(static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2])));
      i += 2;
    } else {
      plain.push_back(text[i]);
    }
  }
  return plain;
}

/// "urn:cdx:SERIAL/VERSION#REFERENCE" of our bill and component.
bool is_part_of_bill(std::string_view name, const Subject& subject) {
  if (!name.starts_with(cyclonedx_urn) || subject.serial.empty()) return false;
  name.remove_prefix(cyclonedx_urn.size());
  const std::size_t slash = name.find('/');
  const std::size_t hash = name.find('#');
  if (slash == std::string_view::npos || hash == std::string_view::npos || hash < slash) {
    return false;
  }
  const std::string_view reference = name.substr(hash + 1);
  return lower_case(name.substr(0, slash)) == lower_case(subject.serial) &&
         (reference == subject.reference || unescaped(reference) == subject.reference);
}

bool is_about(const Name& name, const Subject& subject) {
  if (!name.text.empty() && name.text == subject.reference) return true;
  if (name.purl && subject.purl) return covers(*name.purl, *subject.purl);
  return is_part_of_bill(name.text, subject);
}

bool is_about(const Scope& scope, const Subject& component, std::span<const Subject> products) {
  const bool of_product = std::ranges::any_of(
      products, [&scope](const Subject& product) { return is_about(scope.product, product); });
  if (!of_product && !is_about(scope.product, component)) return false;
  return scope.subcomponents.empty() ||
         std::ranges::any_of(scope.subcomponents,
                             [&component](const Name& part) { return is_about(part, component); });
}

/// Statements by each of their vulnerability's names, in lower case.
using ByVulnerability = std::unordered_map<std::string, std::vector<std::size_t>>;

ByVulnerability by_vulnerability(std::span<const Statement> statements) {
  ByVulnerability found;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const VexStatement& source = *statements[i].source;
    found[lower_case(source.vulnerability)].push_back(i);
    for (const std::string& alias : source.aliases)
      found[lower_case(alias)].push_back(i);
  }
  return found;
}

/// The numbers of the statements about one of the finding's ids, sorted.
std::vector<std::size_t> candidates_for(const Finding& finding, const ByVulnerability& statements) {
  std::vector<std::string> ids = finding.aliases;
  ids.push_back(finding.advisory);
  ids.push_back(finding.flaw);
  ids.insert(ids.end(), finding.matched.begin(), finding.matched.end());
  ids.insert(ids.end(), finding.upstream.begin(), finding.upstream.end());
  std::vector<std::size_t> found;
  for (const std::string& id : ids) {
    const auto place = statements.find(lower_case(id));
    if (place == statements.end()) continue;
    found.insert(found.end(), place->second.begin(), place->second.end());
  }
  std::ranges::sort(found);
  const auto doubled = std::ranges::unique(found);
  found.erase(doubled.begin(), doubled.end());
  return found;
}

/// The statement's own words for its status.
std::string words_of(const VexStatement& statement) {
  if (const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status)) {
    const bool both = !clear->justification.empty() && !clear->impact_statement.empty();
    return clear->justification + (both ? ": " : "") + clear->impact_statement;
  }
  const auto* affected = std::get_if<VexStatement::Affected>(&statement.status);
  return affected == nullptr ? "" : affected->action_statement;
}

AppliedVex applied(const VexStatement& statement) {
  AppliedVex vex;
  vex.status = status_word(statement);
  vex.statement = words_of(statement);
  if (const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status))
    vex.justification = clear->justification;
  vex.document = statement.document;
  vex.author = statement.author;
  if (statement.at) vex.at = to_text(*statement.at);
  if (statement.accepted_until) {
    vex.accepted_by = statement.accepted_by;
    vex.accepted_until = to_text(*statement.accepted_until);
  }
  return vex;
}

/// "fixed, by Acme in vex-1 of 2026-01-01T00:00:00Z"
std::string named(const VexStatement& statement) {
  std::string text(status_word(statement));
  if (!statement.author.empty()) text += ", by " + statement.author;
  if (!statement.document.empty()) text += " in " + statement.document;
  if (statement.at) text += " of " + to_text(*statement.at);
  return text;
}

/// The newest statement, with those that say another thing. Nothing sorts before every time, so a
/// statement without one is the oldest.
AppliedVex settled_among(std::span<const VexStatement* const> statements) {
  const VexStatement* newest = statements.front();
  for (const VexStatement* one : statements)
    if (one->at >= newest->at) newest = one;
  AppliedVex vex = applied(*newest);
  for (const VexStatement* one : statements) {
    if (status_word(*one) == status_word(*newest)) continue;
    const bool is_equally_new = one->at && one->at == newest->at;
    (is_equally_new ? vex.disagrees : vex.replaces).push_back(named(*one));
  }
  return vex;
}

/// Many tools lower the names of Go modules, so their case decides nothing.
bool same_name(const Purl& a, const Purl& b) {
  if (a.type != "golang") return a.name_space == b.name_space && a.name == b.name;
  return lower_case(a.name_space) == lower_case(b.name_space) &&
         lower_case(a.name) == lower_case(b.name);
}

std::string_view serial_of(const std::string& path, const ProductNames& product) {
  for (const ProductNames::Bill& bill : product.bills) {
    if (bill.path != path) continue;
    const std::string_view serial = bill.serial;
    return serial.starts_with(uuid_urn) ? serial.substr(uuid_urn.size()) : serial;
  }
  return {};
}

}  // namespace

bool covers(const Purl& wide, const Purl& narrow) {
  if (wide.type != narrow.type || !same_name(wide, narrow)) return false;
  if (!wide.version.empty() && wide.version != narrow.version) return false;
  if (!wide.subpath.empty() && wide.subpath != narrow.subpath) return false;
  return std::ranges::all_of(wide.qualifiers, [&narrow](const auto& qualifier) {
    return std::ranges::find(narrow.qualifiers, qualifier) != narrow.qualifiers.end();
  });
}

ProductNames names_of(std::span<const Bom> boms) {
  ProductNames names;
  for (const Bom& bom : boms) {
    names.bills.push_back({bom.path, bom.serial});
    if (!bom.subject) continue;
    if (bom.subject->purl) names.ids.push_back(to_text(*bom.subject->purl));
    if (!bom.subject->reference.empty()) names.ids.push_back(bom.subject->reference);
  }
  return names;
}

std::vector<Finding> apply_vex(std::vector<Finding> findings,
                               std::span<const VexStatement> statements,
                               const ProductNames& product) {
  std::vector<Statement> read;
  read.reserve(statements.size());
  for (const VexStatement& statement : statements)
    read.push_back(read_statement(statement));
  const ByVulnerability places = by_vulnerability(read);
  std::vector<Subject> products;
  for (const std::string& id : product.ids)
    products.push_back({id, {}, name_of(id).purl});

  for (Finding& finding : findings) {
    const std::vector<std::size_t> candidates = candidates_for(finding, places);
    if (candidates.empty()) continue;
    const Subject component{finding.reference, serial_of(finding.sbom, product),
                            name_of(finding.purl).purl};
    std::vector<const VexStatement*> about;
    for (const std::size_t number : candidates) {
      const Statement& statement = read[number];
      const bool applies = std::ranges::any_of(statement.scopes, [&](const Scope& scope) {
        return is_about(scope, component, products);
      });
      if (applies) about.push_back(statement.source);
    }
    if (!about.empty()) finding.vex = settled_among(about);
  }
  return findings;
}

}  // namespace lockstep::advisories
