// SPDX-License-Identifier: Apache-2.0
// Tokens are flipped one by one, each time the one that the gradient promises most of: with the
// gradient g of a loss by the row of a token, another token with row e' instead of e changes the
// loss by about g (e' - e). For each wrong class the most promising flips are tried; the best is
// kept.
//
//     {"the", "film", "was", "good"}   ->   {"the", "film", "was", "goof"}
//
// The paper bounds the change by the meaning of words; here the number of flips is the bound, and
// whether a person reads the same is not looked at.
//
// Source: Ebrahimi et al. 2018, "HotFlip", arXiv 1712.06751.
#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "ai/worker/evasion/attacks/text_attacks.hpp"
#include "ai/worker/nets/loss.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

constexpr std::int64_t classes_most = 9;  ///< wrong classes that are climbed to
constexpr std::int64_t tried_most = 8;    ///< flips towards each

struct Flip {
  std::int64_t place = 0;
  std::int64_t token = 0;

  auto operator<=>(const Flip&) const = default;
};

/// Where tokens may be flipped, and which tokens may stand there: -inf elsewhere.
/// [places, tokens], to be added to what flips promise
at::Tensor barred(const TextSeat& seat, const std::vector<std::int64_t>& input) {
  const Tokenizer& tokenizer = seat.tokenizer;
  const std::int64_t tokens = tokenizer.vocabulary().size();
  constexpr float never = -std::numeric_limits<float>::infinity();
  at::Tensor begins = at::full({tokens}, never);
  at::Tensor continues = at::full({tokens}, never);
  for (std::int64_t id = 0; id < tokens; ++id)
    if (tokenizer.is_plain(id))
      (tokenizer.is_continuation(id) ? continues : begins).data_ptr<float>()[id] = 0;
  at::Tensor bars = at::full({std::ssize(input), tokens}, never);
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (!tokenizer.is_plain(input[i]) || input[i] != seat.original.input[i]) continue;
    const auto place = static_cast<std::int64_t>(i);
    bars[place].copy_(tokenizer.is_continuation(input[i]) ? continues : begins);
    bars[place][input[i]] = never;
  }
  return bars;
}

/// The flips that the gradient promises most of, for each wrong class.
Result<std::set<Flip>> promising(TextSeat& seat, const TextSample& now) {
  TRY(const at::Tensor logits, seat.model.logits({&now, 1}));
  seat.forward += 1;
  const at::Tensor z = logits.contiguous();
  std::vector<std::int64_t> wrong(classes_most);
  wrong.resize(static_cast<std::size_t>(
      best_wrong(z.data_ptr<float>(), z.size(1), seat.right, classes_most, wrong.data())));
  const std::vector<TextSample> copies(wrong.size(), now);
  const ScoreLoss loss = [&](std::int64_t first, std::int64_t count, std::int64_t classes,
                             const float* scores, float* dz) {
    for (std::int64_t i = 0; i < count; ++i)
      (void)difference_loss(scores + i * classes, classes, seat.right,
                            wrong[static_cast<std::size_t>(first + i)], dz + i * classes);
  };
  TRY(const TextModel::Gradient gradient, seat.model.gradient(copies, loss));
  seat.forward += std::ssize(copies);
  seat.backward += std::ssize(copies);
  const at::Tensor table = seat.model.embedding().narrow(0, 0, seat.tokenizer.vocabulary().size());
  const at::Tensor bars = barred(seat, now.input);
  const at::Tensor input = at::tensor(now.input, at::kLong);
  std::set<Flip> flips;
  for (std::int64_t c = 0; c < std::ssize(wrong); ++c) {
    const at::Tensor slope = gradient.embedded[c];               // [places, features]
    const at::Tensor gain = slope.matmul(table.t());             // [places, tokens]
    const at::Tensor here = gain.gather(1, input.unsqueeze(1));  // [places, 1]
    const at::Tensor promised = (gain - here + bars).reshape(-1);
    const auto [best, places] = promised.topk(std::min(tried_most, promised.size(0)));
    for (std::int64_t k = 0; k < best.size(0); ++k)
      if (std::isfinite(best[k].item<float>())) {
        const auto at = places[k].item<std::int64_t>();
        flips.insert({at / table.size(0), at % table.size(0)});
      }
  }
  return flips;
}

}  // namespace

Result<std::optional<TextSample>> search_hotflip(TextSeat& seat) {
  TextSample now = seat.original;
  for (std::int64_t edit = 0; edit < seat.budget; ++edit) {
    TRY(const std::set<Flip> flips, promising(seat, now));
    std::vector<TextSample> tried;
    for (const Flip& flip : flips) {
      tried.push_back({{}, now.input});
      tried.back().input[static_cast<std::size_t>(flip.place)] = flip.token;
    }
    if (tried.empty()) break;
    TRY(const std::vector<float> leads, seat.leads_of(tried));
    const auto best = static_cast<std::size_t>(std::ranges::max_element(leads) - leads.begin());
    now = std::move(tried[best]);
    if (leads[best] <= 0) continue;
    now.text = seat.tokenizer.text_of(now.input);
    return std::optional(std::move(now));
  }
  return std::optional<TextSample>();
}

Result<std::optional<TextSample>> search_random_tokens(TextSeat& seat) {
  constexpr std::uint32_t draws = 20;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < seat.original.input.size(); ++i)
    if (seat.tokenizer.is_plain(seat.original.input[i])) places.push_back(i);
  if (places.empty()) return std::optional<TextSample>();
  std::vector<TextSample> tried;
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    Random random(RandomKey{seat.seed, stream_of("random-tokens"), draw, seat.index});
    TextSample& one = tried.emplace_back(TextSample{{}, seat.original.input});
    for (std::int64_t edit = 0; edit < seat.budget; ++edit) {
      const std::size_t place = places[random.below(static_cast<std::uint32_t>(places.size()))];
      const std::int64_t token =
          random.below(static_cast<std::uint32_t>(seat.tokenizer.vocabulary().size()));
      if (seat.tokenizer.is_plain(token)) one.input[place] = token;
    }
  }
  TRY(const std::vector<float> leads, seat.leads_of(tried));
  const auto best = static_cast<std::size_t>(std::ranges::max_element(leads) - leads.begin());
  if (leads[best] <= 0) return std::optional<TextSample>();
  tried[best].text = seat.tokenizer.text_of(tried[best].input);
  return std::optional(std::move(tried[best]));
}

}  // namespace lockstep::ai
