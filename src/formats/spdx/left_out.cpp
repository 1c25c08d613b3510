// SPDX-License-Identifier: Apache-2.0
#include "formats/left_out.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "formats/spdx/spdx.hpp"

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
  return left_out_of(document.tree, kept);
}

std::vector<LeftOut> left_out_of_spdx3(const Document& document) {
  constexpr std::array<std::string_view, 13> kept_types = {"Agent",
                                                           "Bom",
                                                           "CreationInfo",
                                                           "LifecycleScopedRelationship",
                                                           "Organization",
                                                           "Person",
                                                           "Relationship",
                                                           "SoftwareAgent",
                                                           "SpdxDocument",
                                                           "Tool",
                                                           "simplelicensing_LicenseExpression",
                                                           "software_Sbom",
                                                           "expandedlicensing_CustomLicense"};
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
  for (const Json& node : document.tree["@graph"].items()) {
    const std::string type = node["type"].string_or("");
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
