// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep vuln gate`: the decision whether a release holds known exploitable
// vulnerabilities, as a record that can be signed, verified and replayed.
#pragma once

#include <string>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/state.hpp"

namespace lockstep::app {

/// The type of the payload, and that of the record inside it.
inline constexpr std::string_view gate_payload_type = "application/vnd.in-toto+json";
inline constexpr std::string_view gate_predicate_type = "https://lockstep.example/release-gate/1";

struct GateRequest {
  std::string product_file;
  std::string data_folder;
  Day as_of;
  std::string decided_by;  ///< who takes the decision; "" when nobody is named
};

struct GateRecord {
  std::string statement;      ///< in-toto Statement v1, canonical JSON; same inputs, same bytes
  State state = State::pass;  ///< the worst of findings, data and what was not asked about
  std::string age_gap;        ///< why the advisories are too old to judge by; "" when they are not
  std::size_t failed = 0;
  std::size_t undecided = 0;
  std::size_t not_asked = 0;  ///< components of which more could be known
  std::size_t findings = 0;
};

/// Judges the product of a product file and writes down what the decision rests on: digests of the
/// bills, the index, the policy and every other input, the dates of the data, each finding with
/// reason and rule, and what could not be asked.
/// Errors: those of the inputs; data.missing, data.index; gate.nothing without a component.
Result<GateRecord> decide_release(const GateRequest& request,
                                  const Files& files,
                                  Diagnostics& problems);

/// The record in a DSSE envelope, as pretty text. Errors: file.*, signature.key.
Result<std::string> sign_record(const GateRecord& record,
                                const std::string& key_file,
                                const Files& files);

/// A record whose signature holds.
struct VerifiedRecord {
  std::string statement;
  std::string product;
  std::string as_of;
  std::string state;
  std::string decided_by;
  std::string key_id;
};

/// Errors: file.*, json.*, signature.*, gate.record.
Result<VerifiedRecord> verify_record(const std::string& path,
                                     const std::string& key_file,
                                     const Files& files);

/// Judges again, as of the day and the person of the record, and compares byte by byte.
/// Errors: those of decide_release; gate.differs (kind verification) with the first member that
/// differs.
Result<> replay_record(const VerifiedRecord& record,
                       const std::string& product_file,
                       const std::string& data_folder,
                       const Files& files,
                       Diagnostics& problems);

}  // namespace lockstep::app
