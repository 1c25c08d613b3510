// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attack.hpp"

#include <algorithm>
#include <array>

#include "ai/worker/evasion/fgsm.hpp"
#include "ai/worker/evasion/noise.hpp"
#include "ai/worker/evasion/pgd.hpp"

namespace lockstep::ai {
namespace {

constinit const std::array<AttackRow, 3> rows{{
    {"fgsm", "Goodfellow, Shlens and Szegedy 2015, arXiv 1412.6572", true, make_fgsm},
    {"pgd", "Madry et al. 2018, arXiv 1706.06083", true, make_pgd},
    {"noise", "Carlini et al. 2019, arXiv 1902.06705, section 4", false, make_noise},
}};

}  // namespace

std::span<const AttackRow> attacks() {
  return rows;
}

const AttackRow* find_attack(std::string_view name) {
  const auto row = std::ranges::find(rows, name, &AttackRow::name);
  return row == rows.end() ? nullptr : &*row;
}

Points Points::at(const at::Tensor& places) const {
  Points chosen{x.index_select(0, places), y.index_select(0, places), {}};
  const at::Tensor list = places.contiguous();
  for (std::int64_t i = 0; i < list.size(0); ++i)
    chosen.index.push_back(index[static_cast<std::size_t>(list.data_ptr<std::int64_t>()[i])]);
  return chosen;
}

Result<at::Tensor> Oracle::logits(const at::Tensor& x) {
  forward_ += x.size(0);
  return classifier_.logits(x);
}

Result<Classifier::Gradient> Oracle::gradient(const at::Tensor& x, const at::Tensor& y) {
  forward_ += x.size(0);
  backward_ += x.size(0);
  return classifier_.gradient(x, y);
}

at::Tensor is_fooled(const at::Tensor& logits, const at::Tensor& y) {
  return logits.argmax(1).ne(y);
}

}  // namespace lockstep::ai
