// SPDX-License-Identifier: Apache-2.0
// What the advisories say about watched components, each asked once however many releases hold it.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/snapshot.hpp"
#include "domain/bom.hpp"
#include "domain/finding.hpp"
#include "store/watch_store.hpp"

namespace lockstep::app {

/// Findings without bill, reference, scope, statement and state.
struct ComponentAnswer {
  std::vector<Finding> findings;
  std::vector<Unmatched> open;         ///< with the records that may apply; without others
  std::vector<std::uint64_t> records;  ///< record_key of each record that the answer came from

  bool is_empty() const { return findings.empty() && open.empty(); }
};

using ComponentAnswers = std::map<std::int64_t, ComponentAnswer>;

/// The CPE names that a bill gives, sorted, one a line.
std::string products_named_by(const Bom& bom);

/// How a component of a bill is kept: by package URL, name and version; one with CPE names by these
/// too, and by what its bill names, `beside`.
WatchedComponent watched(const Component& component, const std::string& beside);

/// What a record may name it by.
std::vector<std::uint64_t> packages_of(const Component& component);

/// Adds what a record may name kept components by: a program that kept them may have known less.
/// Errors: store.*.
Result<> file_again(std::span<const std::int64_t> components, store::WatchStore& store);

/// A number that stands for it.
std::int64_t number_of(const WatchedComponent& component);

/// The answers that are not there yet go to `answers`. Errors: data.index, store.*.
Result<> add_answers(std::span<const std::int64_t> components,
                     const advisories::AdvisoryIndex& index,
                     store::WatchStore& store,
                     ComponentAnswers& answers);

/// The components whose answer may be another one than when the earlier snapshot was taken: those
/// that the records which differ name now, and those whose answer came from such a record.
/// Errors: data.index, store.*.
Result<std::vector<std::int64_t>> touched_by(std::span<const advisories::SnapshotChange> changes,
                                             const advisories::IndexSnapshot& now,
                                             const advisories::AdvisoryIndex& index,
                                             store::WatchStore& store);

}  // namespace lockstep::app
