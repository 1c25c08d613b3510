// SPDX-License-Identifier: Apache-2.0
// Words are misspelt, the most important first. How important a word is, the scores say when it is
// left out. Each word is misspelt once, by one edit of a character:
//
//     swap        good -> godo        delete      good -> god
//     substitute  good -> goxd        insert      good -> goxod
//     homoglyph   good -> gооd        (letters of another alphabet that look the same)
//
// The paper draws the place of an edit; here every place of the word is tried and the best kept.
// Letters that are put in are drawn. A person still reads the word; whether it is so is not looked
// at.
//
// Source: Gao, Lanchantin, Soffa and Qi 2018, "Black-box generation of adversarial text sequences",
// arXiv 1801.04354.
#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "ai/worker/evasion/attacks/text_attacks.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

/// Small letters, and those of the Cyrillic and Greek alphabets that look like them.
/// Source: Unicode Technical Standard 39, confusables.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> homoglyphs{{
    {"a", "\u0430"},
    {"c", "\u0441"},
    {"d", "\u0501"},
    {"e", "\u0435"},
    {"h", "\u04bb"},
    {"i", "\u0456"},
    {"j", "\u0458"},
    {"l", "\u04cf"},
    {"o", "\u043e"},
    {"p", "\u0440"},
    {"q", "\u051b"},
    {"s", "\u0455"},
    {"v", "\u03bd"},
    {"x", "\u0445"},
    {"y", "\u0443"},
}};

struct Word {
  std::size_t start = 0;
  std::size_t size = 0;
};

/// What stands between white space.
std::vector<Word> words_in(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  std::vector<Word> words;
  for (std::size_t at = text.find_first_not_of(space); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(space, at), text.size());
    words.push_back({at, end - at});
    at = text.find_first_not_of(space, end);
  }
  return words;
}

std::string spliced(std::string_view text,
                    std::size_t start,
                    std::size_t size,
                    std::string_view by) {
  std::string made(text.substr(0, start));
  made += by;
  made += text.substr(start + size);
  return made;
}

/// A letter that is not the given one.
std::string letter_but(std::string_view given, Random& random) {
  std::string letter(1, static_cast<char>('a' + random.below(26)));
  if (letter == given) letter[0] = letter[0] == 'z' ? 'a' : static_cast<char>(letter[0] + 1);
  return letter;
}

/// Every text with one edit in a word.
std::vector<std::string> misspelt(std::string_view text, const Word& word, Random& random) {
  std::vector<std::string> all;
  std::size_t at = word.start;
  std::string_view before;
  for (const std::string_view character : characters_of(text.substr(word.start, word.size))) {
    if (!before.empty() && before != character)
      all.push_back(spliced(text, at - before.size(), before.size() + character.size(),
                            std::string(character) + std::string(before)));
    all.push_back(spliced(text, at, character.size(), letter_but(character, random)));
    all.push_back(spliced(text, at, character.size(), ""));
    all.push_back(spliced(text, at, 0, letter_but("", random)));
    const auto* const same =
        std::ranges::find(homoglyphs, character, [](const auto& pair) { return pair.first; });
    if (same != homoglyphs.end()) all.push_back(spliced(text, at, character.size(), same->second));
    at += character.size();
    before = character;
  }
  return all;
}

std::vector<TextSample> samples_of(const TextSeat& seat, std::vector<std::string> texts) {
  std::vector<TextSample> samples;
  for (std::string& text : texts)
    samples.push_back(seat.sample_of(std::move(text)));
  return samples;
}

/// The words, the most important first; of equal ones the earlier.
Result<std::vector<std::size_t>> ranked(TextSeat& seat, const std::vector<Word>& words) {
  std::vector<std::string> without;
  for (const Word& word : words)
    without.push_back(spliced(seat.original.text, word.start, word.size, ""));
  const std::vector<TextSample> samples = samples_of(seat, std::move(without));
  TRY(const std::vector<float> leads, seat.leads_of(samples));
  std::vector<std::size_t> order(words.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return leads[i]; });
  return order;
}

}  // namespace

Result<std::optional<TextSample>> search_deepwordbug(TextSeat& seat) {
  std::vector<Word> words = words_in(seat.original.text);
  TRY(const std::vector<std::size_t> order, ranked(seat, words));
  TRY(const std::vector<float> first, seat.leads_of({&seat.original, 1}));
  Random random(RandomKey{seat.seed, stream_of("deepwordbug"), 0, seat.index});
  std::string text = seat.original.text;
  float best_lead = first.front();
  std::int64_t edits = 0;
  for (const std::size_t place : order) {
    if (edits == seat.budget) break;
    std::vector<TextSample> tried = samples_of(seat, misspelt(text, words[place], random));
    if (tried.empty()) continue;
    TRY(const std::vector<float> leads, seat.leads_of(tried));
    const auto best = static_cast<std::size_t>(std::ranges::max_element(leads) - leads.begin());
    if (leads[best] > 0) return std::optional(std::move(tried[best]));
    if (leads[best] <= best_lead) continue;
    best_lead = leads[best];
    // The words behind this one move by what it grew.
    const std::size_t size = tried[best].text.size();
    for (Word& word : words)
      if (word.start > words[place].start) word.start = word.start + size - text.size();
    words[place].size = words[place].size + size - text.size();
    text = std::move(tried[best].text);
    ++edits;
  }
  return std::optional<TextSample>();
}

Result<std::optional<TextSample>> search_random_characters(TextSeat& seat) {
  constexpr std::uint32_t draws = 20;
  std::vector<TextSample> tried;
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    Random random(RandomKey{seat.seed, stream_of("random-characters"), draw, seat.index});
    std::string text = seat.original.text;
    for (std::int64_t edit = 0; edit < seat.budget; ++edit) {
      const std::vector<Word> words = words_in(text);
      if (words.empty()) break;
      const Word& word = words[random.below(static_cast<std::uint32_t>(words.size()))];
      std::vector<std::string> all = misspelt(text, word, random);
      text = std::move(all[random.below(static_cast<std::uint32_t>(all.size()))]);
    }
    tried.push_back(seat.sample_of(std::move(text)));
  }
  TRY(const std::vector<float> leads, seat.leads_of(tried));
  const auto best = static_cast<std::size_t>(std::ranges::max_element(leads) - leads.begin());
  if (leads[best] <= 0) return std::optional<TextSample>();
  return std::optional(std::move(tried[best]));
}

}  // namespace lockstep::ai
