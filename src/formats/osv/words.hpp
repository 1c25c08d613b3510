// SPDX-License-Identifier: Apache-2.0
// The words that the OSV schema lists. Source: OSV schema 1.7.5, validation/schema.json.
#pragma once

#include <array>
#include <string_view>

namespace lockstep::formats::osv {

/// Ecosystems, without their suffix.
constexpr std::array<std::string_view, 49> ecosystems = {"AlmaLinux",
                                                         "Alpaquita",
                                                         "Alpine",
                                                         "Android",
                                                         "Azure Linux",
                                                         "BellSoft Hardened Containers",
                                                         "Bioconductor",
                                                         "Bitnami",
                                                         "Chainguard",
                                                         "CleanStart",
                                                         "ConanCenter",
                                                         "CRAN",
                                                         "crates.io",
                                                         "Debian",
                                                         "Docker Hardened Images",
                                                         "Echo",
                                                         "FreeBSD",
                                                         "GHC",
                                                         "GIT",
                                                         "GitHub Actions",
                                                         "Go",
                                                         "Hackage",
                                                         "Hex",
                                                         "Julia",
                                                         "Kubernetes",
                                                         "Linux",
                                                         "Mageia",
                                                         "Maven",
                                                         "MinimOS",
                                                         "npm",
                                                         "NuGet",
                                                         "opam",
                                                         "openEuler",
                                                         "openSUSE",
                                                         "OSS-Fuzz",
                                                         "Packagist",
                                                         "Photon OS",
                                                         "Pub",
                                                         "PyPI",
                                                         "Red Hat",
                                                         "Rocky Linux",
                                                         "Root",
                                                         "RubyGems",
                                                         "SUSE",
                                                         "SwiftURL",
                                                         "TuxCare",
                                                         "Ubuntu",
                                                         "VSCode",
                                                         "Wolfi"};

/// What comes before the first '-' of an id; "SUSE" and "openSUSE" stand for their longer forms.
constexpr std::array<std::string_view, 54> id_prefixes = {
    "ALBA",       "ALEA", "ALPINE",  "ALSA", "ASB",     "AZL",    "BELL", "BIT",    "CGA",
    "CLEANSTART", "CLSA", "CURL",    "CVE",  "DEBIAN",  "DHI",    "DLA",  "DRUPAL", "DSA",
    "DTSA",       "ECHO", "EEF",     "ELA",  "FreeBSD", "GHSA",   "GO",   "GSD",    "HSEC",
    "JLSEC",      "KUBE", "LBSEC",   "LSN",  "MAL",     "MGASA",  "MINI", "OESA",   "OSEC",
    "OSV",        "PHSA", "PSF",     "PUB",  "PYSEC",   "RHBA",   "RHEA", "RHSA",   "RLSA",
    "ROOT",       "RSEC", "RUSTSEC", "RXSA", "SUSE",    "UBUNTU", "USN",  "V8",     "openSUSE"};

/// Words of package URLs that stand for no single architecture: deb, rpm and OSV's own.
constexpr std::array<std::string_view, 5> general_architectures = {"all", "any", "noarch", "source",
                                                                   "src"};

/// Members of a record.
constexpr std::array<std::string_view, 15> record_members = {
    "affected", "aliases",   "credits",    "database_specific", "details",        "id",
    "modified", "published", "references", "related",           "schema_version", "severity",
    "summary",  "upstream",  "withdrawn"};

constexpr std::array<std::string_view, 11> reference_types = {
    "ADVISORY", "ARTICLE",    "DETECTION", "DISCUSSION", "EVIDENCE", "FIX",
    "GIT",      "INTRODUCED", "PACKAGE",   "REPORT",     "WEB"};

constexpr std::array<std::string_view, 10> credit_types = {"ANALYST",
                                                           "COORDINATOR",
                                                           "FINDER",
                                                           "OTHER",
                                                           "REMEDIATION_DEVELOPER",
                                                           "REMEDIATION_REVIEWER",
                                                           "REMEDIATION_VERIFIER",
                                                           "REPORTER",
                                                           "SPONSOR",
                                                           "TOOL"};

constexpr std::array<std::string_view, 5> ubuntu_severities = {"critical", "high", "low", "medium",
                                                               "negligible"};

}  // namespace lockstep::formats::osv
