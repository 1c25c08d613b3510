// SPDX-License-Identifier: Apache-2.0
#include "advisories/vex.hpp"

#include <algorithm>
#include <compare>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "base/url.hpp"
#include "versions/scheme.hpp"
#include "versions/vers.hpp"

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
  std::optional<versions::Vers> versions;
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
  std::string_view version = {};
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
    Scope read{name_of(scope.product), {}, {}};
    if (!scope.versions.empty()) {
      // A range that cannot be read is about nothing: readers told of it.
      auto range = versions::parse_vers(scope.versions);
      if (!range) continue;
      read.versions = *std::move(range);
    }
    for (const std::string& part : scope.subcomponents)
      read.subcomponents.push_back(name_of(part));
    statement.scopes.push_back(std::move(read));
  }
  return statement;
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
         (reference == subject.reference || percent_decoded(reference) == subject.reference);
}

bool is_about(const Name& name, const Subject& subject) {
  if (!name.text.empty() && name.text == subject.reference) return true;
  if (name.purl && subject.purl) return covers(*name.purl, *subject.purl);
  return is_part_of_bill(name.text, subject);
}

/// Whether the version is one of those that the scope is about; not, where nobody can tell.
bool has_version(const Scope& scope, const Subject& subject) {
  if (!scope.versions) return true;
  const bool is_in_purl = subject.purl && !subject.purl->version.empty();
  const std::string_view version = is_in_purl ? subject.purl->version : subject.version;
  const auto is_in = versions::contains(*scope.versions, version);
  return !version.empty() && is_in && *is_in;
}

/// A range is one of versions of the parts; without parts of what the scope names, be it the
/// product or the component.
bool is_about(const Scope& scope, const Subject& component, std::span<const Subject> products) {
  const auto names = [&scope](const Subject& subject) {
    return is_about(scope.product, subject) &&
           (!scope.subcomponents.empty() || has_version(scope, subject));
  };
  if (!std::ranges::any_of(products, names) && !names(component)) return false;
  return scope.subcomponents.empty() ||
         (has_version(scope, component) &&
          std::ranges::any_of(scope.subcomponents, [&component](const Name& part) {
            return is_about(part, component);
          }));
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

/// The numbers of the statements about one of the ids, sorted.
std::vector<std::size_t> candidates_for(std::span<const std::string> ids,
                                        const ByVulnerability& statements) {
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

/// The ids of a finding's flaw, with the one flaw that its records stand for where it is one.
std::vector<std::string> ids_of(const Finding& finding) {
  std::vector<std::string> ids = finding.aliases;
  ids.push_back(finding.advisory);
  ids.push_back(finding.flaw);
  ids.insert(ids.end(), finding.matched.begin(), finding.matched.end());
  if (finding.upstream.size() == 1) ids.push_back(finding.upstream.front());
  return ids;
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
  if (statement.accepted_until) text += ", accepted until " + to_text(*statement.accepted_until);
  if (!statement.author.empty()) text += ", by " + statement.author;
  if (!statement.document.empty()) text += " in " + statement.document;
  if (statement.at) text += " of " + to_text(*statement.at);
  return text;
}

/// The newest statement. Nothing sorts before every time, so a statement without one is the oldest.
auto newest_of(std::span<const VexStatement* const> statements) {
  auto newest = statements.begin();
  for (auto one = statements.begin(); one != statements.end(); ++one)
    if ((*one)->at >= (*newest)->at) newest = one;
  return newest;
}

/// That a risk is accepted is another thing than that it is there.
bool says_the_same(const VexStatement& a, const VexStatement& b) {
  return status_word(a) == status_word(b) && a.accepted_until == b.accepted_until;
}

/// The newest statement, with those that say another thing.
AppliedVex settled_among(std::span<const VexStatement* const> statements) {
  const VexStatement* newest = *newest_of(statements);
  AppliedVex vex = applied(*newest);
  for (const VexStatement* one : statements) {
    const bool is_equally_new = one->at == newest->at;
    if (is_equally_new ? says_the_same(*one, *newest) : status_word(*one) == status_word(*newest))
      continue;
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

/// Whether a version is known to be later than another of the same type of package.
bool is_later(const Purl& a, const Purl& b) {
  const versions::Scheme* scheme = versions::scheme_named(a.type);
  return scheme != nullptr && scheme->is_valid(a.version) && scheme->is_valid(b.version) &&
         std::is_gt(scheme->compare(a.version, b.version));
}

/// Whether a name is about an earlier version of a subject, or one of which that is not known; a
/// name without a version is about all.
bool is_about_earlier_version(const Name& name, const Subject& subject) {
  if (!name.purl || !subject.purl || name.purl->version.empty()) return false;
  Purl wide = *name.purl;
  wide.version.clear();
  return name.purl->version != subject.purl->version && covers(wide, *subject.purl) &&
         !is_later(*name.purl, *subject.purl);
}

/// What a statement about an earlier version was about, seen from a finding.
struct Carried {
  std::string from;  ///< "pkg:npm/hook@2.0.0 in pkg:generic/crane@1.0"
  bool is_same_component = false;
};

/// The statements as they are asked.
class Statements {
 public:
  Statements(std::span<const VexStatement> statements, const ProductNames& product, Carry carry)
      : product_(product), carry_(carry) {
    read_.reserve(statements.size());
    for (const VexStatement& statement : statements)
      read_.push_back(read_statement(statement));
    places_ = by_vulnerability(read_);
    for (const std::string& id : product.ids)
      products_.push_back({id, {}, name_of(id).purl});
  }

  std::optional<AppliedVex> about(const Finding& finding) const {
    const Subject component{finding.reference, serial_of(finding.sbom, product_),
                            name_of(finding.purl).purl, finding.version};
    const std::vector<std::string> ids = ids_of(finding);
    const auto candidates = candidates_for(ids, places_);
    if (auto vex = among(candidates, component)) return vex;
    if (auto vex = of_several(finding, component)) return vex;
    return carried_among(candidates, component);
  }

 private:
  std::optional<AppliedVex> among(std::span<const std::size_t> candidates,
                                  const Subject& component) const {
    std::vector<const VexStatement*> about;
    for (const std::size_t number : candidates) {
      const Statement& statement = read_[number];
      const bool applies = std::ranges::any_of(statement.scopes, [&](const Scope& scope) {
        return is_about(scope, component, products_);
      });
      if (applies) about.push_back(statement.source);
    }
    if (about.empty()) return std::nullopt;
    return settled_among(about);
  }

  /// Records that stand for several flaws: affected by each, cleared by all of them.
  std::optional<AppliedVex> of_several(const Finding& finding, const Subject& component) const {
    if (finding.upstream.size() < 2) return std::nullopt;
    std::optional<AppliedVex> clear;
    bool is_whole = true;
    for (const std::string& id : finding.upstream) {
      const std::vector<std::string> ids = {id};
      auto vex = among(candidates_for(ids, places_), component);
      if (!vex) {
        is_whole = false;
      } else if (vex->status != "fixed" && vex->status != "not_affected") {
        return vex;
      } else if (!clear) {
        clear = std::move(vex);
      }
    }
    return is_whole ? clear : std::nullopt;
  }

  /// Whether a scope is about an earlier release of the product or version of the component.
  std::optional<Carried> carried(const Scope& scope, const Subject& component) const {
    // A range says itself which versions it is about.
    if (scope.versions && (scope.subcomponents.empty() || !has_version(scope, component)))
      return std::nullopt;
    const auto is_earlier = [&](const Subject& one) {
      return is_about_earlier_version(scope.product, one);
    };
    const bool is_ours = std::ranges::any_of(
        products_, [&](const Subject& one) { return is_about(scope.product, one); });
    const bool is_earlier_release = std::ranges::any_of(products_, is_earlier);
    if (scope.subcomponents.empty()) {
      if (is_earlier_release || is_earlier(component)) return Carried{scope.product.text, false};
      return std::nullopt;
    }
    if (!is_ours && !is_earlier_release) return std::nullopt;
    for (const Name& part : scope.subcomponents) {
      const bool is_same = is_about(part, component);
      if (is_same || is_about_earlier_version(part, component))
        return Carried{part.text + " in " + scope.product.text, is_same};
    }
    return std::nullopt;
  }

  std::optional<AppliedVex> carried_among(std::span<const std::size_t> candidates,
                                          const Subject& component) const {
    std::vector<const VexStatement*> about;
    std::vector<Carried> from;
    for (const std::size_t number : candidates) {
      for (const Scope& scope : read_[number].scopes) {
        auto one = carried(scope, component);
        if (!one) continue;
        about.push_back(read_[number].source);
        from.push_back(*std::move(one));
        break;
      }
    }
    if (about.empty()) return std::nullopt;
    AppliedVex vex = settled_among(about);
    const std::span<const VexStatement* const> all = about;
    const auto newest = static_cast<std::size_t>(newest_of(all) - all.begin());
    vex.carried_from = from[newest].from;
    vex.needs_confirmation = carry_ == Carry::confirm || !from[newest].is_same_component;
    return vex;
  }

  const ProductNames& product_;
  Carry carry_;
  std::vector<Statement> read_;
  ByVulnerability places_;
  std::vector<Subject> products_;
};

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
                               const ProductNames& product,
                               Carry carry) {
  const Statements all(statements, product, carry);
  for (Finding& finding : findings)
    if (auto vex = all.about(finding)) finding.vex = std::move(vex);
  return findings;
}

}  // namespace lockstep::advisories
