// SPDX-License-Identifier: Apache-2.0
// What an index said on one day, in numbers small enough to keep: one row for each record. Two
// snapshots held against each other give the records that differ, so that only the packages they
// name need to be asked about again.
//
// The value of a record covers its own bytes, those of all records of its flaw, the ids of the
// flaw, and what lists of exploited vulnerabilities and scores say of those ids and of its
// `upstream`: whatever a finding takes from the index follows from the values of the records that
// match. What a record said before and says no more is not in the snapshot; who keeps findings
// keeps with them the records that they came from (docs/adr/0012-watching.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "advisories/index.hpp"
#include "base/result.hpp"
#include "domain/gate_policy.hpp"
#include "domain/purl.hpp"

namespace lockstep::advisories {

/// What one record stood for.
struct SnapshotRow {
  std::uint64_t key = 0;  ///< record_key of its id
  std::uint64_t value = 0;

  auto operator<=>(const SnapshotRow&) const = default;
};

struct IndexSnapshot {
  std::vector<SnapshotRow> rows;       ///< sorted
  std::vector<std::uint32_t> numbers;  ///< the record of each row
};

/// How a key differs between two snapshots.
struct SnapshotChange {
  enum class Kind { added, changed, gone };
  std::uint64_t key = 0;
  Kind kind = Kind::added;
};

/// A number that stands for a record's id.
std::uint64_t record_key(std::string_view id);

/// Of a score only that it is there and which of the policy's bounds on EPSS it keeps; without such
/// a bound, scores are left out: they change every day.
/// Errors: data.index. Cost: one pass over the records.
Result<IndexSnapshot> snapshot_of(const AdvisoryIndex& index, const GatePolicy& policy);

/// The records that differ, by key. @param before, now  sorted
std::vector<SnapshotChange> differences(std::span<const SnapshotRow> before,
                                        std::span<const SnapshotRow> now);

/// The numbers of the records that are in the index now, of those that differ.
std::vector<std::uint32_t> records_of(const IndexSnapshot& snapshot,
                                      std::span<const SnapshotChange> changes);

/// The rows as bytes, and back. Errors: data.snapshot, when they are no rows in rising order.
std::string encode(std::span<const SnapshotRow> rows);
Result<std::vector<SnapshotRow>> decode_snapshot(std::string_view bytes);

/// A number that stands for a package under any release of its ecosystem.
std::uint64_t package_key(std::string_view ecosystem, std::string_view normalised_name);

/// The packages that a component may be listed as; empty when no advisory can name it.
std::vector<std::uint64_t> package_keys_of(const Purl& purl);

/// The packages that a record names. Errors: data.index.
Result<std::vector<std::uint64_t>> package_keys_of(const AdvisoryIndex& index,
                                                   std::uint32_t record);

}  // namespace lockstep::advisories
