// SPDX-License-Identifier: Apache-2.0
// What a person wants the release gate to do with findings: ordered rules, of which the first that
// holds decides.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/ssvc.hpp"
#include "domain/state.hpp"

namespace lockstep {

/// An interval with its ends; an end that is not there is open.
struct Between {
  std::optional<double> at_least;
  std::optional<double> at_most;

  bool is_asked() const { return at_least || at_most; }
};

/// What a rule asks of a finding: all that is asked must hold. Empty members ask nothing.
struct GateWhen {
  std::vector<std::string> statement;  ///< words of gate_statement_words()
  std::vector<std::string> severity;   ///< none, low, medium, high, critical, unknown
  std::string severity_from;  ///< the word of `at_least`; then `severity` has what reaches it
  Between score;              ///< CVSS base score, 0 to 10
  Between epss;               ///< probability, 0 to 1
  Between epss_percentile;    ///< 0 to 1
  std::vector<std::string> exploited;      ///< lists that name it, "any", or "none" alone
  std::vector<std::string> ssvc;           ///< every possible outcome is one of these
  std::vector<std::string> ssvc_possible;  ///< some possible outcome is one of these
  std::optional<bool> has_fix;
  Between fix_age;                         ///< days since the advisory with its fix was published
  std::vector<std::string> reachable;      ///< yes, no, unknown: as a tool's file says
  std::vector<std::string> scope;          ///< required, optional, excluded, development
  std::vector<std::string> ecosystem;      ///< types of package URLs: "npm"
  std::vector<std::string> component;      ///< package URLs, names, or beginnings with a '*'
  std::vector<std::string> vulnerability;  ///< ids, of which aliases count
};

struct GateRule {
  std::string id;
  GateWhen when;
  State then = State::human;  ///< pass, warn, fail, human
  std::string reason;
  Position where;
};

/// Answers for the tree of SSVC about one vulnerability.
struct SsvcAnswers {
  std::string vulnerability;
  std::vector<SsvcInput> inputs;
};

struct GatePolicy {
  std::string name = "default";
  std::string path;           ///< "" for the one that is built in
  std::string sha256;         ///< of the file
  bool settled_first = true;  ///< what a statement settles passes before any rule is asked
  /// Statements about an earlier release of the product hold for this one, where the version of the
  /// component is the same. Otherwise they are shown, and wait for a person.
  bool carries_statements = false;
  std::vector<GateRule> rules;
  State otherwise = State::human;      ///< where no rule holds: warn, fail, human
  std::string ssvc_tree;               ///< "" when findings are not walked through one
  std::vector<SsvcInput> ssvc_inputs;  ///< what holds for the whole product
  std::vector<SsvcAnswers> ssvc_answers;
};

/// What a tool found about whether vulnerable code can be reached.
struct Reachability {
  std::string component;      ///< package URL, without a version all versions
  std::string vulnerability;  ///< an id of the flaw
  std::string reachable;      ///< yes, no, unknown
  std::string because;
  std::string tool;

  bool operator==(const Reachability&) const = default;
};

}  // namespace lockstep
