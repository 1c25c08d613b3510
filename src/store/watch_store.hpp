// SPDX-License-Identifier: Apache-2.0
// What is kept about watched releases: the releases, their components in an inverted form, what was
// last told about each, the notices on their way, the tasks. Beside the evidence in one database;
// "memory:" is the same database without a file. The store decides nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/watch.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_statement.hpp"

namespace lockstep::store {

/// An entry of a bill, to be kept.
struct NewPart {
  WatchedComponent component;
  std::int64_t id = 0;  ///< a number that stands for the component
  std::span<const std::uint64_t> packages;
  std::int64_t bill = 0;
  std::string_view reference;
  std::string_view scope;
};

/// How many rows there are.
struct WatchSizes {
  std::int64_t releases = 0;
  std::int64_t components = 0;
  std::int64_t parts = 0;
  std::int64_t rows = 0;
};

/// Not shared between threads. Errors of every function: store.busy, store.full, store.unwritable,
/// store.corrupt.
class WatchStore {
 public:
  /// Opens the store of a URL as open_store does. Errors besides: store.scheme, store.unavailable,
  /// store.newer.
  static Result<std::unique_ptr<WatchStore>> open(const std::string& url,
                                                  const SqliteOptions& options = {});

  /// All of `work` or nothing. Writing outside of it costs one synchronisation for each row.
  Result<> transaction(const std::function<Result<>()>& work);

  // Releases, by number: the order in which they were added.
  Result<std::vector<WatchedRelease>> releases();
  Result<std::optional<WatchedRelease>> find(std::string_view product, std::string_view version);
  /// Writes the release; with number 0 a new one. Returns its number.
  Result<std::int64_t> put(const WatchedRelease& release);
  Result<> clear_pending(std::int64_t release);
  /// Takes a release away with its parts and rows, and the components that no other release holds.
  Result<> erase(std::int64_t release);

  // Parts and components.
  Result<> add_part(std::int64_t release, const NewPart& part);
  /// The components stay until a release is erased: most come back with the next bill.
  Result<> erase_parts(std::int64_t release);
  /// Adds to what a record may name the component by.
  Result<> add_packages(std::int64_t component, std::span<const std::uint64_t> packages);
  Result<WatchedComponent> component(std::int64_t id);
  Result<std::vector<WatchedPart>> parts_of_component(std::int64_t component);
  Result<std::vector<WatchedPart>> parts_of_release(std::int64_t release);
  Result<std::vector<std::int64_t>> components_of_package(std::uint64_t package);

  // The records and ids that the answer about a component came from.
  Result<std::vector<std::int64_t>> components_of_mark(std::uint64_t mark);
  Result<> set_marks(std::int64_t component, std::span<const std::uint64_t> marks);

  // Rows.
  Result<std::vector<WatchedRow>> rows_of_component(std::int64_t component);
  Result<std::vector<WatchedRow>> rows_of_release(std::int64_t release);
  /// Components with rows: all; and those with a state that holds until a day before `day`.
  Result<std::vector<std::int64_t>> components_with_rows();
  Result<std::vector<std::int64_t>> components_to_recheck(std::string_view day);
  Result<> put_row(const WatchedRow& row);
  /// Of each release that has rows how many there are of which kind. Reads no face.
  Result<std::map<std::int64_t, WatchCounts>> counts();
  Result<> erase_row(std::int64_t number);
  Result<> erase_rows(std::int64_t release);

  Result<WatchSizes> sizes();

  /// A value that runs leave for the next one; "" when there is none.
  Result<std::string> state(std::string_view name);
  Result<> set_state(std::string_view name, std::string_view value);

  // Notices and their deliveries (watch_outbox.cpp).
  /// Keeps a notice, unless one of its key is there. Returns whether it was kept.
  Result<bool> add_notice(std::string_view key, std::string_view body);
  /// Names a target, the first time with what had been told to others before. Notices that are
  /// still to go there, in their order.
  Result<std::vector<WatchNotice>> waiting(std::string_view target);
  Result<std::optional<WatchDelivery>> delivery(std::int64_t notice, std::string_view target);
  Result<> put_delivery(const WatchDelivery& delivery);

  // Tasks (watch_outbox.cpp).
  Result<std::vector<WatchTask>> tasks();
  /// Writes the task; with number 0 a new one. Returns its number.
  Result<std::int64_t> put_task(const WatchTask& task);

 private:
  explicit WatchStore(SqliteConnection connection) : connection_(std::move(connection)) {}

  /// The statement of a text that lives as long as the program.
  Result<SqliteStatement*> prepared(std::string_view sql);
  Result<std::vector<std::int64_t>> numbers(std::string_view sql, std::int64_t parameter);
  Result<std::vector<WatchedRow>> rows(std::string_view sql, std::int64_t parameter);
  Result<std::vector<WatchedPart>> parts(std::string_view sql, std::int64_t parameter);
  Result<> change(std::string_view sql, std::int64_t parameter);
  Result<std::int64_t> products_id(const std::string& names);
  Result<std::int64_t> component_id(const NewPart& part);

  SqliteConnection connection_;
  std::map<std::string_view, SqliteStatement> statements_;
};

}  // namespace lockstep::store
