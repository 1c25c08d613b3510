// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace lockstep::ai {

/// Work that threads hand to one another once no new work comes: who has none left waits here for a
/// part of what another one has, until all of them wait.
template <typename Item>
class Handover {
 public:
  /// A thread that has work, or asks for some, from its making to its end.
  class Visit {
   public:
    explicit Visit(Handover& handover) : handover_(handover) {
      const std::lock_guard lock(handover_.mutex_);
      ++handover_.inside_;
    }

    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    ~Visit() {
      const std::lock_guard lock(handover_.mutex_);
      --handover_.inside_;
      handover_.end_if_all_wait();
    }

    /// Whether another thread waits for items.
    bool is_asked() const { return handover_.asking_.load(std::memory_order_relaxed) > 0; }

    /// For one of the threads that wait.
    void give(std::vector<Item> items) {
      const std::lock_guard lock(handover_.mutex_);
      handover_.given_.push_back(std::move(items));
      --handover_.asking_;
      handover_.change_.notify_one();
    }

    /// Waits for items. Nothing once all threads wait.
    std::vector<Item> take() {
      std::unique_lock lock(handover_.mutex_);
      ++handover_.waiting_;
      ++handover_.asking_;
      handover_.end_if_all_wait();
      handover_.change_.wait(lock,
                             [this] { return handover_.is_over_ || !handover_.given_.empty(); });
      --handover_.waiting_;
      if (handover_.given_.empty()) return {};
      std::vector<Item> items = std::move(handover_.given_.front());
      handover_.given_.pop_front();
      return items;
    }

   private:
    Handover& handover_;
  };

 private:
  void end_if_all_wait() {
    if (waiting_ < inside_ || !given_.empty()) return;
    is_over_ = true;
    change_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable change_;
  std::deque<std::vector<Item>> given_;  ///< and not taken yet
  std::size_t inside_ = 0;
  std::size_t waiting_ = 0;
  std::atomic<std::ptrdiff_t> asking_ = 0;  ///< that wait, less what was given
  bool is_over_ = false;
};

}  // namespace lockstep::ai
