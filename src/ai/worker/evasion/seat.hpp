// SPDX-License-Identifier: Apache-2.0
// Attacks written for one sample. An attack is a coroutine that looks at one sample and asks the
// net as if nobody else did:
//
//     Search<> climb(Seat& seat) {
//       std::vector<float> x = ...;
//       const Answer answer = co_await seat.ask(x, cross_entropy_loss);
//       ...
//     }
//
// search.hpp runs many of them together.
#pragma once

#include <array>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "ai/worker/evasion/threat.hpp"
#include "ai/worker/nets/loss.hpp"

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

/// After how many questions it is noted how near a search has come.
inline constexpr std::array<std::int64_t, 3> question_marks{1000, 5000, 25'000};

/// How a search for the nearest point went.
struct Trace {
  static constexpr double none = std::numeric_limits<double>::infinity();

  double nearest = none;                          ///< distance of the last offer
  std::array<double, 3> after{none, none, none};  ///< the same after each of `question_marks`
  std::int64_t asked = 0;                         ///< rows
  bool is_exhausted = false;                      ///< all that could be asked was, to no avail
};

/// A smaller lead of a wrong class may be lost when it is looked at again.
inline constexpr float clear_lead = 1e-4F;

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
  Ask ask(std::span<const float> rows, Loss loss = nullptr) { return ask(rows, loss, wanted); }

  /// The same towards another class than the one that is wanted. @param target a class, or -1
  Ask ask(std::span<const float> rows, Loss loss, std::int64_t target) {
    question_ = rows;
    loss_ = loss;
    target_ = target;
    targets_ = {};
    trace_.asked += static_cast<std::int64_t>(rows.size() / x.size());
    return {*this};
  }

  /// The same with a target for each row. @param targets [rows], to be kept until the answer
  Ask ask(std::span<const float> rows, Loss loss, std::span<const std::int64_t> targets) {
    Ask question = ask(rows, loss);
    targets_ = targets;
    return question;
  }

  /// The attack's answer so far: a candidate.
  void offer(std::span<const float> candidate) {
    candidate_.assign(candidate.begin(), candidate.end());
    has_offer_ = true;
  }

  /// Looks at a row of an answer. Offers what was asked when the net is wrong there. Says whether
  /// the search is over: another class leads by more than rounding could take back.
  bool is_broken(const Answer& answer, std::span<const float> asked, std::int64_t row = 0);

  /// Says that there is nothing within the threat that was not asked about, and the net was right
  /// by more than rounding each time.
  void exhaust() { trace_.is_exhausted = true; }

  /// For attacks whose goal is the nearest point. Looks at a row of an answer: offers what was
  /// asked when the net is wrong there and it is nearer than what was offered so far. Says whether
  /// the net is wrong.
  bool offer_nearer(const Answer& answer, std::span<const float> asked, std::int64_t row = 0);

  /// How far the best wrong class is above the right one in a row of an answer, or the wanted class
  /// above all others.
  float lead_of(const Answer& answer, std::int64_t row = 0) const {
    return lead(answer.logits + row * answer.classes, answer.classes, right, wanted);
  }

  /// Whether the net is wrong about a row of an answer, or says the wanted class.
  bool is_wrong(const Answer& answer, std::int64_t row = 0) const {
    return lead_of(answer, row) > 0;
  }

  /// How far the nearest offer is, in the norm; infinite before the first.
  double nearest() const { return trace_.nearest; }

  /// The nearest offer. @pre there is one
  std::span<const float> nearest_point() const { return candidate_; }

  /// How many rows were asked so far.
  std::int64_t asked() const { return trace_.asked; }

  std::vector<float> x;             ///< the sample
  std::vector<std::int64_t> shape;  ///< of the sample: [channels, height, width] for an image
  std::int64_t right = 0;           ///< its class
  std::int64_t wanted = -1;         ///< the class to reach; -1 where any wrong one will do
  std::vector<float> start;         ///< an input of that class; empty when there is none
  std::uint32_t index = 0;          ///< in the data set
  Threat threat;
  AttackOptions options;

  std::int64_t features() const { return static_cast<std::int64_t>(x.size()); }

 private:
  friend class Table;
  std::span<const float> question_;
  Loss loss_ = nullptr;
  std::int64_t target_ = -1;
  std::span<const std::int64_t> targets_;
  Trace trace_;
  Answer answer_;
  std::coroutine_handle<> asker_;
  std::vector<float> candidate_;
  bool has_offer_ = false;
};

}  // namespace lockstep::ai
