// SPDX-License-Identifier: Apache-2.0
// What a person says of a data set of texts (docs/ai-text.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

struct TextDescription {
  enum class Split { words, characters, wordpiece, none };  ///< none: the model takes texts
  Split split = Split::words;
  std::string vocabulary;      ///< a file, by its path from the description's folder
  bool is_lower_case = false;  ///< letters are made small, and lose their accents, before all else
  std::string unknown = "[UNK]";
  std::string padding = "[PAD]";
  std::string first;        ///< a token in front of each text; "" for none
  std::string last;         ///< a token behind each text; "" for none
  std::int64_t length = 0;  ///< tokens of an input, the padding included; 0: what the net says
  std::string text_column = "text";  ///< of a .csv
  std::string label_column = "label";
  char separator = ',';
  std::vector<std::string> classes;  ///< by number; empty: labels are numbers
  std::string prompt = {};  ///< what a service of the form chat is told before each text; "": ours
};

/// Reads the YAML description. All problems are reported; the value is whole when there are none.
/// Errors: ai.text, yaml.*.
Result<TextDescription> read_text_description(std::string_view bytes,
                                              const std::string& file,
                                              Diagnostics& problems);

}  // namespace lockstep::ai
