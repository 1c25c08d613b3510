// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attacks/text_attacks.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "ai/worker/nets/loss.hpp"

namespace lockstep::ai {
namespace {

using Unit = TextAttackRow::Unit;

constexpr std::array<TextAttackRow, 4> rows{{
    {"hotflip", "Ebrahimi et al. 2018, arXiv 1712.06751", Sees::gradients, Unit::tokens,
     search_hotflip},
    {"deepwordbug", "Gao et al. 2018, arXiv 1801.04354", Sees::scores, Unit::characters,
     search_deepwordbug},
    {"random-tokens", "chance alone, to compare with", Sees::decisions, Unit::tokens,
     search_random_tokens},
    {"random-characters", "chance alone, to compare with", Sees::decisions, Unit::characters,
     search_random_characters},
}};

constexpr std::size_t rows_most = 256;  ///< of one question

}  // namespace

std::span<const TextAttackRow> text_attacks() {
  return rows;
}

const TextAttackRow* find_text_attack(std::string_view name) {
  const auto* const row = std::ranges::find(rows, name, &TextAttackRow::name);
  return row == rows.end() ? nullptr : row;
}

Result<std::vector<float>> TextSeat::leads_of(std::span<const TextSample> texts) {
  std::vector<float> leads;
  for (std::size_t first = 0; first < texts.size(); first += rows_most) {
    const auto part = texts.subspan(first, std::min(rows_most, texts.size() - first));
    TRY(const at::Tensor logits, model.logits(part));
    const at::Tensor z = logits.contiguous();
    forward += std::ssize(part);
    for (std::int64_t i = 0; i < z.size(0); ++i)
      leads.push_back(lead(z.data_ptr<float>() + i * z.size(1), z.size(1), right));
  }
  return leads;
}

TextSample TextSeat::sample_of(std::string text) const {
  TextSample sample{std::move(text), {}};
  sample.input = tokenizer.input_of(sample.text, std::ssize(original.input));
  return sample;
}

std::int64_t character_distance(std::span<const std::string_view> a,
                                std::span<const std::string_view> b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::int64_t> before(width);
  std::vector<std::int64_t> last(width);
  std::vector<std::int64_t> now(width);
  for (std::size_t j = 0; j < width; ++j)
    last[j] = static_cast<std::int64_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<std::int64_t>(i);
    for (std::size_t j = 1; j < width; ++j) {
      const bool is_same = a[i - 1] == b[j - 1];
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (is_same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::int64_t edits_between(const TextSample& from, const TextSample& to, Unit unit) {
  if (unit == Unit::tokens) {
    std::int64_t edits = std::abs(std::ssize(from.input) - std::ssize(to.input));
    for (std::size_t i = 0; i < std::min(from.input.size(), to.input.size()); ++i)
      edits += from.input[i] != to.input[i];
    return edits;
  }
  // What both begin and end with costs nothing, and makes the table small.
  const std::vector<std::string_view> before = characters_of(from.text);
  const std::vector<std::string_view> after = characters_of(to.text);
  std::span<const std::string_view> a = before;
  std::span<const std::string_view> b = after;
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a = a.subspan(1);
    b = b.subspan(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a = a.first(a.size() - 1);
    b = b.first(b.size() - 1);
  }
  return character_distance(a, b);
}

}  // namespace lockstep::ai
