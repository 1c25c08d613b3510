// SPDX-License-Identifier: Apache-2.0
// Provisions as people write them. Both sides are cut into words: "CRA Art. 14(2)(a)" and
// cra + art_14/par_2/pnt_a both give cra, 14, 2, a; the kinds that a person may leave out (article,
// paragraph, point) are dropped, and those that tell places apart (annex, recital) stay.
#include "app/explain_spelling.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"

namespace lockstep::app {
namespace {

using Words = std::vector<std::string>;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void add_word(Words& words, std::string word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kinds = {
      {{"article", ""},
       {"art", ""},
       {"paragraph", ""},
       {"par", ""},
       {"point", ""},
       {"pnt", ""},
       {"annex", "anx"},
       {"anx", "anx"},
       {"part", ""},
       {"pt", ""},
       {"section", ""},
       {"recital", "rct"},
       {"rct", "rct"},
       {"sct", ""}}};
  // "art14" and "annex3" are two words.
  const auto digit = std::ranges::find_if(word, is_digit);
  if (digit != word.begin() && digit != word.end()) {
    const std::string kind(word.begin(), digit);
    if (std::ranges::find(kinds, kind, [](const auto& row) { return row.first; }) != kinds.end()) {
      add_word(words, kind);
      words.emplace_back(digit, word.end());
      return;
    }
  }
  const auto found = std::ranges::find(kinds, word, [](const auto& row) { return row.first; });
  if (found != kinds.end()) word = found->second;
  if (!word.empty()) words.push_back(std::move(word));
}

Words words_of(std::string_view text) {
  Words words;
  std::string word;
  for (const char c : lower_case(text) + " ") {
    if (is_letter(c) || is_digit(c)) {
      word += c;
    } else if (!word.empty()) {
      add_word(words, std::move(word));
      word.clear();
    }
  }
  return words;
}

std::vector<std::string> matching(const regulations::Ruleset& law, const Words& wanted) {
  std::vector<std::string> found;
  for (const regulations::Provision& provision : law.provisions) {
    const regulations::Act& act = law.acts[static_cast<std::size_t>(provision.act)];
    const Words title = words_of(act.short_title);
    for (std::size_t end = 0; end != std::string::npos;) {
      end = provision.path.find('/', end + 1);
      const std::string path = provision.path.substr(0, end);
      const Words words = words_of(path);
      Words named = title;
      named.insert(named.end(), words.begin(), words.end());
      if (wanted != words && wanted != named) continue;
      std::string id = act.id + "/" + path;
      if (std::ranges::find(found, id) == found.end()) found.push_back(std::move(id));
    }
  }
  return found;
}

}  // namespace

std::vector<std::string> provisions_spelt(const regulations::Ruleset& law, std::string_view text) {
  constexpr std::size_t text_max = 200;
  Words wanted = words_of(text.substr(0, text_max));
  while (!wanted.empty()) {
    auto found = matching(law, wanted);
    if (!found.empty() || !std::ranges::any_of(text, is_digit)) return found;
    wanted.pop_back();
  }
  return {};
}

}  // namespace lockstep::app
