// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "base/result.hpp"

namespace lockstep::advisories {

/// Walks sorted sources as one. A source has `Result<bool> next()`, which goes to its next item or
/// says that there is none, and `is_before(other)`, the order of the items they stand at.
template <typename Source>
class Merge {
 public:
  explicit Merge(std::vector<std::unique_ptr<Source>> sources) : sources_(std::move(sources)) {}

  /// The source with the next item; null at the end. The item is valid until the next call.
  Result<Source*> next() {
    if (!has_begun_) {
      has_begun_ = true;
      for (auto& source : sources_) {
        TRY(const bool has_item, source->next());
        if (has_item) heap_.push_back(source.get());
      }
      std::ranges::make_heap(heap_, is_later);
    } else if (!heap_.empty()) {
      // The item that was given last is done with: its source goes on.
      std::ranges::pop_heap(heap_, is_later);
      TRY(const bool has_item, heap_.back()->next());
      if (has_item) {
        std::ranges::push_heap(heap_, is_later);
      } else {
        heap_.pop_back();
      }
    }
    return heap_.empty() ? nullptr : heap_.front();
  }

 private:
  static bool is_later(const Source* a, const Source* b) { return b->is_before(*a); }

  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<Source*> heap_;
  bool has_begun_ = false;
};

}  // namespace lockstep::advisories
