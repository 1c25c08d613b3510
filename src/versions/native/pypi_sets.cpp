// SPDX-License-Identifier: Apache-2.0
// Each term is the versions between cuts; a cut lies before a version, directly after it, after all
// its local versions, or at one end of all. Sets are lists of such intervals from the left.
#include "versions/native/pypi_sets.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "versions/native/native.hpp"
#include "versions/native/pypi_bounds.hpp"
#include "versions/native/words.hpp"
#include "versions/pypi.hpp"

namespace lockstep::versions {

namespace {

enum class Side : std::uint8_t { lowest, before, after, after_locals, highest };

struct Cut {
  Side side = Side::lowest;
  Pep440 version;
};

bool is_end(const Cut& cut) {
  return cut.side == Side::lowest || cut.side == Side::highest;
}

std::strong_ordering compare(const Cut& a, const Cut& b) {
  if (is_end(a) || is_end(b)) {
    const auto place = [](const Cut& cut) {
      return cut.side == Side::lowest ? 0 : cut.side == Side::highest ? 2 : 1;
    };
    return place(a) <=> place(b);
  }
  if (a.side == Side::after_locals || b.side == Side::after_locals) {
    const auto order = compare_pep440(public_of(a.version), public_of(b.version));
    if (order != 0) return order;
    return (a.side == Side::after_locals) <=> (b.side == Side::after_locals);
  }
  const auto order = compare_pep440(a.version, b.version);
  return order != 0 ? order : a.side <=> b.side;
}

struct Interval {
  Cut from;
  Cut to = {Side::highest, {}};
};

using Set = std::vector<Interval>;

/// The versions outside of one interval.
Set outside(const Interval& interval) {
  Set set;
  if (interval.from.side != Side::lowest) set.push_back({Cut(), interval.from});
  if (interval.to.side != Side::highest) set.push_back({interval.to, {Side::highest, {}}});
  return set;
}

Set common(const Set& a, const Set& b) {
  Set set;
  for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    const Cut& from = compare(a[i].from, b[k].from) < 0 ? b[k].from : a[i].from;
    const bool a_ends = compare(a[i].to, b[k].to) < 0;
    const Cut& to = a_ends ? a[i].to : b[k].to;
    if (compare(from, to) < 0) set.push_back({from, to});
    ++(a_ends ? i : k);
  }
  return set;
}

Set complement(const Set& a) {
  Set set;
  Cut from;
  for (const Interval& each : a) {
    if (compare(from, each.from) < 0) set.push_back({from, each.from});
    from = each.to;
  }
  if (from.side != Side::highest) set.push_back({from, {Side::highest, {}}});
  return set;
}

/// Makes sets of terms; keeps the texts that their versions point into.
class Sets {
 public:
  std::optional<Set> of(const NativeTerms& terms) {
    Set set = {Interval()};
    for (const NativeTerm& term : terms) {
      const auto version = parse_pep440(term.version);
      if (term.relation == Relation::identical) return std::nullopt;
      if (version) set = common(set, of(term.relation, *version));
    }
    return set;
  }

 private:
  Set of(Relation relation, const Pep440& version) {
    const Cut before = {Side::before, version};
    const Cut after_locals = {Side::after_locals, version};
    const Interval itself = {before,
                             version.local.empty() ? after_locals : Cut{Side::after, version}};
    switch (relation) {
      case Relation::equal:
        return {itself};
      case Relation::not_equal:
        return outside(itself);
      case Relation::like:
        return {like(version)};
      case Relation::unlike:
        return outside(like(version));
      case Relation::less:
        return {{Cut(), {Side::before, first_excluded(version)}}};
      case Relation::less_or_equal:
        return {{Cut(), after_locals}};
      case Relation::greater_or_equal:
        return {{before}};
      case Relation::greater:
        return {{{Side::after_locals, last_excluded(version)}}};
      default:
        return {Interval()};
    }
  }

  /// From the first dev release of the numbers to the first one of the next.
  Interval like(const Pep440& version) {
    const std::size_t dot = version.release.rfind('.');
    const std::size_t last = dot == std::string_view::npos ? 0 : dot + 1;
    std::string& next = texts_.emplace_back(version.release.substr(0, last));
    next += successor(version.release.substr(last));
    Pep440 above = version;
    above.release = next;
    return {{Side::before, first_of(version)}, {Side::before, first_of(above)}};
  }

  /// The first dev release of the numbers.
  static Pep440 first_of(const Pep440& version) {
    Pep440 release;
    release.epoch = version.epoch;
    release.release = version.release;
    return first_excluded(release);
  }

  std::deque<std::string> texts_;
};

}  // namespace

std::optional<bool> pypi_intersects(const NativeRange& a, const NativeRange& b) {
  Sets sets;
  const auto left = sets.of(a.alternatives.front());
  const auto right = sets.of(b.alternatives.front());
  if (!left || !right) return std::nullopt;
  return !common(*left, *right).empty();
}

std::optional<bool> pypi_is_within(const NativeRange& a, const NativeRange& b) {
  Sets sets;
  const auto left = sets.of(a.alternatives.front());
  const auto right = sets.of(b.alternatives.front());
  if (!left || !right) return std::nullopt;
  return common(*left, complement(*right)).empty();
}

}  // namespace lockstep::versions
