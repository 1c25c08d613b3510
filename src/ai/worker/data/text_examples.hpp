// SPDX-License-Identifier: Apache-2.0
// Pairs of texts, the one that a person wrote and the one that deceives the model, as files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ai/worker/data/npz.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

struct WrittenPair {
  std::int64_t index = 0;  ///< of the sample in the data set
  std::int64_t label = 0;
  std::int64_t predicted = 0;  ///< for the changed text
  std::int64_t edits = 0;
  std::string original;
  std::string changed;

  bool operator==(const WrittenPair&) const = default;
};

/// An .npz: index, y, predicted and edits [pairs]; original_text and changed_text, uint8 [pairs,
/// bytes] of UTF-8, filled with zeros.
Result<std::string> write_text_examples(std::span<const WrittenPair> pairs);

/// Whether the arrays are of pairs of texts.
bool are_text_examples(std::span<const NamedArray> arrays);

/// Reads them again. Errors: ai.data.
Result<std::vector<WrittenPair>> read_text_examples(std::span<const NamedArray> arrays,
                                                    const std::string& file);

/// A table for people: sample,label,predicted,edits,original,changed.
std::string table_of(std::span<const WrittenPair> pairs);

}  // namespace lockstep::ai
