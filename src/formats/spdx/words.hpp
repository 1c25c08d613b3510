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

/// Relationships between A and B of SPDX 2 that mean that A needs or holds B.
/// Source: SPDX 2.3, table 68.
inline bool needs(std::string_view type) {
  constexpr std::array<std::string_view, 5> types = {"DEPENDS_ON", "CONTAINS", "DYNAMIC_LINK",
                                                     "STATIC_LINK", "HAS_PREREQUISITE"};
  return std::ranges::find(types, type) != types.end();
}

/// Those that mean the opposite.
inline bool is_needed_by(std::string_view type) {
  constexpr std::array<std::string_view, 12> types = {
      "DEPENDENCY_OF",         "RUNTIME_DEPENDENCY_OF", "BUILD_DEPENDENCY_OF",
      "DEV_DEPENDENCY_OF",     "TEST_DEPENDENCY_OF",    "OPTIONAL_DEPENDENCY_OF",
      "CONTAINED_BY",          "PREREQUISITE_FOR",      "PROVIDED_DEPENDENCY_OF",
      "OPTIONAL_COMPONENT_OF", "DATA_FILE_OF",          "PACKAGE_OF"};
  return std::ranges::find(types, type) != types.end();
}

/// Relationships between A and B of SPDX 3 that mean that A needs or holds B.
inline bool joins(std::string_view type) {
  constexpr std::array<std::string_view, 11> types = {"contains",
                                                      "dependsOn",
                                                      "hasDataFile",
                                                      "hasDynamicLink",
                                                      "hasOptionalComponent",
                                                      "hasOptionalDependency",
                                                      "hasPrerequisite",
                                                      "hasProvidedDependency",
                                                      "hasStaticLink",
                                                      "testedOn",
                                                      "trainedOn"};
  return std::ranges::find(types, type) != types.end();
}

/// The type of an external reference of SPDX 2, which may also be written as the address of its
/// definition.
inline std::string reference_type_of(const Json& reference) {
  const std::string type = text(reference, "referenceType");
  constexpr std::string_view definitions = "spdx.org/rdf/references/";
  const std::size_t found = type.find(definitions);
  return found == std::string::npos ? type : type.substr(found + definitions.size());
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
