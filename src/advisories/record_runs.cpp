// SPDX-License-Identifier: Apache-2.0
#include "advisories/record_runs.hpp"

#include <algorithm>
#include <memory>
#include <tuple>

#include "advisories/merge.hpp"
#include "base/check.hpp"

namespace lockstep::advisories {

namespace {

/// A record with its front, which decides the order.
struct Item {
  std::string_view bytes;
  RecordFront front;
};

Item item_of(std::string_view record) {
  auto front = decode_front(record);
  LS_CHECK(front.has_value(), "the builder cannot read its own record");
  return {record, *std::move(front)};
}

/// Of two records with one id the later one stays: the newer, then that with the greater digest.
/// The bytes come last, so that even two records with one digest have an order.
bool comes_before(const Item& a, const Item& b) {
  return std::tie(a.front.id, a.front.modified, a.front.digest, a.bytes) <
         std::tie(b.front.id, b.front.modified, b.front.digest, b.bytes);
}

std::vector<Item> sorted(const std::vector<std::string_view>& held) {
  std::vector<Item> items;
  items.reserve(held.size());
  for (const std::string_view record : held)
    items.push_back(item_of(record));
  std::ranges::sort(items, comes_before);
  return items;
}

}  // namespace

/// A run in memory, a run in a file, or an older index, read in the order of ids.
class RecordRuns::Source {
 public:
  explicit Source(const std::vector<std::string_view>& held) : items_(sorted(held)) {}

  explicit Source(const SpillFile& file) : frames_(FrameReader(file)) {}

  explicit Source(const Older& older) : older_(&older) {}

  Result<bool> next() {
    if (frames_) {
      TRY(const bool has_frame, frames_->next());
      if (has_frame) current_ = item_of(frames_->frame());
      return has_frame;
    }
    if (older_ != nullptr) {
      TRY(const auto record, (*older_)());
      if (record) current_ = item_of(*record);
      return record.has_value();
    }
    if (at_ == items_.size()) return false;
    current_ = std::move(items_[at_++]);
    return true;
  }

  bool is_before(const Source& other) const { return comes_before(current_, other.current_); }

  const Item& current() const { return current_; }

 private:
  Item current_;
  std::optional<FrameReader> frames_;
  const Older* older_ = nullptr;
  std::vector<Item> items_;
  std::size_t at_ = 0;
};

Result<> RecordRuns::hold(std::string_view record) {
  constexpr std::size_t block_bytes = std::size_t{1} << 20U;
  if (runs_.empty() || runs_.back().file) runs_.emplace_back();
  Run& run = runs_.back();
  if (run.blocks.empty() ||
      run.blocks.back().capacity() - run.blocks.back().size() < record.size()) {
    run.blocks.emplace_back().reserve(std::max(block_bytes, record.size()));
  }
  std::string& block = run.blocks.back();
  block += record;
  run.held.push_back(std::string_view(block).substr(block.size() - record.size()));
  held_bytes_ += record.size();
  if (held_bytes_ < memory_ || folder_.empty()) return {};
  for (Run& one : runs_)
    if (!one.file) TRY_VOID(spill(one));
  held_bytes_ = 0;
  return {};
}

Result<> RecordRuns::spill(Run& run) {
  TRY(run.file, SpillFile::create(folder_));
  for (const Item& item : sorted(run.held))
    TRY_VOID(append_frame(*run.file, item.bytes));
  TRY_VOID(run.file->flush());
  run.held = {};
  run.blocks.clear();
  return {};
}

std::size_t RecordRuns::mark() {
  if (!runs_.empty() && !runs_.back().held.empty()) runs_.emplace_back();
  return runs_.empty() ? 0 : runs_.size() - (runs_.back().file ? 0 : 1);
}

void RecordRuns::back_to(std::size_t mark) {
  LS_CHECK(mark <= runs_.size(), "a mark is of these runs");
  runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(mark), runs_.end());
}

Result<> RecordRuns::walk(const Older& older, const Visit& visit) {
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<Source>(older));
  for (Run& run : runs_) {
    // What is in memory while others are in files would come on top of the tables that follow.
    const bool has_spilled =
        std::ranges::any_of(runs_, [](const Run& one) { return one.file.has_value(); });
    if (has_spilled && !run.file) TRY_VOID(spill(run));
    sources.push_back(run.file ? std::make_unique<Source>(*run.file)
                               : std::make_unique<Source>(run.held));
  }
  Merge<Source> merged(std::move(sources));
  // The last of the records with one id stays; it is known when another id comes.
  std::string bytes;
  Item last;
  while (true) {
    TRY(const Source* const source, merged.next());
    if (source == nullptr) return bytes.empty() ? Result<>() : visit(last.bytes, last.front);
    const Item& item = source->current();
    if (!bytes.empty() && last.front.id != item.front.id) TRY_VOID(visit(last.bytes, last.front));
    bytes = item.bytes;
    last = item_of(bytes);
  }
}

}  // namespace lockstep::advisories
