// SPDX-License-Identifier: Apache-2.0
// The use cases of `lockstep vuln watch add`, `list` and `remove`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/watch/terms.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/bom.hpp"
#include "domain/gate_policy.hpp"
#include "domain/vex.hpp"
#include "domain/watch.hpp"
#include "store/watch_store.hpp"

namespace lockstep::app {

/// A release as a person names it; what is not given is taken from the product file, if there is
/// one.
struct WatchAddRequest {
  std::string store_url;
  std::string product_file;  ///< "" for none
  std::string product;
  std::string version;
  std::vector<std::string> boms;          ///< paths
  std::vector<std::string> vex;           ///< paths
  std::vector<std::string> reachability;  ///< paths
  std::optional<Day> released;
  std::optional<Day> support_until;
  Instant at;
  std::int64_t line = 0;  ///< of the table that names it; 0 for none
};

/// What `add` did.
struct WatchAdded {
  WatchedRelease release;
  bool was_there = false;     ///< a release of this product and version was watched before
  bool is_as_it_was = false;  ///< and nothing of it is different
};

/// "added", "renewed" or "none".
std::string_view word_of(const WatchAdded& added);

/// Entries of all its bills.
std::int64_t components_of(const WatchedRelease& release);

/// A release as it was read. What is not there stays as it is kept, for a release that is.
struct ReleaseInput {
  std::string product;
  std::string version;
  std::optional<Day> released;
  std::optional<Day> support_until;
  std::vector<Bom> boms;
  std::vector<VexStatement> bill_statements;  ///< those that the bills carry
  std::optional<std::vector<VexStatement>> statements;
  std::optional<std::vector<Reachability>> reachability;
};

/// Keeps a release with its components and statements, or renews it: bills, statements, what tools
/// found about its code, and days that are given now take the place of the earlier ones, each by
/// itself. The next run asks about
/// it. Errors: file.*, bom.*, vex.*, reachability.*, yaml.*, input.problems, watch.release when
/// something is missing or the support ends before it begins, store.*.
Result<WatchAdded> add_release(const WatchAddRequest& request,
                               const Files& files,
                               Diagnostics& problems);

/// The same for a store that is open, and without a product file.
Result<WatchAdded> add_release(store::WatchStore& store,
                               const WatchAddRequest& request,
                               const Files& files,
                               Diagnostics& problems);

/// The same over what is read already.
Result<WatchAdded> add_release(store::WatchStore& store, ReleaseInput given, Instant at);

struct WatchRemoved {
  WatchedRelease release;
  Day kept_until;
  bool is_erased = false;  ///< the documents need not be kept any more: nothing of it is left
};

/// Stops watching a release. It stays in the store until its documents need not be kept any more;
/// from then on the same call takes it out. Errors: watch.unknown, store.*.
Result<WatchRemoved> remove_release(const std::string& store_url,
                                    const std::string& product,
                                    const std::string& version,
                                    Instant at);

/// One row of the list.
struct WatchListed {
  WatchedRelease release;
  Day kept_until;
  std::int64_t components = 0;
  WatchCounts counts;
};

struct WatchList {
  std::vector<WatchListed> releases;
  std::string index_sha256;  ///< of the data that the last run looked at; "" before the first
  std::string as_of;         ///< day of the last run; "" before the first
};

/// Errors: store.*.
Result<WatchList> list_releases(const std::string& store_url);

/// lockstep/watch/1
Json watch_json(const WatchList& list, int exit);

}  // namespace lockstep::app
