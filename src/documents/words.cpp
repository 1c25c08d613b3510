// SPDX-License-Identifier: Apache-2.0
#include "documents/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace lockstep::documents {
namespace {

struct StateWords {
  Tone tone;
  std::string_view symbol;
  std::string_view word;
  std::string_view of_finding;
};

/// In the order of the enumeration.
constexpr std::array<StateWords, 8> state_words = {{
    {Tone::low, "●", "shown", "settled"},
    {Tone::medium, "■", "shown, with a remark", "open"},
    {Tone::serious, "◆", "not shown", "blocking"},
    {Tone::high, "▲", "too few samples", "too few samples"},
    {Tone::medium, "□", "too old", "too old"},
    {Tone::neutral, "○", "not checked", "not checked"},
    {Tone::info, "?", "needs a decision", "needs a decision"},
    {Tone::neutral, "–", "does not apply", "does not apply"},
}};

const StateWords& words_of(State state) {
  return state_words[static_cast<std::size_t>(state)];
}

}  // namespace

Mark mark(State state) {
  return mark(state, std::string(words_of(state).word));
}

Mark mark(State state, std::string word) {
  return {words_of(state).tone, std::string(words_of(state).symbol), std::move(word)};
}

State state_of(Obligation::Met met) {
  switch (met) {
    case Obligation::Met::does_not_apply:
      return State::not_applicable;
    case Obligation::Met::met:
      return State::pass;
    case Obligation::Met::unmet:
      return State::fail;
    case Obligation::Met::unknown:
      return State::not_checked;
  }
  return State::not_checked;
}

Mark finding_mark(State state) {
  return mark(state, std::string(words_of(state).of_finding));
}

Mark level_mark(std::string_view level) {
  const std::string word(level.empty() ? "not rated" : level);
  if (level == "serious") return {Tone::serious, "◆", word};
  if (level == "high") return {Tone::high, "▲", word};
  if (level == "medium") return {Tone::medium, "■", word};
  if (level == "low") return {Tone::low, "●", word};
  return {Tone::neutral, "○", word};
}

Mark severity_mark(std::string_view word) {
  if (word == "critical") return {Tone::serious, "◆", "critical"};
  if (word == "none") return {Tone::neutral, "–", "none"};
  if (word.empty() || word == "unknown") return {Tone::neutral, "○", "unknown"};
  return level_mark(word);
}

std::vector<State> states_by_badness() {
  std::vector<State> states;
  for (std::size_t i = 0; i < state_words.size(); ++i)
    states.push_back(static_cast<State>(i));
  std::ranges::sort(states, [](State a, State b) { return a != b && worse(a, b) == a; });
  return states;
}

std::string percent(double share) {
  const double value = share * 100;
  if (value != 0 && std::abs(value) < 1) return fmt::format("{:.3f} %", value);
  return fmt::format("{:.1f} %", value);
}

std::string percent(const Interval& interval) {
  return percent(interval.low) + " to " + percent(interval.high);
}

std::string number(double value) {
  return fmt::format("{}", value);
}

std::string probability(double value) {
  constexpr double plain_from = 1e-4;
  if (value == 0) return "0";
  if (value >= 0.995) return fmt::format("{:.3f}", value);
  return value >= plain_from ? fmt::format("{:.2g}", value) : fmt::format("{:.1e}", value);
}

std::string count(std::int64_t value) {
  const std::string digits = std::to_string(value);
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const std::size_t left = digits.size() - i;
    if (i > 0 && left % 3 == 0 && digits[i - 1] != '-') grouped += "\xC2\xA0";
    grouped += digits[i];
  }
  return grouped;
}

std::string count_of(std::int64_t value, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count(value), value == 1 ? one : many);
}

std::string short_title(const LegalView& law, std::string_view act) {
  for (const ActReference& reference : law.acts)
    if (reference.id == act && !reference.short_title.empty()) return reference.short_title;
  if (act == "eu-2024-2847") return "CRA";
  if (act == "eu-2024-1689") return "AI Act";
  if (act == "eu-2022-2555") return "NIS2";
  return std::string(act);
}

std::string cite(const LegalView& law, std::string_view act, std::string_view path) {
  const Citation citation = citation_of(path, act);
  return to_text(citation, short_title(law, citation.act));
}

std::string cites(const LegalView& law,
                  std::string_view act,
                  const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) {
    if (!text.empty()) text += ", ";
    text += cite(law, act, path);
  }
  return text.empty() ? "-" : text;
}

bool has_code(const std::vector<std::string>& codes, std::string_view start) {
  return std::ranges::any_of(codes,
                             [&](const std::string& code) { return code.starts_with(start); });
}

Line digest(const std::string& sha256) {
  if (sha256.empty()) return Line{mark(State::not_checked, "no digest")};
  return Line{Code{sha256}};
}

Line given(const std::string& text) {
  if (text.empty()) return Line{mark(State::human, "not given")};
  return Line{Foreign{text}};
}

Line stacked(const std::vector<Line>& lines) {
  if (lines.empty()) return "-";
  Line all;
  for (const Line& line : lines) {
    if (!all.is_empty()) all.add(Break{});
    all.append(line);
  }
  return all;
}

Line stacked(const std::vector<std::string>& texts) {
  std::vector<Line> lines;
  for (const std::string& text : texts)
    lines.emplace_back(Foreign{text});
  return stacked(lines);
}

}  // namespace lockstep::documents
