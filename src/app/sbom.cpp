// SPDX-License-Identifier: Apache-2.0
#include "app/sbom.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "app/embedded_law.hpp"
#include "app/inputs.hpp"
#include "app/scan.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/tree_digest.hpp"
#include "domain/bom_merge.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t document_bytes_max = std::uint64_t{256} << 20U;

Result<> refuse_problems(const Diagnostics& problems, std::string_view what) {
  if (!problems.has_errors()) return {};
  return fail(
      ErrorKind::input, "input.problems",
      fmt::format("{} problems in the inputs; nothing was {}", problems.error_count(), what));
}

Result<Bom> read_usable(const std::string& path, const Files& files, Diagnostics& problems) {
  TRY(const std::string bytes, files.read(path, document_bytes_max));
  return formats::read_bom(bytes, path, problems, formats::Rules::warnings);
}

/// What makes two findings of two bills the same: the flaw, and the component whatever its version.
using FindingKey = std::pair<std::string, std::string>;

/// The identity of each component by its reference and name; a bill may give no references.
using Identities = std::map<std::pair<std::string, std::string>, std::string>;

FindingKey key_of(const Finding& finding, const Identities& identities) {
  if (const auto purl = parse_purl(finding.purl)) {
    Component named;
    named.purl = *purl;
    return {finding.flaw, identity_of(named)};
  }
  const auto identity = identities.find({finding.reference, finding.component});
  return {finding.flaw, identity == identities.end() ? finding.component : identity->second};
}

Identities identities_of(const Bom& bom) {
  Identities identities;
  const auto add = [&](const Component& component) {
    identities.emplace(std::pair(component.reference, component.name), identity_of(component));
  };
  std::ranges::for_each(bom.components, add);
  if (bom.subject) add(*bom.subject);
  return identities;
}

Result<std::vector<Finding>> findings_of(const Bom& bom,
                                         const advisories::AdvisoryIndex& index,
                                         Day as_of) {
  TRY(Scan scan, scan_boms(std::span(&bom, 1), {{}, nullptr, {}, as_of}, index));
  return std::move(scan.findings);
}

Component file_component(std::string type,
                         std::string name,
                         const std::string& path,
                         const std::string& digest,
                         const std::string& product_file) {
  Component component;
  component.type = std::move(type);
  component.name = std::move(name);
  component.description = path;
  component.reference = component.type + ":" + component.name;
  component.digests = {{"SHA-256", digest}};
  component.sources = {product_file};
  return component;
}

/// The product's models and data as a bill of their own, each data set a part of its model.
Result<Bom> bill_of_models(const Product& product,
                           const std::string& product_file,
                           const Files& files) {
  Bom bom;
  bom.path = product_file;
  std::set<std::string> seen;
  for (const ModelInput& model : product.models) {
    if (model.path.empty()) continue;
    TRY(const std::string digest, files.digest(beside(product_file, model.path)));
    Component part =
        file_component("machine-learning-model", model.id, model.path, digest, product_file);
    const std::string reference = part.reference;
    if (!seen.insert(reference).second) continue;
    bom.components.push_back(std::move(part));
    if (model.data.empty()) continue;
    TRY(const std::string data_digest, digest_of_data(files, beside(product_file, model.data)));
    Component data = file_component("data", model.data, model.data, data_digest, product_file);
    bom.dependencies.push_back({reference, data.reference});
    if (seen.insert(data.reference).second) bom.components.push_back(std::move(data));
  }
  return bom;
}

Component product_component(const Product& product, const std::string& product_file) {
  Component whole;
  whole.type = "application";
  whole.name = product.name;
  whole.version = product.version;
  whole.supplier = product.manufacturer.name;
  whole.description = product.description;
  whole.sources = {product_file};
  return whole;
}

/// Gives what a statement is about the references that the merged bill has for it.
void rename(VexStatement& statement, const std::map<std::string, std::string>& references) {
  const auto to_new = [&](std::string& name) {
    if (const auto found = references.find(name); found != references.end()) name = found->second;
  };
  for (VexStatement::Scope& scope : statement.products) {
    to_new(scope.product);
    for (std::string& part : scope.subcomponents)
      to_new(part);
  }
}

/// A URN that follows from the content, as RFC 9562 lays version 8 out.
std::string serial_of(const Bom& bom, std::span<const VexStatement> statements) {
  std::string hex = sha256(formats::write_cyclonedx(bom, statements)).substr(0, 32);
  hex[12] = '8';
  hex[16] = 'a';
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4),
                     hex.substr(12, 4), hex.substr(16, 4), hex.substr(20));
}

}  // namespace

std::vector<Finding> findings_only_in(const BomFindings& one, const BomFindings& other) {
  std::set<FindingKey> known;
  const auto other_names = identities_of(other.bom);
  for (const Finding& finding : other.findings)
    known.insert(key_of(finding, other_names));
  const auto names = identities_of(one.bom);
  std::vector<Finding> only;
  for (const Finding& finding : one.findings)
    if (!known.contains(key_of(finding, names))) only.push_back(finding);
  return only;
}

std::string said_of(const formats::LeftOut& one) {
  return fmt::format("'{}' is not kept, {} of them", quotable(one.what), one.count);
}

Result<SbomImport> import_sbom(const std::string& path, const Files& files, Diagnostics& problems) {
  TRY(const std::string bytes, files.read(path, document_bytes_max));
  TRY(auto imported, formats::import_bom(bytes, path, problems));
  TRY_VOID(refuse_problems(problems, "written"));
  std::string text = formats::write_cyclonedx(imported.bom, imported.statements);
  return SbomImport{std::move(imported.bom), std::move(text), std::move(imported.left_out)};
}

Result<std::vector<BomRule>> sbom_rules() {
  std::vector<BomRule> rules;
  for (const std::string_view file : {"sbom_rules/cra.yaml", "sbom_rules/bsi.yaml"}) {
    TRY(const auto trees, embedded_trees(file));
    for (const auto& tree : trees)
      for (const Json& row : tree.tree.items())
        rules.push_back({row["id"].string_or(""), row["cites"].string_or(""),
                         row["asks"].string_or(""), row["field"].string_or(""),
                         row["path"].string_or(""), row["severity"].string_or("") == "must",
                         static_cast<int>(row["weight"].as_int().value_or(1))});
  }
  return rules;
}

Result<SbomCheck> check_sbom(const std::string& path, const Files& files, Diagnostics& problems) {
  SbomCheck check;
  TRY(const std::string bytes, files.read(path, document_bytes_max));
  auto bom = formats::read_bom(bytes, path, check.problems);
  if (!bom) {
    problems.append(check.problems);
    return tl::unexpected<Error>(std::move(bom).error());
  }
  check.bom = *std::move(bom);
  TRY(check.rules, sbom_rules());
  check.quality = judge(check.bom, check.rules);
  TRY(const auto trees, embedded_trees("sbom_rules/not_checked.yaml"));
  for (const auto& tree : trees)
    for (const Json& row : tree.tree.items())
      check.not_checked.push_back({row["what"].string_or(""), row["because"].string_or("")});
  return check;
}

Result<SbomComparison> compare_sboms(const std::string& before,
                                     const std::string& after,
                                     const std::string& data_folder,
                                     Day as_of,
                                     const Files& files,
                                     Diagnostics& problems) {
  SbomComparison comparison;
  TRY(comparison.before, read_usable(before, files, problems));
  TRY(comparison.after, read_usable(after, files, problems));
  TRY_VOID(refuse_problems(problems, "compared"));
  comparison.diff = compare(comparison.before, comparison.after);
  TRY(const auto index, open_index(data_folder, files));
  if (!index) return comparison;
  comparison.has_findings = true;
  TRY(const auto earlier, findings_of(comparison.before, *index, as_of));
  TRY(const auto now, findings_of(comparison.after, *index, as_of));
  const BomFindings then{earlier, comparison.before};
  const BomFindings later{now, comparison.after};
  comparison.added = findings_only_in(later, then);
  comparison.settled = findings_only_in(then, later);
  return comparison;
}

Result<std::string> merge_sboms(const std::vector<std::string>& paths,
                                const std::string& product_file,
                                const Files& files,
                                Diagnostics& problems) {
  std::vector<Bom> bills;
  std::vector<std::vector<VexStatement>> stated;
  for (const std::string& path : paths) {
    TRY(const std::string bytes, files.read(path, document_bytes_max));
    TRY(auto imported, formats::import_bom(bytes, path, problems));
    for (const formats::LeftOut& one : imported.left_out)
      problems.note("sbom.left_out", said_of(one), {path, 0, 0});
    bills.push_back(std::move(imported.bom));
    stated.push_back(std::move(imported.statements));
  }
  std::optional<Component> whole;
  if (!product_file.empty()) {
    TRY(const Product product, read_product_file(product_file, files, problems));
    whole = product_component(product, product_file);
    TRY(Bom models, bill_of_models(product, product_file, files));
    if (!models.components.empty()) bills.push_back(std::move(models));
  }
  TRY_VOID(refuse_problems(problems, "merged"));
  MergedBills merged = merge_bills(whole, bills);
  std::vector<VexStatement> statements;
  for (std::size_t i = 0; i < stated.size(); ++i)
    for (VexStatement& statement : stated[i]) {
      rename(statement, merged.references[i]);
      statements.push_back(std::move(statement));
    }
  merged.bom.serial = serial_of(merged.bom, statements);
  return formats::write_cyclonedx(merged.bom, statements);
}

}  // namespace lockstep::app
