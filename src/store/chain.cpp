// SPDX-License-Identifier: Apache-2.0
// Evidence as a chain: each row carries the digest of the row before it.
//
//   row 1: previous 000...0   body {...}   digest d1 = SHA-256(000...0 LF body 1)
//   row 2: previous d1        body {...}   digest d2 = SHA-256(d1 LF body 2)
//   head:  count 2, digest d2
//
// Whoever changes the text of a row leaves it with a digest that is not its own. Whoever also
// writes a new digest breaks the link of the next row, and whoever repairs all later rows is left
// with a head that names another end. A row taken out leaves a hole in the numbers, or a link that
// skips it; rows cut off at the end leave the head alone with a larger count.
//
// What this does not see: a person who may write to the store can make a whole new chain and a new
// head. Against that stands only a head that was noted elsewhere, such as in an earlier report;
// that is why reports print it (docs/adr/0006-evidence-chain.md).
//
// Source: Haber and Stornetta 1991, "How to time-stamp a digital document" (linking).
#include "store/chain.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <unordered_map>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "store/limits.hpp"

namespace lockstep::store {
namespace {

constexpr std::string_view dossier_kind = "dossier";
constexpr std::string_view measurement_kind = "measurement";

std::string measurement_id(const std::string& key) {
  return "measurement:" + key;
}

Json to_json(const Evidence& evidence) {
  return Json::object_of({{"id", evidence.id},
                          {"kind", evidence.kind},
                          {"subject", evidence.subject},
                          {"sha256", evidence.sha256},
                          {"made_by", evidence.made_by},
                          {"made_at", evidence.made_at},
                          {"data_state", evidence.data_state},
                          {"seed", evidence.seed},
                          {"shows", Json::array_of(evidence.shows)},
                          {"expires", evidence.expires},
                          {"note", evidence.note}});
}

/// Collects problems up to the limit and counts the rest.
class Problems {
 public:
  explicit Problems(ChainReport& report) : report_(report) {}

  void add(ChainProblem::Kind kind, std::int64_t row, std::string says) {
    if (report_.problems.size() < problems_max)
      report_.problems.push_back({kind, row, std::move(says)});
    else
      ++report_.more_problems;
  }

 private:
  ChainReport& report_;
};

/// Why a row that is whole in itself does not follow the one before it.
void explain_broken_link(const ChainRow& row,
                         std::span<const ChainRow> rows,
                         std::size_t index,
                         const std::unordered_map<std::string, std::size_t>& by_digest,
                         Problems& problems) {
  using Kind = ChainProblem::Kind;
  const auto named = by_digest.find(row.previous);
  const bool follows_start = row.previous == first_previous();
  if (index > 0 &&
      ((named != by_digest.end() && named->second + 2 == index) || (follows_start && index == 1))) {
    const std::int64_t before = rows[index - 1].number;
    problems.add(Kind::inserted, before,
                 fmt::format("row {} was put in: row {} was written to follow the row before it",
                             before, row.number));
  } else if (named != by_digest.end() || follows_start) {
    problems.add(
        Kind::reordered, row.number,
        fmt::format("row {} was written to follow {}, and stands elsewhere now", row.number,
                    follows_start ? std::string("the start of the chain")
                                  : fmt::format("row {}", rows[named->second].number)));
  } else {
    const std::int64_t before = row.number - 1;
    problems.add(Kind::changed, before,
                 fmt::format("row {} is not the one that row {} was written to follow: it was "
                             "replaced, or rows were taken out before it",
                             before, row.number));
  }
}

void check_rows(std::span<const ChainRow> rows, Problems& problems) {
  using Kind = ChainProblem::Kind;
  std::unordered_map<std::string, std::size_t> by_digest;
  for (std::size_t i = 0; i < rows.size(); ++i)
    by_digest.emplace(rows[i].digest, i);
  std::int64_t expected = 1;
  std::string_view previous = first_previous();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ChainRow& row = rows[i];
    const bool is_whole = row_digest(row.previous, row.body) == row.digest;
    if (row.number != expected)
      problems.add(Kind::missing, expected,
                   row.number == expected + 1
                       ? fmt::format("row {} is missing", expected)
                       : fmt::format("rows {} to {} are missing", expected, row.number - 1));
    if (!is_whole)
      problems.add(Kind::changed, row.number,
                   fmt::format("row {} was changed after it was written: its text does not have "
                               "its digest",
                               row.number));
    else if (row.number == expected && row.previous != previous)
      explain_broken_link(row, rows, i, by_digest, problems);
    expected = row.number + 1;
    previous = row.digest;
  }
}

void check_head(std::span<const ChainRow> rows, const ChainHead& head, Problems& problems) {
  using Kind = ChainProblem::Kind;
  const std::int64_t last = rows.empty() ? 0 : rows.back().number;
  const std::string_view digest =
      rows.empty() ? first_previous() : std::string_view(rows.back().digest);
  if (last < head.count)
    problems.add(Kind::truncated, last + 1,
                 fmt::format("the end is cut off: {} rows were written, the last one left is row "
                             "{}",
                             head.count, last));
  else if (last > head.count)
    problems.add(Kind::inserted, head.count + 1,
                 fmt::format("rows {} to {} were put in at the end: {} rows were written",
                             head.count + 1, last, head.count));
  else if (digest != head.digest)
    problems.add(Kind::head, last,
                 fmt::format("row {} is not the one that the kept end of the chain names", last));
}

/// Every chained run is there as it was saved and in that order, and no other.
void check_runs(std::span<const ChainRow> rows,
                std::span<const Evidence> runs,
                Problems& problems) {
  std::map<std::string, EvidenceRow> chained;
  for (const ChainRow& row : rows)
    if (auto evidence = evidence_of(row); evidence && evidence->evidence.kind == dossier_kind)
      chained[evidence->evidence.subject] = std::move(*evidence);
  const auto add = [&](std::string_view says, const std::string& id) {
    problems.add(ChainProblem::Kind::run, 0, fmt::format(fmt::runtime(says), quotable(id)));
  };
  std::set<std::string> kept;
  std::int64_t before = 0;
  for (const Evidence& run : runs) {
    const std::string& id = run.subject;
    kept.insert(id);
    const auto found = chained.find(id);
    if (found == chained.end()) {
      add("run {} has no row in the chain", id);
      continue;
    }
    const Evidence& evidence = found->second.evidence;
    const std::int64_t row = found->second.number;
    // Before the day was chained, rows had no note.
    const bool is_same_day = evidence.note.empty() || evidence.note == run.note;
    if (evidence.sha256 != run.sha256)
      add("the dossier of run {} was changed after it was saved", id);
    else if (evidence.made_at != run.made_at || !is_same_day)
      add("the time or the day of run {} was changed after it was saved", id);
    if (row < before) add("run {} was saved before the run that stands before it now", id);
    before = row;
  }
  for (const auto& [id, row] : chained)
    if (!kept.contains(id)) add("the dossier of run {} is missing", id);
}

/// Every chained measurement is there as it was kept, and no other.
void check_measurements(std::span<const ChainRow> rows,
                        std::span<const MeasurementDigest> measurements,
                        Problems& problems) {
  std::map<std::int64_t, Evidence> chained;
  for (const ChainRow& row : rows)
    if (auto read = evidence_of(row); read && read->evidence.kind == measurement_kind)
      chained[row.number] = std::move(read->evidence);
  const auto add = [&](std::string_view says, std::int64_t row) {
    problems.add(ChainProblem::Kind::measurement, row, fmt::format(fmt::runtime(says), row));
  };
  std::set<std::int64_t> kept;
  for (const MeasurementDigest& measurement : measurements) {
    kept.insert(measurement.row);
    const auto found = chained.find(measurement.row);
    if (found == chained.end())
      add("a measurement is kept for row {}, which chains none", measurement.row);
    else if (found->second.sha256 != measurement.sha256)
      add("the measurement of row {} was changed after it was kept", measurement.row);
    else if (found->second.id != measurement_id(measurement.key))
      add("the measurement of row {} is kept as that of something else", measurement.row);
  }
  for (const auto& [row, evidence] : chained)
    if (!kept.contains(row)) add("the measurement of row {} is missing", row);
}

}  // namespace

std::string_view first_previous() {
  static const std::string zeros(64, '0');
  return zeros;
}

ChainHead empty_head() {
  return {0, std::string(first_previous())};
}

std::string row_digest(std::string_view previous, std::string_view body) {
  std::string text(previous);
  text += '\n';
  text += body;
  return sha256(text);
}

ChainRow next_row(const ChainHead& head, const Evidence& evidence) {
  ChainRow row{head.count + 1, to_canonical_json(to_json(evidence)), head.digest, ""};
  row.digest = row_digest(row.previous, row.body);
  return row;
}

Result<EvidenceRow> evidence_of(const ChainRow& row) {
  Diagnostics problems;
  const auto tree = parse_json(row.body, "", problems);
  if (!tree || !tree->is_object() || !(*tree)["id"].is_string())
    return fail(ErrorKind::verification, "store.corrupt",
                fmt::format("expected evidence in row {} of the store, found other text; run "
                            "'lockstep evidence verify'",
                            row.number));
  const auto text = [&](std::string_view key) { return (*tree)[key].string_or(""); };
  Evidence evidence;
  evidence.id = text("id");
  evidence.kind = text("kind");
  evidence.subject = text("subject");
  evidence.sha256 = text("sha256");
  evidence.made_by = text("made_by");
  evidence.made_at = text("made_at");
  evidence.data_state = text("data_state");
  evidence.seed = text("seed");
  for (const Json& shown : (*tree)["shows"].items())
    evidence.shows.push_back(shown.string_or(""));
  evidence.expires = text("expires");
  evidence.note = text("note");
  return EvidenceRow{row.number, std::move(evidence), row.previous, row.digest};
}

Evidence dossier_evidence(const StoredRun& run) {
  Evidence evidence;
  evidence.id = "run:" + run.id;
  evidence.kind = dossier_kind;
  evidence.subject = run.id;
  evidence.sha256 = sha256(run.dossier);
  evidence.made_at = run.made_at;
  evidence.note = "as of " + run.as_of;
  return evidence;
}

Evidence measurement_evidence(const StoredMeasurement& measurement) {
  Evidence evidence;
  evidence.id = measurement_id(measurement.key);
  evidence.kind = measurement_kind;
  evidence.subject = measurement.subject;
  evidence.sha256 = sha256(measurement.body);
  evidence.made_by = measurement.made_by;
  evidence.made_at = measurement.made_at;
  return evidence;
}

Result<StoredMeasurement> checked_measurement(std::span<const ChainRow> rows,
                                              const ChainHead& head,
                                              std::int64_t row,
                                              const std::string& key,
                                              const std::string& body) {
  ChainReport report;
  Problems problems(report);
  check_rows(rows, problems);
  check_head(rows, head, problems);
  const auto broken = [](const std::string& what) {
    return fail(ErrorKind::verification, "store.corrupt",
                fmt::format("expected a kept measurement as it was written, found that {}; run "
                            "'lockstep evidence verify'",
                            what));
  };
  if (!report.problems.empty()) return broken(report.problems.front().says);
  const auto found = std::ranges::find(rows, row, &ChainRow::number);
  if (found == rows.end()) return broken(fmt::format("its row {} is missing", row));
  TRY(const EvidenceRow chained, evidence_of(*found));
  const Evidence& evidence = chained.evidence;
  StoredMeasurement measurement{key, evidence.subject, evidence.made_by, evidence.made_at, body};
  const Evidence expected = measurement_evidence(measurement);
  if (evidence.kind != expected.kind || evidence.id != expected.id ||
      evidence.sha256 != expected.sha256)
    return broken(fmt::format("its text is not the one that row {} chains", row));
  return measurement;
}

ChainReport check_chain(std::span<const ChainRow> rows,
                        const ChainHead& head,
                        const KeptDigests& kept) {
  ChainReport report;
  report.head = head;
  report.limits =
      "whoever may write to the store can make a whole new chain with a new end; compare the "
      "digest of the end with one that was noted elsewhere, such as in an earlier report";
  Problems problems(report);
  check_rows(rows, problems);
  check_head(rows, head, problems);
  check_runs(rows, kept.runs, problems);
  check_measurements(rows, kept.measurements, problems);
  return report;
}

}  // namespace lockstep::store
