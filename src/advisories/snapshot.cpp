// SPDX-License-Identifier: Apache-2.0
#include "advisories/snapshot.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "advisories/bytes.hpp"
#include "advisories/ecosystem.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/index_layout.hpp"
#include "advisories/index_state.hpp"
#include "advisories/record_codec.hpp"
#include "advisories/revision.hpp"
#include "base/hash.hpp"

namespace lockstep::advisories {

using layout::Section;
using lockstep::hash_of;

namespace {

constexpr std::size_t row_bytes = 16;

/// Which of the bounds on EPSS a score keeps.
class ScoreBounds {
 public:
  explicit ScoreBounds(const GatePolicy& policy) {
    for (const GateRule& rule : policy.rules) {
      add(rule.when.epss, probability_);
      add(rule.when.epss_percentile, percentile_);
    }
  }

  bool are_asked() const { return !probability_.empty() || !percentile_.empty(); }

  std::uint64_t value(double probability, double percentile) const {
    std::uint64_t hash = hash_start;
    for (const Between& bound : probability_)
      hash = mixed(hash, is_in(bound, probability) ? 1 : 2);
    for (const Between& bound : percentile_)
      hash = mixed(hash, is_in(bound, percentile) ? 1 : 2);
    return hash;
  }

 private:
  static void add(const Between& bound, std::vector<Between>& into) {
    if (bound.is_asked()) into.push_back(bound);
  }

  static bool is_in(const Between& bound, double value) {
    return (!bound.at_least || value >= *bound.at_least) &&
           (!bound.at_most || value <= *bound.at_most);
  }

  std::vector<Between> probability_;
  std::vector<Between> percentile_;
};

}  // namespace

/// Walks the tables of an index.
class IndexWalk {
 public:
  explicit IndexWalk(const AdvisoryIndex& index) : index_(index), state_(*index.state_) {}

  /// What the lists and scores say, by the number of the id.
  Result<> read_listed(const ScoreBounds& bounds) {
    const std::string_view table = state_.at(Section::exploited);
    for (std::size_t i = 0; i < state_.rows(Section::exploited); ++i) {
      const std::size_t row = state_.row_of(Section::exploited, i);
      TRY(const std::string_view text,
          state_.blob(Section::exploited_texts, u32_at(table, row + 8), u32_at(table, row + 12)));
      listed_.push_back({u64_at(table, row), hash_of(text)});
    }
    const std::string_view scores = state_.at(Section::epss);
    for (std::size_t i = 0; bounds.are_asked() && i < state_.rows(Section::epss); ++i) {
      const std::size_t row = state_.row_of(Section::epss, i);
      listed_.push_back(
          {u64_at(scores, row), bounds.value(u32_at(scores, row + 8) / layout::billion,
                                             u32_at(scores, row + 12) / layout::billion)});
    }
    std::ranges::sort(listed_);
    return {};
  }

  Result<IndexSnapshot> snapshot() const {
    const std::uint32_t count = index_.records();
    const std::string_view table = state_.at(Section::record_table);
    const std::string_view flaw_numbers = state_.at(Section::record_flaws);
    std::vector<SnapshotRow> rows(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::size_t row = state_.row_of(Section::record_table, i);
      rows[i] = {u64_at(table, row + 16), u64_at(table, row + 24)};
    }
    TRY(const std::vector<std::uint64_t> flaws, flaw_values(rows));
    RecordHead head;
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint64_t& value = rows[i].value;
      value = mixed(value, flaws[u32_at(flaw_numbers, state_.row_of(Section::record_flaws, i))]);
      const std::uint32_t flags = u32_at(table, state_.row_of(Section::record_table, i) + 12);
      if ((flags & layout::has_upstream) == 0) continue;
      TRY_VOID(index_.head(i, head));
      for (const std::string_view id : head.upstream)
        value = with_listed(value, id);
    }
    std::vector<std::pair<SnapshotRow, std::uint32_t>> sorted(count);
    for (std::uint32_t i = 0; i < count; ++i)
      sorted[i] = {rows[i], i};
    std::ranges::sort(sorted);
    IndexSnapshot snapshot;
    snapshot.numbers.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      rows[i] = sorted[i].first;
      snapshot.numbers.push_back(sorted[i].second);
    }
    snapshot.rows = std::move(rows);
    return snapshot;
  }

  Result<std::vector<EntryPlace>> places(std::uint32_t record) const {
    TRY(const std::string_view bytes, state_.record(record));
    std::vector<EntryPlace> places;
    if (!decode_places(bytes, places)) return state_.damaged("an unreadable record");
    return places;
  }

 private:
  std::uint64_t with_listed(std::uint64_t value, std::string_view id) const {
    const auto number = listed_number(id);
    if (!number) return value;
    for (const SnapshotRow& row : std::ranges::equal_range(listed_, *number, {}, &SnapshotRow::key))
      value = mixed(value, row.value);
    return value;
  }

  /// For each flaw its ids, what is listed under them, and all that its records say. Error:
  /// data.index, also when a record names a flaw that is not there.
  Result<std::vector<std::uint64_t>> flaw_values(std::span<const SnapshotRow> records) const {
    std::vector<std::uint64_t> values(state_.rows(Section::flaw_table), hash_start);
    for (std::uint32_t i = 0; i < records.size(); ++i) {
      TRY(const std::uint32_t flaw, state_.flaw(i));
      if (flaw >= values.size()) return state_.damaged("a record without its ids");
      values[flaw] = mixed(values[flaw], records[i].value);
    }
    const std::string_view flaws = state_.at(Section::flaw_table);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t row = state_.row_of(Section::flaw_table, i);
      TRY(const std::string_view bytes,
          state_.blob(Section::flaws, u64_at(flaws, row), u32_at(flaws, row + 8)));
      BlobReader blob(bytes);
      const std::size_t ids = blob.elements();
      for (std::size_t k = 0; k < ids && blob.good(); ++k) {
        const std::string_view id = blob.text();
        values[i] = with_listed(mixed(values[i], hash_of(id)), id);
      }
      if (!blob.good()) return state_.damaged("a record without its ids");
    }
    return values;
  }

  const AdvisoryIndex& index_;
  const AdvisoryIndex::State& state_;
  std::vector<SnapshotRow> listed_;
};

std::uint64_t record_key(std::string_view id) {
  return hash_of(id);
}

Result<IndexSnapshot> snapshot_of(const AdvisoryIndex& index, const GatePolicy& policy) {
  IndexWalk walk(index);
  TRY_VOID(walk.read_listed(ScoreBounds(policy)));
  return walk.snapshot();
}

std::vector<SnapshotChange> differences(std::span<const SnapshotRow> before,
                                        std::span<const SnapshotRow> now) {
  // Ids that have one key by chance are compared together.
  const auto run = [](std::span<const SnapshotRow> rows, std::size_t from) {
    std::size_t end = from;
    while (end < rows.size() && rows[end].key == rows[from].key)
      ++end;
    return rows.subspan(from, end - from);
  };
  std::vector<SnapshotChange> changes;
  std::size_t old = 0;
  std::size_t young = 0;
  while (old < before.size() || young < now.size()) {
    const bool only_old =
        young == now.size() || (old < before.size() && before[old].key < now[young].key);
    const bool only_young = !only_old && (old == before.size() || now[young].key < before[old].key);
    const auto was = only_young ? std::span<const SnapshotRow>() : run(before, old);
    const auto is = only_old ? std::span<const SnapshotRow>() : run(now, young);
    if (only_old) changes.push_back({before[old].key, SnapshotChange::Kind::gone});
    if (only_young) changes.push_back({now[young].key, SnapshotChange::Kind::added});
    if (!only_old && !only_young && !std::ranges::equal(was, is))
      changes.push_back({now[young].key, SnapshotChange::Kind::changed});
    old += was.size();
    young += is.size();
  }
  return changes;
}

std::vector<std::uint32_t> records_of(const IndexSnapshot& snapshot,
                                      std::span<const SnapshotChange> changes) {
  std::vector<std::uint32_t> found;
  for (const SnapshotChange& change : changes) {
    const auto rows = std::ranges::equal_range(snapshot.rows, change.key, {}, &SnapshotRow::key);
    for (auto row = rows.begin(); row != rows.end(); ++row)
      found.push_back(snapshot.numbers[static_cast<std::size_t>(row - snapshot.rows.begin())]);
  }
  return found;
}

std::string encode(std::span<const SnapshotRow> rows) {
  std::string bytes;
  bytes.reserve(rows.size() * row_bytes);
  for (const SnapshotRow& row : rows) {
    put_u64(bytes, row.key);
    put_u64(bytes, row.value);
  }
  return bytes;
}

Result<std::vector<SnapshotRow>> decode_snapshot(std::string_view bytes) {
  std::vector<SnapshotRow> rows;
  rows.reserve(bytes.size() / row_bytes);
  bool is_good = bytes.size() % row_bytes == 0;
  for (std::size_t at = 0; is_good && at < bytes.size(); at += row_bytes) {
    rows.push_back({u64_at(bytes, at), u64_at(bytes, at + 8)});
    is_good = rows.size() == 1 || rows[rows.size() - 2] <= rows.back();
  }
  if (is_good) return rows;
  return fail(ErrorKind::verification, "data.snapshot",
              "expected what an earlier run kept of the advisory data, found something else; the "
              "next run compares everything again");
}

std::uint64_t package_key(std::string_view ecosystem, std::string_view normalised_name) {
  return hash_of(normalised_name, hash_of(without_suffix(ecosystem)));
}

std::vector<std::uint64_t> package_keys_of(const Purl& purl) {
  Candidates candidates = candidates_of(purl);
  std::ranges::move(candidates.rebuilt_ecosystems, std::back_inserter(candidates.ecosystems));
  std::set<std::uint64_t> keys;
  for (const std::string& ecosystem : candidates.ecosystems)
    for (const std::string& name : candidates.names)
      keys.insert(package_key(ecosystem, name));
  for (const std::string& ecosystem : candidates.own_ecosystems)
    for (const std::string& name : candidates.own_names)
      keys.insert(package_key(ecosystem, name));
  if (const auto revision = revision_of(purl))
    keys.insert(package_key(git_ecosystem, revision->repository));
  return {keys.begin(), keys.end()};
}

Result<std::vector<std::uint64_t>> package_keys_of(const AdvisoryIndex& index,
                                                   std::uint32_t record) {
  TRY(const std::vector<EntryPlace> places, IndexWalk(index).places(record));
  std::set<std::uint64_t> keys;
  for (const EntryPlace& place : places) {
    if (place.ecosystem.empty() || place.package.empty()) continue;
    keys.insert(package_key(place.ecosystem, normalised_name(place.ecosystem, place.package)));
  }
  return std::vector<std::uint64_t>(keys.begin(), keys.end());
}

}  // namespace lockstep::advisories
