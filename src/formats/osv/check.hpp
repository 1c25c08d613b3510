// SPDX-License-Identifier: Apache-2.0
// The rules of the schema about values: ids, ecosystems, events, severities. Each check reports to
// the place that the walk has reached.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/hash.hpp"
#include "domain/advisory.hpp"
#include "formats/osv/walk.hpp"

namespace lockstep::formats::osv {

bool is_one_of(std::string_view word, std::span<const std::string_view> words);

/// "; did you mean 'X'?", or nothing
std::string suggestion(std::string_view word, std::span<const std::string_view> words);

void report_missing(Walk& walk, std::string_view member);
void check_id(std::string_view id, Walk& walk);
void check_ecosystem(std::string_view ecosystem, Walk& walk);

/// CVSS vectors that were found good. SPEED: the same few hundred are in most records.
class GoodVectors {
 public:
  bool holds(std::string_view vector) const { return vectors_.contains(vector); }

  void add(std::string_view vector) {
    constexpr std::size_t most = 10'000;
    if (vectors_.size() < most) vectors_.emplace(vector);
  }

 private:
  struct Hash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const { return hash_of(text); }
  };

  std::unordered_set<std::string, Hash, std::equal_to<>> vectors_;
};

void check_severity(const PublishedSeverityView& severity, Walk& walk, GoodVectors& good);

/// The schema's rules about the events of one range, and doubts about their meaning.
void check_events(const AffectedRangeView& range, Walk& walk);

}  // namespace lockstep::formats::osv
