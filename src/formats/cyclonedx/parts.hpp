// SPDX-License-Identifier: Apache-2.0
// What the readers of JSON and XML, of bill and statements share. Used in this folder only.
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "domain/bom.hpp"
#include "domain/vex.hpp"
#include "formats/left_out.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// The name of the property that says which file of a merged bill lists a component.
inline constexpr std::string_view source_property = "lockstep:source";

/// The property that gives a component one more package URL.
inline constexpr std::string_view purl_property = "lockstep:purl";

/// The property that says "development", a scope that the standard has no word for.
inline constexpr std::string_view scope_property = "lockstep:scope";

/// Properties of the source package: its name, its version with epoch and release, its module.
inline constexpr std::array<std::string_view, 3> source_package_properties = {
    "lockstep:src:name", "lockstep:src:version", "lockstep:src:module"};

/// Names of the property that gives a component one more CPE name; the first is the one written.
inline constexpr std::array<std::string_view, 2> cpe_properties = {"lockstep:cpe", "syft:cpe23"};

/// The justifications of CycloneDX and the nearest of OpenVEX.
/// Source: CycloneDX 1.6, impactAnalysisJustification; OpenVEX 0.2.0, "Status Justifications".
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 9>
    cyclonedx_justifications = {{
        {"code_not_present", "vulnerable_code_not_present"},
        {"code_not_reachable", "vulnerable_code_not_in_execute_path"},
        {"requires_configuration", "vulnerable_code_cannot_be_controlled_by_adversary"},
        {"requires_dependency", "vulnerable_code_cannot_be_controlled_by_adversary"},
        {"requires_environment", "vulnerable_code_cannot_be_controlled_by_adversary"},
        {"protected_by_compiler", "inline_mitigations_already_exist"},
        {"protected_at_runtime", "inline_mitigations_already_exist"},
        {"protected_at_perimeter", "inline_mitigations_already_exist"},
        {"protected_by_mitigating_control", "inline_mitigations_already_exist"},
    }};

/// The schema of a version that is read; "" for every other.
std::string cyclonedx_schema(std::string_view version);

/// Whether a tree says that it is CycloneDX.
bool is_cyclonedx(const Json& tree);

/// One component, without those nested in it.
void read_cyclonedx_component(const Json& node, const Source& source, Component& component);

/// The subject and the components with their purls, without dependencies.
Bom read_cyclonedx_components(const Json& tree, const Source& source);

/// The bill of a tree in the JSON form, whose schema is checked elsewhere.
Bom read_cyclonedx_bill(const Json& tree, const Source& source);

/// Adds to a bill whose subject and components are there what else a tree says, and checks the
/// dependencies.
void complete_cyclonedx_bill(const Json& tree, const Source& source, Bom& bom);

/// What a tree says that the bill does not keep.
std::vector<LeftOut> cyclonedx_left_out(const Json& tree);

/// The statements of a tree in the JSON form.
std::vector<VexStatement> read_statements_of(const Json& tree, const Source& source);

}  // namespace lockstep::formats
