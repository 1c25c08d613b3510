// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/state.hpp"

namespace lockstep {

/// How bad an advisory says the weakness is.
struct Rating {
  std::string source;            ///< who scored: the advisory's id, "CVSS_V3"
  std::string vector;            ///< "" when there is none
  std::optional<double> score;   ///< CVSS base score, one decimal
  std::string word = "unknown";  ///< none, low, medium, high, critical, unknown
};

struct EpssScore {
  double probability = 0;
  double percentile = 0;
  std::string date;  ///< YYYY-MM-DD
};

/// What a VEX statement said about the finding.
struct AppliedVex {
  std::string status;     ///< OpenVEX word
  std::string statement;  ///< justification, impact or action, as written
  std::string document;
  std::string author;
  std::string at;  ///< RFC 3339, "" when unknown
};

/// An advisory that touches a component; one per set of aliases and component.
struct Finding {
  std::string sbom;       ///< path of the bill
  std::string component;  ///< its name
  std::string reference;  ///< its id in the bill
  std::string purl;       ///< canonical text, "" when the component has none
  std::string version;
  std::string advisory;  ///< the id of the record that matched first (record order by id)
  std::string flaw;      ///< the id to call the flaw by: CVE before GHSA before others
  std::vector<std::string> aliases;  ///< all other ids of the same flaw, sorted
  std::vector<std::string> matched;  ///< ids of the records that match, sorted
  std::string summary;
  std::string because;             ///< "2.14.1 is in [2.13.0, 2.15.0)"
  std::vector<std::string> fixed;  ///< versions that mend it, in order
  Rating severity;
  std::optional<EpssScore> epss;
  std::vector<std::string> known_exploited;  ///< sources that list it: "cisa-kev"
  std::optional<AppliedVex> vex;
  State state = State::human;
  std::string state_because;  ///< why this state, one sentence
};

/// A component that no advisory could be asked for.
struct Unmatched {
  std::string sbom;
  std::string component;
  std::string reference;
  std::string purl;
  std::string reason;                 ///< "no version", "no package URL", "unknown type 'x'"
  std::vector<std::string> possible;  ///< records about the package that may apply, sorted
};

/// What is known about one source of advisory data.
struct DataSource {
  std::string source;  ///< "osv", "cisa-kev", "epss"
  std::string as_of;   ///< newest date that the data itself carries, YYYY-MM-DD
  std::int64_t entries = 0;
  std::string sha256;
};

}  // namespace lockstep
