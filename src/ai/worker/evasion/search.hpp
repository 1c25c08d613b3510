// SPDX-License-Identifier: Apache-2.0
// Attacks written for one sample, run for many. An attack is a coroutine that looks at one sample
// and asks the net as if nobody else did:
//
//     Search<> climb(Seat& seat) {
//       std::vector<float> x = ...;
//       const Answer answer = co_await seat.ask(x, cross_entropy_loss);
//       ...
//     }
//
// run_searches keeps some dozens of them going, puts their questions together into batches, and
// lets each go on with its own answer. A sample that is done makes room for the next, so batches
// stay full to the end; samples may be at different steps, restarts and targets; and no sample can
// depend on another, because none is in sight.
#pragma once

#include <ATen/core/Tensor.h>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include "ai/worker/evasion/attack.hpp"
#include "ai/worker/nets/loss.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// A coroutine that ends with a T. Awaiting it runs it to its end, over all its questions.
template <typename T>
class Search {
 public:
  struct promise_type {
    T value{};
    std::exception_ptr trouble;
    std::coroutine_handle<> caller;

    struct Return {
      bool await_ready() noexcept { return false; }

      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        return self.promise().caller ? self.promise().caller : std::noop_coroutine();
      }

      void await_resume() noexcept {}
    };

    Search get_return_object() {
      return Search(std::coroutine_handle<promise_type>::from_promise(*this));
    }

    std::suspend_always initial_suspend() noexcept { return {}; }

    Return final_suspend() noexcept { return {}; }

    void return_value(T result) { value = std::move(result); }

    void unhandled_exception() { trouble = std::current_exception(); }
  };

  Search(Search&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}

  Search& operator=(Search&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  ~Search() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }

  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
    handle_.promise().caller = caller;
    return handle_;
  }

  T await_resume() {
    if (handle_.promise().trouble) std::rethrow_exception(handle_.promise().trouble);
    return std::move(handle_.promise().value);
  }

  std::coroutine_handle<> handle() const { return handle_; }

  bool is_done() const { return handle_.done(); }

 private:
  explicit Search(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

/// What the net says to a question; valid until the seat's next one.
struct Answer {
  const float* logits = nullptr;    ///< [rows][classes]
  const float* gradient = nullptr;  ///< [rows][features]; null unless a loss was given
  const float* losses = nullptr;    ///< [rows]; null unless a loss was given
  std::int64_t classes = 0;
};

/// One sample, and its line to the net.
class Seat {
 public:
  struct Ask {
    Seat& seat;

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> asker) noexcept { seat.asker_ = asker; }

    Answer await_resume() const noexcept { return seat.answer_; }
  };

  /// @param rows [rows][features], to be kept until the answer; @param loss null: class scores only
  Ask ask(std::span<const float> rows, Loss loss = nullptr, std::int64_t target = 0) {
    question_ = rows;
    loss_ = loss;
    target_ = target;
    return {*this};
  }

  /// The attack's answer so far: a candidate.
  void offer(std::span<const float> candidate) {
    candidate_.assign(candidate.begin(), candidate.end());
    has_offer_ = true;
  }

  /// Looks at the first row of an answer to `asked`. Offers it when the net is wrong there. Says
  /// whether the search is over: another class leads by more than rounding could take back.
  bool is_broken(const Answer& answer, std::span<const float> asked);

  std::vector<float> x;             ///< the sample
  std::vector<std::int64_t> shape;  ///< of the sample: [channels, height, width] for an image
  std::int64_t right = 0;           ///< its class
  std::uint32_t index = 0;          ///< in the data set
  Threat threat;
  AttackOptions options;

  std::int64_t features() const { return static_cast<std::int64_t>(x.size()); }

 private:
  friend class Table;
  std::span<const float> question_;
  Loss loss_ = nullptr;
  std::int64_t target_ = 0;
  Answer answer_;
  std::coroutine_handle<> asker_;
  std::vector<float> candidate_;
  bool has_offer_ = false;
};

/// What searches brought, and what they cost.
struct Found {
  at::Tensor candidates;  ///< [points, ...]; the sample itself where a search offered nothing
  std::int64_t forward = 0;
  std::int64_t backward = 0;
};

/// Runs one search for each point. Threads take the next point from one list. Where LibTorch
/// answers, whose numbers depend on the batch, each fixed part of the points is one thread's own,
/// so that the number of threads changes nothing.
Result<Found> run_searches(const Classifier& classifier,
                           const Points& points,
                           const Threat& threat,
                           const AttackOptions& options,
                           SearchFunction search,
                           int threads,
                           Progress& progress);

}  // namespace lockstep::ai
