// SPDX-License-Identifier: Apache-2.0
// Statements of the security profile: each assessment of the VEX family joins a vulnerability with
// products; the assessed element, where it is named, is the part of them that is meant.
//
// Source: SPDX specification 3.0.1, profile Security.
#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "formats/bom_graph.hpp"
#include "formats/document.hpp"
#include "formats/limits.hpp"
#include "formats/spdx/nodes.hpp"
#include "formats/spdx/spdx.hpp"
#include "formats/spdx/vex_words.hpp"
#include "formats/vex_extras.hpp"

namespace lockstep::formats {
namespace {

using spdx::text;

bool is_vex(const Json& node) {
  const std::string* type = node["type"].as_string();
  return type != nullptr &&
         std::ranges::find(spdx::vex_words, *type, &spdx::VexWord::type) != spdx::vex_words.end();
}

/// Whether a value is or holds an assessment. The depth is bounded by bom_limits.depth.
bool has_vex(const Json& value) {
  const auto is_or_has = [](const Json& inner) {
    return (inner.is_object() || inner.is_array()) && has_vex(inner);
  };
  return is_vex(value) || std::ranges::any_of(value.items(), is_or_has) ||
         std::ranges::any_of(value.members(),
                             [&](const auto& member) { return is_or_has(member.second); });
}

class StatementReader {
 public:
  StatementReader(const Json& document, const Source& source, const Source& quiet)
      : source_(source), nodes_(document, quiet) {
    for (const Json* node : nodes_.all())
      if (text(*node, "type") == "SpdxDocument" && document_.empty())
        document_ = text(*node, "spdxId");
  }

  std::vector<VexStatement> read() {
    for (const Json* node : nodes_.all())
      if (is_vex(*node) && text(*node, "security_withdrawnTime").empty()) read_one(*node);
    return std::move(statements_);
  }

 private:
  void warn(const char* code, std::string message, const Json& at) {
    source_.problems.warning(code, std::move(message), at.at(source_.path));
  }

  void read_one(const Json& node) {
    VexStatement statement;
    statement.where = node.at(source_.path);
    read_names(nodes_.resolve(node["from"]), statement);
    if (statement.vulnerability.empty())
      return warn("spdx.vex_element",
                  "expected a vulnerability with a name under 'from', found none; the statement is "
                  "not used",
                  node);
    read_head(node, statement);
    set_status(node, statement);
    read_scopes(node, statement);
    if (!take_comment(node, statement)) return;
    const auto* clear = std::get_if<VexStatement::NotAffected>(&statement.status);
    if (clear != nullptr && clear->justification.empty() && clear->impact_statement.empty())
      return warn("spdx.vex_reason",
                  fmt::format("expected a justification or an impact for not affected, found "
                              "neither that is known; the statement about '{}' is not used",
                              quotable(statement.vulnerability)),
                  node);
    statements_.push_back(std::move(statement));
  }

  /// The name where it is one of the identifiers, else the CVE, else the first identifier.
  void read_names(const Json& flaw, VexStatement& statement) const {
    std::vector<std::string> names;
    std::string cve;
    for (const Json& written : flaw["externalIdentifier"].items()) {
      const Json& entry = nodes_.resolve(written);
      const std::string name = text(entry, "identifier");
      if (name.empty() || std::ranges::find(names, name) != names.end()) continue;
      if (cve.empty() && text(entry, "externalIdentifierType") == "cve") cve = name;
      names.push_back(name);
    }
    const std::string own = text(flaw, "name");
    const bool is_named = std::ranges::find(names, own) != names.end();
    statement.vulnerability = is_named || names.empty() ? own : cve.empty() ? names.front() : cve;
    std::erase(names, statement.vulnerability);
    statement.aliases = std::move(names);
  }

  void read_head(const Json& node, VexStatement& statement) const {
    const Json& creation = nodes_.resolve(node["creationInfo"]);
    statement.document = document_;
    statement.author = text(nodes_.resolve(node["suppliedBy"]), "name");
    if (statement.author.empty() && !creation["createdBy"].items().empty())
      statement.author = text(nodes_.resolve(creation["createdBy"].items().front()), "name");
    for (const std::string& written :
         {text(node, "security_modifiedTime"), text(node, "security_publishedTime"),
          text(creation, "created")}) {
      statement.at = parse_instant(written);
      if (statement.at) break;
    }
    statement.notes = text(node, "security_statusNotes");
  }

  void set_status(const Json& node, VexStatement& statement) {
    const std::string type = text(node, "type");
    if (type == spdx::vex_words[0].type) {
      const std::string written = text(node, "security_justificationType");
      VexStatement::NotAffected status{std::string(spdx::justification_from_spdx(written)),
                                       text(node, "security_impactStatement")};
      if (!written.empty() && status.justification.empty())
        warn("spdx.vex_justification",
             fmt::format("expected a justification of SPDX such as componentNotPresent, found '{}'",
                         quotable(written)),
             node["security_justificationType"]);
      statement.status = std::move(status);
    } else if (type == spdx::vex_words[1].type) {
      statement.status = VexStatement::Affected{text(node, "security_actionStatement")};
    } else if (type == spdx::vex_words[2].type) {
      statement.status = VexStatement::Fixed{};
    } else {
      statement.status = VexStatement::UnderInvestigation{};
    }
  }

  void read_scopes(const Json& node, VexStatement& statement) const {
    std::vector<std::string> parts;
    const Json& part = node["security_assessedElement"];
    if (!part.is_null()) parts.push_back(identifier_of(part));
    for (const Json& target : node["to"].items())
      if (std::string product = identifier_of(target); is_named(product))
        statement.products.push_back({std::move(product), parts});
  }

  /// Whether an identifier names something, rather than saying that nothing is named.
  static bool is_named(std::string_view identifier) {
    return !identifier.empty() && !identifier.ends_with("NoAssertionElement") &&
           !identifier.ends_with("NoneElement");
  }

  /// A package URL before a CPE before other identifiers; the id of an element that has none, or
  /// that is in another document.
  std::string identifier_of(const Json& value) const {
    const Json& node = nodes_.resolve(value);
    if (std::string purl = text(node, "software_packageUrl"); !purl.empty()) return purl;
    for (const std::string_view type : {"packageUrl", "cpe23", "cpe22", "other"})
      for (const Json& entry : node["externalIdentifier"].items())
        if (const Json& one = nodes_.resolve(entry); text(one, "externalIdentifierType") == type)
          if (std::string name = text(one, "identifier"); !name.empty()) return name;
    return spdx::id_of(value);
  }

  /// The statement as this program wrote it beside the words of the standard; a statement that was
  /// written as several relationships is taken from the first. Whether the relationship counts.
  bool take_comment(const Json& node, VexStatement& statement) {
    const std::string comment = text(node, "comment");
    if (!comment.starts_with(vex_extras_name)) return true;
    Diagnostics ignored;
    const auto extras = parse_json(std::string_view(comment).substr(vex_extras_name.size()),
                                   source_.path, ignored, product_limits);
    if (!extras || !take_vex_extras(*extras, statement)) return true;
    if (!taken_.insert(comment).second) return false;
    statement.products = vex_extra_products(*extras);
    return true;
  }

  const Source& source_;
  spdx::Nodes nodes_;
  std::string document_;
  std::set<std::string> taken_;
  std::vector<VexStatement> statements_;
};

}  // namespace

std::vector<VexStatement> read_spdx3_statements(const Document& document, const Source& source) {
  // SPEED: most bills state nothing; their nodes are not indexed a second time.
  if (!has_vex(document.tree)) return {};
  Diagnostics found;
  Diagnostics told_by_the_bill;
  const Source collect{source.path, found, source.rules};
  auto statements =
      StatementReader(document.tree, collect, {source.path, told_by_the_bill, source.rules}).read();
  append_in_file_order(source.problems, found);
  return statements;
}

}  // namespace lockstep::formats
