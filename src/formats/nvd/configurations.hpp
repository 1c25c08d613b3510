// SPDX-License-Identifier: Apache-2.0
// From the configurations of a record to the entries of an advisory.
#pragma once

#include <string>
#include <vector>

#include "domain/advisory.hpp"

namespace lockstep::formats::nvd {

/// One `cpeMatch`, read.
struct Match {
  CpeCriterion criterion;
  std::string product;  ///< "a:apache:http_server"
  bool is_vulnerable = true;
  bool is_partly_read = false;  ///< an end of the range could not be read
};

/// One node: its matches are alternatives (OR), or all must hold (AND).
struct Node {
  std::vector<Match> matches;
  bool is_and = false;
  bool is_negated = false;  ///< says what must not be there
};

/// One configuration: its nodes are alternatives (OR), or all must hold (AND).
struct Configuration {
  std::vector<Node> nodes;
  bool is_and = false;
};

/// Adds an entry for each vulnerable match, and groups for what must be there too. Ranges of one
/// name that follow each other are one entry. A negated node has no entries, and is never met.
void add_entries(const Configuration& configuration, Advisory& advisory);

}  // namespace lockstep::formats::nvd
