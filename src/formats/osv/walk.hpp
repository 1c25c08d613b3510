// SPDX-License-Identifier: Apache-2.0
// The place that a reader has reached in a record, and the problems that it met there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"

namespace lockstep::formats::osv {

/// A path of members and elements below the top of a document, kept while a reader walks it.
class Walk {
 public:
  void enter(std::string_view member) { push({member, 0}); }

  void enter(std::size_t element) { push({{}, element}); }

  void leave() { --depth_; }

  void error(std::string_view code, std::string message) {
    add(Severity::error, code, std::move(message));
  }

  void warning(std::string_view code, std::string message) {
    add(Severity::warning, code, std::move(message));
  }

  /// Hands the problems over, each with its path in the message and its line and column, which are
  /// looked up in `bytes` only now. Forgets them.
  /// @param more the code of the note about problems that were not kept
  void report(std::string_view bytes,
              const std::string& file,
              Diagnostics& problems,
              std::string_view more = "osv.more");

 private:
  struct Step {
    std::string_view member;  ///< empty for an element
    std::size_t element = 0;
  };

  struct Found {
    Diagnostic diagnostic;
    std::vector<std::pair<std::string, std::size_t>> path;
  };

  /// SPEED: a walk takes many steps and meets few problems; the steps stay where they are.
  void push(Step step) {
    if (depth_ == steps_.size()) steps_.resize(2 * depth_ + 16);
    steps_[depth_++] = step;
  }

  void add(Severity severity, std::string_view code, std::string message);

  std::vector<Step> steps_;
  std::size_t depth_ = 0;
  std::vector<Found> found_;
  std::size_t dropped_ = 0;
};

/// Walks into a member or element for one block.
class Inside {
 public:
  template <typename Step>
  Inside(Walk& walk, Step step) : walk_(walk) {
    walk_.enter(step);
  }

  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  ~Inside() { walk_.leave(); }

 private:
  Walk& walk_;
};

}  // namespace lockstep::formats::osv
