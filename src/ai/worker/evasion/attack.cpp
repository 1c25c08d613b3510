// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/attack.hpp"

#include <ATen/ops/nan_to_num.h>
#include <algorithm>
#include <array>

#include "ai/worker/evasion/attacks/attacks.hpp"
#include "ai/worker/evasion/row_loops.hpp"
#include "ai/worker/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constinit const std::array<AttackRow, 20> rows{{
    {"fgsm", "Goodfellow, Shlens and Szegedy 2015, arXiv 1412.6572", Sees::gradients, 1, make_fgsm},
    {"pgd", "Madry et al. 2018, arXiv 1706.06083", Sees::gradients, 40, make_pgd},
    {"mi-fgsm", "Dong et al. 2018, arXiv 1710.06081", Sees::gradients, 10, nullptr, search_mi_fgsm},
    {"apgd-ce", "Croce and Hein 2020, arXiv 2003.01690", Sees::gradients, 100, nullptr,
     search_apgd_ce},
    {"apgd-dlr", "Croce and Hein 2020, arXiv 2003.01690", Sees::gradients, 100, nullptr,
     search_apgd_dlr},
    {"apgd-t", "Croce and Hein 2020, arXiv 2003.01690", Sees::gradients, 100, nullptr,
     search_apgd_t, Goal::within, "linf l2 l1", false},
    {"fab-t", "Croce and Hein 2020, arXiv 1907.02044", Sees::gradients, 100, nullptr, search_fab_t,
     Goal::within, "linf l2 l1", false},
    {"deepfool", "Moosavi-Dezfooli et al. 2016, arXiv 1511.04599", Sees::gradients, 50, nullptr,
     search_deepfool, Goal::nearest, "l2 linf", false},
    {"ddn", "Rony et al. 2019, arXiv 1811.09600", Sees::gradients, 1000, nullptr, search_ddn,
     Goal::nearest, "l2"},
    {"fmn", "Pintor et al. 2021, arXiv 2102.12827", Sees::gradients, 1000, nullptr, search_fmn,
     Goal::nearest},
    {"cw", "Carlini and Wagner 2017, arXiv 1608.04644", Sees::gradients, 1000, nullptr, search_cw,
     Goal::nearest, "l2"},
    {"ead", "Chen et al. 2018, arXiv 1709.04114", Sees::gradients, 1000, nullptr, search_ead,
     Goal::nearest, "l1"},
    {"square", "Andriushchenko et al. 2020, arXiv 1912.00049", Sees::scores, 5000, nullptr,
     search_square},
    {"simba", "Guo et al. 2019, arXiv 1905.07121", Sees::scores, 5000, nullptr, search_simba,
     Goal::nearest, "l2"},
    {"hsj", "Chen, Jordan and Wainwright 2020, arXiv 1904.02144", Sees::decisions, 13'000, nullptr,
     search_hsj, Goal::nearest, "l2 linf"},
    {"boundary", "Brendel, Rauber and Bethge 2018, arXiv 1712.04248", Sees::decisions, 5000,
     nullptr, search_boundary, Goal::nearest, "l2"},
    {"rays", "Chen and Gu 2020, arXiv 2006.12792", Sees::decisions, 5000, nullptr, search_rays,
     Goal::nearest, "linf", false},
    {"capgd", "Simonetto, Ghamizi and Cordy 2024, arXiv 2406.00775", Sees::gradients, 10, nullptr,
     search_capgd, Goal::within, "linf l2", true, true},
    {"moeva", "Simonetto et al. 2022, arXiv 2112.01156", Sees::scores, 100, nullptr, search_moeva,
     Goal::within, "linf l2 l1", true, true},
    {"noise", "Carlini et al. 2019, arXiv 1902.06705, section 4", Sees::scores, 40, make_noise,
     nullptr, Goal::within, "linf l2 l1", false},
}};

struct Sequence {
  std::string_view name;

  struct Part {
    std::string_view attack;
    int restarts;
    int restarts_l1;
    int passes = 0;
  };

  std::vector<Part> parts;
};

const std::array<Sequence, 4>& sequences() {
  static const std::array<Sequence, 4> all{{
      {"autoattack", {{"apgd-ce", 1, 5}, {"apgd-t", 1, 1}, {"fab-t", 1, 1}, {"square", 1, 1}}},
      {"autoattack-plus",
       {{"apgd-ce", 5, 5},
        {"apgd-dlr", 5, 5},
        {"fab-t", 5, 5},
        {"square", 1, 1},
        {"apgd-t", 1, 1},
        {"fab-t", 1, 1}}},
      {"autoattack-rand", {{"apgd-ce", 1, 5, 20}, {"apgd-dlr", 1, 5, 20}}},
      {"caa", {{"capgd", 1, 1}, {"moeva", 1, 1}}},
  }};
  return all;
}

/// A slope that is no number leads nowhere, and one without end as far as any: what an attack makes
/// of it must stay an input.
at::Tensor finite(const at::Tensor& gradient) {
  // SPEED: almost all are finite already; nan_to_num made the whole of apgd-ce 7 % slower.
  if (gradient.scalar_type() == at::kFloat && gradient.is_contiguous() &&
      loops::is_finite(gradient.data_ptr<float>(), static_cast<std::size_t>(gradient.numel())))
    return gradient;
  return at::nan_to_num(gradient, 0, limits::magnitude, -limits::magnitude);
}

}  // namespace

std::span<const AttackRow> attacks() {
  return rows;
}

const AttackRow* find_attack(std::string_view name) {
  const auto row = std::ranges::find(rows, name, &AttackRow::name);
  return row == rows.end() ? nullptr : &*row;
}

bool takes_norm(const AttackRow& row, std::string_view norm) {
  return std::ranges::any_of(split(row.norms, ' '),
                             [&](std::string_view each) { return each == norm; });
}

std::vector<Stage> stages_of(std::string_view name, Norm norm) {
  if (const AttackRow* row = find_attack(name); row != nullptr) return {{row, 0}};
  const auto sequence = std::ranges::find(sequences(), name, &Sequence::name);
  std::vector<Stage> stages;
  if (sequence == sequences().end()) return stages;
  for (const Sequence::Part& part : sequence->parts)
    stages.push_back({find_attack(part.attack), norm == Norm::l1 ? part.restarts_l1 : part.restarts,
                      part.passes});
  return stages;
}

std::vector<std::string> attack_names() {
  std::vector<std::string> names;
  for (const AttackRow& row : rows)
    names.emplace_back(row.name);
  for (const Sequence& sequence : sequences())
    names.emplace_back(sequence.name);
  return names;
}

Points Points::at(const at::Tensor& places) const {
  Points chosen{x.index_select(0, places), y.index_select(0, places), {}};
  const at::Tensor list = places.contiguous();
  for (std::int64_t i = 0; i < list.size(0); ++i)
    chosen.index.push_back(index[static_cast<std::size_t>(list.data_ptr<std::int64_t>()[i])]);
  if (wanted.defined()) chosen.wanted = wanted.index_select(0, places);
  if (start.defined()) chosen.start = start.index_select(0, places);
  return chosen;
}

Points Points::one(std::int64_t place) const {
  Points chosen{
      x.narrow(0, place, 1), y.narrow(0, place, 1), {index[static_cast<std::size_t>(place)]}};
  if (wanted.defined()) chosen.wanted = wanted.narrow(0, place, 1);
  if (start.defined()) chosen.start = start.narrow(0, place, 1);
  return chosen;
}

Result<at::Tensor> Oracle::logits(const at::Tensor& x, const Draws& draws) {
  forward_ += x.size(0) * classifier_.passes(draws);
  return classifier_.logits(x, draws);
}

Result<Classifier::Gradient> Oracle::gradient(const at::Tensor& x, const Points& points) {
  Draws draws{seed_, stream_of("attack"), {}, {}, passes_};
  draws.samples.assign(points.index.begin(), points.index.end());
  draws.steps.assign(draws.samples.size(), asked_++);
  forward_ += x.size(0) * classifier_.passes(draws);
  backward_ += x.size(0) * classifier_.passes(draws);
  if (!points.wanted.defined()) {
    TRY(Classifier::Gradient gradient, classifier_.gradient(x, points.y, draws));
    gradient.input = finite(gradient.input);
    return gradient;
  }
  TRY(Classifier::Gradient gradient, classifier_.gradient(x, points.wanted, draws));
  gradient.input = finite(gradient.input).neg();
  return gradient;
}

Result<Classifier::Gradient> Oracle::gradient(const at::Tensor& x,
                                              const ScoreLoss& loss,
                                              const Draws& draws) {
  forward_ += x.size(0) * classifier_.passes(draws);
  backward_ += x.size(0) * classifier_.passes(draws);
  TRY(Classifier::Gradient gradient, classifier_.gradient(x, loss, draws));
  gradient.input = finite(gradient.input);
  return gradient;
}

at::Tensor is_fooled(const at::Tensor& logits, const at::Tensor& y) {
  return logits.argmax(1).ne(y).logical_or(logits.isnan().any(1));
}

at::Tensor is_reached(const at::Tensor& logits, const Points& points) {
  if (points.wanted.defined())
    return logits.argmax(1).eq(points.wanted).logical_and(logits.isnan().any(1).logical_not());
  return is_fooled(logits, points.y);
}

}  // namespace lockstep::ai
