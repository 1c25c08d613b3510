// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/tokenizer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include "ai/worker/limits.hpp"
#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr std::string_view continuation = "##";
constexpr std::size_t word_characters_max = 100;  ///< of a word that is cut into pieces

tl::unexpected<Error> bad(const std::string& file, int line, std::string message) {
  return fail(ErrorKind::input, "ai.text", std::move(message), {file, line, 0});
}

bool is_punctuation(UChar32 c) {
  const bool is_ascii = (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) ||
                        (c >= 123 && c <= 126);
  return is_ascii || u_ispunct(c) != 0;
}

bool is_space(UChar32 c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || u_charType(c) == U_SPACE_SEPARATOR;
}

bool is_dropped(UChar32 c) {
  const auto type = u_charType(c);
  return c <= 0 || c == 0xfffd || type == U_CONTROL_CHAR || type == U_FORMAT_CHAR;
}

/// Ideographs stand by themselves.
bool is_ideograph(UChar32 c) {
  return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
         (c >= 0x20000 && c <= 0x2ceaf) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0x2f800 && c <= 0x2fa1f);
}

/// The next character of UTF-8, behind which `at` then stands; -1 for a byte that begins none.
UChar32 take(std::string_view text, std::size_t& at) {
  const Character character = first_character(text.substr(at));
  at += character.size;
  return character.is_utf8 ? static_cast<UChar32>(character.code) : -1;
}

void append(std::string& text, UChar32 c) {
  const auto put = [&](UChar32 byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | (c >> 6));
  } else {
    put(c < 0x10000 ? 0xe0 | (c >> 12) : 0xf0 | (c >> 18));
    if (c >= 0x10000) put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

/// Appends a small letter without its accents.
void append_plain(std::string& text, UChar32 c) {
  if (c < 0x80) {
    text += static_cast<char>(u_tolower(c));
    return;
  }
  UErrorCode trouble = U_ZERO_ERROR;
  const UNormalizer2* const nfd = unorm2_getNFDInstance(&trouble);
  UChar pieces[32];
  const int32_t size = U_SUCCESS(trouble) ? unorm2_getDecomposition(
                                                nfd, u_tolower(c), pieces,
                                                static_cast<int32_t>(std::size(pieces)), &trouble)
                                          : -1;
  if (size < 0 || U_FAILURE(trouble)) {
    if (u_charType(c) != U_NON_SPACING_MARK) append(text, u_tolower(c));
    return;
  }
  for (int32_t i = 0; i < size;) {
    UChar32 piece = 0;
    U16_NEXT(pieces, i, size, piece);
    if (u_charType(piece) != U_NON_SPACING_MARK) append(text, piece);
  }
}

}  // namespace

Result<> Vocabulary::add(std::string token, const std::string& file) {
  const std::int64_t id = size();
  if (id >= limits::vocabulary)
    return bad(file, 0, fmt::format("expected at most {} tokens, found more", limits::vocabulary));
  if (!ids_.emplace(token, id).second)
    return bad(file, static_cast<int>(id) + 1,
               fmt::format("expected each token once, found '{}' again", quotable(token)));
  tokens_.push_back(std::move(token));
  return {};
}

Result<Vocabulary> Vocabulary::read(std::string_view bytes, const std::string& file) {
  Vocabulary vocabulary;
  if (!is_utf8(bytes)) return bad(file, 0, "expected tokens in UTF-8");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!trim(bytes).starts_with('{')) {
    while (!bytes.empty()) {
      const std::size_t end = std::min(bytes.find('\n'), bytes.size());
      std::string_view line = bytes.substr(0, end);
      if (line.ends_with('\r')) line.remove_suffix(1);
      TRY_VOID(vocabulary.add(std::string(line), file));
      bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    if (vocabulary.size() == 0) return bad(file, 0, "expected at least one token, found none");
    return vocabulary;
  }
  Diagnostics problems;
  TRY(const Json tree, parse_json(bytes, file, problems, {bytes.size() + 1, 4, 5'000'000}));
  std::vector<const std::string*> by_id(tree.members().size(), nullptr);
  for (const auto& [token, value] : tree.members()) {
    const auto id = value.as_int();
    if (!id || *id < 0 || *id >= std::ssize(by_id) ||
        by_id[static_cast<std::size_t>(*id)] != nullptr)
      return bad(file, value.line(),
                 fmt::format("expected the numbers from 0 to {}, each once, found another for '{}'",
                             by_id.size() - 1, quotable(token)));
    by_id[static_cast<std::size_t>(*id)] = &token;
  }
  if (by_id.empty()) return bad(file, 0, "expected at least one token, found none");
  for (const std::string* token : by_id)
    TRY_VOID(vocabulary.add(*token, file));
  return vocabulary;
}

std::int64_t Vocabulary::find(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? -1 : found->second;
}

std::vector<std::string> words_of(std::string_view text, bool is_lower_case) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  text = text.substr(0, limits::text_bytes);
  for (std::size_t at = 0; at < text.size();) {
    const UChar32 c = take(text, at);
    if (is_space(c)) {
      finish();
    } else if (!is_dropped(c)) {
      const bool is_alone = is_punctuation(c) || is_ideograph(c);
      if (is_alone) finish();
      if (is_lower_case)
        append_plain(word, c);
      else
        append(word, c);
      if (is_alone) finish();
    }
  }
  finish();
  return words;
}

std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> characters;
  text = text.substr(0, limits::text_bytes);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    (void)take(text, at);
    characters.push_back(text.substr(start, at - start));
  }
  return characters;
}

Result<Tokenizer> Tokenizer::build(TextDescription description,
                                   Vocabulary vocabulary,
                                   const std::string& file) {
  Tokenizer made;
  made.vocabulary_ = std::move(vocabulary);
  made.description_ = std::move(description);
  const TextDescription& said = made.description_;
  if (said.split == TextDescription::Split::none) return made;
  for (const auto& [key, token, id] : {std::tuple{"unknown", &said.unknown, &made.unknown_},
                                       {"padding", &said.padding, &made.padding_},
                                       {"first", &said.first, &made.first_},
                                       {"last", &said.last, &made.last_}}) {
    const bool is_optional = id == &made.first_ || id == &made.last_;
    if (is_optional && token->empty()) continue;
    *id = made.vocabulary_.find(*token);
    if (*id < 0)
      return bad(file, 0,
                 fmt::format("expected a token of the vocabulary as '{}', found '{}', which it "
                             "does not have",
                             key, quotable(*token)));
  }
  return made;
}

void Tokenizer::add_pieces(std::string_view word, std::vector<std::int64_t>& into) const {
  const std::size_t before = into.size();
  const std::vector<std::string_view> characters = characters_of(word);
  std::string piece;
  for (std::size_t start = 0; start < characters.size();) {
    std::int64_t found = -1;
    std::size_t end = characters.size();
    for (; end > start && characters.size() <= word_characters_max; --end) {
      piece = start == 0 ? "" : continuation;
      piece.append(characters[start].data(),
                   characters[end - 1].data() + characters[end - 1].size());
      found = vocabulary_.find(piece);
      if (found >= 0) break;
    }
    if (found < 0) {
      into.resize(before);
      into.push_back(unknown_);
      return;
    }
    into.push_back(found);
    start = end;
  }
}

std::vector<std::int64_t> Tokenizer::tokens_of(std::string_view text) const {
  std::vector<std::int64_t> ids;
  const auto known = [&](std::string_view token) {
    const std::int64_t id = vocabulary_.find(token);
    ids.push_back(id < 0 ? unknown_ : id);
  };
  if (description_.split == TextDescription::Split::none) return ids;
  if (description_.split == TextDescription::Split::characters) {
    std::string plain;
    for (const std::string_view character : characters_of(text)) {
      if (!description_.is_lower_case) {
        known(character);
        continue;
      }
      plain.clear();
      std::size_t at = 0;
      const UChar32 c = take(character, at);
      if (c >= 0) append_plain(plain, c);
      known(c >= 0 ? std::string_view(plain) : character);
    }
    return ids;
  }
  for (const std::string& word : words_of(text, description_.is_lower_case))
    if (description_.split == TextDescription::Split::wordpiece)
      add_pieces(word, ids);
    else
      known(word);
  return ids;
}

std::vector<std::int64_t> Tokenizer::input_of(std::string_view text, std::int64_t length) const {
  std::vector<std::int64_t> tokens = tokens_of(text);
  const std::int64_t around = (first_ >= 0 ? 1 : 0) + (last_ >= 0 ? 1 : 0);
  const std::int64_t room = std::max<std::int64_t>(length - around, 0);
  if (std::ssize(tokens) > room) tokens.resize(static_cast<std::size_t>(room));
  if (first_ >= 0) tokens.insert(tokens.begin(), first_);
  if (last_ >= 0) tokens.push_back(last_);
  tokens.resize(static_cast<std::size_t>(length), padding_);
  return tokens;
}

bool Tokenizer::is_plain(std::int64_t id) const {
  return id >= 0 && id < vocabulary_.size() && id != unknown_ && id != padding_ && id != first_ &&
         id != last_;
}

bool Tokenizer::is_continuation(std::int64_t id) const {
  return description_.split == TextDescription::Split::wordpiece &&
         vocabulary_.token(id).starts_with(continuation);
}

std::string Tokenizer::text_of(std::span<const std::int64_t> input) const {
  std::string text;
  for (const std::int64_t id : input) {
    if (id == padding_ || id == first_ || id == last_) continue;
    const std::string& token = vocabulary_.token(id);
    const bool continues = is_continuation(id);
    const bool is_glued = continues || description_.split == TextDescription::Split::characters;
    if (!is_glued && !text.empty()) text += ' ';
    text += std::string_view(token).substr(continues ? continuation.size() : 0);
  }
  return text;
}

}  // namespace lockstep::ai
