// SPDX-License-Identifier: Apache-2.0
// Data sets of texts: what a person wrote, and what the net is given for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ai/worker/data/data_set.hpp"
#include "ai/worker/data/tokenizer.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

struct TextSample {
  std::string text;
  std::vector<std::int64_t> input;  ///< its tokens by number, with those around them and padding
};

struct TextSet {
  Tokenizer tokenizer;
  std::vector<TextSample> samples;
  std::vector<std::int64_t> labels;
  std::vector<std::string> classes;  ///< their names by number; empty when nothing names them
  std::string sha256;                ///< of the file of texts
};

/// The first texts of a .csv (columns of the description), or of an .npz with `x` (numbers of
/// tokens [samples, length], or texts [samples]) and `y` or `labels`. A text of an .npz of numbers
/// is what the tokens spell.
/// @param request `options.text` is the path of the description (ai/text_description.hpp)
/// @param length  tokens that the net takes; -1 where any number will do
/// Errors: ai.text, ai.csv, ai.data, ai.shape, ai.digest, file.*, yaml.*.
Result<TextSet> read_texts(const DataRequest& request, std::int64_t length);

}  // namespace lockstep::ai
