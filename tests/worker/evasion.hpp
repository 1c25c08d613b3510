// SPDX-License-Identifier: Apache-2.0
// What tests of attacks share.
#pragma once

#include <ATen/ATen.h>
#include <algorithm>
#include <gtest/gtest.h>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "ai/worker/data/samples.hpp"
#include "ai/worker/evasion/attack.hpp"
#include "ai/worker/evasion/search.hpp"
#include "base/random.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai::test {

/// Random samples, labelled by the net itself, so that it is right about all of them.
inline Samples samples_for(const Classifier& net, std::int64_t count, std::int64_t width) {
  at::Tensor x = at::empty({count, width});
  for (std::int64_t i = 0; i < count; ++i) {
    Random random(RandomKey{3, 9, 0, static_cast<std::uint32_t>(i)});
    for (std::int64_t k = 0; k < width; ++k)
      x.data_ptr<float>()[i * width + k] = static_cast<float>(random.uniform());
  }
  return {x, net.logits(x)->argmax(1)};
}

/// "apgd_ce" for the row "apgd-ce", of a test that is run for each attack.
inline std::string name_of_row(const testing::TestParamInfo<std::string>& row) {
  std::string name = row.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

/// The attacks on nets that need no description of a table's columns (table_attack_test.cpp has the
/// others), but for those that are named.
inline std::vector<std::string> attacks_but(std::initializer_list<std::string_view> others = {}) {
  std::vector<std::string> names;
  for (const AttackRow& row : attacks())
    if (!row.needs_table && std::ranges::find(others, row.name) == others.end())
      names.emplace_back(row.name);
  return names;
}

inline Points points_of(const Samples& samples) {
  Points points{samples.x, samples.y, {}};
  for (std::int64_t i = 0; i < samples.count(); ++i)
    points.index.push_back(i);
  return points;
}

inline std::vector<std::int64_t> all_of(const Samples& samples) {
  return points_of(samples).index;
}

/// The candidates of an attack of either kind.
inline at::Tensor candidates_of(const Classifier& net,
                                const AttackRow& row,
                                const AttackOptions& options,
                                const Points& points,
                                const Threat& threat,
                                int threads) {
  Progress quiet;
  if (row.search != nullptr) {
    const auto found = run_searches(net, points, threat, options, row.search, threads, quiet);
    EXPECT_TRUE(found.has_value());
    EXPECT_GT(found->forward, 0);
    return found->candidates;
  }
  Oracle oracle(net);
  const auto candidates = row.make(options)->propose(oracle, points, threat);
  EXPECT_TRUE(candidates.has_value());
  EXPECT_GT(oracle.forward(), 0);
  return *candidates;
}

inline std::string_view name_of(Norm norm) {
  return norm == Norm::linf ? "linf" : norm == Norm::l2 ? "l2" : "l1";
}

/// The threats whose norm the attack can measure changes in.
inline std::vector<Threat> threats_for(const AttackRow& row,
                                       double epsilon_linf,
                                       double epsilon_l2,
                                       double epsilon_l1) {
  std::vector<Threat> threats;
  for (const Threat& threat : {Threat{Norm::linf, epsilon_linf}, Threat{Norm::l2, epsilon_l2},
                               Threat{Norm::l1, epsilon_l1}})
    if (takes_norm(row, name_of(threat.norm))) threats.push_back(threat);
  return threats;
}

}  // namespace lockstep::ai::test
