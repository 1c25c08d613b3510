// SPDX-License-Identifier: Apache-2.0
// The store in one SQLite file.
//
// Write-ahead logging with full synchronisation: what was acknowledged survives a crash of the
// program and of the machine, and readers do not wait for a writer. Every write is one transaction
// that takes the right to write before it reads the end of the chain, so that two programs never
// append to the same end. A program killed in the middle leaves nothing behind.
//
// Source: sqlite.org, "Write-Ahead Logging", "Atomic Commit In SQLite", "Defense Against The Dark
// Arts".
#include "store/sqlite_store.hpp"

#include <fmt/format.h>
#include <functional>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_database.hpp"

namespace lockstep::store {
namespace {

/// Of a row with the columns id, as_of, made_at and dossier.
StoredRun run_of(const SqlRow& row) {
  return {text_of(row[0]), text_of(row[1]), text_of(row[2]), text_of(row[3])};
}

class SqliteStore final : public Store {
 public:
  SqliteStore(SqliteConnection connection, std::string path)
      : connection_(std::move(connection)), path_(std::move(path)) {}

  Result<> append(std::span<const Evidence> evidence) override;
  Result<std::vector<EvidenceRow>> evidence() const override;
  Result<Saved> save(const StoredRun& run, std::span<const Evidence> evidence) override;
  Result<std::optional<StoredRun>> load(const std::string& run_id) const override;
  Result<std::vector<RunSummary>> runs() const override;
  Result<> keep(const StoredMeasurement& measurement) override;
  Result<std::optional<StoredMeasurement>> measurement(const std::string& key) const override;
  Result<ChainHead> head() const override;
  Result<ChainReport> verify() const override;

 private:
  Result<> insert(std::span<const Evidence> evidence);
  Result<std::vector<ChainRow>> rows() const;
  Result<KeptDigests> kept() const;
  Result<> check_file() const;
  Result<> read_whole(const std::function<Result<>()>& work) const;

  /// Reading through SQLite changes the connection, not what is kept.
  mutable SqliteConnection connection_;
  std::string path_;
};

Result<> SqliteStore::insert(std::span<const Evidence> evidence) {
  TRY(ChainHead end, head());
  for (const Evidence& one : evidence) {
    const ChainRow row = next_row(end, one);
    TRY_VOID(connection_.query("INSERT INTO evidence VALUES (?, ?, ?, ?)",
                               {row.number, row.body, row.previous, row.digest}));
    end = {row.number, row.digest};
  }
  TRY_VOID(connection_.query("UPDATE head SET count = ?, digest = ? WHERE id = 1",
                             {end.count, end.digest}));
  return {};
}

Result<> SqliteStore::append(std::span<const Evidence> evidence) {
  return connection_.transaction([&] { return insert(evidence); });
}

Result<std::vector<ChainRow>> SqliteStore::rows() const {
  TRY(const auto found,
      connection_.query("SELECT number, body, previous, digest FROM evidence ORDER BY number"));
  std::vector<ChainRow> rows;
  for (const SqlRow& row : found)
    rows.push_back({number_of(row[0]), text_of(row[1]), text_of(row[2]), text_of(row[3])});
  return rows;
}

Result<std::vector<EvidenceRow>> SqliteStore::evidence() const {
  TRY(const auto kept, rows());
  std::vector<EvidenceRow> all;
  for (const ChainRow& row : kept) {
    TRY(auto one, evidence_of(row));
    all.push_back(std::move(one));
  }
  return all;
}

Result<Saved> SqliteStore::save(const StoredRun& run, std::span<const Evidence> evidence) {
  Saved saved = Saved::now;
  const auto work = [&]() -> Result<> {
    TRY(const auto before, connection_.query("SELECT 1 FROM run WHERE id = ?", {run.id}));
    if (!before.empty()) {
      saved = Saved::before;
      return {};
    }
    TRY_VOID(insert(evidence));
    const Evidence dossier[] = {dossier_evidence(run)};
    TRY_VOID(insert(dossier));
    TRY_VOID(connection_.query("INSERT INTO run (id, as_of, made_at, dossier) VALUES (?, ?, ?, ?)",
                               {run.id, run.as_of, run.made_at, run.dossier}));
    return {};
  };
  TRY_VOID(connection_.transaction(work));
  return saved;
}

Result<std::optional<StoredRun>> SqliteStore::load(const std::string& run_id) const {
  TRY(const auto found,
      connection_.query("SELECT id, as_of, made_at, dossier FROM run WHERE id = ?", {run_id}));
  if (found.empty()) return std::nullopt;
  return run_of(found.front());
}

Result<std::vector<RunSummary>> SqliteStore::runs() const {
  TRY(const auto found, connection_.query("SELECT id, as_of, made_at FROM run ORDER BY number"));
  std::vector<RunSummary> summaries;
  for (const SqlRow& row : found)
    summaries.push_back({text_of(row[0]), text_of(row[1]), text_of(row[2])});
  return summaries;
}

Result<> SqliteStore::keep(const StoredMeasurement& measurement) {
  return connection_.transaction([&]() -> Result<> {
    const Evidence chained[] = {measurement_evidence(measurement)};
    TRY_VOID(insert(chained));
    TRY(const ChainHead end, head());
    TRY_VOID(connection_.query("INSERT INTO measurement (row, key, body) VALUES (?, ?, ?)",
                               {end.count, measurement.key, measurement.body}));
    return {};
  });
}

Result<std::optional<StoredMeasurement>> SqliteStore::measurement(const std::string& key) const {
  std::optional<StoredMeasurement> measurement;
  const auto read = [&]() -> Result<> {
    TRY(const auto found, connection_.query("SELECT row, body FROM measurement WHERE key = ? "
                                            "ORDER BY row DESC LIMIT 1",
                                            {key}));
    if (found.empty()) return {};
    TRY(const auto chain, rows());
    TRY(const ChainHead end, head());
    TRY(measurement,
        checked_measurement(chain, end, number_of(found[0][0]), key, text_of(found[0][1])));
    return {};
  };
  TRY_VOID(read_whole(read));
  return measurement;
}

Result<ChainHead> SqliteStore::head() const {
  TRY(const auto found, connection_.query("SELECT count, digest FROM head WHERE id = 1"));
  if (found.empty())
    return fail(ErrorKind::verification, "store.corrupt",
                "expected the end of the chain of evidence in the store, found none; restore a "
                "copy",
                {path_, 0, 0});
  return ChainHead{number_of(found[0][0]), text_of(found[0][1])};
}

/// SQLite's own look at the pages of the file.
Result<> SqliteStore::check_file() const {
  TRY(const auto found, connection_.query("PRAGMA integrity_check(1)"));
  if (!found.empty() && text_of(found[0][0]) == "ok") return {};
  return fail(ErrorKind::verification, "store.corrupt",
              fmt::format("expected a whole database file, found damage ({}); restore a copy",
                          found.empty() ? "" : quotable(text_of(found[0][0]))),
              {path_, 0, 0});
}

Result<KeptDigests> SqliteStore::kept() const {
  KeptDigests kept;
  TRY(const auto runs,
      connection_.query("SELECT id, as_of, made_at, dossier FROM run ORDER BY number"));
  for (const SqlRow& row : runs)
    kept.runs.push_back(dossier_evidence(run_of(row)));
  TRY(const auto measurements,
      connection_.query("SELECT row, key, body FROM measurement ORDER BY row"));
  for (const SqlRow& row : measurements)
    kept.measurements.push_back({number_of(row[0]), text_of(row[1]), sha256(text_of(row[2]))});
  return kept;
}

/// Reads in one transaction, so that a writer beside us cannot come between what belongs together.
Result<> SqliteStore::read_whole(const std::function<Result<>()>& work) const {
  TRY_VOID(connection_.run("BEGIN"));
  const Result<> done = work();
  const Result<> ended = connection_.run("ROLLBACK");
  return done ? ended : done;
}

Result<ChainReport> SqliteStore::verify() const {
  ChainReport report;
  const auto read = [&]() -> Result<> {
    TRY_VOID(check_file());
    TRY(const auto chain, rows());
    TRY(const auto end, head());
    TRY(const KeptDigests beside, kept());
    report = check_chain(chain, end, beside);
    return {};
  };
  TRY_VOID(read_whole(read));
  return report;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path, const SqliteOptions& options) {
  TRY(SqliteConnection connection, open_database(path, options));
  return std::make_unique<SqliteStore>(std::move(connection), path);
}

}  // namespace lockstep::store
