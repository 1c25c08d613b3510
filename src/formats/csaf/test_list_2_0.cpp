// SPDX-License-Identifier: Apache-2.0
// The tests of CSAF 2.0, chapter 6.
#include <array>

#include "formats/csaf/test_list.hpp"

namespace lockstep::formats::csaf {
namespace {

constexpr std::array tests = {
    Test{"6.1.1", "missing definition of product id", missing_product},
    Test{"6.1.2", "multiple definition of product id", repeated_product},
    Test{"6.1.3", "circular definition of product id", circular_product},
    Test{"6.1.4", "missing definition of product group id", missing_group},
    Test{"6.1.5", "multiple definition of product group id", repeated_group},
    Test{"6.1.6", "contradicting product status", contradicting_status},
    Test{"6.1.7", "multiple scores with same version per product", repeated_scores},
    Test{"6.1.8", "invalid CVSS", invalid_cvss},
    Test{"6.1.9", "invalid CVSS computation", wrong_cvss_scores},
    Test{"6.1.10", "inconsistent CVSS", contradicting_cvss},
    Test{"6.1.11", "CWE", invalid_weakness},
    Test{"6.1.12", "language", invalid_language},
    Test{"6.1.13", "purl", invalid_purl},
    Test{"6.1.14", "sorted revision history", unsorted_revisions},
    Test{"6.1.15", "translator", missing_source_language},
    Test{"6.1.16", "latest document version", latest_version},
    Test{"6.1.17", "document status draft", status_of_draft},
    Test{"6.1.18", "released revision history", released_zero},
    Test{"6.1.19", "revisions of pre-release versions", pre_release_revision},
    Test{"6.1.20", "non-draft document version", pre_release_version},
    Test{"6.1.21", "missing item in revision history", missing_revision},
    Test{"6.1.22", "multiple definition in revision history", repeated_revision},
    Test{"6.1.23", "multiple use of same CVE", repeated_cve},
    Test{"6.1.24", "multiple definition in involvements", repeated_involvement},
    Test{"6.1.25", "multiple use of same hash algorithm", repeated_hash},
    Test{"6.1.26", "prohibited document category name", prohibited_category},
    Test{"6.1.27.1", "document notes", profile_notes},
    Test{"6.1.27.2", "document references", profile_references},
    Test{"6.1.27.3", "no vulnerabilities", profile_no_vulnerabilities},
    Test{"6.1.27.4", "product tree", profile_tree},
    Test{"6.1.27.5", "vulnerability notes", profile_vulnerability_notes},
    Test{"6.1.27.6", "product status", profile_status},
    Test{"6.1.27.7", "VEX product status", profile_vex_status},
    Test{"6.1.27.8", "vulnerability id", profile_ids},
    Test{"6.1.27.9", "impact statement", profile_impact},
    Test{"6.1.27.10", "action statement", profile_action},
    Test{"6.1.27.11", "vulnerabilities", profile_vulnerabilities},
    Test{"6.1.28", "translation", same_languages},
    Test{"6.1.29", "remediation without product reference", remediation_without_product},
    Test{"6.1.30", "mixed integer and semantic versioning", mixed_versioning},
    Test{"6.1.31", "version range in product version", range_as_version},
    Test{"6.1.32", "flag without product reference", flag_without_product},
    Test{"6.1.33", "multiple flags with VEX justification codes", repeated_flags},

    Test{"6.2.1", "unused definition of product id", unused_product},
    Test{"6.2.2", "missing remediation", missing_remediation},
    Test{"6.2.3", "missing score", missing_score},
    Test{"6.2.4", "build metadata in revision history", build_metadata},
    Test{"6.2.5", "initial release older than revision history", old_initial_date},
    Test{"6.2.6", "current release older than revision history", old_current_date},
    Test{"6.2.7", "missing date in involvements", undated_involvement},
    Test{"6.2.8", "MD5 as the only hash algorithm", md5_alone},
    Test{"6.2.9", "SHA-1 as the only hash algorithm", sha1_alone},
    Test{"6.2.10", "missing TLP label", missing_label},
    Test{"6.2.11", "missing canonical URL", missing_canonical_url},
    Test{"6.2.12", "missing document language", missing_language},
    Test{"6.2.13", "sorting", unsorted_keys},
    Test{"6.2.14", "private language", private_language},
    Test{"6.2.15", "default language", default_language},
    Test{"6.2.16", "missing product identification helper", missing_helper},
    Test{"6.2.17", "CVE in field ids", cve_among_ids},
    Test{"6.2.18", "product version range without vers", range_without_vers},
    Test{"6.2.19", "CVSS for fixed products", cvss_of_fixed},
    Test{"6.2.20", "additional properties", additional_properties},

    Test{"6.3.1", "CVSS 2.0 as the only scoring system", cvss_v2_alone},
    Test{"6.3.2", "CVSS 3.0", cvss_v3_0},
    Test{"6.3.3", "missing CVE", missing_cve},
    Test{"6.3.4", "missing CWE", missing_weakness},
    Test{"6.3.5", "short hash", short_hash},
    Test{"6.3.6", "other URLs that do not resolve", dead_reference, needs_network},
    Test{"6.3.7", "self-referencing URLs that do not resolve", dead_self_reference, needs_network},
    Test{"6.3.8", "spell check", nullptr, needs_dictionary},
    Test{"6.3.9", "branch categories", branch_categories},
    Test{"6.3.10", "product version range", any_range},
    Test{"6.3.11", "v as version indicator", leading_v},
};

}  // namespace

std::span<const Test> tests_2_0() {
  return tests;
}

}  // namespace lockstep::formats::csaf
