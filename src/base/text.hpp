// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep {

/// ASCII only; other bytes are left as they are.
std::string lower_case(std::string_view text);

/// Without leading and trailing spaces, tabs, CR and LF.
std::string_view trim(std::string_view text);

/// The pieces between the separators; "a,,b" has three, "" has one.
std::vector<std::string_view> split(std::string_view text, char separator);

/// "a, b and c"
std::string join(std::span<const std::string> words, std::string_view separator);

/// Damerau-Levenshtein distance (restricted), in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, when it is near enough to be a misspelling of it: at most a
/// third of its letters differ. Ties go to the first candidate.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// Whether the bytes are well-formed UTF-8.
bool is_utf8(std::string_view bytes);

/// The text shortened to `max` bytes at a UTF-8 border, with "..." when something was cut, and
/// control characters shown as '?': safe to quote foreign text in a message.
std::string quotable(std::string_view text, std::size_t max = 80);

}  // namespace lockstep
