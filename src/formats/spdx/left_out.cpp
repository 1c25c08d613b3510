// SPDX-License-Identifier: Apache-2.0
#include "formats/left_out.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "formats/spdx/nodes.hpp"
#include "formats/spdx/spdx.hpp"
#include "formats/spdx/words.hpp"

namespace lockstep::formats {

std::vector<LeftOut> left_out_of_spdx(const Document& document) {
  static constexpr std::array<std::string_view, 18> kept = {
      "spdxVersion",
      "dataLicense",
      "SPDXID",
      "documentNamespace",
      "creationInfo.created",
      "creationInfo.creators[]",
      "documentDescribes[]",
      "relationships*",
      "packages[].SPDXID",
      "packages[].name",
      "packages[].versionInfo",
      "packages[].supplier",
      "packages[].description",
      "packages[].licenseConcluded",
      "packages[].licenseDeclared",
      "packages[].checksums*",
      "packages[].externalRefs*",
      "packages[].primaryPackagePurpose",
  };
  std::map<std::string, std::size_t> counts;
  for (const Json& relationship : document.tree["relationships"].items()) {
    const std::string type = spdx::text(relationship, "relationshipType");
    const bool is_kept = spdx::needs(type) || spdx::is_needed_by(type) || type == "DESCRIBES" ||
                         type == "DESCRIBED_BY";
    if (!is_kept) ++counts["relationships[] of " + type];
  }
  constexpr std::array<std::string_view, 7> identifiers = {
      "purl", "cpe22Type", "cpe23Type", "maven-central", "npm", "nuget", "bower"};
  for (const Json& package : document.tree["packages"].items())
    for (const Json& reference : package["externalRefs"].items())
      if (const std::string type = spdx::reference_type_of(reference);
          std::ranges::find(identifiers, type) == identifiers.end())
        ++counts["packages[].externalRefs[] of " + type];
  std::vector<LeftOut> list = left_out_of(document.tree, kept);
  for (const auto& [what, count] : counts)
    list.push_back({what, count});
  std::ranges::sort(list, {}, &LeftOut::what);
  return list;
}

namespace {

/// A relationship of SPDX 3 that is an edge, a subject or a licence.
bool is_kept_relationship(const Json& node) {
  const std::string type = spdx::text(node, "relationshipType");
  return spdx::joins(type) || type == "describes" || type == "hasConcludedLicense" ||
         type == "hasDeclaredLicense";
}

}  // namespace

std::vector<LeftOut> left_out_of_spdx3(const Document& document) {
  constexpr std::array<std::string_view, 26> kept_types = {
      "Agent",
      "Bom",
      "CreationInfo",
      "ExternalIdentifier",
      "Hash",
      "LifecycleScopedRelationship",
      "Organization",
      "Person",
      "Relationship",
      "SoftwareAgent",
      "SpdxDocument",
      "Tool",
      "expandedlicensing_ConjunctiveLicenseSet",
      "expandedlicensing_CustomLicense",
      "expandedlicensing_DisjunctiveLicenseSet",
      "expandedlicensing_ListedLicense",
      "expandedlicensing_OrLaterOperator",
      "expandedlicensing_WithAdditionOperator",
      "security_VexAffectedVulnAssessmentRelationship",
      "security_VexFixedVulnAssessmentRelationship",
      "security_VexNotAffectedVulnAssessmentRelationship",
      "security_VexUnderInvestigationVulnAssessmentRelationship",
      "security_Vulnerability",
      "simplelicensing_LicenseExpression",
      "software_ContentIdentifier",
      "software_Sbom"};
  constexpr std::array<std::string_view, 16> kept_keys = {"creationInfo",
                                                          "description",
                                                          "externalIdentifier",
                                                          "name",
                                                          "originatedBy",
                                                          "software_contentIdentifier",
                                                          "software_packageUrl",
                                                          "software_packageVersion",
                                                          "software_primaryPurpose",
                                                          "spdxId",
                                                          "summary",
                                                          "suppliedBy",
                                                          "type",
                                                          "verifiedUsing",
                                                          "@id",
                                                          "@type"};
  std::map<std::string, std::size_t> counts;
  const std::string path;
  Diagnostics told_by_the_bill;
  const spdx::Nodes nodes(document.tree, {path, told_by_the_bill});
  for (const Json* one : nodes.all()) {
    const Json& node = *one;
    const std::string type = node["type"].string_or("");
    const bool is_relationship = type == "Relationship" || type == "LifecycleScopedRelationship";
    if (is_relationship && !is_kept_relationship(node))
      ++counts[type + " of " + spdx::text(node, "relationshipType")];
    if (std::ranges::find(kept_types, type) != kept_types.end()) continue;
    const bool is_package =
        type == "software_Package" || type == "ai_AIPackage" || type == "dataset_DatasetPackage";
    if (!is_package) {
      ++counts[type];
      continue;
    }
    for (const auto& member : node.members())
      if (std::ranges::find(kept_keys, member.first) == kept_keys.end())
        ++counts[type + "." + member.first];
  }
  std::vector<LeftOut> list;
  for (const auto& [what, count] : counts)
    list.push_back({what, count});
  return list;
}

}  // namespace lockstep::formats
