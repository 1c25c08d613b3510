// SPDX-License-Identifier: Apache-2.0
#include "documents/exports/parts.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace lockstep::documents {
namespace {

void set_status(const AppliedVex& vex, VexStatement& statement) {
  if (vex.status == "not_affected")
    statement.status =
        VexStatement::NotAffected{vex.justification, words_beside_justification(vex)};
  else if (vex.status == "affected")
    statement.status = VexStatement::Affected{vex.statement};
  else if (vex.status == "fixed")
    statement.status = VexStatement::Fixed{};
  statement.at = parse_instant(vex.at);
  statement.accepted_by = vex.accepted_by;
  statement.accepted_until = parse_day(vex.accepted_until);
  if (!vex.author.empty()) statement.author = vex.author;
  statement.document = vex.document;
}

}  // namespace

const std::string& flaw_of(const Finding& finding) {
  return finding.flaw.empty() ? finding.advisory : finding.flaw;
}

std::string address_of(std::string_view id) {
  if (id.starts_with("EUVD-"))
    return fmt::format("https://euvd.enisa.europa.eu/vulnerability/{}", id);
  return fmt::format("https://osv.dev/vulnerability/{}", uri_of_path(id));
}

std::string name_of(const Finding& finding) {
  return finding.version.empty() ? finding.component : finding.component + " " + finding.version;
}

const Component* component_of(const ScannedBills& scanned, const Finding& finding) {
  const auto bom = std::ranges::find(scanned.boms, finding.sbom, &Bom::path);
  if (bom == scanned.boms.end()) return nullptr;
  for (const Component& one : bom->components)
    if (one.reference == finding.reference && one.name == finding.component) return &one;
  return nullptr;
}

std::string identity_of(const Finding& finding) {
  return sha256(fmt::format("{}\n{}\n{}\n{}", flaw_of(finding),
                            finding.purl.empty() ? finding.component : finding.purl,
                            finding.version, finding.sbom));
}

std::string solution_of(const Finding& finding) {
  return finding.fixed.empty() ? "" : "Update to " + join(finding.fixed, " or ");
}

std::string words_beside_justification(const AppliedVex& vex) {
  if (vex.justification.empty()) return vex.statement;
  const std::string start = vex.justification + ": ";
  return vex.statement.starts_with(start) ? vex.statement.substr(start.size()) : "";
}

bool is_stated(const Finding& finding) {
  return finding.vex && !finding.vex->needs_confirmation;
}

std::string uri_of_path(std::string_view path) {
  constexpr std::string_view plain = "-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || plain.find(c) != std::string_view::npos;
    if (is_plain)
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

std::vector<VexStatement> statements_of(const ScannedBills& scanned) {
  std::vector<VexStatement> statements;
  const std::string author = author_of(scanned);
  for (const Finding& finding : scanned.findings) {
    VexStatement statement;
    statement.vulnerability = flaw_of(finding);
    statement.aliases = other_ids_of(finding);
    statement.products = {scope_of(finding, scanned.boms)};
    statement.status = VexStatement::UnderInvestigation{};
    statement.author = author;
    statement.at = scanned.at;
    if (is_stated(finding)) set_status(*finding.vex, statement);
    statements.push_back(std::move(statement));
  }
  return statements;
}

std::string title_of(const ScannedBills& scanned) {
  if (scanned.product != nullptr && !scanned.product->name.empty())
    return std::string(trim(scanned.product->name + " " + scanned.product->version));
  std::vector<std::string> names;
  for (const Bom& bom : scanned.boms)
    names.push_back(bom.subject && !bom.subject->name.empty()
                        ? std::string(trim(bom.subject->name + " " + bom.subject->version))
                        : bom.path);
  return join(names, ", ");
}

std::string document_id_of(const ScannedBills& scanned, std::string_view kind) {
  std::string all = fmt::format("{}\n{}\n", kind, to_text(scanned.at));
  for (const Bom& bom : scanned.boms)
    all += bom.path + "\n" + bom.sha256 + "\n";
  for (const DataSource& source : scanned.data)
    all += source.sha256 + "\n";
  return "urn:uuid:" + uuid_of(all);
}

std::string author_of(const ScannedBills& scanned) {
  return scanned.product == nullptr ? "" : scanned.product->manufacturer.name;
}

}  // namespace lockstep::documents
