// SPDX-License-Identifier: Apache-2.0
#include "advisories/severity.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>
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

std::string word_of(int rank) {
  constexpr std::array<std::string_view, 6> words = {"unknown", "none", "low",
                                                     "medium",  "high", "critical"};
  return std::string(words[static_cast<std::size_t>(rank)]);
}

}  // namespace

Rating rate(std::span<const RecordSeverity> records) {
  Rating rating;
  std::string type;
  for (const RecordSeverity& record : records) {
    for (const PublishedSeverity& severity : record.severity) {
      // Types sort by their version: CVSS_V2, CVSS_V3, CVSS_V4.
      if (!severity.type.starts_with("CVSS_V") || severity.type <= type) continue;
      type = severity.type;
      rating.source = fmt::format("{} {}", record.id, severity.type);
      rating.vector = severity.score;
    }
  }
  int worst = 0;
  for (const RecordSeverity& record : records) {
    int rank = rank_of(record.word);
    for (const PublishedSeverity& severity : record.severity) {
      if (severity.type == "Ubuntu") rank = std::max(rank, rank_of(severity.score));
    }
    if (rank <= worst) continue;
    worst = rank;
    if (type.empty()) rating.source = record.id;
  }
  rating.word = word_of(worst);
  return rating;
}

}  // namespace lockstep::advisories
