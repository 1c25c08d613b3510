// SPDX-License-Identifier: Apache-2.0
// From texts to the numbers that a net takes, and back.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ai/text_description.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// The tokens of a net, by number.
class Vocabulary {
 public:
  /// Reads a file with one token a line, whose number is that of the line from 0, or a JSON map
  /// from token to number (all numbers from 0, each once). Errors: ai.text.
  static Result<Vocabulary> read(std::string_view bytes, const std::string& file);

  std::int64_t size() const { return static_cast<std::int64_t>(tokens_.size()); }

  const std::string& token(std::int64_t id) const { return tokens_[static_cast<std::size_t>(id)]; }

  /// -1 for a token that is not there.
  std::int64_t find(std::string_view token) const;

 private:
  struct Hash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  Result<> add(std::string token, const std::string& file);

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> ids_;
};

/// Words of a text: what stands between white space, each character of punctuation by itself. With
/// `is_lower_case` small and without accents. Control characters are dropped.
/// Source: Devlin et al. 2018, arXiv 1810.04805, the basic tokenizer.
std::vector<std::string> words_of(std::string_view text, bool is_lower_case);

/// The characters of a text of UTF-8; a byte that begins none is one by itself.
std::vector<std::string_view> characters_of(std::string_view text);

class Tokenizer {
 public:
  /// @param file of the description, for messages
  /// Errors: ai.text for a token of the description that the vocabulary does not have.
  static Result<Tokenizer> build(TextDescription description,
                                 Vocabulary vocabulary,
                                 const std::string& file);

  /// The numbers of a text's tokens, without those around it. Wordpiece: the longest token that the
  /// rest of a word begins with, again and again; a word that is not made of tokens is unknown as a
  /// whole. Source: Wu et al. 2016, arXiv 1609.08144, as Devlin et al. 2018 use it.
  std::vector<std::int64_t> tokens_of(std::string_view text) const;

  /// An input of `length` tokens: `first`, the text's, as many as there is room for, `last`,
  /// padding.
  std::vector<std::int64_t> input_of(std::string_view text, std::int64_t length) const;

  /// A text of an input: its tokens, without those around them. Whether the text gives the same
  /// input again has to be asked.
  std::string text_of(std::span<const std::int64_t> input) const;

  /// Whether a token is none of the description's own: it stands for a piece of text.
  bool is_plain(std::int64_t id) const;

  /// Whether a token continues a word ("##ing").
  bool is_continuation(std::int64_t id) const;

  std::int64_t padding() const { return padding_; }

  const Vocabulary& vocabulary() const { return vocabulary_; }

  const TextDescription& description() const { return description_; }

 private:
  void add_pieces(std::string_view word, std::vector<std::int64_t>& into) const;

  TextDescription description_;
  Vocabulary vocabulary_;
  std::int64_t unknown_ = 0;
  std::int64_t padding_ = 0;
  std::int64_t first_ = -1;
  std::int64_t last_ = -1;
};

}  // namespace lockstep::ai
