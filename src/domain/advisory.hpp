// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace lockstep {

/// One event of a range, in the words of the OSV schema. `version` is "0" for "from the start" and
/// "*" for "no limit". OSV has no word for a start that is itself left out, as NVD and GitHub write
/// it ("> 1.0"): `introduced_after`.
struct Event {
  enum class Kind { introduced, fixed, last_affected, limit, introduced_after };
  Kind kind = Kind::introduced;
  std::string version;
};

/// A range of versions under one order.
struct AffectedRange {
  enum class Kind { semver, ecosystem, git };
  Kind kind = Kind::ecosystem;
  std::vector<Event> events;
  std::string repo;  ///< of a git range; "" otherwise
};

/// A severity as published: "CVSS_V3" and a vector; or a scheme's word.
struct PublishedSeverity {
  std::string type;   ///< CVSS_V2, CVSS_V3, CVSS_V4, Ubuntu
  std::string score;  ///< a vector, or a word
};

/// Products that a record of NVD names: a CPE name, and the versions where those are a range.
struct CpeCriterion {
  std::string name;           ///< formatted string
  std::vector<Event> events;  ///< empty when the name itself gives the version
};

/// The ecosystem under which entries with a CPE name are filed, by part, vendor and product:
/// "a:apache:http_server".
inline constexpr std::string_view cpe_ecosystem = "CPE";

/// What comes before the type of the package URL in the ecosystem under which entries are filed
/// whose own ecosystem no list knows: "purl:huggingface", with namespace and name as the package.
inline constexpr std::string_view purl_ecosystem = "purl:";

/// One package that an advisory names, with what it says about its versions.
struct Affected {
  std::string ecosystem;  ///< OSV name with suffix: "PyPI", "Debian:12"; `cpe_ecosystem`
  std::string package;    ///< as the record writes it
  std::vector<AffectedRange> ranges;
  std::vector<std::string> versions;
  std::vector<PublishedSeverity> severity;
  std::string arch = {};  ///< the only one that the entry is about; "" for all
  /// A range or version of the entry could not be read, so that "not affected" must not be said.
  bool partly_read = false;
  /// Of NVD: the CPE name of the products, whose versions are those of the ranges where there are
  /// any; "" for entries about packages.
  std::string cpe = {};
  /// Of NVD: what must be there too, such as an operating system: one of each of these groups of
  /// the advisory, by number.
  std::vector<std::uint32_t> together_with = {};
};

/// In which form an advisory was published.
enum class AdvisoryForm { osv, csaf };

/// A published weakness. Source: OSV schema 1.7.5.
struct Advisory {
  std::string id;
  std::vector<std::string> aliases;
  std::vector<std::string> upstream;
  std::vector<std::string> related;
  std::string summary;
  std::string details;
  std::optional<Instant> modified;
  std::optional<Instant> published;
  std::optional<Instant> withdrawn;
  std::vector<PublishedSeverity> severity;
  std::string severity_word;  ///< database_specific.severity of GitHub records; "" when absent
  std::vector<std::string> weaknesses;  ///< CWE ids
  std::vector<std::string> references;  ///< URLs
  std::vector<Affected> affected;
  /// Of NVD: alternatives for what must be there beside an affected product.
  std::vector<std::vector<CpeCriterion>> cpe_groups;
  AdvisoryForm form = AdvisoryForm::osv;
};

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
