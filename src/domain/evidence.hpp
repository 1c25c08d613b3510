// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lockstep {

/// A thing that supports a statement: a file, a result, an answer. Append-only; each row of the
/// store carries the digest of the row before it.
struct Evidence {
  std::string id;  ///< "input:sbom/application.cdx.json", "result:vuln_scan"
  std::string
      kind;  ///< sbom, vex, model, dataset, vuln_scan, evasion_test, risk_register, policy, ...
  std::string subject;             ///< what it speaks about: a path, a test id
  std::string sha256;              ///< of the subject's bytes or of the result's canonical JSON
  std::string made_by;             ///< tool and version, or person
  std::string made_at;             ///< RFC 3339; for results the time of the run
  std::string data_state;          ///< digest of the advisory data used, "" when none
  std::string seed;                ///< decimal, "" when no chance was used
  std::vector<std::string> shows;  ///< ids of obligations that it supports
  std::string expires;             ///< YYYY-MM-DD, "" when it does not
  std::string note;
};

/// A row as stored.
struct EvidenceRow {
  std::int64_t number = 0;  ///< from 1, without holes
  Evidence evidence;
  std::string previous;  ///< digest of row number - 1; 64 zeros for the first
  std::string digest;    ///< SHA-256 over previous and the canonical JSON of the evidence
};

}  // namespace lockstep
