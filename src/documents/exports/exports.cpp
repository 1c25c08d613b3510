// SPDX-License-Identifier: Apache-2.0
#include "documents/exports/exports.hpp"

#include <algorithm>
#include <array>

namespace lockstep::documents {
namespace {

constinit const std::array<Export, 11> rows = {{
    {"csaf", "Security advisory (CSAF 2.0)", "CSAF 2.0, profile 4", "application/json",
     export_csaf},
    {"csaf-2.1", "Security advisory (CSAF 2.1)", "CSAF 2.1, profile 4", "application/json",
     export_csaf_2_1},
    {"csaf-vex", "Statements (CSAF 2.0)", "CSAF 2.0, profile 5", "application/json",
     export_csaf_vex},
    {"cyclonedx", "Bill with its vulnerabilities (CycloneDX VDR)", "CycloneDX 1.6",
     "application/vnd.cyclonedx+json", export_cyclonedx},
    {"cyclonedx-vex", "Statements (CycloneDX VEX)", "CycloneDX 1.6",
     "application/vnd.cyclonedx+json", export_cyclonedx_vex},
    {"gitlab", "Dependency scanning report of GitLab", "security report schemas 15.0.7",
     "application/json", export_gitlab},
    {"html", "Findings as a page", "HTML", "text/html", export_html},
    {"junit", "Findings as test cases (JUnit XML)", "JUnit XML as CI systems read it",
     "application/xml", export_junit},
    {"openvex", "Statements (OpenVEX)", "OpenVEX 0.2.0", "application/json", export_openvex},
    {"sarif", "Findings as a SARIF log", "SARIF 2.1.0", "application/sarif+json", export_sarif},
    {"spdx", "Bill with its vulnerabilities (SPDX 3 security)", "SPDX 3.0.1",
     "application/spdx+json", export_spdx},
}};

}  // namespace

std::span<const Export> exports() {
  return rows;
}

const Export* find_export(std::string_view name) {
  const auto* row = std::ranges::find(rows, name, &Export::name);
  return row == rows.end() ? nullptr : row;
}

}  // namespace lockstep::documents
