// SPDX-License-Identifier: Apache-2.0
#include "formats/openvex/openvex.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "base/url.hpp"
#include "formats/limits.hpp"
#include "formats/schema.hpp"
#include "formats/vex_extras.hpp"

namespace lockstep::formats {
namespace {

constexpr std::string_view context = "https://openvex.dev/ns";

/// Source: OpenVEX 0.2.0, "Status Justifications".
const std::vector<std::string>& justifications() {
  static const std::vector<std::string> words = {
      "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
      "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist"};
  return words;
}

/// Source: OpenVEX 0.2.0, "Status Labels".
const std::vector<std::string>& statuses() {
  static const std::vector<std::string> words = {"not_affected", "affected", "fixed",
                                                 "under_investigation"};
  return words;
}

class Reader {
 public:
  Reader(const Json& document, const Source& source) : document_(document), source_(source) {}

  std::vector<VexStatement> read() {
    read_head();
    const Json& list = document_["statements"];
    if (!list.is_array() || list.items().empty()) {
      problem("openvex.required",
              fmt::format("expected a list of statements, found {}",
                          list.is_array() ? "an empty one" : describe(list)),
              list.is_null() ? document_ : list);
      return {};
    }
    for (const Json& node : list.items())
      read_statement(node);
    return std::move(statements_);
  }

 private:
  void problem(std::string code, std::string message, const Json& at) {
    source_.problems.error(std::move(code), std::move(message), at.at(source_.path));
  }

  void warn(std::string code, std::string message, const Json& at) {
    source_.problems.warning(std::move(code), std::move(message), at.at(source_.path));
  }

  /// What the specification wants of every document and no statement depends on: an error for who
  /// validates, a warning for who applies the statements.
  void required(std::string message, const Json& at) {
    if (source_.rules == Rules::warnings)
      warn("openvex.required", std::move(message), at);
    else
      problem("openvex.required", std::move(message), at);
  }

  /// The text of a member; "" when absent. Another kind is a problem.
  std::string text(const Json& node, std::string_view key) {
    const Json& value = node[key];
    if (!value.is_null() && !value.is_string())
      problem("openvex.type",
              fmt::format("expected a text for '{}', found {}", key, describe(value)), value);
    return value.string_or("");
  }

  std::optional<Instant> time(const Json& node, std::string_view key) {
    const std::string written = text(node, key);
    if (written.empty()) return std::nullopt;
    const auto at = parse_instant(written);
    if (!at)
      problem("openvex.time",
              fmt::format("expected a time such as 2026-09-11T10:00:00Z for '{}', found '{}'", key,
                          quotable(written)),
              node[key]);
    return at;
  }

  void read_head() {
    const std::string version = text(document_, "@context").substr(context.size());
    is_first_version_ = version.empty() || version == "/" || version == "/v0.0.1";
    if (!is_first_version_ && version != "/v0.2.0")
      problem("openvex.version",
              fmt::format("expected the context of OpenVEX 0.0.1 or 0.2.0, found '{}'",
                          quotable(text(document_, "@context"))),
              document_["@context"]);
    id_ = text(document_, "@id");
    author_ = text(document_, "author");
    time_ = time(document_, "timestamp");
    if (author_.empty()) problem("openvex.required", "expected 'author', found nothing", document_);
    if (id_.empty())
      required("expected '@id', found nothing; the document cannot be told from others", document_);
    const Json& number = document_["version"];
    if (!is_first_version_ && number.as_int().value_or(0) < 1)
      required(fmt::format("expected a 'version' of at least 1, found {}", describe(number)),
               number.is_null() ? document_ : number);
  }

  void read_statement(const Json& node) {
    if (!node.is_object())
      return problem("openvex.type", fmt::format("expected a statement, found {}", describe(node)),
                     node);
    VexStatement statement;
    statement.where = node.at(source_.path);
    statement.document = id_;
    statement.author = author_;
    read_vulnerability(node, statement);
    const auto own = time(node, "timestamp");
    const auto updated = time(node, "last_updated");
    statement.at = updated ? updated : own ? own : time_;
    if (!statement.at)
      problem("openvex.required",
              "expected a 'timestamp' of the statement or of the document, found neither", node);
    read_products(node, statement);
    const bool is_usable = read_status(node, statement);
    read_notes(node, statement);
    if (is_usable && !statement.vulnerability.empty()) statements_.push_back(std::move(statement));
  }

  void read_vulnerability(const Json& node, VexStatement& statement) {
    const Json& vulnerability = node["vulnerability"];
    if (vulnerability.is_object()) {
      statement.vulnerability = text(vulnerability, "name");
      for (const Json& alias : vulnerability["aliases"].items())
        if (alias.is_string() && alias.string_or("") != statement.vulnerability)
          statement.aliases.push_back(alias.string_or(""));
    } else {
      statement.vulnerability = text(node, "vulnerability");
    }
    if (statement.vulnerability.empty())
      problem("openvex.required", "expected the name of a vulnerability, found none",
              vulnerability.is_null() ? node : vulnerability);
  }

  /// The last line may hold what this program wrote beside the words of the standard.
  void read_notes(const Json& node, VexStatement& statement) {
    statement.notes = text(node, "status_notes");
    const std::size_t line = statement.notes.rfind('\n');
    const std::size_t start = line == std::string::npos ? 0 : line + 1;
    const std::string_view last = std::string_view(statement.notes).substr(start);
    if (!last.starts_with(vex_extras_name)) return;
    Diagnostics ignored;
    const auto extras =
        parse_json(last.substr(vex_extras_name.size()), source_.path, ignored, product_limits);
    if (extras) take_vex_extras(*extras, statement);
  }

  /// In 0.0.1 a product is a text and the statement itself lists subcomponents.
  void read_products(const Json& node, VexStatement& statement) {
    const Json& own = node["products"];
    const Json& products = own.is_null() ? document_["products"] : own;
    if (!products.is_null() && !products.is_array())
      problem("openvex.type",
              fmt::format("expected a list of products, found {}", describe(products)), products);
    const auto shared = identifiers(node["subcomponents"]);
    for (const Json& product : products.items()) {
      const std::string whole = identifier(product);
      auto parts = identifiers(product["subcomponents"]);
      parts.insert(parts.end(), shared.begin(), shared.end());
      if (!whole.empty()) add_scopes(whole, parts, statement);
    }
    if (products.items().empty())
      warn("openvex.products",
           fmt::format("expected the products that the statement about '{}' speaks of, found none; "
                       "it is used for nothing",
                       quotable(statement.vulnerability)),
           node);
  }

  /// One scope for each range that the parts, or the product without parts, are named with.
  static void add_scopes(std::string whole,
                         const std::vector<std::string>& parts,
                         VexStatement& statement) {
    if (parts.empty()) {
      const std::string versions = take_name(whole);
      return statement.products.push_back({std::move(whole), {}, versions});
    }
    // A range of the product that holds parts stays in its name: a scope has one range.
    if (std::string plain = whole; take_name(plain).empty()) whole = std::move(plain);
    const std::size_t first = statement.products.size();
    for (std::string part : parts) {
      const std::string versions = take_name(part);
      const auto scope = std::find_if(
          statement.products.begin() + static_cast<std::ptrdiff_t>(first), statement.products.end(),
          [&](const VexStatement::Scope& one) { return one.versions == versions; });
      if (scope == statement.products.end())
        statement.products.push_back({whole, {std::move(part)}, versions});
      else
        scope->subcomponents.push_back(std::move(part));
    }
  }

  /// Makes an identifier the name that it stands for; the range that it was written with.
  static std::string take_name(std::string& id) {
    const bool is_reference = id.starts_with(reference_scheme);
    if (!is_reference && !id.starts_with("pkg:")) return "";
    std::string versions = take_range(id);
    if (is_reference) id = percent_decoded(std::string_view(id).substr(reference_scheme.size()));
    return versions;
  }

  std::vector<std::string> identifiers(const Json& list) {
    std::vector<std::string> found;
    for (const Json& node : list.items())
      if (std::string one = identifier(node); !one.empty()) found.push_back(std::move(one));
    return found;
  }

  /// A purl, wherever it stands, before other identifiers: purls are what bills list.
  std::string identifier(const Json& node) {
    if (node.is_string()) return node.string_or("");
    std::string id = text(node, "@id");
    if (id.starts_with("pkg:") || id.starts_with(reference_scheme)) return id;
    const Json& others = node["identifiers"];
    for (const std::string& one :
         {text(others, "purl"), id, text(others, "cpe23"), text(others, "cpe22")})
      if (!one.empty()) return one;
    problem(
        "openvex.required",
        fmt::format("expected an '@id' or 'identifiers' of a product, found {}", describe(node)),
        node);
    return "";
  }

  /// Whether the statement may be used: it has a status, and what it clears it clears for a reason.
  bool read_status(const Json& node, VexStatement& statement) {
    const std::string status = text(node, "status");
    if (status == "not_affected") return read_not_affected(node, statement);
    if (status == "affected") {
      statement.status = read_affected(node);
    } else if (status == "fixed") {
      statement.status = VexStatement::Fixed{};
    } else if (status == "under_investigation") {
      statement.status = VexStatement::UnderInvestigation{};
    } else {
      problem("openvex.status",
              fmt::format("expected one of {} as status, found {}{}", join(statuses(), ", "),
                          describe(node["status"]), suggestion(status, statuses())),
              node["status"].is_null() ? node : node["status"]);
      return false;
    }
    return true;
  }

  bool read_not_affected(const Json& node, VexStatement& statement) {
    VexStatement::NotAffected status{text(node, "justification"), text(node, "impact_statement")};
    const auto& words = justifications();
    const bool has_label = !status.justification.empty();
    const bool is_known =
        !has_label || std::ranges::find(words, status.justification) != words.end();
    if (!has_label && status.impact_statement.empty())
      problem("openvex.reason",
              "expected a justification or an impact_statement for not_affected, found neither",
              node);
    if (!is_known)
      problem("openvex.justification",
              fmt::format("expected one of {} as justification, found '{}'{}", join(words, ", "),
                          quotable(status.justification), suggestion(status.justification, words)),
              node["justification"]);
    const bool is_usable = is_known && (has_label || !status.impact_statement.empty());
    statement.status = std::move(status);
    return is_usable;
  }

  VexStatement::Affected read_affected(const Json& node) {
    VexStatement::Affected status{text(node, "action_statement")};
    if (status.action_statement.empty())
      problem("openvex.action", "expected an action_statement for affected, found nothing", node);
    return status;
  }

  const Json& document_;
  const Source& source_;
  bool is_first_version_ = false;
  std::string id_;
  std::string author_;
  std::optional<Instant> time_;
  std::vector<VexStatement> statements_;
};

/// Adds what the schema of the version refuses at places where nothing was said yet. The first
/// version has none.
void check_rules(const Json& document, const Source& source) {
  if (!document["@context"].string_or("").ends_with("/v0.2.0")) return;
  Diagnostics broken;
  check_schema(document, "openvex/openvex-0.2", "openvex.schema",
               {source.path, broken, source.rules});
  std::set<std::pair<int, int>> said;
  for (const Diagnostic& one : source.problems.entries())
    said.emplace(one.where.line, one.where.column);
  for (const Diagnostic& one : broken.entries())
    if (!said.contains({one.where.line, one.where.column})) source.problems.add(one);
}

}  // namespace

std::span<const std::string> openvex_justifications() {
  return justifications();
}

bool looks_like_openvex(const Document& document) {
  return document.tree["@context"].string_or("").starts_with(context);
}

std::vector<VexStatement> read_openvex(const Document& document, const Source& source) {
  Diagnostics found;
  const Source collect{source.path, found, source.rules};
  auto statements = Reader(document.tree, collect).read();
  check_rules(document.tree, collect);
  append_in_file_order(source.problems, found);
  return statements;
}

}  // namespace lockstep::formats
