// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

/// That a list names the vulnerability as exploited: a fact with a date, not a score.
struct Exploitation {
  std::string source;  ///< "cisa-kev", "eu-kev"
  std::string since;   ///< the day on which the list took it up, YYYY-MM-DD; "" when unknown
  std::string origin;  ///< who reported it to the list: "CRA", "ENISA"; "" when not told
  bool ransomware = false;
};

/// What a VEX statement said about the finding.
struct AppliedVex {
  std::string status;     ///< OpenVEX word
  std::string statement;  ///< justification, impact or action, as written
  std::string document;
  std::string author;
  std::string at;  ///< RFC 3339, "" when unknown
  /// Who accepts the risk that stays, and until when (YYYY-MM-DD); "" where nobody does.
  std::string accepted_by = {};
  std::string accepted_until = {};
  /// Other statements about it: of the same instant with another status; and earlier ones with
  /// another status, which this one replaces. "fixed, by Acme in vex-1 of 2026-01-01T00:00:00Z"
  std::vector<std::string> disagrees = {};
  std::vector<std::string> replaces = {};
  /// The label of OpenVEX that `statement` begins with; "" where it has none.
  std::string justification = {};
  /// What it was stated about, where that is an earlier release of the product or another version
  /// of the component: "pkg:npm/hook@2.0.0 in pkg:generic/crane@1.0"; else "".
  std::string carried_from = {};
  /// It was carried, and a person has to confirm it before it settles anything.
  bool needs_confirmation = false;
};

/// The rule of the gate that decided about a finding.
struct DecidingRule {
  std::string policy;  ///< its name; "default" for the one that is built in
  std::string rule;    ///< its id
  std::string reason;  ///< as the policy writes it
  /// Rules before it that could not be asked, each with what is not known: "low_risk: no EPSS
  /// score".
  std::vector<std::string> not_asked;
};

/// What a tree of SSVC comes to for a finding.
struct FindingSsvc {
  std::string tree;
  std::vector<std::string> outcomes;  ///< all that are possible
  std::vector<std::string> inputs;    ///< "exploitation = active (listed by eu-kev)"
  std::vector<std::string> missing;   ///< points that keep it undecided
};

/// What a tool says about whether the vulnerable code can be reached.
struct FindingReach {
  std::string word;  ///< yes, no, unknown
  std::string because;
  std::string tool;
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
  /// How the component was found in the records: "purl", or "cpe", which is weaker: names of
  /// products are given by hand, and one name may stand for several packages.
  std::string matched_by = "purl";
  /// Ids of the flaws that the matching records stand for, such as the CVEs of a distributor's
  /// record; never aliases; sorted.
  std::vector<std::string> upstream;
  std::string summary;
  std::string because;             ///< "2.14.1 is in [2.13.0, 2.15.0)"
  std::vector<std::string> fixed;  ///< versions that mend it, in order
  std::string published;  ///< of the record that stands for it, YYYY-MM-DD; "" when unknown
  std::string scope;  ///< of the component: required, optional, excluded, development; "" unknown
  Rating severity;
  std::optional<EpssScore> epss;
  std::vector<std::string> known_exploited;  ///< sources that list it: "cisa-kev"
  std::vector<Exploitation> exploited;       ///< the same with dates, sorted by source
  std::optional<AppliedVex> vex;
  std::optional<FindingReach> reach;  ///< when a tool looked
  std::optional<FindingSsvc> ssvc;    ///< when the policy names a tree
  State state = State::human;
  std::string state_because;  ///< why this state, one sentence
  DecidingRule decided_by;
};

/// A component that no advisory could be asked for.
struct Unmatched {
  /// What would have to change before it could be asked for.
  enum class Kind {
    not_identified,  ///< the bill: it gives no version, or no package URL that can be read
    not_compared,    ///< the records: they say nothing that can be held against a version
    not_imported,    ///< the data: records of its ecosystem exist and were not imported
    no_source,       ///< nothing: no source of advisories covers packages of its type
  };
  std::string sbom;
  std::string component;
  std::string reference;
  std::string purl;
  std::string reason;                 ///< "no version", "no advisory source covers pkg:generic"
  std::vector<std::string> possible;  ///< records about the package that may apply, sorted
  Kind kind = Kind::not_identified;
};

/// The name of the kind, as JSON and YAML write it.
constexpr std::string_view to_text(Unmatched::Kind kind) {
  switch (kind) {
    case Unmatched::Kind::not_identified:
      return "not_identified";
    case Unmatched::Kind::not_compared:
      return "not_compared";
    case Unmatched::Kind::not_imported:
      return "not_imported";
    case Unmatched::Kind::no_source:
      return "no_source";
  }
  return "not_identified";
}

/// Whether more could be known about the component than was; false where no source exists at all.
constexpr bool is_gap(const Unmatched& unmatched) {
  return unmatched.kind != Unmatched::Kind::no_source;
}

/// What is known about one source of advisory data.
struct DataSource {
  std::string source;  ///< "osv", "csaf", "nvd", "ghsa", "cisa-kev", "epss"
  /// Newest date that the data itself carries and that is not after the day of judgement,
  /// YYYY-MM-DD. A list has one date for all of it, which may be later; then `later` counts it all.
  std::string as_of;
  std::int64_t entries = 0;
  std::string sha256;
  std::int64_t later = 0;  ///< entries that carry a date after the day of judgement
};

}  // namespace lockstep
