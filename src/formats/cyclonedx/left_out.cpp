// SPDX-License-Identifier: Apache-2.0
#include "formats/left_out.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "formats/cyclonedx/parts.hpp"

namespace lockstep::formats {

std::vector<LeftOut> cyclonedx_left_out(const Json& tree) {
  // What read.cpp takes, and vex.cpp of statements.
  static constexpr std::array<std::string_view, 76> kept = {
      "$schema",
      "bomFormat",
      "specVersion",
      "serialNumber",
      "version",
      "metadata.timestamp",
      "metadata.authors[].name",
      "metadata.manufacturer.name",
      "metadata.manufacture.name",
      "metadata.supplier.name",
      "metadata.tools*",
      "dependencies[].ref",
      "dependencies[].dependsOn[]",
      "metadata.component.type",
      "metadata.component.bom-ref",
      "metadata.component.group",
      "metadata.component.name",
      "metadata.component.version",
      "metadata.component.scope",
      "metadata.component.purl",
      "metadata.component.cpe",
      "metadata.component.description",
      "metadata.component.supplier.name",
      "metadata.component.manufacturer.name",
      "metadata.component.licenses[].license.id",
      "metadata.component.licenses[].license.name",
      "metadata.component.licenses[].expression",
      "metadata.component.hashes[].alg",
      "metadata.component.hashes[].content",
      "metadata.component.components[].type",
      "metadata.component.components[].bom-ref",
      "metadata.component.components[].group",
      "metadata.component.components[].name",
      "metadata.component.components[].version",
      "metadata.component.components[].scope",
      "metadata.component.components[].purl",
      "metadata.component.components[].cpe",
      "metadata.component.components[].description",
      "metadata.component.components[].supplier.name",
      "metadata.component.components[].manufacturer.name",
      "metadata.component.components[].licenses[].license.id",
      "metadata.component.components[].licenses[].license.name",
      "metadata.component.components[].licenses[].expression",
      "metadata.component.components[].hashes[].alg",
      "metadata.component.components[].hashes[].content",
      "components[].type",
      "components[].bom-ref",
      "components[].group",
      "components[].name",
      "components[].version",
      "components[].scope",
      "components[].purl",
      "components[].cpe",
      "components[].description",
      "components[].supplier.name",
      "components[].manufacturer.name",
      "components[].licenses[].license.id",
      "components[].licenses[].license.name",
      "components[].licenses[].expression",
      "components[].hashes[].alg",
      "components[].hashes[].content",
      "vulnerabilities[].id",
      "vulnerabilities[].references[].id",
      "vulnerabilities[].references[].source.name",
      "vulnerabilities[].recommendation",
      "vulnerabilities[].workaround",
      "vulnerabilities[].updated",
      "vulnerabilities[].analysis.state",
      "vulnerabilities[].analysis.justification",
      "vulnerabilities[].analysis.response[]",
      "vulnerabilities[].analysis.detail",
      "vulnerabilities[].analysis.firstIssued",
      "vulnerabilities[].analysis.lastUpdated",
      "vulnerabilities[].affects[].ref",
      "vulnerabilities[].affects[].versions*",
      "vulnerabilities[].properties*",
  };
  std::vector<LeftOut> list = left_out_of(tree, kept);
  // A vulnerability without a state states nothing.
  const auto unstated = std::ranges::count_if(tree["vulnerabilities"].items(), [](const Json& one) {
    return one["analysis"]["state"].string_or("").empty();
  });
  if (unstated > 0)
    list.push_back({"vulnerabilities[] without a state", static_cast<std::size_t>(unstated)});
  std::ranges::sort(list, {}, &LeftOut::what);
  return list;
}

}  // namespace lockstep::formats
