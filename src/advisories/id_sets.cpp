// SPDX-License-Identifier: Apache-2.0
#include "advisories/id_sets.hpp"

#include <algorithm>
#include <limits>

#include "advisories/index_layout.hpp"
#include "base/check.hpp"

namespace lockstep::advisories {

std::size_t IdSets::slot_of(std::string_view id) const {
  std::size_t slot = layout::hash_of(id) & (slots_.size() - 1);
  while (slots_[slot] != 0 && texts_[slots_[slot] - 1] != id)
    slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

/// At most half of the slots are taken.
void IdSets::grow() {
  if (2 * (texts_.size() + 1) < slots_.size()) return;
  slots_.assign(std::max<std::size_t>(1024, 2 * slots_.size()), 0);
  for (std::uint32_t number = 0; number < texts_.size(); ++number)
    slots_[slot_of(texts_[number])] = number + 1;
}

std::uint32_t IdSets::number_of(std::string_view id) {
  grow();
  const std::size_t slot = slot_of(id);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  constexpr std::size_t block_bytes = std::size_t{256} << 10U;
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < id.size())
    blocks_.emplace_back().reserve(std::max(block_bytes, id.size()));
  std::string& block = blocks_.back();
  block += id;
  LS_CHECK(texts_.size() < std::numeric_limits<std::uint32_t>::max() - 1, "too many ids");
  texts_.push_back(std::string_view(block).substr(block.size() - id.size()));
  parents_.push_back(static_cast<std::uint32_t>(parents_.size()));
  slots_[slot] = static_cast<std::uint32_t>(texts_.size());
  return parents_.back();
}

std::optional<std::uint32_t> IdSets::find(std::string_view id) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t found = slots_[slot_of(id)];
  return found == 0 ? std::nullopt : std::optional(found - 1);
}

std::uint32_t IdSets::root(std::uint32_t member) {
  while (parents_[member] != member) {
    parents_[member] = parents_[parents_[member]];
    member = parents_[member];
  }
  return member;
}

void IdSets::join(std::uint32_t a, std::uint32_t b) {
  a = root(a);
  b = root(b);
  parents_[std::max(a, b)] = std::min(a, b);
}

}  // namespace lockstep::advisories
