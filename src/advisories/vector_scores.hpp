// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/advisory.hpp"

namespace lockstep::advisories {

/// Base scores of the severities of very many records. A few hundred vectors stand in most of all
/// advisories, so each is scored once.
class VectorScores {
 public:
  /// In tenths; nothing for a word, and for a vector that cannot be scored.
  template <typename Text>
  std::optional<int> tenths_of(const BasicPublishedSeverity<Text>& severity) {
    return severity.type.starts_with("CVSS_V") ? tenths_of(std::string_view(severity.score))
                                               : std::nullopt;
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::optional<int> tenths_of(std::string_view vector);

  std::unordered_map<std::string, std::optional<int>, Hash, std::equal_to<>> known_;
};

}  // namespace lockstep::advisories
