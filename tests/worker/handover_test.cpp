// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/handover.hpp"

#include <gtest/gtest.h>
#include <thread>

#include "worker/evasion.hpp"

namespace lockstep::ai {
namespace {

using Counters = Handover<int*>;

TEST(Handover, OneAloneGetsNothing) {
  Counters handover;
  Counters::Visit visit(handover);
  EXPECT_FALSE(visit.is_asked());
  EXPECT_TRUE(visit.take().empty());
}

TEST(Handover, WhoLeavesKeepsNobodyWaiting) {
  Counters handover;
  auto leaving = std::make_unique<Counters::Visit>(handover);
  std::jthread waiting([&] {
    Counters::Visit visit(handover);
    EXPECT_TRUE(visit.take().empty());
  });
  while (!leaving->is_asked())
    std::this_thread::yield();
  leaving.reset();  // as when its work failed
}

TEST(Handover, WhatIsGivenArrives) {
  Counters handover;
  int item = 0;
  // Whoever asks first gets it, be it the giver.
  const auto count_all = [](Counters::Visit& visit) {
    for (auto taken = visit.take(); !taken.empty(); taken = visit.take())
      for (int* one : taken)
        ++*one;
  };
  {
    auto giving = std::make_unique<Counters::Visit>(handover);
    const std::jthread waiting([&] {
      Counters::Visit visit(handover);
      count_all(visit);
    });
    while (!giving->is_asked())
      std::this_thread::yield();
    giving->give({&item});
    count_all(*giving);
    giving.reset();
  }
  EXPECT_EQ(item, 1);
}

// One thread begins with all of the work; each item is done as often as it asks for, whoever does
// it, and all threads come to an end.
TEST(Handover, AllWorkIsDoneByWhoeverHasTime) {
  constexpr int threads = 4;
  for (int round = 0; round < 50; ++round) {
    Counters handover;
    std::vector<int> left(97);
    for (std::size_t i = 0; i < left.size(); ++i)
      left[i] = static_cast<int>(i * i % 400);
    const auto run = [&](bool begins) {
      Counters::Visit visit(handover);
      std::vector<int*> mine;
      if (begins)
        for (int& one : left)
          mine.push_back(&one);
      while (true) {
        if (mine.empty()) mine = visit.take();
        if (mine.empty()) return;
        for (int* one : mine)
          --*one;
        std::erase_if(mine, [](const int* one) { return *one <= 0; });
        if (!visit.is_asked() || mine.size() < 2) continue;
        const auto middle = mine.begin() + static_cast<std::ptrdiff_t>(mine.size() / 2);
        visit.give({middle, mine.end()});
        mine.erase(middle, mine.end());
      }
    };
    {
      std::vector<std::jthread> others;
      for (int i = 1; i < threads; ++i)
        others.emplace_back(run, false);
      run(true);
    }
    for (std::size_t i = 0; i < left.size(); ++i)
      EXPECT_EQ(left[i], i * i % 400 == 0 ? -1 : 0) << i;
  }
}

/// Asks the oftener the later its sample comes: the last ones go on long after the others.
Search<bool> search_unevenly(Seat& seat) {
  const int questions = 1 + static_cast<int>(seat.index) * 3;
  std::vector<float> x = seat.x;
  for (int i = 0; i < questions; ++i) {
    const Answer answer = co_await seat.ask(x, i % 3 == 0 ? cross_entropy_loss : nullptr);
    const float pull = answer.gradient == nullptr ? answer.logits[0] : answer.gradient[0];
    for (float& each : x)
      each += 1e-3F * pull;
    seat.offer(x);
  }
  co_return true;
}

TEST(Handover, SearchesOfUnequalLengthEndTheSameForAnyNumberOfThreads) {
  const Classifier net = test::classifier_of(test::mlp_model());
  ASSERT_TRUE(net.is_fused());
  const Points points = test::points_of(test::samples_for(net, 150, 16));
  const AttackOptions options{10, 1, true, true, 5};
  Progress quiet;
  const auto alone = run_searches(net, points, {Norm::linf, 1}, options, search_unevenly, 1, quiet);
  ASSERT_TRUE(alone.has_value());
  EXPECT_EQ(alone->forward, 150 + 3 * 149 * 150 / 2);
  for (const int threads : {2, 3, 7}) {
    const auto shared =
        run_searches(net, points, {Norm::linf, 1}, options, search_unevenly, threads, quiet);
    ASSERT_TRUE(shared.has_value());
    EXPECT_TRUE(shared->candidates.equal(alone->candidates)) << threads;
    EXPECT_EQ(shared->forward, alone->forward);
    EXPECT_EQ(shared->backward, alone->backward);
  }
}

Search<bool> search_in_vain(Seat& seat) {
  co_await seat.ask(seat.x);
  if (seat.index == 99) throw std::runtime_error("the last one stumbles");
  for (int i = 0; i < 20; ++i)
    co_await seat.ask(seat.x);
  co_return true;
}

TEST(Handover, ASearchThatFailsEndsAllThreads) {
  const Classifier net = test::classifier_of(test::mlp_model());
  const Points points = test::points_of(test::samples_for(net, 100, 16));
  Progress quiet;
  for (const int threads : {1, 2, 3}) {
    const auto found = run_searches(net, points, {Norm::linf, 1}, {10, 1, true, true, 5},
                                    search_in_vain, threads, quiet);
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code, "ai.attack");
  }
}

}  // namespace
}  // namespace lockstep::ai
