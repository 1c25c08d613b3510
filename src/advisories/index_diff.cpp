// SPDX-License-Identifier: Apache-2.0
#include "advisories/index_diff.hpp"

#include <algorithm>
#include <string_view>

namespace lockstep::advisories {

namespace {

Result<> describe(const AdvisoryIndex& index,
                  std::uint32_t number,
                  RecordDifference& into,
                  std::optional<Instant>& modified) {
  TRY(const auto ecosystems, index.ecosystems_of(number));
  into.ecosystems.assign(ecosystems.begin(), ecosystems.end());
  std::ranges::sort(into.ecosystems);
  TRY(const Advisory record, index.record(number));
  modified = record.modified;
  return {};
}

Result<bool> is_the_same(const AdvisoryIndex& before,
                         std::uint32_t old,
                         const AdvisoryIndex& after,
                         std::uint32_t young) {
  TRY(const std::string_view was, before.digest(old));
  TRY(const std::string_view is, after.digest(young));
  return was == is;
}

Result<RecordDifference> difference_of(const AdvisoryIndex& before,
                                       std::optional<std::uint32_t> old,
                                       const AdvisoryIndex& after,
                                       std::optional<std::uint32_t> young,
                                       std::string_view id) {
  RecordDifference found;
  found.id = id;
  bool was_withdrawn = false;
  bool is_withdrawn = false;
  if (old) {
    TRY_VOID(describe(before, *old, found, found.modified_before));
    TRY(was_withdrawn, before.is_withdrawn(*old));
  }
  if (young) {
    TRY_VOID(describe(after, *young, found, found.modified_after));
    TRY(is_withdrawn, after.is_withdrawn(*young));
  }
  if (!young) {
    found.change = RecordChange::removed;
  } else if (old) {
    found.change = is_withdrawn && !was_withdrawn ? RecordChange::withdrawn : RecordChange::changed;
  }
  return found;
}

}  // namespace

Result<std::vector<RecordDifference>> differences(const AdvisoryIndex& before,
                                                  const AdvisoryIndex& after) {
  std::vector<RecordDifference> found;
  std::uint32_t old = 0;
  std::uint32_t young = 0;
  while (old < before.records() || young < after.records()) {
    std::optional<std::string_view> old_id;
    std::optional<std::string_view> young_id;
    if (old < before.records()) {
      TRY(old_id, before.id(old));
    }
    if (young < after.records()) {
      TRY(young_id, after.id(young));
    }
    const bool has_old = old_id && (!young_id || *old_id <= *young_id);
    const bool has_young = young_id && (!old_id || *young_id <= *old_id);
    bool is_same = false;
    if (has_old && has_young) {
      TRY(is_same, is_the_same(before, old, after, young));
    }
    if (!is_same) {
      TRY(RecordDifference one,
          difference_of(before, has_old ? std::optional(old) : std::nullopt, after,
                        has_young ? std::optional(young) : std::nullopt,
                        has_old ? *old_id : *young_id));
      found.push_back(std::move(one));
    }
    old += has_old ? 1 : 0;
    young += has_young ? 1 : 0;
  }
  return found;
}

}  // namespace lockstep::advisories
