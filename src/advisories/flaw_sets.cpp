// SPDX-License-Identifier: Apache-2.0
#include "advisories/flaw_sets.hpp"

#include <algorithm>
#include <limits>

#include "advisories/bytes.hpp"
#include "advisories/flaw_order.hpp"

namespace lockstep::advisories {

namespace {

/// Numbers in lists that are chained through one table: for each of many owners its numbers,
/// ascending when they are added from the greatest down.
class Chains {
 public:
  Chains(std::size_t owners, std::size_t numbers) : heads_(owners, none), nexts_(numbers, none) {}

  void put_first(std::uint32_t owner, std::uint32_t number) {
    nexts_[number] = heads_[owner];
    heads_[owner] = number;
  }

  template <typename Visit>
  void walk(std::uint32_t owner, const Visit& visit) const {
    for (std::uint32_t at = heads_[owner]; at != none; at = nexts_[at])
      visit(at);
  }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> heads_;
  std::vector<std::uint32_t> nexts_;
};

}  // namespace

void FlawSets::add(const RecordFront& front) {
  const std::uint32_t self = ids_.number_of(front.id);
  records_.push_back(self);
  if (front.is_withdrawn) return;
  BlobReader aliases(front.aliases);
  for (std::size_t left = aliases.elements(); left > 0; --left)
    ids_.join(self, ids_.number_of(aliases.text()));
}

void FlawSets::join_if_known(std::string_view known, std::string_view other) {
  const auto found = ids_.find(known);
  if (found) ids_.join(*found, ids_.number_of(other));
}

Result<> FlawSets::write(SectionOut& record_flaws, SectionOut& flaw_table, SectionOut& flaws) {
  constexpr std::uint32_t unplaced = std::numeric_limits<std::uint32_t>::max();
  const auto count = static_cast<std::uint32_t>(records_.size());
  Chains members(ids_.size(), ids_.size());
  for (std::uint32_t id = ids_.size(); id-- > 0;)
    members.put_first(ids_.root(id), id);
  Chains records(ids_.size(), count);
  for (std::uint32_t number = count; number-- > 0;)
    records.put_first(ids_.root(records_[number]), number);
  std::vector<std::uint32_t> flaw_of_root(ids_.size(), unplaced);
  std::uint32_t next = 0;
  BlobWriter flaw;
  std::vector<std::string_view> texts;
  std::vector<std::uint32_t> numbers;
  for (const std::uint32_t id : records_) {
    const std::uint32_t root = ids_.root(id);
    if (flaw_of_root[root] == unplaced) {
      flaw_of_root[root] = next++;
      texts.clear();
      members.walk(root, [&](std::uint32_t member) { texts.push_back(ids_.text(member)); });
      if (texts.size() > 1) std::ranges::sort(texts, is_better_id);
      numbers.clear();
      records.walk(root, [&](std::uint32_t number) { numbers.push_back(number); });
      flaw.clear();
      flaw.count(texts.size());
      for (const std::string_view text : texts)
        flaw.text(text);
      flaw.count(numbers.size());
      for (const std::uint32_t number : numbers)
        flaw.count(number);
      put_u64(flaw_table.tail(), flaws.size());
      put_u32(flaw_table.tail(), static_cast<std::uint32_t>(flaw.bytes().size()));
      flaws.tail() += flaw.bytes();
      TRY_VOID(flaws.settle());
      TRY_VOID(flaw_table.settle());
    }
    put_u32(record_flaws.tail(), flaw_of_root[root]);
    TRY_VOID(record_flaws.settle());
  }
  return {};
}

}  // namespace lockstep::advisories
