// SPDX-License-Identifier: Apache-2.0
// What both generations of SPDX need to be told in the words of CycloneDX, which a bill is held in.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/bom.hpp"

namespace lockstep::formats::spdx {

/// The text of a member; "" when it is none.
inline std::string text(const Json& node, std::string_view key) {
  return node[key].string_or("");
}

/// The source package in a text such as "built package from: openssl 1:1.0.2k-16.el7"; nothing in
/// other texts, which are free.
inline SourcePackage source_package_of(std::string_view info) {
  constexpr std::string_view start = "built package from: ";
  if (!info.starts_with(start)) return {};
  info.remove_prefix(start.size());
  const std::size_t end = info.find(' ');
  if (end == std::string_view::npos) return {std::string(info), ""};
  return {std::string(info.substr(0, end)), std::string(trim(info.substr(end)))};
}

/// How much the others need each element that one of them needs.
class Needs {
 public:
  /// @param scope "" for one that is needed, or of whom nobody says how much
  void add(const std::string& reference, const std::string& scope) {
    const auto [known, is_new] = scopes_.emplace(reference, scope);
    if (!is_new) known->second = stronger_scope(known->second, scope);
  }

  /// The scope that all of them agree on, "" where there is none.
  std::string scope_of(const std::string& reference) const {
    const auto found = scopes_.find(reference);
    return found == scopes_.end() ? "" : found->second;
  }

 private:
  std::unordered_map<std::string, std::string> scopes_;
};

/// One word in both vocabularies.
struct Words {
  std::string_view spdx;
  std::string_view cyclonedx;
};

/// The word of CycloneDX, or `otherwise` where the list has none.
template <std::size_t size>
std::string translate(const std::array<Words, size>& words,
                      const std::string& word,
                      const std::string& otherwise) {
  const auto row = std::ranges::find(words, word, &Words::spdx);
  return row == words.end() ? otherwise : std::string(row->cyclonedx);
}

}  // namespace lockstep::formats::spdx
