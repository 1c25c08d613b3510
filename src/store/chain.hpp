// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/evidence.hpp"

namespace lockstep::store {

/// One assessment, as kept.
struct StoredRun {
  std::string id;       ///< run_id of the dossier
  std::string as_of;    ///< YYYY-MM-DD
  std::string made_at;  ///< RFC 3339
  std::string dossier;  ///< canonical JSON

  bool operator==(const StoredRun&) const = default;
};

/// A measurement that took long to make, kept so that it is made once.
struct StoredMeasurement {
  std::string key;      ///< digest over everything that determines it
  std::string subject;  ///< the test's id
  std::string made_by;  ///< tool and version
  std::string made_at;  ///< RFC 3339
  std::string body;     ///< canonical JSON

  bool operator==(const StoredMeasurement&) const = default;
};

/// A row of the chain as it is kept: the canonical JSON of the evidence, not yet trusted.
struct ChainRow {
  std::int64_t number = 0;
  std::string body;
  std::string previous;
  std::string digest;

  bool operator==(const ChainRow&) const = default;
};

/// The end of the chain, kept apart from the rows so that a cut-off end shows.
struct ChainHead {
  std::int64_t count = 0;
  std::string digest;

  bool operator==(const ChainHead&) const = default;
};

/// What a kept measurement says about itself, for comparison with its row in the chain.
struct MeasurementDigest {
  std::int64_t row = 0;  ///< its row in the chain
  std::string key;       ///< as it is kept now
  std::string sha256;    ///< of its text as it is kept now
};

struct ChainProblem {
  enum class Kind {
    changed,      ///< a row's text or digest is not what was written
    missing,      ///< rows were taken out
    inserted,     ///< a row was put in
    reordered,    ///< a row stands at another place than it was written at
    truncated,    ///< rows at the end are gone
    head,         ///< the kept end does not name the last row
    run,          ///< a kept run is not the one that was chained
    measurement,  ///< a kept measurement is not the one that was chained
  };
  Kind kind = Kind::changed;
  std::int64_t row = 0;  ///< number of the row it is about; 0 for runs
  std::string says;      ///< one sentence
};

struct ChainReport {
  ChainHead head;
  std::vector<ChainProblem> problems;  ///< at most `problems_max`, in the order of the rows
  std::size_t more_problems = 0;       ///< beyond those
  /// What a clean report does not exclude, in one sentence.
  std::string limits;
};

/// 64 zeros: what the first row has as its former digest.
std::string_view first_previous();

/// The head of a chain without rows.
ChainHead empty_head();

/// SHA-256 over the former digest, a line feed and the text of the row.
std::string row_digest(std::string_view previous, std::string_view body);

/// The row that follows `head`.
ChainRow next_row(const ChainHead& head, const Evidence& evidence);

/// The evidence of a row. Errors: store.corrupt, when its text is no evidence.
Result<EvidenceRow> evidence_of(const ChainRow& row);

/// The row that chains a run: kind "dossier", subject the run's id, the day that it is of as note.
Evidence dossier_evidence(const StoredRun& run);

/// The row that chains a measurement: kind "measurement", subject the test's id. Its id carries the
/// key, so that the text of one test does not pass for that of another.
Evidence measurement_evidence(const StoredMeasurement& measurement);

/// The measurement of a row, with the text that is kept for it. Errors: store.corrupt when a link
/// of the chain does not hold, or the row does not speak of this key and this text.
/// @param rows  the whole chain, by rising number
Result<StoredMeasurement> checked_measurement(std::span<const ChainRow> rows,
                                              const ChainHead& head,
                                              std::int64_t row,
                                              const std::string& key,
                                              const std::string& body);

/// What is kept beside the chain and named in it.
struct KeptDigests {
  std::vector<Evidence> runs;  ///< what would chain each of them now, in the order of the runs
  std::vector<MeasurementDigest> measurements;
};

/// Looks for everything that differs from an untouched chain.
/// @param rows  by rising number
ChainReport check_chain(std::span<const ChainRow> rows,
                        const ChainHead& head,
                        const KeptDigests& kept);

}  // namespace lockstep::store
