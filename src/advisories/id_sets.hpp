// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::advisories {

/// Ids with numbers, in sets that grow together (union-find). Some 50 bytes for each id.
class IdSets {
 public:
  /// The number of an id; a new one is a set of its own.
  std::uint32_t number_of(std::string_view id);
  std::optional<std::uint32_t> find(std::string_view id) const;

  void join(std::uint32_t a, std::uint32_t b);
  /// The number of the member that stands for the whole set.
  std::uint32_t root(std::uint32_t member);

  std::string_view text(std::uint32_t number) const { return texts_[number]; }

  std::uint32_t size() const { return static_cast<std::uint32_t>(texts_.size()); }

 private:
  /// Where the id stands, or the free slot where it would.
  std::size_t slot_of(std::string_view id) const;
  void grow();

  std::deque<std::string> blocks_;  ///< of texts; none ever grows past what it reserved
  std::vector<std::string_view> texts_;
  std::vector<std::uint32_t> parents_;
  std::vector<std::uint32_t> slots_;  ///< number plus one; 0 is free
};

}  // namespace lockstep::advisories
