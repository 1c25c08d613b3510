// SPDX-License-Identifier: Apache-2.0
// What lockstep keeps between runs: evidence, chained row to row, and dossiers by run. The store
// decides nothing; it gives back what it was given, or says that it cannot.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/evidence.hpp"
#include "store/chain.hpp"

namespace lockstep::store {

/// A run without its dossier.
struct RunSummary {
  std::string id;
  std::string as_of;
  std::string made_at;

  bool operator==(const RunSummary&) const = default;
};

enum class Saved {
  now,     ///< the run and its evidence were written
  before,  ///< a run of this id is there already; nothing was written
};

/// Errors of every function: store.busy, store.full, store.unwritable, store.corrupt.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// Appends all rows or none. Rows are never updated and never deleted.
  virtual Result<> append(std::span<const Evidence> evidence) = 0;

  /// All rows, by number.
  virtual Result<std::vector<EvidenceRow>> evidence() const = 0;

  /// Keeps a run: in one transaction its evidence, a chained row with the digest of its dossier,
  /// and the dossier.
  virtual Result<Saved> save(const StoredRun& run, std::span<const Evidence> evidence) = 0;

  /// The run of this id, if it is there.
  virtual Result<std::optional<StoredRun>> load(const std::string& run_id) const = 0;

  /// All runs, in the order in which they were saved.
  virtual Result<std::vector<RunSummary>> runs() const = 0;

  /// Keeps a measurement: in one transaction a chained row with the digest of its text, and the
  /// text. One of the same key takes the place of an older one in `measurement`; both stay.
  virtual Result<> keep(const StoredMeasurement& measurement) = 0;

  /// The newest measurement of this key, if there is one. Errors, beside the others: store.corrupt
  /// when a link of the chain does not hold, or the text is not the one that was chained.
  virtual Result<std::optional<StoredMeasurement>> measurement(const std::string& key) const = 0;

  /// How many rows there are, and the digest of the last: printed by `assess`, it is the anchor
  /// that lies outside the store.
  virtual Result<ChainHead> head() const = 0;

  /// Recomputes every digest and link.
  virtual Result<ChainReport> verify() const = 0;
};

/// Where the store lies when nobody says otherwise, beside the product file.
inline constexpr std::string_view default_path = ".lockstep/store.db";

/// Where a store lies.
struct StoreUrl {
  std::string path;  ///< of the SQLite file; "" for memory
};

/// Reads "sqlite:PATH" or "memory:". Errors: store.scheme, store.unavailable.
Result<StoreUrl> parse_store_url(const std::string& url);

/// Opens the store of a URL: "sqlite:PATH" (made when it is not there) or "memory:".
/// Errors: store.scheme, store.unavailable, and those of Store and open_sqlite.
Result<std::unique_ptr<Store>> open_store(const std::string& url);

}  // namespace lockstep::store
