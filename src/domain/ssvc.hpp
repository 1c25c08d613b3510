// SPDX-License-Identifier: Apache-2.0
// Decision tables of SSVC (Stakeholder-Specific Vulnerability Categorization): what to do about a
// vulnerability, from answers to a few questions. The tables are data (data/ssvc).
//
// Source: CERT/CC, SSVC; the tables name their editions.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace lockstep {

/// One question, with the answers that it may have, in the order of the standard.
struct SsvcPoint {
  std::string id;                   ///< "technical_impact"
  std::string key;                  ///< the standard's short name, "TI"
  std::string name;                 ///< the standard's name, "Technical Impact"
  std::string version;              ///< of the definition
  std::string ask;                  ///< the question in our words; "" when the name says it
  std::vector<std::string> values;  ///< "partial", "total"
  std::vector<std::string> keys;    ///< "P", "T"; one for each value
  std::vector<std::pair<std::string, std::string>> also;  ///< other spelling, value
};

/// Whether a word is the id, the key or the name of the point, in any case, with spaces, hyphens or
/// underscores.
bool is_called(const SsvcPoint& point, std::string_view word);

/// One tree: an outcome for every combination of answers.
struct SsvcTable {
  std::string id;  ///< "supplier"
  std::string title;
  std::string version;
  std::string source;
  std::vector<const SsvcPoint*> points;  ///< of the set that holds the table
  SsvcPoint outcome;
  std::vector<std::uint8_t> outcomes;  ///< places in outcome.values; the last point goes fastest
};

/// All tables and the points that they share. Immovable, since tables point into it.
struct SsvcTables {
  std::map<std::string, SsvcPoint, std::less<>> points;
  std::vector<SsvcTable> tables;  ///< sorted by id

  const SsvcTable* find(std::string_view id) const;
  /// The table whose outcome is the point: "utility" follows from automatable and value density.
  const SsvcTable* deriving(const SsvcPoint& point) const;
};

/// What is known about a point: the values that it may have, and where that is known from.
struct SsvcInput {
  std::string point;                ///< id, key or name
  std::vector<std::string> values;  ///< values, keys or other spellings; empty when unknown
  std::string because;              ///< "given", "listed by eu-kev"
};

/// A point as it entered a decision.
struct SsvcAnswer {
  const SsvcPoint* point = nullptr;
  std::vector<std::string> possible;  ///< one when it is known
  std::string because;                ///< as given; "follows from automatable = yes"; "not known"
};

/// What a tree comes to.
struct SsvcDecision {
  const SsvcTable* table = nullptr;
  /// Points of the tree in its order, each after the points that it follows from.
  std::vector<SsvcAnswer> answers;
  std::vector<std::string> outcomes;  ///< all that are possible, in their order; one when decided
  std::vector<std::string> missing;   ///< ids of the points that keep it undecided

  bool is_decided() const { return outcomes.size() == 1; }
};

/// Walks a tree with what is known. An unknown point has every value, so that an outcome is never
/// guessed: all that are possible come back.
/// Errors: ssvc.point (the tree asks no such thing), ssvc.value (the point has no such value),
/// ssvc.twice (a point is given twice, or against what it follows from).
Result<SsvcDecision> decide_ssvc(const SsvcTables& tables,
                                 const SsvcTable& table,
                                 std::span<const SsvcInput> inputs);

/// The points that may be given for a tree, with those that others follow from.
std::vector<const SsvcPoint*> ssvc_points_of(const SsvcTables& tables, const SsvcTable& table);

}  // namespace lockstep
