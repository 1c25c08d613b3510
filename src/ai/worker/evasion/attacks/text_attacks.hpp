// SPDX-License-Identifier: Apache-2.0
// The family of attacks on texts. As all attacks they count nothing and judge nothing:
// text_measure.cpp does.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/worker/data/text_samples.hpp"
#include "ai/worker/evasion/attack.hpp"
#include "ai/worker/nets/text_model.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// One text, and its line to the model, which counts every question.
struct TextSeat {
  const TextModel& model;
  const Tokenizer& tokenizer;
  const TextSample& original;
  std::int64_t right = 0;   ///< its class
  std::int64_t budget = 0;  ///< edits, at most
  std::uint64_t seed = 1;
  std::uint32_t index = 0;  ///< in the data set
  std::int64_t forward = 0;
  std::int64_t backward = 0;

  /// How far the best wrong class is above the right one, for each text.
  Result<std::vector<float>> leads_of(std::span<const TextSample> texts);

  /// A text as the net is given it.
  TextSample sample_of(std::string text) const;
};

/// What an attack brings: a text that it says the net gets wrong, or nothing.
using TextSearch = Result<std::optional<TextSample>> (*)(TextSeat& seat);

struct TextAttackRow {
  /// What an edit is: another token of the input, or another character of the text.
  enum class Unit { tokens, characters };
  std::string_view name;
  std::string_view source;
  Sees sees;
  Unit unit;
  TextSearch search;
};

/// All rows, in the order in which they are listed to people.
std::span<const TextAttackRow> text_attacks();

/// The row of that name, or null.
const TextAttackRow* find_text_attack(std::string_view name);

/// How many edits lead from one text to another: tokens of the inputs that differ (inputs of one
/// length), or characters put in, left out, replaced, or swapped with their neighbour.
std::int64_t edits_between(const TextSample& from, const TextSample& to, TextAttackRow::Unit unit);

/// The least number of changes of one character, or swaps of two neighbours, between two texts.
/// Source: Damerau 1964; Levenshtein 1966; the form that edits no place twice.
std::int64_t character_distance(std::span<const std::string_view> a,
                                std::span<const std::string_view> b);

Result<std::optional<TextSample>> search_hotflip(TextSeat& seat);
Result<std::optional<TextSample>> search_deepwordbug(TextSeat& seat);
Result<std::optional<TextSample>> search_random_tokens(TextSeat& seat);
Result<std::optional<TextSample>> search_random_characters(TextSeat& seat);

}  // namespace lockstep::ai
