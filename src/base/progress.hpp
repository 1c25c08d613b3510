// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace lockstep {

/// How long work tells a person where it stands. The default says nothing.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;

  /// A new stage begins; `total` units of `what`, or 0 when unknown.
  virtual void stage(std::string_view /*what*/, std::uint64_t /*total*/) {}

  /// `done` units of the current stage are finished.
  virtual void advance(std::uint64_t /*done*/) {}

  /// Whether the person asked to stop (Ctrl-C). Long loops look at it and return an Error of kind
  /// `interrupted`.
  virtual bool is_cancelled() const { return false; }
};

}  // namespace lockstep
