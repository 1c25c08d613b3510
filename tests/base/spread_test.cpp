// SPDX-License-Identifier: Apache-2.0
#include "base/spread.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

namespace lockstep {
namespace {

/// Where a thread may run.
cpu_set_t cores_of(pthread_t thread) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  EXPECT_EQ(::pthread_getaffinity_np(thread, sizeof(cores), &cores), 0);
  return cores;
}

TEST(Spread, LeavesBothThreadsTheirCores) {
  const cpu_set_t before = cores_of(::pthread_self());
  std::atomic<bool> may_end = false;
  std::jthread started([&] { may_end.wait(false); });
  spread(started);
  const cpu_set_t of_started = cores_of(started.native_handle());
  const cpu_set_t after = cores_of(::pthread_self());
  EXPECT_TRUE(CPU_EQUAL(&before, &of_started));
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
  may_end = true;
  may_end.notify_one();
}

TEST(Spread, OfAThreadThatHasEndedNothingHappens) {
  const cpu_set_t before = cores_of(::pthread_self());
  for (int i = 0; i < 100; ++i) {
    std::atomic<bool> is_done = false;
    std::jthread started([&] { is_done = true; });
    while (!is_done)
      ::sched_yield();
    ::sched_yield();
    spread(started);
  }
  const cpu_set_t after = cores_of(::pthread_self());
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

TEST(Spread, OnOneCoreNothingHappens) {
  const cpu_set_t before = cores_of(::pthread_self());
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(::sched_getcpu()), &one);
  ASSERT_EQ(::pthread_setaffinity_np(::pthread_self(), sizeof(one), &one), 0);
  std::atomic<bool> may_end = false;
  std::jthread started([&] { may_end.wait(false); });
  spread(started);
  const cpu_set_t of_started = cores_of(started.native_handle());
  EXPECT_TRUE(CPU_EQUAL(&one, &of_started));
  may_end = true;
  may_end.notify_one();
  EXPECT_EQ(::pthread_setaffinity_np(::pthread_self(), sizeof(before), &before), 0);
}

}  // namespace
}  // namespace lockstep
