// SPDX-License-Identifier: Apache-2.0
// Lists of names that others keep and that standards refer to: weaknesses, language subtags,
// licences, decision points. They are data (data/lists/), built into the program; this is their
// reader.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::formats {

/// The text of a list, by its file name below data/lists/. Empty when there is none.
std::string_view shipped_list(std::string_view name);

/// What one edition of the Common Weakness Enumeration says about one weakness. Categories and
/// views are no weaknesses, and are not in the list.
struct Weakness {
  enum class Mapping { unstated, allowed, review, discouraged, prohibited };
  std::string_view name;
  bool is_deprecated = false;
  Mapping mapping = Mapping::unstated;  ///< stated since 4.12
};

/// Whether the list has the edition: "4.13".
bool has_cwe_edition(std::string_view edition);

/// The newest edition of the list on a day "2026-04-30", "" for a day before the first.
std::string_view cwe_edition_on(std::string_view day);

/// The newest edition of the list.
std::string_view newest_cwe_edition();

/// The weakness "CWE-79" in an edition; nothing when it is not there.
std::optional<Weakness> weakness_in(std::string_view id, std::string_view edition);

/// The names that a weakness has had, newest first; empty when no edition has it.
std::vector<std::string_view> names_of_weakness(std::string_view id);

/// Why a language tag is not one of BCP 47 whose subtags are registered; "" when it is. Letters in
/// any case; deprecated subtags exist.
/// Source: RFC 5646, IANA Language Subtag Registry of 2025-08-25.
std::string problem_of_language(std::string_view tag);

/// Whether a tag has a subtag for private use, of any kind.
bool has_private_subtag(std::string_view tag);

/// How a list knows a licence or an exception.
enum class Listed { active, deprecated, unknown, other_list };

/// An identifier of an SPDX expression: of the SPDX license list, or "LicenseRef-scancode-..." of
/// the ScanCode LicenseDB, in letters of any case. `other_list` for every other "LicenseRef-..."
/// and "DocumentRef-...".
Listed listed_license(std::string_view id);
/// What follows WITH.
Listed listed_exception(std::string_view id);

/// A decision point of SSVC's own namespaces.
struct DecisionPoint {
  std::string_view name_space;  ///< "ssvc", "nist#800-30"
  std::string_view key;
  std::string_view version;
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> values;  ///< key and name, in order
};

/// All of them, sorted by namespace, key and version.
const std::vector<DecisionPoint>& decision_points();

}  // namespace lockstep::formats
