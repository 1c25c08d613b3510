// SPDX-License-Identifier: Apache-2.0
#include "advisories/record_runs.hpp"

#include <algorithm>
#include <memory>
#include <tuple>

#include "advisories/merge.hpp"
#include "base/check.hpp"
#include "base/sort.hpp"

namespace lockstep::advisories {

namespace {

RecordFront front_of(std::string_view record) {
  const auto front = decode_front(record);
  LS_CHECK(front.has_value(), "the builder cannot read its own record");
  return *front;
}

/// The first eight bytes of the id as a number: of two that differ, the smaller id has the smaller.
std::uint64_t start_of(std::string_view record) {
  const std::string_view id = decode_id(record);
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < 8; ++i)
    start = (start << 8U) | (i < id.size() ? static_cast<unsigned char>(id[i]) : 0U);
  return start;
}

}  // namespace

bool is_later_edition(std::string_view record, std::string_view than) {
  const RecordFront a = front_of(than);
  const RecordFront b = front_of(record);
  return std::tie(a.modified, a.digest, than) < std::tie(b.modified, b.digest, record);
}

/// A run in memory or in a file, read in the order of ids, then of editions.
class RecordRuns::Source {
 public:
  explicit Source(const std::vector<Held>& held) : held_(&held) {}

  explicit Source(const SpillFile& file) : frames_(FrameReader(file)) {}

  Result<bool> next() {
    if (frames_) {
      TRY(const bool has_frame, frames_->next());
      if (has_frame) current_ = frames_->frame();
      return has_frame;
    }
    if (at_ == held_->size()) return false;
    current_ = (*held_)[at_++].record;
    return true;
  }

  bool is_before(const Source& other) const {
    const std::string_view a = decode_id(current_);
    const std::string_view b = decode_id(other.current_);
    return a != b ? a < b : is_later_edition(other.current_, current_);
  }

  std::string_view current() const { return current_; }

  /// Whether the present record stays where it is when the source goes on.
  bool is_in_memory() const { return held_ != nullptr; }

 private:
  std::string_view current_;
  std::optional<FrameReader> frames_;
  const std::vector<Held>* held_ = nullptr;
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
  const std::string_view kept = std::string_view(block).substr(block.size() - record.size());
  run.held.push_back({start_of(kept), kept});
  held_bytes_ += record.size();
  if (held_bytes_ < memory_ || folder_.empty()) return {};
  for (Run& one : runs_)
    if (!one.file) TRY_VOID(spill(one));
  held_bytes_ = 0;
  return {};
}

/// SPEED: archives hold their records in the order of ids, or nearly, and this sort merges what is
/// in order.
void RecordRuns::sort(std::vector<Held>& held) {
  sort_runs(held, [](const Held& a, const Held& b) {
    if (a.start != b.start) return a.start < b.start;
    const std::string_view a_id = decode_id(a.record);
    const std::string_view b_id = decode_id(b.record);
    return a_id != b_id ? a_id < b_id : is_later_edition(b.record, a.record);
  });
}

Result<> RecordRuns::spill(Run& run) {
  TRY(run.file, SpillFile::create(folder_));
  sort(run.held);
  for (const Held& one : run.held)
    TRY_VOID(append_frame(*run.file, one.record));
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

Result<> RecordRuns::walk(const Visit& visit) {
  const bool has_spilled =
      std::ranges::any_of(runs_, [](const Run& one) { return one.file.has_value(); });
  std::vector<std::unique_ptr<Source>> sources;
  for (Run& run : runs_) {
    // What is in memory while others are in files would come on top of the tables that follow.
    if (has_spilled && !run.file) TRY_VOID(spill(run));
    if (!run.file) sort(run.held);
    sources.push_back(run.file ? std::make_unique<Source>(*run.file)
                               : std::make_unique<Source>(run.held));
  }
  Merge<Source> merged(std::move(sources));
  // The last of the records with one id stays; it is known when another id comes.
  std::string copy;
  std::string_view last;
  while (true) {
    TRY(const Source* const source, merged.next());
    if (source == nullptr) return last.empty() ? Result<>() : visit(last);
    const std::string_view record = source->current();
    if (!last.empty() && decode_id(last) != decode_id(record)) TRY_VOID(visit(last));
    if (!source->is_in_memory()) copy = record;
    last = source->is_in_memory() ? record : std::string_view(copy);
  }
}

}  // namespace lockstep::advisories
