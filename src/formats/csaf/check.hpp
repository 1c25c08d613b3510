// SPDX-License-Identifier: Apache-2.0
// The family of tests of the standard: each is a function and a row. To add one, write the function
// in the file of its subject, declare it here and give it a row in test_list.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "formats/csaf/view.hpp"

namespace lockstep::formats::csaf {

/// What a test objects to: a value of the document, and why, in one sentence.
struct Finding {
  const Json* at = nullptr;
  std::string message;
};

class Findings {
 public:
  void add(const Json& at, std::string message);

  const std::vector<Finding>& list() const { return list_; }

 private:
  std::vector<Finding> list_;
};

/// One test of the standard.
struct Test {
  std::string_view number;  ///< "6.1.8", as in the standard
  std::string_view title;
  /// Null for a test that is not made.
  void (*check)(const View& view, Findings& findings);
  std::string_view unchecked = "";  ///< why it is not made, or what of it is not
};

/// The tests of a version, in the order of their numbers. Sections 6.1, 6.2 and 6.3: mandatory
/// (errors), optional or recommended (warnings), informative (notes).
std::span<const Test> tests_of(Version version);

/// Which test speaks about a broken rule of the schema: one of those about objects of other
/// standards, or none.
enum class SchemaOwner { document, cvss, ssvc, extension };

/// By the place of the rule: "/vulnerabilities/0/scores/0/cvss_v3/baseScore" is of cvss.
SchemaOwner owner_of(std::string_view pointer);

/// Every extension, wherever the standard allows one.
std::vector<const Json*> extensions_of(const View& view);

/// Whether remediations of two categories may be stated of one product. Source:
/// CSAF 2.1, 3.2.4.14.1, table of remediation combinations.
bool may_combine(std::string_view a, std::string_view b);

/// Whether the licence of the document has a name of its own making, whose text a note must say.
bool has_own_license(const View& view);

using Check = void(const View& view, Findings& findings);

// check_products.cpp
Check missing_product, repeated_product, circular_product, missing_group, repeated_group,
    unused_product, missing_helper, hardware_with_software, shared_helper, nested_path;
// check_status.cpp
Check contradicting_status, remediation_without_product, flag_without_product, repeated_flags,
    missing_remediation, missing_score, contradicting_remediations, contradicting_combination,
    discouraged_combination;
// check_cvss.cpp
Check repeated_scores, invalid_cvss, wrong_cvss_scores, contradicting_cvss, cvss_of_fixed,
    cvss_v2_alone, cvss_v3_0, missing_cvss_v4, cvss_with_rating, own_rating, any_rating;
// check_weaknesses.cpp
Check invalid_weakness, deprecated_weakness, old_cwe_edition, discouraged_weakness,
    reviewed_weakness, missing_weakness;
// check_languages.cpp
Check invalid_language, missing_source_language, same_languages, missing_language, private_language,
    default_language;
// check_revisions.cpp
Check unsorted_revisions, latest_version, status_of_draft, released_zero, pre_release_revision,
    pre_release_version, missing_revision, repeated_revision, mixed_versioning, build_metadata,
    old_initial_date, old_current_date, same_revision_dates;
// check_dates.cpp
Check invalid_dates, late_disclosure, late_ssvc, late_epss, late_exploitation,
    exploitation_after_report, disclosure_after_revisions, old_epss;
// check_helpers.cpp
Check invalid_purl, different_purls, repeated_hash, stars_in_model, stars_in_serial, stars_in_sku,
    md5_alone, sha1_alone, unknown_hash, short_hash;
// check_consistency.cpp
Check inconsistent_helper;
// check_profiles.cpp
Check prohibited_category, profile_notes, profile_references, profile_no_vulnerabilities,
    profile_tree, profile_vulnerability_notes, profile_status, profile_vex_status, profile_ids,
    profile_impact, profile_action, profile_vulnerabilities, deprecated_profile;
// check_advisories.cpp
Check advisory_affected, advisory_corresponding, replaced_notes, replaced_tree, replaced_revisions,
    reason_of_withdrawal, reason_of_supersession, superseding_reference, missing_fixed,
    translated_withdrawal, translated_supersession, translated_reference, product_description;
// check_document.cpp
Check dead_reference, dead_self_reference, repeated_cve, repeated_involvement, missing_label,
    missing_canonical_url, unsorted_keys, cve_among_ids, additional_properties, id_in_title,
    undated_involvement, missing_cve, unregistered_id_system, text_of_id_system;
// check_sharing.cpp
Check max_group_not_clear, clear_group_not_max, reserved_group_name, missing_group_name, max_group,
    nil_group, clear_group;
// check_branches.cpp
Check range_as_version, deep_branches, stacked_categories, version_with_range, open_source_vendor,
    branch_categories, any_range, leading_v;
// check_ranges.cpp
Check invalid_range, single_version_range, range_without_vers, open_range, unknown_vers_type;
// check_overlaps.cpp
Check contradicting_vers, contradicting_vls, contradicting_versions, same_status_vers,
    same_status_vls, same_status_versions, overlapping_range_branch, overlapping_version_branch;
// check_ssvc.cpp
Check invalid_ssvc, ssvc_targets, ssvc_points, ssvc_unknown_namespace, ssvc_unregistered_clear,
    ssvc_extension_clear, ssvc_without_resource, ssvc_old_point, ssvc_unregistered_not_clear,
    ssvc_extension_not_clear;
// check_licenses.cpp
Check invalid_license, license_text, missing_license, deprecated_license, nonexistent_license,
    translated_license_text, unregistered_license;
// check_extensions.cpp
Check extension_content, extension_schema, extension_metadata, unregistered_extension,
    unofficial_extension, critical_extension, experimental_clear, essential_extension,
    experimental_not_clear, extension_in_document, extension_in_branches, extension_in_names,
    extension_in_paths, extension_in_metrics, extension_in_vulnerabilities, extension_at_root,
    replaced_extensions;

}  // namespace lockstep::formats::csaf
