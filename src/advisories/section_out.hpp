// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/spill_file.hpp"

namespace lockstep::advisories {

/// One section of an index on its way: in memory while it is small, then in a nameless file.
class SectionOut {
 public:
  /// @param folder "" to keep all in memory
  explicit SectionOut(std::string folder) : folder_(std::move(folder)) {}

  /// What is appended to directly; `settle` is to be called now and then.
  std::string& tail() { return tail_; }

  /// Moves a large tail to the file. Errors: file.unwritable.
  Result<> settle();

  std::uint64_t size() const { return (file_ ? file_->size() : 0) + tail_.size(); }

  /// All bytes, in pieces. Errors: file.unreadable, file.unwritable, those of `take`.
  Result<> read(const std::function<Result<>(std::string_view)>& take);

 private:
  std::string folder_;
  std::string tail_;
  std::optional<SpillFile> file_;
};

}  // namespace lockstep::advisories
