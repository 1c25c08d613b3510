// SPDX-License-Identifier: Apache-2.0
#include "advisories/severity.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace lockstep::advisories {

namespace {

/// Words in their order, with the words of other publishers for the same.
int rank_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, int>, 9> words = {{{"none", 1},
                                                                      {"negligible", 1},
                                                                      {"low", 2},
                                                                      {"moderate", 3},
                                                                      {"medium", 3},
                                                                      {"important", 4},
                                                                      {"high", 4},
                                                                      {"critical", 5},
                                                                      {"unknown", 0}}};
  const auto found = std::ranges::find(words, word, &std::pair<std::string_view, int>::first);
  return found == words.end() ? 0 : found->second;
}

std::string_view word_of(int rank) {
  constexpr std::array<std::string_view, 6> words = {"unknown", "none", "low",
                                                     "medium",  "high", "critical"};
  return words[static_cast<std::size_t>(rank)];
}

/// The word for a base score. Version 2 of CVSS has no word above "high".
std::string_view word_of_score(double score, bool is_version_2) {
  if (score <= 0) return "none";
  if (score < 4) return "low";
  if (score < 7) return "medium";
  return score < 9 || is_version_2 ? "high" : "critical";
}

/// A vector that could be scored.
struct Scored {
  double score = 0;
  std::string_view type;
  std::string_view id;
  std::string_view vector;
};

/// The highest score; of two equal ones that of the newer version, then of the first record.
std::optional<Scored> highest(std::span<const RecordSeverity> records) {
  std::optional<Scored> best;
  for (const RecordSeverity& record : records) {
    for (const ScoredSeverity& severity : record.severity) {
      if (!severity.base) continue;
      // Types sort by their version: CVSS_V2, CVSS_V3, CVSS_V4.
      const Scored one{*severity.base, severity.type, record.id, severity.score};
      if (!best || std::tie(best->score, best->type) < std::tie(one.score, one.type)) best = one;
    }
  }
  return best;
}

}  // namespace

void rate(std::span<const RecordSeverity> records, Rating& into) {
  into.source.clear();
  into.vector.clear();
  into.score.reset();
  if (const auto best = highest(records)) {
    into.source.append(best->id).append(" ").append(best->type);
    into.word = word_of_score(best->score, best->type == "CVSS_V2");
    into.score = best->score;
    into.vector = best->vector;
    return;
  }
  int worst = 0;
  for (const RecordSeverity& record : records) {
    int rank = rank_of(record.word);
    for (const ScoredSeverity& severity : record.severity) {
      if (severity.type == "Ubuntu") rank = std::max(rank, rank_of(severity.score));
    }
    if (rank <= worst) continue;
    worst = rank;
    into.source = record.id;
  }
  into.word = word_of(worst);
}

}  // namespace lockstep::advisories
