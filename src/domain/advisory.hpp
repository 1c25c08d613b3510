// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace lockstep {

/// What an event of a range says, in the words of the OSV schema, which has no word for a start
/// that is itself left out, as NVD and GitHub write it ("> 1.0"): `introduced_after`.
enum class EventKind { introduced, fixed, last_affected, limit, introduced_after };

/// One event of a range. `version` is "0" for "from the start" and "*" for "no limit".
template <typename Text>
struct BasicEvent {
  using Kind = EventKind;
  Kind kind = Kind::introduced;
  Text version;
};

enum class RangeKind { semver, ecosystem, git };

/// A range of versions under one order.
template <typename Text>
struct BasicAffectedRange {
  using Kind = RangeKind;
  Kind kind = Kind::ecosystem;
  std::vector<BasicEvent<Text>> events;
  Text repo;  ///< of a git range; "" otherwise
};

/// A severity as published: "CVSS_V3" and a vector; or a scheme's word.
template <typename Text>
struct BasicPublishedSeverity {
  Text type;   ///< CVSS_V2, CVSS_V3, CVSS_V4, Ubuntu
  Text score;  ///< a vector, or a word
};

/// Products that a record of NVD names: a CPE name, and the versions where those are a range.
template <typename Text>
struct BasicCpeCriterion {
  Text name;                             ///< formatted string
  std::vector<BasicEvent<Text>> events;  ///< empty when the name itself gives the version
};

/// The ecosystem under which entries with a CPE name are filed, by part, vendor and product:
/// "a:apache:http_server".
inline constexpr std::string_view cpe_ecosystem = "CPE";

/// The ecosystem under which entries are filed whose ranges are of commits. The package is the
/// address of the repository.
inline constexpr std::string_view git_ecosystem = "GIT";

/// What comes before the type of the package URL in the ecosystem under which entries are filed
/// whose own ecosystem no list knows: "purl:huggingface", with namespace and name as the package.
inline constexpr std::string_view purl_ecosystem = "purl:";

/// One package that an advisory names, with what it says about its versions.
template <typename Text>
struct BasicAffected {
  Text ecosystem;  ///< OSV name with suffix: "PyPI", "Debian:12"; `cpe_ecosystem`
  Text package;    ///< as the record writes it
  std::vector<BasicAffectedRange<Text>> ranges;
  std::vector<Text> versions;
  std::vector<BasicPublishedSeverity<Text>> severity;
  Text arch = {};  ///< the only one that the entry is about; "" for all
  /// A range or version of the entry could not be read, so that "not affected" must not be said.
  bool partly_read = false;
  /// The CPE name of the products, whose versions are those of the ranges where there are any; ""
  /// for entries about packages.
  Text cpe = {};
  /// Of NVD: what must be there too, such as an operating system: one of each of these groups of
  /// the advisory, by number.
  std::vector<std::uint32_t> together_with = {};
};

/// In which form an advisory was published.
enum class AdvisoryForm { osv, csaf, nvd, ghsa };

/// What the forms are called as sources of data, by their numbers.
inline constexpr std::array<std::string_view, 4> advisory_form_names = {"osv", "csaf", "nvd",
                                                                        "ghsa"};

/// The form of that name; nothing for other sources, such as lists.
std::optional<AdvisoryForm> advisory_form_of(std::string_view name);

/// A published weakness. Source: OSV schema 1.7.5.
template <typename Text>
struct BasicAdvisory {
  Text id;
  std::vector<Text> aliases;
  std::vector<Text> upstream;
  std::vector<Text> related;
  Text summary;
  Text details;
  std::optional<Instant> modified;
  std::optional<Instant> published;
  std::optional<Instant> withdrawn;
  std::vector<BasicPublishedSeverity<Text>> severity;
  Text severity_word;            ///< database_specific.severity of GitHub records; "" when absent
  std::vector<Text> weaknesses;  ///< CWE ids
  std::vector<Text> references;  ///< URLs
  std::vector<BasicAffected<Text>> affected;
  /// Of NVD: alternatives for what must be there beside an affected product.
  std::vector<std::vector<BasicCpeCriterion<Text>>> cpe_groups;
  AdvisoryForm form = AdvisoryForm::osv;
};

using Event = BasicEvent<std::string>;
using AffectedRange = BasicAffectedRange<std::string>;
using PublishedSeverity = BasicPublishedSeverity<std::string>;
using CpeCriterion = BasicCpeCriterion<std::string>;
using Affected = BasicAffected<std::string>;
using Advisory = BasicAdvisory<std::string>;

/// The same over texts that lie elsewhere, for readers of very many records.
using EventView = BasicEvent<std::string_view>;
using AffectedRangeView = BasicAffectedRange<std::string_view>;
using PublishedSeverityView = BasicPublishedSeverity<std::string_view>;
using AffectedView = BasicAffected<std::string_view>;
using AdvisoryView = BasicAdvisory<std::string_view>;

/// The advisory with texts of its own.
Advisory owned(const AdvisoryView& view);

/// A vulnerability that someone has reliable evidence of being exploited.
struct KnownExploited {
  std::string cve;         ///< the EUVD id where the entry has no CVE id
  std::string source;      ///< "cisa-kev", "eu-kev"
  std::string date_added;  ///< YYYY-MM-DD; "" when the entry's date cannot be read
  bool ransomware = false;
  std::string euvd;         ///< "EUVD-2026-25166", "" when the source gives none
  std::string origin = {};  ///< who reported it to the list: "CRA", "ENISA"; "" when not told
};

/// One edition of a list of exploited vulnerabilities.
struct KnownExploitedList {
  std::string source;  ///< "cisa-kev", "eu-kev"
  std::string as_of;   ///< release date of the list, else its newest entry, YYYY-MM-DD
  std::vector<KnownExploited> entries;
};

/// Probability that exploitation is seen anywhere in the next 30 days. Source: FIRST EPSS.
struct Epss {
  std::string cve;
  double probability = 0;
  double percentile = 0;
};

/// The rows of one day.
struct EpssTable {
  std::string model_version;
  std::string score_date;  ///< YYYY-MM-DD
  std::vector<Epss> rows;
};

}  // namespace lockstep
