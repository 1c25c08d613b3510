// SPDX-License-Identifier: Apache-2.0
#include "advisories/package_runs.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <tuple>

#include "advisories/bytes.hpp"
#include "advisories/merge.hpp"
#include "base/check.hpp"
#include "base/sort.hpp"

namespace lockstep::advisories {

namespace {

/// By value: the entries compared may be temporaries.
std::tuple<std::uint64_t, std::string_view, std::string_view, Posting> key(
    const PackageEntry& entry) {
  return {entry.hash, entry.ecosystem, entry.name, entry.posting};
}

std::string frame_of(const PackageEntry& entry) {
  std::string frame;
  put_u64(frame, entry.hash);
  put_u32(frame, entry.posting.record);
  put_u32(frame, entry.posting.offset);
  put_text(frame, entry.ecosystem);
  put_text(frame, entry.name);
  return frame;
}

PackageEntry entry_of_frame(std::string_view frame) {
  PackageEntry entry;
  entry.hash = u64_at(frame, 0);
  entry.posting = {u32_at(frame, 8), u32_at(frame, 12)};
  BlobReader texts(frame.substr(16));
  entry.ecosystem = texts.text();
  entry.name = texts.text();
  return entry;
}

}  // namespace

PackageEntry PackageRuns::entry_of(const Item& item, std::string_view texts) {
  BlobReader text(texts.substr(item.text));
  PackageEntry entry;
  entry.hash = item.hash;
  entry.ecosystem = text.text();
  entry.name = text.text();
  entry.posting = item.posting;
  return entry;
}

/// The entries in memory, or a run in a file.
class PackageRuns::Source {
 public:
  Source(std::span<const Item> items, std::string_view texts) : items_(items), texts_(texts) {}

  explicit Source(const SpillFile& file) : frames_(FrameReader(file)) {}

  Result<bool> next() {
    if (frames_) {
      TRY(const bool has_frame, frames_->next());
      if (has_frame) current_ = entry_of_frame(frames_->frame());
      return has_frame;
    }
    if (items_.empty()) return false;
    current_ = entry_of(items_.front(), texts_);
    items_ = items_.subspan(1);
    return true;
  }

  bool is_before(const Source& other) const { return key(current_) < key(other.current_); }

  const PackageEntry& current() const { return current_; }

 private:
  PackageEntry current_;
  std::optional<FrameReader> frames_;
  std::span<const Item> items_;
  std::string_view texts_;
};

Result<> PackageRuns::hold(const PackageEntry& entry) {
  items_.push_back({entry.hash, entry.posting, static_cast<std::uint32_t>(texts_.size())});
  put_text(texts_, entry.ecosystem);
  put_text(texts_, entry.name);
  LS_CHECK(texts_.size() <= 0xffffffffU, "names over 4 GiB need a folder to spill to");
  const bool is_full = items_.size() * sizeof(Item) + texts_.size() > memory_;
  return is_full && !folder_.empty() ? spill() : Result<>();
}

/// SPEED: by the hash first, which needs no branches; the postings differ only within a package,
/// and the texts only where two packages share a hash, so they are compared only there.
void PackageRuns::sort() {
  sort_by_number(items_, &Item::hash);
  const auto names = [this](const Item& item) {
    const PackageEntry entry = entry_of(item, texts_);
    return std::pair(entry.ecosystem, entry.name);
  };
  for (std::size_t first = 0; first < items_.size();) {
    std::size_t last = first + 1;
    bool is_one_package = true;
    for (; last < items_.size() && items_[last].hash == items_[first].hash; ++last)
      is_one_package = is_one_package && names(items_[last]) == names(items_[first]);
    const auto group = std::span(items_).subspan(first, last - first);
    if (is_one_package) {
      std::ranges::sort(group, {}, &Item::posting);
    } else {
      std::ranges::sort(group, [this](const Item& a, const Item& b) {
        return key(entry_of(a, texts_)) < key(entry_of(b, texts_));
      });
    }
    first = last;
  }
}

Result<> PackageRuns::spill() {
  sort();
  TRY(SpillFile file, SpillFile::create(folder_));
  for (const Item& item : items_)
    TRY_VOID(append_frame(file, frame_of(entry_of(item, texts_))));
  TRY_VOID(file.flush());
  files_.push_back(std::move(file));
  items_.clear();
  texts_.clear();
  return {};
}

Result<> PackageRuns::walk(const std::function<Result<>(const PackageEntry&)>& visit) {
  sort();
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<Source>(items_, texts_));
  for (const SpillFile& file : files_)
    sources.push_back(std::make_unique<Source>(file));
  Merge<Source> merged(std::move(sources));
  while (true) {
    TRY(const Source* const source, merged.next());
    if (source == nullptr) return {};
    TRY_VOID(visit(source->current()));
  }
}

}  // namespace lockstep::advisories
