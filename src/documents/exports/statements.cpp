// SPDX-License-Identifier: Apache-2.0
// The findings as statements, in the formats that hold statements alone, and as a security
// advisory.
#include <algorithm>
#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "documents/exports/parts.hpp"
#include "formats/csaf/write.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/openvex/openvex.hpp"
#include "formats/schema_texts.hpp"

namespace lockstep::documents {
namespace {

namespace csaf = formats::csaf;

tl::unexpected<Error> nothing_to_say(std::string message) {
  return fail(ErrorKind::input, "export.nothing", std::move(message));
}

/// All findings as one document of statements. Errors: export.nothing.
Result<VexDocument> document_of(const ScannedBills& scanned, std::string_view kind) {
  VexDocument document{document_id_of(scanned, kind), author_of(scanned), scanned.at, 1,
                       statements_of(scanned)};
  if (document.statements.empty())
    return nothing_to_say("expected a finding to make a statement about, found none");
  if (document.author.empty()) document.author = "unknown";
  for (VexStatement& statement : document.statements) {
    if (statement.author.empty()) statement.author = document.author;
    if (statement.document.empty()) statement.document = document.id;
  }
  return document;
}

/// What a CSAF document begins with. Errors: export.publisher.
Result<csaf::HeadToWrite> head_of(const ScannedBills& scanned,
                                  csaf::Version version,
                                  std::string_view what) {
  const Operator maker = scanned.product == nullptr ? Operator{} : scanned.product->manufacturer;
  if (maker.name.empty() || maker.website.find("://") == std::string::npos ||
      !formats::has_format(maker.website, "uri"))
    return fail(
        ErrorKind::input, "export.publisher",
        "expected who publishes it, as manufacturer.name and manufacturer.website (a URL) of "
        "the product file, found none; CSAF names its publisher",
        {scanned.product == nullptr ? "" : scanned.product->path, 0, 0});
  csaf::HeadToWrite head;
  head.version = version;
  head.title = fmt::format("{} for {}", what, title_of(scanned));
  head.publisher = {maker.name, maker.website, "vendor", scanned.product->security_contact};
  // Made anew from the same product on another day, it is the same document in a later revision
  // for those who keep revisions; here it has one.
  head.id = fmt::format("{}-{}-{}", what == "Security advisory" ? "advisory" : "vex",
                        to_text(scanned.as_of), uuid_of(title_of(scanned)).substr(0, 8));
  head.revisions = {{scanned.at, "1", "First revision"}};
  head.status = "interim";
  return head;
}

Result<std::string> csaf_advisory(const ScannedBills& scanned, csaf::Version version) {
  TRY(const csaf::HeadToWrite head, head_of(scanned, version, "Security advisory"));
  const Product& product = *scanned.product;
  std::string purl;
  for (const Bom& bom : scanned.boms)
    if (purl.empty() && bom.subject && bom.subject->purl) purl = to_text(*bom.subject->purl);
  if (product.name.empty() || product.version.empty())
    return fail(ErrorKind::input, "export.product",
                "expected product.name and product.version in the product file, found one missing",
                {product.path, 0, 0});
  const csaf::VersionToWrite own{product.name, product.version, purl};
  std::vector<csaf::FlawToWrite> flaws;
  for (const Finding& finding : scanned.findings) {
    if (!is_stated(finding)) continue;
    const bool is_affected = finding.vex->status == "affected";
    // CSAF 2.1, 6.1.27.13: a fixed version stands beside an affected one, which nobody named here.
    if (!is_affected && (finding.vex->status != "fixed" || version == csaf::Version::v2_1))
      continue;
    csaf::FlawToWrite flaw;
    flaw.id = flaw_of(finding);
    flaw.aliases = other_ids_of(finding);
    flaw.title = finding.summary.empty() ? flaw.id : finding.summary;
    flaw.description = fmt::format("{} in {}: {}.", flaw.id, name_of(finding), finding.because);
    if (!finding.severity.vector.empty()) flaw.vectors = {finding.severity.vector};
    (is_affected ? flaw.affected : flaw.fixed) = {own};
    flaw.remediation = is_affected ? finding.vex->statement : "";
    flaw.references = {address_of(flaw.id)};
    const auto known = std::ranges::find(flaws, flaw.id, &csaf::FlawToWrite::id);
    if (known == flaws.end())
      flaws.push_back(std::move(flaw));
    else if (is_affected && known->affected.empty())
      *known = std::move(flaw);  // one affected part makes the product affected
  }
  if (flaws.empty())
    return nothing_to_say(
        "expected a finding that a statement calls affected (in CSAF 2.0 also fixed), found none; "
        "`lockstep vuln "
        "triage` makes statements");
  return to_pretty_json(csaf::write_csaf_advisory(flaws, head));
}

}  // namespace

Result<std::string> export_cyclonedx_vex(const ScannedBills& scanned) {
  TRY(const VexDocument document, document_of(scanned, "cyclonedx-vex"));
  return to_pretty_json(formats::cyclonedx_vex_document(document));
}

Result<std::string> export_openvex(const ScannedBills& scanned) {
  TRY(const VexDocument document, document_of(scanned, "openvex"));
  return to_pretty_json(formats::openvex_document(document));
}

Result<std::string> export_csaf_vex(const ScannedBills& scanned) {
  TRY(const csaf::HeadToWrite head, head_of(scanned, csaf::Version::v2_0, "Statements"));
  TRY(const VexDocument document, document_of(scanned, "csaf-vex"));
  return to_pretty_json(csaf::write_csaf_vex(document.statements, head));
}

Result<std::string> export_csaf(const ScannedBills& scanned) {
  return csaf_advisory(scanned, csaf::Version::v2_0);
}

Result<std::string> export_csaf_2_1(const ScannedBills& scanned) {
  return csaf_advisory(scanned, csaf::Version::v2_1);
}

}  // namespace lockstep::documents
